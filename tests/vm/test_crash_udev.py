# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's udev and systemd have a crash kernel loaded again where the running kernel tells it of no CPU."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
import reboots
import systems
from reboots import Added

pytestmark = pytest.mark.full

GROWING = ("-smp", "1,maxcpus=3,sockets=3,cores=1,threads=1")


def test_two_cpus_are_one_load(tmp_path: Path) -> None:
    """Of what saut has loaded; what kexec has is left to whoever called it."""
    with ExitStack() as running:
        vm = reboots.starter(systems.SYSTEMD_GRUB, ("systemd",), running, tmp_path, added=Added(options=GROWING))()
        vm.passage("saut reboot --no-come-back --append=crashkernel=192M")
        vm.check("systemctl unmask systemd-udevd.service && systemctl start systemd-udevd.service")
        vm.check("saut crash load")
        before = vm.check("grep ^LOADED= /run/saut/crash")
        for name, socket in (("second", 1), ("third", 2)):
            vm.tell(f"device_add max-x86_64-cpu,id={name},socket-id={socket},core-id=0,thread-id=0")
        vm.check("until [ -e /sys/devices/system/cpu/cpu2 ]; do sleep 0.2; done")
        vm.check("until systemctl is-active -q saut-crash-reload || systemctl show -P ActiveState saut-crash-reload | grep -q activating; do sleep 0.2; done")
        vm.check("while systemctl show -P ActiveState saut-crash-reload | grep -q activating; do sleep 0.5; done")
        assert vm.check("systemctl show -P Result saut-crash-reload").strip() == "success"
        assert vm.check("grep ^LOADED= /run/saut/crash") != before
        assert vm.check("grep ^LOADED_BY= /run/saut/crash").strip() == "LOADED_BY=saut"
        done = vm.check("journalctl -b -o cat -u saut-crash-reload.service | grep -c ' is loaded: a panic' || true")
        assert int(done) == 1
