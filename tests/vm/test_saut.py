# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command saut: finds what the machine's boot loader would boot, loads it, and it runs."""

from __future__ import annotations

import json
import shlex

import packages
import pytest
import rootfs
from conftest import StartVM
from machine import BASE_COMMAND_LINE, VM, default_tree

SAUT = "/sbin/saut"
EXAMPLE = "/sbin/load-default"
INITRD = "/boot/next.cpio"

#: As extlinux has it; the second one is the default.
EXTLINUX = f"""DEFAULT second
LABEL first
  MENU LABEL The old one
  LINUX {rootfs.kernel_path("6.1")}
  APPEND {BASE_COMMAND_LINE}
LABEL second
  MENU LABEL The new one
  LINUX {rootfs.kernel_path("6.12")}
  INITRD {INITRD}
  APPEND {BASE_COMMAND_LINE} from-entry
"""

pytestmark = pytest.mark.usefixtures("ours")


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with an extlinux menu."""
    tree = default_tree() | {"boot/extlinux/extlinux.conf": EXTLINUX.encode()}
    tree |= rootfs.program(SAUT, rootfs.saut()) | rootfs.program(EXAMPLE, rootfs.example())
    machine = start_vm("6.1", tree=tree)
    machine.boot()
    machine.check(f"pack-initrd /run/next.cpio by-entry && mv /run/next.cpio {INITRD}")
    return machine


def test_status(vm: VM) -> None:
    """Says that this kernel can do it, and that nothing is loaded."""
    reply = vm.run(f"{SAUT} status")
    assert reply.rc == 1 and "kexec" in reply.stdout
    assert json.loads(vm.run(f"{SAUT} status --json").stdout)


def test_list(vm: VM) -> None:
    """Names both entries, and the default."""
    listed = vm.check(f"{SAUT} list")
    assert "The old one" in listed and "The new one" in listed
    assert json.loads(vm.check(f"{SAUT} list --json"))


def test_an_entry_that_is_none(vm: VM) -> None:
    """Is refused, and nothing is loaded."""
    reply = vm.run(shlex.join([SAUT, "load", "--entry", "no such entry"]))
    assert reply.rc != 0
    assert "no such entry" in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"


def test_unload(vm: VM) -> None:
    """Takes back what load did."""
    vm.check(f"{SAUT} load")
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    vm.check(f"{SAUT} unload")
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"


def test_the_library_loads_the_same(vm: VM) -> None:
    """As a program of somebody else uses it."""
    reply = vm.run(EXAMPLE)
    assert reply.rc == 0
    assert reply.stdout == "loaded The new one\n"
    assert "planning the load /boot/" in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    vm.check(f"{SAUT} unload")


def loaded(vm: VM) -> bool:
    """Whether a kernel is loaded."""
    return vm.check("cat /sys/kernel/kexec_loaded") == "1\n"


def test_a_switch_holds_whatever_else_is_wrong(vm: VM) -> None:
    """The settings have a line behind it that cannot be used."""
    vm.check(f"{SAUT} load && mkdir -p /etc && echo REBOOT_BY_KEXEC=no >/etc/kexec.conf")
    vm.check("echo 'KNAME=$(date)' >>/etc/kexec.conf")
    reply = vm.run(f"{SAUT} service load --style=debian")
    vm.check("rm /etc/kexec.conf")
    assert reply.rc == 0
    assert "/etc/kexec.conf" in reply.stdout and "through the firmware" in reply.stdout
    assert not loaded(vm)


def test_what_others_loaded_outlives_a_service_that_fails(vm: VM) -> None:
    """Its kernel is not there; somebody's own is loaded."""
    vm.check(f"{SAUT} load && echo KERNEL_IMAGE=/boot/gone >/run/settings")
    reply = vm.run(f"{SAUT} service load --style=debian --conf=/run/settings")
    assert reply.rc != 0
    assert "/boot/gone" in reply.stderr
    assert loaded(vm)


def test_what_cannot_be_told_is_unloaded(vm: VM) -> None:
    """Nothing says whether a kernel is loaded: the service's stop does not take that for no."""
    vm.check(f"{SAUT} load && mkdir -p /run/nothing && mount -o bind /run/nothing /sys/kernel")
    reply = vm.run(f"{SAUT} service stop --style=debian")
    vm.check("umount /sys/kernel")
    assert reply.rc == 0
    assert not loaded(vm)


