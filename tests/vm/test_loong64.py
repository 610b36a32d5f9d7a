# SPDX-License-Identifier: LGPL-2.1-or-later
"""loong64: Debian's kernel is an EFI program that unpacks itself, which nobody does at a jump."""

from __future__ import annotations

import cpus
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware
from platforms import LOONG64

KERNEL = "7.2-loong64"
MACHINE = Hardware(platform=LOONG64, memory="2G")


@pytest.fixture(scope="module")
def there(start_vm: StartVM) -> Chain:
    """One CPU under UEFI."""
    tool = rootfs.tool_under_test(LOONG64)
    return cpus.chain(start_vm, (KERNEL,), MACHINE, rootfs.program(cpus.SAUT, tool.parent / "saut", LOONG64))


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_jump(there: Chain, step: int) -> None:
    """The next kernel finds the firmware's tables by what it was entered with."""
    cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
    assert there.vm.check("ls /sys/firmware/acpi/tables").split()
    cpus.assert_reported(there.vm)


@pytest.mark.full
def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(LOONG64, KERNEL, MACHINE)
