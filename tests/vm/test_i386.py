# SPDX-License-Identifier: LGPL-2.1-or-later
"""i386: the 32-bit kernels with and without PAE, and a 32-bit kexec under the 64-bit kernel."""

from __future__ import annotations

import cpus
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware
from platforms import I386

PLAIN, PAE, WIDE = "6.1-686", "6.1-686-pae", "6.1"

WALK = [(PLAIN, Jump(PAE, "-c", "walk=1")), (PAE, Jump(PLAIN, "-c", "walk=2"))]


@pytest.fixture(scope="module")
def narrow(start_vm: StartVM) -> Chain:
    """A 32-bit CPU's kernels."""
    return cpus.chain(start_vm, (PLAIN, PAE), Hardware(platform=I386))


@pytest.fixture(scope="module")
def wide(start_vm: StartVM) -> Chain:
    """The 64-bit kernel with the 32-bit command."""
    tree = {**rootfs.full(rootfs.tool_under_test(), (WIDE,))}
    tree |= rootfs.program(rootfs.TOOL, rootfs.tool_under_test(I386), I386)
    return Chain(start_vm(WIDE, Hardware(), tree))


@pytest.mark.parametrize(("source", "link"), WALK, ids=[f"{a}-{b.target}" for a, b in WALK])
def test_jump(narrow: Chain, source: str, link: Jump) -> None:
    """From either kernel to the other one."""
    cpus.require(narrow, source)
    cpus.jump(narrow, link)


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_narrow_command(wide: Chain, step: int) -> None:
    """The kernel's 32-bit system call plans the jump of a 64-bit machine."""
    wide.jump(Jump(WIDE, "-c", f"step={step}"))


@pytest.mark.full
@pytest.mark.parametrize("options", ["-s", "-a"])
def test_narrow_command_by_file(wide: Chain, options: str) -> None:
    """kexec_file_load has no 32-bit entry on x86: -s says so, -a takes the other call."""
    if options == "-a":
        wide.jump(Jump(WIDE, options, "by=a"))
        return
    wide.running()
    reply = wide.vm.run(f"{rootfs.TOOL} -s -l {rootfs.kernel_path(WIDE)}")
    assert reply.rc != 0 and reply.stderr


def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(I386, PAE, Hardware(platform=I386))
