# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `saut list` reads in a folder, and what a boot loader does with it, as one type.

Knows nothing of where the other side's answer comes from: a file beside a case, or a boot loader
that was run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: What boot loaders put onto the line of their own accord: the kernel's file, and initrds.
NAMES_KERNEL = re.compile(r"^BOOT_IMAGE=\S*\s?")
NAMES_INITRD = re.compile(r"(?:^|(?<=\s))initrd=\S*\s?")


@dataclass(frozen=True)
class Boot:
    """What is booted next; a command line of None is that of the running kernel."""

    kernel: str
    initrds: tuple[str, ...]
    command_line: str | None

    def __str__(self) -> str:
        return f"{self.kernel} {list(self.initrds)} {self.command_line!r}"


@dataclass(frozen=True)
class Refusal:
    """Nothing is booted, and why."""

    why: str

    def __str__(self) -> str:
        return f"refused: {self.why}"


Outcome = Boot | Refusal


def saut() -> Path:
    """The command under test."""
    return Path(os.environ.get("SAUT_SAUT", ROOT / "build/meson/src/cmd/saut/saut"))


def plain_line(line: str | None) -> str | None:
    """A command line as the kernel understands it: without the words above, and any blank is a blank."""
    if line is None:
        return None
    return NAMES_INITRD.sub("", NAMES_KERNEL.sub("", line)).replace("\t", " ").strip()


def list_text(root: Path) -> bytes:
    """All that `saut list` prints about the system in @root."""
    done = subprocess.run([saut(), "list", f"--root={root}"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout


def read(root: Path) -> Outcome:
    """The default among the entries of the system in @root, or why there is none."""
    command = [saut(), "list", "--json", f"--root={root}"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode < 0 or done.returncode > 1:
        raise AssertionError(f"saut list ended with {done.returncode}: {done.stderr!r}")
    if done.returncode == 1:
        return Refusal(done.stderr.decode(errors="replace").strip())
    found = json.loads(done.stdout)
    defaults = [entry for entry in found["entries"] if entry["default"]]
    if len(defaults) > 1:
        raise AssertionError(f"more than one default: {defaults}")
    if not defaults:
        return Refusal("; ".join(found["notes"]) or "no entry is the default")
    return boot_of(defaults[0])


def boot_of(entry: dict[str, object]) -> Outcome:
    """What booting @entry of `saut list --json` means."""
    if entry["obstacle"] is not None:
        return Refusal(str(entry["obstacle"]))
    initrds, line = entry["initrds"], entry["command_line"]
    assert isinstance(initrds, list) and (line is None or isinstance(line, str))
    return Boot(str(entry["kernel"]), tuple(initrds), plain_line(line))
