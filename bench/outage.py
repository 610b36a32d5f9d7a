# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a machine is away when it is rebooted: from the command to a server that answers.

    outage.py [--all] [--again] [--twice] [-j JOBS] [--write] [WORD...]

Each case is one reboot of Debian 12 on a disk, in a machine of its own.  A WORD is a firmware, an
init system, an initrd, a way, or a whole case such as seabios/systemd/gzip/ours-shutdown; without
one a short set is measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import outage_disk  # noqa: E402  (the line above makes it findable from any folder)
import packages  # noqa: E402
from base_system import Unreachable  # noqa: E402
from bench import RESULTS, first_line  # noqa: E402
from machine import GuestError  # noqa: E402
from outage_cases import ALL, FIRMWARES, INITRDS, INITS, SHORT, WAYS, Case, UnknownName, choose  # noqa: E402
from outage_kept import keep, kept  # noqa: E402
from outage_machine import MEMORY, perform  # noqa: E402
from outage_stamps import BadMarks, outage, parse, total  # noqa: E402
from outage_table import NAMES, Outage, picture, report  # noqa: E402


ROOT = Path(__file__).resolve().parents[1]


class Run:
    """Cases on their way to results, which are kept and written down as they come."""

    def __init__(self, cases: list[Case], write: bool) -> None:
        self.cases = cases
        self.write = write
        self.results: dict[Case, Outage] = {}
        self.failures: dict[Case, Exception] = {}
        named = {(case.init, case.initrd) for case in cases}
        self.initrds = {names: outage_disk.description(*names) for names in named}
        self._lock = threading.Lock()

    def go(self, jobs: int, again: bool) -> None:
        """Measures, so many at a time: the figures count instructions, not seconds."""
        if not again:
            self.results = {case: found for case in self.cases if (found := kept(case))}
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(self._one, [case for case in self.cases if case not in self.results]))
        if self.write and self.results:
            self._write()

    def _one(self, case: Case) -> None:
        start = time.monotonic()
        try:
            found: Outage | Exception = outage(parse(perform(case).marks))
        except (GuestError, BadMarks) as error:
            found = error
        with self._lock:
            if isinstance(found, Exception):
                self.failures[case] = found
            else:
                self.results[case] = found
                keep(case, found)
            state = "failed" if isinstance(found, Exception) else f"{total(found).ticks / 1e6:.0f} Mticks"
            print(f"{case.name}: {state}, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)

    def text(self) -> str:
        """What is known by now."""
        return report(heading(self.cases), self._ordered(), self.initrds)

    def _ordered(self) -> dict[Case, Outage]:
        return {case: self.results[case] for case in self.cases if case in self.results}

    def _write(self) -> None:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "outage.md").write_text(self.text() + "\n![The outages as bars](outage.svg)\n")
        (RESULTS / "outage.svg").write_text(picture(self._ordered(), self.initrds))


def heading(cases: list[Case]) -> list[str]:
    """What was measured with what, so that it can be read later and elsewhere."""
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%h of %cs", "--", "src", "service", "packaging"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    lines = [f"Measured on {date.today().isoformat()}, Saut of commit {commit or 'unknown'}"]
    for init in sorted({case.init for case in cases}):
        lines.append(
            f"{NAMES[init]}: Debian {outage_disk.SYSTEMS[init].base.suite}, Linux {outage_disk.kernel_release(init)}, "
            f"kexec-tools {outage_disk.installed_version(init, 'kexec-tools')}"
        )
    qemu = first_line("qemu-system-x86_64", "--version")
    return [*lines, f"Machine: {qemu}, q35, one CPU of type max, {MEMORY} of memory, an SD card for a disk"]


def spread(case: Case) -> str:
    """How much a second run differs from what is kept of the first."""
    before, after = kept(case), outage(parse(perform(case).marks))
    if before is None:
        raise BadMarks(f"nothing is kept of {case.name}")
    first, second = total(before).ticks, total(after).ticks
    return f"{case.name}: {first / 1e6:.0f} and {second / 1e6:.0f} Mticks, {100 * abs(second - first) / first:.2f} % apart"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = ", ".join((*FIRMWARES, *INITS, *INITRDS, *WAYS))
    parser.add_argument("words", nargs="*", metavar="WORD", help=f"of {names}, or F/I/D/W")
    parser.add_argument("--all", action="store_true", help="all cases: takes hours")
    parser.add_argument("--again", action="store_true", help="also those that were measured with these sources before")
    parser.add_argument("--twice", action="store_true", help="measure once more, and say how much that differs")
    parser.add_argument("--write", action="store_true", help="also write bench/results/outage.*")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="machines at a time (2)")
    arguments = parser.parse_args()
    try:
        cases = ALL if arguments.all else choose(arguments.words) or SHORT
    except UnknownName as error:
        parser.error(f"no such name: {error}")
    try:
        # Before the threads: each would make the same.
        for init, tool in sorted({(case.init, WAYS[case.way].tool) for case in cases}):
            outage_disk.image(init, tool)
        run = Run(cases, arguments.write)
    except (packages.PackageError, Unreachable, RuntimeError) as error:
        print(f"outage: {error}", file=sys.stderr)
        return 1
    run.go(arguments.jobs, arguments.again)
    if run.results:
        print(run.text())
    for case, failure in run.failures.items():
        print(f"\n{case.name} failed: {failure}")
    if arguments.twice:
        for case in run.results:
            print(spread(case))
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
