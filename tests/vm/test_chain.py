# SPDX-License-Identifier: LGPL-2.1-or-later
"""Jumps without the check of the loaded bytes, one after the other."""

from __future__ import annotations

import pytest
import rootfs
from chain import Chain, Jump, assert_recorded
from conftest import StartVM

LINKS = [
    Jump("6.12", "-c --no-checks", "link=1"),
    Jump("6.12", "-c --no-checks", "link=2"),
    Jump("6.1", "-c --no-checks", "link=3"),
]


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """One machine for all links."""
    return Chain(start_vm("6.1"))


@pytest.mark.parametrize("link", LINKS, ids=["first", "second", "third"])
def test_without_checks(chain: Chain, link: Jump) -> None:
    """--no-checks leaves out work, not safety: the third jump arrives like the first."""
    chain.jump(link)
    if rootfs.is_ours(rootfs.tool_under_test()):
        assert_recorded(chain, link.target, ("none",))
