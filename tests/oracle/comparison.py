# SPDX-License-Identifier: LGPL-2.1-or-later
"""Saut's answer beside a boot loader's, for many systems.

A refusal of ours is no disagreement; anything else that differs is.  Knows no boot loader.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reading import Outcome, Refusal


class NoAnswer(Exception):
    """A boot loader waits for somebody, or does not end: nothing can be compared."""


@dataclass
class Tally:
    """What came of a row of systems."""

    agreed: int = 0
    refused: int = 0
    unanswered: int = 0
    disagreements: list[str] = field(default_factory=list)

    def add(self, name: str, loader: Outcome | None, ours: Outcome) -> None:
        """One system; a boot loader that gave no answer says None."""
        if loader is None:
            self.unanswered += 1
        elif isinstance(ours, Refusal):
            self.refused += 1
        elif ours == loader:
            self.agreed += 1
        else:
            self.disagreements.append(f"{name}:\n  loader: {loader}\n  saut:   {ours}")

    def check(self, agreed: int) -> None:
        """No disagreement, and so many systems read right that this says something."""
        print(f"{self.agreed} agreed, {self.refused} refused, {self.unanswered} without an answer, "
              f"{len(self.disagreements)} disagreed")
        assert not self.disagreements, "\n".join(self.disagreements)
        assert self.agreed >= agreed, self
