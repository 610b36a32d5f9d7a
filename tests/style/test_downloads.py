# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is downloaded is asked for again where a registry does not answer for a moment."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FOLDERS = (".ci", "tools", "tests/vm", "tests/packaging", "bench")

#: What downloads: apt as an argument list or in a shell script, and mmdebstrap as an argument list.
DOWNLOADS = re.compile(r'"apt-get", "-q", "(?:update|install|download)"|^\s*apt-get |"mmdebstrap", "-', re.M)

#: In its own words, or by the table in tools/debian.py.
RETRIES = re.compile(r"Acquire::Retries|\b(?:settings|arguments)\(\)")


def downloaders() -> list[Path]:
    """The files that download something."""
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return [path for path in files if path.is_file() and path.suffix in ("", ".py")
            and DOWNLOADS.search(path.read_text())]


def test_the_downloads_were_found() -> None:
    names = {path.name for path in downloaders()}
    assert {"run", "dependencies", "debian.py", "packages.py", "base_system.py", "test_debian.py"} <= names


def test_each_asks_again() -> None:
    assert not [str(path.relative_to(ROOT)) for path in downloaders() if not RETRIES.search(path.read_text())]
