# SPDX-License-Identifier: LGPL-2.1-or-later
"""One look: a command that decides by files reads each of them once, so that all is of one moment."""

from __future__ import annotations

import collections
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"

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
