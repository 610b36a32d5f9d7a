# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is not a kernel is refused, with a word that helps, and without harm.

Harm would be: the kernel that was loaded before is lost, or something stays behind.
"""

from __future__ import annotations

import shlex

import pytest
import rootfs
from conftest import StartVM
from machine import Hardware, VM

pytestmark = pytest.mark.usefixtures("ours")

GOOD = rootfs.kernel_path("6.12")

#: How each bad file comes to be, at the path that the shell has in $f.
BAD = {
    "missing": ":",
    "empty": ": >$f",
    "directory": "mkdir $f",
    "fifo": "mkfifo $f",
    "endless": "ln -s /dev/zero $f",
    "letters": "printf %064d 0 | tr 0 A >$f",
    "cut-in-boot-sector": f"head -c 300 {GOOD} >$f",
    "cut-in-header": f"head -c 530 {GOOD} >$f",
    "cut-after-setup": f"head -c 20480 {GOOD} >$f",
    "cut-in-half": f"head -c 6000000 {GOOD} >$f",
    "cut-by-a-page": f"head -c $(($(stat -c %s {GOOD}) - 4096)) {GOOD} >$f",
    "without-magic": f"cp {GOOD} $f; printf XXXX | dd of=$f bs=1 seek=514 conv=notrunc",
}

CALLS = ("-c", "-s")


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine in which a kernel is loaded, which every test must leave so."""
    machine = start_vm("6.12", Hardware(memory="2G"))
    machine.boot()
    machine.load("-c", "6.12")
    return machine


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("how", BAD.values(), ids=BAD.keys())
def test_kernel(vm: VM, how: str, call: str) -> None:
    """As the kernel to load."""
    vm.check(f"rm -rf /run/bad; f=/run/bad; {how}")
    assert_refused(vm, f"{call} -l /run/bad --command-line=console=ttyS0")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ["missing", "directory", "fifo", "endless"])
def test_initrd(vm: VM, name: str, call: str) -> None:
    """As its initrd: what is no file cannot be one."""
    vm.check(f"rm -rf /run/bad; f=/run/bad; {BAD[name]}")
    assert_refused(vm, f"{call} -l {GOOD} --initrd=/run/bad --command-line=console=ttyS0")


def assert_refused(vm: VM, arguments: str) -> None:
    """Refused with our grammar of errors; what was loaded still is, and /tmp is clean."""
    command = shlex.join([rootfs.TOOL, *shlex.split(arguments)])
    # The guest's own watchdog, so that a tool that hangs costs this test and not the machine.
    reply = vm.run(f"timeout -s KILL 60 {command}")
    assert reply.rc != 137, f"it hangs: {command}"
    assert 0 < reply.rc < 126, reply
    lines = reply.stderr.splitlines()
    assert lines and lines[0].startswith("kexec: cannot "), reply
    assert any(line.startswith("hint: ") for line in lines), reply
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert vm.check("ls -A /tmp") == ""
