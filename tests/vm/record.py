# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the code between the two kernels measured, as the second kernel's guest reads it.

The layout is struct stub_record of src/stub/abi.h; guest/stub-record finds and prints it.
"""

from __future__ import annotations

from dataclasses import dataclass

from machine import VM, GuestError


@dataclass(frozen=True)
class StubRecord:
    """Ticks of the time-stamp counter, and how much was verified how."""

    loaded: int
    entered: int
    verified: int
    left: int
    bytes: int
    check: str


#: Where the first half of the last number, which is two of 32 bits, is its upper one.
BIG_ENDIAN = ("s390x",)

#: enum stub_check.
CHECKS = {0: "none", 1: "sha256", 2: "crc32c"}


def read_record(vm: VM) -> StubRecord | None:
    """The record of the last jump; None where the loader left none."""
    reply = vm.run("stub-record")
    if reply.rc != 0:
        return None
    try:
        _, loaded, entered, verified, left, size, check = map(int, reply.stdout.split())
    except ValueError:
        raise GuestError(f"the stub's record is not seven numbers:\n{reply.stdout}") from None
    if vm.hardware.platform.cpu in BIG_ENDIAN:
        check >>= 32
    kind = CHECKS.get(check & 0xFFFFFFFF, f"unknown ({check:#x})")
    return StubRecord(loaded, entered, verified, left, size, kind)
