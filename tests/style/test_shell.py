# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shell scripts: POSIX, and nothing for shellcheck to say."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SERVICES = [path for path in ROOT.glob("service/*/*")
            if path.suffix in (".initd", ".in") and not path.name.endswith((".service.in", ".conf.in"))]
SCRIPTS = sorted([
    *SERVICES,
    ROOT / "service/hooks/kernel-changed",
    *ROOT.glob("packaging/debian/saut.post*"),
    ROOT / "tools/build-deb",
    ROOT / "tools/dependencies",
    ROOT / "tools/format",
    ROOT / ".ci/run",
])

#: openrc-run reads variables that a script sets, and its depend() takes a bare "*".
OPENRC = "SC2034,SC2035"


def test_the_scripts_were_found() -> None:
    names = {path.name for path in SCRIPTS}
    assert {"kexec.initd", "kexec-load.in", "saut.postinst", "95-saut-kexec.sh.in"} <= names


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_syntax(path: Path) -> None:
    subprocess.run(["sh", "-n", str(path)], check=True)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck(path: Path) -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    excluded = ["-e", OPENRC] if path.suffix == ".initd" else []
    done = subprocess.run(["shellcheck", "-s", "sh", *excluded, str(path)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
