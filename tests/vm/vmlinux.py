# SPDX-License-Identifier: LGPL-2.1-or-later
"""Takes bzImages apart and puts them together: the kernel in their payload, packed otherwise.

Knows the setup header (Documentation/arch/x86/boot.rst), nothing of virtual machines.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import packages

SETUP_SECTS, SYSSIZE, PAYLOAD_OFFSET, PAYLOAD_LENGTH = 0x1F1, 0x1F4, 0x248, 0x24C
SIZE_WORD = 4

#: Which of the relocations is exchanged with the next: one within the first group.
RELOCATION = 100

#: Magic bytes -> the program that unpacks what Debian's kernels are packed with.
UNPACKERS = {b"\x28\xb5\x2f\xfd": ("zstd", "-qdc"), b"\x02\x21\x4c\x18": ("lz4", "-qdc")}

#: Bytes that unpack to what is given.
Packer = Callable[[bytes], bytes]


@dataclass(frozen=True)
class BzImage:
    """A kernel's file, and where in it the payload lies; the payload ends on its size's word."""

    file: bytes
    start: int
    length: int

    @property
    def payload(self) -> bytes:
        """The packed kernel with the word behind it."""
        return self.file[self.start : self.start + self.length]


def parse(file: bytes) -> BzImage:
    """Where the payload is."""
    offset, length = struct.unpack_from("<II", file, PAYLOAD_OFFSET)
    return BzImage(file, (file[SETUP_SECTS] + 1) * 512 + offset, length)


@lru_cache
def image(version: str) -> BzImage:
    """Debian's kernel."""
    return parse(packages.kernel(version).read_bytes())


@lru_cache
def vmlinux(version: str) -> bytes:
    """The ELF in it, with its relocations."""
    packed = image(version).payload
    (size,) = struct.unpack("<I", packed[-SIZE_WORD:])
    command = UNPACKERS[packed[:4]]
    done = subprocess.run(command, input=packed[:-SIZE_WORD], check=True, capture_output=True)
    if len(done.stdout) != size:
        raise ValueError(f"{version} unpacks to {len(done.stdout)} bytes, not {size}")
    return done.stdout


def repacked(version: str, packer: Packer, has_size: bool = False) -> bytes:
    """The kernel with its payload packed by @packer, which appends the size if it @has_size.

    Its own decompressor knows one format, and where the payload was: such a kernel starts
    only where nobody asks it to unpack itself.
    """
    plain, old = vmlinux(version), image(version)
    payload = packer(plain)
    if not has_size:
        payload += struct.pack("<I", len(plain))
    file = bytearray(old.file[: old.start] + payload)
    file += bytes(-len(file) % 16)
    struct.pack_into("<I", file, PAYLOAD_LENGTH, len(payload))
    struct.pack_into("<I", file, SYSSIZE, (len(file) - (file[SETUP_SECTS] + 1) * 512) // 16)
    return bytes(file)


def elf_end(file: bytes) -> int:
    """Where the section headers end, which come last; behind them are the relocations."""
    (table,) = struct.unpack_from("<Q", file, 40)
    size, count = struct.unpack_from("<HH", file, 58)
    return int(table + size * count)


def out_of_order(version: str, packer: Packer) -> bytes:
    """The kernel with two of its relocations exchanged, and still able to unpack itself.

    The order means nothing to the kernel's own decompressor; to a loader it is the sign that
    what it found is no table of relocations.  @packer packs as the kernel was, but better:
    the result has to fit where the payload was.
    """
    plain, old = vmlinux(version), image(version)
    at = elf_end(plain) + 4 * RELOCATION
    first, second = plain[at : at + 4], plain[at + 4 : at + 8]
    packed = packer(plain[:at] + second + first + plain[at + 8 :])
    padding = old.length - SIZE_WORD - len(packed)
    if padding < 0:
        raise ValueError(f"{version} does not pack into its {old.length} bytes again")
    payload = packed + bytes(padding) + struct.pack("<I", len(plain))
    return old.file[: old.start] + payload + old.file[old.start + old.length :]
