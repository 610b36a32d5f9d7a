# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows measurements side by side; knows nothing of how they came to be."""

from __future__ import annotations

from measure import Measurement, Phases

#: What the percentages refer to, where it was measured in the same run.
REFERENCE = "tools-c"

MILLION = 1_000_000


def table(results: dict[str, Measurement]) -> str:
    """A line for each loader, with percentages of the reference's figures."""
    reference = results.get(REFERENCE)
    lines = [
        f"{'':<12}{'load':>16}{'blackout':>16}{'own memory':>18}{'resident':>12}",
        f"{'':<12}{'Mticks':>9}{'%':>7}{'Mticks':>9}{'%':>7}{'KiB':>11}{'%':>7}{'KiB':>12}",
    ]
    for name, result in results.items():
        lines.append(
            f"{name:<12}"
            + _ticks(result.load, reference.load if reference else 0)
            + _ticks(result.blackout, reference.blackout if reference else 0)
            + f"{result.anonymous:>11}"
            + _percent(result.anonymous, reference.anonymous if reference else 0)
            + f"{result.resident:>12}"
        )
    return "\n".join(lines)


def phases(name: str, found: Phases) -> str:
    """Where the blackout of @name went."""
    verified = f"{found.bytes / MILLION:.1f} MB by {found.check}"
    if found.check == "none":
        verified = "nothing, as was asked for"
    rows = [
        (found.shutdown, "the old kernel stops and copies the new one into place"),
        (found.verification, f"the stub verifies {verified}"),
        (found.hand_over, "the stub hands over"),
        (found.start, "the new kernel unpacks itself and starts /init"),
    ]
    lines = [f"{ticks / MILLION:>9.1f}  {what}" for ticks, what in rows]
    return "\n".join([f"The blackout of {name} in Mticks:", *lines])


def _ticks(value: int, reference: int) -> str:
    return f"{value / MILLION:>9.0f}" + _percent(value, reference)


def _percent(value: int, reference: int) -> str:
    return f"{100 * value / reference:>7.1f}" if reference else f"{'':>7}"
