# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd 252 reboots by kexec: with GRUB on a PC's firmware, with systemd-boot on UEFI."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import packages
import pytest
import reboots
import systems
from disk_machine import DiskVM
from reboots import Case

SERVICES = ("systemd", "kernel-hooks")
OLD, NEW = "6.1", "6.12"
OLD_RELEASE = packages.kernel_release(OLD)
NEW_RELEASE = packages.kernel_release(NEW)

LOADED = "grep -q 1 /sys/kernel/kexec_loaded"
#: Before each reboot, whatever the one before has left: the service loads what is booted by default.
FRESH = f"rm -f /etc/kexec.conf && systemctl restart kexec-load.service && {LOADED}"


def settings(*lines: str) -> str:
    """A command that writes /etc/kexec.conf and lets the service read it."""
    words = " ".join(repr(line) for line in lines)
    return f"printf '%s\\n' {words} >/etc/kexec.conf && systemctl restart kexec-load.service"


LONG = (
    Case("entry-chosen", OLD, settings(f"ENTRY={OLD_RELEASE}")),
    Case("systemctl-kexec", NEW, reboot="systemctl kexec"),
    Case("shutdown-r", NEW, reboot="shutdown -r now"),
    Case("by-signal", NEW, reboot="kill -s RTMIN+5 1"),
    Case("unloaded", None, "kexec -u"),
    Case("stopped", None, "systemctl stop kexec-load.service"),
    Case("switched-off", None, settings("REBOOT_BY_KEXEC=no"), status="REBOOT_BY_KEXEC"),
    Case("switched-off-late", None, "echo REBOOT_BY_KEXEC=no >/etc/kexec.conf"),
    Case(
        "wrong-name",
        None,
        f"! {{ {settings('KNAME=nothing-such')}; }} && ! {LOADED}",
        status="nothing-such",
    ),
    Case("nokexec-once", None, ": >/nokexec", "systemctl reboot", after="! [ -e /nokexec ]"),
    Case("saut-reboot", NEW, reboot="saut reboot"),
    Case("saut-reboot-entry", OLD, reboot=f"saut reboot --entry {OLD_RELEASE}"),
    Case("saut-reboot-firmware", None, reboot="saut reboot --firmware"),
    Case("run-is-full", NEW, reboots.FILL_RUN),
)


@pytest.fixture(scope="module")
def grub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiskVM]:
    """A PC with GRUB."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd")
        yield reboots.start(systems.SYSTEMD_GRUB, SERVICES, running, folder)


@pytest.fixture(scope="module")
def efi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiskVM]:
    """A machine with UEFI and systemd-boot."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd-boot")
        yield reboots.start(systems.SYSTEMD_BOOT, SERVICES, running, folder)


def test_enabled(grub: DiskVM) -> None:
    """One command, and the next `reboot` goes by kexec, into what GRUB would boot."""
    grub.check("systemctl enable --now kexec-load.service")
    assert grub.check("cat /sys/kernel/kexec_loaded") == "1\n"
    # As `grub-set-default` would.
    environment = "/boot/grub/grubenv"
    grub.check(f"sed -i s/linux-6.1/linux-6.12/ {environment} && truncate -s 1024 {environment}")
    grub.check("systemctl reload kexec-load.service")
    reboots.perform(grub, Case("enabled", NEW))


@pytest.mark.full
@pytest.mark.parametrize("case", LONG, ids=lambda case: case.name)
def test_reboot(grub: DiskVM, case: Case) -> None:
    """How each reboot goes."""
    grub.check(FRESH)
    reboots.perform(grub, case, firmware_boots=NEW)


#: Of systemd-boot's entries systemd 252 finds the default one by itself, and has kexec(8) load it.
NO_SERVICE = "systemctl disable --now kexec-load.service"
EFI = (
    Case("systemctl-kexec-loads", NEW, reboot="systemctl kexec"),
    Case("nobody-loads", None),
    Case("saut-reboot-entry", OLD, reboot=f"saut reboot --entry {OLD_RELEASE}"),
    Case("saut-reboot-firmware", None, "saut load", reboot="saut reboot --firmware"),
)


@pytest.mark.full
def test_enabled_with_systemd_boot(efi: DiskVM) -> None:
    """The same under UEFI, into what systemd-boot would boot."""
    efi.check(f"sed -i 's/^default.*/default *-{NEW_RELEASE}.conf/' /boot/loader/loader.conf")
    efi.check("systemctl enable --now kexec-load.service")
    reboots.perform(efi, Case("enabled", NEW))


@pytest.mark.full
@pytest.mark.parametrize("case", EFI, ids=lambda case: case.name)
def test_reboot_with_systemd_boot(efi: DiskVM, case: Case) -> None:
    """How each reboot goes there, without the service."""
    efi.check(NO_SERVICE)
    reboots.perform(efi, case, firmware_boots=NEW)
