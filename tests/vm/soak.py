# SPDX-License-Identifier: LGPL-2.1-or-later
"""`make soak JUMPS=N`: a machine that jumps, and jumps, and is the same after each jump as after the first.

Which kernel is next, by which system call and in which form its initrd is, comes from a seed that is printed; so does
how much memory a machine has, of which there are several, one after the other.  What is compared: the memory that the
kernel has, what is reserved in it, the map of it, what was handed over beside it, and the time.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import lzma
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import data_disk
import initramfs
import packages
import rootfs
import sid
from chain import EXECUTE, Chain
from machine import VM, GuestError, Hardware, Up

DISK = "/disk"
#: The one disk whose driver is a part of all kernels.
MOUNT = f"mkdir -p {DISK} && until [ -b /dev/nvme0n1p1 ]; do sleep 0.1; done; mount -o ro /dev/nvme0n1p1 {DISK}"
DISK_MIB = 96
#: Tests of ciphers are a third of these kernels' start.
QUICK = "cryptomgr.notests"

MEMORY = ("512M", "768M", "1G", "2G", "3G", "5G")
CALLS = (
    *("-a", "-c", "-c --no-checks", "-c --direct=off", "-c --entry-32bit", "-c --check=sha256", "-c --tune"),
    *("-c --initrd-recompress=raw", "-c --initrd-recompress=lz4", "-c --shorten=outage", "-s", "-s"),
)


def _by_program(*words: str) -> Callable[[bytes], bytes]:
    return lambda data: subprocess.run(words, input=data, capture_output=True, check=True).stdout


#: How an initrd is packed: all that these kernels unpack, as they want it.
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "cpio": lambda data: data,
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32),
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "lz4": _by_program("lz4", "-q", "-c", "-l"),
    "zstd": _by_program("zstd", "-q", "-c"),
}
#: What many an initrd has in front: microcode, which no CPU here takes.
EARLY = {"kernel/x86/microcode/GenuineIntel.bin": b"no microcode at all" * 100}

#: A machine makes so many jumps at most; there are at least as many machines as this.
JUMPS_OF_A_MACHINE, MACHINES = 250, 2

#: The clock is read in whole seconds, and the answer of a busy machine takes its time.
SECONDS = 6
#: The kernel rounds a little here and there, by where it lies.
MEMORY_KIB = 256


@dataclass(frozen=True)
class Link:
    """One jump."""

    kernel: str
    call: str
    form: str
    is_early: bool
    is_at_once: bool

    def __str__(self) -> str:
        words = [f"Linux {self.kernel}", self.call, self.form]
        return ", ".join(words + ["microcode in front"] * self.is_early + ["-f"] * self.is_at_once)

    @property
    def command(self) -> str:
        """The words of kexec that load it."""
        early = f" --initrd={DISK}/early" if self.is_early else ""
        return f"{self.call}{early} --initrd={DISK}/initrd.{self.form} --initrd=/run/identity"


@dataclass(frozen=True)
class Facts:
    """What must not change, as a guest tells it."""

    memory_kib: int
    iomem: tuple[str, ...]
    map: tuple[str, ...]
    pieces: int  #: of the map, which kexec_file_load of the running kernel cuts where setup_data was
    setup_data: tuple[str, ...]
    clock_is_ahead: float


def kernels() -> tuple[str, ...]:
    """The set: Debian's, and that of its unstable suite where it can be had."""
    try:
        packages.kernel("7.2")
    except sid.Unreachable:
        return tuple(packages.KERNELS)
    return (*packages.KERNELS, "7.2")


def draw(dice: random.Random, known: tuple[str, ...]) -> Link:
    """A jump."""
    return Link(
        dice.choice(known), dice.choice(CALLS), dice.choice(list(FORMS)), dice.random() < 0.3, dice.random() < 0.2
    )


