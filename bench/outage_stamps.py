# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes phases of a machine's marks; pure, knows nothing of machines.

Each mark has three counts: of all instructions, of the iterations of repeated copies among them and
of the bytes that those wrote (guest/outage-counts.c).  Marks of the guest's have the tick of the
time-stamp counter as well, which goes on while the CPU waits: what it went on by more than
instructions were executed is time in which nothing was to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

#: The phases of an outage, in their order; not all of them are in every one.
STOP, LOAD, LEAVE = "services stop", "load", "last steps"
FIRMWARE, LOADER, COPY, UNPACK = "firmware", "boot loader", "copy and check", "kernel unpacks itself"
KERNEL, INITRD, START = "kernel", "initrd", "services start"
PHASES = (STOP, LOAD, LEAVE, FIRMWARE, LOADER, COPY, UNPACK, KERNEL, INITRD, START)

#: Texts of marks: the command, all services stopped, reboot(2), the first programs of the initrd and of the
#: root file system, and an SSH server that answers.
REBOOT, STOPPED, LEFT, INIT, ROOT, ANSWERS = "reboot", "stopped", "leave", "init", "root", "answers"
#: Before and after a program.
BEGIN, END = "begin", "end"
#: What the plugin sees by itself: a reset, what the firmware has read, the kernel's unpacker and the kernel.
RESET, READ, UNPACKER, ENTRY = "reset", "boot-sector", "unpacker", "kernel"

LOADED = "1"


class BadMarks(ValueError):
    """The marks do not tell of one reboot."""


@dataclass(frozen=True)
class Cost:
    """What lies between two moments."""

    instructions: int = 0
    #: Among them, of repeated copies and fills, and the bytes that those wrote.
    iterations: int = 0
    copied: int = 0
    #: By the machine's clock, which goes on while the CPU waits.
    ticks: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(self.numbers(), other.numbers())))

    def __sub__(self, other: Cost) -> Cost:
        return Cost(*(a - b for a, b in zip(self.numbers(), other.numbers())))

    def numbers(self) -> tuple[int, int, int, int]:
        """All of it."""
        return self.instructions, self.iterations, self.copied, self.ticks

    @property
    def waited(self) -> int:
        """Ticks in which there was nothing to do; a few instructions are counted twice."""
        return max(0, self.ticks - self.instructions)

    def modelled(self, per_byte: float) -> float:
        """Ticks of work where a repeated copy costs @per_byte, whatever the width of its iterations."""
        return self.instructions - self.iterations + self.copied * per_byte


@dataclass(frozen=True)
class Mark:
    """A moment: all that has been counted until then."""

    text: str
    until: Cost
    #: The plugin, which sees things by itself, knows no tick.
    has_tick: bool = True


def parse(text: str) -> list[Mark]:
    """The lines that the plugin wrote; @text ends with a whole line, or its rest is left out."""
    marks = []
    for line in text[: text.rfind("\n") + 1].splitlines():
        words = line.split(" ", 3)
        if len(words) != 4 or not all(word.isdecimal() for word in words[:3]):
            raise BadMarks(f"not a mark: {line!r}")
        counts = [int(word) for word in words[:3]]
        tick, _, rest = words[3].partition(" ")
        if tick.isdecimal():
            marks.append(Mark(rest, Cost(*counts, ticks=int(tick))))
        else:
            marks.append(Mark(words[3], Cost(*counts), has_tick=False))
    return marks


def outage(marks: list[Mark]) -> dict[str, Cost]:
    """The phases from the command to the answer."""
    moments = _moments(_timed(marks))
    loading = _loading(_timed(marks))
    found = {}
    begin = moments[REBOOT].until
    for phase, text in _ends(moments):
        end = moments[text].until
        found[phase] = end - begin
        for first, last in loading:
            # Beside it services may still be stopped, or all of them are.
            during = _earlier(last, end) - _later(first, begin)
            if during.ticks > 0:
                found[phase] -= during
                found[LOAD] = found.get(LOAD, Cost()) + during
        begin = end
    return {phase: found[phase] for phase in PHASES if phase in found}


def total(phases: dict[str, Cost]) -> Cost:
    """Of all phases."""
    return sum(phases.values(), Cost())


def _ends(moments: dict[str, Mark]) -> list[tuple[str, str]]:
    """Each phase and the mark that it ends with; which are there depends on the way."""
    ends = [(STOP, STOPPED), (LEAVE, LEFT)]
    if RESET in moments:
        ends += [(FIRMWARE, READ)] if READ in moments else []
        ends += [(LOADER, UNPACKER), (UNPACK, ENTRY)]
    elif UNPACKER in moments:
        ends += [(COPY, UNPACKER), (UNPACK, ENTRY)]
    else:
        ends += [(COPY, ENTRY)]
    return [*ends, (KERNEL, INIT), (INITRD, ROOT), (START, ANSWERS)]


def _moments(marks: list[Mark]) -> dict[str, Mark]:
    """The first mark of each text after the command; a text's first word tells what it is."""
    found: dict[str, Mark] = {}
    for mark in marks:
        word = mark.text.partition(" ")[0].partition("-32")[0].partition("-64")[0]
        if REBOOT in found or word == REBOOT:
            found.setdefault(word, mark)
    wanted = (REBOOT, STOPPED, LEFT, ENTRY, INIT, ROOT, ANSWERS)
    missing = [text for text in wanted if text not in found]
    if missing or (RESET in found and UNPACKER not in found):
        raise BadMarks(f"no mark of: {', '.join(missing) or UNPACKER}")
    return found


def _loading(marks: list[Mark]) -> list[tuple[Cost, Cost]]:
    """When programs ran after the command by which a kernel came to be loaded."""
    was_loaded, has_begun = False, False
    begun: dict[str, Cost] = {}
    found = []
    for mark in marks:
        kind, _, rest = mark.text.partition(" ")
        name, _, words = rest.partition(" ")
        has_begun = has_begun or kind == REBOOT
        if kind == BEGIN:
            begun[name] = mark.until
        elif kind == END and name in begun:
            if words == LOADED and not was_loaded and has_begun:
                found.append((begun[name], mark.until))
            was_loaded = words == LOADED
        elif kind in (RESET, ENTRY, INIT) and has_begun:
            break
    return found


def _timed(marks: list[Mark]) -> list[Mark]:
    """All with ticks: what the plugin saw is taken to have come without waiting for it.

    So time in which the CPU waited between two marks of the guest is at the end.
    """
    found = []
    last = Cost()
    for mark in marks:
        if not mark.has_tick:
            ticks = last.ticks + mark.until.instructions - last.instructions
            mark = replace(mark, until=replace(mark.until, ticks=ticks), has_tick=True)
        last = mark.until
        found.append(mark)
    return found


def _earlier(a: Cost, b: Cost) -> Cost:
    return a if a.ticks <= b.ticks else b


def _later(a: Cost, b: Cost) -> Cost:
    return a if a.ticks >= b.ticks else b
