# SPDX-License-Identifier: LGPL-2.1-or-later
"""OpenRC reboots by kexec: under sysvinit with Gentoo's inittab, and under its own init.

/boot is a partition of its own that is not mounted, as Gentoo's handbook has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import packages
import pytest
import reboots
import systems
from disk_machine import DiskVM
from reboots import Case

SERVICES = ("openrc", "kernel-hooks")
OLD, NEW = "6.1", "6.12"
OLD_KERNEL = f"vmlinuz-{packages.kernel_release(OLD)}"
NEW_KERNEL = f"vmlinuz-{packages.kernel_release(NEW)}"
NEW_INITRD = f"initrd.img-{packages.kernel_release(NEW)}"

RESTART = "rc-service kexec restart"


def settings(*lines: str) -> str:
    """A command that writes /etc/conf.d/kexec."""
    return f"printf '%s\\n' {' '.join(repr(line) for line in lines)} >/etc/conf.d/kexec"


def on_boot(command: str) -> str:
    """Something done to the partition of /boot."""
    return f"mount /boot && {command}; umount /boot"


AT_START = 'LOAD_DURING_SHUTDOWN="no"'
# A service that could not start at boot is not stopped at a reboot, and loads nothing then.
DEFAULTS = f"{settings('')} && {RESTART}"

#: Each in its turn; what one leaves is what the next one finds.
LONG = (
    Case("again", NEW),
    Case(
        "loaded-at-start",
        OLD,
        f"{settings(AT_START, f'KNAME={OLD_KERNEL}')} && {RESTART} && "
        "grep -q 1 /sys/kernel/kexec_loaded",
    ),
    # LOAD_DURING_SHUTDOWN is still no: the service has loaded when it started.
    Case("unloaded", None, "grep -q 1 /sys/kernel/kexec_loaded && kexec -u"),
    Case("stopped", None, "/etc/init.d/kexec stop", after=DEFAULTS),
    Case("started-by-the-runlevel", NEW),
    Case(
        "switched-off",
        None,
        settings("REBOOT_BY_KEXEC=no"),
        status="REBOOT_BY_KEXEC",
        after=DEFAULTS,
    ),
    Case("no-kernel-wanted", None, settings('KNAME="-"'), after=DEFAULTS),
    Case("nokexec-once", None, ": >/nokexec", after="! [ -e /nokexec ]"),
    Case("after-nokexec", NEW),
    Case(
        "wrong-name",
        None,
        f"{settings('KNAME=nothing-such')} && ! {RESTART}",
        console="nothing-such",
        status="nothing-such",
        after=DEFAULTS,
    ),
    Case(
        "wrong-words",
        None,
        settings('KEXEC_OPT_ARGS="--no-such-option"'),
        console="no-such-option",
        status="no-such-option",
        after=DEFAULTS,
    ),
    Case(
        "initrd-missing",
        None,
        settings(f"KNAME={NEW_KERNEL}", "INITRD=nothing-such"),
        console="nothing-such",
        status="nothing-such",
        after=DEFAULTS,
    ),
    # Half installed: the newest kernel has no initrd yet.
    Case(
        "initrd-not-yet",
        OLD,
        on_boot(f"mv /boot/{NEW_INITRD} /boot/later"),
        after=on_boot(f"mv /boot/later /boot/{NEW_INITRD}"),
    ),
    Case(
        "removed-after-loading",
        NEW,
        f"{settings(AT_START)} && {RESTART} && {on_boot(f'mv /boot/{NEW_KERNEL} /boot/gone')}",
        after=f"{on_boot(f'mv /boot/gone /boot/{NEW_KERNEL}')}; {DEFAULTS}",
    ),
    Case("saut-reboot", OLD, reboot=f"saut reboot --entry {packages.kernel_release(OLD)}"),
    Case("saut-reboot-firmware", None, reboot="saut reboot --firmware"),
)


@pytest.fixture(scope="module")
def gentoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiskVM]:
    """sysvinit's init and OpenRC, where `reboot -k` is the last line of the shutdown."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("openrc")
        yield reboots.start(systems.OPENRC, SERVICES, running, folder)


@pytest.fixture(scope="module")
def own_init(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiskVM]:
    """openrc-init as process 1."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("openrc-init")
        yield reboots.start(systems.OPENRC_INIT, SERVICES, running, folder)


def test_enabled(gentoo: DiskVM) -> None:
    """One command, and the next reboot goes by kexec, into the newest kernel on /boot."""
    gentoo.check("rc-update add kexec boot && rc-service kexec start")
    assert NEW_KERNEL in gentoo.check("rc-service kexec status")
    assert "/boot" not in gentoo.check("cat /proc/mounts")
    assert gentoo.check("cat /sys/kernel/kexec_loaded") == "0\n"
    reboots.perform(gentoo, Case("enabled", NEW))
    assert "/boot" not in gentoo.check("cat /proc/mounts")


@pytest.mark.full
@pytest.mark.parametrize("case", LONG, ids=lambda case: case.name)
def test_reboot(gentoo: DiskVM, case: Case) -> None:
    """How each reboot goes."""
    reboots.perform(gentoo, case)


#: Under OpenRC's own init.
BY_ITSELF = "openrc-shutdown --reboot now"
OWN_INIT = (
    Case("saut-reboot", OLD, reboot=f"saut reboot --entry {packages.kernel_release(OLD)}"),
    Case("stopped", None, "/etc/init.d/kexec stop", reboot=BY_ITSELF),
    Case("saut-reboot-firmware", None, reboot="saut reboot --firmware"),
)


@pytest.mark.full
def test_enabled_under_own_init(own_init: DiskVM) -> None:
    """The same where process 1 never uses a loaded kernel by itself."""
    own_init.check("rc-update add kexec boot && rc-service kexec start")
    reboots.perform(own_init, Case("enabled", NEW, reboot=BY_ITSELF))


@pytest.mark.full
@pytest.mark.parametrize("case", OWN_INIT, ids=lambda case: case.name)
def test_reboot_under_own_init(own_init: DiskVM, case: Case) -> None:
    """How each reboot goes there."""
    reboots.perform(own_init, case)
