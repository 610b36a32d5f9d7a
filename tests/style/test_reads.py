# SPDX-License-Identifier: LGPL-2.1-or-later
"""One look: a command that decides by files reads each of them once, so that all is of one moment."""

from __future__ import annotations

import collections
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"

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


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root file system of a machine with systemd and GRUB, into which root can go."""
    apart = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if os.geteuid() != 0 or not shutil.which("strace") or apart.returncode != 0:
        pytest.skip("wants strace, and root that may mount for itself")
    root = tmp_path_factory.mktemp("root")
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
    for name in {str(SAUT), *libraries(SAUT)}:
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, path)
    return root


def run_inside(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """saut on that system, watched: what it opens is in the file trace."""
    trace = root / "trace"
    # The running kernel may have no kexec: here it has, and forbids it.
    inside = (
        f"mount --bind /proc {root}/proc && mount --bind /sys {root}/sys && exec strace -f -o {trace}"
        " -e trace=execve,open,openat,openat2,kexec_load,kexec_file_load"
        f" -e inject=kexec_load,kexec_file_load:error=EPERM chroot {root} {SAUT} {' '.join(words)}"
    )
    return subprocess.run(["unshare", "-m", "sh", "-c", inside], capture_output=True, text=True, check=False)


def opened(root: Path, *words: str) -> tuple[collections.Counter[str], str]:
    """How often saut opens each file of the system, and what it says."""
    done = run_inside(root, *words)
    text = (root / "trace").read_text()
    text = text[text.rindex(f'execve("{SAUT}"') :]
    # A step into a folder on the way (O_PATH) reads nothing.
    call = r'open(?:at2?)?\((?:AT_FDCWD|\d+), "([^"]+)", (?![^\n]*O_PATH)[^\n]* = \d+$'
    calls = re.findall(call, text, re.M)
    names = ["/" + name.lstrip("/") for name in calls]
    return collections.Counter(names), done.stdout + done.stderr


#: A command, and what it says when it has come to its end.
COMMANDS = {
    ("reboot", "--dry-run"): "would reboot by kexec",
    ("check",): "pass     plan: by kexec_",
    ("list",): "The first  [default]",
    ("status",): "this boot came",
    ("service", "status", "--style=systemd"): "Linux 6.1",
    ("service", "check", "--style=openrc"): "would load: Linux 6.1",
}


@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) for words in COMMANDS])
def test_each_file_is_opened_once(system: Path, words: tuple[str, ...]) -> None:
    counts, said = opened(system, *words)
    assert COMMANDS[words] in said
    assert counts["/etc/kexec.conf"] == 1, said
    assert {name: n for name, n in counts.items() if n > 1} == {}, said
