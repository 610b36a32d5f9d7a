# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the firmware or shim was told for its next start is left to them, as their own tools tell it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import packages
import pytest
import reboots
import systems
from reboots import Case, Stand

NEW_RELEASE = packages.kernel_release("6.12")
TOOLS = replace(
    systems.SYSTEMD_BASE,
    packages=(*systems.SYSTEMD_BASE.packages, "systemd-boot", "efibootmgr", "mokutil", "openssl"),
)
SYSTEM = replace(systems.SYSTEMD_BOOT, name="systemd-boot-tools", base=TOOLS)

DRY = f"saut reboot --dry-run; ! saut reboot --dry-run --entry={NEW_RELEASE}"
#: A request of mokutil is signed by nobody; MokManager would ask for the password.
KEY = (
    "openssl req -new -x509 -newkey rsa:2048 -nodes -subj /CN=x -outform DER "
    "-keyout /run/key -out /run/key.der 2>/dev/null && "
    "mokutil --generate-hash=secret >/run/hash && "
    "mokutil --import /run/key.der --hash-file /run/hash"
)


@pytest.fixture(scope="module")
def efi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A machine with UEFI, systemd-boot, and the tools by which people tell firmware something."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("told")
        start = reboots.starter(SYSTEM, ("systemd",), running, folder)
        yield Stand(start, "saut load")


def assert_told(stand: Stand, tell: str, what: str, take_back: str) -> None:
    """After @tell a reboot would go through the firmware and say @what; after @take_back it would not."""
    vm = stand.vm
    vm.check(f"saut load && {tell}")
    reply = vm.run(DRY)
    assert reply.rc == 0, reply.stderr
    assert "would reboot through the firmware" in reply.stdout
    assert what in reply.stderr
    assert what in vm.run("saut status").stdout
    vm.check(take_back)
    assert "would reboot by kexec" in vm.check("saut reboot --dry-run")


def test_boot_next(efi: Stand) -> None:
    """efibootmgr: which entry the firmware boots next; the reboot asks the firmware, which forgets it."""
    assert_told(efi, "efibootmgr --bootnext 0000", "BootNext", "efibootmgr --delete-bootnext")
    efi.perform(
        Case(
            "boot-next",
            None,
            "efibootmgr --bootnext $(efibootmgr | sed -n 's/^BootCurrent: //p')",
            reboot="saut reboot",
            after="! efibootmgr | grep BootNext",
        )
    )


@pytest.mark.full
def test_mok(efi: Stand) -> None:
    """mokutil: a key that shim is to ask for."""
    assert_told(efi, KEY, "MokNew", "mokutil --revoke-import")


@pytest.mark.full
def test_firmware_setup(efi: Stand) -> None:
    """bootctl: the firmware's setup."""
    assert_told(efi, "bootctl reboot-to-firmware true", "setup", "bootctl reboot-to-firmware false")


@pytest.mark.full
def test_capsule(efi: Stand) -> None:
    """A capsule on the EFI system partition."""
    put = "mkdir -p /boot/EFI/UpdateCapsule && echo x >/boot/EFI/UpdateCapsule/a.cap"
    assert_told(efi, put, "/boot/EFI/UpdateCapsule/a.cap", "rm /boot/EFI/UpdateCapsule/a.cap")
