# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd-boot itself on UEFI, in QEMU: what it boots on each of many EFI system partitions.

One machine has one disk with a partition for each system.  A driver of ours starts the boot loader of
one after the other; every kernel is a program that says what it was called with.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import guests
import packages
from reading import Boot, Outcome, Refusal, plain_line

MIB = 1 << 20
SECTOR = 512
PARTITION = 2 * MIB

#: As many partitions as a GPT has places for, without the driver's.
MOST = 127

#: Seconds for one machine; emulated firmware takes some ten of them.
PATIENCE = 300

CASE = re.compile(r"@@case<(.*?)>\n(.*?)@@end", re.S)
KERNEL = re.compile(r"@@kernel<(.*?)>\n@@options<(.*?)>\n", re.S)
INITRD = re.compile(r"(?:^|(?<= ))initrd=(\S+)")


@dataclass(frozen=True)
class Partition:
    """An EFI system partition: its files, and what the loader's variables hold."""

    name: str
    folder: Path
    variables: tuple[str, ...] = ()


def boots(partitions: list[Partition], work: Path) -> dict[str, Outcome]:
    """What the boot loader boots on each of @partitions, where Saut's side has them as /boot."""
    disk = _disk(partitions, work)
    said = work / "said"
    variables = work / "variables"
    shutil.copyfile(packages.ovmf("OVMF_VARS_4M.fd"), variables)
    command = ["qemu-system-x86_64", "-machine", "q35", "-accel", os.environ.get("SAUT_VM_ACCEL", "tcg")]
    command += ["-m", "512M", "-display", "none", "-nodefaults", "-no-reboot"]
    command += ["-drive", f"if=pflash,format=raw,readonly=on,file={packages.ovmf('OVMF_CODE_4M.fd')}"]
    command += ["-drive", f"if=pflash,format=raw,file={variables}"]
    command += ["-drive", f"if=virtio,format=raw,file={disk}"]
    command += ["-chardev", f"file,id=said,path={said}", "-device", "isa-debugcon,iobase=0xe9,chardev=said"]
    subprocess.run(command, check=True, timeout=PATIENCE)
    text = said.read_text(errors="replace")
    if "@@off" not in text:
        raise AssertionError(f"the machine stopped early: {text[-400:]}")
    folders = {partition.name: partition.folder for partition in partitions}
    found = {match[1]: _outcome(match[2], folders[match[1]]) for match in CASE.finditer(text)}
    if found.keys() != folders.keys():
        raise AssertionError(f"not tried: {folders.keys() - found.keys()}")
    return found


def _outcome(text: str, folder: Path) -> Outcome:
    kernel = KERNEL.search(text)
    if not kernel:
        return Refusal("no kernel was started")
    # The loader writes an entry's initrds before its options; the kernel takes both.
    initrds = tuple(_path(name, folder) for name in INITRD.findall(kernel[2]))
    return Boot(_path(kernel[1], folder), initrds, plain_line(kernel[2]))


def _path(name: str, folder: Path) -> str:
    """A path of UEFI as one below /boot, with the letters that the file has there."""
    found, parts = folder, []
    for part in os.path.normpath(name.replace("\\", "/")).strip("/").split("/"):
        names = os.listdir(found) if found.is_dir() else []
        parts.append(next((n for n in names if n.casefold() == part.casefold()), part))
        found = found / parts[-1]
    return "/boot/" + "/".join(parts)


def _disk(partitions: list[Partition], work: Path) -> Path:
    """The disk with the driver's partition first."""
    if len(partitions) > MOST:
        raise ValueError(f"{len(partitions)} partitions are too many")
    kernel = guests.efi("efi-kernel.c", work / "kernel.efi")
    driver = work / "driver"
    (driver / "EFI/BOOT").mkdir(parents=True)
    guests.efi("efi-driver.c", driver / "EFI/BOOT/BOOTX64.EFI")
    disk = work / "disk"
    with disk.open("wb") as image:
        image.truncate((len(partitions) + 1) * PARTITION + 2 * MIB)
    lines = [f"start={(MIB + i * PARTITION) // SECTOR}, size={PARTITION // SECTOR}, type="
             f"{'linux' if i else 'uefi'}" for i in range(len(partitions) + 1)]
    subprocess.run(["sfdisk", "--quiet", str(disk)], input="\n".join(["label: gpt", *lines]), text=True,
                   check=True)
    _format(disk, MIB, driver)
    for number, partition in enumerate(partitions, 1):
        _format(disk, MIB + number * PARTITION, _tree(partition, kernel, work))
    return disk


def _tree(partition: Partition, kernel: Path, work: Path) -> Path:
    """The partition's files, with programs where its kernels are."""
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(partition.folder, tree)
    for file in tree.rglob("*"):
        if file.is_file() and file.read_bytes() == b"k":
            shutil.copyfile(kernel, file)
    loader = tree / "EFI/systemd/systemd-bootx64.efi"
    loader.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(packages.systemd_boot(), loader)
    (tree / "case").write_text("\n".join((partition.name, *partition.variables)))
    return tree


def _format(disk: Path, place: int, folder: Path) -> None:
    device = f"{disk}@@{place}"
    environment = os.environ | {"MTOOLS_SKIP_CHECK": "1"}
    subprocess.run(["mformat", "-i", device, "-T", str(PARTITION // SECTOR), "-h", "16", "-s", "63", "::"],
                   check=True, env=environment)
    members = [str(member) for member in sorted(folder.iterdir())]
    subprocess.run(["mcopy", "-s", "-i", device, *members, "::"], check=True, env=environment)
