# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd 252 reboots by kexec, with GRUB on a PC's firmware."""

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
#: The service loads behind the boot; whoever cannot wait asks for it.
SETTLED = "systemctl start kexec-load.service && " + LOADED


def settings(*lines: str) -> str:
    """A command that writes /etc/kexec.conf and lets the service read it."""
    words = " ".join(repr(line) for line in lines)
    return f"printf '%s\\n' {words} >/etc/kexec.conf && systemctl restart kexec-load.service"


DEFAULTS = "rm -f /etc/kexec.conf && systemctl restart kexec-load.service"

LONG = (
    Case("entry-chosen", OLD, settings(f"ENTRY={OLD_RELEASE}"), after=DEFAULTS),
    Case("shutdown-r", NEW, SETTLED, reboot="shutdown -r now"),
    Case("by-signal", NEW, SETTLED, reboot="kill -s RTMIN+5 1"),
    Case("unloaded", None, f"{SETTLED} && kexec -u"),
    Case("stopped", None, f"{SETTLED} && systemctl stop kexec-load.service"),
    Case(
        "switched-off",
        None,
        settings("REBOOT_BY_KEXEC=no"),
        status="REBOOT_BY_KEXEC",
        after=DEFAULTS,
    ),
    Case("saut-reboot", NEW, reboot="saut reboot"),
    Case("saut-reboot-entry", OLD, reboot=f"saut reboot --entry {OLD_RELEASE}"),
)


@pytest.fixture(scope="module")
def grub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiskVM]:
    """A PC with GRUB."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd")
        yield reboots.start(systems.SYSTEMD_GRUB, SERVICES, running, folder)


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
    reboots.perform(grub, case, firmware_boots=NEW)
