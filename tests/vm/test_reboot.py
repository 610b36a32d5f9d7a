# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut reboot: chooses, loads and hands over to the init; or says who forbids it.

The guest has no init system. Where one is needed, a script takes systemctl's place: what is under
test is what it is asked for, when, and that the jump which follows works.
"""

from __future__ import annotations

import json

import packages
import pytest
import rootfs
import stand_in
from conftest import StartVM
from machine import BASE_COMMAND_LINE, VM, default_tree

SAUT = "/sbin/saut"
INITRD = "/boot/next.cpio"
LOADED = "/sys/kernel/kexec_loaded"

#: As extlinux has it.
EXTLINUX = f"""DEFAULT next
LABEL next
  LINUX {rootfs.kernel_path("6.12")}
  INITRD {INITRD}
  APPEND {BASE_COMMAND_LINE} from-entry
LABEL other
  LINUX {rootfs.kernel_path("6.1")}
  INITRD {INITRD}
  APPEND {BASE_COMMAND_LINE} from-other
"""

pytestmark = pytest.mark.usefixtures("ours")


#: Neither an init system nor a switch, and nothing loaded.
NOTHING = (
    "rm -rf /run/systemd /bin/systemctl /bin/systemd-run /run/asked /run/journal /etc/kexec.conf /nokexec /run/nokexec "
    f"/no-kexec-reboot /etc/init.d/kexec; {SAUT} unload; rm -f /run/saut/unloaded"
)


@pytest.fixture(scope="module")
def machine(start_vm: StartVM) -> VM:
    """A machine with an extlinux menu."""
    tree = default_tree() | stand_in.TREE | {"boot/extlinux/extlinux.conf": EXTLINUX.encode()}
    machine = start_vm("6.1", tree=tree | rootfs.program(SAUT, rootfs.saut()))
    machine.boot()
    machine.check(f"pack-initrd /run/next.cpio by-reboot && mv /run/next.cpio {INITRD}")
    return machine


@pytest.fixture
def bare(machine: VM) -> VM:
    """The machine without an init, whatever a test before has left."""
    machine.check(NOTHING)
    return machine


@pytest.fixture
def vm(bare: VM) -> VM:
    """The machine with what takes systemd's place."""
    bare.check(f"{stand_in.RUNNING} && {stand_in.PROGRAMS}")
    return bare


def refused(vm: VM, command: str) -> str:
    """What @command, which must fail, says; nothing may be loaded then."""
    reply = vm.run(command)
    assert reply.rc != 0
    assert vm.check(f"cat {LOADED}") == "0\n"
    return reply.stderr


def asked(vm: VM) -> str:
    """What systemctl was asked for; we have long ended by then."""
    return vm.check("until [ -e /run/asked ]; do sleep 1; done; cat /run/asked; rm /run/asked")


def test_without_an_init(bare: VM) -> None:
    """Nobody could stop the services: refused, and nothing is loaded."""
    said = refused(bare, f"{SAUT} reboot")
    assert "process 1 is /bin/busybox" in said
    assert "kexec -e" in said


def test_systemd_without_systemctl(bare: VM) -> None:
    """An init that cannot be asked is known before anything is loaded."""
    bare.check(stand_in.RUNNING)
    assert "systemctl" in refused(bare, f"{SAUT} reboot")


def test_an_entry_that_is_none(vm: VM) -> None:
    """A load that fails stops nothing."""
    assert "no such entry" in refused(vm, f"{SAUT} reboot --entry='no such entry'")
    assert vm.run("sleep 2; [ -e /run/asked ]").rc != 0


def test_the_firmware_once(vm: VM) -> None:
    """What is loaded is unloaded, others are told, and an ordinary reboot is asked for."""
    vm.check(f"{SAUT} load")
    vm.check("mkdir -p /etc/init.d; echo '[ -f /nokexec ] && rm /nokexec' >/etc/init.d/kexec")
    vm.check(f"touch /no-kexec-reboot; {SAUT} reboot --firmware")
    assert "start reboot.target" in asked(vm)
    assert vm.check(f"cat {LOADED}") == "0\n"
    # Gentoo's script asks for its file and removes it; nobody here would remove Debian's.
    vm.check("[ -e /run/nokexec ] && [ -e /nokexec ] && ! [ -e /no-kexec-reboot ]")
    assert "/nokexec is there" in vm.run(f"{SAUT} status").stdout


