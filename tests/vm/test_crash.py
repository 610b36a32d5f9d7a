# SPDX-License-Identifier: LGPL-2.1-or-later
"""Crash kernels: loaded into reserved memory, started by a real panic, with the old memory there."""

from __future__ import annotations

import gzip
import re

import crashing
import packages
import pytest
import rootfs
import vmcore
import vmlinux
from conftest import StartVM
from crashing import INITRD, hold, lines_of
from machine import BASE_COMMAND_LINE, Hardware, VM

pytestmark = pytest.mark.usefixtures("ours")

CPUS = 2
RESERVED_MIB = 192
KERNEL = "6.12"
K = rootfs.kernel_path(KERNEL)
CRASH = f"{BASE_COMMAND_LINE} nr_cpus=1 reset_devices"
ELF = "/boot/vmlinux.gz"

#: Ours, and kexec-tools', which prints the same.
DMESG, PEER_DMESG = "/sbin/vmcore-dmesg", "/sbin/vmcore-dmesg-of-kexec-tools"

LOADED, CRASH_LOADED = "/sys/kernel/kexec_loaded", "/sys/kernel/kexec_crash_loaded"


def start_crashing(
    start_vm: StartVM,
    hardware: Hardware = Hardware(cpus=CPUS),
    reserve: str = f"crashkernel={RESERVED_MIB}M",
    extra: dict[str, bytes] | None = None,
) -> VM:
    """A machine with memory for a crash kernel, and what reads a dump."""
    tree = rootfs.full(rootfs.tool_under_test(), (KERNEL,))
    tree |= rootfs.program(rootfs.PEER, packages.kexec_tools())
    tree |= rootfs.program("/bin/makedumpfile", packages.makedumpfile())
    tree |= rootfs.program(DMESG, rootfs.vmcore_dmesg())
    tree |= rootfs.program(PEER_DMESG, packages.kexec_tools().parent / "vmcore-dmesg")
    tree |= extra or {}
    machine = start_vm(KERNEL, hardware=hardware, tree=tree, append=reserve)
    machine.boot()
    machine.check(f"pack-initrd {INITRD} after-the-crash")
    return machine


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """Its tests run in order, the panic last."""
    return start_crashing(start_vm)


@pytest.fixture(scope="module")
def unprepared(start_vm: StartVM) -> VM:
    """A machine that reserves nothing."""
    machine = start_vm(KERNEL)
    machine.boot()
    return machine


def loaded(vm: VM) -> tuple[str, str]:
    """Whether a kernel and a crash kernel are loaded, as the running one says."""
    normal, crash = vm.check(f"cat {LOADED} {CRASH_LOADED}").split()
    return normal, crash


def test_size(vm: VM) -> None:
    """What was reserved, in bytes."""
    assert vm.check(f"{rootfs.TOOL} --print-ckr-size") == f"{RESERVED_MIB << 20}\n"


@pytest.mark.parametrize("form", ["-p", "-s -p", "-p -a", "-d -p", "--load-panic", "-l -p"])
def test_load_and_unload(vm: VM, form: str) -> None:
    """Only the crash kernel comes and goes; -S tells of it."""
    vm.check(f"{rootfs.TOOL} -l --direct=off {K}")
    assert vm.run(f"{rootfs.TOOL} -p -S").rc == 0
    vm.check(f"{rootfs.TOOL} {form} {K} --initrd={INITRD} --command-line='{CRASH}'")
    assert loaded(vm) == ("1", "1")
    assert vm.run(f"{rootfs.TOOL} -p -S").rc == 1
    assert vm.run(f"{rootfs.TOOL} -S").rc == 1
    vm.check(f"{rootfs.TOOL} -p -u")
    assert loaded(vm) == ("1", "0")
    vm.check(f"{rootfs.TOOL} -u")
    assert loaded(vm) == ("0", "0")


def test_unload_leaves_the_crash_kernel(vm: VM) -> None:
    """-u without -p is for the other one, and the order of the two does not matter."""
    vm.check(f"{rootfs.TOOL} -p {K}")
    vm.check(f"{rootfs.TOOL} -u")
    assert loaded(vm) == ("0", "1")
    vm.check(f"{rootfs.TOOL} -u -p")
    assert loaded(vm) == ("0", "0")


