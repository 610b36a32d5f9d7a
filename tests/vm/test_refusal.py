# SPDX-License-Identifier: LGPL-2.1-or-later
"""When the running kernel refuses: the message names who forbids it, and nothing is lost.

A switch that forbids loading cannot be switched back, so the tests of a machine run in the
order of this file, the harshest switch last.
"""

from __future__ import annotations

import pytest
import rootfs
from conftest import StartVM
from machine import Reply, VM

pytestmark = pytest.mark.usefixtures("ours")

CALLS = ("-c", "-s")
KERNEL = rootfs.kernel_path("6.12")
LOAD = f"-l {KERNEL} --command-line=console=ttyS0"

#: kexec-tools' exit codes, which callers know.  Not among them: death by a signal.
REFUSALS = (1, 253, 254, 255)


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine in which a kernel is loaded: no refusal below may cost it."""
    machine = start_vm("6.12")
    machine.boot()
    machine.load("-c", "6.12", nonce="loaded-before")
    return machine


@pytest.fixture(scope="module")
def locked_down(start_vm: StartVM) -> VM:
    """A kernel that does not let root change it, as under Secure Boot."""
    machine = start_vm("6.12", append="lockdown=integrity")
    machine.boot()
    return machine


@pytest.mark.parametrize("call", CALLS)
def test_without_capability(vm: VM, call: str) -> None:
    """Root in a container that lacks the right."""
    assert_refused(vm, f"stamp without-boot {rootfs.TOOL} {call} {LOAD}", "CAP_SYS_BOOT")


@pytest.mark.parametrize("call", CALLS)
def test_as_user(vm: VM, call: str) -> None:
    """Whoever is not root is told so, whatever it fails at first."""
    assert_refused(vm, f"stamp as-nobody {rootfs.TOOL} {call} {LOAD}", "run as root")


def test_unload_without_capability(vm: VM) -> None:
    """To unload takes the same right."""
    assert_refused(vm, f"stamp without-boot {rootfs.TOOL} -u", "CAP_SYS_BOOT")


def test_execute_without_capability(vm: VM) -> None:
    """So does the jump; a loader that is not allowed it must come back and say so."""
    assert_refused(vm, f"stamp without-boot {rootfs.TOOL} -e", "CAP_SYS_BOOT")


@pytest.mark.parametrize("call", CALLS)
def test_load_limit(vm: VM, call: str) -> None:
    """kernel.kexec_load_limit_reboot: so many loads are allowed, and no more."""
    limit = "/proc/sys/kernel/kexec_load_limit_reboot"
    # It can only be lowered: to write it a second time is an error.
    vm.run(f"echo 0 >{limit}")
    assert vm.check(f"cat {limit}") == "0\n"
    assert_refused(vm, f"{rootfs.TOOL} {call} {LOAD}", "kexec_load_limit_reboot")


@pytest.mark.parametrize("call", CALLS)
def test_load_disabled(vm: VM, call: str) -> None:
    """kernel.kexec_load_disabled: what is loaded stays, nothing else comes."""
    vm.check("echo 1 >/proc/sys/kernel/kexec_load_disabled")
    assert_refused(vm, f"{rootfs.TOOL} {call} {LOAD}", "kexec_load_disabled")


def test_loaded_before_still_jumps(vm: VM) -> None:
    """After all the refusals, what was loaded first is there, and the jump is still allowed."""
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert vm.execute().nonce == "loaded-before"


def test_lockdown_load(locked_down: VM) -> None:
    """kexec_load brings code that nobody signed: lockdown forbids it, and is named."""
    reply = refusal(locked_down, f"{rootfs.TOOL} -c {LOAD}")
    assert "lockdown" in reply.stderr
    assert locked_down.check("cat /sys/kernel/kexec_loaded") == "0\n"


def test_lockdown_file_load(locked_down: VM) -> None:
    """kexec_file_load is allowed, for kernels with a signature that the running one trusts.

    Debian's own key is not among those that its cloud kernel is built with: it comes from the
    firmware, which this machine does not have.  So the signature must be named as the reason.
    """
    reply = refusal(locked_down, f"{rootfs.TOOL} -s {LOAD}")
    assert "sign" in reply.stderr or "key" in reply.stderr
    assert locked_down.check("cat /sys/kernel/kexec_loaded") == "0\n"


def test_lockdown_is_not_worked_around(locked_down: VM) -> None:
    """The tool's own choice of system call ends with the same refusal, not with a fallback."""
    reply = refusal(locked_down, f"{rootfs.TOOL} {LOAD}")
    assert "lockdown" in reply.stderr or "sign" in reply.stderr
    assert locked_down.check("cat /sys/kernel/kexec_loaded") == "0\n"


@pytest.mark.parametrize("call", CALLS)
def test_lockdown_unseen(locked_down: VM, call: str) -> None:
    """In a rescue system without securityfs it is a guess, but not that root is no root."""
    locked_down.check("umount /sys/kernel/security")
    reply = locked_down.run(f"{rootfs.TOOL} {call} {LOAD}")
    locked_down.check("mount -t securityfs securityfs /sys/kernel/security")
    assert reply.rc in REFUSALS
    assert "lockdown" in reply.stderr
    assert "CAP_SYS_BOOT" not in reply.stderr


def assert_refused(vm: VM, command: str, named: str) -> None:
    """Refused, with the word that a user would search for; what was loaded still is."""
    assert named in refusal(vm, command).stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"


def refusal(vm: VM, command: str) -> Reply:
    """What a command says that must fail with our grammar of errors."""
    reply = vm.run(command)
    assert reply.rc in REFUSALS, reply
    lines = reply.stderr.splitlines()
    assert any(line.startswith("kexec: cannot ") for line in lines), reply
    assert any(line.startswith("hint: ") for line in lines), reply
    return reply
