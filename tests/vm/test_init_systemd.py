# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd 252 reboots by kexec: with GRUB on a PC's firmware, with systemd-boot on UEFI."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import debs
import jsonschema
import packages
import pytest
import reboots
import reported
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
#: The service is enabled, without settings, and has nothing loaded.
STAGE = (
    f"{DEFAULT} && rm -f /etc/kexec.conf /nokexec && systemctl enable kexec-load.service && "
    f"systemctl restart kexec-load.service && ! {LOADED}"
)
#: By its configuration the next kernel wants a CPU that this one is not.
UNFIT = f"echo CONFIG_X86_64_VERSION=3 >>/boot/config-{NEW_RELEASE}"
FIT = f"sed -i '/^CONFIG_X86_64_VERSION=3$/d' /boot/config-{NEW_RELEASE}"
#: Whether the service would unpack the kernel from what is kept ready of it.
USES_READY = "saut service check 2>&1 | grep 'that are kept ready of it'"
#: Another file with the same bytes and time, as far as anybody may set that.
COPIED = f"cp -p /boot/vmlinuz-{NEW_RELEASE} /boot/copy && mv /boot/copy /boot/vmlinuz-{NEW_RELEASE}"
SCHEMA = Path(__file__).resolve().parents[2] / "schema/check.json"


def settings(*lines: str) -> str:
    """A command that writes /etc/kexec.conf and lets the service read it."""
    words = " ".join(repr(line) for line in lines)
    return f"printf '%s\\n' {words} >/etc/kexec.conf && systemctl restart kexec-load.service"


#: What the unit that watches /boot does in the end.
RELOADED = "$(systemctl show -P InactiveExitTimestampMonotonic kexec-reload.service)"
CHANGED = (
    f"systemctl stop kexec-load.path kexec-reload.service; systemctl start kexec-load.path && was={RELOADED} && "
    "for i in 0 1 2 3 4 5 6 7 8 9; do touch /boot/a-file$i; sleep 1; done; sleep 20; " f"test {RELOADED} != $was"
)
GONE = (
    f"cp /boot/vmlinuz-{OLD_RELEASE} /boot/mine && kexec -l /boot/mine --reuse-cmdline "
    f"--initrd=/boot/initrd.img-{OLD_RELEASE} && rm /boot/mine"
)
#: As ostree's service completes a deployment while the system goes down: after all ordinary services.
STAGED = (
    "mkdir -p /run/ostree && touch /run/ostree/staged-deployment && "
    "systemd-run -q -p RemainAfterExit=yes -p DefaultDependencies=no -p Before=basic.target -p 'ExecStop=rm /run/ostree/staged-deployment' true"
)

#: What the service loads at its start, and holds until the reboot.
HELD = f"{settings('LOAD_DURING_SHUTDOWN=no')} && {LOADED}"
INITRD = f"/boot/initrd.img-{OLD_RELEASE}"


def unit(name: str, *lines: str) -> str:
    """A command that writes a unit, or a part of one, which is gone with this boot."""
    words = " ".join(f'"{line}"' for line in lines)
    path = f"/run/systemd/system/{name}"
    return f"mkdir -p $(dirname {path}) && printf '%s\\n' {words} >{path} && systemctl daemon-reload"


#: A service that stops for as long as nothing is loaded.
BESIDE = unit(
    "beside.service", "[Service]", "Type=oneshot", "RemainAfterExit=yes", "ExecStart=/bin/true",
    "ExecStop=/bin/sh -c 'until grep -q 1 /sys/kernel/kexec_loaded; do sleep 0.1; done; "
    "echo it is loaded while another stops >/dev/console'",
) + " && systemctl start beside.service"
#: Who loads in the shutdown stands still when it has begun.
HANGS = unit("kexec-shutdown.service.d/soon.conf", "[Service]", "TimeoutStopSec=3") + (
    " && systemd-run -q -p DefaultDependencies=no /bin/sh -c "
    "'until [ -e /run/saut/loading ]; do :; done; kill -STOP $(busybox pidof saut)'"
)
#: As it was when the service had no unit for the shutdown, and held what it had loaded.
UNITS = "$(dirname $(readlink -f /etc/systemd/system/multi-user.target.wants/kexec-load.service))"
BEFORE = (
    f"rm {UNITS}/kexec-shutdown.service && sed -i '/kexec-shutdown/d; s/service start/service load/' "
    f"{UNITS}/kexec-load.service && systemctl stop kexec-shutdown.service; systemctl daemon-reload && "
    f"systemctl restart kexec-load.service && {LOADED}"
)

