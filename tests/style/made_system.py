# SPDX-License-Identifier: LGPL-2.1-or-later
"""A made-up root file system in which the built commands can be run and watched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"
PROGRAMS = (SAUT, ROOT / "build/meson/src/cmd/kexec/kexec")

MENU = """\
set default=0
menuentry 'The first' {
	linux /boot/vmlinuz-6.1 root=/dev/sda1 quiet
	initrd /boot/initrd.img-6.1
}
"""

def kernel() -> bytes:
    """A bzImage's setup that tells a version, and a kernel of zeros behind it."""
    image = bytearray(8192)
    image[0x1F1] = 1
    image[0x1FE:0x200] = b"\x55\xaa"
    image[0x201] = 0x6A
    image[0x202:0x206] = b"HdrS"
    image[0x211] = 1  # loaded high
    image[0x234:0x237] = b"\x01\x15\x01"  # relocatable by 2 MiB, with a 64-bit entry
    limits = ((0x22C, 0x7FFFFFFF), (0x230, 0x200000), (0x238, 2047), (0x258, 0x1000000), (0x260, 0x100000))
    for offset, value in limits:
        image[offset : offset + 4] = value.to_bytes(4, "little")
    image[0x20E:0x210] = (0x100).to_bytes(2, "little")  # where it tells its version
    image[0x300:0x310] = b"6.1 (us@here) #1".ljust(16, b"\0")
    image[0x206:0x208] = (0x20D).to_bytes(2, "little")
    return bytes(image)


def libraries(program: Path) -> set[str]:
    """The files that a dynamic program wants."""
    text = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"(/\S+)", text))


def make_system(root: Path) -> None:
    """A root file system of a machine with systemd and GRUB, into which root can go; the test is skipped for others."""
    apart = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if os.geteuid() != 0 or not shutil.which("strace") or apart.returncode != 0:
        pytest.skip("wants strace, and root that may mount for itself")
    files = {
        "etc/fstab": b"/dev/sda1 / ext4 rw 0 1\n",
        "etc/kexec.conf": b"KNAME=vmlinuz-6.1\n",
        "boot/grub/grub.cfg": MENU.encode(),
        "boot/vmlinuz-6.1": kernel(),
        "boot/initrd.img-6.1": b"0707",
        "boot/config-6.1": b"CONFIG_RD_ZSTD=y\n",
        "usr/bin/systemctl": b"#!/bin/sh\n",
    }
    for name in ("proc", "sys", "dev", "run/systemd/system"):
        (root / name).mkdir(parents=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755)
    for name in {str(program) for program in PROGRAMS}.union(*(libraries(program) for program in PROGRAMS)):
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, path)
    for program in PROGRAMS:
        shutil.copy(program, root / "usr/bin")
