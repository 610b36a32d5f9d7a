# SPDX-License-Identifier: LGPL-2.1-or-later
"""What boots, as the tests have seen it: a line for each jump that has landed, of which tools/jumps makes README's table.

What is jumped into, and which system call has loaded it, our own record in the guest tells, however the jump is made.  What
cannot be told for certain is left out: no line stands for a guess.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import initramfs
import rootfs

if TYPE_CHECKING:
    from machine import VM

RECORD = rootfs.REPOSITORY / "build" / "jumps.jsonl"

#: What our commands leave in the guest of what they have loaded.
LOADED = "/run/saut/loaded"

CALLS = ("kexec_load", "kexec_file_load")


@dataclass(frozen=True)
class Leaving:
    """A jump that is about to be made: from which kernel, into which of the guest's files, loaded by which system call."""

    source: str
    file: str
    call: str


def leaving(vm: VM) -> Leaving | None:
    """The jump that comes next; None where it is not known, or kexec-tools may have loaded."""
    if not rootfs.is_ours_for(vm.hardware.platform) or vm.content(rootfs.PEER):
        return None
    # Under Xen it is not the running kernel's system call that loads.
    reply = vm.run(f"test ! -e /sys/hypervisor/type && uname -r && cat {LOADED}")
    if reply.rc != 0:
        return None
    source, _, record = reply.stdout.partition("\n")
    told = dict(word.partition("=")[::2] for word in shlex.split(record))
    return Leaving(source, told["KERNEL"], told["CALL"]) if told.get("CALL") in CALLS else None


def write_down(vm: VM, jump: Leaving | None, target: str) -> None:
    """The @jump has landed in the kernel @target."""
    if not jump or not rootfs.is_ours_for(vm.hardware.platform) or not rootfs.saut().is_file():
        return
    kernel = format_of(vm.content(jump.file))
    if not kernel:
        return
    row = {"cpu": vm.hardware.platform.cpu, "from": jump.source, "to": target, "format": kernel, "call": jump.call}
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a") as lines:
        lines.write(json.dumps(row) + "\n")


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
    layers = [layer.partition(", of ")[0] for layer in reversed(found["layers"])]
    # What an ELF kernel is taken out of is called like itself.
    return " in ".join([found["format"], *(layer for layer in layers if layer != found["format"])])
