# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's Xen with a Linux kernel and our init in its first domain (dom0), entered by kexec."""

from __future__ import annotations

import secrets

import initramfs
import packages
import rootfs
from machine import VM, Hardware, Up

XEN = "/boot/xen.gz"
DOM0 = "/boot/vmlinuz-dom0"

#: The kernel that can be one; the cloud kernels of the other tests cannot.
VERSION = "6.1-full"

#: By which a program of that domain asks Xen.
PRIVCMD = "insmod /modules/$(uname -r)/xen-privcmd.ko"


def hardware(uefi: bool = False, memory: str = "1G") -> Hardware:
    """Under emulation that domain dies of what the CPU of the other tests promises."""
    return Hardware(cpu="qemu64", uefi=uefi, memory=memory)


def tree() -> initramfs.Tree:
    """What the initrds need for it."""
    return {
        XEN.lstrip("/"): packages.boot_file("xen-hypervisor-4.17-amd64", "xen-4.17-amd64.gz"),
        DOM0.lstrip("/"): packages.kernel(VERSION),
        **rootfs.modules("xen-privcmd", (VERSION,)),
    }


def load(vm: VM, options: str = "-t multiboot2-x86", line: str = "", uefi: bool = False) -> str:
    """Loads Xen from the running guest, which becomes its first domain's initrd; returns the nonce."""
    nonce = secrets.token_hex(8)
    vm.check(f"pack-initrd /run/next.cpio {nonce}")
    words = "console=hvc0 panic=-1 quiet"
    line = f"com1=115200,8n1 console=com1 loglvl=warning {line}".strip()
    if uefi:
        line += " no-real-mode"
        options += " --noefi"
        # The first domain does not see where a BIOS has it.
        words += vm.check("sed -n 's/ACPI20=/ acpi_rsdp=/p' /sys/firmware/efi/systab").rstrip()
    for module in (f"{DOM0} {words}", "/run/next.cpio"):
        options += f' --module="{module}"'
    vm.check(f"{rootfs.TOOL} {options} -l {XEN} --command-line='{line}'")
    return nonce


def enter(vm: VM, options: str = "-t multiboot2-x86", line: str = "", uefi: bool = False) -> Up:
    """The same, and jumps; the domain is up."""
    nonce = load(vm, options, line, uefi)
    up = vm.execute(entered="Xen 4.17")
    assert (up.uname, up.nonce) == (packages.kernel_release(VERSION), nonce)
    return up
