# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeps what was measured in the cache, so that a run of hours can be taken up again.

Named by the disk, and so by what was measured: figures of other sources are never taken for it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import outage_disk
from outage_cases import WAYS, Case
from outage_stamps import Cost


def keep(case: Case, found: dict[str, Cost]) -> None:
    """Writes down the phases of @case."""
    _place(case).write_text(json.dumps({phase: asdict(cost) for phase, cost in found.items()}))


def kept(case: Case) -> dict[str, Cost] | None:
    """What was written down of @case, measured with just this disk."""
    place = _place(case)
    if not place.exists():
        return None
    return {phase: Cost(**numbers) for phase, numbers in json.loads(place.read_text()).items()}


def _place(case: Case) -> Path:
    image = outage_disk.image(case.init, WAYS[case.way].tool)
    return image.with_suffix(f".{case.name.replace('/', '-')}.json")
