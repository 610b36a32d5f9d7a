# SPDX-License-Identifier: LGPL-2.1-or-later
"""Work that takes longer than a second shows how far it is: a bar on a terminal, lines elsewhere, nothing if asked.

The work is an initrd whose compression is slow to undo, which saut inspect looks into.
"""

from __future__ import annotations

import bz2
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from terminal import terminal

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"
CONTENT = 16 << 20

pytestmark = pytest.mark.skipif(not SAUT.exists(), reason="saut is not built")


def member(name: str, content: bytes) -> bytes:
    fields = [1, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("progress") / "slow.img"
    archive = member("a", random.Random(1).randbytes(CONTENT)) + member("TRAILER!!!", b"")
    path.write_bytes(bz2.compress(archive, 1))
    return path


def used(pid: int) -> float:
    """Seconds that a process has computed in user space, by proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


def hold(child: subprocess.Popen[bytes]) -> None:
    """Lets more than a second pass within the work, however fast the machine is."""
    while child.poll() is None and used(child.pid) < 0.2:
        time.sleep(0.01)
    child.send_signal(signal.SIGSTOP)
    time.sleep(1.2)
    child.send_signal(signal.SIGCONT)


def on_terminal(path: Path, columns: int, *options: str, program: Path = SAUT, **environment: str) -> str:
    """What a terminal of so many columns gets on standard error."""
    with terminal(columns) as screen, subprocess.Popen(
        [program, "inspect", *options, path], stderr=screen.far, stdout=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], **environment},
    ) as child:
        if path.stat().st_size > 1 << 20:
            hold(child)
        said = screen.read(child)
    assert child.returncode == 0
    return said.decode()


@pytest.mark.parametrize("columns", [200, 80, 40, 24, 12])
def test_a_terminal_gets_a_bar_that_is_gone_at_the_end(slow: Path, columns: int) -> None:
    said = on_terminal(slow, columns)
    bars = [bar for bar in said.split("\r") if bar.strip()]
    percents = [int(found[1]) for bar in bars if (found := re.search(r"(\d+) %$", bar))]
    assert len(bars) >= 2 and len(percents) == len(bars) and max(percents) > min(percents)
    assert all(len(bar) < min(columns, 81) for bar in bars)
    label = "looking into the file"
    assert all(bar.startswith(label) if columns > len(label + " 100 %") else "look" not in bar for bar in bars)
    assert any("#" in bar for bar in bars) == (columns >= 24)
    # It was drawn over by blanks at last, in one line.
    assert re.search(r"\r +\r$", said) and "\n" not in said and "\x1b" not in said


def test_a_log_gets_lines(slow: Path) -> None:
    child = subprocess.Popen([SAUT, "inspect", slow], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    hold(child)
    said = child.communicate()[1].decode()
    assert child.returncode == 0
    assert re.fullmatch(rf"(saut: looking into the file {slow}: \d+ %\n)+", said)


@pytest.mark.parametrize("wide", [True, False], ids=["terminal", "pipe"])
def test_the_quiet_say_nothing(slow: Path, wide: bool) -> None:
    if wide:
        assert on_terminal(slow, 80, "--quiet") == ""
        return
    said = subprocess.run([SAUT, "inspect", "--quiet", slow], capture_output=True, text=True, check=True)
    assert said.stderr == ""


def test_a_boot_service_gets_lines_on_a_console(slow: Path, system: Path) -> None:
    """A console is a terminal, which others write to in a shutdown: what is drawn over itself would be torn."""
    shutil.copy(slow, system / "boot/initrd.img-6.1")
    inside = (f"mount --bind /proc {system}/proc && mount --bind /sys {system}/sys && exec strace -D -o /dev/null"
              " -e trace=kexec_load,kexec_file_load -e inject=kexec_load,kexec_file_load:error=EPERM"
              f" chroot {system} {SAUT} service check --style=openrc")
    command = ["unshare", "-m", "sh", "-c", inside]
    with terminal(80) as screen, subprocess.Popen(command, stderr=screen.far, stdout=subprocess.PIPE) as child:
        hold(child)
        output = child.communicate()[0].decode()
        said = screen.read(child).decode()
    assert child.returncode == 0 and "would load: Linux 6.1" in output, said
    # Which step the first line is of depends on how fast the machine is; not every step knows how far it is.
    assert re.search(r"^saut: (?!note:)[a-z ]+ /boot/[^\r\n ]+(: \d+ %)?\r\n", said, re.M), said
    assert "#" not in said and not re.search(r"\r[^\n]", said), said


def test_short_work_shows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "quick.img"
    path.write_bytes(member("a", b"b") + member("TRAILER!!!", b""))
    assert on_terminal(path, 80) == ""


def test_a_terminal_gets_it_in_french(slow: Path, tmp_path: Path) -> None:
    """Its letters are counted, not their bytes: the bar keeps to the width."""
    (tmp_path / "bin").mkdir()
    french = tmp_path / "bin/saut"
    shutil.copy(SAUT, french)
    folder = tmp_path / "share/locale/fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    subprocess.run(["msgfmt", "-o", folder / "saut.mo", ROOT / "po/fr.po"], check=True)
    said = on_terminal(slow, 60, program=french, LC_ALL="C.UTF-8", LANGUAGE="fr")
    bars = [bar for bar in said.split("\r") if bar.strip()]
    assert bars and all(re.fullmatch(r"examen du fichier \[#*\.*\]\s+\d+ %", bar) and len(bar) < 60 for bar in bars)
