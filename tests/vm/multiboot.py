# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels of our own (guest/multiboot.c, guest/elf-notes.c): how they are built, and what they say."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from rootfs import GUEST

FLAGS = (
    "-std=gnu17 -O2 -Wall -Wextra -Werror -static -nostdlib -ffreestanding -fno-builtin"
    " -fno-stack-protector -fno-pie -no-pie -mgeneral-regs-only -fcf-protection=none"
    " -fno-asynchronous-unwind-tables -Wl,--build-id=none -Wl,-e,start -Wl,-Ttext=0x200000"
).split()

#: Their sources, by which README calls them.
MULTIBOOT, ELF_NOTES = "multiboot.c", "elf-notes.c"

MAGIC = {1: 0x2BADB002, 2: 0x36D76289}


def build(version: int, flat: bool) -> bytes:
    """The kernel's file: an ELF, or @flat, where only its header says where it is loaded."""
    elf = _compile(MULTIBOOT, f"-m32 -DVERSION={version} -DADDRESSES={int(flat)}")
    if not flat:
        return elf
    with tempfile.TemporaryDirectory(prefix="saut-kernel-") as folder:
        file, binary = Path(folder) / "elf", Path(folder) / "flat"
        file.write_bytes(elf)
        subprocess.run(["objcopy", "-O", "binary", str(file), str(binary)], check=True)
        return binary.read_bytes()


def build_elf(bits: int) -> bytes:
    """A kernel without a header of Multiboot."""
    return _compile(ELF_NOTES, f"-m{bits} -mno-red-zone")


def _compile(source: str, flags: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="saut-kernel-") as folder:
        elf = Path(folder) / "elf"
        compiler = os.environ.get("CC", "cc").split()
        command = [*compiler, *FLAGS, *flags.split(), "-o", str(elf), str(GUEST / source)]
        subprocess.run(command, check=True)
        return elf.read_bytes()


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
    bits: int = 0
    block: int | None = None
    line: str = ""
    loader: str = ""
    base: int | None = None
    #: The signature of EFI's system table.
    table: int | None = None
    #: What the BIOS's data area says: the segment of the extended one, low memory in KiB, and what
    #: lies in that segment at 16.
    bios: tuple[int, int, int] = (0, 0, 0)
    #: ACPI's root pointer: its first eight bytes, its size, the sum of its bytes.
    roots: list[tuple[int, int, int]] = field(default_factory=list)
    #: EFI's memory map: start, pages, type.
    regions: list[tuple[int, int, int]] = field(default_factory=list)
    memory: list[tuple[int, int, int]] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)


#: Lines of three numbers -> where they are collected.
LISTS = {"memory": "memory", "root": "roots", "region": "regions"}


def three_numbers(text: str) -> tuple[int, int, int]:
    """As the kernel writes them."""
    first, second, third = (int(word, 16) for word in text.split())
    return first, second, third


def parse(console: bytes) -> Told:
    """From its lines on the console."""
    told = Told()
    for match in re.finditer(r"^@@ (\w+) ?(.*?)\r?$", console.decode(errors="replace"), re.M):
        name, rest = match.groups()
        if name in ("line", "loader"):
            setattr(told, name, rest)
        elif name in ("magic", "dirt", "base", "bits", "block", "table"):
            setattr(told, name, int(rest, 16))
        elif name == "bios":
            told.bios = three_numbers(rest)
        elif name in LISTS:
            getattr(told, LISTS[name]).append(three_numbers(rest))
        elif name == "module":
            start, size, total, words = rest.split(" ", 3)
            numbers = (int(word, 16) for word in (start, size, total))
            told.modules.append(Module(*numbers, words))
    return told
