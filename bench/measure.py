# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures one jump in a machine whose clock counts instructions.

Knows how a figure comes to be, nothing of how it is shown.  QEMU's -icount makes one tick of
the time-stamp counter out of each guest instruction: a figure is the same on a busy host, and
differs from a real CPU's time in what each instruction costs there.
"""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import initramfs  # noqa: E402  (the line above makes it findable from any folder)
import packages  # noqa: E402
import rootfs  # noqa: E402
from machine import BASE_COMMAND_LINE, VM, GuestError, Hardware  # noqa: E402
from record import StubRecord, read_record  # noqa: E402

#: From this kernel to the same one.
KERNEL = "6.12"
HARDWARE = Hardware(machine="q35", memory="1G", icount=True)
INITRD = "/run/next.cpio"


@dataclass(frozen=True)
class Loader:
    """What is measured: a kexec command, and how it is called."""

    name: str
    binary: Path
    options: str

    @property
    def ours(self) -> bool:
        """Whether it may leave a record of its phases."""
        return rootfs.is_ours(self.binary)


@dataclass(frozen=True)
class Phases:
    """The blackout in its parts, in ticks."""

    shutdown: int
    verification: int
    hand_over: int
    start: int

    #: What was verified, and how.
    bytes: int
    check: str


@dataclass(frozen=True)
class Measurement:
    """One jump."""

    load: int
    #: From the reboot system call to the first instruction of the next kernel's /init.
    blackout: int
    #: Memory that the loader took for itself, and all that it had mapped, at most; KiB.
    anonymous: int
    resident: int
    phases: Phases | None


def measure(loader: Loader) -> Measurement:
    """Boots a machine, loads by @loader, jumps, and reads the counters."""
    with VM(KERNEL, HARDWARE, _first_tree(loader)) as vm:
        vm.boot()
        # /run is mounted by init: what the archive brings there would be hidden below it.
        vm.check(f"cp /next.cpio {INITRD}")
        words = _numbers(vm.check(_load_command(loader)))
        if words["rc"] != 0:
            raise GuestError(f"{loader.name} cannot load, exit code {words['rc']}")
        up = vm.execute("stamp reboot-kexec >/dev/console")
        called = _reboot_tick(vm)
        record = read_record(vm)
    return Measurement(
        load=words["ticks"],
        blackout=up.init_tsc - called,
        anonymous=words["anon-kib"],
        resident=words["maxrss-kib"],
        phases=_phases(called, record, up.init_tsc) if record else None,
    )


def initrd_size() -> int:
    """Bytes of the archive that the next kernel gets."""
    return len(initramfs.to_bytes(_next_tree()))


def _next_tree() -> initramfs.Tree:
    return rootfs.core(boot=2, nonce="measured") | {
        "etc/saut/agent": rootfs.GUEST / "agent",
        "bin/stub-record": rootfs.GUEST / "stub-record",
    }


def _first_tree(loader: Loader) -> initramfs.Tree:
    archive = initramfs.to_bytes(_next_tree())
    return rootfs.full(loader.binary, (KERNEL,)) | {"next.cpio": archive}


def _load_command(loader: Loader) -> str:
    words = ["stamp", "run", rootfs.TOOL, *shlex.split(loader.options)]
    words += ["-l", rootfs.kernel_path(KERNEL), f"--initrd={INITRD}"]
    words += [f"--command-line={BASE_COMMAND_LINE}"]
    return shlex.join(words)


def _numbers(line: str) -> dict[str, int]:
    """The KEY=NUMBER words of stamp's report, which is the last line."""
    words = re.findall(r"(\S+)=(\d+)", line.splitlines()[-1])
    return {key: int(number) for key, number in words}


def _reboot_tick(vm: VM) -> int:
    found = re.findall(rb"^@@ reboot-tsc (\d+)", vm.console.received, re.M)
    if not found:
        raise GuestError("the tick of the reboot call is not on the console")
    return int(found[-1])


def _phases(called: int, record: StubRecord, init: int) -> Phases:
    return Phases(
        shutdown=record.entered - called,
        verification=record.verified - record.entered,
        hand_over=record.left - record.verified,
        start=init - record.left,
        bytes=record.bytes,
        check=record.check,
    )
