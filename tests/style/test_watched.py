# SPDX-License-Identifier: LGPL-2.1-or-later
"""The unit that watches boot loaders' files knows every place that the code looks into."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WATCHED = set(re.findall(r"^PathChanged=(.+)$", (ROOT / "service/systemd/kexec-load.path").read_text(), re.M))
TABLES = (ROOT / "src/entry/ground/loader-files.c").read_text()


def table(name: str) -> list[str]:
    """The absolute paths of one table."""
    body = re.search(rf"\b{name}\[\] = {{(.*?)}};", TABLES, re.S)
    assert body, name
    return re.findall(r'"(/[^"]*)"', body.group(1))


def test_grubs_files_are_watched() -> None:
    folders = table("grub_folders")
    assert folders
    assert {f"{folder}/{file}" for folder in folders for file in ("grub.cfg", "grubenv")} <= WATCHED
    assert set(table("esp_folders")) <= WATCHED


def test_extlinux_files_are_watched() -> None:
    files = [path for path in table("extlinux_files") if "." in path.rsplit("/", 1)[1]]
    assert len(files) >= 6
    assert set(files) <= WATCHED
