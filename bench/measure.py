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
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import foreign  # noqa: E402  (the line above makes it findable from any folder)
import packages  # noqa: E402
import payload  # noqa: E402
import rootfs  # noqa: E402
from cases import CHECKED_AHEAD, LOADERS, READY, Case  # noqa: E402
from initramfs import Content  # noqa: E402
from machine import VM, GuestError, Hardware, base_command_line  # noqa: E402
from platforms import ARM64, X86_64, Platform  # noqa: E402
from record import StubRecord, read_record  # noqa: E402

#: The archive is unpacked before the rest goes on, as it is on one CPU anyhow: so that its part
#: of the log's times is its own.
APPEND = "printk.time=1 initramfs_async=0"
INITRD = "/boot/next-initrd"

#: What is kept ready lies in memory here: a disk's own time is none of these figures.
SAUT = "/sbin/saut"
PREPARE = (
    "mkdir -p /var/cache /run/saut && mount -t tmpfs none /var/cache && "
    f"{SAUT} service prepare --conf=/etc/kexec.conf && ls -l /var/cache/saut >/dev/console"
)

#: Nanoseconds, which are instructions, in a tick of the counter.
TICK = {X86_64: 1, ARM64: 16}

#: Seconds: half a minute on an idle machine, and much more for big initrds on a busy one.
PATIENCE = 1200

#: Seconds of the guest's clock, which does not wait while there is nothing to do.
SETTLE = 3

#: What the kernel logs -> the phase that ends with it.
LOGGED = {
    "Trying to unpack rootfs image": "to the initrd",
    "Freeing initrd memory": "initrd",
    "Run /init as init process": "to /init",
}

LAST_LOGGED = "Run /init as init process"

#: What is told apart in the blackout, in this order; not all of it in every case.
TOGETHER = "the first three together"
PHASES = ("stop and copy", "verify", "first steps", TOGETHER, *LOGGED.values())


@dataclass(frozen=True)
class Measurement:
    """One jump, in ticks and KiB."""

    load: int
    #: From the reboot system call to the first instruction of the next kernel's /init.
    blackout: int
    #: Memory that the loader took for itself, and all that it had mapped, at most.
    anonymous: int
    resident: int
    #: The blackout's parts, by their names in PHASES.
    phases: dict[str, int]
    #: What our stub verified and how, where it was there.
    verified: str


def platform(case: Case) -> Platform:
    """The CPU that its kernel is for."""
    return ARM64 if case.kernel.endswith("-arm64") else X86_64


def hardware(case: Case) -> Hardware:
    """The machine for it: a big initrd is there four times, packed and not, before and after."""
    memory = "1G" if case.initrd == "small" else "2G"
    return Hardware(platform=platform(case), memory=memory, icount=True)


def binary(case: Case) -> Path:
    """The program of its loader."""
    whose, _ = LOADERS[case.loader]
    if whose == "ours":
        return rootfs.tool_under_test(platform(case))
    return packages.kexec_tools() if platform(case) is X86_64 else foreign.kexec_tools("arm64")


def measure(case: Case) -> Measurement:
    """Boots a machine, loads as @case says, jumps, and reads the counters."""
    with VM(case.kernel, hardware(case), _tree(case), patience=PATIENCE) as vm:
        vm.boot()
        # What the first kernel still does in the background shall not be counted.
        vm.check(f"sleep {SETTLE}")
        if case.loader in CHECKED_AHEAD:
            vm.check(f"{_load_command(case)} && {rootfs.TOOL} -u && rm -f /run/saut/unloaded")
        if case.loader == READY:
            vm.check(PREPARE)
        words = _numbers(vm.check(_load_command(case)))
        if words["rc"] != 0:
            raise GuestError(f"{case.name} cannot load, exit code {words['rc']}")
        up = vm.execute("stamp reboot-kexec >/dev/console")
        if up.nonce != "measured":
            raise GuestError(f"{case.name} landed with the initrd “{up.nonce}”")
        scale = TICK[platform(case)]
        called, init = reboot_tick(vm) * scale, up.init_tsc * scale
        record = read_record(vm)
        log = vm.check("dmesg")
    return Measurement(
        load=words["ticks"] * scale,
        blackout=init - called,
        anonymous=words["anon-kib"],
        resident=words["maxrss-kib"],
        phases=_phases(called, record and _scaled(record, scale), _clock(log, init, platform(case)), init),
        verified=f"{record.bytes / 1e6:.1f} MB, {record.check}" if record else "",
    )


