# SPDX-License-Identifier: LGPL-2.1-or-later
"""Load time, blackout and memory of kexec loaders, side by side.

    bench.py [-j JOBS] [ROW...]

Each row is one jump in a machine of its own; without names all rows are run.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import packages  # noqa: E402  (the line above makes it findable from any folder)
import rootfs  # noqa: E402
from machine import GuestError  # noqa: E402
from measure import HARDWARE, KERNEL, Loader, Measurement, initrd_size, measure  # noqa: E402
from table import phases, table  # noqa: E402

#: Name -> whose kexec, and how it is called.
ROWS = {
    "tools-c": ("tools", "-c"),
    "tools-c-i": ("tools", "-c -i"),
    "tools-s": ("tools", "-s"),
    "ours-c": ("ours", "-c"),
    "ours-c-i": ("ours", "-c -i"),
    "ours-s": ("ours", "-s"),
}


def loader(name: str) -> Loader:
    """The loader of a row."""
    whose, options = ROWS[name]
    binary = rootfs.tool_under_test() if whose == "ours" else packages.kexec_tools()
    return Loader(name, binary, options)


def heading() -> str:
    """What was measured, so that the table can be read later and elsewhere."""
    return (
        f"{packages.kernel_release(KERNEL)} to itself, initrd {initrd_size() / 1e6:.1f} MB, "
        f"{HARDWARE.machine}, {HARDWARE.memory} of memory; one tick is one instruction.\n"
        f"tools: kexec-tools {packages.package_version('kexec-tools')}; "
        "percentages of tools-c."
    )


def run(names: list[str], jobs: int) -> dict[str, Measurement | GuestError]:
    """Measures the rows, so many at a time: the figures count instructions, not seconds."""

    def one(name: str) -> Measurement | GuestError:
        try:
            result: Measurement | GuestError = measure(loader(name))
        except GuestError as error:
            result = error
        print(f"{name}: {'failed' if isinstance(result, GuestError) else 'done'}", file=sys.stderr)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        return dict(zip(names, pool.map(one, names)))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="machines at a time (2)")
    arguments = parser.parse_args()
    unknown = set(arguments.rows) - set(ROWS)
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    names = arguments.rows or list(ROWS)
    if any(not loader(name).binary.is_file() for name in names):
        parser.error(f"{rootfs.tool_under_test()} is not built")

    # Before the threads: each would fetch and compile the same.
    rootfs.stamp()
    packages.root()
    outcomes = run(names, arguments.jobs)
    results = {name: out for name, out in outcomes.items() if isinstance(out, Measurement)}

    print(heading(), table(results), sep="\n\n")
    for name, result in results.items():
        if result.phases:
            print("", phases(name, result.phases), sep="\n")
    for name, outcome in outcomes.items():
        if isinstance(outcome, GuestError):
            print(f"\n{name} failed: {outcome}")
    return 0 if len(results) == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