LONG = (
    Case("beside-others", NEW, BESIDE, console="it is loaded while another stops"),
    Case("held", NEW, HELD),
    Case("held no more", NEW, f"{HELD} && rm /etc/kexec.conf && systemctl reload kexec-load.service && ! {LOADED}"),
    # A reset of the first one would lead to another entry than the default, and GRUB is told so before it is replaced.
    Case("held, and loaded anew", OLD, settings(f"ENTRY={OLD_RELEASE}"), then=Case(
        "anew", NEW, f"saut confirm; {HELD} && rm /etc/kexec.conf && ! grep -q ^next_entry= {GRUBENV}",
        after=f"saut confirm; grep -q 'ONE_SHOT=./boot/grub/grubenv linux-6.1' /var/lib/saut/trial && "
        f"! grep -q ^next_entry= {GRUBENV}")),
    Case("systemctl-reboot", NEW, reboot="systemctl reboot"),
    Case("kexec-target", NEW, reboot="systemctl start kexec.target"),
    Case("ctrl-alt-del", NEW, reboot="kill -s INT 1"),
    Case("runlevel-6", NEW, reboot="init 6"),
    # It stops nothing, so that nothing comes by.
    Case("by-force", None, reboot="systemctl --force reboot"),
    Case("restarted", NEW, "systemctl daemon-reexec && systemctl try-restart kexec-load.service kexec-shutdown.service "
         f"saut-leave.service && ! {LOADED}"),
    Case("its unit is stopped", None, f"systemctl stop kexec-shutdown.service && ! {LOADED}",
         status="no kernel is loaded"),
    Case("its unit is masked", NEW, f"systemctl mask --now kexec-shutdown.service && "
         f"systemctl restart kexec-load.service && {LOADED}", after="systemctl unmask kexec-shutdown.service"),
    # Not what the firmware boots.
    Case("gone since", None, f"{settings(f'ENTRY={OLD_RELEASE}')} && mv {INITRD} /boot/gone", status=INITRD,
         after=f"mv /boot/gone {INITRD}"),
    Case("hangs", None, HANGS, status="was ended before it was done", is_foretold=False),
    Case("hangs, and something is loaded", None, f"{HELD} && rm /etc/kexec.conf && {HANGS}",
         status="was ended before it was done", is_foretold=False),
    Case("entry-chosen", OLD, settings(f"ENTRY={OLD_RELEASE}")),
    # Of systemd 252; where none is loaded it wants to load by itself.
    Case("systemctl-kexec", NEW, HELD, reboot="systemctl kexec"),
    Case("shutdown-r", NEW, reboot="shutdown -r now"),
    Case("by-signal", NEW, reboot="kill -s RTMIN+5 1"),
    Case("unloaded", None, "kexec -u", status="an unload was asked for by hand"),
    Case("held, then unloaded", None, f"{HELD} && kexec -u && rm /etc/kexec.conf",
         status="the loaded kernel was unloaded by hand"),
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


def put_package(root: Path) -> None:
    """The package, as it was downloaded."""
    shutil.copy(debs.built()["saut"], root / "root/saut.deb")


@pytest.fixture(scope="module")
def grub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with GRUB."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd")
        start = reboots.starter(systems.SYSTEMD_GRUB, SERVICES, running, folder, added=reboots.Added(files=put_package))
        yield Stand(start, STAGE, firmware_boots=NEW)


def test_enabled(grub: Stand) -> None:
    """One command, and the next `reboot` goes by kexec, into what GRUB would boot; nothing is held until then."""
    grub.vm.check("systemctl enable --now kexec-load.service")
    assert grub.vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    grub.vm.check(DEFAULT)
    grub.vm.check("systemctl reload kexec-load.service")
    assert f"vmlinuz-{NEW_RELEASE}" in grub.vm.check("journalctl -b -u kexec-load.service -o cat")
    begun = time.monotonic()
    reboots.perform(grub.vm, Case("enabled", NEW))
    report = reported.told(grub.vm)
    reported.assert_in_order(
        report, ("shutdown-begins", "load-begins", "loaded", "services-stopped", *reported.ORDER[4:]), time.monotonic() - begun)
    assert report["came_by_saut"] is True and report["units"], report
    told = json.loads(grub.vm.check("saut status --json"))
    assert told["last_reboot"]["kernel"]["by"] == "service"
    assert told["next_reboot"]["loads_at_shutdown"] is True and told["loaded_kernel"] is None
    assert "reboot under way" not in grub.vm.check("saut status")
    # Another tool's load leaves no record: saut knows it for a stranger's by the kernel's flag alone.
    grub.vm.check("saut load && rm /run/saut/loaded")
    assert "saut did not load it" in grub.vm.check("saut status").splitlines()[0]
    grub.vm.check("kexec -u && saut load && cp /run/saut/loaded /run/kept && kexec -u")
    grub.vm.check("cp /run/kept /run/saut/loaded")
    reply = grub.vm.run("saut status")
    assert reply.rc == 1 and "the loaded kernel was unloaded by hand at " in reply.stdout.splitlines()[0]
    assert "nothing is loaded any more; Linux " in reply.stdout
    reply = grub.vm.run("setpriv --reuid=65534 --regid=65534 --clear-groups saut status")
    assert reply.rc == 1 and reply.stdout.startswith("The next reboot will go through the firmware")


