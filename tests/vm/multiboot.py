# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our Multiboot kernel (guest/multiboot.c): how it is built, and what it says of what it was told."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from rootfs import GUEST

FLAGS = (
    "-m32 -std=gnu17 -O2 -Wall -Wextra -Werror -static -nostdlib -ffreestanding -fno-builtin"
    " -fno-stack-protector -fno-pie -no-pie -mgeneral-regs-only -fcf-protection=none"
    " -fno-asynchronous-unwind-tables -Wl,--build-id=none -Wl,-e,start -Wl,-Ttext=0x200000"
).split()

MAGIC = {1: 0x2BADB002, 2: 0x36D76289}


def build(version: int, flat: bool) -> bytes:
    """The kernel's file: an ELF, or @flat, where only its header says where it is loaded."""
    with tempfile.TemporaryDirectory(prefix="saut-multiboot-") as folder:
        elf, binary = Path(folder) / "elf", Path(folder) / "flat"
        compiler = os.environ.get("CC", "cc").split()
        defines = [f"-DVERSION={version}", f"-DADDRESSES={int(flat)}"]
        source = str(GUEST / "multiboot.c")
        subprocess.run([*compiler, *FLAGS, *defines, "-o", str(elf), source], check=True)
        if not flat:
            return elf.read_bytes()
        subprocess.run(["objcopy", "-O", "binary", str(elf), str(binary)], check=True)
        return binary.read_bytes()


@dataclass
class Module:
    """A module as the kernel found it."""

    start: int
    size: int
    sum: int
    words: str


@dataclass
class Told:
    """What the kernel said."""

    magic: int = 0
    dirt: int = 0
    line: str = ""
    loader: str = ""
    base: int | None = None
    memory: list[tuple[int, int, int]] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)


def parse(console: bytes) -> Told:
    """From its lines on the console."""
    told = Told()
    for match in re.finditer(r"^@@ (\w+) ?(.*?)\r?$", console.decode(errors="replace"), re.M):
        name, rest = match.groups()
        if name in ("line", "loader"):
            setattr(told, name, rest)
        elif name in ("magic", "dirt", "base"):
            setattr(told, name, int(rest, 16))
        elif name == "memory":
            start, size, kind = (int(word, 16) for word in rest.split())
            told.memory.append((start, size, kind))
        elif name == "module":
            start, size, total, words = rest.split(" ", 3)
            numbers = (int(word, 16) for word in (start, size, total))
            told.modules.append(Module(*numbers, words))
    return told
