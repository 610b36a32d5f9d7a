# SPDX-License-Identifier: LGPL-2.1-or-later
"""Crash kernels by kexec_load on other CPUs than x86-64: a real panic, and what the next kernel finds."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

import cpus
import packages
import pytest
import rootfs
import vmcore
from conftest import StartVM
from machine import VM, Hardware, base_command_line
from platforms import ARM64, I386

pytestmark = pytest.mark.full

#: What a page of a process is filled with.
WORD = "the-dead-kernel-had-this-"
INITRD = "/run/crash.cpio"


@dataclass(frozen=True)
class Case:
    """A machine, its kernel, and what it reserves."""

    kernel: str
    hardware: Hardware
    reserved_mib: int = 256
    #: Bytes of a CPU's registers, struct elf_prstatus.
    prstatus: int = 0


CASES = {
    "arm64-tree": Case(
        "6.1-arm64", Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=2), 256, 392
    ),
    "arm64-uefi": Case(
        "6.1-arm64",
        Hardware(platform=ARM64, machine="virt,gic-version=3", cpus=2, uefi=True),
        256,
        392,
    ),
    "i386": Case("6.1-686-pae", Hardware(platform=I386, cpus=2), 192, 144),
}


def hold(vm: VM) -> int:
    """A page of a process is filled with WORD; where it lies."""
    vm.check(f"stamp hold {WORD} >/run/held &")
    return int(vm.check("while ! [ -s /run/held ]; do usleep 10000; done; cat /run/held"), 16)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_panic(start_vm: StartVM, case: Case) -> None:
    """Each CPU's registers, the kernel's word of itself and its memory are in /proc/vmcore."""
    platform = case.hardware.platform
    kernel = rootfs.kernel_path(case.kernel)
    line = f"{base_command_line(platform)} nr_cpus=1 reset_devices"
    tree = cpus.guest(platform, (case.kernel,))
    vm = start_vm(case.kernel, case.hardware, tree, append=f"crashkernel={case.reserved_mib}M")
    vm.boot()
    vm.check("rm -f /files/ballast")
    vm.check(f"pack-initrd {INITRD} after-the-crash")
    reply = vm.run(f"{rootfs.TOOL} -d -p -c {kernel} --initrd={INITRD} --command-line='{line}'")
    assert reply.rc == 0, reply.stderr
    held = hold(vm)
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (2, "after-the-crash")
    text = vm.check(f"dd if=/proc/vmcore bs={vmcore.HEAD} count=1 2>/dev/null | base64")
    core = vmcore.parse(base64.b64decode(text))
    assert [len(note.content) for note in core.cpus] == [case.prstatus] * case.hardware.cpus
    assert any(any(note.content) for note in core.cpus)
    assert core.info["OSRELEASE"] == packages.kernel_release(case.kernel)
    at = core.offset_of(held)
    page = vm.check(f"dd if=/proc/vmcore bs=4096 skip={at // 4096} count=1 2>/dev/null")
    assert page == (WORD * 4096)[:4096]
    # It has the memory that was reserved, and no other.
    ram = re.findall(r"^(\w+)-(\w+) : System RAM", vm.check("cat /proc/iomem"), re.M)
    total = sum(int(last, 16) + 1 - int(first, 16) for first, last in ram)
    assert (case.reserved_mib - 16) << 20 < total <= (case.reserved_mib + 1) << 20
    vm.close()
