# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows measurements side by side, in Markdown; knows nothing of how they came to be."""

from __future__ import annotations

from itertools import groupby

from cases import Case
from measure import PHASES, TOGETHER, Measurement

#: What the percentages refer to, where it was measured in the same run.
REFERENCE = "tools-c"

MILLION = 1_000_000

#: A row of cells, or the line that separates the head of a table.
Row = list[str]

#: The phases as columns; what is not told apart stands in the first.
COLUMNS = [phase for phase in PHASES if phase != TOGETHER]

EXPLANATION = """\
All but memory is in Mticks, millions of guest instructions (an iteration of a repeated copy is
one); on a real CPU some are dearer than others, and devices and firmware add their time.

- **blackout**: from the reboot system call to the first instruction of the next kernel's /init.
- **stop and copy**: until the stub's first instruction: the old kernel stops its devices and
  copies the new one into place. **verify**: the stub. **first steps**: until the new kernel's
  clock begins, early in its start; where the kernel unpacks itself, that is in here. Where no
  stub of ours keeps times, a figure in *italics* is the three of them together.
- **to the initrd**, **initrd**, **to /init**: the new kernel's start, from its log.
- **load**: from the start of the loader to its exit. **both**: load and blackout, which is what a
  reboot is longer by where the kernel is loaded while the machine goes down. **own MB**: its anonymous memory at its
  exit. **resident MB**: the most that it had mapped, with files, which are the page cache's, and
  with the unpacked kernel and initrd, which are its own as well. What the kernel holds of the
  loaded image is in neither.
- Percentages are of `kexec-tools -c -l` with the same kernel and initrd."""


POLICY = """\
What is chosen by itself, for a short jump or for a short outage, against the best of all forms of kernel and initrd
that can be asked for (`--direct`, `--initrd-recompress`; packing anew by lz4 or zstd is not among them, since it alone
takes longer than the rest). In an outage, gzip was seen to be whole before, as by the boot service when it starts."""

SPREAD = """\
Linux 6.12 and the small initrd, each time to another random place, in one machine for each loader; Mticks of the load."""


def report(
    heading: list[str],
    results: dict[Case, Measurement],
    initrds: dict[str, str],
    policy: list[Row],
    loads: dict[Case, list[int]],
) -> str:
    """The whole text; @initrds says what each one is, @policy is a table by itself, @loads are in one machine each; or nothing."""
    parts = ["# Blackout and load time of kexec loaders", "\n".join(f"- {h}" for h in heading)]
    for (kernel, initrd), group in groupby(results, key=lambda case: (case.kernel, case.initrd)):
        parts.append(f"## Linux {kernel}, initrd of {initrds[initrd]}")
        parts.append(table({case: results[case] for case in group}))
    if policy:
        parts += ["## What is chosen, against the best that could be", POLICY, markdown(policy)]
    if loads:
        parts += ["## The same load again and again", SPREAD, spread_of(loads)]
    return "\n\n".join([*parts, "## What the columns mean", EXPLANATION]) + "\n"


def spread_of(loads: dict[Case, list[int]]) -> str:
    """What is to be said of loads that differ only in the random place."""
    rows = [["loader", "times", "least", "middle", "most"]]
    for case, one in loads.items():
        ordered = sorted(one)
        told = (ordered[0], ordered[len(ordered) // 2], ordered[-1])
        rows.append([f"`{case.call}`", str(len(one)), *(f"{ticks / MILLION:.1f}" for ticks in told)])
    return markdown(rows)


def table(results: dict[Case, Measurement]) -> str:
    """A line for each loader."""
    head = ["loader", "blackout", "%", *COLUMNS, "load", "%", "both", "%"]
    head += ["own MB", "resident MB", "verified by the stub"]
    found = [result for case, result in results.items() if case.loader == REFERENCE]
    reference = found[0] if found else None
    rows = [head]
    for case, result in results.items():
        rows.append(
            [f"`{case.call}`", ticks(result.blackout)]
            + [percent(result.blackout, reference.blackout if reference else 0)]
            + [_phase(result.phases, column) for column in COLUMNS]
            + [ticks(result.load), percent(result.load, reference.load if reference else 0)]
            + [ticks(both(result)), percent(both(result), both(reference) if reference else 0)]
            + [f"{kib / 1024:.1f}" for kib in (result.anonymous, result.resident)]
            + [result.verified or "–"]
        )
    return markdown(rows)


def both(result: Measurement) -> int:
    """Load and blackout."""
    return result.load + result.blackout


def _phase(phases: dict[str, int], column: str) -> str:
    if column in phases:
        return ticks(phases[column])
    return f"*{ticks(phases[TOGETHER])}*" if column == COLUMNS[0] else ""


def markdown(rows: list[Row]) -> str:
    """Columns as wide as their widest cell: it is read in terminals as well."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append(f"| {' | '.join(cells)} |")
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([lines[0], f"| {' | '.join(rule)} |", *lines[1:]])


def ticks(value: int) -> str:
    return f"{value / MILLION:.0f}" if value >= 10 * MILLION else f"{value / MILLION:.1f}"


def percent(value: int, reference: int) -> str:
    return f"{100 * value / reference:.1f}" if reference else "–"
