# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the next kernel's own start costs, and what words on its command line take off it.

    start.py [--kernel K] [--memory M] [WORDS...]
    start.py [--kernel K] [--memory M] --symbols N [WORDS...]

Each of WORDS, by default those of TRIES, is tried by jumps of its own in one machine, against jumps without any.
"!WORD" is one that the machines of the tests have, taken out.
--symbols counts by a plugin for QEMU (start-ticks.c) instead which of the kernel's functions take most.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import packages  # noqa: E402  (the line above makes it findable from any folder)
import rootfs  # noqa: E402
from machine import VM, Hardware, base_command_line  # noqa: E402
from measure import APPEND, PATIENCE, SETTLE, reboot_tick  # noqa: E402
from platforms import X86_64  # noqa: E402

REPOSITORY = Path(__file__).resolve().parents[1]
PLUGIN = REPOSITORY / "build" / "bench" / "start-ticks.so"

MILLION = 1_000_000

#: The least of so many counts: now and then a kernel finds something more to do.
RUNS = 2

#: What is tried where nothing else is said.
TRIES = (
    "cryptomgr.notests",
    "!no_timer_check",
    "lpj=4000000",
    "tsc_early_khz=1000000",
    "apicpmtimer",
    "nr_cpus=1",
    "numa=off",
    "audit=0",
    "apparmor=0",
    "nowatchdog",
    "rcupdate.rcu_expedited=1",
    "init_on_alloc=0",
    "nokaslr",
    "mitigations=off",
)

#: What functions are for, by their names; a function counts for the first that names it.
GROUPS = (
    ("ciphers' tests and certificates", r"vli_|mpi|ecc_|xycz_|ecdsa_|rsa_|sha\d|crypto_|chacha|aes|poly1305|alg_|test_|crc\w*_generic"),
    ("entropy from jitter", r"keccak|jent_"),
    ("the local APIC's timer", r"setup_boot_APIC_clock"),
    ("trace events and ftrace", r"trace_|ftrace|event_|update_event|find_syscall_meta|__trace|eventfs"),
    ("names of symbols, stack unwinding tables", r"kallsyms|get_symbol|orc_|__orc|unwind_|sort_r|do_swap|lookup_symbol|is_module_text"),
    ("BTF", r"btf_|__btf"),
    ("patching its code for the CPU", r"insn_|inat_|apply_|text_poke|__text_poke|alternative|static_call|__static_call|jump_label|optimize_nops|skip_nops|__x86_|cpu_wants"),
    ("memory map, page structures", r"memmap_|deferred_|e820|reserve_bootmem|__free_pages_core|__free_pages_ok|free_reserved|memblock|init_mem|phys_p|numa_|sparse_"),
    ("the initrd", r"shmem|unpack|do_name|do_copy|xwrite|populate_rootfs|generic_perform_write|copy_page_from_iter|find_cpio"),
    ("clearing and copying memory", r"clear_page|memset|memcpy|memmove|copy_page"),
    ("waiting and calibration", r"delay_|native_calibrate|calibrate_|timer_irq|hpet_"),
)


class Bench:
    """A machine whose clock counts instructions, and jumps in it from a kernel to itself."""

    def __init__(self, kernel: str, hardware: Hardware, append: str = "") -> None:
        tree = rootfs.full(rootfs.tool_under_test(), (kernel,))
        self.kernel = kernel
        self.vm = VM(kernel, hardware, tree, append=append, patience=PATIENCE)

    def __enter__(self) -> Bench:
        self.vm.boot()
        return self

    def __exit__(self, *_: object) -> None:
        self.vm.close()

    def jump(self, words: str = "") -> int:
        """Ticks from reboot(2) to the first instruction of the next kernel's /init; "!WORD" takes one out."""
        out = {word[1:] for word in words.split() if word.startswith("!")}
        base = [word for word in base_command_line(X86_64).split() if word not in out]
        self.vm.check(f"sleep {SETTLE}")
        self.vm.check("pack-initrd /run/next.cpio again")
        added = [word for word in words.split() if not word.startswith("!")]
        line = " ".join([*base, APPEND, *added])
        self.vm.check(
            f"{rootfs.TOOL} -l {rootfs.kernel_path(self.kernel)} --initrd=/run/next.cpio"
            f" --command-line='{line}'"
        )
        up = self.vm.execute("stamp reboot-kexec >/dev/console")
        return up.init_tsc - reboot_tick(self.vm)