#: /boot is something that fstab has for it and nobody has mounted; the service is told what lies there.
APART = "mv /boot /apart && mkdir /boot && echo '/apart /boot none bind,noauto 0 0' >>/etc/fstab"
CHOSEN = (f"KERNEL_IMAGE=/boot/vmlinuz-{NEW_RELEASE}", f"INITRD=/boot/initrd.img-{NEW_RELEASE}")
TOGETHER = "rmdir /boot && mv /apart /boot && sed -i '/apart/d' /etc/fstab"


@pytest.mark.full
def test_what_is_kept_ready(grub: Stand) -> None:
    """
    The shutdown loads it; the next boot finds it again. It is used for the file that was read, and goes with the wish.
    The disk is small: by itself no more than a 16th of what is free is kept.
    """
    soon = f"until {USES_READY}; do sleep 0.5; done"
    grub.vm.check(f"{STAGE} && {settings('READY=60M')} && {soon}")
    assert " MB in /var/cache/saut" in grub.vm.check("saut status")
    reboots.perform(grub.vm, Case("kept ready", NEW, console="that are kept ready of it"))
    grub.vm.check(f"systemctl start kexec-load.service && {soon}")
    grub.vm.check(f"{COPIED} && ! {USES_READY} && systemctl reload kexec-load.service && {soon}")
    grub.vm.check("for file in /var/cache/saut/*.kernel; do echo more >>$file; done")
    grub.vm.check(f"! {USES_READY} && systemctl reload kexec-load.service && {soon}")
    grub.vm.check(f"{settings('READY=no')} && while ls /var/cache/saut/*.kernel; do sleep 0.5; done && ! {USES_READY}")


def test_a_boot_partition_that_nobody_has_mounted(grub: Stand) -> None:
    """The service, with the little that it may do, mounts it for itself and loads from it."""
    chosen = settings(*CHOSEN, "LOAD_DURING_SHUTDOWN=no")
    grub.vm.check("systemctl stop kexec-load.service; rm -f /run/saut/unloaded; " + APART)
    try:
        grub.vm.check(f"{chosen} && {LOADED}")
        assert grub.vm.check("ls /boot") == ""
        said = grub.vm.check("journalctl -b -u kexec-load.service -o cat")
        assert "/boot is not mounted: it is looked into all the same, read-only" in said
    finally:
        grub.vm.check(f"{TOGETHER} && rm /etc/kexec.conf")


@pytest.mark.full
def test_a_boot_partition_that_is_not_mounted_at_the_shutdown(grub: Stand) -> None:
    """The unit of the shutdown does so too, when mounts are taken down around it."""
    grub.vm.check(f"{STAGE} && {APART} && {settings(*CHOSEN)} && ! {LOADED}")
    try:
        # Nothing of ours has it mounted for all.
        reboots.perform(grub.vm, Case("apart", NEW, after="systemctl is-active kexec-load.path && ! mountpoint /boot"))
    finally:
        grub.vm.check(f"{TOGETHER} && rm /etc/kexec.conf")


@pytest.mark.full
def test_a_reboot_while_it_boots(grub: Stand) -> None:
    """What loads is up before most services are; both reboots go by kexec, and nobody has seen the boot between."""
    again = (
        "[Unit]", "DefaultDependencies=no", "After=kexec-shutdown.service", "Before=session.service multi-user.target",
        "ConditionPathExists=/again", "[Service]", "Type=oneshot",
        "ExecStart=/bin/sh -c 'rm /again; sync; systemctl reboot; sleep 600'", "[Install]", "WantedBy=multi-user.target",
    )
    words = " ".join(f'"{line}"' for line in again)
    grub.vm.check(f"{STAGE} && {settings('COME_BACK=no')} && : >/again && printf '%s\\n' {words} "
                  ">/etc/systemd/system/again.service && systemctl enable again.service")
    passage = grub.vm.passage("reboot")
    reboots.assert_passage(passage, NEW)
    assert grub.vm.run("test -e /again").rc != 0
    grub.vm.check("systemctl disable again.service && rm /etc/systemd/system/again.service /etc/kexec.conf")


#: What is loaded when all has ended, and how it ends.
LAST = (
    "printf '#!/bin/sh\\necho at the end: $1, loaded $(cat /sys/kernel/kexec_loaded) >/dev/console\\n' "
    ">/usr/lib/systemd/system-shutdown/last && chmod 755 /usr/lib/systemd/system-shutdown/last"
)


