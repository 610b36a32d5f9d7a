# SPDX-License-Identifier: LGPL-2.1-or-later
"""s390x: the machine is reset before the stub, and the kernel lies at address 0 with its parameters in itself."""

from __future__ import annotations

import cpus
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware
from platforms import S390X

KERNEL = "6.1-s390x"
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
def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(S390X, KERNEL, MACHINE)
