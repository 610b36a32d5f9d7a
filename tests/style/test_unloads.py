# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is switched off or stopped is unloaded, unless the running kernel says that nothing is loaded."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"

#: What the kernel's flag is, and whether the kernel is then asked to unload.
FLAGS = {"1": True, "0": False, "unreadable": True, "absent": True}

STOPS = {
    "stop": ("service", "stop"),
    "stop while rebooting": ("service", "stop", "--rebooting", "--style=openrc"),
}


def leave_flag(root: Path, flag: str) -> None:
    """/sys of the system: its flag alone. A folder in the place of a file cannot be read."""
    folder = root / "sys/kernel"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if flag == "unreadable":
        (folder / "kexec_loaded").mkdir()
    elif flag != "absent":
        (folder / "kexec_loaded").write_text(f"{flag}\n")


@pytest.mark.parametrize("words", STOPS.values(), ids=STOPS)
@pytest.mark.parametrize(("flag", "unloads"), FLAGS.items(), ids=FLAGS)
def test_unloads_unless_nothing_is_loaded(
    system: Path, words: tuple[str, ...], flag: str, unloads: bool
) -> None:
    leave_flag(system, flag)
    (system / "etc/kexec.conf").write_text("REBOOT_BY_KEXEC=no\n")
    trace = system / "trace"
    trace.unlink(missing_ok=True)
    inside = (
        f"mount --bind /proc {system}/proc && exec strace -f -o {trace} -e trace=kexec_load"
        f" -e inject=kexec_load:retval=0 chroot {system} {SAUT} {' '.join(words)}"
    )
    done = subprocess.run(["unshare", "-m", "sh", "-c", inside], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ("kexec_load(NULL, 0, NULL, " in trace.read_text()) == unloads, done.stdout + done.stderr
