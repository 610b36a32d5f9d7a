# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same under OpenRC and sysvinit, whose boot services load while the machine goes down.

Their machines have a watchdog, and nobody asks for the trial: it is what happens by default. Under sysvinit
GRUB's default is the kernel that is tried, where a reset would lead again; under OpenRC /boot is not mounted, and
GRUB is told nothing.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import packages
import pytest
import reboots
import systems
from disk_machine import DiskVM
from reboots import Added
from systems import System
from test_come_back import REFUSES
from test_come_back_hang import I6300ESB, modules, trial, wait_for

OLD, NEW = "6.1", "6.12"
OLD_RELEASE = packages.kernel_release(OLD)
NEW_RELEASE = packages.kernel_release(NEW)

WITHIN = 90
#: Behind what the watchdog counts at most: nothing would keep a machine that it still runs on.
PAST_IT = WITHIN + 60


@dataclass(frozen=True)
class Init:
    """How its boot services are enabled, with the newer kernel on trial."""

    system: System
    service: str
    enable: str
    #: GRUB can be told to boot an entry once.
    tells_grub: bool


OPENRC = Init(
    systems.OPENRC,
    "openrc",
    "rc-update add kexec boot && rc-service kexec start && rc-update add saut-confirm default && "
    "rc-service saut-confirm start && "
    f"printf 'COME_BACK_WITHIN={WITHIN}\\nKNAME=vmlinuz-{NEW_RELEASE}\\n' >/etc/conf.d/kexec",
    False,
)
SYSVINIT = Init(
    systems.SYSVINIT,
    "sysvinit",
    "update-rc.d kexec-load defaults && update-rc.d kexec defaults && update-rc.d saut-confirm defaults && "
    "/etc/init.d/saut-confirm start && "
    f"printf 'LOAD_KEXEC=true\\nCOME_BACK_WITHIN={WITHIN}\\nENTRY={NEW_RELEASE}\\n' "
    ">/etc/default/kexec",
    True,
)


def machine_of(init: Init, running: ExitStack, folder: Path) -> DiskVM:
    """Runs, with a watchdog and its drivers, and with the boot services enabled."""
    added = Added(modules("watchdog", "i6300esb").files, I6300ESB)
    vm = reboots.starter(init.system, (init.service,), running, folder, added=added)()
    vm.check(f"depmod {OLD_RELEASE} && depmod {NEW_RELEASE} && {init.enable} && mkdir -p /etc/saut/good.d")
    return vm


GRUBENV = "/boot/grub/grubenv"
DEFAULT_IS_NEW = f"sed -i 's/^saved_entry=.*/saved_entry=linux-{NEW}/' {GRUBENV} && truncate -s 1024 {GRUBENV}"


@pytest.mark.full
@pytest.mark.parametrize("init", [OPENRC, SYSVINIT], ids=lambda init: init.service)
def test_good_and_bad(init: Init, tmp_path: Path) -> None:
    """Confirmed where it is good, and left through the firmware, into the old kernel, where it is not."""
    with ExitStack() as running:
        vm = machine_of(init, running, tmp_path)
        if init.tells_grub:
            vm.check(DEFAULT_IS_NEW)
        passage = vm.passage("reboot")
        assert passage.by_kexec and passage.after.uname == NEW_RELEASE
        assert "mount /\n" in vm.check("cat /var/lib/saut/before")
        wait_for(vm, "confirmed")
        said = trial(vm)
        assert said["reason"] == "all is as before the jump" and said["watchdog"] == "i6300esb"
        vm.check("until [ $(cat /sys/class/watchdog/watchdog0/state) = inactive ]; do sleep 1; done")
        assert vm.run(f"grep next_entry=. {GRUBENV}").rc != 0
        vm.check(f"until [ $(cut -d. -f1 /proc/uptime) -ge {PAST_IT} ]; do sleep 5; done")
        assert vm.check("cat /proc/sys/kernel/random/boot_id").strip() == passage.after.nonce
        assert "came up and was confirmed after" in vm.run("saut status").stdout
        assert vm.passage(f"saut reboot --entry={OLD_RELEASE} --no-come-back").after.uname == OLD_RELEASE
        vm.check(REFUSES)
        assert vm.passage("reboot").after.uname == NEW_RELEASE
        vm.up = vm.wait_up()
        assert vm.up.uname == OLD_RELEASE
        said = trial(vm)
        assert said["outcome"] == "refused"
        assert "/etc/saut/good.d/database ended with exit code 3" in str(said["reason"])
        assert "came up and was refused after" in vm.run("saut status").stdout
        assert vm.run(f"grep next_entry=. {GRUBENV}").rc != 0
        # An ordinary reboot does not jump into it again.
        passage = vm.passage("reboot")
        assert passage.by_firmware
        assert "failed" in vm.run("saut status").stdout
