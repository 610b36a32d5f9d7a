# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a load takes before the system call, natively: CPU time and wall time on the machine that this runs on.

    prepare.py [--runs N] [--write] [INITRD...]

The least of several runs of each case, since whatever else the machine does only adds to it.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import packages  # noqa: E402  (the line above makes it findable from any folder)
import payload  # noqa: E402
from bench import RESULTS  # noqa: E402
from table import markdown  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build/meson/tests/benchmark/benchmark-prepare"
#: One with room for all of it.
MACHINE = ROOT / "tests/machines/q35-5g.machine"
KERNEL = "6.12"

#: What a load is for, and whether something is kept ready: the words of the program, and of the report.
SITUATIONS = {
    ("jump", "none"): "ahead of time, or by hand",
    ("outage", "none"): "in the shutdown, nothing kept ready",
    ("outage", "use"): "in the shutdown, out of what is kept ready",
}

#: Steps as the program names them, by the column that they belong to.
KERNEL_STEP, INITRD_STEP = "unpacking the kernel's payload", "rewriting the initrd"


@dataclass(frozen=True)
class Times:
    """Seconds of a load, or of a part of it."""

    cpu: float
    wall: float


def once(initrd: Path, aim: str, folder: Path, use: str) -> dict[str, Times]:
    """The steps of one load, and "all"."""
    command = [PROGRAM, MACHINE, packages.kernel(KERNEL), initrd, aim, folder, use]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{PROGRAM.name}: {done.stderr}")
    found: dict[str, Times] = {}
    for line in done.stdout.splitlines():
        cpu, wall, name = line.split(" ", 2)
        before = found.get(name, Times(0, 0))
        found[name] = Times(before.cpu + float(cpu), before.wall + float(wall))
    return found


def least(runs: list[dict[str, Times]]) -> dict[str, Times]:
    """Of each step, and of all together, by itself."""
    return {
        name: Times(min(run[name].cpu for run in runs), min(run[name].wall for run in runs)) for name in runs[0]
    }


def row(name: str, situation: tuple[str, str], times: dict[str, Times]) -> list[str]:
    """A line of the report."""
    whole = times["all"]
    parts = [times.get(step, Times(0, 0)) for step in (KERNEL_STEP, INITRD_STEP)]
    rest = whole.cpu - sum(part.cpu for part in parts)
    cells = [f"{part.cpu:.3f}" if part.cpu >= 0.0005 else "" for part in parts]
    return [payload.description(name), SITUATIONS[situation], f"{whole.cpu:.3f}", *cells, f"{rest:.3f}", f"{whole.wall:.3f}"]


def measure(name: str, runs: int) -> list[list[str]]:
    """The lines of one initrd."""
    initrd = payload.initrd(name)
    rows = []
    with tempfile.TemporaryDirectory(prefix="saut-prepare-", dir=packages.cache_root()) as place:
        folder = Path(place) / "ready"
        folder.mkdir()
        once(initrd, "outage", folder, "make")
        for aim, use in SITUATIONS:
            # The first has the files read from the disk.
            found = [once(initrd, aim, folder, use) for _ in range(runs + 1)][1:]
            rows.append(row(name, (aim, use), least(found)))
    return rows


def processor() -> str:
    """What it calls itself."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("initrds", nargs="*", choices=[*payload.RECIPES, []], metavar="INITRD", help=", ".join(payload.RECIPES))
    parser.add_argument("--runs", type=int, default=9, help="of each case (9)")
    parser.add_argument("--write", action="store_true", help="also write bench/results/prepare.md")
    arguments = parser.parse_args()
    subprocess.run(["ninja", "-C", ROOT / "build/meson", PROGRAM.relative_to(ROOT / "build/meson")], check=True, stdout=sys.stderr)
    rows = [["initrd", "loaded", "CPU s", "kernel", "initrd", "the rest", "wall s"]]
    for name in arguments.initrds or payload.RECIPES:
        rows += measure(name, arguments.runs)
    commit = subprocess.run(
        ["git", "-C", ROOT, "log", "-1", "--format=%h of %cs", "--", "src"], capture_output=True, text=True, check=False
    ).stdout.strip()
    text = "\n".join(
        [
            "# What a load takes before the system call, natively",
            "",
            f"- Measured on {date.today().isoformat()}, Saut of commit {commit or 'unknown'}",
            f"- {processor()}, {os.cpu_count()} CPUs; Linux {KERNEL} ({packages.kernel_release(KERNEL)}) is loaded",
            f"- The least of {arguments.runs} runs, in seconds; files are in memory. The machine did other things beside, which",
            "  wall time has in it",
            "",
            markdown(rows),
        ]
    )
    print(text)
    if arguments.write:
        (RESULTS / "prepare.md").write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
