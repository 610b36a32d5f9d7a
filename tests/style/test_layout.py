# SPDX-License-Identifier: LGPL-2.1-or-later
"""C files are laid out as .clang-format has it, by the version that tools/format pins."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

(FORMATTER,) = re.findall(r"^formatter=(\S+)$", (ROOT / "tools/format").read_text(), re.M)

FOLDERS = ("include", "src", "tests", "examples")


def files() -> list[str]:
    """All of them."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[ch]"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def test_layout() -> None:
    if not shutil.which(FORMATTER):
        pytest.skip(f"{FORMATTER} is not installed")
    command = ["tools/format", "--check", *files()]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    wrong = sorted(set(re.findall(r"^([^\s:]+):\d+:\d+: error", done.stderr, re.M)))
    assert not wrong, f"run: tools/format {' '.join(wrong)}"
    assert done.returncode == 0, done.stderr
