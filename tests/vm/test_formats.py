# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernel files that are compressed as a whole, as some distributions install them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import subprocess
from collections.abc import Callable

import packages
import pytest
from chain import Chain, Jump
from conftest import StartVM
from machine import default_tree

SOURCE = "6.12"


def by_program(*command: str) -> Callable[[bytes], bytes]:
    """A compressor that is a program: Python has no module for its format."""

    def compress(data: bytes) -> bytes:
        return subprocess.run(command, input=data, check=True, capture_output=True).stdout

    return compress


def lzma_alone(data: bytes) -> bytes:
    """The format before xz, which has no magic number."""
    return lzma.compress(data, format=lzma.FORMAT_ALONE, preset=0)


#: Suffix -> how it is made.
COMPRESSORS = {
    "gz": lambda data: gzip.compress(data, 1),
    "zst": by_program("zstd", "-q", "-3"),
    "lz4": by_program("lz4", "-q", "-c"),
    "lz4-legacy": by_program("lz4", "-q", "-c", "-l"),
    "xz": lambda data: lzma.compress(data, preset=0),
    "lzma": lzma_alone,
    "bz2": lambda data: bz2.compress(data, 1),
}

#: In `make check`; each of the others costs its guest half a minute of unpacking.
QUICK = (("zst", "-s"),)

EACH = [(suffix, call) for suffix in COMPRESSORS for call in ("-c", "-s")]
ALL = [pytest.param(*one, marks=() if one in QUICK else pytest.mark.full) for one in EACH]


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """One machine for all; each jump brings its kernel along in a file of its own."""
    kernel = packages.kernel(SOURCE).read_bytes()
    tree = default_tree()
    for suffix, compress in COMPRESSORS.items():
        tree[path(suffix).lstrip("/")] = compress(kernel)
    return Chain(start_vm(SOURCE, tree=tree))


def path(suffix: str) -> str:
    """Where the guest has the compressed kernel."""
    return f"/boot/vmlinuz.{suffix}"


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(("suffix", "call"), ALL)
def test_compressed_kernel(chain: Chain, suffix: str, call: str) -> None:
    """Unpacked by us for either system call: the kernel's own loader would not."""
    chain.jump(Jump(SOURCE, call, f"packed={suffix}", path(suffix)))
