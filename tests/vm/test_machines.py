# SPDX-License-Identifier: LGPL-2.1-or-later
"""Machines that ask for more than the smallest one: memory above 4 GiB, UEFI, old chipsets.

A machine whose map has more entries than boot_params holds cannot be had from QEMU: that one
is a unit test of boot/x86-boot-data.
"""

from __future__ import annotations

import re

import packages
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import VM, Hardware, default_tree

GIB = 1 << 30

#: EFI variables of our own, in efivarfs' form: attributes (kept, for run time), then the value.
VARIABLES = "/sys/firmware/efi/efivars"
VENDOR = "53415554-0000-4000-8000-000000000001"
ATTRIBUTES = r"\007\000\000\000"

#: Where a jump starts from, and the jump; each list is one walk through one machine.
Walk = list[tuple[str, Jump]]

FIVE_GIB: Walk = [
    ("6.12", Jump("6.12", "-c", "walk=1")),
    ("6.12", Jump("6.12", "-s", "walk=2")),
]
UEFI: Walk = [
    ("6.12", Jump("6.12", "-c", "walk=1")),
    ("6.12", Jump("6.1", "-s", "walk=2")),
    ("6.1", Jump("6.12", "-s", "walk=3")),
    ("6.12", Jump("6.1", "-c", "walk=4")),
]
OLD_CHIPSET: Walk = [
    ("6.1", Jump("6.12", "-c", "walk=1")),
    ("6.12", Jump("6.12", "-s", "walk=2")),
]
TWO_CPUS: Walk = [
    ("6.12", Jump("6.12", "-c", "walk=1")),
    ("6.12", Jump("6.12", "-s", "walk=2")),
]


def names(walk: Walk) -> list[str]:
    """What pytest calls the steps of @walk."""
    return [f"{source}-{link.target}{link.options}" for source, link in walk]


def first(walk: Walk, count: int) -> list[object]:
    """Of the steps of @walk only so many are taken where not all tests are run."""
    return [pytest.param(*one, marks=() if i < count else pytest.mark.full) for i, one in enumerate(walk)]


@pytest.fixture(scope="module")
def five_gib(start_vm: StartVM) -> Chain:
    """Memory on both sides of the hole below 4 GiB."""
    return Chain(start_vm("6.12", Hardware(memory="5G")))


@pytest.fixture(scope="module")
def uefi(start_vm: StartVM) -> Chain:
    """UEFI firmware, and guests that can read its variables under each kernel."""
    tree = default_tree() | rootfs.modules("efivarfs", tuple(packages.KERNELS))
    return Chain(start_vm("6.12", Hardware(memory="5G", uefi=True), tree))


@pytest.fixture(scope="module")
def old_chipset(start_vm: StartVM) -> Chain:
    """QEMU's "pc": another memory map, another bus."""
    return Chain(start_vm("6.1", Hardware(machine="pc")))


@pytest.fixture(scope="module")
def two_cpus(start_vm: StartVM) -> Chain:
    """A second CPU, which is stopped for the jump."""
    return Chain(start_vm("6.12", Hardware(cpus=2)))


@pytest.mark.parametrize(("source", "link"), FIVE_GIB, ids=names(FIVE_GIB))
def test_five_gib(five_gib: Chain, source: str, link: Jump) -> None:
    """The second kernel knows all of the memory that the first one knew."""
    five_gib.require_kernel(source)
    jump_keeping_memory(five_gib, link)
    assert total_memory(five_gib.vm) > 4 * GIB


def test_load_above_four_gib(five_gib: Chain) -> None:
    """--mem-min=4G: kernel, initrd and the stub between them run above 4 GiB."""
    jump_keeping_memory(five_gib, Jump("6.12", "-c --mem-min=0x100000000", "walk=high"))
    # Where the initrd was is known to the second kernel only through our boot_params.
    if rootfs.is_ours(rootfs.tool_under_test()):
        assert initrd_address(five_gib.vm) >= 4 * GIB


@pytest.mark.parametrize(("source", "link"), OLD_CHIPSET, ids=names(OLD_CHIPSET))
def test_old_chipset(old_chipset: Chain, source: str, link: Jump) -> None:
    """The second kernel gets this machine's map as well."""
    old_chipset.require_kernel(source)
    jump_keeping_memory(old_chipset, link)


