# SPDX-License-Identifier: LGPL-2.1-or-later
"""UNBIND: a driver's device is taken from it before the jump, and given back where there was none.

A seccomp filter makes reboot(2) fail, the one refusal that nobody can see coming.
"""

from __future__ import annotations

import pytest
import rootfs
from conftest import StartVM
from machine import VM, default_tree

pytestmark = pytest.mark.usefixtures("ours")

DEVICES = "cd /sys/bus/virtio/drivers/virtio_rng && ls -d virtio*"
#: The link from the driver to its device: a new one each time that they come together.
LINK = "stat -c %i /sys/bus/virtio/drivers/virtio_rng/virtio*"
JUMP = "/sbin/saut service jump --style=openrc"


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with a driver that is to be unbound."""
    tree = default_tree() | rootfs.program("/sbin/saut", rootfs.saut()) | rootfs.modules("virtio-rng", ("6.12",))
    machine = start_vm("6.12", tree=tree, devices=("virtio-rng-pci",))
    machine.boot()
    machine.check("insmod /modules/$(uname -r)/virtio-rng.ko")
    machine.check(DEVICES)
    machine.check("mkdir -p /etc && echo 'UNBIND=\"nvidia virtio_rng\"' >/etc/kexec.conf")
    return machine


def test_a_refused_jump_gives_the_device_back(vm: VM) -> None:
    """It was another binding before: the device was unbound meanwhile."""
    vm.load("-c", "6.12", nonce="never")
    device, link = vm.check(DEVICES).strip(), vm.check(LINK)
    reply = vm.run(f"stamp without-jump {JUMP}")
    assert reply.rc != 0
    assert f"{device} is unbound from virtio_rng" in reply.stdout
    assert "Input/output error" in reply.stderr
    assert "the drivers have their devices again" in reply.stderr
    assert vm.check(DEVICES).strip() == device
    assert vm.check(LINK) != link


def test_a_driver_that_cannot_be_unbound_forbids_the_jump(vm: VM) -> None:
    """What is a part of the kernel, and drives no device itself, cannot go; what was unbound before it is back."""
    link = vm.check(LINK)
    vm.check("echo 'UNBIND=\"virtio_rng rng_core\"' >/etc/kexec.conf")
    reply = vm.run(JUMP)
    vm.check("echo 'UNBIND=\"nvidia virtio_rng\"' >/etc/kexec.conf")
    assert reply.rc != 0
    assert "rng_core" in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert vm.check(LINK) != link


def test_it_is_unbound_before_the_jump(vm: VM) -> None:
    """The console shows it last, and the next kernel runs."""
    device = vm.check(DEVICES).strip()
    nonce = vm.load("-c", "6.12")
    up = vm.execute(f"{JUMP} >/dev/console")
    assert up.nonce == nonce
    assert f"{device} is unbound from virtio_rng" in vm.console.tail()
