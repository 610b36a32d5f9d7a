# SPDX-License-Identifier: LGPL-2.1-or-later
"""GRUB itself, in its emulator: what the menu in a folder boots.

The folder becomes an ext2 file system on a disk image that grub-emu reads, so that searches and tests
of files are answered by GRUB.  The emulator has no loader for Linux: functions in its place print what
they are called with.  Knows nothing of Saut but the type of an answer.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from comparison import NoAnswer
from reading import Boot, Outcome, Refusal, plain_line

MIB = 1 << 20
SECTOR = 512
FILE_SYSTEM = 6 * MIB

#: The file system's UUID, as udev would tell it of the device that proc/self/mountinfo names.
UUID = "5a075a07-0000-4000-8000-000000000001"
DEVICE = "(hd0,msdos1)"

#: Seconds after which a script that says nothing more is given up.
PATIENCE = 3.0

#: What runs before the menu: a PC's names, and a stand-in for each command that a PC's GRUB has and the
#: emulator does not.  A command that GRUB has wins over a function, so these can be no others.
PRELUDE = """
function oracle_say {
  for oracle_word in "$@"; do echo "@@word<$oracle_word>"; done
  echo "@@end"
}
function linux {
  echo "@@linux<$root>"
  oracle_say "$@"
}
function initrd {
  echo "@@initrd<$root>"
  oracle_say "$@"
}
function linux16 { linux "$@"; }
function initrd16 { initrd "$@"; }
function cpuid { true; }
set prefix=(hd0,msdos1)@PREFIX@
set root=hd0,msdos1
set grub_cpu=i386
set grub_platform=pc
export grub_cpu grub_platform
set timeout=0
export timeout
unset config_file
unset config_directory
normal $prefix/grub.cfg
"""

TIMEOUT = re.compile(rb"(?m)\btimeout=(?:\"-?\d+\"|'-?\d+'|-?\d+)")
STYLE = re.compile(rb"\btimeout_style=\w+")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
#: The emulator's progress line; it goes over what it has printed and is no answer.
PROGRESS = re.compile(r" *\[ \S+ +\S+ +\d+% +\S+ \]")
#: A line that goes on in the next one, since the screen has so many columns.
WRAPPED = re.compile(r"(?m)^(.{79})\n")
EVENT = re.compile(r"@@(linux|initrd)<(.*?)>\n(.*?)@@end", re.S)
WORD = re.compile(r"@@word<(.*?)>\n", re.S)
FINISHED = b"Failed to boot both default and fallback"
#: A menu without entries ends in the command line.
PROMPT = b"grub> "
#: After an error GRUB gives ten seconds to read it, and the pager waits.
PAUSE = re.compile(rb"Press any key|--MORE--")


@dataclass(frozen=True)
class Event:
    """A call of a loader's command."""

    command: str
    root: str
    words: tuple[str, ...]


def boots(root: Path, work: Path) -> Outcome:
    """What GRUB boots of the system in @root by itself; @work is for the disk."""
    prefix = next(path for path in ("/boot/grub", "/boot/grub2") if (root / path[1:]).is_dir())
    text = _run(_disk(root, work, prefix), work)
    return outcome(text, root)


def outcome(text: str, root: Path) -> Outcome:
    """What the emulator's output means for the files in @root."""
    entries = re.split(r"  (?:Booting|Falling back to) `", text)
    if len(entries) == 1:
        return Refusal("no entry was started")
    for entry in entries[1:]:
        boot = _boot([_event(match) for match in EVENT.finditer(entry)], root)
        if boot is not None:
            return boot
    return Refusal("no entry that was started loads a kernel")


def _event(match: re.Match[str]) -> Event:
    return Event(match[1], match[2], tuple(word[1] for word in WORD.finditer(match[3])))


