# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the beginning of a crashed kernel's memory image: ELF header, segments, notes.

Knows ELF (elf(5)) and Documentation/admin-guide/kdump/kdump.rst, nothing of virtual machines.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

PT_LOAD, PT_NOTE = 1, 4
NT_PRSTATUS = 1

#: How much of /proc/vmcore holds all that is read here.
HEAD = 32 * 1024

#: Where struct elf_prstatus of x86-64 has the process' number, and how long it is.
PRSTATUS_PID, PRSTATUS_SIZE = 32, 336


@dataclass(frozen=True)
class Note:
    """One note: whose it is, of which kind, and what it says."""

    name: str
    kind: int
    content: bytes


@dataclass(frozen=True)
class Piece:
    """Memory of the dead kernel, by physical and by its own addresses, and where the image has it."""

    physical: int
    virtual: int
    size: int
    offset: int


@dataclass(frozen=True)
class VMCore:
    """What the head of the image tells."""

    notes: list[Note]
    pieces: list[Piece]

    @property
    def memory(self) -> int:
        """Bytes of memory in all segments."""
        return sum(piece.size for piece in self.pieces)

    def offset_of(self, physical: int) -> int:
        """Where the image has what lay at this address."""
        for piece in self.pieces:
            if piece.physical <= physical < piece.physical + piece.size:
                return piece.offset + physical - piece.physical
        raise ValueError(f"nothing of {physical:#x} is in the image")

    @property
    def cpus(self) -> list[Note]:
        """The registers of each CPU at the time of the crash."""
        return [note for note in self.notes if (note.name, note.kind) == ("CORE", NT_PRSTATUS)]

    @property
    def info(self) -> dict[str, str]:
        """What the crashed kernel says of itself."""
        for note in self.notes:
            if note.name == "VMCOREINFO":
                lines = note.content.decode(errors="replace").rstrip("\0").splitlines()
                return dict(line.split("=", 1) for line in lines if "=" in line)
        return {}


def parse(head: bytes) -> VMCore:
    """Takes the first bytes of an image of 64 or 32 bits and either order apart; ValueError where it is none."""
    if head[:5] not in (b"\x7fELF\x02", b"\x7fELF\x01"):
        raise ValueError(f"no ELF file: {head[:16]!r}")
    is_wide, order = head[4] == 2, ">" if head[5] == 2 else "<"
    (table,) = struct.unpack_from(f"{order}Q" if is_wide else f"{order}I", head, 32 if is_wide else 28)
    size, count = struct.unpack_from(f"{order}HH", head, 54 if is_wide else 42)
    notes: list[Note] = []
    pieces: list[Piece] = []
    for i in range(count):
        at = table + i * size
        if is_wide:
            kind, _, offset, virtual, physical, length = struct.unpack_from(f"{order}IIQQQQ", head, at)
        else:
            kind, offset, virtual, physical, length = struct.unpack_from(f"{order}IIIII", head, at)
        if kind == PT_NOTE:
            if offset + length > len(head):
                raise ValueError(f"the notes end at {offset + length}, past what was read")
            notes += _notes(head[offset : offset + length], order)
        elif kind == PT_LOAD:
            pieces.append(Piece(physical, virtual, length, offset))
    return VMCore(notes, pieces)


def _notes(data: bytes, order: str) -> list[Note]:
    found, at = [], 0
    while at + 12 <= len(data):
        name_size, size, kind = struct.unpack_from(f"{order}III", data, at)
        if name_size == 0:
            break
        name = data[at + 12 : at + 12 + name_size].rstrip(b"\0").decode()
        start = at + 12 + (name_size + 3) // 4 * 4
        found.append(Note(name, kind, data[start : start + size]))
        at = start + (size + 3) // 4 * 4
    return found
