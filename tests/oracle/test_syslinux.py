# SPDX-License-Identifier: LGPL-2.1-or-later
"""What SYSLINUX boots, and what Saut says that it boots, for made-up configurations."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import reading
import syslinux
import syslinux_cases
from comparison import NoAnswer, Tally

#: The first of the seeds; others by hand: SAUT_ORACLE_FIRST=1000 pytest tests/oracle/test_syslinux.py
FIRST = int(os.environ.get("SAUT_ORACLE_FIRST", "0"))
SEEDS = range(FIRST, FIRST + 100)

#: Configurations that are read right, at least; many make the boot loader itself give up.
AGREED = 30


@pytest.mark.timeout(0)
def test_the_boot_loader_agrees(tmp_path: Path) -> None:
    tally = Tally()
    for seed in SEEDS:
        work = tmp_path / str(seed)
        root = work / "root"
        syslinux_cases.write(syslinux_cases.config(seed), root)
        try:
            loader: reading.Outcome | None = syslinux.boots(root, work)
        except NoAnswer:
            loader = None
        tally.add(f"seed {seed}", loader, reading.read(root))
        (work / "disk").unlink()
    tally.check(AGREED)
