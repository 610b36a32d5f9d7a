# SPDX-License-Identifier: LGPL-2.1-or-later
"""Panics of several kinds on four CPUs, into crash kernels of several forms, with another kernel loaded beside."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import crashing
import debian
import foreign
import initramfs
import packages
import pytest
import rootfs
import uki
import vmcore
from conftest import StartVM
from crashing import INITRD
from machine import BASE_COMMAND_LINE, VM, Hardware

pytestmark = [pytest.mark.usefixtures("ours"), pytest.mark.full]

CPUS = 4
RESERVED_MIB = 224
KERNEL = "6.12"
K = rootfs.kernel_path(KERNEL)
RESERVE = f"crashkernel={RESERVED_MIB}M"
CRASH = f"{BASE_COMMAND_LINE} nr_cpus=1 reset_devices"
UKI = "/boot/uki.efi"
PAGES, DMESG, MAKEDUMPFILE = "/sbin/pages", "/sbin/vmcore-dmesg", "/bin/makedumpfile"
LOADED = "cat /sys/kernel/kexec_loaded /sys/kernel/kexec_crash_loaded"

#: What is left to the machine when the rest is filled.
SPARE_MIB = 200


def readers() -> initramfs.Tree:
    """What a guest reads a dump with."""
    return rootfs.program(PAGES, rootfs.pages()) | rootfs.program(DMESG, rootfs.vmcore_dmesg())


def start(
    start_vm: StartVM, extra: initramfs.Tree | None = None, disk: Path | None = None
) -> VM:
    """A machine with memory for a crash kernel, and a normal kernel loaded."""
    tree = rootfs.full(rootfs.tool_under_test(), (KERNEL,)) | readers() | (extra or {})
    vm = start_vm(KERNEL, hardware=Hardware(cpus=CPUS), tree=tree, append=RESERVE, disk=disk)
    vm.boot()
    vm.check("pack-initrd /run/next.cpio by-kexec")
    load_normal(vm)
    return vm


def load_normal(vm: VM) -> None:
    """A kernel for the next reboot, which reserves memory for a crash kernel as this one does."""
    vm.check(f"{rootfs.TOOL} -l {K} --initrd=/run/next.cpio --command-line='{BASE_COMMAND_LINE} {RESERVE}'")


def load_crash(vm: VM, arguments: str) -> None:
    """A crash kernel beside it."""
    reply = vm.run(f"{rootfs.TOOL} -p -c {arguments} --command-line='{CRASH}'")
    assert reply.rc == 0, reply.stderr
    assert vm.check(LOADED).split() == ["1", "1"]


def after_the_crash(vm: VM, held: int) -> list[str]:
    """What is in a dump whatever the panic was; returns the dead kernel's log."""
    core = crashing.core(vm)
    assert [len(note.content) for note in core.cpus] == [vmcore.PRSTATUS_SIZE] * CPUS
    assert all(any(note.content) for note in core.cpus)
    assert core.info["OSRELEASE"] == packages.kernel_release(KERNEL)
    crashing.check_held(vm, core, held)
    return vm.check(f"{DMESG} /proc/vmcore").splitlines()


def last_words(log: list[str], panic: str) -> str:
    """What the log has from the panic on."""
    (at,) = [i for i, line in enumerate(log) if f"Kernel panic - not syncing: {panic}" in line]
    return "\n".join(log[at:])


def test_nmi_behind_a_reboot_by_kexec(start_vm: StartVM) -> None:
    """
    A crash kernel that is loaded does not keep the other one from starting, which reserves memory anew; then a button
    is pressed. Two initrds are one.
    """
    vm = start(start_vm)
    vm.check(f"pack-initrd {INITRD} never-seen")
    load_crash(vm, f"{K} --initrd={INITRD}")
    up = vm.execute()
    assert (up.boot, up.nonce) == (2, "by-kexec")
    assert vm.check(LOADED).split() == ["0", "0"]
    assert vm.check(f"{rootfs.TOOL} --print-ckr-size") == f"{RESERVED_MIB << 20}\n"
    vm.check(f"pack-initrd {INITRD} first-of-two && pack-initrd /run/next.cpio never-seen")
    vm.check(
        "mkdir -p /run/second/etc/saut && cd /run/second && echo second-of-two >etc/saut/nonce && "
        "find . | cpio -o -H newc >/run/second.cpio"
    )
    load_normal(vm)
    load_crash(vm, f"{K} --initrd={INITRD} --initrd=/run/second.cpio")
    held = crashing.hold(vm)
    vm.check("sysctl -w kernel.unknown_nmi_panic=1 kernel.panic_on_unrecovered_nmi=1")
    vm.tell("nmi")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (3, "second-of-two")
    assert "<NMI>" in last_words(after_the_crash(vm, held), "NMI: Not continuing")
    vm.close()


