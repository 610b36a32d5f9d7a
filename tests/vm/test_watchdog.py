# SPDX-License-Identifier: LGPL-2.1-or-later
"""`kexec --watchdog`: the stub starts the machine's hardware watchdog, which resets a machine that hangs.

The kernels that hang are Debian's, stopped at their first instruction, and one for Multiboot. Without the
watchdog they hang for ever, on the same machine.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import packages
import pytest
import rootfs
from chain import EXECUTE
from conftest import StartVM
from initramfs import Content
from machine import VM, GuestHang, Hardware, default_tree

StartReal = Callable[..., VM]

pytestmark = pytest.mark.usefixtures("ours")

HANGS = "/boot/hangs"
HANGS_MULTIBOOT = "/boot/hangs-multiboot"

#: The least time that is taken.
SECONDS = 30

I6300ESB = Hardware(more=("-device", "i6300esb"))

#: Q35's own timer, where the board does not keep it from resetting the machine.
TCO_MAY_RESET = ("-global", "ICH9-LPC.noreboot=false")

#: A kernel for real machines, and what it needs for that timer, in this order.
TCO_KERNEL = "6.1-full"
TCO_MODULES = ("lpc_ich", "watchdog", "iTCO_vendor_support", "intel_pmc_bxt", "iTCO_wdt")


def wdat() -> bytes:
    """What ACPI's table WDAT says of that timer, without the header that QEMU makes.

    An instruction: action and kind, a generic address, the value, the mask.
    """
    port, memory = (1, 16, 2), (0, 32, 3)
    instructions = [
        (1, 2, port, 0, 0x660, 1, 0xFFFF),
        (6, 0x83, port, 0, 0x672, 0, 0x3FF),
        (8, 0, port, 11, 0x668, 0, 1),
        (9, 0x82, port, 11, 0x668, 0, 1),
        (10, 0, port, 11, 0x668, 1, 1),
        (11, 0x82, port, 11, 0x668, 1, 1),
        (17, 0x82, memory, 5, 0xFED1F410, 0, 1),
    ]
    body = struct.pack("<IHBBB3xIIIB3xI", 32, 0xFF, 0xFF, 0xFF, 0xFF, 600, 0x3FF, 4, 1,
                       len(instructions))
    for action, kind, (space, bits, access), shift, address, value, mask in instructions:
        body += struct.pack("<BBHBBBBQII", action, kind, 0, space, bits, shift, access, address,
                            value, mask)
    return body


@pytest.fixture
def described(tmp_path: Path) -> Hardware:
    """Q35 with that table."""
    (tmp_path / "wdat").write_bytes(wdat())
    return Hardware(more=(*TCO_MAY_RESET, "-acpitable", f"sig=WDAT,data={tmp_path / 'wdat'}"))


def hanging_kernel(version: str) -> bytes:
    """Debian's kernel, whose entry points halt the CPU for good; it still says its version."""
    content = bytearray(packages.kernel(version).read_bytes())
    begin = (content[0x1F1] + 1) * 512
    for entry in (begin, begin + 0x200):
        content[entry : entry + 4] = b"\xfa\xf4\xeb\xfd"  # cli; hlt; jmp to the hlt
    return bytes(content)


def hanging_multiboot() -> bytes:
    """A kernel for Multiboot, without anything but a header and a loop, to be loaded at 2 MiB."""
    flags = 0x10003
    header = struct.pack("<8I", 0x1BADB002, flags, -(0x1BADB002 + flags) & 0xFFFFFFFF,
                         0x200000, 0x200000, 0, 0, 0x200020)
    return header + b"\xfa\xf4\xeb\xfd" + bytes(4060)


def lists_of(version: str, *modules: str) -> dict[str, Content]:
    """Depmod's list of a kernel's modules, as far as it matters here."""
    folder = f"lib/modules/{packages.kernel_release(version)}"
    lines = "".join(f"kernel/drivers/watchdog/{name}.ko:\n" for name in modules)
    return {f"{folder}/modules.dep": lines.encode(), f"{folder}/modules.builtin": b"kernel/x.ko\n"}


def tree_with(*modules: str) -> dict[str, Content]:
    """The guest, with drivers of watchdogs and kernels that hang."""
    tree = default_tree() | lists_of("6.12", *modules)
    for name in modules:
        tree |= rootfs.modules(name, ("6.12",))
    tree[HANGS.lstrip("/")] = hanging_kernel("6.12")
    tree[HANGS_MULTIBOOT.lstrip("/")] = hanging_multiboot()
    return tree


def leave(vm: VM, words: str) -> str:
    """Loads by @words and jumps; what was said when it was loaded."""
    reply = vm.run(f"{rootfs.TOOL} {words}")
    assert reply.rc == 0, reply
    vm.send(EXECUTE)
    return reply.stderr


@pytest.fixture
def start_real(start_vm: StartVM) -> StartReal:
    """Starts a machine that a reset starts again, as it does outside of tests, and boots it."""

    def start(hardware: Hardware, tree: dict[str, Content], kernel: str = "6.12") -> VM:
        vm = start_vm(kernel, hardware, tree, resets=True)
        assert vm.boot().boot == 1
        return vm

    return start