def _boot(events: list[Event], root: Path) -> Outcome | None:
    """The kernel that is there after @events: a loader that fails leaves nothing to boot."""
    boot: Boot | None = None
    for event in events:
        if event.command == "linux":
            boot = _kernel(event, root)
        elif boot is not None:
            # An initrd that is not there is an error, after which GRUB boots without it.
            files = [_file(word, event.root, root) for word in event.words]
            if files and all(files):
                boot = Boot(boot.kernel, tuple(str(file) for file in files), boot.command_line)
    return boot


def _kernel(event: Event, root: Path) -> Boot | None:
    if not event.words:
        return None
    kernel = _file(event.words[0], event.root, root)
    line = " ".join(_quoted(word) for word in event.words)
    return Boot(kernel, (), plain_line(f"BOOT_IMAGE={line}")) if kernel else None


def _quoted(word: str) -> str:
    """A word as GRUB's loaders write it onto a kernel's line."""
    escaped = re.sub(r"(\\x[0-9a-fA-F]{2})|([\\'\"])", lambda m: m[1] or "\\" + m[2], word)
    return f'"{escaped}"' if " " in word else escaped


def _file(name: str, device: str, root: Path) -> str | None:
    """The file of the system in @root that GRUB opens for @name; None: there is none."""
    if name.startswith("("):
        device, _, name = name[1:].partition(")")
    if device not in ("hd0,msdos1", "hd0,1") or not name.startswith("/"):
        return None
    path = os.path.normpath("/" + name.lstrip("/"))
    return path if (root / path[1:]).is_file() else None


def _disk(root: Path, work: Path, prefix: str) -> Path:
    """Writes the disk that has @root and the prelude in its one file system."""
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(root, tree, symlinks=True)
    for config in tree.rglob("*.cfg"):
        # Nobody is there to wait for.
        text = TIMEOUT.sub(b"timeout=0", config.read_bytes())
        config.write_bytes(STYLE.sub(b"timeout_style=menu", text))
    (tree / "oracle").mkdir()
    (tree / "oracle/grub.cfg").write_text(PRELUDE.replace("@PREFIX@", prefix))
    disk = work / "disk"
    disk.unlink(missing_ok=True)
    with disk.open("wb") as image:
        image.write(_partition_table())
        image.truncate(MIB + FILE_SYSTEM)
    command = ["mke2fs", "-q", "-F", "-t", "ext2", "-U", UUID, "-L", "oracle", "-d", str(tree)]
    command += ["-E", f"offset={MIB}", str(disk), f"{FILE_SYSTEM // 1024}k"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"mke2fs: {done.stderr.strip()[-400:]}")
    (work / "device.map").write_text(f"(hd0) {disk}\n")
    return disk


def _partition_table() -> bytes:
    """A first sector with one Linux partition from the first MiB on."""
    entry = struct.pack("<B3sB3sII", 0, b"", 0x83, b"", MIB // SECTOR, FILE_SYSTEM // SECTOR)
    return bytes(446) + entry + bytes(48) + b"\x55\xaa"


def _run(disk: Path, work: Path) -> str:
    """All that the emulator prints until it has tried what it boots by itself."""
    command = ["grub-emu", "-m", str(work / "device.map"), "-r", "hd0,msdos1", "-d", "/oracle"]
    if os.geteuid() == 0:
        # It may not restart this machine, whatever a menu says.
        command = ["setpriv", "--bounding-set=-sys_boot", *command]
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "dumb"
        os.execvp(command[0], command)
    try:
        said, ended = _listen(terminal)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
    if not ended:
        raise NoAnswer(said[-300:].decode(errors="replace"))
    text = said.decode("utf-8", "surrogateescape").replace("\r", "")
    return WRAPPED.sub(r"\1", PROGRESS.sub("", ESCAPE.sub("", text)))


def _listen(terminal: int) -> tuple[bytes, bool]:
    """What is printed, and whether that is all; presses the keys that GRUB asks for."""
    said, pressed, deadline = b"", 0, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:
            return said, True
        if not data:
            return said, True
        said += data
        if FINISHED in said or PROMPT in said:
            return said, True
        if len(PAUSE.findall(said)) > pressed:
            os.write(terminal, b" ")
            pressed += 1
    return said, False
