# SPDX-License-Identifier: LGPL-2.1-or-later
"""A build without clang, as distributions make it: gcc has compiled the stub, for its own CPU."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import initramfs
import pytest
import rootfs
from chain import Chain, Jump, assert_recorded
from machine import BASE_COMMAND_LINE, VM, default_tree

DAMAGING = "/sbin/load-damaged"

pytestmark = [pytest.mark.usefixtures("ours"), pytest.mark.full]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> initramfs.Tree:
    """A guest with the commands of such a build."""
    build = tmp_path_factory.mktemp("host") / "build"
    setup = ["meson", "setup", "--werror", "-Dstatic=true", "-Dtests=false", "-Dstubs=host", str(build)]
    for command in (["env", "CC=gcc", *setup], ["ninja", "-C", str(build), "-j2"]):
        done = subprocess.run(command, cwd=rootfs.REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    kexec = build / "src/cmd/kexec/kexec"
    damaging = build / "tests/vm/loader/load-damaged"
    _assert_by_gcc(build)
    return default_tree() | rootfs.program(rootfs.TOOL, kexec) | rootfs.program(DAMAGING, damaging)


def _assert_by_gcc(build: Path) -> None:
    """What a compiler writes into its objects."""
    comment = subprocess.run(
        ["readelf", "-p", ".comment", str(build / "src/stub/stub-x86-64-main.c.o")],
        capture_output=True, text=True, check=True,
    )
    assert "GCC:" in comment.stdout and "clang" not in comment.stdout


def test_it_jumps(tree: initramfs.Tree) -> None:
    """Checked on the way."""
    with VM("6.12", tree=tree) as vm:
        chain = Chain(vm)
        chain.jump(Jump("6.12", "-c --check=sha256", "stub=host"))
        assert_recorded(chain, "6.12", ("sha256",))


def test_damage_is_found(tree: initramfs.Tree) -> None:
    """A byte that was flipped after the load is said, and the machine starts over."""
    with VM("6.12", tree=tree) as vm:
        vm.boot()
        vm.check("pack-initrd /run/next.cpio never-seen")
        vm.check(
            f"{DAMAGING} -l {rootfs.kernel_path('6.12')} --initrd=/run/next.cpio"
            f" --command-line={shlex.quote(BASE_COMMAND_LINE)}"
        )
        vm.send(f"{rootfs.TOOL} -e")
        vm.wait_console(r"^saut: the loaded kernel was damaged in memory")
        vm.wait_reset()
        assert b"never-seen" not in vm.console.received