@pytest.mark.full
@pytest.mark.parametrize("way", ["poweroff", "halt"])
def test_what_is_no_reboot_loads_nothing(grub: Stand, way: str) -> None:
    """The machine goes down, and stays so."""
    grub.vm.check(f"{STAGE} && {LAST}")
    grub.vm.send(way)
    grub.vm.wait_console(f"at the end: {way}, loaded 0")
    grub.vm.close_process()


@pytest.mark.full
def test_the_rescue_mode_is_no_reboot(grub: Stand) -> None:
    """Nothing is loaded for it, nor unloaded; the reboot out of it goes as any other."""
    grub.vm.check(f"{STAGE} && {unit('session.service.d/stay.conf', '[Unit]', 'IgnoreOnIsolate=yes')}")
    grub.vm.check(f"systemctl isolate rescue.target && sleep 5 && systemctl is-active rescue.service && ! {LOADED}")
    assert grub.vm.run("systemctl is-active multi-user.target kexec-load.path").stdout == "inactive\n" * 2
    reboots.perform(grub.vm, Case("out of it", NEW))
    grub.vm.check(f"{STAGE} && {unit('session.service.d/stay.conf', '[Unit]', 'IgnoreOnIsolate=yes')} && {HELD}")
    grub.vm.check(f"systemctl isolate rescue.target && sleep 5 && {LOADED} && systemctl default && {LOADED}")
    reboots.perform(grub.vm, Case("held through it", NEW))


@pytest.mark.full
def test_an_older_version_is_replaced(grub: Stand) -> None:
    """What that holds is jumped into, once more; the version that was booted with it loads at the shutdown."""
    grub.vm.check(f"{STAGE} && {BEFORE}")
    grub.vm.check("dpkg -i --force-unsafe-io /root/saut.deb")
    # As when a kernel is installed: nothing would come by in the shutdown, so that it stays loaded.
    grub.vm.check(f"systemctl try-reload-or-restart kexec-load.service && {LOADED}")
    reboots.perform(grub.vm, Case("replaced", NEW, status=""))
    grub.perform(Case("and then", NEW))
    grub.vm.check(f"{STAGE} && dpkg -r saut && ! {LOADED}")
    assert grub.vm.run("systemctl is-active kexec-shutdown.service").stdout == "inactive\n"
    passage = grub.vm.passage("reboot")
    assert passage.by_firmware
    grub.vm.check("dpkg -i --force-unsafe-io /root/saut.deb")


@pytest.mark.full
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
    # As where a kernel has just been installed: what waits to look at it anew calls no stop off.
    grub.vm.check("systemctl start --no-block kexec-reload.service")
    grub.vm.check(f"{UNFIT} && systemctl disable --now kexec-load.service && ! {LOADED}")
    assert grub.vm.run("systemctl is-active kexec-load.service").stdout == "inactive\n"
    assert grub.vm.run("systemctl is-failed kexec-reload.service").stdout in ("inactive\n", "activating\n")
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
#: Mounted when somebody looks into it, which nobody has done; process 1 refuses it in a shutdown.
WHEN_WANTED = "umask=077,noauto,x-systemd.automount"
AUTOMOUNT = (
    f"systemctl enable kexec-load.service && sed -i 's/umask=077/{WHEN_WANTED}/' /etc/fstab && "
    "systemctl daemon-reload && systemctl stop boot.mount && systemctl start boot.automount && "
    f"systemctl restart kexec-load.service && ! {LOADED} && umount /boot"
)
NO_AUTOMOUNT = f"sed -i 's/{WHEN_WANTED}/umask=077/' /etc/fstab && systemctl daemon-reload && systemctl restart boot.mount"
NO_SERVICE = f"{CHOICE} && systemctl disable --now kexec-load.service"
ONE_SHOT = "/sys/firmware/efi/efivars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
EFI = (
    Case("systemctl-kexec-loads", NEW, reboot="systemctl kexec"),
    Case("nobody-loads", None),
    Case("mounted-when-wanted", NEW, AUTOMOUNT, is_foretold=False, after=NO_AUTOMOUNT),
    Case("saut-reboot-entry", OLD, reboot=f"saut reboot --entry {OLD_RELEASE}"),
    Case("saut-reboot-firmware", None, "saut load", reboot="saut reboot --firmware"),
    # As with GRUB.
    Case("held, and loaded anew", OLD, f"systemctl enable --now kexec-load.service && {settings(f'ENTRY={OLD_RELEASE}')}",
         then=Case("anew", NEW, f"saut confirm; {HELD} && rm /etc/kexec.conf && ! test -e {ONE_SHOT}",
                   after=f"saut confirm; grep -q 'ONE_SHOT=.{ONE_SHOT} .*{OLD_RELEASE}' /var/lib/saut/trial && "
                   f"! test -e {ONE_SHOT}")),
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
