# SPDX-License-Identifier: LGPL-2.1-or-later
"""ppc64el: the kernel moves itself to address 0, where all other CPUs wait for it in its first bytes."""

from __future__ import annotations

import time

import cpus
import debian
import packages
import pytest
import rootfs
import wrapped
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware, base_command_line
from platforms import PPC64EL

KERNEL = "6.1-ppc64el"
ZIMAGE = "/files/zImage"
MACHINE = Hardware(platform=PPC64EL, cpus=2)
CORE = "power9_v2.0-spapr-cpu-core,id=core,core-id=1"
GROWING = Hardware(platform=PPC64EL, memory="1G,slots=1,maxmem=2G", more=("-smp", "1,maxcpus=2"))
MORE = 512 << 20
GROWTH = (
    f"object_add memory-backend-ram,id=more,size={MORE}",
    "device_add pc-dimm,id=piece,memdev=more",
    f"device_add {CORE}",
)
def at_boot(name: str, size: int) -> tuple[str, ...]:
    """A piece of memory that can be taken out."""
    return ("-object", f"memory-backend-ram,id={name}-ram,size={size}", "-device", f"pc-dimm,id={name},memdev={name}-ram")


#: What is taken away was there at the boot; not the last memory, in which the kernel has what it cannot move.
SHRINKING = Hardware(
    platform=PPC64EL,
    memory="1G,slots=2,maxmem=2G",
    more=("-smp", "1,maxcpus=2", "-device", CORE, *at_boot("piece", MORE), *at_boot("last", MORE // 2)),
)


@pytest.fixture(scope="module")
def there(start_vm: StartVM) -> Chain:
    """Two CPUs under the hypervisor that QEMU plays, and the kernel in a zImage as well."""
    tool = rootfs.tool_under_test(PPC64EL)
    try:
        zimage = wrapped.powerpc_zimage(packages.kernel(KERNEL).read_bytes())
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    extra = rootfs.program(cpus.SAUT, tool.parent / "saut", PPC64EL) | {ZIMAGE.lstrip("/"): zimage}
    return cpus.chain(start_vm, (KERNEL,), MACHINE, extra)


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_jump(there: Chain, step: int) -> None:
    """The other CPU comes along, by the way on which it waits."""
    cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"
    cpus.assert_reported(there.vm)


@pytest.mark.full
def test_zimage(there: Chain) -> None:
    """The kernel is taken out of the program that would have asked the firmware."""
    there.running()
    there.vm.check("pack-initrd /run/next.cpio zimage")
    line = f"{base_command_line(PPC64EL)} zimage=1"
    command = f"{rootfs.TOOL} -l {ZIMAGE} --initrd=/run/next.cpio --command-line='{line}'"
    up = there.jump_by(lambda: there.vm.check(command))
    assert (up.nonce, up.cmdline) == ("zimage", line)


def assert_memory_becomes(there: Chain, size: int) -> None:
    """Within a minute."""
    deadline = time.monotonic() + 60
    while cpus.total_memory(there.vm) != size and time.monotonic() < deadline:
        time.sleep(1)
    assert cpus.total_memory(there.vm) == size


@pytest.mark.full
def test_growth(start_vm: StartVM) -> None:
    """A CPU and memory that came after the boot, of which the tree of the boot knows nothing."""
    there = cpus.chain(start_vm, (KERNEL,), GROWING)
    there.running()
    before = cpus.total_memory(there.vm)
    for command in GROWTH:
        there.vm.tell(command)
    there.vm.check("until [ $(grep -c ^processor /proc/cpuinfo) = 2 ]; do sleep 1; done")
    assert_memory_becomes(there, before + MORE)
    cpus.jump(there, Jump(KERNEL, "-c", "grown=1"))
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"


@pytest.mark.full
def test_removal(start_vm: StartVM) -> None:
    """A CPU and memory that the tree of the boot has, and that went before the load.

    The CPU goes as the hypervisor's console has it asked for in the guest: QEMU 7.2 itself dies as it takes one out.
    """
    there = cpus.chain(start_vm, (KERNEL,), SHRINKING)
    there.running()
    before = cpus.total_memory(there.vm)
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"
    there.vm.check("echo cpu remove index 0x10000001 >/sys/kernel/dlpar")
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "1\n"
    there.vm.tell("device_del piece")
    assert_memory_becomes(there, before - MORE)
    cpus.jump(there, Jump(KERNEL, "-c", "shrunk=1"))
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "1\n"


@pytest.mark.full
def test_fault() -> None:
    """An instruction that no CPU knows: the hypervisor's terminal has it."""
    cpus.damage_is_found(PPC64EL, KERNEL, MACHINE, cpus.BREAKING, cpus.FAULTED % 0x700)


@pytest.mark.full
def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(PPC64EL, KERNEL, MACHINE)
