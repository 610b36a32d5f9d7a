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
from reboots import Case, Stand

SERVICES = ("openrc", "kernel-hooks")
OLD, NEW = "6.1", "6.12"
OLD_KERNEL = f"vmlinuz-{packages.kernel_release(OLD)}"
NEW_KERNEL = f"vmlinuz-{packages.kernel_release(NEW)}"
OLD_INITRD = f"initrd.img-{packages.kernel_release(OLD)}"
NEW_RELEASE = packages.kernel_release(NEW)
NEW_INITRD = f"initrd.img-{packages.kernel_release(NEW)}"

RESTART = "rc-service kexec restart"
#: What a package's scripts call.
INSTALLED = "$(find /usr -path '*/saut/kernel-changed')"


def settings(*lines: str) -> str:
    """A command that writes /etc/conf.d/kexec."""
    return f"printf '%s\\n' {' '.join(repr(line) for line in lines)} >/etc/conf.d/kexec"


def on_boot(command: str) -> str:
    """Something done to the partition of /boot."""
    return f"mount /boot && {command}; umount /boot"


AT_START = 'LOAD_DURING_SHUTDOWN="no"'
LOADED = "grep -q 1 /sys/kernel/kexec_loaded"
#: Of how the machine went down, which is below /var.
LEFT_A_RECORD = """saut status --json | tr -d '\\n' | grep -q '"last_reboot": *{'"""
#: Where a case puts away what shall not be on /boot.
AWAY = "/boot/away"
PUT_BACK = on_boot(f"{{ ! [ -d {AWAY} ] || {{ mv {AWAY}/* /boot && rmdir {AWAY}; }}; }}")
#: In its runlevel, without settings, started, and both kernels with their initrds on /boot.
STAGE = (
    f"rm -f /nokexec && {PUT_BACK} && {settings('')} && "
    f"{{ rc-update add kexec boot; {RESTART}; }}"
)


def without(name: str) -> str:
    """A command that takes a file from /boot."""
    return on_boot(f"mkdir {AWAY} && mv /boot/{name} {AWAY}")


#: The page that this project began with, with its kernel's name.
BY_HAND = (
    "mount -v /boot && "
    f"kexec -l /boot/{OLD_KERNEL} --reuse-cmdline --initrd=/boot/{OLD_INITRD} && "
    "umount -v /boot"
)
BY_FIRMWARE = Case(
    "unloaded by hand",
    None,
    "kexec -u",
    reboot="shutdown -r now",
    status="an unload was asked for by hand",
    then=Case("after it", NEW),
)

LONG = (
    Case("page: loaded by hand", OLD, BY_HAND),
    Case("page: stopped and unloaded", None, "/etc/init.d/kexec stop && kexec -u"),
    Case(
        "loaded and unloaded",
        None,
        f"{BY_HAND} && kexec -u",
        reboot="shutdown -r now",
        status="the loaded kernel was unloaded by hand",
    ),
    Case("unloaded, then loaded", OLD, f"kexec -u && {BY_HAND}"),
    Case("unloaded, then started", NEW, f"kexec -u && {RESTART}"),
    Case("unloaded, then a kernel is installed", None, f"kexec -u && {INSTALLED}"),
    Case("unloaded, then saut reboot", None, "kexec -u", reboot="saut reboot"),
    Case(
        "unloaded, then an entry is asked for",
        OLD,
        "kexec -u",
        reboot=f"saut reboot --entry {packages.kernel_release(OLD)}",
    ),
    Case(
        "loaded by hand, then a kernel is installed",
        OLD,
        f"{settings(AT_START)} && {RESTART} && {BY_HAND} && {INSTALLED}",
    ),
    Case("again", NEW, then=Case("and again", NEW)),
    Case(
        "loaded-at-start",
        OLD,
        f"{settings(AT_START, f'KNAME={OLD_KERNEL}')} && {RESTART} && {LOADED}",
    ),
    # A boot is not kept waiting for it.
    Case(
        "loaded-behind-the-boot",
        NEW,
        f"{settings(AT_START)} && {RESTART}",
        then=Case("by itself", NEW, f"for i in $(seq 100); do {LOADED} && break; sleep 1; done"),
    ),
    # Debian's, which udev has started there, and which makes the root read-only before others are stopped.
    Case(
        "umountroot, loaded-at-start",
        NEW,
        f"{settings(AT_START)} && {RESTART} && {LOADED} && rc-service umountroot start",
        after=LEFT_A_RECORD,
    ),
    Case("umountroot", NEW, "rc-service umountroot start", after=LEFT_A_RECORD),
    # The service loads when it starts, and only then.
    Case("unloaded", None, f"{settings(AT_START)} && {RESTART} && {LOADED} && kexec -u"),
    Case(
        "stopped",
        None,
        "/etc/init.d/kexec stop",
        then=Case("started by the runlevel", NEW),
    ),
    Case("switched-off", None, settings("REBOOT_BY_KEXEC=no"), status="REBOOT_BY_KEXEC"),
    Case("no-kernel-wanted", None, settings('KNAME="-"')),
    Case(
        "nokexec-once",
        None,
        ": >/nokexec",
        after="! [ -e /nokexec ]",
        then=Case("after it", NEW),
    ),
    # A service that could not start at boot is not stopped at a reboot, and loads nothing then.
    Case(
        "wrong-name",
        None,
        f"{settings('KNAME=nothing-such')} && ! {RESTART}",
        console="nothing-such",
        status="nothing-such",
    ),
    Case(
        "wrong-words",
        None,
        settings('KEXEC_OPT_ARGS="--no-such-option"'),
        console="no-such-option",
        status="no-such-option",
    ),
    Case(
        "initrd-missing",
        None,
        settings(f"KNAME={NEW_KERNEL}", "INITRD=nothing-such"),
        console="nothing-such",
        status="nothing-such",
    ),
    # Half installed: the newest kernel has no initrd yet.
    Case("initrd-not-yet", OLD, without(NEW_INITRD)),
    Case(
        "removed-after-loading",
        NEW,
        f"{settings(AT_START)} && {RESTART} && {without(NEW_KERNEL)}",
    ),
    Case("saut-reboot", OLD, reboot=f"saut reboot --entry {packages.kernel_release(OLD)}"),
    Case("saut-reboot-firmware", None, reboot="saut reboot --firmware"),
)


