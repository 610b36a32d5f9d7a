# SPDX-License-Identifier: LGPL-2.1-or-later
"""The units that watch boot loaders' files know every place that the code looks into."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "service/systemd/kexec-load.path").read_text()
OWN = re.findall(r"^PathChanged=(.+)$", TEXT, re.M)
#: systemd writes a path's slashes so (systemd.unit(5)), and other names with a backslash.
UNIT = OWN + ["/" + name.replace("-", "/") for name in re.findall(r"^Wants=kexec-watch@([a-zA-Z0-9._-]+)[.]path$", TEXT, re.M)]
#: By way of process 1's root, so that systemd sees no mount of fstab in it.
BY_ROOT = "/proc/1/root"
WATCHED = {path.removeprefix(BY_ROOT) for path in UNIT}
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


def test_the_watch_mounts_nothing() -> None:
    """systemd has a mount that a path of a unit lies below be up with it (systemd.path(5)): here /etc alone may have one."""
    assert {path for path in UNIT if not path.startswith((f"{BY_ROOT}/", "/etc/"))} == set()


def test_each_path_has_a_unit() -> None:
    """systemd 252 loses changes where one has several."""
    assert len(OWN) == 1 and len(UNIT) == len(set(UNIT)) == 1 + TEXT.count("\nWants=")
    template = (ROOT / "service/systemd/kexec-watch@.path").read_text()
    assert re.findall(r"^PathChanged=(.+)$", template, re.M) == ["%f"]
