# SPDX-License-Identifier: LGPL-2.1-or-later
"""What boots, as the tests have seen it: a line for each jump that has landed, of which tools/jumps makes README's table.

Knows nothing of how a jump is made.  What cannot be told for certain is left out: no line stands for a guess.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import initramfs
import rootfs
from machine import VM
from record import read_record

RECORD = rootfs.REPOSITORY / "build" / "jumps.jsonl"

#: The options by which the system call is chosen.
CALLS = {
    "-c": "kexec_load",
    "--kexec-syscall": "kexec_load",
    "-s": "kexec_file_load",
    "--kexec-file-syscall": "kexec_file_load",
}


def write_down(vm: VM, source: str, target: str, file: str, options: str) -> None:
    """The kernel @source has left for @target, by our kexec with @options, which took it from the guest's @file."""
    if not rootfs.is_ours_for(vm.hardware.platform) or not rootfs.saut().is_file():
        return
    call, kernel = call_of(vm, options), format_of(vm.content(file))
    if not call or not kernel:
        return
    row = {"cpu": vm.hardware.platform.cpu, "from": source, "to": target, "format": kernel, "call": call}
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a") as lines:
        lines.write(json.dumps(row) + "\n")


def call_of(vm: VM, options: str) -> str:
    """The system call that @options name; without one, kexec_load where our stub, which only that brings, has left a record."""
    named = {CALLS[word] for word in options.split() if word in CALLS}
    if not named and read_record(vm):
        named = {"kexec_load"}
    return named.pop() if len(named) == 1 else ""


def format_of(content: initramfs.Content | None) -> str:
    """What `saut inspect` calls this kernel, with what lies around it."""
    if isinstance(content, Path):
        return _format_of_file(content)
    if not isinstance(content, bytes):
        return ""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return _inspected(Path(file.name))


@lru_cache
def _format_of_file(path: Path) -> str:
    return _inspected(path)


def _inspected(path: Path) -> str:
    command = [str(rootfs.saut()), "inspect", "--json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    (found,) = json.loads(done.stdout or '{"files": [{}]}')["files"]
    if found.get("kind") != "kernel" or found.get("error"):
        return ""
    return " in ".join([found["format"], *(layer.partition(", of ")[0] for layer in reversed(found["layers"]))])
