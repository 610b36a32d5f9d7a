# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd 252 reboots by kexec: with GRUB on a PC's firmware, with systemd-boot on UEFI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import jsonschema
import packages
import pytest
import reboots
import systems
from reboots import Case, Stand

SERVICES = ("systemd", "kernel-hooks")
OLD, NEW = "6.1", "6.12"
OLD_RELEASE = packages.kernel_release(OLD)
NEW_RELEASE = packages.kernel_release(NEW)

LOADED = "grep -q 1 /sys/kernel/kexec_loaded"
GRUBENV = "/boot/grub/grubenv"
#: As `grub-set-default` would.
DEFAULT = f"sed -i 's/linux-6.1$/linux-6.12/' {GRUBENV} && truncate -s 1024 {GRUBENV}"
#: The service is enabled, without settings, and has loaded what GRUB would boot.
STAGE = (
    f"{DEFAULT} && rm -f /etc/kexec.conf /nokexec && systemctl enable kexec-load.service && "
    f"systemctl restart kexec-load.service && {LOADED}"
)
#: By its configuration the next kernel wants a CPU that this one is not.
UNFIT = f"echo CONFIG_X86_64_VERSION=3 >>/boot/config-{NEW_RELEASE}"
FIT = f"sed -i '/^CONFIG_X86_64_VERSION=3$/d' /boot/config-{NEW_RELEASE}"
SCHEMA = Path(__file__).resolve().parents[2] / "schema/check.json"


def settings(*lines: str) -> str:
    """A command that writes /etc/kexec.conf and lets the service read it."""
    words = " ".join(repr(line) for line in lines)
    return f"printf '%s\\n' {words} >/etc/kexec.conf && systemctl restart kexec-load.service"


#: What the unit that watches /boot does in the end.
CHANGED = "systemctl start kexec-load.path && touch /boot/a-file && sleep 30"
GONE = (
    f"cp /boot/vmlinuz-{OLD_RELEASE} /boot/mine && kexec -l /boot/mine --reuse-cmdline "
    f"--initrd=/boot/initrd.img-{OLD_RELEASE} && rm /boot/mine"
)
#: As ostree's service completes a deployment while the system goes down: after all ordinary services.
STAGED = (
    "mkdir -p /run/ostree && touch /run/ostree/staged-deployment && "
    "systemd-run -q -p RemainAfterExit=yes -p DefaultDependencies=no -p Before=basic.target -p 'ExecStop=rm /run/ostree/staged-deployment' true"
)

LONG = (
    Case("entry-chosen", OLD, settings(f"ENTRY={OLD_RELEASE}")),
    Case("systemctl-kexec", NEW, reboot="systemctl kexec"),
    Case("shutdown-r", NEW, reboot="shutdown -r now"),
    Case("by-signal", NEW, reboot="kill -s RTMIN+5 1"),
    Case("unloaded", None, "kexec -u", status="the loaded kernel was unloaded by hand"),
    Case("unloaded, then a kernel is installed", None, f"kexec -u && {CHANGED}"),
    Case("unloaded, then started", NEW, "saut unload && systemctl restart kexec-load.service"),
    Case("stopped, then started", NEW, "systemctl stop kexec-load && systemctl start kexec-load"),
    Case("loaded by hand", OLD, f"saut load --entry {OLD_RELEASE} && {CHANGED}"),
    Case("loaded by hand, and its file is gone", NEW, f"{GONE} && {CHANGED}"),
    Case("staged", None, STAGED, status="a new deployment is staged"),
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
    Case(
        "check-fails",
        None,
        f"{UNFIT} && ! systemctl restart kexec-load.service && ! {LOADED}",
        status="x86-64-v3",
        after=FIT,
    ),
    Case("unbind", NEW, settings("UNBIND=rtc_cmos"), console="is unbound from rtc_cmos"),
    # What is built in drives no device and cannot be unloaded.
    Case("unbind-refused", None, settings("UNBIND=rng_core"), console="delete_module(rng_core)",
         is_foretold=False),
    Case("check-does-not-matter", NEW, f"{UNFIT} && {settings('CHECKS=no')}", after=FIT),
)


@pytest.fixture(scope="module")
def grub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with GRUB."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd")
        start = reboots.starter(systems.SYSTEMD_GRUB, SERVICES, running, folder)
        yield Stand(start, STAGE, firmware_boots=NEW)


def test_enabled(grub: Stand) -> None:
    """One command, and the next `reboot` goes by kexec, into what GRUB would boot."""
    grub.vm.check("systemctl enable --now kexec-load.service")
    assert grub.vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    grub.vm.check(DEFAULT)
    grub.vm.check("systemctl reload kexec-load.service")
    reboots.perform(grub.vm, Case("enabled", NEW))
    # The service has loaded the next one since, and the last reboot is known all the same.
    grub.vm.check(f"until {LOADED}; do sleep 1; done")
    told = json.loads(grub.vm.check("saut status --json"))
    assert told["last_reboot"]["kernel"]["by"] == "service"
    assert told["next_reboot"]["kernel"] == told["loaded_kernel"]
    assert "reboot under way" not in grub.vm.check("saut status")
    # Another tool's load leaves no record: saut knows it for a stranger's by the kernel's flag alone.
    grub.vm.check("rm /run/saut/loaded")
    assert "saut did not load it" in grub.vm.check("saut status").splitlines()[0]
    grub.vm.check("systemctl restart kexec-load.service && cp /run/saut/loaded /run/kept && kexec -u")
    grub.vm.check("cp /run/kept /run/saut/loaded")
    reply = grub.vm.run("saut status")
    assert reply.rc == 1 and "the loaded kernel was unloaded by hand at " in reply.stdout.splitlines()[0]
    assert "nothing is loaded any more; Linux " in reply.stdout
    reply = grub.vm.run("setpriv --reuid=65534 --regid=65534 --clear-groups saut status")
    assert reply.rc == 1 and reply.stdout.startswith("The next reboot will go through the firmware")


