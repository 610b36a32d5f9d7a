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


def test_words_of_ours_are_not_inherited(chain: Chain) -> None:
    """What --tune added is for one kernel; what was appended is there once, however often."""
    tuned = chain.jump_by(lambda: chain.vm.load("-c --tune", append="quiet ours=1"))
    assert "saut.words=1 cryptomgr.notests" in tuned.cmdline
    kernel = rootfs.kernel_path("6.12")

    def load_again() -> None:
        chain.vm.check("pack-initrd /run/next.cpio again")
        said = chain.vm.run(
            f"{rootfs.TOOL} -c -d -l {kernel} --initrd=/run/next.cpio --reuse-cmdline --append=ours=1 --tune=same"
        )
        assert said.rc == 0, said
        # The same build it is, but one that was not tested in this boot.
        assert "cryptomgr.notests is not added" in said.stderr, said
        assert "has not tested its ciphers either" in said.stderr, said

    again = chain.jump_by(load_again)
    words = again.cmdline.split()
    assert "cryptomgr.notests" not in words
    assert not [word for word in words if word.startswith("saut.words")]
    assert words.count("ours=1") == 1


def test_ciphers_that_passed_are_not_tested_again(chain: Chain) -> None:
    """By --tune=same, where the next kernel is the running build; another one tests them."""
    chain.require_kernel("6.12")
    vm = chain.vm
    other = vm.run(f"{rootfs.TOOL} -c -d -l {rootfs.kernel_path('6.1')} --reuse-cmdline --tune=same")
    assert other.rc == 0 and "cryptomgr.notests is not added to the command line: it is Linux 6.1." in other.stderr, other
    up = chain.jump_by(lambda: vm.load("-c --tune=same", "6.12"))
    assert "saut.words=1 cryptomgr.notests" in up.cmdline
    assert "alg: self-tests disabled" in vm.check("dmesg")