def test_an_interrupt_on_another_cpu_into_a_uki(start_vm: StartVM) -> None:
    """A break on the serial line, which not the first CPU takes; of the memory that was in use, not a byte was written to."""
    guest = rootfs.full(rootfs.tool_under_test(), ()) | readers()
    image = uki.make(
        {
            ".osrel": b"ID=test\n",
            ".cmdline": b"never-seen\0",
            ".uname": packages.kernel_release(KERNEL).encode(),
            ".initrd": initramfs.to_bytes(guest | rootfs.identity(2, "in-the-uki")),
            ".linux": packages.kernel(KERNEL).read_bytes(),
        }
    )
    vm = start(start_vm, {UKI.lstrip("/"): image})
    vm.check("sysctl -w vm.compact_unevictable_allowed=0 kernel.sysrq=1")
    (free,) = re.findall(r"^MemAvailable: +(\d+) kB", vm.check("cat /proc/meminfo"), re.M)
    vm.check(f"{PAGES} fill {int(free) // 1024 - SPARE_MIB} >/run/filled &")
    filled = int(vm.check("while ! [ -s /run/filled ]; do sleep 1; done; cat /run/filled"))
    assert filled > 200 << 8
    load_crash(vm, UKI)
    held = crashing.hold(vm)
    vm.check("echo e >/proc/irq/4/smp_affinity")
    vm.send_break("c")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (2, "in-the-uki")
    words = last_words(after_the_crash(vm, held), "sysrq triggered crash")
    assert "<IRQ>" in words and re.search(r"^.*CPU: [123] ", words, re.M), words
    assert vm.check(f"{PAGES} count /proc/vmcore") == f"{filled} 0\n"
    vm.close()


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the crash kernel writes the dump to."""
    path = tmp_path_factory.mktemp("dump") / "disk"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    return path


@pytest.fixture(scope="module")
def without_memory(start_vm: StartVM, disk: Path) -> VM:
    """The crash kernel of a machine that had nothing left."""
    extra = rootfs.program(MAKEDUMPFILE, packages.makedumpfile()) | rootfs.modules("virtio_blk", (KERNEL,))
    vm = start(start_vm, extra, disk)
    vm.check(f"pack-initrd {INITRD} after-the-crash")
    load_crash(vm, f"{K} --initrd={INITRD}")
    vm.check("sysctl -w vm.panic_on_oom=2 vm.overcommit_memory=1")
    held = crashing.hold(vm)
    vm.send("dd if=/dev/zero of=/dev/null bs=1500M count=1")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (2, "after-the-crash")
    words = last_words(after_the_crash(vm, held), "Out of memory: compulsory panic_on_oom is enabled")
    assert "out_of_memory" in words
    return vm


def test_out_of_memory(without_memory: VM) -> None:
    """With nothing left, what was loaded before starts all the same."""
    assert without_memory.alive


def test_what_crash_says(without_memory: VM, disk: Path) -> None:
    """crash(8) finds its way in it by the kernel's own symbols: what died, of what, and by which calls."""
    try:
        program, symbols = foreign.crash(), packages.vmlinux(KERNEL)
    except (debian.Unreachable, packages.PackageError) as reason:
        pytest.skip(str(reason))
    vm = without_memory
    vm.check("insmod /modules/$(uname -r)/virtio_blk.ko; until [ -b /dev/vda ]; do sleep 1; done")
    vm.check(f"{MAKEDUMPFILE} -c -d 31 /proc/vmcore /run/dump && dd if=/run/dump of=/dev/vda bs=1M && sync")
    vm.close()
    commands = disk.with_name("commands")
    commands.write_text("sys\nbt\nquit\n")
    said = subprocess.run(
        [*program, "-s", "-i", str(commands), str(symbols), str(disk)],
        env=os.environ | {"TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    ).stdout
    check_said(said)


def check_said(said: str) -> None:
    """Who died, of what, and by which calls."""
    assert re.search(rf"^ *CPUS: {CPUS}$", said, re.M), said
    assert re.search(rf"^ *RELEASE: {re.escape(packages.kernel_release(KERNEL))}$", said, re.M), said
    assert re.search(r"^ *PANIC: .*Out of memory: compulsory panic_on_oom", said, re.M), said
    assert re.search(r'^PID: .* COMMAND: "dd"$', said, re.M), said
    frames = re.findall(r"^ *#\d+ \[\w+\] (\w+)", said, re.M)
    assert {"__crash_kexec", "panic", "out_of_memory"} <= set(frames), said
