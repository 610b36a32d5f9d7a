# SPDX-License-Identifier: LGPL-2.1-or-later
"""kexec-tools' kexec and ours side by side: the same command lines, from the same state.

What callers depend on is the exit code and what is loaded afterwards.  Where ours means to do
otherwise, command_lines.py says why, and the test that it really does.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import NamedTuple

import hostile
import initramfs
import packages
import pytest
import rootfs
from chain import Chain
from command_lines import COMMAND_LINES, FIFO, FOLDER, CommandLine
from conftest import StartVM
from machine import BASE_COMMAND_LINE, Hardware, VM

pytestmark = pytest.mark.usefixtures("ours")

KERNEL = "6.12"
RESERVED = "64M"
AT_ONCE = 40


class Outcome(NamedTuple):
    """What a command line left behind."""

    code: int
    loaded: str
    crash_loaded: str
    said: str

    @property
    def effect(self) -> tuple[bool, str, str]:
        """What every caller sees."""
        return self.code == 0, self.loaded, self.crash_loaded


Outcomes = dict[CommandLine, tuple[Outcome, Outcome]]


def files() -> dict[str, initramfs.Content]:
    """What the command lines name."""
    kernel = hostile.hollow_kernel()
    return {
        "kernel": kernel,
        "kernel.gz": gzip.compress(kernel, mtime=0),
        "initrd": initramfs.to_bytes({"a": b"1"}),
        "other-initrd": initramfs.to_bytes({"b": b"2"}),
        "empty": b"",
        "text": b"this is no kernel\n" * 1000,
        "cut": kernel[:1000],
    }


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with both tools, and a shutdown(8) that shuts nothing down."""
    tree = rootfs.full(rootfs.tool_under_test(), ())
    tree |= rootfs.program(rootfs.PEER, packages.kexec_tools())
    tree |= {f"{FOLDER}/{name}".lstrip("/"): content for name, content in files().items()}
    tree["bin/differential"] = rootfs.GUEST / "differential"
    tree["sbin/shutdown"] = b"#!/bin/busybox sh\n"
    tree |= {f"etc/lines/{name}": text for name, text in batches()}
    machine = start_vm(
        KERNEL, hardware=Hardware(memory="512M"), tree=tree, append=f"crashkernel={RESERVED}"
    )
    machine.boot()
    machine.check(f"mkfifo {FIFO}; sleep 100000 0<>{FIFO} >/dev/null 2>&1 &")
    return machine


def ordered() -> list[CommandLine]:
    """Reserved memory can be given back, but not taken: those that need it come first."""
    return sorted(COMMAND_LINES, key=lambda line: not line.reserved)


def batches() -> Iterable[tuple[str, bytes]]:
    """The command lines in files of a size that does not try the harness' patience."""
    lines = ordered()
    with_memory = sum(line.reserved for line in lines)
    starts = [*range(0, with_memory, AT_ONCE), *range(with_memory, len(lines), AT_ONCE)]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        kind = "reserved" if lines[start].reserved else "unreserved"
        text = "".join(f"{line.before}{line.without} {line.words}\n" for line in lines[start:end])
        yield f"{start:04}-{kind}", text.encode()


def run(vm: VM, tool: str, batch: str) -> list[Outcome]:
    """All command lines of a batch by one tool."""
    done = []
    for line in vm.check(f"differential {tool} /etc/lines/{batch}").splitlines():
        code, loaded, crash_loaded, said = line.split(" ", 3)
        done.append(Outcome(int(code), loaded, crash_loaded, said))
    return done


@pytest.fixture(scope="module")
def outcomes(vm: VM) -> Outcomes:
    """Everything, by both."""
    theirs: list[Outcome] = []
    ours: list[Outcome] = []
    for batch, _ in batches():
        if batch.endswith("-unreserved"):
            vm.check(f"{rootfs.TOOL} -p -u; echo 0 >/sys/kernel/kexec_crash_size")
        theirs += run(vm, rootfs.PEER, batch)
        ours += run(vm, rootfs.TOOL, batch)
    return dict(zip(ordered(), zip(theirs, ours, strict=True), strict=True))


def test_there_are_many() -> None:
    """The table has not shrunk, and no line is there twice."""
    assert len(COMMAND_LINES) > 150
    assert len({line.name for line in COMMAND_LINES}) == len(COMMAND_LINES)


@pytest.mark.parametrize("line", COMMAND_LINES, ids=lambda line: line.name)
def test_same(outcomes: Outcomes, line: CommandLine) -> None:
    """The same result, the same exit code, the same effect; or otherwise, as the table says."""
    theirs, ours = outcomes[line]
    if line.differs:
        assert theirs.effect != ours.effect, f"no longer: {line.differs}"
        return
    assert theirs.effect == ours.effect, f"kexec-tools: {theirs}\nours: {ours}"
    if line.code:
        assert theirs.code != ours.code, f"no longer: {line.code}"
    else:
        assert theirs.code == ours.code, f"kexec-tools: {theirs}\nours: {ours}"


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with both tools that jumps."""
    tree = rootfs.full(rootfs.tool_under_test(), (KERNEL,))
    tree |= rootfs.program(rootfs.PEER, packages.kexec_tools())
    return Chain(start_vm(KERNEL, tree=tree))


@pytest.mark.parametrize(
    ("loader", "jumper"),
    [
        pytest.param(rootfs.TOOL, rootfs.PEER, id="ours-theirs"),
        pytest.param(rootfs.PEER, rootfs.TOOL, id="theirs-ours"),
    ],
)
def test_one_loads_the_other_jumps(chain: Chain, loader: str, jumper: str) -> None:
    """What is loaded is the running kernel's: either tool jumps into it."""
    before, vm = chain.running(), chain.vm
    kernel = rootfs.kernel_path(KERNEL)

    def load() -> None:
        vm.check("pack-initrd /run/next.cpio next")
        vm.check(f"{loader} -l {kernel} --initrd=/run/next.cpio --append='{BASE_COMMAND_LINE}'")

    up = chain.jump_by(load, f"{jumper} -e")
    assert (up.boot, up.cmdline) == (before.boot + 1, BASE_COMMAND_LINE)


@pytest.mark.full
@pytest.mark.parametrize("program", [rootfs.TOOL, rootfs.PEER], ids=["ours", "theirs"])
@pytest.mark.parametrize("form", ["-f", "-f -x -y", "-f -s"])
def test_jump_at_once(chain: Chain, program: str, form: str) -> None:
    """-f loads and jumps with either."""
    before, vm = chain.running(), chain.vm
    up = chain.jump_by(
        lambda: vm.check("pack-initrd /run/next.cpio next"),
        f"{program} {form} {rootfs.kernel_path(KERNEL)} --initrd=/run/next.cpio "
        f"--append='{BASE_COMMAND_LINE}'",
    )
    assert (up.boot, up.cmdline) == (before.boot + 1, BASE_COMMAND_LINE)
