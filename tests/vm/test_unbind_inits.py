# SPDX-License-Identifier: LGPL-2.1-or-later
"""UNBIND where an init's own last step is the jump: behind all services, and with no jump where it cannot be done."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import packages
import pytest
import reboots
import systems

NEW = "6.12"
NEW_RELEASE = packages.kernel_release(NEW)

#: What every PC has a device for; the next kernel finds it as it was.
DEVICE = "ls -d /sys/bus/pnp/drivers/rtc_cmos/0*"
UNBIND = 'UNBIND="nvidia rtc_cmos"'
#: A part of the kernel that drives nothing cannot be unloaded.
REFUSES = 'UNBIND="rtc_cmos printk"'

ENABLE = "rc-update add kexec boot && rc-service kexec start"
#: Its stop tells whether the device is bound; by its name alone OpenRC would stop it behind ours.
DISPLAY = (
    "printf '%s\\n' '#!/sbin/openrc-run' 'depend() { need localmount; }' 'start() { return 0; }' "
    f"'stop() {{ echo display: $({DEVICE}); }}' >/etc/init.d/display && chmod 755 /etc/init.d/display && "
    "rc-update add display default && rc-service display start"
)


def settings(unbind: str) -> str:
    """A command that has this unbound, and sends all that the kernel's log gets to the console."""
    lines = f"'KNAME=vmlinuz-{NEW_RELEASE}' '{unbind}'"
    return f"printf '%s\\n' {lines} >/etc/conf.d/kexec && echo 8 >/proc/sys/kernel/printk"


@pytest.mark.full
def test_openrc_with_the_init_of_sysvinit(tmp_path: Path) -> None:
    """`reboot -k` jumps by itself: the console shows it before, and the next kernel finds the device as it was."""
    with ExitStack() as running:
        vm = reboots.starter(systems.OPENRC, ("openrc",), running, tmp_path)()
        vm.check(f"{DEVICE} && {settings(UNBIND)} && {ENABLE} && {DISPLAY}")
        passage = vm.passage("reboot")
        assert passage.by_kexec and passage.after.uname == NEW_RELEASE, passage.console
        assert "saut: 00:0" in passage.console and "is unbound from rtc_cmos" in passage.console, passage.console
        last = passage.console.index("display: /sys/bus/pnp/drivers/rtc_cmos/00:0")
        assert passage.console.index("is unbound from rtc_cmos") > last, passage.console
        vm.check(f"{DEVICE} && {settings(REFUSES)}")
        assert vm.passage("reboot").by_firmware
        assert "printk" in vm.run("saut status").stdout
        vm.check(DEVICE)


#: As the README has it.
SYSVINIT = "update-rc.d kexec-load defaults && update-rc.d kexec defaults"
WANTED = f"printf '%s\\n' LOAD_KEXEC=true ENTRY={NEW_RELEASE} '{UNBIND}' >/etc/default/kexec"


@pytest.mark.full
def test_sysvinit(tmp_path: Path) -> None:
    """The script's own words are on the console, though startpar keeps those of scripts until they have ended."""
    with ExitStack() as running:
        vm = reboots.starter(systems.SYSVINIT, ("sysvinit",), running, tmp_path)()
        vm.check(f"{DEVICE} && {WANTED} && {SYSVINIT}")
        passage = vm.passage("reboot")
        assert passage.by_kexec and passage.after.uname == NEW_RELEASE, passage.console
        said = passage.console.split("Jumping into the loaded kernel\n")[1]
        assert said.startswith("00:0") and "is unbound from rtc_cmos" in said.splitlines()[0], passage.console
        vm.check(DEVICE)
