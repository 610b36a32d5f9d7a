# SPDX-License-Identifier: LGPL-2.1-or-later
"""The unstable suite's kernel: newer than those that everything else is tried with.

It is on either side of a jump, and on both.  Where the suite is out of reach, or has moved on
to another kernel, the tests are skipped and say so.
"""

from __future__ import annotations

import packages
import pytest
import rootfs
import sid
from chain import Chain, Jump, assert_recorded
from conftest import StartVM

NEW, OLD = "7.2", "6.12"

WALK = [
    (OLD, Jump(NEW, "", "walk=1")),
    (NEW, Jump(NEW, "", "walk=2")),
    (NEW, Jump(OLD, "", "walk=3")),
    (OLD, Jump(NEW, "-s", "walk=4 cma=256M")),
    # Where there is contiguous memory, this kernel would load into it, and the next one lose its initrd.
    (NEW, Jump(NEW, "-s", "walk=5")),
    (NEW, Jump(OLD, "-s", "walk=6")),
]
QUICK = 2


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """One machine for all the jumps of this file."""
    try:
        packages.kernel(NEW)
    except sid.Unreachable as reason:
        pytest.skip(str(reason))
    return Chain(start_vm(OLD, tree=rootfs.full(rootfs.tool_under_test(), (OLD, NEW))))


@pytest.mark.parametrize(
    ("source", "link"),
    [
        pytest.param(
            *step,
            id=f"{step[0]}-{step[1].target}{step[1].options}",
            marks=() if place < QUICK else pytest.mark.full,
        )
        for place, step in enumerate(WALK)
    ],
)
def test_jump(chain: Chain, source: str, link: Jump) -> None:
    """The second kernel is the one named, with our command line and our initrd."""
    chain.require_kernel(source)
    chain.jump(link)
    if not link.options and rootfs.is_ours(rootfs.tool_under_test()):
        assert_recorded(chain, link.target, ("crc32c", "sha256"))
