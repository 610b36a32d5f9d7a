# SPDX-License-Identifier: LGPL-2.1-or-later
"""Boot configurations that are easily read wrong: each is read right, or refused where it may be.

A case is a folder: root is the system, expected.json says what its boot loader boots, how that is
known, and whether a refusal will do: "never", "allowed", or "only", where no answer can be right.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import reading

CASES = sorted(path.parent for path in Path(__file__).resolve().parent.glob("cases/*/expected.json"))

#: Control characters, those of ISO 6429 as UTF-8 included, and marks that turn the text around.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_the_cases_were_found() -> None:
    assert len(CASES) >= 51


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_default(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    outcome = reading.read(case / "root")
    if isinstance(outcome, reading.Refusal):
        assert expected["refusal"] != "never", outcome
        return
    assert expected["refusal"] != "only", f"{outcome}, but {expected['says']}"
    boots = expected["boots"]
    right = reading.Boot(boots["kernel"], tuple(boots["initrds"]), boots["command_line"])
    assert outcome == right, expected["says"]


def test_a_name_with_an_escape(tmp_path: Path) -> None:
    """A kernel is found whatever it is called, and its name steers no terminal."""
    kernel = "/boot/vmlinuz-6.1\x1b[31mx"
    for path, text in ((kernel, "k"), ("/saut/uname", "6.1.0 x86_64")):
        (tmp_path / path[1:]).parent.mkdir()
        (tmp_path / path[1:]).write_text(text)
    assert reading.read(tmp_path) == reading.Boot(kernel, (), None)
    assert not RAW.search(reading.list_text(tmp_path).decode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_raw_reaches_a_terminal(case: Path) -> None:
    text = reading.list_text(case / "root").decode()
    assert not RAW.search(text), repr(text)


def test_a_message_has_its_separator(tmp_path: Path) -> None:
    """The name of a setting and what is wrong with its value are two things."""
    command = reading.ROOT / "build/static/saut"
    if not command.exists():
        pytest.skip("a command that runs in an empty folder is not built: make static")
    root = tmp_path / "root"
    shutil.copytree(Path(__file__).resolve().parent / "cases/gentoo-message/root", root)
    shutil.copy(command, root / "saut-command")
    words = ["unshare", "-r", "chroot", str(root), "/saut-command", "service", "check"]
    words += ["--style=openrc", "--conf=/etc/conf.d/kexec"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "nosuch" in done.stderr + done.stdout
    assert "KEXEC_OPT_ARGSthere" not in done.stderr + done.stdout
