# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernels that people run: for real machines, with PREEMPT_RT, older and newer ones, each as source and as target."""

from __future__ import annotations

from itertools import pairwise

import debian
import pytest
import rootfs
from chain import Chain, Jump, assert_recorded
from conftest import StartVM
from machine import Hardware

pytestmark = [pytest.mark.full]

#: From one version to the next and back, so that each is left for an older one and for a newer one.
ROAD = ("5.10-full", "6.1-full", "6.1-rt", "6.12-full", "6.12-rt", "7.2-full")
WALK = [
    (source, Jump(target, call, f"walk={call.lstrip('-')}{number}"))
    for call in ("-c", "-s")
    for number, (source, target) in enumerate(pairwise((*ROAD, *reversed(ROAD[:-1]))))
]


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """One machine for all of them."""
    try:
        tree = rootfs.full(rootfs.tool_under_test(), ROAD)
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    return Chain(start_vm(ROAD[0], Hardware(memory="2G"), tree))


@pytest.mark.parametrize(
    ("source", "link"), WALK, ids=[f"{source}-{link.target}{link.options}-{link.append}" for source, link in WALK]
)
def test_jump(chain: Chain, source: str, link: Jump) -> None:
    """The second kernel is the one named, with our command line and our initrd."""
    chain.require_kernel(source)
    chain.jump(link)
    if "-c" in link.options and rootfs.is_ours(rootfs.tool_under_test()):
        assert_recorded(chain, link.target, ("crc32c", "sha256"))