def write_disk(target: Path, known: tuple[str, ...]) -> Path:
    """A disk with the kernels, and the one initrd in each of its forms."""
    guest = rootfs.full(rootfs.tool_under_test(), ()) | {"bin/soak-facts": rootfs.GUEST / "soak-facts"}
    archive = initramfs.to_bytes({name: content for name, content in guest.items() if name not in rootfs.identity(0, "")})
    tree: dict[str, initramfs.Content] = {f"vmlinuz-{version}": packages.kernel(version) for version in known}
    tree |= {f"initrd.{form}": pack(archive) for form, pack in FORMS.items()}
    tree["early"] = initramfs.to_bytes(EARLY)
    return data_disk.write(target, [data_disk.Partition(data_disk.LINUX, tree, DISK_MIB)])


def read(vm: VM) -> Facts:
    """What this boot has."""
    text = vm.check("soak-facts")
    now = time.time()
    sections = {part.split("\n", 1)[0]: part.split("\n")[1:] for part in text.split("== ")[1:]}
    sections = {name: [line for line in lines if line] for name, lines in sections.items()}
    return Facts(
        int(re.findall(r"\d+", sections["memory"][0])[0]),
        tuple(merged(sections["iomem"])),
        tuple(merged(sorted(map(as_iomem, sections["map"])))),
        len(sections["map"]),
        tuple(sorted(sections["setup-data"])),
        int(sections["time"][0]) - now,
    )


def as_iomem(line: str) -> str:
    """A line of the map in the form of /proc/iomem, so that it can be sorted."""
    start, end, name = line.split(" ", 2)
    return f"{int(start, 16):012x}-{int(end, 16):012x} : {name}"


def merged(lines: list[str]) -> list[str]:
    """The lines of /proc/iomem without where the kernel is, and with neighbours of a kind as one."""
    found: list[tuple[int, int, str]] = []
    for line in lines:
        match = re.fullmatch(r"( *)(\w+)-(\w+) : (.*)", line)
        assert match, line
        start, end, name = int(match[2], 16), int(match[3], 16), match[1] + match[4]
        if match[4].startswith("Kernel "):
            continue
        # What is inside of a line follows it, further to the right.
        last = next((i for i in reversed(range(len(found))) if indent(found[i][2]) <= len(match[1])), -1)
        if last >= 0 and found[last][1] + 1 == start and found[last][2] == name:
            found[last] = (found[last][0], end, name)
        else:
            found.append((start, end, name))
    return [f"{start:012x}-{end:012x} : {name}" for start, end, name in found]


def named(lines: tuple[str, ...]) -> tuple[str, ...]:
    """@lines where the running kernel has told of setup_data by a type that the next one has no name for."""
    return tuple(merged([line.replace(": Unknown E820 type", ": System RAM") for line in lines]))


def indent(name: str) -> int:
    """How far it is to the right."""
    return len(name) - len(name.lstrip())


