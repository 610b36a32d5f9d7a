# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bytes that change between load and jump: the stub must find it, say so, and reset.

load-damaged is the loader under test with one addition: it flips a byte of the loaded kernel
after the digest was made.
"""

from __future__ import annotations

import shlex

import initramfs
import pytest
import rootfs
from machine import BASE_COMMAND_LINE, VM, default_tree

LOADER = "/sbin/load-damaged"

pytestmark = pytest.mark.usefixtures("ours")


@pytest.fixture(scope="module")
def tree() -> initramfs.Tree:
    """A guest with the loader that spoils."""
    return default_tree() | rootfs.program(LOADER, rootfs.damaging_loader())


def test_damage_is_found(tree: initramfs.Tree) -> None:
    """Nobody sits before such a machine: it tells the console, then starts over by itself."""
    with VM("6.12", tree=tree) as vm:
        vm.boot()
        vm.check("pack-initrd /run/next.cpio never-seen")
        vm.check(
            f"{LOADER} -l {rootfs.kernel_path('6.12')} --initrd=/run/next.cpio"
            f" --command-line={shlex.quote(BASE_COMMAND_LINE)}"
        )
        assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
        vm.send(f"{rootfs.TOOL} -e")
        vm.wait_console(r"^saut: the loaded kernel was damaged in memory")
        vm.wait_reset()
        assert b"never-seen" not in vm.console.received


@pytest.mark.full
def test_the_port_can_be_chosen(tree: initramfs.Tree) -> None:
    """--serial and --serial-baud: it tells the other line, and not the console."""
    with VM("6.12", tree=tree) as vm:
        vm.boot()
        vm.check(
            f"{LOADER} -l --serial=ttyS1 --serial-baud=9600 {rootfs.kernel_path('6.12')}"
            f" --command-line={shlex.quote(BASE_COMMAND_LINE)}"
        )
        vm.send(f"{rootfs.TOOL} -e")
        vm.wait_reset()
        assert b"saut: the loaded kernel was damaged in memory" in vm.agent.received
        assert b"saut:" not in vm.console.received