def symbols(kernel: str) -> tuple[list[int], list[str]]:
    """The functions of @kernel where it is not moved, ascending; asked of it once."""
    kept = packages.cache_root() / f"symbols-{packages.kernel_release(kernel)}.gz"
    if not kept.exists():
        with VM(kernel, Hardware(), append="nokaslr", patience=PATIENCE) as vm:
            vm.boot()
            text = vm.check("grep -i ' [tw] ' /proc/kallsyms | gzip | base64")
        kept.write_bytes(base64.b64decode(text))
    found = {}
    for line in gzip.decompress(kept.read_bytes()).decode().splitlines():
        address, _, name = line.split()[:3]
        found.setdefault(int(address, 16), name)
    addresses = sorted(found)
    return addresses, [found[address] for address in addresses]


def profile(kernel: str, memory: str, words: str, out: Path) -> Counter[str]:
    """Ticks of each function in the start of a kernel that was jumped to."""
    addresses, names = symbols(kernel)
    start = addresses[names.index("start_kernel")]
    plugin = f"{PLUGIN},start={start:#x},out={out}"
    hardware = Hardware(memory=memory, icount=True, more=("-plugin", plugin))
    with Bench(kernel, hardware, "nokaslr") as bench:
        bench.jump(f"nokaslr {words}".strip())
    last = out.read_text().split("start\n")[-1]
    ticks: Counter[str] = Counter()
    for line in last.splitlines():
        address, count = line.split()
        if address == "elsewhere":
            ticks[address] += int(count)
        else:
            # A piece's address may lie before the function that begins in it.
            at = bisect_right(addresses, int(address, 16) + 15) - 1
            ticks[names[at]] += int(count)
    return ticks


def group(name: str) -> str:
    """What a function is for."""
    return next((title for title, names in GROUPS if re.match(names, name)), "all others")


def show_profile(ticks: Counter[str], count: int) -> None:
    """What the functions that take most are for, and these."""
    groups: Counter[str] = Counter()
    for name, found in ticks.items():
        groups[group(name)] += found
    print(f"{sum(ticks.values()) / MILLION:8.0f} from start_kernel to /init, Mticks")
    for title, found in groups.most_common():
        print(f"{found / MILLION:8.0f} {title}")
    for name, found in ticks.most_common(count):
        print(f"{found / MILLION:8.1f} {name}")


def show_tries(kernel: str, memory: str, tries: Sequence[str]) -> None:
    """A line for each: blackout, and what of it is gained against a jump without the words."""
    with Bench(kernel, Hardware(memory=memory, icount=True)) as bench:
        plain = min(bench.jump() for _ in range(2 * RUNS))
        print(f"| without | {plain / MILLION:.0f} | |", flush=True)
        for words in tries:
            found = min(bench.jump(words) for _ in range(RUNS))
            print(f"| `{words}` | {found / MILLION:.0f} | {(plain - found) / MILLION:+.0f} |", flush=True)
        again = min(bench.jump() for _ in range(RUNS))
        print(f"| without, again | {again / MILLION:.0f} | {(plain - again) / MILLION:+.0f} |")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", metavar="WORD", help="words of a command line, tried together where quoted")
    parser.add_argument("--kernel", default="6.12", help="as tests/vm/packages.py calls it (6.12)")
    parser.add_argument("--memory", default="1G", help="of the machine (1G)")
    parser.add_argument("--symbols", type=int, default=0, metavar="N", help="show the N dearest functions")
    arguments = parser.parse_args()
    if arguments.symbols:
        out = REPOSITORY / "build" / "bench" / f"ticks-{arguments.kernel}"
        words = " ".join(arguments.words)
        show_profile(profile(arguments.kernel, arguments.memory, words, out), arguments.symbols)
    else:
        show_tries(arguments.kernel, arguments.memory, arguments.words or TRIES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
