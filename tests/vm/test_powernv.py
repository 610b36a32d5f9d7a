# SPDX-License-Identifier: LGPL-2.1-or-later
"""ppc64el under OPAL (powernv), on which the kernel has the machine to itself; QEMU's has no line for an agent."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

import cpus
import initramfs
import landed
import packages
import pytest
import rootfs
from cpus import DAMAGING
from machine import VM, Hardware, base_command_line
from platforms import PPC64EL

pytestmark = pytest.mark.full

KERNEL = "6.1-ppc64el"
#: Played by one thread, two CPUs come no further than to the first lines of Linux.
POWERNV = replace(PPC64EL, machine="powernv9", agent_device=(), threads="multi")
MACHINE = Hardware(platform=POWERNV, cpus=2, memory="2G")
INITRD = "/boot/next.cpio"


def alone(loader: str, word: str) -> initramfs.Tree:
    """A guest that jumps once, by itself, into a kernel with @word on its command line."""
    init = {"etc/saut/init": rootfs.GUEST / "init-alone"}
    line = shlex.quote(f"{base_command_line(POWERNV)} {word}")
    jump = f"{loader} -c -l {rootfs.kernel_path(KERNEL)} --initrd={INITRD} --command-line={line} && {rootfs.TOOL} -e\n"
    following = rootfs.core(2, "alone", POWERNV) | init
    return cpus.guest(POWERNV, (KERNEL,)) | init | {
        "etc/saut/jump": jump.encode(), INITRD[1:]: initramfs.to_bytes(following)
    }


def switched_on(vm: VM) -> None:
    """The first kernel has its CPUs, and says so."""
    vm.switch_on()
    assert int(vm.wait_console(r"^@@ up boot=1 uname=\S+ cpus=(\d+) ")[1]) == vm.hardware.cpus


def test_jump() -> None:
    """The next kernel finds OPAL by the registers that it is entered with, and the other CPU."""
    with VM(KERNEL, MACHINE, alone(rootfs.TOOL, "jumped=1")) as vm:
        switched_on(vm)
        up = vm.wait_console(r"^@@ up boot=2 uname=(\S+) cpus=(\d+) cmdline=(.*)\r\n")
        release = packages.kernel_release(KERNEL)
        assert up[1].decode() == release
        assert int(up[2]) == MACHINE.cpus and b"jumped=1" in up[3].split()
        # Nobody can ask the guest.
        landed.write_down(vm, landed.Leaving(release, rootfs.kernel_path(KERNEL), "kexec_load"), release)


@pytest.mark.parametrize(
    ("damaging", "said"),
    [
        pytest.param(DAMAGING, cpus.DAMAGED, id="kernel"),
        # What a hypervisor's CPU does not know comes in as its own exception.
        pytest.param(cpus.BREAKING, cpus.FAULTED % 0xe40, id="stub"),
    ],
)
def test_damage(damaging: str, said: str) -> None:
    """A flipped byte, or a fault in the stub: said on OPAL's console, and OPAL resets the machine."""
    loader = rootfs.program(DAMAGING, rootfs.damaging_loader(POWERNV), POWERNV)
    with VM(KERNEL, MACHINE, alone(damaging, "damaged=1") | loader) as vm:
        switched_on(vm)
        vm.wait_reset()
        assert re.search(said.encode(), vm.console.received, re.MULTILINE)
        assert b"damaged=1" not in vm.console.received
