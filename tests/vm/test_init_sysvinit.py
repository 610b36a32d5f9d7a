# SPDX-License-Identifier: LGPL-2.1-or-later
"""sysvinit as Debian has it reboots by kexec: its pair of scripts, its settings, its coldreboot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import packages
import pytest
import reboots
import reported
import systems
from reboots import Case, Stand

SERVICES = ("sysvinit", "kernel-hooks")
OLD, NEW = "6.1", "6.12"
NEW_RELEASE = packages.kernel_release(NEW)


def settings(*lines: str) -> str:
    """A command that writes /etc/default/kexec."""
    words = " ".join(repr(line) for line in ("LOAD_KEXEC=true", *lines))
    return f"printf '%s\\n' {words} >/etc/default/kexec"


#: Both scripts in their runlevels, no more set than that they shall act, and nothing loaded.
STAGE = (
    f"update-rc.d kexec-load defaults && update-rc.d kexec defaults && {settings('')} && "
    "rm -f /no-kexec-reboot /nokexec && kexec -u && /etc/init.d/kexec-load start"
)

KERNEL = f'KERNEL_IMAGE="/boot/vmlinuz-{NEW_RELEASE}"'
INITRD = f'INITRD="/boot/initrd.img-{NEW_RELEASE}"'

LONG = (
    Case("named", NEW, settings(KERNEL, INITRD)),
    Case("menu-before-names", OLD, settings(KERNEL, INITRD, "USE_GRUB_CONFIG=true")),
    Case("coldreboot", None, reboot="coldreboot", after="! [ -e /no-kexec-reboot ]"),
    Case(
        "loaded-and-unloaded",
        None,
        "saut load && kexec -u",
        status="the loaded kernel was unloaded by hand",
        then=Case("after it", OLD),
    ),
    Case("unloaded-and-started", OLD, "kexec -u && /etc/init.d/kexec-load start"),
    Case("stopped", None, "/etc/init.d/kexec-load stop"),
    Case("jumper-stopped", None, "saut load && /etc/init.d/kexec stop"),
    Case("loaded-by-hand", NEW, f"saut load --entry {NEW_RELEASE}"),
    Case("not-wanted", None, "echo LOAD_KEXEC=false >/etc/default/kexec"),
    Case(
        "switched-off",
        None,
        settings("REBOOT_BY_KEXEC=no"),
        status="REBOOT_BY_KEXEC",
    ),
    Case(
        "initrd-missing",
        None,
        settings(KERNEL, 'INITRD="/boot/nothing-such"'),
        console="nothing-such",
        status="nothing-such",
    ),
    Case(
        "nothing-but-a-shell-could-say",
        None,
        settings('KERNEL_IMAGE="$(ls /boot/vmlinuz* | head -1)"'),
        console="/etc/default/kexec, line 2: it is not run by a",
    ),
    Case("shutdown-r", OLD, reboot="shutdown -r now"),
)


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with GRUB, whose default is the older kernel."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("sysvinit")
        start = reboots.starter(systems.SYSVINIT, SERVICES, running, folder)
        yield Stand(start, STAGE)


def test_enabled(debian: Stand) -> None:
    """LOAD_KEXEC=true, and the next `reboot` goes by kexec, into what GRUB would boot."""
    debian.vm.check("update-rc.d kexec-load defaults && update-rc.d kexec defaults && update-rc.d saut-confirm defaults")
    debian.vm.check(settings(""))
    begun = time.monotonic()
    reboots.perform(debian.vm, Case("enabled", OLD))
    wanted = [name for name in reported.ORDER if name not in ("asked", "system-init")]
    reported.assert_in_order(reported.told(debian.vm), tuple(wanted), time.monotonic() - begun)


#: A script of molly-guard's, which notes that it was run, and ends with what is in a file.
GUARD = (
    "printf '%s\\n' '#!/bin/sh' 'echo $MOLLYGUARD_CMD >>/root/asked' 'exit $(cat /root/answer)' "
    ">/etc/molly-guard/run.d/50-test && chmod 755 /etc/molly-guard/run.d/50-test"
)


@pytest.mark.full
def test_molly_guard_is_asked(debian: Stand) -> None:
    """As for reboot, before anything is done, and once."""
    vm = debian.vm
    vm.check(f"{STAGE} && {GUARD} && echo 1 >/root/answer")
    reply = vm.run("saut reboot")
    assert reply.rc == 1 and "molly-guard did not allow it" in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    vm.check("echo 0 >/root/answer")
    reboots.perform(vm, Case("allowed", OLD, reboot="saut reboot"))
    assert vm.check("cat /root/asked") == "reboot\n" * 2
    vm.check("rm /etc/molly-guard/run.d/50-test")


@pytest.mark.full
@pytest.mark.parametrize("case", LONG, ids=lambda case: case.name)
def test_reboot(debian: Stand, case: Case) -> None:
    """How each reboot goes."""
    debian.perform(case)