def test_one_that_waits_is_seen_and_cancelled(vm: VM) -> None:
    """Its caller's pipe ends at once; after --cancel all is as it was before."""
    before = vm.check("cat /var/lib/saut/last-reboot")
    assert "in 600 s" in vm.check(f"{SAUT} reboot --firmware --delay=600 | cat")
    vm.check("[ -e /run/nokexec ]")
    assert "a reboot through the firmware waits for" in vm.run(f"{SAUT} status").stdout
    waiting = json.loads(vm.run(f"{SAUT} status --json").stdout)["reboot_waiting"]
    assert waiting["by_kexec"] is False
    assert "is cancelled" in vm.check(f"{SAUT} reboot --cancel")
    assert vm.run("[ -e /run/nokexec ] || [ -e /run/saut/reboot ]").rc != 0
    assert json.loads(vm.run(f"{SAUT} status --json").stdout)["reboot_waiting"] is None
    assert "no reboot waits" in vm.run(f"{SAUT} reboot --cancel").stderr
    assert vm.check("cat /var/lib/saut/last-reboot") == before


def test_the_later_one_takes_the_place_of_the_earlier(vm: VM) -> None:
    """The earlier one's unit finds that it is not wanted, and ends without a word to the init."""
    vm.check(f"{SAUT} reboot --firmware --delay=4")
    reply = vm.run(f"{SAUT} reboot --firmware --delay=600")
    assert reply.rc == 0 and "takes the place" in reply.stderr
    vm.check("until grep 'is cancelled' /run/journal; do sleep 1; done")
    assert vm.run("[ -e /run/asked ]").rc != 0
    vm.check(f"{SAUT} reboot --cancel")
    assert vm.run("[ -e /run/nokexec ]").rc != 0


def test_one_that_fails_is_taken_back(vm: VM) -> None:
    """The init refuses when the time comes: the journal tells, and nothing is left behind."""
    before = vm.check("cat /var/lib/saut/last-reboot")
    vm.check("mv /bin/systemctl /bin/systemctl.good; printf '#!/bin/sh\\necho no way >&2; exit 1\\n'"
             " >/bin/systemctl; chmod 755 /bin/systemctl")
    vm.check(f"{SAUT} reboot --firmware")
    vm.check("until ! [ -e /run/nokexec ]; do sleep 1; done")
    vm.check("until grep 'saut: cannot reboot the machine: systemctl failed: no way' /run/journal; do sleep 1; done")
    assert vm.check("cat /var/lib/saut/last-reboot") == before
    vm.check("mv /bin/systemctl.good /bin/systemctl")


def test_the_switch(vm: VM) -> None:
    """It is honoured, and named; who loads by hand may."""
    vm.check("echo REBOOT_BY_KEXEC=no >/etc/kexec.conf")
    reply = vm.run(f"{SAUT} reboot")
    assert reply.rc == 0
    assert "/etc/kexec.conf, line 1, has REBOOT_BY_KEXEC=no" in reply.stderr
    assert "start reboot.target" in asked(vm)
    vm.check("rm /run/nokexec")
    assert "REBOOT_BY_KEXEC" in refused(vm, f"{SAUT} reboot --newest")
    assert "REBOOT_BY_KEXEC" in json.loads(vm.run(f"{SAUT} status --json").stdout)["switched_off"]
    reply = vm.run(f"{SAUT} load")
    assert reply.rc == 0
    assert "REBOOT_BY_KEXEC" in reply.stderr
    assert vm.check(f"cat {LOADED}") == "1\n"


def test_what_is_loaded_is_kept(vm: VM) -> None:
    """Unless an entry is asked for."""
    vm.check(f"{SAUT} load --entry=other")
    assert "is kept" in vm.check(f"{SAUT} reboot --dry-run")
    assert "would load" in vm.check(f"{SAUT} reboot --dry-run --entry=next")


def test_it_reboots(vm: VM) -> None:
    """It comes back with 0 first; then the entry's kernel runs, and knows how it came."""
    assert "rebooting by kexec in 3 s" in vm.check(f"{SAUT} reboot --delay=3")
    record = vm.check("cat /run/saut/reboot")
    assert "WAY=kexec" in record and rootfs.kernel_path("6.12") in record
    up = vm.wait_up()
    assert up.uname == packages.kernel_release("6.12")
    assert "from-entry" in up.cmdline.split()
    assert "this boot came by kexec, loaded by saut" in vm.run(f"{SAUT} status").stdout
