# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same under OpenRC and sysvinit, whose boot services load while the machine goes down."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import packages
import pytest
import reboots
import systems
from disk_machine import DiskVM
from systems import System
from test_come_back import REFUSES, trial, wait_for

OLD, NEW = "6.1", "6.12"
OLD_RELEASE = packages.kernel_release(OLD)
NEW_RELEASE = packages.kernel_release(NEW)


@dataclass(frozen=True)
class Init:
    """How its boot services are enabled, with the newer kernel on trial."""

    system: System
    service: str
    enable: str


OPENRC = Init(
    systems.OPENRC,
    "openrc",
    "rc-update add kexec boot && rc-service kexec start && rc-update add saut-confirm default && "
    "rc-service saut-confirm start && "
    f"printf 'COME_BACK=yes\\nCOME_BACK_WITHIN=60\\nKNAME=vmlinuz-{NEW_RELEASE}\\n' >/etc/conf.d/kexec",
)
SYSVINIT = Init(
    systems.SYSVINIT,
    "sysvinit",
    "update-rc.d kexec-load defaults && update-rc.d kexec defaults && update-rc.d saut-confirm defaults && "
    f"printf 'LOAD_KEXEC=true\\nCOME_BACK=yes\\nCOME_BACK_WITHIN=60\\nENTRY={NEW_RELEASE}\\n' >/etc/default/kexec",
)


@pytest.mark.full
@pytest.mark.parametrize("init", [OPENRC, SYSVINIT], ids=lambda init: init.service)
def test_a_check_decides(init: Init, tmp_path: Path) -> None:
    """Confirmed where it is good, and left through the firmware where it is not."""
    with ExitStack() as running:
        start: Callable[[], DiskVM] = reboots.starter(init.system, (init.service,), running, tmp_path)
        vm = start()
        vm.check(f"{init.enable} && mkdir -p /etc/saut/good.d")
        passage = vm.passage("reboot")
        assert passage.by_kexec and passage.after.uname == NEW_RELEASE
        assert "mount /\n" in vm.check("cat /var/lib/saut/before")
        assert wait_for(vm, "confirmed")["reason"] == "all is as before the jump"
        vm.check(REFUSES)
        assert vm.passage("saut reboot --firmware").after.uname == OLD_RELEASE
        assert vm.passage("reboot").after.uname == NEW_RELEASE
        vm.up = vm.wait_up()
        assert vm.up.uname == OLD_RELEASE
        said = trial(vm)
        assert said["outcome"] == "refused"
        assert "/etc/saut/good.d/database ended with exit code 3" in str(said["reason"])
        # An ordinary reboot does not jump into it again.
        passage = vm.passage("reboot")
        assert passage.by_firmware and passage.after.uname == OLD_RELEASE
        assert "failed" in vm.run("saut status").stdout