def _tree(case: Case) -> dict[str, Content]:
    """What is in the machine."""
    tree = rootfs.full(binary(case), (case.kernel,), platform(case))
    tree[INITRD.lstrip("/")] = payload.initrd(case.initrd, platform(case))
    return tree | _settings(case) if case.loader == READY else tree


def _settings(case: Case) -> dict[str, Content]:
    """By which the boot service would load the same, with what tells it what the kernel unpacks."""
    kernel = rootfs.kernel_path(case.kernel)
    settings = f"KERNEL_IMAGE={kernel}\nINITRD={INITRD}\nREADY=500M\n"
    return {
        "etc/kexec.conf": settings.encode(),
        f"boot/config-{case.kernel}": packages.kernel_config(case.kernel).encode(),
    } | rootfs.program(SAUT, rootfs.saut())


def spread(case: Case, count: int) -> list[int]:
    """The ticks of so many loads in one machine, each to its own random place; none is jumped into."""
    loads = []
    with VM(case.kernel, hardware(case), _tree(case), patience=PATIENCE) as vm:
        vm.boot()
        vm.check(f"sleep {SETTLE}")
        if case.loader == READY:
            vm.check(PREPARE)
        for _ in range(count):
            words = _numbers(vm.check(_load_command(case)))
            if words["rc"] != 0:
                raise GuestError(f"{case.name} cannot load, exit code {words['rc']}")
            loads.append(words["ticks"] * TICK[platform(case)])
            vm.check(f"{rootfs.TOOL} -u && rm -f /run/saut/unloaded")
    return loads


def _scaled(record: StubRecord, scale: int) -> StubRecord:
    return replace(
        record,
        entered=record.entered * scale,
        verified=record.verified * scale,
        left=record.left * scale,
    )


def _load_command(case: Case) -> str:
    _, options = LOADERS[case.loader]
    words = ["stamp", "run", rootfs.TOOL, *shlex.split(options)]
    words += ["-l", rootfs.kernel_path(case.kernel), f"--initrd={INITRD}"]
    words += [f"--command-line={base_command_line(platform(case))} {APPEND}"]
    return shlex.join(words)


def _numbers(line: str) -> dict[str, int]:
    """The KEY=NUMBER words of stamp's report, which is the last line."""
    words = re.findall(r"(\S+)=(\d+)", line.splitlines()[-1])
    return {key: int(number) for key, number in words}


def reboot_tick(vm: VM) -> int:
    found = re.findall(rb"^@@ reboot-tsc (\d+)", vm.console.received, re.M)
    if not found:
        raise GuestError("the tick of the reboot call is not on the console")
    return int(found[-1])


def _clock(log: str, init: int, cpu: Platform) -> dict[str, int]:
    """Ticks at which the kernel's clock began, and at which it logged the lines of LOGGED.

    The last of them is logged right before /init's first instruction, whose tick is known.  All
    of them come after the switch of the clock from interrupts to the time-stamp counter; what it
    was wrong by then, the kernel says itself.
    """
    times = {text: _logged(log, text) for text in LOGGED}
    begin = init - times[LAST_LOGGED]
    found = re.search(r"sched_clock: Marking stable \(.*\)->\(-?\d+, (-?\d+)\)", log)
    if not found and cpu is X86_64:
        raise GuestError(f"the kernel did not correct its clock:\n{log[-2000:]}")
    # arm64 goes by the CPU's counter from the start.
    return {"": begin + (int(found[1]) if found else 0)} | {text: begin + time for text, time in times.items()}


def _logged(log: str, text: str) -> int:
    """Nanoseconds of the kernel's clock at which it logged @text."""
    found = re.search(rf"^(?:<\d+>)?\[ *(\d+)\.(\d{{6}})\] {re.escape(text)}", log, re.M)
    if not found:
        raise GuestError(f"the kernel did not log “{text}”:\n{log[-2000:]}")
    return int(found[1] + found[2]) * 1000


def _phases(
    called: int, record: StubRecord | None, clock: dict[str, int], init: int
) -> dict[str, int]:
    """What lies between one tick and the next."""
    ends = {}
    if record:
        ends["stop and copy"] = record.entered
        ends["verify"] = record.verified
        ends["first steps"] = clock[""]
    else:
        ends[TOGETHER] = clock[""]
    ends |= {phase: clock[text] for text, phase in LOGGED.items()}
    ends[LOGGED[LAST_LOGGED]] = init
    starts = [called, *ends.values()]
    return {phase: end - start for (phase, end), start in zip(ends.items(), starts)}
