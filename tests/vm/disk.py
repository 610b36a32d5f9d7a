# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disk images with partitions, file systems and a boot loader, made from folders.

Everything is written into plain files: no loop device, no mount.  Knows nothing of what the
folders hold.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import packages

MIB = 1 << 20
SECTOR = 512

#: What a PC's firmware executes of the first sector; the partition table follows.
BOOT_CODE = 440

GRUB_FOLDER = Path("/usr/lib/grub/i386-pc")

#: All that the menus of these tests use, so that no module is looked for on the disk.
GRUB_MODULES = (
    "biosdisk part_msdos part_gpt ext2 fat normal configfile test linux echo search"
    " search_fs_uuid serial terminal loadenv reboot"
).split()

FEATURES = "^metadata_csum_seed,^orphan_file"

#: Partition types as sfdisk names them.
LINUX, ESP = "linux", "uefi"


@dataclass(frozen=True)
class Partition:
    """A file system with the content of @folder."""

    folder: Path
    size: int
    uuid: str = ""
    kind: str = LINUX


def write(target: Path, partitions: list[Partition], label: str) -> Path:
    """Writes a disk with @partitions and a partition table, "dos" or "gpt", to @target."""
    start = MIB
    script = [f"label: {label}"]
    places = []
    for partition in partitions:
        script.append(
            f"start={start // SECTOR}, size={partition.size // SECTOR}, type={partition.kind}"
        )
        places.append(start)
        start += partition.size
    with target.open("wb") as disk:
        # The second table of a GPT has its place behind the last partition.
        disk.truncate(start + MIB)
    _run(["sfdisk", "--quiet", str(target)], "\n".join(script))
    for partition, place in zip(partitions, places):
        _format(target, partition, place)
    return target


def install_grub(disk: Path, prefix: str) -> None:
    """Puts GRUB for a PC's firmware before the first partition; its menu is @prefix/grub.cfg."""
    core = disk.with_suffix(".core")
    command = ["grub-mkimage", "-O", "i386-pc", "-o", str(core), "-p", prefix, *GRUB_MODULES]
    _run(command)
    if core.stat().st_size > MIB - SECTOR:
        raise ValueError("GRUB's image reaches into the first partition")
    with disk.open("r+b") as out:
        # The boot sector looks for the rest in the sector after it, if nobody tells it otherwise.
        out.write((GRUB_FOLDER / "boot.img").read_bytes()[:BOOT_CODE])
        out.seek(SECTOR)
        out.write(core.read_bytes())
    core.unlink()


def _format(disk: Path, partition: Partition, place: int) -> None:
    if partition.kind == ESP:
        device = f"{disk}@@{place}"
        sectors = str(partition.size // SECTOR)
        serial = partition.uuid.replace("-", "")
        _run(["mformat", "-i", device, "-F", "-T", sectors, "-N", serial, "::"])
        for member in sorted(partition.folder.iterdir()):
            _run(["mcopy", "-s", "-i", device, str(member), "::"])
        return
    command = ["mke2fs", "-q", "-F", "-t", "ext4", "-d", str(partition.folder)]
    # The newest features are more than GRUB can read.
    command += ["-E", f"offset={place}", "-U", partition.uuid, "-O", FEATURES]
    _run([*command, str(disk), f"{partition.size // 1024}k"])


def _run(command: list[str], text: str = "") -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise packages.PackageError(f"{command[0]}: {done.stderr.strip()[-400:]}")
