# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each system call of a command fails, one after the other: it tells so, leaves nothing behind, or does without."""

from __future__ import annotations

import random
from pathlib import Path

import faults
import pytest

COMMANDS = (
    "saut list",
    "saut status",
    "saut check",
    "saut inspect /boot/vmlinuz-6.1",
    "saut load",
    "saut unload",
    "saut reboot --dry-run",
    "saut service load --style=systemd",
    "saut service stop --style=systemd",
    "saut service status --style=systemd",
    "kexec -l /boot/vmlinuz-6.1 --initrd=/boot/initrd.img-6.1 --reuse-cmdline",
    "kexec -u",
)
#: Of each command, in `make check`.
SAMPLE = 17


def complaints(system: Path, words: str, size: int | None) -> list[str]:
    """Of all its calls, or of so many that are drawn in the same way each time."""
    good = faults.run(system, words)
    again = faults.run(system, words)
    assert (good.rc, faults.alike(good.stdout)) == (again.rc, faults.alike(again.stdout))
    all_of_them = faults.faults_of(good.trace)
    drawn = all_of_them if size is None else random.Random(words).sample(all_of_them, min(size, len(all_of_them)))
    assert drawn
    found = []
    for fault in drawn:
        seen = faults.run(system, words, fault)
        what = faults.complaint(good, seen, fault)
        if what:
            found.append(f"{fault}: {what}: {seen.stderr[-300:]}")
    return found


@pytest.mark.parametrize("words", COMMANDS)
def test_a_sample(system: Path, words: str) -> None:
    assert complaints(system, words, SAMPLE) == []


@pytest.mark.full
@pytest.mark.parametrize("words", COMMANDS)
def test_each_call(system: Path, words: str) -> None:
    assert complaints(system, words, None) == []
