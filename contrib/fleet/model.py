#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a fleet's reboot into a new kernel costs: hours of capacity lost, by the way in which its machines reboot.

A model, not a measurement: README.md beside it says what is assumed, and its table is what this prints: means over
rollouts that differ in luck alone. The same seed gives the same table, and in each rollout the same machines fail
whatever the way.
"""

from __future__ import annotations

import argparse
import heapq
import random
import statistics
from collections.abc import Iterator
from dataclasses import astuple, dataclass

HOUR = 3600.0


@dataclass(frozen=True)
class Way:
    """How long a machine is away, in seconds."""

    name: str
    #: From the command to a service that answers, where all goes well.
    good: float
    #: The next kernel finds devices as the last one has left them, which may be the end of it.
    jumps: bool = False
    #: Until a new kernel that fails is left by itself; None: it is not, and somebody has to come.
    back: float | None = None


@dataclass(frozen=True)
class Fleet:
    """What is assumed of the machines, and of those who run them."""

    machines: int = 10_000
    #: Machines that are rebooted by the end of each wave; the last wave is all.
    waves: tuple[int, ...] = (10, 100, 1_000)
    #: So many are away at once, at most.
    at_once: int = 100
    #: A wave in which more than one machine and more than this share fail is the last one.
    tolerated: float = 0.02
    #: A server's firmware, from the reset to the boot loader.
    firmware: float = 240.0
    #: Until somebody has put a machine right that does not come back.
    repair: float = 2 * HOUR
    #: Of the jumps, so many fail into a kernel that is good.
    jump: float = 0.001
    #: Of the failures, so many are caught by none of the nets.
    uncaught: float = 0.05
    #: How long a boot on trial has until it is left, which a failure takes whole.
    trial: float = 300.0

    def ways(self) -> tuple[Way, ...]:
        """By what bench/results/outage.md has measured, a tick taken for a nanosecond, without its firmware."""
        through_firmware = 15.7 + self.firmware
        return (
            Way("firmware", through_firmware),
            Way("kexec-tools", 25.8, jumps=True),
            Way("Saut", 10.8, jumps=True, back=10.8 + self.trial + through_firmware),
        )


@dataclass(frozen=True)
class Fate:
    """How the new kernel does on a machine."""

    kernel_fails: bool
    jump_fails: bool
    is_caught: bool

    def fails(self, way: Way) -> bool:
        """Whether the machine is not up and good after it."""
        return self.kernel_fails or way.jumps and self.jump_fails


@dataclass
class Outcome:
    """What became of a fleet."""

    rebooted: float = 0
    failed: float = 0
    lost: float = 0
    lost_to_failures: float = 0
    visits: float = 0
    took: float = 0


def fates(fleet: Fleet, rate: float, seed: int) -> list[Fate]:
    """Of all machines, which differ in nothing but luck."""
    luck = random.Random(seed)
    return [
        Fate(luck.random() < rate, luck.random() < fleet.jump, luck.random() >= fleet.uncaught)
        for _ in range(fleet.machines)
    ]


def away(fleet: Fleet, way: Way, fate: Fate) -> float:
    """Seconds."""
    if not fate.fails(way):
        return way.good
    if way.back is not None and fate.is_caught:
        return way.back
    return way.good + fleet.repair


def waves(fleet: Fleet) -> Iterator[range]:
    """The machines of each."""
    first = 0
    for end in (*fleet.waves, fleet.machines):
        yield range(first, end)
        first = end


def run_wave(fleet: Fleet, way: Way, fate: list[Fate], outcome: Outcome) -> int:
    """Reboots these machines, so many at once; a place is free when its machine is back. How many failed."""
    places = [outcome.took] * fleet.at_once
    failed = 0
    for one in fate:
        seconds = away(fleet, way, one)
        heapq.heapreplace(places, places[0] + seconds)
        outcome.rebooted += 1
        outcome.lost += seconds
        if one.fails(way):
            failed += 1
            outcome.lost_to_failures += seconds
            outcome.visits += way.back is None or not one.is_caught
    outcome.took = max(places)
    outcome.failed += failed
    return failed


def roll_out(fleet: Fleet, way: Way, fate: list[Fate]) -> Outcome:
    """Wave by wave, up to one that has too many failures."""
    outcome = Outcome()
    for wave in waves(fleet):
        failed = run_wave(fleet, way, [fate[machine] for machine in wave], outcome)
        if failed > max(1, fleet.tolerated * len(wave)):
            break
    return outcome


def mean(outcomes: list[Outcome]) -> Outcome:
    """Of each figure."""
    return Outcome(*(statistics.fmean(figures) for figures in zip(*map(astuple, outcomes))))


RATES = (0.0, 0.001, 0.01, 0.05, 1.0)
HEAD = ("p", "way", "rebooted", "failed", "hours lost", "to failures", "visits", "over after")


def table(fleet: Fleet, seed: int, rollouts: int) -> str:
    """As Markdown."""
    rows = [HEAD, tuple("---:" if name not in ("p", "way") else ":---" for name in HEAD)]
    for rate in RATES:
        lucks = [fates(fleet, rate, seed + number) for number in range(rollouts)]
        for way in fleet.ways():
            o = mean([roll_out(fleet, way, fate) for fate in lucks])
            rows.append((f"{rate * 100:g} %", way.name, f"{o.rebooted:.0f}", f"{o.failed:.1f}", f"{o.lost / HOUR:.1f}",
                         f"{o.lost_to_failures / HOUR:.1f}", f"{o.visits:.1f}", f"{o.took / HOUR:.1f} h"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rollouts", type=int, default=20)
    for name, what in (("machines", int), ("at_once", int), ("firmware", float), ("repair", float),
                       ("jump", float), ("uncaught", float), ("trial", float), ("tolerated", float)):
        parser.add_argument(f"--{name.replace('_', '-')}", type=what, default=getattr(Fleet, name))
    words = vars(parser.parse_args())
    seed, rollouts = words.pop("seed"), words.pop("rollouts")
    machines = words["machines"]
    fleet = Fleet(waves=tuple(end for end in Fleet.waves if end < machines), **words)
    print(table(fleet, seed, rollouts))


if __name__ == "__main__":
    main()
