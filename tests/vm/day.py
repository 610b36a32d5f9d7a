# SPDX-License-Identifier: LGPL-2.1-or-later
"""A person's session at a machine with an init system, as a transcript that can be read.

Each command stands behind "# ", its output below it; a reboot is a line that says how it went.  What
differs from run to run (times, ids, versions) is replaced by words that do not.
"""

from __future__ import annotations

import difflib
import os
import re
from itertools import groupby
from pathlib import Path

import packages
import systems
from disk_machine import DiskVM
from machine import Reply

#: Set, the transcripts are written instead of compared.
UPDATE = "SAUT_UPDATE_GOLDEN"

FOLDER = Path(__file__).resolve().parent / "days"

#: What is replaced, in this order.
WORDS = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(re.escape(systems.ROOT_UUID)), "ROOT-UUID"),
    (re.compile(re.escape(systems.BOOT_UUID)), "BOOT-UUID"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( ?(UTC|Z|[+-]\d\d:?\d\d))?"), "TIME"),
    (re.compile(r"\b\d+([.,]\d+)? (s|ms|seconds?|minutes?) ago\b"), "N s ago"),
    (re.compile(r"\(Reading database \.\.\. .*?(\d+) files", re.S), "(Reading database ... N files"),
    (re.compile(r"\bsaut \(\d+\.\d+\.\d+[^\s)]*\)"), "saut (VERSION)"),
    # How far work is, which only slow machines show.
    (re.compile(r"^saut: (?!note: )[^:\n]* /\S+(: \d+ %)?\n", re.M), ""),
    (re.compile(r"\bafter \d+ s\b"), "after N s"),
    (re.compile(r"\bsaut\.trial=[0-9a-f]+"), "saut.trial=ID"),
    (re.compile(r"#1 SMP .* Debian \S+ \(TIME\)|#1 SMP .* Debian \S+ \([-0-9]+\)"), "#1 SMP BUILD"),
    (re.compile(r"\b\d{5,}\b"), "NUMBER"),
)


class Day:
    """What was typed and answered so far."""

    def __init__(self, vm: DiskVM, settled: str = "true") -> None:
        """@settled is a command that waits until a boot is over, as somebody who comes a minute later does."""
        self.vm = vm
        self.settled = settled
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        """A heading between commands."""
        self.lines += ["", f"== {text}"]

    def types(self, command: str, rc: int | None = 0) -> str:
        """Types @command, whose exit code must be @rc, and returns what it said."""
        reply: Reply = self.vm.run(f"{{ {command}; }} 2>&1")
        assert rc is None or reply.rc == rc, f"exit code {reply.rc} of {command}:\n{reply.stdout}"
        self.lines += ["", f"# {plain(command)}", *plain(reply.stdout).splitlines()]
        if reply.rc:
            self.lines.append(f"[exit code {reply.rc}]")
        return reply.stdout

    def reboots(self, into: str | None, firmware_boots: str, command: str = "reboot") -> None:
        """Types @command, after which it must come up in kernel @into by kexec, or through the firmware."""
        passage = self.vm.passage(command)
        release = packages.kernel_release(into or firmware_boots)
        assert passage.after.uname == release, passage.console
        if into:
            assert passage.by_kexec, f"not by kexec:\n{passage.console}"
        else:
            assert passage.by_firmware, f"not through the firmware:\n{passage.console}"
        self.vm.run(self.settled)
        way = "by kexec" if into else "through the firmware"
        self.lines += ["", f"# {command}", f"[it reboots {way} into {plain(release)}]"]

    def compare(self, name: str) -> None:
        """With what is kept under @name."""
        FOLDER.mkdir(exist_ok=True)
        kept = FOLDER / f"{name}.txt"
        text = "\n".join(self.lines).strip() + "\n"
        if os.environ.get(UPDATE):
            kept.write_text(text)
        lines = difflib.unified_diff(kept.read_text().splitlines(), text.splitlines(), "kept", "now", lineterm="")
        difference = "\n".join(lines)
        assert not difference, f"{UPDATE}=1 writes {kept} anew; read the difference:\n{difference}"


def in_order(text: str) -> str:
    """Neighbouring lines of systemctl about links, which come in any order, sorted."""
    groups = groupby(text.splitlines(keepends=True), key=lambda line: line.startswith(("Removed ", "Created symlink ")))
    return "".join(line for is_link, lines in groups for line in (sorted(lines) if is_link else lines))


def plain(text: str) -> str:
    """@text without what differs from run to run."""
    for version in packages.KERNELS:
        text = text.replace(packages.kernel_release(version), f"{version}-cloud-amd64")
    for pattern, word in WORDS:
        text = pattern.sub(word, text)
    return in_order(text)
