# SPDX-License-Identifier: LGPL-2.1-or-later
"""Machines that ask for more than the smallest one: memory above 4 GiB, UEFI, old chipsets."""

from __future__ import annotations

from collections.abc import Iterator

import packages
import pytest
import rootfs
from machine import VM, Hardware, default_tree

GIB = 1 << 30

#: An EFI variable of our own, in efivarfs' form: attributes (kept at run time), then the value.
VARIABLE = "/sys/firmware/efi/efivars/SautJump-53415554-0000-4000-8000-000000000001"
ATTRIBUTES = r"\006\000\000\000"


@pytest.mark.parametrize("call", ["-c", "-s"])
def test_five_gib(call: str) -> None:
    """Memory on both sides of the hole below 4 GiB: the second kernel knows all of it."""
    with VM("6.12", Hardware(memory="5G")) as vm:
        vm.boot()
        before = total_memory(vm)
        assert before > 4 * GIB
        nonce = vm.load(call, "6.12")
        assert vm.execute().nonce == nonce
        assert_same_memory(total_memory(vm), before)


def test_load_above_four_gib() -> None:
    """--mem-min=4G: kernel, initrd and the stub between them run above 4 GiB."""
    with VM("6.12", Hardware(memory="5G")) as vm:
        vm.boot()
        nonce = vm.load("-c --mem-min=0x100000000", "6.12")
        up = vm.execute()
        assert up.nonce == nonce
        # Where the initrd was is known to the second kernel only through our boot_params.
        if rootfs.is_ours(rootfs.tool_under_test()):
            assert initrd_address(vm) >= 4 * GIB


@pytest.mark.parametrize("call", ["-c", "-s"])
def test_old_chipset(call: str) -> None:
    """QEMU's "pc": another memory map, another bus."""
    with VM("6.1", Hardware(machine="pc")) as vm:
        vm.boot()
        nonce = vm.load(call, "6.12")
        assert vm.execute().nonce == nonce


@pytest.mark.full
@pytest.mark.parametrize("call", ["-c", "-s"])
def test_two_cpus(call: str) -> None:
    """The second CPU, stopped for the jump, is started again by the second kernel."""
    with VM("6.12", Hardware(cpus=2)) as vm:
        vm.boot()
        nonce = vm.load(call, "6.12")
        assert vm.execute().nonce == nonce
        assert vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"


@pytest.fixture
def efi_vm() -> Iterator[VM]:
    """A UEFI machine whose guest can read EFI variables, under each kernel."""
    tree = default_tree() | rootfs.modules("efivarfs", tuple(packages.KERNELS))
    with VM("6.12", Hardware(memory="5G", uefi=True), tree) as vm:
        vm.boot()
        yield vm


@pytest.mark.parametrize("call", ["-c", "-s"])
@pytest.mark.parametrize("target", ["6.12", "6.1"])
def test_uefi(efi_vm: VM, target: str, call: str) -> None:
    """The second kernel finds the firmware's tables, and its services still answer."""
    vm = efi_vm
    before = total_memory(vm)
    mount_variables(vm)
    vm.check(f"printf '{ATTRIBUTES}saut' >{VARIABLE}")

    nonce = vm.load(call, target)
    assert vm.execute().nonce == nonce

    assert "ACPI20=0x" in vm.check("cat /sys/firmware/efi/systab")
    assert "ACPI: RSDP 0x" in vm.check("dmesg")
    assert vm.check("ls /sys/firmware/efi/runtime-map") != ""
    mount_variables(vm)
    assert vm.check(f"tail -c 4 {VARIABLE}") == "saut", "the firmware's services must answer"
    assert_same_memory(total_memory(vm), before)


def mount_variables(vm: VM) -> None:
    """Makes EFI variables readable under the running kernel."""
    vm.check("insmod /modules/$(uname -r)/efivarfs.ko")
    vm.check("mount -t efivarfs efivarfs /sys/firmware/efi/efivars")


def total_memory(vm: VM) -> int:
    """Bytes of RAM in the memory map that the running kernel was given."""
    total = 0
    for line in vm.check("grep ': System RAM' /proc/iomem").splitlines():
        first, last = line.split(" : ")[0].strip().split("-")
        total += int(last, 16) - int(first, 16) + 1
    return total


def assert_same_memory(after: int, before: int) -> None:
    """No memory got lost on the way, but for crumbs that a loader may round off."""
    assert abs(after - before) < 16 << 20, f"{before >> 20} MiB before, {after >> 20} MiB after"


def initrd_address(vm: VM) -> int:
    """Where the loader put the running kernel's initrd, out of its boot_params."""
    low = int(vm.check("od -A n -t u4 -j $((0x218)) -N 4 /sys/kernel/boot_params/data"))
    high = int(vm.check("od -A n -t u4 -j $((0xc0)) -N 4 /sys/kernel/boot_params/data"))
    return high << 32 | low
