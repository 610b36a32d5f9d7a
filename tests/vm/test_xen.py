# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Xen's first domain into another kernel: paravirtualised, it cannot jump, and Xen does it."""

from __future__ import annotations

import packages
import pytest
import rootfs
import xen
from conftest import StartVM
from machine import VM, default_tree
from record import read_record

pytestmark = pytest.mark.usefixtures("ours")

KERNEL = rootfs.kernel_path("6.12")


def is_loaded(vm: VM) -> bool:
    """Whether a kernel is loaded, as `kexec --status` has it; the running kernel knows of none."""
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    return vm.run(f"{rootfs.TOOL} --status -l").rc == 1


def refusal(vm: VM, options: str) -> str:
    """What is said of a load that nothing may come of."""
    reply = vm.run(f"{rootfs.TOOL} {options} {KERNEL} --command-line=x")
    assert reply.rc == 255, reply
    return reply.stderr


def leave(vm: VM) -> None:
    """Jumps into Linux on the machine itself, all of whose memory it has."""
    nonce = vm.load()
    up = vm.execute()
    assert (up.uname, up.nonce) == (packages.kernel_release("6.12"), nonce)
    assert not vm.check("ls /sys/hypervisor")
    record = read_record(vm)
    assert record, "the stub has run"
    assert record.check in ("sha256", "crc32c") and record.bytes > 0, "over what Xen has put there"


def test_linux(start_vm: StartVM) -> None:
    """Nothing is tried before Xen can be asked; then it is loaded, replaced, forgotten, entered."""
    with start_vm("6.12", xen.hardware(), default_tree() | xen.tree()) as vm:
        vm.boot()
        xen.enter(vm)
        assert vm.check("cat /sys/hypervisor/guest_type") == "PV\n"
        assert "cannot be asked: /dev/xen/privcmd" in refusal(vm, "-l")
        vm.check(xen.PRIVCMD)
        assert "would crash" in refusal(vm, "-s -l")
        assert "crash kernel" in refusal(vm, "-p")
        assert not is_loaded(vm)
        assert "no kernel is loaded" in vm.run(f"{rootfs.TOOL} -e -f").stderr
        for _ in range(3):
            vm.load()
            assert is_loaded(vm)
        vm.check(f"{rootfs.TOOL} -u")
        assert not is_loaded(vm)
        leave(vm)


@pytest.mark.full
@pytest.mark.parametrize("memory", ["1G", "5G"])
def test_again(start_vm: StartVM, memory: str) -> None:
    """Into Xen from Xen, by either protocol, with room beside the domain, and out of it."""
    with start_vm("6.12", xen.hardware(memory=memory), default_tree() | xen.tree()) as vm:
        vm.boot()
        xen.enter(vm, line="dom0_mem=600M")
        for kind in ("multiboot2-x86", "multiboot-x86"):
            vm.check(xen.PRIVCMD)
            xen.enter(vm, f"-t {kind}", "dom0_mem=600M")
        vm.check(xen.PRIVCMD)
        leave(vm)
