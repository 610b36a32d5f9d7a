# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels for x86 that are no 64-bit bzImage: other entry points, other formats, other systems.

What is no Linux with our init proves that it runs by what only it writes on its console.
"""

from __future__ import annotations

import gzip
import re

import multiboot
import packages
import pytest
import rootfs
import vmlinux
import xen
from chain import EXECUTE, Chain, Jump
from conftest import StartVM
from machine import VM, Hardware, default_tree
from record import read_record

pytestmark = pytest.mark.usefixtures("ours")

MEMTEST = {bits: f"/boot/memtest86+{bits}.bin" for bits in ("ia32", "x64")}
IPXE = "/boot/ipxe.lkrn"
VMLINUX = "/boot/vmlinux.gz"


def others() -> dict[str, bytes]:
    """Guest path -> content of kernels that are no Linux."""
    found = {
        path.lstrip("/"): packages.boot_file("memtest86+", path.rpartition("/")[2]).read_bytes()
        for path in MEMTEST.values()
    }
    found[IPXE.lstrip("/")] = packages.boot_file("ipxe", "ipxe.lkrn").read_bytes()
    return found


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with all of them; the last jump leads out of Linux."""
    elf = {VMLINUX.lstrip("/"): gzip.compress(vmlinux.vmlinux("6.1"), 1)}
    return Chain(start_vm("6.12", tree=default_tree() | others() | elf))


@pytest.fixture
def vm(chain: Chain) -> VM:
    """The same machine, running."""
    chain.running()
    return chain.vm


def test_file_load_takes_none_of_them(vm: VM) -> None:
    """By -s the running kernel would have to know the format."""
    reply = vm.run(f"{rootfs.TOOL} -s -l {MEMTEST['ia32']}")
    assert reply.rc == 253, reply
    assert "64-bit entry" in reply.stderr


@pytest.mark.parametrize("target", ["6.1", pytest.param("6.12", marks=pytest.mark.full)])
def test_entry_in_real_mode(chain: Chain, target: str) -> None:
    """And the oldest one: the kernel's own setup code asks the BIOS what machine this is."""
    chain.jump(Jump(target, "--real-mode", f"entry=16-of-{target} edd=off"))
    assert read_record(chain.vm) is None, "the zero page is ours, not the setup code's"


@pytest.mark.parametrize("target", ["6.1", pytest.param("6.12", marks=pytest.mark.full)])
def test_entry_in_32_bit_mode(chain: Chain, target: str) -> None:
    """Debian's kernels have that entry too."""
    chain.jump(Jump(target, "--entry-32bit", f"entry=32-of-{target}"))


@pytest.mark.parametrize(
    "options", ["", pytest.param("--args-linux --type=elf-x86_64", marks=pytest.mark.full)]
)
def test_vmlinux(chain: Chain, options: str) -> None:
    """The ELF out of Debian's kernel, packed as a whole: it is seen to be Linux."""
    chain.jump(Jump("6.1", options, "from=elf", VMLINUX))


def leave_for(vm: VM, command: str) -> None:
    """Loads by @command and jumps into what does not come back."""
    vm.check(f"{rootfs.TOOL} {command}")
    vm.leave(EXECUTE)


def type_slowly(vm: VM, text: str) -> None:
    """Waits for the echo of each letter: a BIOS polls the line, whose buffer is short."""
    for letter in text:
        vm.console.near.sendall(letter.encode())
        vm.wait_console(re.escape(letter))


@pytest.mark.parametrize("machine", ["q35", pytest.param("pc", marks=pytest.mark.full)])
def test_ipxe(start_vm: StartVM, machine: str) -> None:
    """It has a 16-bit entry only, and lives by the BIOS: for its screen, its keyboard, its clock.

    A machine without graphics has a BIOS whose screen and keyboard are the serial line.
    """
    with start_vm("6.12", Hardware(f"{machine},graphics=off"), default_tree() | others()) as vm:
        vm.boot()
        leave_for(vm, f"-l {IPXE} --command-line=shell")
        vm.wait_console("Open Source Network Boot Firmware")
        vm.wait_console("iPXE> ")
        vm.arrived("iPXE")
        type_slowly(vm, "echo typed-at-${buildarch}")
        vm.console.near.sendall(b"\r")
        vm.wait_console("^typed-at-i386")
        type_slowly(vm, "reboot")
        vm.console.near.sendall(b"\r")
        vm.wait_reset()


@pytest.mark.full
@pytest.mark.parametrize("bits", ["ia32"])
def test_memtest(vm: VM, bits: str) -> None:
    """memtest86+ draws its screen on the serial line; the 32-bit one has no other entry."""
    leave_for(vm, f"-l {MEMTEST[bits]} --command-line='console=ttyS0,115200 nosmp'")
    vm.wait_console(r"Memtest86\+")
    vm.wait_console("Testing:")
    vm.arrived("memtest86+")


@pytest.mark.full
def test_memtest_in_64_bit_mode(start_vm: StartVM) -> None:
    """The other build: it may not lie above 4 GiB, and is not relocatable."""
    with start_vm("6.12", tree=default_tree() | others()) as vm:
        vm.boot()
        leave_for(vm, f"-l {MEMTEST['x64']} --command-line='console=ttyS0,115200 nosmp'")
        vm.wait_console(r"Memtest86\+")
        vm.arrived("memtest86+")


#: How the firmware's map in /sys names types of memory -> Multiboot's number.
MEMORY_TYPES = {
    "System RAM": 1,
    "Reserved": 2,
    "ACPI Tables": 3,
    "ACPI Non-volatile Storage": 4,
    "Unusable memory": 5,
}

