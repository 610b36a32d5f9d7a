# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the benchmark of jumps makes of measurements: the table, and what is chosen beside what could have been."""

from __future__ import annotations

import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))

import policy  # noqa: E402
import table  # noqa: E402
from cases import POLICY, Case  # noqa: E402
from measure import Measurement  # noqa: E402

MILLION = 1_000_000


def jump(load: int, blackout: int) -> Measurement:
    """In millions."""
    return Measurement(load * MILLION, blackout * MILLION, 1024, 2048, {"stop and copy": blackout * MILLION}, "")


def results(chosen: int) -> dict[Case, Measurement]:
    """Of one kernel and initrd: the best fixed choice takes 100 to jump, and 1000 with the load."""
    of = {
        "ours": jump(2000, chosen),
        "ours-outage": jump(500, 510),
        "ours-off": jump(800, 400),
        "fixed-keep": jump(900, 100),
        "fixed-keep-off": jump(600, 600),
    }
    return {Case("6.12", "zstd", name): one for name, one in of.items()}


def test_what_is_chosen_is_held_against_the_best() -> None:
    """By what it is to shorten, and all of it is told in a table."""
    assert round(policy.excess(results(100)), 1) == 1.0
    assert round(policy.excess(results(110)), 1) == 10.0
    text = table.report(["today"], results(110), {"zstd": "1 MB"}, policy.comparison(results(110)), {})
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    best = "`Saut --initrd-recompress=keep -l`"
    assert ["6.12, zstd", "blackout", "110", best, "100", "+10.0"] in rows
    assert ["6.12, zstd", "load + blackout", "1010", best, "1000", "+1.0"] in rows


def test_nothing_is_compared_without_a_fixed_choice() -> None:
    """A jump alone says nothing of what could have been chosen."""
    alone = {case: one for case, one in results(100).items() if case.loader == "ours"}
    assert policy.comparison(alone) == [] and policy.excess(alone) == 0.0


def test_cases_of_the_policy_are_compared() -> None:
    """Each initrd has what is chosen and something to hold it against."""
    ways: dict[str, set[str]] = {case.initrd: set() for case in POLICY}
    for case in POLICY:
        ways[case.initrd].add(case.loader)
    assert set(ways) == {"small", "zstd", "gzip"}
    assert all({"ours", "ours-outage", "fixed-keep"} <= names for names in ways.values())


def test_loads_that_differ_in_their_place() -> None:
    """The least, the middle and the most of them."""
    loads = {Case("6.12", "small", "ours"): [3 * MILLION, 1 * MILLION, 2 * MILLION]}
    text = table.report(["today"], results(100), {"zstd": "1 MB"}, [], loads)
    assert "| `Saut -l` |     3 |   1.0 |    2.0 |  3.0 |" in text
