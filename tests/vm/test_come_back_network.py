# SPDX-License-Identifier: LGPL-2.1-or-later
"""A next kernel that is up and cannot be reached: it is refused, and the machine is back under the old one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import packages
import pytest
import reboots
import systems
from disk_machine import DiskVM
from reboots import Stand
from trials import BY_HAND, NEW_RELEASE, STAGE, refused, staged, wait_for

MODULES = ("failover", "net_failover", "virtio_net")
FOLDER = "usr/lib/saut-test/network"
#: Behind a hub, so that the gateway can go and leave the card its carrier.
CARD = (
    *("-netdev", "user,id=gateway,ipv6=off", "-netdev", "hubport,id=left,hubid=0,netdev=gateway"),
    *("-netdev", "hubport,id=right,hubid=0", "-device", "virtio-net-pci,netdev=right,id=card"),
)

#: As an init brings a network up, by the modules of its kernel; it ends well whatever comes of that.
UP = f"""#!/bin/busybox sh
for module in /{FOLDER}/$(uname -r)/*.ko; do
	busybox insmod $module
done
card=$(busybox basename /sys/class/net/e*)
busybox ip link set $card up && busybox ip address add 10.0.2.15/24 dev $card &&
	busybox ip route add default via 10.0.2.2
exit 0
"""
UNIT = f"""[Unit]
DefaultDependencies=no
Before=basic.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/{FOLDER}/up
[Install]
WantedBy=basic.target
"""


def add_network(root: Path) -> None:
    """The card's driver for both kernels, and what uses it."""
    for number, name in enumerate(MODULES):
        for version in packages.KERNELS:
            folder = root / FOLDER / packages.kernel_release(version)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}-{name}.ko").write_bytes(packages.module(version, name))
    script = root / FOLDER / "up"
    script.write_text(UP)
    script.chmod(0o755)
    units = root / "etc/systemd/system"
    (units / "basic.target.wants").mkdir(parents=True, exist_ok=True)
    (units / "network-card.service").write_text(UNIT)
    (units / "basic.target.wants/network-card.service").symlink_to("../network-card.service")


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with a card whose gateway answers."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("network")
        added = reboots.Added(add_network, CARD)
        start = reboots.starter(systems.SYSTEMD_GRUB, ("systemd",), running, folder, added=added)
        yield Stand(start, STAGE)


@pytest.fixture
def vm(stand: Stand) -> DiskVM:
    """The machine under the old kernel, whatever a test before has left."""
    return staged(stand)


def jump(vm: DiskVM, between: str = "") -> None:
    """Into the newer kernel, which comes up; @between is done to the machine while no kernel runs."""
    # The last thing that a kernel says; not to a console that is quiet.
    vm.check("echo 6 >/proc/sys/kernel/printk")
    vm.send(BY_HAND)
    if between:
        vm.wait_console("Starting new kernel")
        vm.tell(between)
    vm.up = vm.wait_up()
    assert vm.up.uname == NEW_RELEASE


@pytest.mark.full
def test_a_network_that_works_is_confirmed(vm: DiskVM) -> None:
    """Carrier, the default route, and a gateway that answers are held against the next boot."""
    jump(vm)
    before = vm.check("cat /var/lib/saut/before")
    assert "\nlink 52:54:00:" in before and "\nanswers4 10.0.2.2" in before, before
    assert wait_for(vm, "confirmed")["reason"] == "all is as before the jump"


@pytest.mark.full
def test_one_without_the_cards_driver_comes_back(vm: DiskVM) -> None:
    """The system is up, and nobody could reach it."""
    vm.check(f"mv /{FOLDER}/{NEW_RELEASE} /root")
    jump(vm)
    reason = refused(vm)
    vm.check(f"mv /root/{NEW_RELEASE} /{FOLDER}")
    assert re.fullmatch("the network card 52:54:00:.* has no carrier", reason)


@pytest.mark.full
def test_one_without_carrier_comes_back(vm: DiskVM) -> None:
    """The card is there, and its link is down."""
    jump(vm, "set_link card off")
    assert vm.check("cat /sys/class/net/e*/carrier") == "0\n"
    reason = refused(vm)
    vm.tell("set_link card on")
    assert re.fullmatch("the network card 52:54:00:.* has no carrier", reason)


@pytest.mark.full
def test_one_whose_gateway_is_silent_comes_back(vm: DiskVM) -> None:
    """The link is up, and nobody answers there."""
    jump(vm, "set_link gateway off")
    assert vm.check("cat /sys/class/net/e*/carrier") == "1\n"
    reason = refused(vm)
    vm.tell("set_link gateway on")
    assert re.fullmatch("the gateway 10.0.2.2 .*does not answer", reason)
