# SPDX-License-Identifier: LGPL-2.1-or-later
"""A chain of jumps in one machine, of which each link is a test of its own.

A first boot costs as much as a jump, and a chain proves more than its links do: whatever a
jump spoils in memory or firmware is there for the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import packages
from machine import VM, GuestError, Up


@dataclass(frozen=True)
class Jump:
    """One link: to which kernel, with which options, and words for its command line."""

    target: str
    options: str = ""
    append: str = ""


class Chain:
    """A machine on its way through a list of jumps, whose tests run in order."""

    def __init__(self, vm: VM) -> None:
        self.vm = vm
        self.up: Up | None = None
        self.broken_by: str | None = None

    def jump(self, link: Jump) -> None:
        """Jumps, and compares what the new kernel's init says with what was asked for."""
        if self.broken_by:
            pytest.fail(f"not run: the machine did not survive the jump before ({self.broken_by})")
        try:
            before = self.up or self.vm.boot()
            nonce = self.vm.load(link.options, link.target, append=link.append)
            self.up = self.vm.execute()
        except GuestError:
            self.broken_by = str(link)
            raise
        assert_arrived(self.up, link, nonce, before.boot + 1)

    def require_kernel(self, version: str) -> None:
        """Gets the machine to @version first, where a test is run alone or after a failure."""
        if self.up is None and not self.broken_by:
            self.vm.kernel = version


def assert_arrived(up: Up, link: Jump, nonce: str, boot: int) -> None:
    """@up is the kernel that @link leads to, with our command line and our initrd."""
    assert up.uname == packages.kernel_release(link.target)
    assert up.nonce == nonce, "the initrd is not the one that was given"
    assert up.boot == boot
    words = up.cmdline.split()
    assert "console=ttyS0" in words
    for word in link.append.split():
        assert word in words
