# SPDX-License-Identifier: LGPL-2.1-or-later
"""s390x: the machine is reset before the stub, and the kernel lies at address 0 with its parameters in itself."""

from __future__ import annotations

import cpus
import crashing
import packages
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware, base_command_line
from platforms import S390X

KERNEL = "6.1-s390x"
#: With kexec_file_load, by which the running kernel lays a crash kernel out, and memory for one.
OWN = "7.2-s390x-own"
MACHINE = Hardware(platform=S390X, cpus=2)


@pytest.fixture(scope="module")
def there(start_vm: StartVM) -> Chain:
    """Two CPUs, of which the reset stops one."""
    tool = rootfs.tool_under_test(S390X)
    return cpus.chain(start_vm, (KERNEL,), MACHINE, rootfs.program(cpus.SAUT, tool.parent / "saut", S390X))


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_jump(there: Chain, step: int) -> None:
    """The other CPU is started again, and the command line is that which was given."""
    cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
    assert there.vm.check("grep -c '^processor [0-9]' /proc/cpuinfo") == "2\n"
    cpus.assert_reported(there.vm)


@pytest.mark.full
def test_without_kexec_file_load(there: Chain) -> None:
    """This kernel was built without it: -s says so, -a does without."""
    there.running()
    there.vm.check("pack-initrd /run/next.cpio never-loaded")
    refused = there.vm.run(f"{rootfs.TOOL} -s -l {rootfs.kernel_path(KERNEL)} --initrd=/run/next.cpio")
    assert refused.rc == 253 and "kexec_file_load" in refused.stderr, refused
    cpus.jump(there, Jump(KERNEL, "-a", "by=either"))


@pytest.mark.full
def test_a_crash_kernel(there: Chain) -> None:
    """It is refused by name: this kernel was built without kexec_file_load, which loads such here."""
    there.running()
    refused = there.vm.run(f"{rootfs.TOOL} -p {rootfs.kernel_path(KERNEL)} --command-line=never")
    assert refused.rc == 255 and "by kexec_file_load alone" in refused.stderr, refused
    assert there.vm.check("cat /sys/kernel/kexec_crash_loaded") == "0\n"


@pytest.mark.full
def test_by_file(start_vm: StartVM) -> None:
    """By kexec_file_load, from a kernel that has it and to that again."""
    there = cpus.chain(start_vm, (OWN,), MACHINE)
    cpus.jump(there, Jump(OWN, "-s", "by=file"), record=False)


@pytest.mark.full
def test_panic(start_vm: StartVM) -> None:
    """What the running kernel has laid out is jumped into, and finds the dead one's memory."""
    vm = start_vm(OWN, MACHINE, cpus.guest(S390X, (OWN,)), append="crashkernel=256M")
    vm.boot()
    vm.check("rm -f /files/ballast && pack-initrd /run/crash.cpio after-the-crash")
    line = base_command_line(S390X)
    command = f"{rootfs.TOOL} -p {rootfs.kernel_path(OWN)} --initrd=/run/crash.cpio --command-line='{line}'"
    refused = vm.run(f"{command} -c")
    assert refused.rc == 255 and "by kexec_file_load alone" in refused.stderr, refused
    vm.check(command)
    assert vm.check("cat /sys/kernel/kexec_crash_loaded") == "1\n"
    held = crashing.hold(vm)
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (2, "after-the-crash")
    core = crashing.core(vm)
    assert len(core.cpus) == 2 and any(any(note.content) for note in core.cpus)
    assert core.info["OSRELEASE"] == packages.kernel_release(OWN)
    crashing.check_held(vm, core, held)
    # All but what is reserved, and the kernel once more.
    assert core.memory >= 768 << 20
    vm.close()


@pytest.mark.full
def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(S390X, KERNEL, MACHINE)
