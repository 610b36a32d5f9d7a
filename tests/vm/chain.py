# SPDX-License-Identifier: LGPL-2.1-or-later
"""A chain of jumps in one machine, of which each link is a test of its own.

A first boot costs as much as a jump, and a chain proves more than its links do: whatever a
jump spoils in memory or firmware is there for the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import packages
import pytest
import rootfs
from machine import VM, GuestError, GuestHang, GuestReset, Up
from record import read_record

#: How a loaded kernel is jumped to.
EXECUTE = f"{rootfs.TOOL} -e"


@dataclass(frozen=True)
class Jump:
    """One link: to which kernel, with which options, and words for its command line."""

    target: str
    options: str = ""
    append: str = ""
    #: The kernel's file in the guest, where it is not the plain one of this version.
    file: str = ""


class Chain:
    """A machine on its way through a list of jumps, whose tests run in order."""

    def __init__(self, vm: VM) -> None:
        self.vm = vm
        self.up: Up | None = None
        self.broken_by: str | None = None

    def jump(self, link: Jump) -> None:
        """Jumps, and compares what the new kernel's init says with what was asked for."""
        before = self.running()
        nonce = secrets.token_hex(8)
        kernel = link.file or link.target
        up = self.jump_by(lambda: self.vm.load(link.options, kernel, nonce, link.append))
        assert_arrived(up, link, nonce, before.boot + 1)
        for word in self.vm.base_command_line.split():
            assert word in up.cmdline.split()

    def jump_by(self, load: Callable[[], object], command: str = EXECUTE) -> Up:
        """Lets @load load something, jumps to it by @command, and returns what runs then."""
        self.running()
        try:
            load()
            self.up = self.vm.execute(command)
        except (GuestHang, GuestReset) as error:
            self.broken_by = str(error).partition("\n")[0]
            raise
        return self.up

    def running(self) -> Up:
        """What runs now; switches the machine on where it is off."""
        if self.broken_by:
            pytest.fail(f"not run: the machine did not survive the jump before ({self.broken_by})")
        if self.up is None:
            try:
                self.up = self.vm.boot()
            except GuestError:
                self.broken_by = "the first boot"
                raise
        return self.up

    def require_kernel(self, version: str) -> None:
        """Sees to it that @version runs, or will: a test may be run alone, or after a failure."""
        if self.broken_by:
            return
        if self.up is None:
            self.vm.kernel = version
        elif self.up.uname != packages.kernel_release(version):
            pytest.fail(f"not run: the jump before did not lead here ({self.up.uname})")


def assert_recorded(chain: Chain, kernel: str, checks: tuple[str, ...]) -> None:
    """The running @kernel was left a record by our stub, whose times make sense."""
    record = read_record(chain.vm)
    assert record, "the stub left no record"
    assert record.check in checks
    assert record.loaded < record.entered <= record.verified <= record.left
    assert record.left < chain.running().init_tsc
    if record.check != "none":
        # The kernel's file at least: what was not verified may be damaged.
        assert record.bytes > packages.kernel(kernel).stat().st_size * 9 // 10


def assert_arrived(up: Up, link: Jump, nonce: str, boot: int) -> None:
    """@up is the kernel that @link leads to, with our command line and our initrd."""
    assert up.uname == packages.kernel_release(link.target)
    assert up.nonce == nonce, "the initrd is not the one that was given"
    assert up.boot == boot
    words = up.cmdline.split()
    for word in link.append.split():
        assert word in words