@pytest.mark.parametrize(("source", "link"), TWO_CPUS, ids=names(TWO_CPUS))
def test_two_cpus(two_cpus: Chain, source: str, link: Jump) -> None:
    """The second CPU, stopped for the jump, is started again by the second kernel."""
    two_cpus.require_kernel(source)
    two_cpus.jump(link)
    assert two_cpus.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"


@pytest.mark.parametrize(("source", "link"), first(UEFI, 2), ids=names(UEFI))
def test_uefi(uefi: Chain, source: str, link: Jump) -> None:
    """The second kernel finds the firmware's tables, and its services still answer."""
    uefi.require_kernel(source)
    uefi.running()
    vm = uefi.vm
    root_pointer = acpi_root_pointer(vm)
    tables = vm.check("cd /sys/firmware/acpi/tables && md5sum [A-Z]*")
    # One for each jump: efivarfs does not let a variable that it does not know be changed.
    word = link.append.replace("=", "")
    variable = f"{VARIABLES}/{word}-{VENDOR}"
    mount_variables(vm)
    vm.check(f"printf '{ATTRIBUTES}{word}' >{variable}")

    jump_keeping_memory(uefi, link)

    assert "ACPI20=0x" in vm.check("cat /sys/firmware/efi/systab")
    assert acpi_root_pointer(vm) == root_pointer
    assert vm.check("cd /sys/firmware/acpi/tables && md5sum [A-Z]*") == tables
    assert vm.check("ls /sys/firmware/efi/runtime-map") != ""
    mount_variables(vm)
    assert vm.check(f"tail -c +5 {variable}") == word, "the firmware's services must answer"


@pytest.mark.skipif(
    not rootfs.is_ours(rootfs.tool_under_test()), reason="kexec-tools would load and hang"
)
def test_uefi_is_no_bios(uefi: Chain) -> None:
    """What calls the BIOS is not even loaded; a text mode is not looked for."""
    uefi.running()
    kernel = rootfs.kernel_path("6.12")
    reply = uefi.vm.run(f"{rootfs.TOOL} --real-mode -l {kernel}")
    assert reply.rc == 255, reply
    assert "16-bit entry, which calls the BIOS, and this machine was started by EFI" in reply.stderr
    assert "hint:" in reply.stderr
    assert uefi.vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    reply = uefi.vm.run(f"{rootfs.TOOL} --reset-vga -l {kernel}")
    assert reply.rc == 0, reply
    assert "--reset-vga has no effect: the firmware is EFI" in reply.stderr
    uefi.vm.check(f"{rootfs.TOOL} -u")


def jump_keeping_memory(chain: Chain, link: Jump) -> None:
    """Jumps; the memory map of the firmware must be known to the second kernel as before."""
    chain.running()
    before, ram_before = firmware_map(chain.vm), total_memory(chain.vm)
    chain.jump(link)
    after, ram_after = firmware_map(chain.vm), total_memory(chain.vm)
    # By kexec_file_load the running kernel writes the map, with its own marks in it; and
    # kexec-tools rounds it.
    if "-c" in link.options and rootfs.is_ours(rootfs.tool_under_test()):
        assert after == before
    assert_same_memory(ram_after, ram_before)


def firmware_map(vm: VM) -> list[tuple[int, int, str]]:
    """Start, last byte and type of each range of /sys/firmware/memmap, neighbours joined."""
    text = vm.check(
        'cd /sys/firmware/memmap && for e in *; do echo "$(cat $e/start) $(cat $e/end) '
        '$(cat $e/type)"; done'
    )
    rows = [line.split(" ", 2) for line in text.splitlines()]
    joined: list[tuple[int, int, str]] = []
    for start, last, kind in sorted((int(a, 16), int(b, 16), kind) for a, b, kind in rows):
        if joined and joined[-1][1] + 1 == start and joined[-1][2] == kind:
            start = joined.pop()[0]
        joined.append((start, last, kind))
    return joined


def acpi_root_pointer(vm: VM) -> str:
    """Where the running kernel found the RSDP."""
    text = vm.check("dmesg | grep 'ACPI: RSDP'")
    found = re.search(r"ACPI: RSDP (0x[0-9a-fA-F]+)", text)
    assert found, f"the kernel found no RSDP: {text}"
    return found[1]


def mount_variables(vm: VM) -> None:
    """Makes EFI variables readable under the running kernel."""
    if " efivarfs " not in vm.check("cat /proc/mounts"):
        vm.check("insmod /modules/$(uname -r)/efivarfs.ko")
        vm.check(f"mount -t efivarfs efivarfs {VARIABLES}")


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
