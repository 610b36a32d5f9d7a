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
    assert "kexec" in vm.check(f"{SAUT} status")
    assert json.loads(vm.check(f"{SAUT} status --json"))


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
    assert "planning /boot/" in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    vm.check(f"{SAUT} unload")


def test_the_default_entry_boots(vm: VM) -> None:
    """With its kernel, its initrd and its command line."""
    vm.check(f"{SAUT} load")
    up = vm.execute()
    assert up.uname == packages.kernel_release("6.12")
    assert up.nonce == "by-entry"
    assert "from-entry" in up.cmdline.split()