#: A boot service that loads on the way down, as OpenRC's does by default.
SERVICE = f"{SAUT} service --style=openrc"
OLD_KERNEL = rootfs.kernel_path("6.1")


@pytest.mark.parametrize(
    "unload",
    [
        f"{rootfs.TOOL} -u",
        pytest.param(f"{SAUT} unload", marks=pytest.mark.full),
        pytest.param(f"{SERVICE} stop", marks=pytest.mark.full),
    ],
)
def test_an_unload_by_hand_is_a_wish(vm: VM, unload: str) -> None:
    """No boot service loads for the next reboot, whatever is installed, until one is started."""
    for before in ("true", f"{SAUT} load"):
        vm.check(f"{before} && {unload} && {SERVICE} reload && {SERVICE} stop --rebooting")
        assert not loaded(vm)
        said = vm.run(f"{SAUT} status").stdout
        assert "unloaded by hand at" in said or "an unload was asked for by hand at" in said
        vm.check(f"{SERVICE} start && {SERVICE} stop --rebooting")
        assert loaded(vm)
        vm.check(f"{SAUT} unload && {SAUT} load")
        assert "by hand at" not in vm.run(f"{SAUT} status").stdout
        vm.check(f"{SAUT} unload")


def test_what_was_loaded_by_hand_is_kept(vm: VM) -> None:
    """By the service too, which says what it would load, until its file is gone."""
    vm.check(f"mkdir -p /run/k && cp {OLD_KERNEL} /run/k/mine && touch /run/k/other")
    vm.check(f"{rootfs.TOOL} -l /run/k/mine --reuse-cmdline")
    for action in ("start", "reload", "load"):
        reply = vm.run(f"{SERVICE} {action}")
        assert reply.rc == 0, reply.stderr
        assert "/run/k/mine is loaded and is kept: the boot service did not load it" in reply.stdout
        assert "the boot service would load" in reply.stderr
    assert "/run/k/mine" in vm.check("cat /run/saut/loaded")
    vm.check("rm /run/k/mine")
    reply = vm.run(f"{SERVICE} load")
    assert reply.rc == 0, reply.stderr
    assert "the file of the loaded kernel /run/k/mine is gone" in reply.stderr
    assert "LOADED_BY=service" in vm.check("cat /run/saut/loaded")
    vm.check(f"{SAUT} unload && rm -r /run/k /run/saut/unloaded")


def test_an_entry_is_changed(vm: VM) -> None:
    """By words of its command line and by one more initrd; a word that is not there is told."""
    changed = f"{SAUT} load second --dry-run --append 'extra=1 more' --remove from-entry"
    reply = vm.run(f"{changed} --remove nothing-such --initrd {INITRD}")
    assert reply.rc == 0, reply.stderr
    assert f"options  {BASE_COMMAND_LINE} extra=1 more\n" in reply.stdout
    assert reply.stdout.count(f"initrd   {INITRD}\n") == 2
    assert "nothing-such is not on the command line" in reply.stderr


def test_a_kernel_without_an_entry(vm: VM) -> None:
    """Its initrd is the one of its name, or what is given, or none; a file that is none is refused."""
    vm.check(f"mkdir -p /run/k && cp {OLD_KERNEL} /run/k/vmlinuz-7 && cp {INITRD} /run/k/initrd.img-7")
    load = f"cd /run/k && {SAUT} load --dry-run ./vmlinuz-7"
    assert "initrd   /run/k/./initrd.img-7\n" in vm.check(load)
    assert "initrd" not in vm.check(f"{load} --initrd=-")
    assert f"initrd   {INITRD}\n" in vm.check(f"{load} --initrd={INITRD}")
    reply = vm.run(f"{SAUT} load --dry-run /run/k/nothing-such")
    assert reply.rc != 0 and "/run/k/nothing-such" in reply.stderr
    vm.check("rm -r /run/k")


def test_the_default_entry_boots(vm: VM) -> None:
    """With its kernel, its initrd and its command line."""
    vm.check(f"{SAUT} load --append=appended")
    up = vm.execute()
    assert up.uname == packages.kernel_release("6.12")
    assert up.nonce == "by-entry"
    assert {"from-entry", "appended"} <= set(up.cmdline.split())
