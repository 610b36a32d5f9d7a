# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each resource limit of the caller, lowered step by step, ends in success or in one true sentence."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACHINE = ROOT / "tests/machines/q35-1g.machine"

#: What a command cannot be started with at all: the kernel, or the loader of shared libraries, ends it.
LOADER = "error while loading shared libraries"

#: A limit -> the values that it is lowered to.
STEPS = {
    "AS": [2**n for n in range(22, 30)],
    "DATA": [2**n for n in range(16, 26)],
    "STACK": [2**n for n in range(15, 24)],
    "FSIZE": [0, 1, 4096, 2**20],
    "NOFILE": list(range(16)),
    "NPROC": [0, 1],
    "MEMLOCK": [0, 4096],
    "CPU": [1, 2],
}

#: A command -> its exit code, and what one of its lines says, where no limit is in the way.
COMMANDS = {
    ("saut", "list", f"--root={MACHINE}"): (1, "no boot entry and no kernel is found"),
    ("saut", "status", f"--root={MACHINE}"): (1, ""),
    ("saut", "inspect", str(ROOT / "README.md")): (3, "in no format of a kernel"),
    ("saut", "check", "KERNEL", f"--root={MACHINE}"): (1, "checks that fail"),
    ("kexec", "-l", "/no/such/kernel"): (1, "No such file or directory"),
    ("kexec", "--version"): (0, ""),
}

#: Sentences of which each names what a limit has taken.
TRUE = ("out of memory", "Cannot allocate memory", "Too many open files", "is limited to ", "are limited to ")

PR_CAPBSET_DROP, CAP_SYS_RESOURCE = 24, 24


def run(command: list[str], limit: str, value: int) -> subprocess.CompletedProcess[str]:
    """With soft and hard limit lowered, and without the right to raise them."""

    def lower() -> None:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0)
        number = getattr(resource, f"RLIMIT_{limit}")
        resource.setrlimit(number, (value, value))

    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=lower
    )


def kernel(folder: Path) -> Path:
    """A bzImage would do as well; an ELF file that is none is inspected in the same way."""
    path = folder / "kernel"
    path.write_bytes(b"\x7fELF" + bytes(4096))
    return path


def is_same(done: subprocess.CompletedProcess[str], usual: subprocess.CompletedProcess[str]) -> bool:
    """Or it says at its place which fact a limit has taken."""
    lines, before = done.stdout.splitlines(), usual.stdout.splitlines()
    return (done.returncode, done.stderr, len(lines)) == (usual.returncode, usual.stderr, len(before)) and all(
        line == other or any(text in line for text in TRUE) for line, other in zip(lines, before)
    )


@pytest.mark.parametrize("limit", STEPS)
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_limit_is_told(words: tuple[str, ...], limit: str, tmp_path: Path) -> None:
    if os.geteuid() != 0 or not (ROOT / "build/saut").exists():
        pytest.skip("make has not built it, or nobody may drop capabilities here")
    command = [str(ROOT / "build" / words[0]), *words[1:]]
    command = [str(kernel(tmp_path)) if word == "KERNEL" else word for word in command]
    usual = run(command, "CPU", 60)
    code, text = COMMANDS[words]
    assert usual.returncode == code and text in usual.stderr, usual
    began = 0
    for value in STEPS[limit]:
        done = run(command, limit, value)
        if LOADER in done.stderr:
            continue
        plain = run(["/bin/true"], limit, value)
        if plain.returncode != 0:
            continue
        began += 1
        same = is_same(done, usual)
        told = done.returncode > 0 and any(text in done.stderr for text in TRUE)
        lines = [line for line in done.stderr.splitlines() if not line.startswith("hint: ")]
        assert same or (told and len(lines) == 1), f"{limit}={value}: {done}"
        assert "mount /proc" not in done.stderr or same, f"{limit}={value}: {done}"
    assert began
