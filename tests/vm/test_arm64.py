# SPDX-License-Identifier: LGPL-2.1-or-later
"""arm64: device trees and ACPI, both interrupt controllers, several CPUs, memory above 4 GiB.

With a GICv3 the first kernel leaves tables in memory that the controller keeps writing to and that
nothing but its log names: a loader that does not keep off them ruins the next kernel, or the one
after that.
"""

from __future__ import annotations

import re

import cpus
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import VM, Hardware
from platforms import ARM64

OLD, NEW = "6.1-arm64", "7.2-arm64"
GIC2 = Hardware(platform=ARM64)
GIC3 = Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=4)
UEFI = Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=2, uefi=True)
BIG = Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=4, memory="6G")

TREE = "/files/board.dtb"

#: The size of an LPI property or pending table that the kernel allocates.
TABLE = 64 << 10


@pytest.fixture(scope="module")
def gic2(start_vm: StartVM, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """One CPU, GICv2; a guest with a device tree to load."""
    tree = cpus.another_board(GIC2, tmp_path_factory.mktemp("tree") / "board.dtb")
    return cpus.chain(start_vm, (OLD,), GIC2, {TREE.lstrip("/"): tree})


@pytest.fixture(scope="module")
def gic3(start_vm: StartVM) -> Chain:
    """Four CPUs, GICv3, no EFI."""
    return cpus.chain(start_vm, (OLD,), GIC3)


@pytest.fixture(scope="module")
def uefi(start_vm: StartVM) -> Chain:
    """EFI firmware and ACPI: no device tree but the one that the EFI stub made up."""
    return cpus.chain(start_vm, (OLD,), UEFI)


def lpi_tables(vm: VM) -> list[tuple[int, int]]:
    """Where the interrupt controller's tables lie, as this kernel or one before allocated them."""
    log = vm.check("dmesg | grep GICv3")
    found = re.findall(r"LPI (?:property|pending) table @(0x[0-9a-f]+)", log)
    return [(int(at, 16), int(at, 16) + TABLE) for at in found]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the two have a byte in common."""
    return one[0] < other[1] and other[0] < one[1]


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_gic2(gic2: Chain, step: int) -> None:
    """The simplest machine."""
    cpus.jump(gic2, Jump(OLD, "-c", f"step={step}"))


def test_same_line_by_either_call(gic2: Chain) -> None:
    """--reuse-cmdline, and -a where the kernel has but one of the two calls."""
    before = gic2.running()
    gic2.vm.check("pack-initrd /run/next.cpio reused")
    command = f"{rootfs.TOOL} -a -l {rootfs.kernel_path(OLD)} --initrd=/run/next.cpio"
    up = gic2.jump_by(lambda: gic2.vm.check(f"{command} --reuse-cmdline"))
    assert (up.nonce, up.cmdline) == ("reused", before.cmdline)


def test_another_device_tree(gic2: Chain) -> None:
    """--dtb: the next kernel runs on the board that the file says, completed from this machine."""
    cpus.jump(gic2, Jump(OLD, f"-c --dtb={TREE} --serial=ttyAMA0", "board=ours"))
    compatible = gic2.vm.check("tr '\\0' '\\n' </proc/device-tree/compatible")
    assert compatible.split() == [cpus.OUR_BOARD.decode()]


@pytest.mark.parametrize("step", [1, 2, 3])
def test_gic3_chain(gic3: Chain, step: int) -> None:
    """The tables of the first kernel are still in use under the fourth, and nobody lies on them."""
    gic3.running()
    tables = lpi_tables(gic3.vm)
    assert len(tables) >= 1 + GIC3.cpus
    cpus.jump(gic3, Jump(OLD, "-c", f"step={step}"))
    taken = cpus.memory(gic3.vm, "Kernel code|Kernel data")
    assert taken and not any(overlap(table, one) for table in tables for one in taken)
    assert set(lpi_tables(gic3.vm)) == set(tables)
    assert gic3.vm.check("grep -c ^processor /proc/cpuinfo") == f"{GIC3.cpus}\n"


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_uefi(uefi: Chain, step: int) -> None:
    """The next kernel finds firmware and ACPI by what /chosen says."""
    cpus.jump(uefi, Jump(OLD, "-c", f"step={step}"), record=False)
    assert "ACPI" in uefi.vm.check("dmesg | grep 'ACPI: RSDP'")
    assert uefi.vm.check("ls /sys/firmware/acpi/tables").split()
    assert "ACPI20=0x" in uefi.vm.check("cat /sys/firmware/efi/systab")
    assert uefi.vm.check("grep -c ^processor /proc/cpuinfo") == f"{UEFI.cpus}\n"


@pytest.mark.full
def test_newer_kernel(start_vm: StartVM) -> None:
    """Debian's unstable kernel, from the old one, to itself, and back."""
    there = cpus.chain(start_vm, (OLD, NEW), GIC3)
    for step, target in enumerate((NEW, NEW, OLD)):
        cpus.jump(there, Jump(target, "-c", f"step={step}"))


@pytest.mark.full
def test_six_gib(start_vm: StartVM) -> None:
    """All of the memory is known to the next kernel, and to the one after."""
    there = cpus.chain(start_vm, (OLD,), BIG)
    for step in (1, 2):
        cpus.jump(there, Jump(OLD, "-c", f"step={step}"))
    assert cpus.total_memory(there.vm) > 5 << 30


def test_damage() -> None:
    """The check runs with caches on, and finds what it is there for."""
    cpus.damage_is_found(ARM64, OLD, GIC2)
