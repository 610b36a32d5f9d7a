# SPDX-License-Identifier: LGPL-2.1-or-later
"""SYSLINUX itself on a PC's BIOS, in QEMU: what it boots from a FAT file system with some files.

Each system is a machine of a second or two.  Every kernel is a program that says its name, its command
line and its initrds' bytes, and every initrd begins with its own name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import guests
from comparison import NoAnswer
from reading import Boot, Outcome, Refusal, plain_line

SIZE = 4 << 20
SECTOR = 512

#: Menus, and the libraries that they are linked to.
MODULES = Path("/usr/lib/syslinux/modules/bios")
MODULE_NAMES = ("menu.c32", "libutil.c32", "libcom32.c32", "chain.c32")

#: Seconds after which a machine that neither boots nor complains is given up.
PATIENCE = 40.0

SAID = re.compile(rb"@@kernel<(.*?)>\n@@line<(.*?)>\n@@initrd<(.*?)>\n@@end", re.S)
INITRD = re.compile(rb"@([^@\0]+)@")
#: The command line's prompt, and what is said when nothing can be started.
GAVE_UP = re.compile(rb"boot: |Could not find kernel|Failed to load|Invalid or corrupt|not found|not a COM32R"
                     rb"|Booting from local|Undef symbol")
#: Where nothing says what is booted by itself; Saut takes the label if there is but one.
NO_DEFAULT = b"No DEFAULT or UI configuration directive found"


def boots(root: Path, work: Path) -> Outcome:
    """What SYSLINUX boots of the file system that Saut's side has as /boot of @root."""
    disk = _disk(root / "boot", work)
    said, serial = work / "said", work / "serial"
    command = ["qemu-system-x86_64", "-accel", os.environ.get("SAUT_VM_ACCEL", "tcg"), "-m", "64M"]
    command += ["-display", "none", "-nodefaults", "-no-reboot"]
    command += ["-drive", f"format=raw,file={disk}", "-serial", f"file:{serial}"]
    command += ["-chardev", f"file,id=said,path={said}", "-device", "isa-debugcon,iobase=0xe9,chardev=said"]
    command += ["-device", "isa-debug-exit,iobase=0x501,iosize=1"]
    with subprocess.Popen(command) as machine:
        try:
            _wait(machine, serial)
        finally:
            machine.kill()
    if NO_DEFAULT in serial.read_bytes():
        raise NoAnswer("it asks what to boot")
    return outcome(said.read_bytes())


def _wait(machine: subprocess.Popen[bytes], serial: Path) -> None:
    """Until the machine ends or its boot loader has nothing to start."""
    deadline = time.monotonic() + PATIENCE
    while machine.poll() is None and time.monotonic() < deadline:
        if serial.exists() and GAVE_UP.search(serial.read_bytes()):
            # A kernel that was found all the same is there in a moment.
            time.sleep(2)
            return
        time.sleep(0.1)


def outcome(said: bytes) -> Outcome:
    found = SAID.search(said)
    if not found:
        return Refusal("no kernel was started")
    kernel, line, initrds = found.groups()
    names = tuple("/boot" + name.decode() for name in INITRD.findall(initrds))
    return Boot("/boot" + kernel.decode(), names, plain_line(line.decode()))


def _disk(folder: Path, work: Path) -> Path:
    """A FAT file system with @folder's files and the boot loader in its first sectors."""
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree)
    kernel = guests.bios(work / "kernel")
    for file in [path for path in tree.rglob("*") if path.is_file()]:
        name = f"/{file.relative_to(tree)}"
        content = file.read_bytes()
        if content == b"k":
            file.write_bytes(guests.named(kernel, name))
        elif content == b"i":
            file.write_bytes(f"@{name}@".encode().ljust(64, b"\0"))
    config = tree / "syslinux/syslinux.cfg"
    config.write_bytes(b"SERIAL 0 115200\n" + config.read_bytes())
    for module in MODULE_NAMES:
        shutil.copyfile(MODULES / module, tree / "syslinux" / module)
    disk = work / "disk"
    disk.unlink(missing_ok=True)
    with disk.open("wb") as image:
        image.truncate(SIZE)
    _run(["mformat", "-i", str(disk), "-T", str(SIZE // SECTOR), "-h", "16", "-s", "63", "::"])
    _run(["mcopy", "-s", "-i", str(disk), *(str(path) for path in sorted(tree.iterdir())), "::"])
    _run(["syslinux", "--install", "-d", "/syslinux", str(disk)])
    return disk


def _run(command: list[str]) -> None:
    environment = os.environ | {"MTOOLS_SKIP_CHECK": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-400:]}")
