# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is written for people who change the tree names files and rooms that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["ARCHITECTURE.md", "CODING_STYLE.md", "CONTRIBUTING.md", "README.md", "README.fr.md", "SECURITY.md", "po/README.md"]

#: Where a name is looked for that does not begin at the top: rooms by their names, and what machines are given.
PLACES = [ROOT, ROOT / "src", ROOT / "tests/vm"]

#: A word in capitals stands for what one writes there; a file and its header may be named as one.
PLACEHOLDER = re.compile(r"\b(?:NAME|CPU|LANG)\b")

#: Examples of names, made by builds, and files of a captured machine.
NO_FILES = re.compile(r"room/|tests/unit/room|build/|saut/|[A-Z]+=")


def named(document: Path) -> set[str]:
    """What stands between backquotes and looks like a path inside of the tree."""
    words = re.findall(r"`([A-Za-z_][^`\s]*/[^`\s]*)`", document.read_text())
    return {word.split("::")[0].strip('"') for word in words if not NO_FILES.match(word)}


def is_there(name: str) -> bool:
    pattern = PLACEHOLDER.sub("*", name)
    return any(list(place.glob(each)) for place in PLACES for each in (pattern, f"{pattern}.[ch]"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_named_is_there(name: str) -> None:
    assert sorted(path for path in named(ROOT / name) if not is_there(path)) == []


def test_the_rule_sees_names() -> None:
    assert {"plan/plan.c", "tests/style/test_rooms.py"} <= named(ROOT / "ARCHITECTURE.md")
    assert is_there("base/range") and is_there("src/entry/NAME/NAME.c") and not is_there("plan/nothing.c")


def test_every_room_has_a_row() -> None:
    rows = re.findall(r"^\| `src/([a-z]+)` \|", (ROOT / "ARCHITECTURE.md").read_text(), re.M)
    assert sorted(rows) == sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir())


def test_helps_of_options_are_where_contributors_are_sent() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text[text.index("### An option of `saut`"):text.index("### A check of")]
    assert "`src/cmd/saut/help.c`" in section
    assert '"--firmware"' in (ROOT / "src/cmd/saut/help.c").read_text()