@pytest.fixture(scope="module")
def gentoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """sysvinit's init and OpenRC, where `reboot -k` is the last line of the shutdown."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("openrc")
        yield Stand(reboots.starter(systems.OPENRC, SERVICES, running, folder), STAGE)


@pytest.fixture(scope="module")
def own_init(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """openrc-init as process 1."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("openrc-init")
        stage = f"rc-update add kexec boot; rc-update add kexec-jump shutdown; {RESTART}"
        yield Stand(reboots.starter(systems.OPENRC_INIT, SERVICES, running, folder), stage)


def test_enabled(gentoo: Stand) -> None:
    """One command, and the next reboot goes by kexec, into the newest kernel on /boot."""
    vm = gentoo.vm
    vm.check("rc-update add kexec boot && rc-service kexec start")
    assert NEW_KERNEL in vm.check("rc-service kexec status")
    assert "/boot" not in vm.check("cat /proc/mounts")
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    # It is not loaded yet, and what is by hand is named where that is.
    assert f"will load Linux {packages.kernel_release(NEW)}" in vm.check("rc-service kexec status").splitlines()[0]
    vm.check(f"mount /boot && kexec -l /boot/{OLD_KERNEL} --initrd=/boot/{OLD_INITRD} --reuse-cmdline; umount /boot")
    told = vm.check("rc-service kexec status")
    assert f"will jump by kexec into Linux {packages.kernel_release(OLD)}" in told.splitlines()[0]
    assert "loaded by kexec on" in told and f"by its settings, the service would load: Linux {NEW_RELEASE}" in told
    vm.check("kexec -u && rc-service kexec stop")
    # Nothing loads at shutdown now.
    reply = vm.run("saut status")
    assert reply.rc == 1 and "because: an unload was asked for by hand at " in reply.stdout
    assert "under way" not in reply.stdout
    vm.check("rc-service kexec start")
    reboots.perform(vm, Case("enabled", NEW))
    assert "/boot" not in vm.check("cat /proc/mounts")


@pytest.mark.full
def test_an_unload_by_hand(gentoo: Stand) -> None:
    """With the default settings a kernel would be loaded on the way down: `kexec -u; shutdown -r now`."""
    gentoo.perform(BY_FIRMWARE)


@pytest.mark.full
@pytest.mark.parametrize("case", LONG, ids=lambda case: case.name)
def test_reboot(gentoo: Stand, case: Case) -> None:
    """How each reboot goes."""
    gentoo.perform(case)


#: The README's words.
ENABLE_WITH_OWN_INIT = (
    "rc-update add kexec boot && rc-service kexec start && rc-update add kexec-jump shutdown"
)
#: Under OpenRC's own init.
BY_ITSELF = "openrc-shutdown --reboot now"
OWN_INIT = (
    Case("saut-reboot", OLD, reboot=f"saut reboot --entry {packages.kernel_release(OLD)}"),
    Case("stopped", None, "/etc/init.d/kexec stop", reboot=BY_ITSELF),
    Case("saut-reboot-firmware", None, reboot="saut reboot --firmware"),
)


@pytest.mark.full
def test_enabled_under_own_init(own_init: Stand) -> None:
    """The same where process 1 never uses a loaded kernel by itself."""
    own_init.vm.check(ENABLE_WITH_OWN_INIT)
    reboots.perform(own_init.vm, Case("enabled", NEW, reboot=BY_ITSELF))


@pytest.mark.full
@pytest.mark.parametrize("case", OWN_INIT, ids=lambda case: case.name)
def test_reboot_under_own_init(own_init: Stand, case: Case) -> None:
    """How each reboot goes there."""
    own_init.perform(case)
