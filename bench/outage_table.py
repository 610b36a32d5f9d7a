# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows outages side by side, in Markdown and as bars; knows nothing of how they came to be."""

from __future__ import annotations

from itertools import groupby

from chart import Bar, draw
from outage_cases import WAYS, Case
from outage_stamps import FIRMWARE, LOAD, LOADER, PHASES, Cost, total
from table import MILLION, ticks, markdown, percent

Outage = dict[str, Cost]

NAMES = {"seabios": "SeaBIOS", "ovmf": "OVMF", "systemd": "systemd", "openrc": "OpenRC"}

#: What the percentages refer to, where it was measured in the same run.
REFERENCE = "tools"

#: Of the phases, in their order; told apart without colour vision too, by their lightness.
COLOURS = (
    *("#40004b", "#b2182b", "#d6604d", "#7f3b08", "#b35806", "#f4a582", "#fee0b6"),
    *("#b8b8b8", "#92c5de", "#2b5a8c"),
)

LABEL = 400

#: Ticks that a byte of a repeated copy costs in the model, where a CPU executes 3 billion instructions a second and
#: copies 7.5 GB: memcpy and `rep movsq` did 6 to 9 GB/s on the machine of the measurements.
PER_BYTE = 0.4

EXPLANATION = f"""\
In Mticks of the machine's clock, which are millions of guest instructions and, while the CPU has
nothing to do, the time that it waits; a tick is a nanosecond. On a real machine instructions take
another time than that, and waiting does not.

- **outage**: from the command until an SSH server on the machine names itself.
- **services stop**: from the command until all services are stopped; **last steps**: until
  reboot(2). Without the load, wherever it is.
- **load**: the program that loads the kernel, from its start to its end. Where other services stop
  at the same time, their work is in it.
- **firmware**: the old kernel's end, and the firmware until it jumps to what it has read from the
  disk. **boot loader**: until the kernel's first instruction.
- **copy and check**: the old kernel's end, its copy of the new one, and what checks that, until the
  new kernel's first instruction. **kernel unpacks itself**: until the first one of what was packed.
- **kernel**: until the initrd's first program. **initrd**: until the root file system's first
  program. **services start**: the rest. What loads ahead of the next reboot does so
  behind what the boot starts: under OpenRC behind all of this, under systemd beside its end.
- **waits**: how much of the outage the CPU has nothing to do. **work**: the rest. **modelled**: the
  work, if each byte of a repeated copy (`rep movs`, `rep stos`) costs {PER_BYTE} ticks; in the other
  columns an iteration costs one tick, be it of one byte or of eight.
- Percentages are of kexec-tools, loaded and executed by one line (`kexec -l ...`, and then `systemctl kexec`
  or, with OpenRC, `reboot`)."""


def report(heading: list[str], results: dict[Case, Outage], initrds: dict[tuple[str, str], str]) -> str:
    """The whole text; @initrds says what each one of an init system is."""
    parts = ["# Outage of a reboot: from the command to an SSH server that answers"]
    parts.append("\n".join(f"- {line}" for line in heading))
    for (firmware, init, initrd), group in _groups(results):
        parts.append(f"## {title(firmware, init, initrds[init, initrd])}")
        parts.append(_table({case: results[case] for case in group}))
        parts += _verdicts({case.way: results[case] for case in results if _key(case) == (firmware, init, initrd)})
    return "\n\n".join([*parts, "## What the columns mean", EXPLANATION]) + "\n"


def picture(results: dict[Case, Outage], initrds: dict[tuple[str, str], str]) -> str:
    """The outages as bars."""
    groups = []
    for (firmware, init, initrd), group in _groups(results):
        bars = []
        for case in group:
            parts = {phase: float(cost.ticks) for phase, cost in results[case].items()}
            bars.append(Bar(label(case, results[case]), parts, sum(parts.values())))
        groups.append((title(firmware, init, initrds[init, initrd]), bars))
    heading = "Outage, in million ticks (instructions, and waiting as nanoseconds)"
    return draw(heading, dict(zip(PHASES, COLOURS)), groups, LABEL)


def title(firmware: str, init: str, initrd: str) -> str:
    """Of a group."""
    return f"{NAMES[firmware]}, {NAMES[init]}, initrd of {initrd}"


def label(case: Case, found: Outage) -> str:
    """The way, and whether it went as it should."""
    way = WAYS[case.way]
    return way.title + (": goes through the firmware" if way.is_kexec and FIRMWARE in found else "")


def _key(case: Case) -> tuple[str, str, str]:
    return case.firmware, case.init, case.initrd


def _groups(results: dict[Case, Outage]) -> groupby[tuple[str, str, str], Case]:
    return groupby(results, key=_key)


def _table(results: dict[Case, Outage]) -> str:
    """A line for each way."""
    phases = [phase for phase in PHASES if any(phase in found for found in results.values())]
    rows = [["way", "outage", "%", *phases, "waits", "work", "%", "modelled", "%"]]
    reference = [figures(found) for case, found in results.items() if case.way == REFERENCE]
    for case, found in results.items():
        outage, work, modelled = figures(found)
        base = reference[0] if reference else (0, 0, 0)
        rows.append(
            [label(case, found), ticks(outage), percent(outage, base[0])]
            + [ticks(found[phase].ticks) if phase in found else "" for phase in phases]
            + [ticks(outage - work), ticks(work), percent(work, base[1])]
            + [ticks(modelled), percent(modelled, base[2])]
        )
    return markdown(rows)


def figures(found: Outage) -> tuple[int, int, int]:
    """The outage, the work in it, and the work by the model."""
    whole = total(found)
    return whole.ticks, whole.ticks - whole.waited, round(whole.modelled(PER_BYTE))


def _verdicts(ways: dict[str, Outage]) -> list[str]:
    """What is gained beside the firmware's way, and what that one spends on firmware and boot loader."""
    if "firmware" not in ways:
        return []
    slow = ways["firmware"]
    spent = sum(slow[phase].ticks for phase in (FIRMWARE, LOADER) if phase in slow)
    told = f"Firmware and boot loader take {ticks(spent)} Mticks of the outage through them."
    lines = []
    for way, found in ways.items():
        if FIRMWARE not in found:
            lines.append(f"- {WAYS[way].title}: {_gain(total(slow).ticks - total(found).ticks, spent)}")
    return ["\n".join([f"{told} Beside that outage it is:", "", *lines])] if lines else [told]


def _gain(gain: int, spent: int) -> str:
    """What is gained beside a way that spends @spent on what is left out."""
    if gain < 0:
        return f"{ticks(-gain)} Mticks longer"
    beside = f"{ticks(abs(gain - spent))} {'more' if gain >= spent else 'less'} than firmware and boot loader take"
    return f"{ticks(gain)} Mticks shorter, {beside}"