class Seen:
    """What was first seen of each kind on a machine."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
        self._numbers: dict[tuple[str, ...], tuple[str, float]] = {}

    def compare(self, name: str, up: Up, facts: Facts, call: str) -> None:
        """With what was first seen under the same kernel; @call is the one that has led here."""
        by_kernel = bool(call) and not call.startswith("-c")
        self._same(name, ("what is reserved", up.uname), named(facts.iomem) if by_kernel else facts.iomem)
        self._same(name, ("the map of memory",), named(facts.map) if by_kernel else facts.map)
        if not by_kernel:
            self._near(name, ("the number of its pieces",), facts.pieces, 0)
        if call:
            self._same(name, ("what is handed over", up.uname, call[:2]), facts.setup_data)
        self._near(name, ("MemTotal in KiB", up.uname), facts.memory_kib, MEMORY_KIB)
        self._near(name, ("the clock in seconds",), facts.clock_is_ahead, SECONDS)

    def _same(self, name: str, key: tuple[str, ...], lines: tuple[str, ...]) -> None:
        where, seen = self._lines.setdefault(key, (name, lines))
        gone = [f"- {line}" for line in seen if line not in lines]
        come = [f"+ {line}" for line in lines if line not in seen]
        assert seen == lines, "\n".join([f"{key[0]} is not what it was at {where}:", *gone, *come])

    def _near(self, name: str, key: tuple[str, ...], number: float, most: float) -> None:
        where, seen = self._numbers.setdefault(key, (name, number))
        assert abs(number - seen) <= most, f"{key[0]} differs by {number - seen:+.0f} from what it was at {where}"


class Soak:
    """Machines that jump."""

    def __init__(self, seed: str, say: Callable[[str], None]) -> None:
        self.seed = seed
        self.say = say
        self.jumps = 0
        self.longest = 0

    def run(self, jumps: int, deadline: float) -> None:
        """So many jumps, or as many as there is time for."""
        known = kernels()
        each = min(JUMPS_OF_A_MACHINE, -(-jumps // MACHINES))
        with tempfile.TemporaryDirectory(prefix="saut-soak-") as folder:
            disk = write_disk(Path(folder) / "disk", known)
            machine = 0
            while self.jumps < jumps and time.monotonic() < deadline:
                dice = random.Random(f"{self.seed}/{machine}")
                self._machine(disk, dice, known, (min(each, jumps - self.jumps), deadline))
                machine += 1

    def _machine(self, disk: Path, dice: random.Random, known: tuple[str, ...], until: tuple[int, float]) -> None:
        """One machine, from its power-on."""
        seen = Seen()
        memory, first = dice.choice(MEMORY), dice.choice(list(packages.KERNELS))
        drive = ("-drive", f"if=none,id=soak,format=raw,readonly=on,file={disk}", "-device", "nvme,serial=soak,drive=soak")
        self.say(f"a machine with {memory}, and Linux {first}")
        tree = rootfs.full(rootfs.tool_under_test(), ()) | {"bin/soak-facts": rootfs.GUEST / "soak-facts"}
        with VM(first, Hardware(memory=memory, more=drive), tree, QUICK) as vm:
            chain = Chain(vm)
            seen.compare("power-on", chain.running(), read(vm), "")
            for number in range(1, until[0] + 1):
                link = draw(dice, known)
                started = time.monotonic()
                name = f"jump {number}"
                try:
                    up, facts = self._jump(chain, link)
                    seen.compare(name, up, facts, link.call)
                except (AssertionError, GuestError) as reason:
                    raise AssertionError(f"{name} of a machine with {memory} (seed {self.seed}): {link}: {reason}") from None
                self.jumps += 1
                self.longest = max(self.longest, number)
                self.say(f"{self.jumps}: {name}, {link}: {facts.memory_kib} KiB, {time.monotonic() - started:.1f} s")
                if time.monotonic() >= until[1]:
                    return

    @staticmethod
    def _jump(chain: Chain, link: Link) -> tuple[Up, Facts]:
        vm = chain.vm
        before = chain.running()
        nonce = f"{random.getrandbits(64):016x}"
        kernel = f"{DISK}/vmlinuz-{link.kernel}"
        line = f"--command-line='{vm.base_command_line} {QUICK} soak={nonce}'"

        def load() -> None:
            vm.check(
                f"{MOUNT} && mkdir -p /run/over/etc/saut && cd /run/over && echo {before.boot + 1} >etc/saut/boot && "
                f"echo {nonce} >etc/saut/nonce && find . | cpio -o -H newc >/run/identity 2>/dev/null"
            )
            if not link.is_at_once:
                vm.check(f"{rootfs.TOOL} -l {kernel} {link.command} {line}")

        now = f"{rootfs.TOOL} -f {kernel} {link.command} {line}" if link.is_at_once else EXECUTE
        up = chain.jump_by(load, now)
        assert (up.uname, up.nonce, up.boot) == (packages.kernel_release(link.kernel), nonce, before.boot + 1), up
        assert f"soak={nonce}" in up.cmdline
        return up, read(vm)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--jumps", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=1e6, help="stop before, after so long")
    parser.add_argument("--seed", default=f"{random.getrandbits(32):08x}", help="what decides; by default another one each time")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    soak = Soak(arguments.seed, lambda text: print(text, flush=True))
    try:
        soak.run(arguments.jumps, time.monotonic() + arguments.minutes * 60)
    except AssertionError as reason:
        print(reason)
    else:
        print(f"{soak.jumps} jumps with seed {soak.seed}, {soak.longest} of them in a row; nothing differed")
        return 0
    print(f"{soak.jumps} jumps with seed {soak.seed} before that")
    return 1


if __name__ == "__main__":
    sys.exit(main())
