# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut report on made machines (tests/reports): what it says to people and to programs is what was looked at once.

SAUT_REPORTS=write writes it anew.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/saut"
MACHINES = sorted((ROOT / "tests/reports").glob("*.machine"))
SCHEMA = json.loads((ROOT / "schema/report.json").read_text())
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC0"}


def report(machine: Path, *words: str, **environment: str) -> str:
    """What it prints, and its notes behind."""
    if not SAUT.exists():
        pytest.skip("make has not built it")
    command = [SAUT, "report", f"--root={machine}", *words]
    done = subprocess.run(command, env=ENVIRONMENT | environment, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def assert_golden(path: Path, said: str) -> None:
    """It is what the file has."""
    if os.environ.get("SAUT_REPORTS") == "write":
        path.write_text(said)
    assert said == path.read_text()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_for_people(machine: Path) -> None:
    said = report(machine)
    assert_golden(machine.with_suffix(".text"), said)
    notes = [line for line in said.splitlines() if not line.startswith("saut: note: ")]
    assert max(map(len, notes)) <= 80


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_for_programs(machine: Path) -> None:
    said = report(machine, "--json")
    assert_golden(machine.with_suffix(".json"), said)
    told = json.loads(said)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    times = [row["at_us"] for row in told["moments"] if row["at_us"] is not None]
    took = [row["took_us"] for row in told["moments"] if row["took_us"] is not None]
    assert not told["joined"] or sum(took) == (told["total_us"] or 0) == max(times, default=0)
    assert all((row["at_us"] is None) == (row["unknown"] is not None) for row in told["moments"])


@pytest.mark.parametrize("form", ["history", "prometheus"])
@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_other_forms(machine: Path, form: str) -> None:
    said = report(machine, f"--{form}")
    assert_golden(machine.with_suffix(f".{form}"), said)
    if form == "history":
        assert max(map(len, said.splitlines())) <= 80
    for line in said.splitlines() if form == "prometheus" else []:
        assert re.fullmatch(r'# (HELP|TYPE) saut_\w+ [\w ,.\']+|saut_\w+(\{moment="[a-z-]+"\})? \d+(\.\d{6})?', line), line


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_the_picture(machine: Path, tmp_path: Path) -> None:
    """It is well-formed, for light and dark, and nothing lies outside of it."""
    report(machine, f"--svg={tmp_path / 'picture.svg'}")
    drawn = (tmp_path / "picture.svg").read_text()
    assert_golden(machine.with_suffix(".svg"), drawn)
    root = ElementTree.fromstring(drawn)
    assert "prefers-color-scheme:dark" in drawn
    boxes = [box for box in root.iter("{http://www.w3.org/2000/svg}rect") if "x" in box.attrib]
    for box in boxes:
        x, y, width, height = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0 and x + width <= float(root.attrib["width"])
        assert y >= 0 and y + height <= float(root.attrib["height"])


def test_a_picture_that_cannot_be_written_is_an_error() -> None:
    if not SAUT.exists():
        pytest.skip("make has not built it")
    command = [SAUT, "report", f"--root={MACHINES[0]}", "--svg=/proc/nowhere.svg"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and not done.stdout and "draw /proc/nowhere.svg" in done.stderr


def test_there_are_machines() -> None:
    assert len(MACHINES) >= 7
