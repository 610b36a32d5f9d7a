# SPDX-License-Identifier: LGPL-2.1-or-later
"""SECURITY.md says how much was searched by fuzzers as tests/fuzz/searches.csv has it, which counts real searches."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEARCHES = ROOT / "tests/fuzz/searches.csv"

loader = SourceFileLoader("fuzz", str(ROOT / "tools/fuzz"))
spec = spec_from_loader("fuzz", loader)
assert spec
fuzz = module_from_spec(spec)
sys.modules[spec.name] = fuzz  # dataclasses look there
loader.exec_module(fuzz)


def test_the_sum_is_told() -> None:
    assert fuzz.total(SEARCHES.read_text()) in (ROOT / "SECURITY.md").read_text()


def test_no_seed_is_cut() -> None:
    """One that is longer than what a fuzzer is given is another input, and mostly one that is refused at once."""
    seeds = [path for path in (ROOT / "tests/fuzz/corpus").rglob("*") if path.is_file()]
    assert seeds and [path for path in seeds if path.stat().st_size > fuzz.INPUT_MAX] == []


def test_what_is_refused_at_once_does_not_count() -> None:
    assert fuzz.Run("a", 100, 1, fuzz.EDGES_MIN, True).counted == 100
    assert fuzz.Run("a", 100, 1, fuzz.EDGES_MIN - 1, True).counted == 0


def test_searches_are_summed_up() -> None:
    rows = "2026-11-27,abc,48,20,1000,1\n2026-11-28,def,48,30,2500,0\n"
    head = SEARCHES.read_text().split("\n", 1)[0]
    told = fuzz.total(f"{head}\n{rows}")
    assert "3,500 executions in 50 minutes, the last on 2026-11-28" in told
    assert told.endswith("found something: 1.")
