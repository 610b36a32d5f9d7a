# SPDX-License-Identifier: LGPL-2.1-or-later
"""Initrds that are more than one file, or a big one."""

from __future__ import annotations

import secrets

import pytest
from chain import Chain, Jump
from conftest import StartVM
from machine import VM, Hardware

#: Made in the guest: as big as distributions' fullest initrds, without a copy on the host.
BIG_MEGABYTES = 300

CALLS = ("-c", "-s")


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with room for a big initrd three times: the file, its copy, the next root."""
    return Chain(start_vm("6.12", Hardware(memory="3G")))


def pack_apart(vm: VM, name: str, command: str) -> str:
    """Makes an archive of what @command leaves in an empty folder; returns its path."""
    folder, archive = f"/run/{name}", f"/run/{name}.cpio"
    vm.check(f"mkdir {folder} && cd {folder} && {command}")
    vm.check(f"cd {folder} && find . | cpio -o -H newc >{archive} && rm -r {folder}")
    return archive


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("call", CALLS)
def test_two_initrds(chain: Chain, call: str) -> None:
    """Both archives are unpacked, the second over the first."""
    before, vm = chain.running(), chain.vm
    vm.check("rm -f /second && pack-initrd /run/base.cpio from-the-first")
    nonce = secrets.token_hex(8)
    over = pack_apart(
        vm, "over", f"mkdir -p etc/saut && echo {nonce} >etc/saut/nonce && echo {call} >second"
    )
    up = chain.jump_by(lambda: vm.load_files(call, "6.12", ["/run/base.cpio", over]))
    assert up.nonce == nonce, "the second archive must be laid over the first"
    assert up.boot == before.boot + 1, "this file comes from the first archive"
    assert vm.check("cat /second") == f"{call}\n"


@pytest.mark.parametrize("call", ["-c", pytest.param("-s", marks=pytest.mark.full)])
def test_big_initrd(chain: Chain, call: str) -> None:
    """Not a byte is lost on the way."""
    chain.running()
    vm = chain.vm
    vm.check(f"dd if=/dev/urandom of=/big bs=1M count={BIG_MEGABYTES}")
    before = vm.check("md5sum /big")
    chain.jump(Jump("6.12", call))
    assert vm.check("md5sum /big") == before
    vm.check("rm /big")