@pytest.mark.parametrize("form", ["-p --hotplug", "-p --elf64-core-headers --pass-memmap-cmdline"])
def test_load_by_kexec_load(vm: VM, form: str) -> None:
    """By the other system call as well; a normal kernel stays loaded, and comes beside it."""
    vm.check(f"{rootfs.TOOL} -l --direct=off {K}")
    load = f"{rootfs.TOOL} -c -d --explain {form} {K}"
    reply = vm.run(f"{load} --initrd={INITRD} --command-line='{CRASH}'")
    assert reply.rc == 0, reply.stderr
    assert "core headers" in reply.stderr
    assert f"the registers of {CPUS} CPUs, VMCOREINFO" in reply.stdout
    assert loaded(vm) == ("1", "1")
    vm.check(f"{rootfs.TOOL} -u")
    assert loaded(vm) == ("0", "1")
    vm.check(f"{rootfs.TOOL} -l --direct=off {K}")
    assert loaded(vm) == ("1", "1")
    vm.check(f"{rootfs.TOOL} -p -u")
    assert loaded(vm) == ("1", "0")
    vm.check(f"{rootfs.TOOL} -u")


def test_what_does_not_fit(vm: VM) -> None:
    """Says so in numbers, and loads nothing; nor where the kernel cannot be moved to that memory."""
    vm.check("dd if=/dev/urandom of=/run/large bs=1M count=180 2>/dev/null")
    reply = vm.run(f"{rootfs.TOOL} -p -c {K} --initrd=/run/large --initrd-unchecked")
    vm.check("rm /run/large")
    assert reply.rc == 255
    assert f"{180 << 20} bytes of the memory reserved for a crash kernel" in reply.stderr
    assert "crashkernel=" in reply.stderr
    reply = vm.run(f"{rootfs.TOOL} -p -c --mem-max=0x8000000 {K}")
    assert reply.rc == 255 and "reserved for a crash kernel" in reply.stderr
    assert loaded(vm) == ("0", "0")


def test_reused_command_line(vm: VM) -> None:
    """A crash kernel must not reserve memory for the next one: it has hardly any."""
    reply = vm.run(f"{rootfs.TOOL} -p -d --reuse-cmdline {K}")
    assert reply.rc == 0
    (line,) = [s for s in reply.stderr.splitlines() if s.startswith("command line: ")]
    assert "crashkernel" not in line and "console=ttyS0" in line
    vm.check(f"{rootfs.TOOL} -p -u")


def test_nothing_reserved(unprepared: VM) -> None:
    """Says what to add to the command line; the size is 0."""
    reply = unprepared.run(f"{rootfs.TOOL} -p {K}")
    assert reply.rc == 1
    assert "crashkernel=" in reply.stderr
    assert unprepared.check(f"{rootfs.TOOL} --print-ckr-size") == "0\n"
    assert unprepared.run(f"{rootfs.TOOL} -p -u").rc == 0


def theirs(vm: VM) -> set[tuple[int, int]]:
    """The pieces of memory that kexec-tools describes, by what it shows of its headers."""
    reply = vm.run(f"{rootfs.PEER} -p -c -d {K} --initrd={INITRD} --command-line='{CRASH}'")
    assert reply.rc == 0, reply.stderr
    vm.check(f"{rootfs.PEER} -p -u")
    pattern = r"p_type = 1, p_offset = \S+ p_paddr = 0x(\w+) p_vaddr = \S+ p_filesz = 0x(\w+) "
    found = re.findall(pattern, reply.stdout + reply.stderr)
    assert found
    return {(int(start, 16), int(size, 16)) for start, size in found}


def crash(vm: VM, form: str, kernel: str = K) -> vmcore.VMCore:
    """Loads by @form, lets the kernel die, and reads the head of its memory in the next one."""
    vm.check(f"{rootfs.TOOL} {form} {kernel} --initrd={INITRD} --command-line='{CRASH}'")
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    up = vm.wait_up()
    assert (up.boot, up.uname, up.nonce) == (2, packages.kernel_release(KERNEL), "after-the-crash")
    assert set(CRASH.split()) < set(up.cmdline.split()) and "elfcorehdr=" in up.cmdline
    return crashing.core(vm)