SHOW_MAP = "cd /sys/firmware/memmap; for e in *; do cat $e/start $e/end $e/type; done"


def firmware_map(vm: VM) -> list[tuple[int, int, int]]:
    """Start, size and type of each entry, sorted."""
    lines = vm.check(SHOW_MAP).splitlines()
    entries = zip(lines[0::3], lines[1::3], lines[2::3])
    return sorted(
        (int(start, 16), int(end, 16) - int(start, 16) + 1, MEMORY_TYPES.get(kind, 2))
        for start, end, kind in entries
    )


MULTIBOOT = [
    pytest.param(version, flat, marks=() if version == 2 - flat else pytest.mark.full)
    for version in (1, 2)
    for flat in (False, True)
]


@pytest.mark.parametrize(("version", "flat"), MULTIBOOT)
def test_multiboot(start_vm: StartVM, version: int, flat: bool) -> None:
    """A kernel of our own finds the machine, its modules and its command line."""
    modules = {"boot/one": bytes(range(256)) * 33, "boot/two": b"second"}
    kernel = {"boot/kernel": multiboot.build(version, flat)}
    with start_vm("6.12", tree=default_tree() | kernel | modules) as vm:
        vm.boot()
        machine_map = firmware_map(vm)
        options = '--module="/boot/one with words" --module=/boot/two'
        leave_for(vm, f"{options} -l /boot/kernel --command-line='said to it'")
        vm.wait_reset()
    told = multiboot.parse(vm.console.received)
    assert told.magic == multiboot.MAGIC[version]
    vm.arrived(multiboot.MULTIBOOT)
    assert told.dirt == 0, "memory behind the file's bytes is not zero"
    assert told.line == "/boot/kernel said to it"
    assert told.loader.startswith("Saut ")
    assert sorted(told.memory) == machine_map
    assert [module.words for module in told.modules] == ["/boot/one with words", "/boot/two"]
    for module, content in zip(told.modules, modules.values()):
        assert (module.size, module.sum) == (len(content), sum(content))
        assert module.start % 4096 == 0
    assert told.base == (0x1FF000 if version == 2 and not flat else None)


#: "RSD PTR " and "IBI SYST", as numbers.
ROOT_POINTER = int.from_bytes(b"RSD PTR ", "little")
SYSTEM_TABLE = int.from_bytes(b"IBI SYST", "little")


@pytest.mark.parametrize("version", [2, pytest.param(1, marks=pytest.mark.full)])
def test_multiboot_on_uefi(start_vm: StartVM, version: int) -> None:
    """It finds ACPI, by its tags or where a BIOS has it, and the firmware's map."""
    kernel = {"boot/kernel": multiboot.build(version, flat=False)}
    with start_vm("6.12", Hardware(uefi=True), default_tree() | kernel) as vm:
        vm.boot()
        machine_map = firmware_map(vm)
        leave_for(vm, "-l /boot/kernel")
        vm.wait_reset()
    told = multiboot.parse(vm.console.received)
    assert told.magic == multiboot.MAGIC[version]
    vm.arrived(multiboot.MULTIBOOT)
    extended, kilobytes, root = told.bios
    assert kilobytes == extended >> 6 and 256 <= kilobytes <= 640
    assert root == ROOT_POINTER
    # The page with that is taken out of the memory that the kernel may use; all else is the same.
    page = (extended << 4, 0x1000, 2)
    assert page in told.memory
    assert sum(size for _, size, _ in told.memory) == sum(size for _, size, _ in machine_map)
    if version == 2:
        assert told.roots == [(ROOT_POINTER, 20, 0), (ROOT_POINTER, 36, 0)]
        assert told.table == SYSTEM_TABLE
        assert {kind for _, _, kind in told.regions} >= {5, 6, 7, 9, 10}
        assert told.regions == sorted(told.regions)


ELF_CASES = [
    pytest.param(64, "", id="64"),
    pytest.param(32, "", id="32", marks=pytest.mark.full),
    pytest.param(64, "--args-none", id="64-none", marks=pytest.mark.full),
    pytest.param(32, "--args-none", id="32-none", marks=pytest.mark.full),
]


@pytest.mark.parametrize(("bits", "options"), ELF_CASES)
def test_elf(start_vm: StartVM, bits: int, options: str) -> None:
    """An ELF that is no Linux: it finds its command line in notes, unless it is told nothing."""
    kernel = {"boot/kernel": multiboot.build_elf(bits)}
    with start_vm("6.12", tree=default_tree() | kernel) as vm:
        vm.boot()
        leave_for(vm, f"{options} -l /boot/kernel --command-line='said to it'")
        vm.wait_reset()
    told = multiboot.parse(vm.console.received)
    is_told = not options
    assert told.bits == bits
    vm.arrived(multiboot.ELF_NOTES)
    assert told.magic == (0x0E1FB007 if is_told and bits == 32 else 0)
    assert told.block == (0x0E1FB007 if is_told else None)
    assert told.line == ("said to it" if is_told else "")


@pytest.mark.full
@pytest.mark.parametrize(
    ("kind", "uefi"), [("multiboot2-x86", False), ("multiboot-x86", False), ("multiboot2-x86", True)]
)
def test_xen(start_vm: StartVM, kind: str, uefi: bool) -> None:
    """Xen, packed as Debian has it, starts a Linux kernel with our init in its first domain."""
    with start_vm("6.12", xen.hardware(uefi=uefi), default_tree() | xen.tree()) as vm:
        vm.boot()
        up = xen.enter(vm, f"-t {kind}", uefi=uefi)
        assert up.boot == 2
        assert vm.check("cat /sys/hypervisor/type") == "xen\n"
