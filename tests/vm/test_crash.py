# SPDX-License-Identifier: LGPL-2.1-or-later
"""Crash kernels: loaded into reserved memory, started by a real panic, with the old memory there."""

from __future__ import annotations

import base64

import packages
import pytest
import rootfs
import vmcore
from conftest import StartVM
from machine import BASE_COMMAND_LINE, Hardware, VM

pytestmark = pytest.mark.usefixtures("ours")

CPUS = 2
RESERVED_MIB = 192
KERNEL = "6.12"
K = rootfs.kernel_path(KERNEL)
CRASH = f"{BASE_COMMAND_LINE} nr_cpus=1 reset_devices"
INITRD = "/run/crash.cpio"

LOADED, CRASH_LOADED = "/sys/kernel/kexec_loaded", "/sys/kernel/kexec_crash_loaded"


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with memory for a crash kernel; its tests run in order, the panic last."""
    machine = start_vm(
        KERNEL,
        hardware=Hardware(cpus=CPUS),
        tree=rootfs.full(rootfs.tool_under_test(), (KERNEL,)),
        append=f"crashkernel={RESERVED_MIB}M",
    )
    machine.boot()
    machine.check(f"pack-initrd {INITRD} after-the-crash")
    return machine


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


def test_not_by_kexec_load(vm: VM) -> None:
    """-p -c is refused in one line that says what is the matter."""
    reply = vm.run(f"{rootfs.TOOL} -p -c {K}")
    assert reply.rc == 1
    assert "kexec_file_load only" in reply.stderr.splitlines()[0]
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


def test_panic(vm: VM) -> None:
    """The panic is the jump, and the dead kernel's memory is there with each CPU's registers."""
    release = packages.kernel_release(KERNEL)
    vm.check(f"{rootfs.TOOL} -p {K} --initrd={INITRD} --command-line='{CRASH}'")
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    up = vm.wait_up()
    assert (up.boot, up.uname, up.nonce) == (2, release, "after-the-crash")
    assert set(CRASH.split()) < set(up.cmdline.split()) and "elfcorehdr=" in up.cmdline

    text = vm.check(f"dd if=/proc/vmcore bs={vmcore.HEAD} count=1 2>/dev/null | base64")
    core = vmcore.parse(base64.b64decode(text))
    assert len(core.cpus) == CPUS
    assert all(len(note.content) == vmcore.PRSTATUS_SIZE for note in core.cpus)
    assert any(any(note.content) for note in core.cpus)
    assert core.info["OSRELEASE"] == release
    assert core.memory > (1024 - RESERVED_MIB - 64) << 20
