# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that are no kernels, made on the host because the guest has no tool for it."""

from __future__ import annotations

import gzip

import packages

GIB = 1 << 30
MIB = 1 << 20

#: The setup header's fields, Documentation/arch/x86/boot.rst.
SETUP_SECTS, SYSSIZE = 0x1F1, 0x1F4
XLOADFLAGS = 0x236
PAYLOAD_LENGTH, INIT_SIZE = 0x24C, 0x260
CAN_BE_ENTERED_IN_64_BIT = 1 << 0

#: RFC 8878: a window of 128 KiB, so that a block may be as long; blocks of one repeated byte.
ZSTD_HEADER = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x38"
ZSTD_BLOCK = 128 << 10
ZSTD_REPEATED = 1


def zstd_bomb(size: int = 10 * GIB) -> bytes:
    """A valid zstd stream of zeros: a third of a megabyte unpacks to 10 GiB."""
    blocks = size // ZSTD_BLOCK
    return ZSTD_HEADER + zstd_zeros(last=False) * (blocks - 1) + zstd_zeros(last=True)


def zstd_zeros(last: bool) -> bytes:
    """One block of zeros."""
    return (ZSTD_BLOCK << 3 | ZSTD_REPEATED << 1 | last).to_bytes(3, "little") + b"\0"


def damaged_gzip() -> bytes:
    """A gzip file that is one up to its middle."""
    whole = gzip.compress(packages.kernel("6.12").read_bytes()[: 1 << 20], 1)
    middle = len(whole) // 2
    return whole[:middle] + bytes(1000) + whole[middle + 1000 :]


def cut_gzip() -> bytes:
    """A gzip file that ends too early."""
    whole = gzip.compress(packages.kernel("6.12").read_bytes()[: 1 << 20], 1)
    return whole[: len(whole) // 2]


def arm64_image() -> bytes:
    """The header of an arm64 kernel (Documentation/arch/arm64/booting.rst), and no code."""
    header = bytearray(4096)
    header[16:24] = (16 << 20).to_bytes(8, "little")
    header[56:60] = b"ARM\x64"
    return bytes(header)


def kernel_without_64_bit_entry() -> bytes:
    """A real kernel that says of itself what a 32-bit one would."""
    kernel = bytearray(packages.kernel("6.12").read_bytes())
    kernel[XLOADFLAGS] &= ~CAN_BE_ENTERED_IN_64_BIT
    return bytes(kernel)


def hollow_kernel() -> bytes:
    """A real kernel's setup code and header before nothing: loads at once, must not be jumped to."""
    real = packages.kernel("6.12").read_bytes()
    setup = bytearray(real[: (real[SETUP_SECTS] + 1) * 512])
    body = bytes(64 << 10)
    for offset, value in ((SYSSIZE, len(body) // 16), (PAYLOAD_LENGTH, 4096), (INIT_SIZE, 4 * MIB)):
        setup[offset : offset + 4] = value.to_bytes(4, "little")
    return bytes(setup) + body
