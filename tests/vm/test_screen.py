# SPDX-License-Identifier: LGPL-2.1-or-later
"""--reset-vga: a screen in a graphics mode shows text again, the stub's and the next kernel's."""

from __future__ import annotations

import shlex
import time

import pytest
import rootfs
import screen
from machine import BASE_COMMAND_LINE, VM, Hardware, default_tree

LOADER = "/sbin/load-damaged"

#: 1024x768 with 65536 colours: the first kernel's setup code asks the BIOS for it.
GRAPHICS = "vga=0x317"
GRAPHICS_SIZE = (1024, 768)

pytestmark = pytest.mark.usefixtures("ours")


def wait_screen(vm: VM, text: str) -> None:
    """Waits until the screen shows @text."""
    deadline = time.monotonic() + vm.patience
    while (picture := vm.look()).size != screen.TEXT_SIZE or text not in picture.text():
        shown = picture.text() if picture.size == screen.TEXT_SIZE else picture.size
        assert time.monotonic() < deadline, f"waited for “{text}” on the screen: {shown}"
        time.sleep(0.3)


def test_the_stub_is_read_on_it() -> None:
    """In the mode before nobody would see why the machine resets."""
    tree = default_tree() | rootfs.program(LOADER, rootfs.damaging_loader())
    with VM("6.12", tree=tree, append=GRAPHICS) as vm:
        vm.boot()
        assert vm.look().size == GRAPHICS_SIZE
        vm.check(
            f"{LOADER} -l --reset-vga {rootfs.kernel_path('6.12')}"
            f" --command-line={shlex.quote(BASE_COMMAND_LINE)}"
        )
        vm.send(f"{rootfs.TOOL} -e")
        wait_screen(vm, "the loaded kernel was damaged in memory")
        vm.wait_reset()


@pytest.mark.parametrize("machine", ["q35", pytest.param("pc", marks=pytest.mark.full)])
def test_the_next_kernel_writes_on_it(machine: str) -> None:
    """It is told that the screen is in text mode, and takes it for its console."""
    with VM("6.12", Hardware(machine), append=GRAPHICS) as vm:
        vm.boot()
        assert vm.look().size == GRAPHICS_SIZE
        vm.jump("--reset-vga", append="console=tty0 console=ttyS0")
        vm.check("echo read by its letters >/dev/tty0")
        wait_screen(vm, "read by its letters")
