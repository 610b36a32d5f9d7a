# SPDX-License-Identifier: LGPL-2.1-or-later
"""Output that does not come through is a failure; a reader who has had enough is none.

And what a command says when a mapped file shrinks below it.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"

#: A command that only prints -> its exit code where it could not.
PRINTING = {("kexec", "--help"): 255, ("kexec", "--version"): 255, ("saut", "--help"): 1,
            ("vmcore-dmesg", "--help"): 7}


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


#: Something that each command finds wrong.
WRONG = (("kexec", "--bogus"), ("saut", "bogus"), ("vmcore-dmesg", "/nowhere"))


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_a_line_is_written_in_one_piece(command: tuple[str, ...]) -> None:
    """So that lines of several programs on one console do not mix; each datagram is one write(2)."""
    program = BUILD / command[0]
    if not program.exists():
        pytest.skip("make has not built it")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        subprocess.run([program, command[1]], stderr=theirs, check=False)
        ours.setblocking(False)
        pieces = []
        with contextlib.suppress(BlockingIOError):
            while True:
                pieces.append(ours.recv(65536))
    assert pieces
    assert all(piece.endswith(b"\n") for piece in pieces)


#: A command that reads a file -> its exit code when that shrinks.
READING = {("kexec", "-l FILE"): 255, ("saut", "list --root=FOLDER"): 3}


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_file_that_shrinks_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    """The signal comes as the file is opened; what was going on is not claimed to be known."""
    program = BUILD / command[0]
    if not program.exists() or not shutil.which("strace"):
        pytest.skip("the command or strace is not there")
    file = tmp_path / "file"
    file.write_text("x")
    words = command[1].replace("FILE", str(file)).replace("FOLDER", str(tmp_path)).split()
    inject = "inject=openat,openat2:signal=SIGBUS:when=1"
    path = str(file) if command[0] == "kexec" else str(tmp_path)
    trace = ["strace", "-o", str(tmp_path / "trace"), "-P", path, "-e", inject]
    done = subprocess.run([*trace, program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == READING[command]
    said, hint = done.stderr.splitlines()
    assert said.startswith(f"{command[0]}: ") and said.endswith("a file shrank while it was read")
    assert "load" not in said
    assert hint.startswith("hint: ")
