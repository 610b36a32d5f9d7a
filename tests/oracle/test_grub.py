# SPDX-License-Identifier: LGPL-2.1-or-later
"""What GRUB boots, and what Saut says that it boots, for made-up menus."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import grub_cases
import grub_emu
import reading
from comparison import NoAnswer, Tally

#: More by hand: SAUT_ORACLE_SEEDS=30000 pytest tests/oracle/test_grub.py
SEEDS = int(os.environ.get("SAUT_ORACLE_SEEDS", "1200"))

#: Menus that are read right, at least. Most hold something odd, for which many are refused.
AGREED = {"scripts": 60, "shapes": 200, "changed": 60}


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", AGREED)
def test_the_emulator_agrees(kind: str, tmp_path: Path) -> None:
    tally = Tally()
    for seed in range(list(AGREED).index(kind), SEEDS, len(AGREED)):
        work = tmp_path / str(seed)
        root = work / "root"
        grub_cases.write(grub_cases.files(seed), grub_emu.UUID, root)
        try:
            loader: reading.Outcome | None = grub_emu.boots(root, work)
        except NoAnswer:
            loader = None
        tally.add(f"seed {seed}", loader, reading.read(root))
        shutil.rmtree(work)
    tally.check(AGREED[kind])
