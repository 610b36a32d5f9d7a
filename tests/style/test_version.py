# SPDX-License-Identifier: LGPL-2.1-or-later
"""meson.build has the version; what cannot be made from it says the same."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

(VERSION,) = re.findall(r"^  version: '([0-9.]+)',$", (ROOT / "meson.build").read_text(), re.M)

#: How a version of ours is written: in manuals, in Debian's changelog, in names of archives.
SPELLING = re.compile(r"\b[Ss]aut(?: |-| \()(\d+\.\d+\.\d+)\b")

#: Each has the version at least once.
PLACES = ("man/*.[0-9]", "packaging/debian/changelog", "packaging/gentoo/README.md", "CHANGELOG.md")


def named(path: Path) -> list[str]:
    """The versions that a file names, newest first where it is a changelog."""
    return SPELLING.findall(path.read_text())


def test_manuals_and_packages_have_it() -> None:
    files = [path for pattern in PLACES for path in ROOT.glob(pattern)]
    assert len(files) >= 7
    assert {path.name: named(path)[:1] for path in files} == {path.name: [VERSION] for path in files}


def test_the_ebuild_has_it_in_its_name() -> None:
    names = [path.name for path in (ROOT / "packaging/gentoo").rglob("*.ebuild")]
    assert names == [f"saut-{VERSION}.ebuild"]


def test_nobody_else_knows_it() -> None:
    """Sources get it from the build."""
    files = [*(ROOT / "src").rglob("*.[ch]"), *(ROOT / "include").glob("*.h")]
    assert not [str(path.relative_to(ROOT)) for path in files if f'"{VERSION}"' in path.read_text()]


def test_the_command_says_it() -> None:
    command = ROOT / "build/meson/src/cmd/saut/saut"
    if command.exists():
        done = subprocess.run([command, "--version"], check=True, capture_output=True, text=True)
        assert done.stdout == f"saut {VERSION}\n"


def test_the_python_module_has_it() -> None:
    assert f'version="{VERSION}",' in (ROOT / "contrib/python/setup.py").read_text()
