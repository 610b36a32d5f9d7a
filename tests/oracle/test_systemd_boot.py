# SPDX-License-Identifier: LGPL-2.1-or-later
"""What systemd-boot boots, and what Saut says that it boots, for made-up partitions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import bls_cases
import reading
import systemd_boot
from comparison import Tally

#: The first of the seeds; others by hand: SAUT_ORACLE_FIRST=1000 pytest tests/oracle/test_systemd_boot.py
FIRST = int(os.environ.get("SAUT_ORACLE_FIRST", "0"))
SEEDS = range(FIRST, FIRST + systemd_boot.MOST)

#: Partitions that are read right, at least.
AGREED = 70


@pytest.mark.timeout(0)
def test_the_boot_loader_agrees(tmp_path: Path) -> None:
    roots = {f"seed {seed}": tmp_path / "roots" / str(seed) for seed in SEEDS}
    partitions = []
    for seed, (name, root) in zip(SEEDS, roots.items()):
        made = bls_cases.system(seed)
        bls_cases.write(made, root)
        variables = tuple(f"{variable}={value}" for variable, value in made.variables.items())
        partitions.append(systemd_boot.Partition(name, root / "boot", variables))
    loader = systemd_boot.boots(partitions, tmp_path)
    tally = Tally()
    for name, root in roots.items():
        tally.add(name, loader[name], reading.read(root))
    tally.check(AGREED)
