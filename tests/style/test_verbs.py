# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut's verbs and options are in its tables; the manual and the completions must know them all."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/cmd/saut"
MANUAL = ROOT / "man/saut.8"
COMPLETIONS = [ROOT / "completions" / name for name in ("saut.bash", "_saut", "saut.fish")]
DOCUMENTS = [MANUAL, *COMPLETIONS]

#: Options that nobody types, so that they are in the manual alone.
BY_PROGRAMS = {"begin"}


def verbs() -> set[str]:
    """Those of the table in main.c."""
    return set(re.findall(r'\{ "([a-z-]+)", verb_', (SOURCE / "main.c").read_text()))


def options() -> set[str]:
    """The long options of all of getopt's tables."""
    text = "".join(path.read_text() for path in SOURCE.glob("*.c"))
    return set(re.findall(r'\{ "([a-z-]+)", (?:no|required|optional)_argument', text))


def test_the_tables_were_found() -> None:
    assert {"list", "load", "reboot", "status"} <= verbs()
    assert {"entry", "json", "delay", "firmware"} <= options()


def test_the_help_has_all_options() -> None:
    """With the verbs that take them: what is not there counts as a slip of the finger when a verb refuses its words."""
    shown = set(re.findall(r'"--([a-z-]+)(?:=[A-Z]+)?",', (SOURCE / "help.c").read_text()))
    assert options() - BY_PROGRAMS - shown == set(), "give them a row in src/cmd/saut/help.c"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_all_are_documented(path: Path) -> None:
    text = path.read_text().replace("\\-", "-")
    assert {verb for verb in verbs() if not re.search(rf"\b{verb}\b", text)} == set()
    known = set(re.findall(r"(?:--|-l )([a-z][a-z-]*)", text))
    assert options() - known - (set() if path == MANUAL else BY_PROGRAMS) == set()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["re"], {"reboot"}),
        (["help", "re"], {"reboot"}),
        (["ver"], {"version"}),
        (["reboot", "--f"], {"--firmware"}),
        (["load", "--"], {"--entry=", "--running", "--newest", "--no-mount", "--dry-run"}),
        (["unload", "--"], {"--json"}),
        (["unload", "x"], set()),
        (["list", "--j"], {"--json"}),
        (["check", "--"], {"--strict", "--json", "--newest", "--initrd="}),
    ],
)
def test_bash_offers(typed: list[str], offered: set[str]) -> None:
    """What a user gets for what was typed; options that others add are welcome."""
    quoted = " ".join(f"'{word}'" for word in ["saut", *typed])
    script = (
        f"source {ROOT / 'completions/saut.bash'}; COMP_WORDS=({quoted}); "
        f'COMP_CWORD={len(typed)}; _saut; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], check=True, capture_output=True, text=True
    )
    found = set(done.stdout.split())
    assert offered <= found if offered else not found
