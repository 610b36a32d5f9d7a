# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds what the policy chose against all that it could have chosen; knows nothing of how figures come to be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from cases import FIXED, POLICIES, Case
from measure import Measurement

#: Percent by which it may be longer than the best.
MARGIN = 3.0

#: What each policy is to shorten, and how it is told.
AIMS: dict[str, tuple[str, Callable[[Measurement], int]]] = {
    "ours": ("blackout", lambda one: one.blackout),
    "ours-outage": ("load + blackout", lambda one: one.load + one.blackout),
}


def comparison(results: dict[Case, Measurement]) -> list[list[str]]:
    """A row for each kernel, initrd and aim of which a fixed choice was measured, below a head; or nothing."""
    rows = []
    for of, policy, aim, best, percent in _compared(results):
        value = AIMS[policy.loader][1]
        rows.append([of, aim, f"{value(results[policy]) / 1e6:.0f}", f"`{best.call}`", f"{value(results[best]) / 1e6:.0f}", f"{percent:+.1f}"])
    head = ["kernel and initrd", "to shorten", "chosen", "best fixed choice", "that", "% longer"]
    return [head, *rows] if rows else []


def excess(results: dict[Case, Measurement]) -> float:
    """Percent by which the policy was longer than the best at worst."""
    return max((percent for *_, percent in _compared(results)), default=0.0)


def _compared(results: dict[Case, Measurement]) -> list[tuple[str, Case, str, Case, float]]:
    found = []
    ordered = sorted(results, key=lambda case: (case.kernel, case.initrd))
    for (kernel, initrd), group in groupby(ordered, key=lambda case: (case.kernel, case.initrd)):
        cases = {case.loader: case for case in group}
        fixed = [cases[name] for name in FIXED if name in cases]
        if not any(case.loader.startswith("fixed-") for case in fixed):
            continue
        for policy in (cases[name] for name in POLICIES if name in cases):
            aim, value = AIMS[policy.loader]
            best = min(fixed, key=lambda case: value(results[case]))
            percent = 100 * value(results[policy]) / value(results[best]) - 100
            found.append((f"{kernel}, {initrd}", policy, aim, best, percent))
    return found
