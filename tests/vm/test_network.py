# SPDX-License-Identifier: LGPL-2.1-or-later
"""The network of a machine that was about to jump and did not: it must be as it was.

A seccomp filter makes reboot(2) fail, the one refusal that nobody can see coming.
"""

from __future__ import annotations

import time

import pytest
import rootfs
from conftest import StartVM
from machine import VM, default_tree

pytestmark = pytest.mark.usefixtures("ours")

#: A pair of interfaces that are each other's cable, with routes of both protocols over one.
NETWORK = (
    "ip link add eth0 type veth",
    "ip link set veth0 up",
    "ip link set eth0 up",
    "ip addr add 192.0.2.2/24 dev eth0",
    "ip -6 addr add 2001:db8::2/64 dev eth0",
    "ip route add default via 192.0.2.1 metric 50",
    "ip route add 198.51.100.0/24 via 192.0.2.9",
    "ip -6 route add default via 2001:db8::1 metric 50",
)

VIEWS = ("ip -o link", "ip -o addr", "ip route", "ip -6 route")


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with a network, and a kernel loaded."""
    machine = start_vm("6.12", tree=default_tree() | rootfs.program("/sbin/saut", rootfs.saut())
                       | rootfs.modules("veth", ("6.12",)))
    machine.boot()
    machine.check("insmod /modules/$(uname -r)/veth.ko")
    for command in NETWORK:
        machine.check(command)
    return machine


def seen(vm: VM) -> list[list[str]]:
    """What the machine says of its network, after all addresses were checked for duplicates."""
    for _ in range(50):
        if "tentative" not in vm.check("ip -o addr"):
            break
        time.sleep(0.1)
    return [sorted(vm.check(view).splitlines()) for view in VIEWS]


def test_nothing_loaded_is_seen_before(vm: VM) -> None:
    """Nothing is touched for a jump into nothing."""
    before = seen(vm)
    reply = vm.run(f"{rootfs.TOOL} -e")
    assert reply.rc == 1
    assert "no kernel is loaded" in reply.stderr
    assert "network" not in reply.stderr
    assert seen(vm) == before


def test_a_kernel_without_kexec_is_seen_before(vm: VM) -> None:
    """Nor where the running kernel cannot jump at all."""
    before = seen(vm)
    reply = vm.run(f"stamp without-calls {rootfs.TOOL} -e")
    assert reply.rc == 255
    assert "neither kexec_load nor kexec_file_load" in reply.stderr
    assert "-c" not in reply.stderr
    assert seen(vm) == before


def test_without_sys_the_call_itself_refuses(vm: VM) -> None:
    """What is loaded cannot be told then: kexec-tools' exit code, and the network comes back."""
    before = seen(vm)
    reply = vm.run(f"umount /sys/kernel/security; umount /sys && {rootfs.TOOL} -e; rc=$?;"
                   " mount -t sysfs sysfs /sys; mount -t securityfs securityfs /sys/kernel/security;"
                   " exit $rc")
    assert reply.rc == 255
    assert "up again as it was" in reply.stderr
    assert seen(vm) == before


@pytest.mark.parametrize("command", [f"{rootfs.TOOL} -e", "/sbin/saut service jump --style=openrc"])
def test_a_refused_jump_gives_the_network_back(vm: VM, command: str) -> None:
    """reboot(2) fails after all was asked: interfaces, addresses and routes are as before."""
    vm.load("-c", "6.12", nonce="never")
    before = seen(vm)
    assert any("default via 2001:db8::1" in line for line in before[3])
    reply = vm.run(f"stamp without-jump {command}")
    assert reply.rc != 0
    assert "Input/output error" in reply.stderr
    assert "the network was taken down for it, and is up again as it was" in reply.stderr
    assert seen(vm) == before


def test_x_leaves_the_network_alone(vm: VM) -> None:
    """-x: no interface is touched, and nothing is said of one."""
    reply = vm.run(f"stamp without-jump {rootfs.TOOL} -e -x")
    assert reply.rc == 255
    assert "network" not in reply.stderr
