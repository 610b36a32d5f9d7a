# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks with a partition table and file systems in them, written without being root."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import initramfs
import rootfs

#: What a guest must insert, in this order, before it sees a disk, but for what its kernel has built in.
MODULES = (
    "virtio_ring",
    "virtio",
    "virtio_pci_legacy_dev",
    "virtio_pci_modern_dev",
    "virtio_pci",
    "virtio_blk",
)

#: Types of partitions: UAPI.2, "Discoverable Partitions Specification".
XBOOTLDR = "bc13c2ff-59e6-4262-a352-b275fd6f7172"
ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
LINUX = "0fc63daf-8483-4772-8e79-3d69d8477de4"

MIB = 1 << 20


#: And before it reads a FAT.
FAT_MODULES = ("fat", "nls_cp437", "nls_ascii", "vfat")


@dataclass(frozen=True)
class Partition:
    """A file system with @tree in it: ext4, or FAT as the firmware reads it."""

    type: str
    tree: initramfs.Tree
    size: int  # MiB
    fat: bool = False


def modules(kernels: tuple[str, ...]) -> initramfs.Tree:
    """All of the modules for @kernels."""
    tree: dict[str, initramfs.Content] = {}
    for name in (*MODULES, *FAT_MODULES):
        tree |= rootfs.modules(name, kernels)
    return tree


def insert_command() -> str:
    """What makes the disk appear in the guest."""
    names = " ".join((*MODULES, *FAT_MODULES))
    return (
        f"for m in {names}; do f=/modules/$(uname -r)/$m.ko; [ ! -e $f ] || insmod $f || exit 1; done; "
        "until [ -b /dev/vda ]; do sleep 1; done"
    )


def write(path: Path, partitions: list[Partition]) -> Path:
    """A disk with a GPT; its partitions are numbered in order."""
    size = 2 + sum(partition.size for partition in partitions)
    with path.open("wb") as disk:
        disk.truncate(size * MIB)
    rows = [f"size={partition.size}MiB, type={partition.type}" for partition in partitions]
    script = "\n".join(["label: gpt", "first-lba: 2048", *rows, ""])
    subprocess.run(
        ["/usr/sbin/sfdisk", "-q", str(path)], input=script, text=True, check=True, capture_output=True
    )
    at = 1
    for number, partition in enumerate(partitions):
        folder = path.with_name(f"{path.name}-{number}")
        _write_tree(folder, partition.tree)
        make = _make_fat if partition.fat else _make_ext4
        make(path, at, partition.size, folder)
        at += partition.size
    return path


def _make_fat(disk: Path, at: int, size: int, folder: Path) -> None:
    image = f"{disk}@@{at * MIB}"
    sectors = size * MIB // 512
    for command in (
        ["mformat", "-i", image, "-T", str(sectors), "-h", "64", "-s", "32", "::"],
        ["mcopy", "-s", "-i", image, *sorted(map(str, folder.iterdir())), "::"],
    ):
        subprocess.run(
            command, check=True, capture_output=True, env=os.environ | {"MTOOLS_SKIP_CHECK": "1"}
        )


def _make_ext4(disk: Path, at: int, size: int, folder: Path) -> None:
    command = ["/usr/sbin/mke2fs", "-q", "-t", "ext4", "-d", str(folder)]
    command += ["-E", f"offset={at * MIB},root_owner=0:0", str(disk), f"{size}M"]
    subprocess.run(command, check=True, capture_output=True)


def _write_tree(folder: Path, tree: initramfs.Tree) -> None:
    folder.mkdir()
    for name, content in tree.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            target.mkdir(exist_ok=True)
        elif isinstance(content, bytes):
            target.write_bytes(content)
        elif isinstance(content, Path):
            target.write_bytes(content.read_bytes())
        elif isinstance(content, initramfs.Link):
            target.symlink_to(content.target)
            continue
        else:
            raise ValueError(f"{name}: a disk here holds files, folders and links")
        target.chmod(0o755)
