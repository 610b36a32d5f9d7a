# SPDX-License-Identifier: LGPL-2.1-or-later
"""Jumps between real kernels, by both system calls."""

from __future__ import annotations

import pytest
import rootfs
from chain import Chain, Jump, assert_recorded
from conftest import StartVM

# Every pair of kernels by every system call, in an order that is one walk; the kernel that a
# jump starts from is where the one before it arrived.
WALK = [
    ("6.1", Jump("6.12", "-c", "walk=1")),
    ("6.12", Jump("6.1", "-c", "walk=2")),
    ("6.1", Jump("6.12", "-s", "walk=3")),
    ("6.12", Jump("6.12", "-c", "walk=4")),
    ("6.12", Jump("6.12", "-s", "walk=5")),
    ("6.12", Jump("6.1", "-s", "walk=6")),
]


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """One machine for all the jumps of this file."""
    return Chain(start_vm(WALK[0][0]))


@pytest.mark.parametrize(
    ("source", "link"), WALK, ids=[f"{source}-{link.target}{link.options}" for source, link in WALK]
)
def test_jump(chain: Chain, source: str, link: Jump) -> None:
    """The second kernel is the one named, with our command line and our initrd."""
    chain.require_kernel(source)
    chain.jump(link)
    if "-c" in link.options and rootfs.is_ours(rootfs.tool_under_test()):
        assert_recorded(chain, link.target, ("crc32c", "sha256"))
