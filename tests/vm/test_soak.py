# SPDX-License-Identifier: LGPL-2.1-or-later
"""Jumps one after the other, drawn at random; what fails says its seed, by which it comes again."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
import soak
from machine import Up

pytestmark = [pytest.mark.usefixtures("ours"), pytest.mark.full]

JUMPS = 20
UP = Up(1, "6.12", "", 0, "")


def test_nothing_differs() -> None:
    """On two machines, each with as much memory as the dice say."""
    chain = soak.Soak(f"{random.getrandbits(32):08x}", print)
    chain.run(JUMPS, time.monotonic() + 3600)
    assert chain.jumps == JUMPS


def test_what_lies_elsewhere_is_the_same() -> None:
    """Neighbours in /proc/iomem are one, and where the kernel is does not count."""
    lines = ["00001000-0009fbff : System RAM", "  00002000-00003fff : Kernel code", "0009fc00-0009ffff : System RAM",
             "000a0000-000fffff : Reserved"]  # fmt: skip
    assert soak.merged(lines) == ["000000001000-00000009ffff : System RAM", "0000000a0000-0000000fffff : Reserved"]


FACTS = soak.Facts(
    500_000, ("000000001000-00000009ffff : System RAM",), ("000000000000-00000009ffff : System RAM",), 1, ("0x54554153 56",), 0.5
)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(FACTS, memory_kib=499_000), "MemTotal in KiB differs by -1000 from what it was at jump 1"),
        (replace(FACTS, iomem=()), "- 000000001000-00000009ffff : System RAM"),
        (replace(FACTS, map=(*FACTS.map, "00000009fc00-00000009ffff : Reserved")), r"\+ 00000009fc00-00000009ffff : Reserved"),
        (replace(FACTS, pieces=3), "the number of its pieces differs by"),
        (replace(FACTS, setup_data=("0x54554153 56", "0x54554153 56")), "what is handed over"),
        (replace(FACTS, clock_is_ahead=3600), "the clock in seconds differs by"),
    ],
    ids=("memory", "iomem", "map", "pieces", "setup-data", "clock"),
)
def test_a_difference_is_found(other: soak.Facts, said: str) -> None:
    """Whatever it is that differs; under another kernel the kernel's own may."""
    seen = soak.Seen()
    seen.compare("jump 1", UP, FACTS, "-c")
    seen.compare("jump 2", UP, FACTS, "-c --no-checks")
    with pytest.raises(AssertionError, match=said):
        seen.compare("jump 3", UP, other, "-c")
