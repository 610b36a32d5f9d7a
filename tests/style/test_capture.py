# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut capture: what it makes stands for the machine, has nothing of whose it is, and takes hostile files as they are."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from test_check import capture as folder_of
from test_plan import made_kernel

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"
MACHINES = sorted((ROOT / "tests/machines").glob("*.machine"))

UUID = "3f2b8c1e-0d4a-4e67-9b55-a1c2d3e4f506"
MAC = "52:54:00:ab:cd:ef"


def saut(*words: object) -> subprocess.CompletedProcess[str]:
    """The command with these words."""
    return subprocess.run([SAUT, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)


def capture(root: Path) -> str:
    """The text of a capture."""
    done = saut("capture", f"--root={root}", "-")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("saut-machine 1\n")
    return done.stdout


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_a_capture_of_a_capture_is_it(machine: Path, tmp_path: Path) -> None:
    """And whatever is asked of it has the same answer."""
    vmlinuz, first = tmp_path / "vmlinuz", tmp_path / "first"
    vmlinuz.write_bytes(made_kernel("x86-64"))
    first.write_text(capture(machine))
    assert capture(first) == first.read_text()
    for words in (("status",), ("crash",), ("plan", vmlinuz, "--command-line=a"), ("check", vmlinuz, "--command-line=a")):
        of_machine, of_capture = (saut(*words, f"--root={root}", "--json") for root in (machine, first))
        assert of_machine.stdout == of_capture.stdout, words


def of_somebody(folder: Path) -> Path:
    """A machine that says whose it is, wherever it can."""
    folder_of(folder)
    files = {
        "proc/cmdline": f"root=UUID={UUID} resume=UUID={UUID.upper()} BOOTIF=01-52-54-00-ab-cd-ef ip=10.1.2.3::10.1.2.1:"
                        f"255.255.255.0:cellar:eth0 systemd.hostname=cellar rd.luks.uuid=luks-{UUID} quiet\n",
        "proc/sys/kernel/hostname": "cellar\n",
        "proc/mounts": f"/dev/mapper/cellar-root / ext4 rw 0 0\n/dev/sdb1 /secret ext4 rw 0 0\n{MAC} / x\n",
        "proc/modules": "ext4 983040 1 - Live 0xffffffffc0a12000\n",
        "proc/keys": "1234 I--Q---     1 perm 1f3f0000     0 65534 keyring   _uid.0: empty\n",
        "etc/crypttab": "secret UUID=x /etc/key\n",
        "etc/fstab": f"UUID={UUID} / ext4 rw 0 1\n",
        "sys/class/dmi/id/product_serial": "SERIAL123\n",
        "sys/class/dmi/id/product_name": "Standard PC\n",
        "saut/kmsg": f"Linux version 6.1\neth0: {MAC}\ncellar has joined\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_nothing_tells_whose_it_is(tmp_path: Path) -> None:
    text = capture(of_somebody(tmp_path / "root"))
    for secret in (UUID, UUID.upper(), MAC, "52-54-00", "10.1.2.3", "cellar", "/secret", "SERIAL123", "_uid.0", "c0a12000",
                   "crypttab", "fstab"):
        assert secret not in text, secret
    line = re.search(r"^=== proc/cmdline\n(.*)\n", text, re.M)[1]
    first = "00000000-0000-0000-0000-000000000001"
    assert line.startswith(f"root=UUID={first} resume=UUID={first} BOOTIF=x") and line.endswith(" quiet")
    assert "Standard PC" in text and "=== proc/modules\next4 983040 1 - Live\n" in text
    (tmp_path / "first").write_text(text)
    assert capture(tmp_path / "first") == text


def test_memory_is_not_taken(tmp_path: Path) -> None:
    """Of /proc/kcore its headers: behind them lies what the machine has in its memory."""
    folder = folder_of(tmp_path / "root")
    head = b"\x7fELF\x02\x01\x01".ljust(56, b"\0") + (1).to_bytes(2, "little") + bytes(6) + b"\x01" * 56
    (folder / "proc/kcore").write_bytes(head + b"S" * 4000)
    text = capture(folder)
    assert f"=== proc/kcore hex {len(head)}\n" in text and "53 53 53" not in text


def test_hostile_files_stay_files(tmp_path: Path) -> None:
    """A line that would begin the next file, and what would steer a terminal, are spelled out."""
    folder = folder_of(tmp_path / "root")
    (folder / "proc/cmdline").write_bytes(b"quiet\n=== proc/iomem\nnothing\n")
    (folder / "sys/class/dmi/id").mkdir(parents=True, exist_ok=True)
    (folder / "sys/class/dmi/id/product_name").write_bytes(b"\x1b[2J\xff\n")
    text = capture(folder)
    assert text.count("=== proc/iomem") == 1 and "\x1b" not in text
    assert "=== sys/class/dmi/id/product_name hex 6\n1b 5b 32 4a ff 0a\n" in text
    (tmp_path / "first").write_text(text)
    assert capture(tmp_path / "first") == text


def test_what_cannot_be_read_is_not_absent(tmp_path: Path) -> None:
    """There as little as here: a pipe in the place of a file is refused, and so is it in the capture."""
    folder = folder_of(tmp_path / "root")
    (folder / "proc/iomem").unlink()
    os.mkfifo(folder / "proc/iomem")
    done = saut("capture", f"--root={folder}", tmp_path / "first")
    assert done.returncode == 0 and "note: /proc/iomem is no regular file" in done.stderr
    text = (tmp_path / "first").read_text()
    assert "=== proc/iomem unreadable\n/proc/iomem is no regular file\n" in text
    (tmp_path / "vmlinuz").write_bytes(made_kernel("x86-64"))
    words = ("check", tmp_path / "vmlinuz", "--command-line=a", "--json")
    of_machine, of_capture = (saut(*words, f"--root={root}").stdout for root in (folder, tmp_path / "first"))
    assert "is no regular file" in of_machine
    assert "/proc/iomem could not be read where it was captured: /proc/iomem is no regular file" in of_capture


def test_this_machine(tmp_path: Path) -> None:
    """As whoever runs this: what the kernel hides is hidden in it."""
    done = saut("capture", tmp_path / "first")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "first").read_text()
    assert os.uname().release in text and (tmp_path / "first").stat().st_mode & 0o777 == 0o600
    assert f" {os.uname().nodename} " not in text
    assert capture(tmp_path / "first") == text


def test_a_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "first").write_text("mine")
    done = saut("capture", f"--root={MACHINES[0]}", tmp_path / "first")
    assert done.returncode != 0 and "File exists" in done.stderr and (tmp_path / "first").read_text() == "mine"


def test_wrong_words(tmp_path: Path) -> None:
    for words in ((), ("a", "b"), ("--nonsense", "a")):
        assert saut("capture", *words).returncode == 2, words
