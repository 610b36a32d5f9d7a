# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels that are entered without their decompressor: unpacked and moved by the loader.

That one was shows by where it runs: the loader says the address and the move that it chose,
and the kernel that runs then must have been given these, not some of its own choice.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import secrets
import subprocess
from dataclasses import dataclass

import packages
import pytest
import rootfs
import sid
import vmlinux
from chain import Chain, Jump, assert_arrived
from conftest import StartVM
from machine import VM, Hardware, default_tree

pytestmark = pytest.mark.usefixtures("ours")

#: Where Debian's kernels are linked: physical, and in virtual memory.
LINK, LINK_TEXT = 0x1000000, 0xFFFFFFFF81000000
GIB = 1 << 30

#: What --debug says of a direct entry, and of the kernel's first segment.
DIRECT = re.compile(r"^direct: .* moved by (0x[0-9a-f]+|0) in virtual memory( \(KASLR\))?$", re.M)
SEGMENT = re.compile(r"^ *(0x[0-9a-f]+)-0x[0-9a-f]+ .* kernel ", re.M)
WHY_NOT = "the kernel unpacks itself on the way"


@dataclass(frozen=True)
class Place:
    """Where a kernel lies: physical, and its first instruction's virtual address."""

    physical: int
    text: int


def jump(chain: Chain, link: Jump) -> tuple[Place, Place]:
    """Jumps directly; returns where the loader wanted the kernel, and where it says it is."""
    before = chain.running()
    said = load(chain, link)
    nonce = said.nonce
    up = chain.jump_by(lambda: None)
    assert_arrived(up, link, nonce, before.boot + 1)
    move = DIRECT.search(said.text)
    assert move, f"no direct entry:\n{said.text}"
    segment = SEGMENT.search(said.text)
    assert segment
    return Place(int(segment[1], 16), LINK_TEXT + int(move[1], 16)), running_place(chain.vm)


@dataclass(frozen=True)
class Said:
    """What the loader said, and the nonce of the initrd that it loaded."""

    text: str
    nonce: str


def load(chain: Chain, link: Jump) -> Said:
    """Loads without jumping."""
    chain.running()
    nonce = secrets.token_hex(8)
    chain.vm.check(f"pack-initrd /run/next.cpio {nonce}")
    options = f"-c -d {link.options}"
    kernel = link.file or link.target
    reply = chain.vm.load_files(options, kernel, ["/run/next.cpio"], link.append)
    return Said(reply.stderr, nonce)


def jump_indirectly(chain: Chain, link: Jump) -> str:
    """Jumps by way of the decompressor; returns what the loader said."""
    before = chain.running()
    said = load(chain, link)
    up = chain.jump_by(lambda: None)
    assert_arrived(up, link, said.nonce, before.boot + 1)
    assert not DIRECT.search(said.text)
    return said.text


def running_place(vm: VM) -> Place:
    """Where the running kernel is, by its own account."""
    code = vm.check("grep 'Kernel code' /proc/iomem")
    text = vm.check("grep ' T _text$' /proc/kallsyms")
    return Place(int(code.split("-")[0], 16), int(text.split()[0], 16))


# --- every pair of kernels, and the address ---

#: The first of them are enough to see that it works.
WALK, QUICK_STEPS = ["6.12", "6.1", "6.1", "6.12", "6.12"], 2


def step(number: int) -> object:
    """One of that walk."""
    return pytest.param(number, marks=() if number < QUICK_STEPS else pytest.mark.full, id=f"{number}-to-{WALK[number]}")


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """The machine of most tests."""
    return Chain(start_vm("6.1", tree=default_tree() | spoiled_kernels()))


@pytest.mark.parametrize("number", map(step, range(len(WALK))))
def test_direct(chain: Chain, number: int) -> None:
    """The kernel runs where the loader put it, at an address that is not the linked one."""
    wanted, found = jump(chain, Jump(WALK[number], append=f"walk={number}"))
    assert found == wanted
    assert found.text != LINK_TEXT
    assert found.physical % (2 << 20) == 0


def test_nokaslr(chain: Chain) -> None:
    """A kernel that shall not be moved is not: neither in physical nor in virtual memory."""
    wanted, found = jump(chain, Jump("6.12", append="nokaslr"))
    assert found == wanted == Place(LINK, LINK_TEXT)


def test_off(chain: Chain) -> None:
    """--direct=off: the kernel unpacks itself, and nobody makes words about it."""
    assert WHY_NOT not in jump_indirectly(chain, Jump("6.12", "--direct=off", "walk=off"))


@pytest.mark.parametrize(
    "word", ["no5lvl", *(pytest.param(word, marks=pytest.mark.full) for word in ("memmap=4K$0x30000000", "hugepagesz=1G"))]
)
def test_obstacles(chain: Chain, word: str) -> None:
    """What only the decompressor knows how to do is left to it."""
    said = jump_indirectly(chain, Jump("6.12", append=word))
    assert WHY_NOT in said


def test_damaged_relocations(chain: Chain) -> None:
    """A table that is not understood moves nothing: the kernel does it itself, as ever."""
    said = jump_indirectly(chain, Jump("6.1", append="walk=damaged", file=DAMAGED))
    assert f"{WHY_NOT}, which takes longer: 64-bit relocation" in said


