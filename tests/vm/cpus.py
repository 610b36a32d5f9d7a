# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of every CPU but x86-64 share: guests, jumps, and what must hold after one.

A file per CPU says which kernels, which machines, in which order.
"""

from __future__ import annotations

import json
import random
import re
import shlex
import subprocess
from functools import lru_cache
from pathlib import Path

import debian
import packages
import pytest
import rootfs
from chain import Chain, Jump, assert_recorded
from conftest import StartVM
from initramfs import Tree
from machine import VM, Hardware, base_command_line
from platforms import Platform
from schemas import validate

#: An initrd of that many bytes and more, which no kernel can unpack to less: small ones would lie
#: where nothing else does.
BALLAST = 30 << 20

DAMAGING = "/sbin/load-damaged"
#: The same, of what is damaged in the stub itself, and what is then said.
BREAKING = f"LOAD_DAMAGED=clock {DAMAGING}"
FAULTED = r"^saut: the CPU met a fault between the kernels \(exception 0x%x, code 0x\w+, at 0x\w+\); resetting in 10 s"
DAMAGED = r"^saut: the loaded kernel was damaged in memory"
SAUT = "/sbin/saut"

#: Of the trees that QEMU makes, and in its place something as long, by which ours is known.
OUR_BOARD = b"saut,another-one"
BOARDS = {b"linux,dummy-virt": OUR_BOARD, b"riscv-virtio\0": b"saut,another\0"}

#: Crumbs that a loader, or the kernel's own reservations, may round off.
CRUMBS = 16 << 20


@lru_cache
def _ballast() -> bytes:
    return random.Random(BALLAST).randbytes(BALLAST)


def guest(platform: Platform, kernels: tuple[str, ...]) -> Tree:
    """A guest of @platform that holds @kernels; skips the test where they cannot be had."""
    tool = rootfs.tool_under_test(platform)
    if not tool.is_file():
        pytest.fail(f"{tool} is not built: make cross CPU={platform.cpu}")
    try:
        return rootfs.full(tool, kernels, platform) | {"files/ballast": _ballast()}
    except debian.Unreachable as reason:
        pytest.skip(str(reason))


def chain(
    start_vm: StartVM, kernels: tuple[str, ...], hardware: Hardware, extra: Tree | None = None
) -> Chain:
    """A machine that first boots the first of @kernels."""
    tree = {**guest(hardware.platform, kernels), **(extra or {})}
    return Chain(start_vm(kernels[0], hardware, tree))


def another_board(hardware: Hardware, target: Path) -> bytes:
    """The device tree of @hardware as QEMU makes it, called something else; @target is a file for it."""
    platform = hardware.platform
    command = [str(platform.emulator()), "-machine", f"{platform.machine},dumpdtb={target}"]
    command += ["-cpu", platform.model, "-m", hardware.memory, "-smp", str(hardware.cpus), "-nic", "none"]
    subprocess.run(command, check=True, capture_output=True)
    tree = target.read_bytes()
    (board,) = (name for name in BOARDS if name in tree)
    return tree.replace(board, BOARDS[board])


def jump(there: Chain, link: Jump, record: bool = True) -> None:
    """Jumps; command line, initrd, kernel and memory are those that were asked for."""
    there.running()
    before = total_memory(there.vm)
    there.jump(link)
    assert abs(total_memory(there.vm) - before) < CRUMBS
    assert there.vm.check("wc -c </files/ballast") == f"{BALLAST}\n"
    if record and rootfs.is_ours_for(there.vm.hardware.platform):
        assert_recorded(there, link.target, ("crc32c", "sha256"))


def assert_reported(vm: VM) -> None:
    """The times of the stub and of the kernel behind it are told, in their order, by a counter that is understood."""
    # What a boot service leaves: two moments of one boot tell how fast the counter runs.
    vm.check(f"{SAUT} service confirm --style=openrc && sleep 2")
    report = json.loads(vm.check(f"{SAUT} report --json"))
    validate(report, "report")
    at = {row["name"]: row["at_us"] for row in report["moments"]}
    times = [at[name] for name in ("stub-entered", "stub-verified", "kernel-entered", "kernel-clock")]
    assert None not in times and times == sorted(times), report


def damage_is_found(
    platform: Platform, kernel: str, hardware: Hardware, loader: str = DAMAGING, said: str = DAMAGED
) -> None:
    """A flipped byte: the machine says so on its console, starts over, and no kernel is entered."""
    program = rootfs.program(DAMAGING, rootfs.damaging_loader(platform), platform)
    line = shlex.quote(base_command_line(platform))
    with VM(kernel, hardware, {**guest(platform, (kernel,)), **program}) as vm:
        vm.boot()
        vm.check("pack-initrd /run/next.cpio never-seen")
        vm.check(
            f"{loader} -l {rootfs.kernel_path(kernel)} --initrd=/run/next.cpio"
            f" --command-line={line}"
        )
        assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
        vm.send(f"{rootfs.TOOL} -e")
        vm.wait_reset()
        assert re.search(said.encode(), vm.console.received, re.MULTILINE)
        assert b"never-seen" not in vm.console.received


def total_memory(vm: VM) -> int:
    """Bytes of RAM that the running kernel knows, with what lies reserved within."""
    ranges = memory(vm, r"System RAM")
    return sum(end - start for start, end in ranges)


def memory(vm: VM, name: str) -> list[tuple[int, int]]:
    """The ranges of /proc/iomem called @name, each to the byte behind it."""
    text = vm.check("cat /proc/iomem")
    found = re.findall(rf"^ *([0-9a-f]+)-([0-9a-f]+) : (?:{name})$", text, re.M)
    return [(int(start, 16), int(last, 16) + 1) for start, last in found]


def require(there: Chain, kernel: str) -> None:
    """As Chain has it; skips where @kernel cannot be had."""
    try:
        packages.kernel(kernel)
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    there.require_kernel(kernel)
