# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of crash kernels share: memory to recognise, and the head of the dead one's memory."""

from __future__ import annotations

import base64
import re

import vmcore
from machine import VM

#: What a page of a process is filled with.
WORD = "the-dead-kernel-had-this-"

#: Where a test packs the initrd of the crash kernel.
INITRD = "/run/crash.cpio"


def hold(vm: VM) -> int:
    """A page of a process is filled with WORD; where it lies."""
    vm.check(f"stamp hold {WORD} >/run/held &")
    return int(vm.check("while ! [ -s /run/held ]; do usleep 10000; done; cat /run/held"), 16)


def core(vm: VM, size: int = vmcore.HEAD) -> vmcore.VMCore:
    """The head of /proc/vmcore, of so many bytes."""
    text = vm.check(f"dd if=/proc/vmcore bs={size} count=1 2>/dev/null | base64")
    return vmcore.parse(base64.b64decode(text))


def check_held(vm: VM, dead: vmcore.VMCore, held: int) -> None:
    """The page of the process is found by its physical address."""
    at = dead.offset_of(held)
    assert at % 4096 == 0
    page = vm.check(f"dd if=/proc/vmcore bs=4096 skip={at // 4096} count=1 2>/dev/null")
    assert page == (WORD * 4096)[:4096]


def lines_of(log: str) -> list[str]:
    """
    Without the blanks that makedumpfile puts before the further lines of a record, records of no text, and the task or CPU
    that newer ones tell behind the time.
    """
    lines = (re.sub(r"^(\[ *[0-9.]+\]) \[ *[TC][0-9]+\]", r"\1", line) for line in log.splitlines())
    return [line.strip() for line in lines if not re.fullmatch(r"(\[ *[0-9.]+\])?\s*", line)]
