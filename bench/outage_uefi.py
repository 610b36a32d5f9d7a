# SPDX-License-Identifier: LGPL-2.1-or-later
"""A disk that UEFI boots GRUB from, with the kernel and its initrd, for the benchmark of outages.

OVMF cannot read the card that the system is on.  So what GRUB reads is on a disk of its own, which
only the firmware sees: its driver is taken from the kernel, whose start stays what it is without it.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from functools import lru_cache
from pathlib import Path

import disk
import packages
import systems
from disk import ESP, MIB, Partition
from package_tree import run

#: Room for GRUB, a kernel and an initrd.
SIZE = 126 * MIB

PROGRAM = "EFI/BOOT/BOOTX64.EFI"
MODULES = [name for name in disk.GRUB_MODULES if name != "biosdisk"]

#: A device for it, and the words that keep the kernel from looking at it.
DEVICE = "virtio-blk-pci"
WORDS = "modprobe.blacklist=virtio_blk"

#: How much of GRUB's beginning tells it.
BEGINNING = 24


def write(target: Path, kernel: Path, initrd: Path) -> None:
    """Writes the disk to @target."""
    folder = target.with_suffix(".esp")
    (folder / PROGRAM).parent.mkdir(parents=True)
    try:
        (folder / PROGRAM).write_bytes(grub())
        shutil.copyfile(kernel, folder / "vmlinuz")
        shutil.copyfile(initrd, folder / "initrd.img")
        write_menu(folder / "grub", systems.ESP_UUID, ("/vmlinuz", "/initrd.img"), WORDS)
        disk.write(target, [Partition(folder, SIZE, systems.ESP_UUID, ESP)], "gpt")
    finally:
        shutil.rmtree(folder)


@lru_cache
def grub() -> bytes:
    """GRUB as a program for UEFI."""
    with tempfile.TemporaryDirectory(prefix="saut-outage-") as name:
        program = Path(name) / "grub.efi"
        run(["grub-mkimage", "-O", "x86_64-efi", "-o", str(program), "-p", "/grub", *MODULES])
        return program.read_bytes()


def beginning() -> str:
    """GRUB's first instructions, as hexadecimal digits."""
    image = grub()
    (header,) = struct.unpack_from("<I", image, 0x3C)
    (entry,) = struct.unpack_from("<I", image, header + 40)
    count, size = struct.unpack_from("<H", image, header + 6)[0], struct.unpack_from("<H", image, header + 20)[0]
    for section in range(count):
        length, address, _, offset = struct.unpack_from("<4I", image, header + 24 + size + 40 * section + 8)
        if address <= entry < address + length:
            at = entry - address + offset
            return image[at : at + BEGINNING].hex()
    raise packages.PackageError(f"nothing of GRUB is at its entry, {entry:#x}")


def write_menu(folder: Path, uuid: str, paths: tuple[str, str], words: str = "") -> None:
    """GRUB's menu in @folder, with a kernel and its initrd on the file system @uuid; @words are more of its command line."""
    folder.mkdir(exist_ok=True)
    entry = f"menuentry 'Debian GNU/Linux' --id 'debian' {systems.menu_block(uuid, paths, words)}"
    (folder / "grubenv").write_bytes(systems.grub_environment("debian"))
    (folder / "grub.cfg").write_text(systems.GRUB_HEAD + entry)
