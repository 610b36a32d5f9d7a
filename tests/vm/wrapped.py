# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts kernels into other files, mostly those that are their own image in memory.

Knows the layouts (PE, ELF, EFI zboot, uImage, zImage of ppc64el), nothing of machines.  No tool of the host writes them for
another CPU.
"""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

ROWS = Path(__file__).parents[2] / "src/base/cpus.inc"

#: CPU, as people call it -> its number in PE and in ELF.
MACHINES = {
    name: (int(pe, 16), int(elf))
    for elf, name, pe in re.findall(
        r'^CPU\(\w+, \w+, (\d+), \.name = "([^"]+)",[^)]*?\.pe = \{ (0x\w+)', ROWS.read_text(), re.M
    )
}

#: CPU -> its number in uImages, which U-Boot's include/image.h has.
UIMAGE_CPUS = {"armhf": 2, "ppc64el": 7, "arm64": 22, "riscv64": 26}

BLOCK = 512
PAGE = 4096
PE_AT = 64
OPTIONAL_SIZE = 112 + 16 * 8


def _pe_header(cpu: str, sections: int) -> bytes:
    """What follows offset 64, up to the table of sections."""
    coff = struct.pack("<4sHHIIIHH", b"PE", MACHINES[cpu][0], sections, 0, 0, 0, OPTIONAL_SIZE, 0)
    optional = bytearray(OPTIONAL_SIZE)
    struct.pack_into("<H", optional, 0, 0x20B)
    struct.pack_into("<H", optional, 68, 10)  # a program for EFI
    struct.pack_into("<I", optional, 108, 16)
    return coff + bytes(optional)


def uki(cpu: str, sections: Mapping[str, bytes]) -> bytes:
    """A PE file with these sections and no program."""
    start = PE_AT + 24 + OPTIONAL_SIZE + 40 * len(sections)
    offset, address, table, content = -(-start // BLOCK) * BLOCK, PAGE, b"", b""
    for name, data in sections.items():
        size = -(-len(data) // BLOCK) * BLOCK
        table += struct.pack("<8sIIII16x", name.encode(), len(data), address, size, offset)
        content += data.ljust(size, b"\0")
        offset += size
        address += -(-len(data) // PAGE) * PAGE
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", PE_AT)
    head = dos + _pe_header(cpu, len(sections)) + table
    return head.ljust(-(-start // BLOCK) * BLOCK, b"\0") + content


def zboot(cpu: str, kernel: bytes) -> bytes:
    """As Linux with CONFIG_EFI_ZBOOT lays it out, with gzip."""
    payload = gzip.compress(kernel, 6)
    fields = (b"MZ", b"zimg", BLOCK, len(payload), b"gzip", 0x818223CD, PE_AT)
    head = struct.pack("<2s2x4sII8x32sII", *fields)
    return (head + _pe_header(cpu, 0)).ljust(BLOCK, b"\0") + payload


def uimage(cpu: str, kernel: bytes, is_packed: bool = True) -> bytes:
    """As mkimage makes it of a kernel of Linux, with gzip or none."""
    return _uimage(cpu, 2, gzip.compress(kernel, 6) if is_packed else kernel, is_packed)


def uinitrd(cpu: str, initrd: bytes) -> bytes:
    """As mkimage makes it of an initrd of Linux, whose own packing is said to be gzip in any case."""
    return _uimage(cpu, 3, initrd, True)


def _uimage(cpu: str, kind: int, payload: bytes, is_packed: bool) -> bytes:
    numbers = (5, UIMAGE_CPUS[cpu], kind, int(is_packed))
    fields = (len(payload), 0x8000, 0x8000, zlib.crc32(payload), *numbers, b"Linux")
    rest = struct.pack(">IIIIBBBB32s", *fields)
    head = struct.pack(">III", 0x27051956, 0, 1795881600) + rest
    return head[:4] + struct.pack(">I", zlib.crc32(head)) + head[8:] + payload


def vmlinux(cpu: str, kernel: bytes, address: int) -> bytes:
    """An ELF file that is linked to @address, in two parts, the second one first."""
    cut = len(kernel) // 2 // PAGE * PAGE
    (memory,) = struct.unpack_from("<Q", kernel, 16)
    ident = b"\x7fELF\2\1\1".ljust(16, b"\0")
    fields = (2, MACHINES[cpu][1], 1, address, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    head = ident + struct.pack("<HHIQQQIHHHHHH", *fields)
    for start, size, needed in ((cut, len(kernel) - cut, memory - cut), (0, cut, cut)):
        at = address + start
        head += struct.pack("<IIQQQQQQ", 1, 7, PAGE + start, at, at, size, needed, PAGE)
    return head.ljust(PAGE, b"\0") + kernel


def powerpc_zimage(kernel: bytes) -> bytes:
    """As arch/powerpc/boot of Linux lays out the sections of its program, whose code does nothing here, with gzip."""
    payload = gzip.compress(kernel, 6)
    names = b"\0.text\0.kernel:vmlinux.strip\0.kernel:initrd\0__builtin_cmdline\0.shstrtab\0"
    contents = {b".text": b"\0\0\0\x60" * 4, b".kernel:vmlinux.strip": payload, b"__builtin_cmdline": bytes(2048)}
    contents[b".shstrtab"] = names
    body, table = b"", bytes(64)
    for name, content in contents.items():
        body = body.ljust(-(-len(body) // PAGE) * PAGE, b"\0")
        at = PAGE + len(body)
        table += struct.pack("<IIQQQQIIQQ", names.index(b"\0" + name + b"\0") + 1, 1, 2, at, at, len(content), 0, 0, 1, 0)
        body += content
    body = body.ljust(-(-len(body) // 8) * 8, b"\0")
    ident = b"\x7fELF\2\1\1".ljust(16, b"\0")
    fields = (3, 21, 1, PAGE, 64, PAGE + len(body), 2, 64, 56, 1, 64, len(contents) + 1, len(contents))
    head = ident + struct.pack("<HHIQQQIHHHHHH", *fields)
    head += struct.pack("<IIQQQQQQ", 1, 7, PAGE, PAGE, PAGE, len(body), len(body), PAGE)
    return head.ljust(PAGE, b"\0") + body + table
