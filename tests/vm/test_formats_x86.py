# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels for x86 that are no 64-bit bzImage: other entry points, other formats, other systems.

What is no Linux with our init proves that it runs by what only it writes on its console.
"""

from __future__ import annotations

import packages
import pytest
import rootfs
from chain import EXECUTE, Chain, Jump
from conftest import StartVM
from machine import VM, default_tree

pytestmark = pytest.mark.usefixtures("ours")

MEMTEST = {bits: f"/boot/memtest86+{bits}.bin" for bits in ("ia32", "x64")}
IPXE = "/boot/ipxe.lkrn"


def others() -> dict[str, bytes]:
    """Guest path -> content of kernels that are no Linux."""
    found = {
        path.lstrip("/"): packages.boot_file("memtest86+", path.rpartition("/")[2]).read_bytes()
        for path in MEMTEST.values()
    }
    return found | {IPXE.lstrip("/"): packages.boot_file("ipxe", "ipxe.lkrn").read_bytes()}


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with all of them; the last jump leads out of Linux."""
    return Chain(start_vm("6.12", tree=default_tree() | others()))


@pytest.fixture
def vm(chain: Chain) -> VM:
    """The same machine, running."""
    chain.running()
    return chain.vm


@pytest.mark.parametrize("options", ["", "-c", "--real-mode"])
def test_real_mode_is_refused(vm: VM, options: str) -> None:
    """iPXE has no other entry: to jump into it would hang, so it is not loaded, and that is said."""
    reply = vm.run(f"{rootfs.TOOL} {options} -l {IPXE}")
    assert reply.rc in (1, 255), reply
    assert "16-bit entry" in reply.stderr
    assert "hint:" in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded").strip() == "0"


def test_file_load_takes_none_of_them(vm: VM) -> None:
    """By -s the running kernel would have to know the format."""
    reply = vm.run(f"{rootfs.TOOL} -s -l {MEMTEST['ia32']}")
    assert reply.rc == 253, reply
    assert "64-bit entry" in reply.stderr


@pytest.mark.parametrize("target", ["6.1", pytest.param("6.12", marks=pytest.mark.full)])
def test_entry_in_32_bit_mode(chain: Chain, target: str) -> None:
    """Debian's kernels have that entry too."""
    chain.jump(Jump(target, "--entry-32bit", f"entry=32-of-{target}"))


def leave_for(vm: VM, command: str) -> None:
    """Loads by @command and jumps into what does not come back."""
    vm.check(f"{rootfs.TOOL} {command}")
    vm.send(EXECUTE)


@pytest.mark.parametrize("bits", ["ia32"])
def test_memtest(vm: VM, bits: str) -> None:
    """memtest86+ draws its screen on the serial line; the 32-bit one has no other entry."""
    leave_for(vm, f"-l {MEMTEST[bits]} --command-line='console=ttyS0,115200 nosmp'")
    vm.wait_console(r"Memtest86\+")
    vm.wait_console("Testing:")


@pytest.mark.full
def test_memtest_in_64_bit_mode(start_vm: StartVM) -> None:
    """The other build: it may not lie above 4 GiB, and is not relocatable."""
    with start_vm("6.12", tree=default_tree() | others()) as vm:
        vm.boot()
        leave_for(vm, f"-l {MEMTEST['x64']} --command-line='console=ttyS0,115200 nosmp'")
        vm.wait_console(r"Memtest86\+")
