# SPDX-License-Identifier: LGPL-2.1-or-later
"""loong64: Debian's kernel is an EFI program that unpacks itself, which nobody does at a jump."""

from __future__ import annotations

import struct
import subprocess

import cpus
import packages
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware
from platforms import LOONG64

KERNEL = "7.2-loong64"
MACHINE = Hardware(platform=LOONG64, memory="2G")

#: The kernel without what unpacks it; it asks for more memory than there is in one piece where it was linked.
LARGER, LARGER_SIZE = "/boot/larger", 240 << 20

#: Where a zboot image says where its payload begins and how long it is; where a kernel says how much memory it needs.
ZBOOT_PAYLOAD, KERNEL_MEMORY = 8, 16


def larger() -> bytes:
    """Debian's kernel, as one that needs more memory."""
    packed = packages.kernel(KERNEL).read_bytes()
    start, size = struct.unpack_from("<II", packed, ZBOOT_PAYLOAD)
    command = ["zstd", "--decompress", "--stdout"]
    kernel = subprocess.run(command, input=packed[start : start + size], capture_output=True, check=True).stdout
    image = bytearray(kernel)
    struct.pack_into("<Q", image, KERNEL_MEMORY, LARGER_SIZE)
    return bytes(image)


@pytest.fixture(scope="module")
def there(start_vm: StartVM) -> Chain:
    """One CPU under UEFI."""
    tool = rootfs.tool_under_test(LOONG64)
    extra = {**rootfs.program(cpus.SAUT, tool.parent / "saut", LOONG64), LARGER.lstrip("/"): larger()}
    return cpus.chain(start_vm, (KERNEL,), MACHINE, extra)


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_jump(there: Chain, step: int) -> None:
    """The next kernel finds the firmware's tables by what it was entered with."""
    cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
    assert there.vm.check("ls /sys/firmware/acpi/tables").split()
    cpus.assert_reported(there.vm)


@pytest.mark.full
def test_larger_kernel(there: Chain) -> None:
    """It does not fit in where it was linked, moves itself, and from there the next one goes back."""
    cpus.jump(there, Jump(KERNEL, "-c", "larger=1", LARGER))
    ((start, _),) = cpus.memory(there.vm, "Kernel code")
    assert start > LARGER_SIZE
    cpus.jump(there, Jump(KERNEL, "-c", "larger=2"))


@pytest.mark.full
def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(LOONG64, KERNEL, MACHINE)
