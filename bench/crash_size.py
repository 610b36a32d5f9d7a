#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The smallest crashkernel= with which a dump is taken, by our loader and by kexec-tools'.

    crash_size.py [--kernel K] [--from MIB] [--to MIB] [--step MIB] [--write]

Each size is tried in a machine of its own: it reserves the memory, a crash kernel is loaded with an initrd that has
all drivers of the kernel as Debian packs them, the machine panics, and makedumpfile reads the dead kernel's memory. Every
larger size is taken to be enough as well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import initramfs  # noqa: E402  (the line above makes it findable from any folder)
import packages  # noqa: E402
import rootfs  # noqa: E402
from machine import BASE_COMMAND_LINE, VM, GuestError, Hardware  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "crash-size.md"
MAKEDUMPFILE, INITRD = "/bin/makedumpfile", "/boot/initrd"
CRASH = f"{BASE_COMMAND_LINE} nr_cpus=1 reset_devices"

#: Seconds until a crash kernel that says nothing counts as one that does not work.
PATIENCE = 120

#: What Linux says of an initrd that was cut for want of memory, which starts all the same.
CUT = b"Initramfs unpacking failed"

#: Name -> its program in the guest, and how it is told to load by kexec_load.
LOADERS = {"Saut": rootfs.TOOL, "kexec-tools": rootfs.PEER}


@dataclass(frozen=True)
class Trial:
    """What came of one size."""

    works: bool
    said: str


def initrd(kernel: str) -> bytes:
    """The guest of the crash kernel."""
    tree = rootfs.core(boot=2, nonce="captured")
    tree |= {"etc/saut/agent": rootfs.GUEST / "agent"}
    tree |= rootfs.program(MAKEDUMPFILE, packages.makedumpfile())
    folder = packages.modules_folder(kernel)
    for path in folder.rglob("*.ko*"):
        tree[f"lib/modules/{folder.name}/{path.relative_to(folder)}"] = path
    plain = initramfs.to_bytes(tree)
    packed = subprocess.run(["zstd", "-q", "-9", "-c"], input=plain, check=True, capture_output=True)
    return packed.stdout


def attempt(vm: VM, loader: str, kernel: str) -> Trial:
    """Loads, panics, and reads the dump."""
    vm.boot()
    reply = vm.run(
        f"{LOADERS[loader]} -p -c {rootfs.kernel_path(kernel)} --initrd={INITRD} --command-line='{CRASH}'"
    )
    if reply.rc != 0:
        return Trial(False, f"is not loaded: {reply.stderr.strip().splitlines()[0]}")
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    vm.wait_up()
    if CUT in vm.console.received:
        return Trial(False, "the initrd does not fit when it is unpacked")
    reply = vm.run(f"{MAKEDUMPFILE} -F -c -d 31 /proc/vmcore >/dev/null")
    return Trial(reply.rc == 0, "captured" if reply.rc == 0 else f"makedumpfile ends with {reply.rc}")


def try_size(tree: initramfs.Tree, loader: str, kernel: str, size: int) -> Trial:
    """One machine."""
    with VM(kernel, Hardware(), tree, append=f"crashkernel={size}M", patience=PATIENCE) as vm:
        try:
            trial = attempt(vm, loader, kernel)
        except GuestError as end:
            panics = [line for line in vm.console.tail().splitlines() if "not syncing" in line]
            trial = Trial(False, panics[-1].split("] ")[-1] if panics else str(end).splitlines()[0])
    print(f"{loader}, {size} MiB: {trial.said}", file=sys.stderr, flush=True)
    return trial


def smallest(tree: initramfs.Tree, loader: str, arguments: argparse.Namespace) -> tuple[int, str]:
    """The smallest size that works, and what was said at the largest that does not."""
    sizes = range(arguments.first, arguments.last + 1, arguments.step)
    low, high, said = -1, len(sizes), ""
    while high - low > 1:
        middle = (low + high) // 2
        trial = try_size(tree, loader, arguments.kernel, sizes[middle])
        low, high = (low, middle) if trial.works else (middle, high)
        said = said if trial.works else trial.said
    return (sizes[high] if high < len(sizes) else 0), said


def table(found: dict[str, tuple[int, str]], kernel: str, initrd_size: int) -> str:
    """What came of it, in Markdown."""
    rows = [
        f"| {loader} | {f'{size} MiB' if size else 'none of them'} | {said} |"
        for loader, (size, said) in found.items()
    ]
    return "\n".join(
        [
            f"Linux {packages.kernel_release(kernel)}, x86-64 with 1 GiB and one CPU, an initrd of"
            f" {initrd_size / 1e6:.1f} MB with all of its drivers, by kexec_load (`bench/crash_size.py`).",
            "",
            "| loader | smallest crashkernel= | with one step less |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def main() -> int:
    """Tries, prints, and fails where ours needs more."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernel", default="6.12")
    parser.add_argument("--from", type=int, default=64, dest="first", metavar="MIB")
    parser.add_argument("--to", type=int, default=256, dest="last", metavar="MIB")
    parser.add_argument("--step", type=int, default=8, metavar="MIB")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name} as well")
    arguments = parser.parse_args()
    packed = initrd(arguments.kernel)
    tree = rootfs.full(rootfs.tool_under_test(), (arguments.kernel,)) | {INITRD.lstrip("/"): packed}
    tree |= rootfs.program(rootfs.PEER, packages.kexec_tools())
    found = {loader: smallest(tree, loader, arguments) for loader in LOADERS}
    text = table(found, arguments.kernel, len(packed))
    print(text)
    if arguments.write:
        RESULTS.write_text(f"# The smallest memory for a crash kernel\n\n{text}")
    ours, theirs = (size or sys.maxsize for size, _ in found.values())
    return int(ours > theirs)


if __name__ == "__main__":
    sys.exit(main())