#: /boot is something that fstab has for it and nobody has mounted; the service is told what lies there.
APART = "mv /boot /apart && mkdir /boot && echo '/apart /boot none bind,noauto 0 0' >>/etc/fstab"
TOGETHER = "rmdir /boot && mv /apart /boot && sed -i '/apart/d' /etc/fstab"


def test_a_boot_partition_that_nobody_has_mounted(grub: Stand) -> None:
    """The service, with the little that it may do, mounts it for itself and loads from it."""
    chosen = settings(f"KERNEL_IMAGE=/boot/vmlinuz-{NEW_RELEASE}", f"INITRD=/boot/initrd.img-{NEW_RELEASE}")
    grub.vm.check("systemctl stop kexec-load.service; rm -f /run/saut/unloaded; " + APART)
    try:
        grub.vm.check(f"{chosen} && {LOADED}")
        assert grub.vm.check("ls /boot") == ""
        said = grub.vm.check("journalctl -b -u kexec-load.service -o cat")
        assert "/boot is not mounted: it is looked into all the same, read-only" in said
    finally:
        grub.vm.check(f"{TOGETHER} && rm /etc/kexec.conf")


def test_asked_for_by_a_unit(grub: Stand) -> None:
    """A unit's processes end with it, in whatever session they are; the reboot waits elsewhere."""
    grub.perform(Case("unit", NEW, reboot="systemd-run --collect -q saut reboot --newest"))


def test_checks(grub: Stand) -> None:
    """A whole system has nothing that fails; with a kernel that does not fit it goes through the firmware."""
    grub.vm.check(STAGE)
    # The entry that would be loaded, not what is.
    told = json.loads(grub.vm.check("saut check --newest --json"))
    jsonschema.validate(told, json.loads(SCHEMA.read_text()))
    results = {row["name"]: row["result"] for row in told["checks"]}
    assert told["release"] == NEW_RELEASE
    assert results["system-calls"] == results["plan"] == results["cpu"] == "pass"
    grub.vm.check(f"{UNFIT} && systemctl disable --now kexec-load.service && ! {LOADED}")
    reply = grub.vm.run("saut check")
    assert reply.rc == 1 and "compiled for x86-64-v3" in reply.stdout
    reply = grub.vm.run("saut load")
    assert reply.rc == 1 and "cpu: " in reply.stderr and "--no-checks" in reply.stderr
    assert grub.vm.run(f"saut reboot --entry={NEW_RELEASE}").rc == 1
    grub.vm.check(f"saut load --no-checks && {LOADED} && saut unload")
    # An unload by hand would be reason enough.
    grub.vm.check("rm /run/saut/unloaded")
    case = Case("check-fails", None, reboot="saut reboot", status="compiled for x86-64-v3", after=FIT)
    reboots.perform(grub.vm, case, firmware_boots=NEW)


@pytest.mark.full
@pytest.mark.parametrize("case", LONG, ids=lambda case: case.name)
def test_reboot(grub: Stand, case: Case) -> None:
    """How each reboot goes."""
    grub.perform(case)


#: Of systemd-boot's entries systemd 252 finds the default one by itself, and has kexec(8) load it.
CHOICE = f"sed -i 's/^default.*/default *-{NEW_RELEASE}.conf/' /boot/loader/loader.conf"
NO_SERVICE = f"{CHOICE} && systemctl disable --now kexec-load.service"
EFI = (
    Case("systemctl-kexec-loads", NEW, reboot="systemctl kexec"),
    Case("nobody-loads", None),
    Case("saut-reboot-entry", OLD, reboot=f"saut reboot --entry {OLD_RELEASE}"),
    Case("saut-reboot-firmware", None, "saut load", reboot="saut reboot --firmware"),
)


@pytest.fixture(scope="module")
def efi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A machine with UEFI and systemd-boot."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd-boot")
        start = reboots.starter(systems.SYSTEMD_BOOT, SERVICES, running, folder)
        yield Stand(start, NO_SERVICE, firmware_boots=NEW)


@pytest.mark.full
def test_enabled_with_systemd_boot(efi: Stand) -> None:
    """The same under UEFI, into what systemd-boot would boot."""
    efi.vm.check(CHOICE)
    efi.vm.check("systemctl enable --now kexec-load.service")
    reboots.perform(efi.vm, Case("enabled", NEW))


@pytest.mark.full
@pytest.mark.parametrize("case", EFI, ids=lambda case: case.name)
def test_reboot_with_systemd_boot(efi: Stand, case: Case) -> None:
    """How each reboot goes there, without the service."""
    efi.perform(case)
