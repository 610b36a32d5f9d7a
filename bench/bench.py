# SPDX-License-Identifier: LGPL-2.1-or-later
"""Blackout, load time and memory of kexec loaders, side by side.

    bench.py [--all] [--policy] [--spread N] [--runs N] [-j JOBS] [--write] [WORD...]

Each case is one jump in a machine of its own.  A WORD is a kernel, an initrd, a loader, or a
whole case such as 6.12/gzip/ours; without one a short set is measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import packages  # noqa: E402  (the line above makes it findable from any folder)
import payload  # noqa: E402
import rootfs  # noqa: E402
import sid  # noqa: E402
from cases import ALL, INITRDS, KERNELS, LOADERS, POLICY, READY, SHORT, Case, UnknownName, choose  # noqa: E402
from chart import chart  # noqa: E402
from machine import GuestError  # noqa: E402
from measure import Measurement, binary, hardware, measure, spread  # noqa: E402
from policy import MARGIN, comparison, excess  # noqa: E402
from table import report  # noqa: E402

#: What goes to a random place: by hand, and in a shutdown out of what is kept ready.
SPREAD = (Case("6.12", "small", "ours"), Case("6.12", "small", READY))

RESULTS = Path(__file__).resolve().parent / "results"


class Run:
    """Cases on their way to results, which are written down as they come."""

    def __init__(self, cases: list[Case], write: bool) -> None:
        self.cases = cases
        self.write = write
        self.results: dict[Case, Measurement] = {}
        self.failures: dict[Case, GuestError] = {}
        self.initrds = {case.initrd: payload.description(case.initrd) for case in cases}
        self.heading = heading(cases)
        self.loads: dict[Case, list[int]] = {}
        self._lock = threading.Lock()

    def go(self, jobs: int, runs: int) -> None:
        """Measures, so many at a time: the figures count instructions, not seconds."""
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda case: self._one(case, runs), self.cases))

    def _one(self, case: Case, runs: int) -> None:
        start = time.monotonic()
        try:
            found: Measurement | GuestError = median(measure(case) for _ in range(runs))
        except GuestError as error:
            found = error
        with self._lock:
            if isinstance(found, GuestError):
                self.failures[case] = found
            else:
                self.results[case] = found
                if self.write:
                    self._write()
            state = "failed" if isinstance(found, GuestError) else "done"
            seconds = time.monotonic() - start
            print(f"{case.name}: {state}, {seconds:.0f} s", file=sys.stderr, flush=True)

    def spread(self, count: int) -> None:
        """Measures loads alone, whose places are chosen anew each time."""
        for case in SPREAD:
            try:
                self.loads[case] = spread(case, count)
            except GuestError as error:
                self.failures[case] = error
        if self.write:
            self._write()

    def text(self) -> str:
        """What is known by now."""
        return report(self.heading, self._ordered(), self.initrds, comparison(self.results), self.loads)

    def _ordered(self) -> dict[Case, Measurement]:
        return {case: self.results[case] for case in self.cases if case in self.results}

    def _write(self) -> None:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.md").write_text(self.text() + "\n![The blackouts as bars](latest.svg)\n")
        (RESULTS / "latest.svg").write_text(chart(self._ordered(), self.initrds))


def median(measurements: Iterable[Measurement]) -> Measurement:
    """The run with the middle blackout, whole, so that its phases add up; the load's own middle."""
    found = sorted(measurements, key=lambda one: one.blackout)
    loads = sorted(one.load for one in found)
    return replace(found[len(found) // 2], load=loads[len(loads) // 2])


def heading(cases: list[Case]) -> list[str]:
    """What was measured with what, so that it can be read later and elsewhere."""
    kernels = [packages.kernel_release(k) for k in KERNELS if k in {c.kernel for c in cases}]
    machines = {hardware(case).memory for case in cases}
    return [
        f"Measured on {date.today().isoformat()}",
        f"Kernels, each to itself: {', '.join(kernels)}",
        f"Saut: {first_line(str(rootfs.tool_under_test()), '--version')}",
        f"kexec-tools: {packages.package_version('kexec-tools')}",
        f"Machine: {first_line('qemu-system-x86_64', '--version')}, q35, one CPU of type max, "
        f"{' or '.join(sorted(machines))} of memory",
    ]


def first_line(*command: str) -> str:
    """Of what a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.partition("\n")[0]


def reachable(cases: list[Case]) -> list[Case]:
    """Those whose kernel can be had; says why the others are left out."""
    there = set()
    for kernel in {case.kernel for case in cases}:
        try:
            packages.kernel(kernel)
            there.add(kernel)
        except sid.Unreachable as reason:
            print(f"Linux {kernel} is left out: {reason}", file=sys.stderr)
    return [case for case in cases if case.kernel in there]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = ", ".join((*KERNELS, *INITRDS, *LOADERS))
    parser.add_argument("words", nargs="*", metavar="WORD", help=f"of {names}, or K/I/L")
    parser.add_argument("--all", action="store_true", help="all cases: takes hours")
    parser.add_argument("--policy", action="store_true", help="what is chosen, and all that could have been: fails where "
                        f"that is longer than the best by more than {MARGIN} percent")
    parser.add_argument("--spread", type=int, default=0, metavar="N", help="also N loads of 2 MB in one machine, in two ways")
    parser.add_argument("--write", action="store_true", help="also write bench/results/latest.*")
    parser.add_argument("--runs", type=int, default=1, help="take the middle of so many (1)")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="machines at a time (2)")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs must be 1 or more")
    try:
        chosen = choose(arguments.words) + (POLICY if arguments.policy else [])
        cases = ALL if arguments.all else [case for case in ALL if case in chosen] or SHORT
    except UnknownName as error:
        parser.error(f"no such name: {error}")

    try:
        # Before the threads: each would fetch, compile and pack the same.
        rootfs.stamp()
        cases = reachable(cases)
        missing = {binary(case) for case in cases if not binary(case).is_file()}
        if missing or not cases:
            parser.error(f"not built: {missing.pop()}" if missing else "nothing to measure")
        run = Run(cases, arguments.write)
    except packages.PackageError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    run.go(arguments.jobs, arguments.runs)
    if arguments.spread:
        run.spread(arguments.spread)

    if run.results:
        print(run.text())
    for case, failure in run.failures.items():
        print(f"\n{case.name} failed: {failure}")
    return 1 if run.failures or (arguments.policy and excess(run.results) > MARGIN) else 0


if __name__ == "__main__":
    sys.exit(main())
