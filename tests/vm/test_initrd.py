# SPDX-License-Identifier: LGPL-2.1-or-later
"""Initrds that are more than one file, or a big one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from machine import VM, Hardware

#: Made in the guest: as big as distributions' fullest initrds, without a copy on the host.
BIG_MEGABYTES = 300


@pytest.fixture
def vm() -> Iterator[VM]:
    """A machine with room for a big initrd three times: the file, its copy, the next root."""
    with VM("6.12", Hardware(memory="3G")) as machine:
        machine.boot()
        yield machine


def pack_apart(vm: VM, name: str, command: str) -> str:
    """Makes an archive of what @command leaves in an empty folder; returns its path."""
    folder, archive = f"/run/{name}", f"/run/{name}.cpio"
    vm.check(f"mkdir {folder} && cd {folder} && {command}")
    vm.check(f"cd {folder} && find . | cpio -o -H newc >{archive} && rm -r {folder}")
    return archive


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("call", ["-c", "-s"])
def test_two_initrds(vm: VM, call: str) -> None:
    """Both archives are unpacked, the second over the first."""
    vm.check("pack-initrd /run/base.cpio from-the-first")
    nonce = secrets.token_hex(8)
    over = pack_apart(
        vm, "over", f"mkdir -p etc/saut && echo {nonce} >etc/saut/nonce && echo 2nd >second"
    )
    vm.load_files(call, "6.12", ["/run/base.cpio", over])
    up = vm.execute()
    assert up.nonce == nonce, "the second archive must be laid over the first"
    assert up.boot == 2, "this file comes from the first archive"
    assert vm.check("cat /second") == "2nd\n"


@pytest.mark.full
@pytest.mark.parametrize("call", ["-c", "-s"])
def test_big_initrd(vm: VM, call: str) -> None:
    """Not a byte is lost on the way."""
    vm.check(f"dd if=/dev/urandom of=/big bs=1M count={BIG_MEGABYTES}")
    before = vm.check("md5sum /big")
    nonce = vm.load(call, "6.12")
    vm.check("rm /big")
    assert vm.execute().nonce == nonce
    assert vm.check("md5sum /big") == before
