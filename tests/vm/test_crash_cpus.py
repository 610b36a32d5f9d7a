# SPDX-License-Identifier: LGPL-2.1-or-later
"""Crash kernels by kexec_load on other CPUs than x86-64: a real panic, and what the next kernel finds."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cpus
import crashing
import foreign
import packages
import pytest
import rootfs
import vmcore
import wrapped
from conftest import StartVM
from crashing import INITRD
from machine import VM, Hardware, base_command_line
from platforms import ARM64, ARMHF, I386, LOONG64, PPC64EL, RISCV64

pytestmark = pytest.mark.full

DMESG, MAKEDUMPFILE = "/sbin/vmcore-dmesg", "/bin/makedumpfile"


@dataclass(frozen=True)
class Case:
    """A machine, its kernel, and what it reserves."""

    kernel: str
    hardware: Hardware
    reserved_mib: int = 256
    #: Bytes of a CPU's registers, struct elf_prstatus.
    prstatus: int = 0
    #: More of the crash kernel's command line.
    words: str = ""
    #: Whether the crash kernel is an EFI zboot image.
    is_zboot: bool = False
    #: So much of the dump has all notes in it.
    head: int = vmcore.HEAD
    #: Whether it is told of what lies below its memory as well, and keeps off it.
    is_told_below: bool = False


CASES = {
    "arm64-tree": Case(
        "6.1-arm64", Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=2), 256, 392
    ),
    "arm64-uefi": Case(
        "6.1-arm64",
        Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=2, uefi=True),
        384,
        392,
        is_zboot=True,
    ),
    "riscv64": Case("7.2-riscv64", Hardware(platform=RISCV64, cpus=2), 256, 376, "cma=0"),
    "loong64": Case("7.2-loong64", Hardware(platform=LOONG64, cpus=2, memory="2G"), 512, 480),
    "armhf": Case("6.1-armhf", Hardware(platform=ARMHF, cpus=2), 256, 148),
    "ppc64el": Case("6.1-ppc64el", Hardware(platform=PPC64EL, cpus=2), 384, 504, head=0x12000, is_told_below=True),
    "i386": Case("6.1-686-pae", Hardware(platform=I386, cpus=2), 192, 144),
}


def check_memory(vm: VM, case: Case) -> None:
    """It has the memory that was reserved, and no other."""
    (kib,) = re.findall(r"^MemTotal: +(\d+) kB", vm.check("cat /proc/meminfo"), re.M)
    assert int(kib) <= case.reserved_mib << 10
    if not case.is_told_below:
        ram = re.findall(r"^(\w+)-(\w+) : System RAM", vm.check("cat /proc/iomem"), re.M)
        total = sum(int(last, 16) + 1 - int(first, 16) for first, last in ram)
        assert (case.reserved_mib - 16) << 20 < total <= (case.reserved_mib + 1) << 20


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_panic(start_vm: StartVM, case: Case) -> None:
    """Each CPU's registers, the kernel's word of itself and its memory are in /proc/vmcore."""
    platform = case.hardware.platform
    kernel = rootfs.kernel_path(case.kernel)
    line = f"{base_command_line(platform)} nr_cpus=1 reset_devices {case.words}"
    tree = cpus.guest(platform, (case.kernel,))
    tree |= rootfs.program(DMESG, rootfs.vmcore_dmesg(platform), platform)
    if case.is_zboot:
        kernel = "/boot/zboot"
        tree |= {"boot/zboot": wrapped.zboot(platform.cpu, packages.kernel(case.kernel).read_bytes())}
    has_reader = f"dump-{platform.cpu}" in foreign.SETS
    if has_reader:
        tree |= rootfs.program(MAKEDUMPFILE, foreign.makedumpfile(platform.cpu), platform)
    vm = start_vm(case.kernel, case.hardware, tree, append=f"crashkernel={case.reserved_mib}M")
    vm.boot()
    vm.check("rm -f /files/ballast")
    vm.check(f"pack-initrd {INITRD} after-the-crash")
    reply = vm.run(f"{rootfs.TOOL} -d -p -c {kernel} --initrd={INITRD} --command-line='{line}'")
    assert reply.rc == 0, reply.stderr
    held = crashing.hold(vm)
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (2, "after-the-crash")
    core = crashing.core(vm, case.head)
    assert [len(note.content) for note in core.cpus] == [case.prstatus] * case.hardware.cpus
    assert any(any(note.content) for note in core.cpus)
    assert core.info["OSRELEASE"] == packages.kernel_release(case.kernel)
    crashing.check_held(vm, core, held)
    check_memory(vm, case)
    log = crashing.lines_of(vm.check(f"{DMESG} /proc/vmcore"))
    assert any(f"Linux version {packages.kernel_release(case.kernel)} " in line for line in log[:20])
    assert any("Kernel panic - not syncing: sysrq triggered crash" in line for line in log)
    if has_reader:
        vm.check(f"{MAKEDUMPFILE} --dump-dmesg /proc/vmcore /run/dmesg >/dev/null")
        assert crashing.lines_of(vm.check("cat /run/dmesg")) == log
    vm.close()
