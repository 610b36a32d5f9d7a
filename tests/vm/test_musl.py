# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands that were built with musl, which have no glibc in them: they load, jump and tell."""

from __future__ import annotations

import subprocess

import initramfs
import pytest
import rootfs
from chain import Chain, Jump, assert_recorded
from machine import VM, default_tree

SAUT = "/sbin/saut-of-musl"

pytestmark = [pytest.mark.usefixtures("ours"), pytest.mark.full]


@pytest.fixture(scope="module")
def tree() -> initramfs.Tree:
    """A guest with the commands of `make musl`."""
    done = subprocess.run(["make", "musl"], cwd=rootfs.REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    guest = default_tree()
    for place, command in ((rootfs.TOOL, "kexec"), (SAUT, "saut")):
        binary = rootfs.REPOSITORY / "build/musl" / command
        assert b"GNU C Library" not in binary.read_bytes()
        guest |= rootfs.program(place, binary)
    return guest


def test_they_jump(tree: initramfs.Tree) -> None:
    """By both system calls."""
    with VM("6.12", tree=tree) as vm:
        chain = Chain(vm)
        chain.jump(Jump("6.12", "-c", "musl=1"))
        assert_recorded(chain, "6.12", ("crc32c", "sha256"))
        assert "this boot came by kexec, loaded by saut" in vm.run(f"{SAUT} status").stdout
        chain.jump(Jump("6.12", "-s", "musl=2"))
        assert "this boot came by kexec\n" in vm.run(f"{SAUT} status").stdout