@pytest.mark.full
def test_twenty_jumps(chain: Chain) -> None:
    """Each to another place in virtual memory, up to the chance that two meet."""
    places = []
    for step in range(20):
        wanted, found = jump(chain, Jump(("6.12", "6.1")[step % 2], append=f"twenty={step}"))
        assert found == wanted
        places.append(found)
    assert len({place.text for place in places}) >= 15
    assert len({place.physical for place in places}) >= 15


# --- kernels packed otherwise: only a direct entry can start them ---


def by_program(*command: str) -> vmlinux.Packer:
    """A compressor that is a program."""

    def pack(data: bytes) -> bytes:
        return subprocess.run(command, input=data, check=True, capture_output=True).stdout

    return pack


#: Name -> how it is made, and whether the format has the size word of itself.
PACKED: dict[str, tuple[vmlinux.Packer, bool]] = {
    "gzip": (lambda data: gzip.compress(data, 1), True),
    "bzip2": (lambda data: bz2.compress(data, 1), False),
    "xz": (lambda data: lzma.compress(data, preset=0, check=lzma.CHECK_CRC32), False),
    "lzma": (lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE, preset=0), False),
    "lz4": (by_program("lz4", "-q", "-l", "-1", "-c"), False),
    "zstd": (by_program("zstd", "-q", "-1", "-c"), False),
}
QUICK = ("gzip",)
DAMAGED = "/boot/out-of-order"


def spoiled_kernels() -> dict[str, bytes]:
    """Those of this file's machine; made once."""
    return {DAMAGED.lstrip("/"): vmlinux.out_of_order("6.1", by_program(*BEST_LZ4))}


BEST_LZ4 = ("lz4", "-q", "-l", "-12", "-c")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.full) for name in PACKED],
)
def test_packed(start_vm: StartVM, name: str) -> None:
    """A payload of each format; its kernel's own decompressor would not know it."""
    packer, has_size = PACKED[name]
    file = f"/boot/{name}"
    tree = default_tree() | {file.lstrip("/"): vmlinux.repacked("6.12", packer, has_size)}
    chain = Chain(start_vm("6.12", tree=tree))
    wanted, found = jump(chain, Jump("6.12", append=f"packed={name}", file=file))
    assert found == wanted


# --- newer kernels ---


@pytest.mark.full
def test_two_groups(start_vm: StartVM) -> None:
    """From Linux 6.15 on, nothing shrinks when the kernel moves: a group of relocations less."""
    try:
        packages.kernel("7.2")
    except sid.Unreachable as reason:
        pytest.skip(str(reason))
    tree = rootfs.full(rootfs.tool_under_test(), ("6.12", "7.2"))
    chain = Chain(start_vm("6.12", tree=tree))
    for target in ("7.2", "7.2", "6.12"):
        wanted, found = jump(chain, Jump(target, append="walk=new"))
        assert found == wanted
        assert found.text != LINK_TEXT


# --- other machines ---

MACHINES: dict[str, tuple[Hardware, str]] = {
    "four-cpus": (Hardware(cpus=4), ""),
    "uefi-5g": (Hardware(memory="5G", uefi=True), ""),
    "4-level-cpu": (Hardware(cpu="max,la57=off"), ""),
    "4-level-kernel": (Hardware(cpu="max,la57=on"), "no5lvl"),
    "old-chipset": (Hardware(machine="pc"), ""),
}
QUICK_MACHINES = ("uefi-5g",)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK_MACHINES else pytest.mark.full)
        for name in MACHINES
    ],
)
def test_machine(start_vm: StartVM, name: str) -> None:
    """Twice in a row: the second time from a kernel that was entered directly."""
    hardware, append = MACHINES[name]
    chain = Chain(start_vm("6.1", hardware, append=append))
    for target in ("6.12", "6.1"):
        wanted, found = jump(chain, Jump(target, append=f"on={name}"))
        assert found == wanted
    assert chain.vm.check("grep -c ^processor /proc/cpuinfo") == f"{hardware.cpus}\n"
    assert ("la57" in chain.vm.check("cat /proc/cpuinfo")) == (name not in FOUR_LEVELS)


FOUR_LEVELS = ("4-level-cpu", "4-level-kernel")


@pytest.mark.full
def test_above_four_gib(start_vm: StartVM) -> None:
    """Nothing of the early code needs the first 4 GiB."""
    chain = Chain(start_vm("6.12", Hardware(memory="6G")))
    for target in ("6.1", "6.12"):
        wanted, found = jump(chain, Jump(target, "--mem-min=0x100000000", "walk=high"))
        assert found == wanted
        assert found.physical >= 4 * GIB


def test_short_of_memory(start_vm: StartVM) -> None:
    """Where the unpacked kernel would take most of what is left, it is not unpacked."""
    chain = Chain(start_vm("6.1", Hardware(memory="288M")))
    said = jump_indirectly(chain, Jump("6.1", append="walk=small"))
    assert f"{WHY_NOT}, which takes longer: to unpack it in advance takes up to" in said
