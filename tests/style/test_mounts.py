# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is not mounted is looked into by those verbs alone that need to know what is there, as the manual says."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_reads import run_inside

LOOKING = ("list", "check", "status", "reboot --dry-run", "load --dry-run", "service status", "service check")
NOT_LOOKING = (
    "list --no-mount",
    "reboot --firmware --dry-run",
    "reboot --cancel",
    "inspect /boot/vmlinuz-6.1",
    "confirm",
    "forgive",
    "service confirm",
)


def is_looked_into(system: Path, words: str) -> bool:
    """There is no mount(8) on that system, and so it says that it could not."""
    fstab = system / "etc/fstab"
    lines = fstab.read_text()
    fstab.write_text(lines + "/dev/nothing-such /efi vfat noauto 0 2\n")
    try:
        done = run_inside(system, *words.split())
    finally:
        fstab.write_text(lines)
    return "/efi could not be mounted for a look" in done.stdout + done.stderr


@pytest.mark.parametrize("words", LOOKING)
def test_looks(system: Path, words: str) -> None:
    assert is_looked_into(system, words)


@pytest.mark.parametrize("words", NOT_LOOKING)
def test_does_not_look(system: Path, words: str) -> None:
    assert not is_looked_into(system, words)