def check_core(vm: VM, core: vmcore.VMCore, held: int) -> None:
    """Each CPU's registers are there, the kernel's word of itself, and its memory."""
    assert len(core.cpus) == CPUS
    assert all(len(note.content) == vmcore.PRSTATUS_SIZE for note in core.cpus)
    assert any(any(note.content) for note in core.cpus)
    assert core.info["OSRELEASE"] == packages.kernel_release(KERNEL)
    assert core.memory > (1024 - RESERVED_MIB - 64) << 20
    crashing.check_held(vm, core, held)
    vm.check("makedumpfile --dump-dmesg /proc/vmcore /run/dmesg >/dev/null")
    check_log(vm, vm.check("cat /run/dmesg"))


def check_log(vm: VM, by_makedumpfile: str) -> None:
    """From its first line to the panic, byte by byte as kexec-tools' command prints it."""
    vm.check(f"{DMESG} /proc/vmcore >/run/ours && {PEER_DMESG} /proc/vmcore >/run/theirs && cmp /run/ours /run/theirs")
    lines = lines_of(vm.check("cat /run/ours"))
    assert lines == lines_of(by_makedumpfile)
    assert lines[0].startswith(f"[    0.000000] Linux version {packages.kernel_release(KERNEL)} ")
    # How long the trace behind it is differs from run to run.
    (start,) = (i for i, line in enumerate(lines) if "sysrq: Trigger a crash" in line)
    assert any("Kernel panic - not syncing: sysrq triggered crash" in line for line in lines[start:])


@pytest.mark.full
def test_panic_into_a_vmlinux(start_vm: StartVM) -> None:
    """No option says by which call: kexec_file_load does not take it, and it is moved to that memory."""
    machine = start_crashing(start_vm, extra={ELF.lstrip("/"): gzip.compress(vmlinux.vmlinux(KERNEL), 1)})
    held = hold(machine)
    check_core(machine, crash(machine, "-p", ELF), held)
    machine.close()


@pytest.mark.full
def test_panic_by_kexec_file_load(start_vm: StartVM) -> None:
    """The running kernel has made the headers."""
    machine = start_crashing(start_vm)
    held = hold(machine)
    check_core(machine, crash(machine, "-p -s"), held)
    machine.close()


@pytest.mark.full
@pytest.mark.parametrize("uefi", [False, True], ids=["bios", "uefi"])
def test_panic_with_memory_above_4_gib(start_vm: StartVM, uefi: bool) -> None:
    """Two pieces are reserved: the kernel lies in the upper one, and is told of the lower one."""
    machine = start_crashing(
        start_vm,
        Hardware(cpus=CPUS, memory="5G", uefi=uefi),
        f"crashkernel={RESERVED_MIB}M,high crashkernel=64M,low",
    )
    held = hold(machine)
    check_core(machine, crash(machine, "-p -c"), held)
    ram = re.findall(r"^(\w+)-(\w+) : System RAM", machine.check("cat /proc/iomem"), re.M)
    sizes = sorted(int(last, 16) + 1 - int(first, 16) for first, last in ram)
    assert sizes[-1] > 100 << 20 and (64 << 20) in sizes
    assert sum(sizes) < (RESERVED_MIB + 64 + 1) << 20
    machine.close()


def test_panic(vm: VM) -> None:
    """
    The panic is the jump, and the dead kernel's memory is there with each CPU's registers; the
    pieces of it are those that kexec-tools describes.
    """
    described = theirs(vm)
    held = hold(vm)
    core = crash(vm, "-p -c")
    check_core(vm, core, held)
    assert {(piece.physical, piece.size) for piece in core.pieces} == described


def test_a_core_that_is_cut_short(vm: VM) -> None:
    """It is told, and nothing is made up."""
    vm.check(f"dd if=/proc/vmcore of=/run/cut bs={vmcore.HEAD} count=1")
    reply = vm.run(f"{DMESG} /run/cut")
    assert (reply.rc, reply.stdout) == (5, "") and f"it ends at byte {vmcore.HEAD}" in reply.stderr
