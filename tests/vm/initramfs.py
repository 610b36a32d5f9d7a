# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes initramfs archives: cpio in its "newc" form, from a description of the tree.

The same tree gives the same bytes, wherever and whenever it is written: no time, owner or
inode number of the host gets in.  Format: Documentation/driver-api/early-userspace/
buffer-format.rst in the kernel's tree.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Union


@dataclass(frozen=True)
class Link:
    """A symbolic link to @target."""

    target: str


@dataclass(frozen=True)
class CharDevice:
    """A character device."""

    major: int
    minor: int


#: What a path in the tree holds: bytes, a copy of a host's file, a link or a device.
Content = Union[bytes, Path, Link, CharDevice]
Tree = Mapping[str, Content]


def write(tree: Tree, target: Path) -> Path:
    """Writes @tree as an archive to @target, and returns that."""
    with target.open("wb") as out:
        write_to(tree, out)
    return target


def to_bytes(tree: Tree) -> bytes:
    """The archive of @tree."""
    out = io.BytesIO()
    write_to(tree, out)
    return out.getvalue()


def write_to(tree: Tree, out: BinaryIO) -> None:
    """Appends an archive of @tree to @out; archives may follow each other in a file."""
    inode = 1
    for folder in _folders(tree):
        _member(out, inode, folder, stat.S_IFDIR | 0o755)
        inode += 1
    for name, content in sorted(tree.items()):
        if isinstance(content, CharDevice):
            mode = stat.S_IFCHR | 0o600
            _member(out, inode, name, mode, device=(content.major, content.minor))
        elif isinstance(content, Link):
            _member(out, inode, name, stat.S_IFLNK | 0o777, content.target.encode())
        else:
            data = content.read_bytes() if isinstance(content, Path) else content
            # All executable: that file modes survive is the kernel's business, not ours.
            _member(out, inode, name, stat.S_IFREG | 0o755, data)
        inode += 1
    _member(out, 0, "TRAILER!!!", 0)


def _folders(tree: Tree) -> Iterator[str]:
    """Every folder on the way to a member, outer ones first."""
    found = {
        str(parent) for name in tree for parent in PurePosixPath(name).parents if parent.name
    }
    return iter(sorted(found))


def _member(
    out: BinaryIO,
    inode: int,
    name: str,
    mode: int,
    data: bytes = b"",
    device: tuple[int, int] = (0, 0),
) -> None:
    encoded = name.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    numbers = (inode, mode, 0, 0, links, 0, len(data), 0, 0, *device, len(encoded), 0)
    _padded(out, b"070701" + b"".join(b"%08X" % number for number in numbers) + encoded)
    _padded(out, data)


def _padded(out: BinaryIO, data: bytes) -> None:
    """Names and contents both end on a multiple of four, counted from the archive's start."""
    out.write(data)
    out.write(bytes(-len(data) % 4))
