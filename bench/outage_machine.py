# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs one machine through one reboot and hands over what it left: the marks and the report.

The machine's clock counts instructions, and jumps over the time in which nothing is to do. So that
it does not jump while a disk of the host is waited for, the disk is an SD card, which QEMU reads
within the guest's instruction; and so that it does not jump while it waits for us, the guest does
all by itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import outage_disk  # noqa: E402  (the line above makes it findable from any folder)
import outage_uefi  # noqa: E402
from machine import GuestError, Hardware  # noqa: E402
from outage_cases import WAYS, Case  # noqa: E402

#: Seconds for two boots and a shutdown on a busy machine.
PATIENCE = int(os.environ.get("SAUT_OUTAGE_PATIENCE", "1500"))

MEMORY = "2G"


@dataclass(frozen=True)
class Left:
    """What a machine left behind."""

    marks: str
    report: str
    console: str


def perform(case: Case) -> Left:
    """Runs the machine of @case until it switches itself off."""
    way = WAYS[case.way]
    with tempfile.TemporaryDirectory(prefix="saut-outage-") as name:
        folder = Path(name)
        prepare, reboot = way.commands[case.init]
        (folder / "prepare").write_text(f"{_initrd_in_place(case.initrd)} && {prepare}")
        (folder / "reboot").write_text(reboot)
        image = outage_disk.image(case.init, way.tool)
        hardware = Hardware(
            machine="q35,graphics=off",
            cpu="max,movbe=off",
            memory=MEMORY,
            uefi=case.firmware == "ovmf",
            translated=256,
            icount=True,
        )
        command = ["setpriv", "--pdeathsig", "KILL", "--", "qemu-system-x86_64"]
        command += hardware.arguments(folder)
        command += ["-display", "none", "-nic", "none", "-monitor", "none"]
        # The clock of the instructions, and a day on which no file on the disk is new.
        day = datetime.fromtimestamp(image.stat().st_mtime, timezone.utc) + timedelta(days=1)
        command += ["-rtc", f"base={day:%Y-%m-%d},clock=vm"]
        beginnings = "".join(f",{name}={code}" for name, code in outage_disk.beginnings(case.init).items())
        command += ["-plugin", f"{outage_disk.plugin()},out={folder / 'marks'}{beginnings}"]
        command += ["-serial", f"file:{folder / 'console'}", "-serial", f"file:{folder / 'report'}"]
        command += ["-drive", f"if=none,id=card,format=raw,snapshot=on,file={image}"]
        command += ["-device", "sdhci-pci", "-device", "sd-card,drive=card"]
        if hardware.uefi:
            boots = outage_disk.boot_disk(image)
            command += ["-drive", f"if=none,id=boots,format=raw,snapshot=on,file={boots}"]
            command += ["-device", f"{outage_uefi.DEVICE},drive=boots,bootindex=1"]
        for word in ("prepare", "reboot"):
            command += ["-fw_cfg", f"name=opt/saut/{word},file={folder / word}"]
        why = ""
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            if done.returncode != 0:
                why = f"QEMU ended with {done.returncode}: {done.stderr[-1000:]}"
        except subprocess.TimeoutExpired:
            why = f"not done after {PATIENCE} s"
        left = Left(*(_text(folder / name) for name in ("marks", "report", "console")))
    if why or "@@ failed" in left.report:
        raise GuestError(
            f"{case.name}: {why}\n--- marks ---\n{left.marks[-2000:]}\n"
            f"--- report ---\n{left.report[-4000:]}\n--- console ---\n{left.console[-3000:]}"
        )
    return left


def _initrd_in_place(name: str) -> str:
    if name == "zstd":
        return "true"
    # It is not new either when the kernel is seen to.
    return f"cp /var/lib/outage/initrd-{name} /boot/initrd.img-$(uname -r) && sync && sleep 60"


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace").replace("\r", "") if path.exists() else ""
