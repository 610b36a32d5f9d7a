# SPDX-License-Identifier: LGPL-2.1-or-later
"""The model of a fleet: its page has what it prints, and what it assumes is what was measured."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "contrib/fleet"
PROGRAM = FOLDER / "model.py"


@pytest.fixture(scope="module")
def model() -> ModuleType:
    """The program as a module."""
    spec = importlib.util.spec_from_file_location("fleet_model", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_has_what_it_prints() -> None:
    printed = subprocess.run([sys.executable, PROGRAM], check=True, capture_output=True, text=True).stdout
    shown = re.findall(r"^\|.*\n", (FOLDER / "README.md").read_text(), re.M)
    assert len(shown) == 17 and "".join(shown) == printed


def test_luck_is_the_seed_s() -> None:
    command = [sys.executable, PROGRAM, "--rollouts=1"]
    first, same, other = (
        subprocess.run([*command, f"--seed={seed}"], check=True, capture_output=True).stdout for seed in (3, 3, 4)
    )
    assert first == same != other


def test_what_goes_well_takes_what_was_measured(model: ModuleType) -> None:
    """The first table of the measurement: systemd, SeaBIOS, the initrd as it is packed there."""
    text = (ROOT / "bench/results/outage.md").read_text()
    measured = {way: round(float(ticks) / 1000, 1)
                for way, ticks in re.findall(r"^\| ([^|]*?) +\| +(\d+) ", text.split("\n## ")[1], re.M)}
    fleet = model.Fleet(firmware=0)
    assert {way.name: way.good for way in fleet.ways()} == {
        "firmware": measured["firmware and GRUB"],
        "kexec-tools": measured["kexec-tools, loaded and executed"],
        "Saut": measured["Saut, loaded in the shutdown"],
    }


def test_what_can_be_counted_by_hand(model: ModuleType) -> None:
    """Ten machines of which none fails, two at once; and a canary wave that fails."""
    fleet = model.Fleet(machines=10, waves=(), at_once=2)
    way = model.Way("slow", 60.0)
    good, bad = model.Fate(False, False, True), model.Fate(True, False, True)
    outcome = model.roll_out(fleet, way, [good] * 10)
    assert (outcome.lost, outcome.took, outcome.failed) == (600.0, 300.0, 0)
    fleet = model.Fleet(machines=100, waves=(10,), at_once=10)
    outcome = model.roll_out(fleet, way, [bad] * 2 + [good] * 98)
    assert (outcome.rebooted, outcome.visits, outcome.lost_to_failures) == (10, 2, 2 * (60.0 + fleet.repair))
    # One alone is luck; and what comes back by itself needs nobody.
    watched = model.Way("watched", 60.0, back=400.0)
    outcome = model.roll_out(fleet, watched, [bad] + [good] * 99)
    assert (outcome.rebooted, outcome.visits, outcome.lost_to_failures) == (100, 0, 400.0)


def test_every_option_is_on_the_page(model: ModuleType) -> None:
    help_text = subprocess.run([sys.executable, PROGRAM, "--help"], check=True, capture_output=True, text=True).stdout
    page = (FOLDER / "README.md").read_text()
    options = set(re.findall(r"(--[a-z-]+)", help_text)) - {"--help"}
    assert len(options) >= 9 and {name for name in options if name not in page} == set()
    for option, value in re.findall(r"`--([a-z]+)=([0-9.]+)`", page):
        assert getattr(model.Fleet, option) == float(value)