def comes_back(vm: VM) -> None:
    """The firmware has started the first kernel again."""
    assert vm.wait_up().boot == 1


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(f"--direct=off -l {HANGS}", id="bzimage"),
        pytest.param(f"--direct=off --entry-32bit -l {HANGS}", id="32-bit", marks=pytest.mark.full),
    ],
)
def test_kernel_that_hangs(start_real: StartReal, words: str) -> None:
    """Its first instruction is its last; the machine resets itself."""
    with start_real(I6300ESB, tree_with("watchdog", "i6300esb")) as vm:
        said = leave(vm, f"--watchdog={SECONDS} {words}")
        assert f"the watchdog (i6300esb) resets the machine {SECONDS} s after the jump" in said
        comes_back(vm)


@pytest.mark.full
def test_multiboot_that_hangs(start_real: StartReal) -> None:
    """No driver is known for what is no Linux: that has to be asked for."""
    with start_real(I6300ESB, tree_with("watchdog", "i6300esb")) as vm:
        refused = vm.run(f"{rootfs.TOOL} --watchdog={SECONDS} -l {HANGS_MULTIBOOT}")
        assert refused.rc == 255 and "its version is not" in refused.stderr, refused
        assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
        leave(vm, f"--watchdog={SECONDS},any-kernel -l {HANGS_MULTIBOOT}")
        comes_back(vm)


@pytest.mark.full
def test_without_it_hangs(start_vm: StartVM) -> None:
    """The same kernel on the same machine, and nobody comes."""
    with start_vm("6.12", I6300ESB, tree_with("watchdog", "i6300esb"), patience=180) as vm:
        vm.boot()
        leave(vm, f"--direct=off -l {HANGS}")
        with pytest.raises(GuestHang):
            vm.wait_reset()


@pytest.mark.full
def test_driver_takes_over(start_vm: StartVM) -> None:
    """A kernel that comes up and has the driver: it stops the watchdog, and nothing is reset."""
    with start_vm("6.12", I6300ESB, tree_with("watchdog", "i6300esb")) as vm:
        vm.boot()
        up = vm.jump(f"--watchdog={4 * SECONDS}")
        assert up.boot == 2
        for module in ("watchdog", "i6300esb"):
            vm.check(f"insmod /modules/$(uname -r)/{module}.ko")
        assert vm.check("cat /sys/class/watchdog/watchdog0/state") == "inactive\n"
        vm.check(f"sleep {5 * SECONDS}; cat /proc/uptime")
        assert vm.check("cat /etc/saut/boot") == "2\n"


@pytest.mark.full
def test_without_a_watchdog(start_vm: StartVM) -> None:
    """Nothing is loaded where what was asked for cannot be had."""
    with start_vm("6.12", tree=tree_with("watchdog", "i6300esb")) as vm:
        vm.boot()
        refused = vm.run(f"{rootfs.TOOL} --watchdog={SECONDS} --direct=off -l {HANGS}")
        assert refused.rc == 255 and "its driver iTCO_wdt" in refused.stderr, refused
        assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"


@pytest.mark.full
def test_described_by_acpi(start_real: StartReal, described: Hardware) -> None:
    """Any chip, if the firmware says how; no driver is needed in the running kernel."""
    with start_real(described, tree_with("watchdog", "wdat_wdt")) as vm:
        said = leave(vm, f"--watchdog={SECONDS} --direct=off -l {HANGS}")
        assert f"the watchdog (of ACPI's table WDAT) resets the machine {SECONDS} to" in said
        comes_back(vm)


@pytest.mark.full
def test_driver_finds_it_running(start_vm: StartVM, described: Hardware) -> None:
    """This driver sees that the watchdog runs and keeps it from running out, until it is stopped."""
    with start_vm("6.12", described, tree_with("watchdog", "wdat_wdt")) as vm:
        vm.boot()
        assert vm.jump(f"--watchdog={2 * SECONDS}").boot == 2
        for module in ("watchdog", "wdat_wdt"):
            vm.check(f"insmod /modules/$(uname -r)/{module}.ko")
        vm.check(f"sleep {5 * SECONDS}")
        # It is opened, and closed with the letter that stops it.
        vm.check("printf V >/dev/watchdog0")
        vm.check(f"sleep {5 * SECONDS}")
        assert vm.check("cat /etc/saut/boot") == "2\n"


@pytest.mark.full
def test_timer_of_the_chipset(start_real: StartReal) -> None:
    """Its driver has proven that the board lets it reset the machine, and stops it at the jump."""
    tree = default_tree() | lists_of(TCO_KERNEL, *TCO_MODULES)
    tree[HANGS.lstrip("/")] = hanging_kernel(TCO_KERNEL)
    tree |= {f"modules/{name}.ko": packages.driver(name) for name in TCO_MODULES}
    with start_real(Hardware(more=TCO_MAY_RESET), tree, TCO_KERNEL) as vm:
        for name in TCO_MODULES:
            vm.check(f"insmod /modules/{name}.ko")
        said = leave(vm, f"--watchdog={SECONDS} --direct=off -l {HANGS}")
        assert f"the watchdog (Intel TCO) resets the machine {SECONDS} to {2 * SECONDS} s" in said
        comes_back(vm)
