# SPDX-License-Identifier: LGPL-2.1-or-later
"""Output that does not come through is a failure; a reader who has had enough is none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"

#: A command that only prints -> its exit code where it could not.
PRINTING = {("kexec", "--help"): 255, ("kexec", "--version"): 255, ("saut", "--help"): 1}


def run(command: tuple[str, ...], redirection: str) -> subprocess.CompletedProcess[str]:
    """What a built command does with its output redirected; "rc=N" is its exit code."""
    program = BUILD / command[0]
    if not program.exists():
        pytest.skip("make has not built it")
    line = f"({program} {command[1]}; echo rc=$? >&2) {redirection}"
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)


@pytest.mark.parametrize("command", PRINTING, ids=" ".join)
def test_a_full_disk_is_told(command: tuple[str, ...]) -> None:
    done = run(command, ">/dev/full")
    assert "No space left on device" in done.stderr
    assert f"rc={PRINTING[command]}" in done.stderr


@pytest.mark.parametrize("command", PRINTING, ids=" ".join)
def test_a_reader_may_leave(command: tuple[str, ...]) -> None:
    """Nobody is killed by it: what the command was about to do is done."""
    assert run(command, "| :").stderr == "rc=0\n"


@pytest.mark.parametrize("command", PRINTING, ids=" ".join)
def test_a_closed_output_is_no_failure(command: tuple[str, ...]) -> None:
    assert run(command, ">&-").stderr == "rc=0\n"
