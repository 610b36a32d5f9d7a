# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules of CODING_STYLE.md that are counted: parameters of a function, and tests that are run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
UNIT = ROOT / "tests/unit"
FUZZ = ROOT / "tests/fuzz"

INPUTS_MAX = 4

#: A function's definition: its name, and what is between the parentheses.
DEFINITION = re.compile(r"^[a-z][\w \t*]*?[ *](\w+)\(((?:[^;{}()]|\([^()]*\))*)\)\s*\n\{", re.M)

#: They have more than INPUTS_MAX since before this was counted. The list may only get shorter.
STILL_TOO_MANY = {
    "add_extent",
    "add_root_pointer",
    "apply_group",
    "arguments",
    "assignments_add",
    "file_load",
    "fill_in",
    "finder_locate",
    "in_folder",
    "job_step",
    "netlink_send",
    "not_there",
    "path_of",
    "places_paths",
    "put_e820",
    "try_file_load",
    "try_load",
    "write_tree",
}


def inputs(parameters: str) -> list[str]:
    """What a caller has to think of: all but the error, the results and the arguments of a text."""
    found = [text.strip() for text in re.split(r",(?![^()]*\))", parameters)]
    found = [text for text in found if text not in ("void", "...")]
    return [text for text in found if not re.search(r"struct error \*|\*+ret\w*$|\bret\w*\[", text)]


def too_many() -> set[str]:
    """The functions with more than INPUTS_MAX inputs."""
    return {
        name
        for path in SOURCE.rglob("*.c")
        for name, parameters in DEFINITION.findall(path.read_text())
        if len(inputs(parameters)) > INPUTS_MAX
    }


def test_definitions_are_found() -> None:
    text = "static bool a(\n\tint b, int c,\n\tint (*d)(int), struct error *err)\n{\n"
    ((name, parameters),) = DEFINITION.findall(text)
    assert name == "a" and len(inputs(parameters)) == 3
    assert sum(len(DEFINITION.findall(path.read_text())) for path in SOURCE.rglob("*.c")) > 1000


def test_more_than_four_inputs_are_a_struct() -> None:
    assert too_many() - STILL_TOO_MANY == set(), "give them one struct with named fields"


def test_the_list_gets_shorter() -> None:
    assert STILL_TOO_MANY - too_many() == set(), "take them from the list: they are mended"


def test_every_unit_test_is_built() -> None:
    """A file that no meson.build names is a test that nobody runs."""
    forgotten = []
    for path in [*UNIT.rglob("test-*.c"), *UNIT.rglob("test-*.py")]:
        # By its name, or by what a loop makes it of.
        names = "|".join(re.escape(text) for text in (path.name, path.stem.removeprefix("test-")))
        room = path.relative_to(UNIT).parts[0]
        known = [path.parent / "meson.build"] + ([SOURCE / room / "meson.build"] if room == "check" else [])
        if not re.search(f"'(?:{names})'", "".join(file.read_text() for file in known)):
            forgotten.append(str(path.relative_to(ROOT)))
    assert not forgotten


def test_every_fuzzer_is_replayed() -> None:
    """They are found when a build is set up: one that is new since needs that once more."""
    tests = ROOT / "build/meson/meson-info/intro-tests.json"
    if not tests.exists():
        pytest.skip("make has not set the build up")
    known = {test["name"] for test in json.loads(tests.read_text())}
    files = {f"fuzz/{path.stem.removeprefix('fuzz-')}" for path in FUZZ.glob("fuzz-*.c")}
    assert files - known == set(), "run: meson setup --reconfigure build/meson"
    assert not [name for name in files if not any((FUZZ / "corpus" / name[5:]).iterdir())]


def test_every_room_is_tested() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir()}
    assert rooms - {path.parent.name for path in UNIT.rglob("test-*.c")} == set()
