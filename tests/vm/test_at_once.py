# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several who load and unload at the same time: each gets its turn, none fails."""

from __future__ import annotations

import pytest
import rootfs
from conftest import StartVM
from machine import BASE_COMMAND_LINE, VM, default_tree

SAUT = "/sbin/saut"
#: What a boot service finds by itself.
EXTLINUX = f"""DEFAULT next
LABEL next
  LINUX {rootfs.kernel_path("6.12")}
  APPEND {BASE_COMMAND_LINE} from-entry
"""
SERVICE = f"{SAUT} service stop --style=systemd --rebooting"

pytestmark = pytest.mark.usefixtures("ours")

LOAD = f"{rootfs.TOOL} -l {rootfs.kernel_path('6.12')} --command-line=console=ttyS0"


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """One machine for all of them."""
    tree = default_tree() | {"boot/extlinux/extlinux.conf": EXTLINUX.encode()}
    machine = start_vm("6.12", tree=tree | rootfs.program(SAUT, rootfs.saut()))
    machine.boot()
    return machine


def at_once(vm: VM, *commands: str) -> list[str]:
    """The exit codes of commands that were started together, and what they said otherwise."""
    line = " ".join(f"({command}; echo rc=$?) 2>&1 &" for command in commands)
    return sorted(vm.check(f"{line} wait").splitlines())


def test_loads_at_once(vm: VM) -> None:
    """Six loads: six times done, by either system call."""
    assert at_once(vm, *[f"{LOAD} {call}" for call in ("-c", "-s") * 3]) == ["rc=0"] * 6
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"


def test_a_service_and_people(vm: VM) -> None:
    """A service that loads on the way down waits for its turn, and unloads nothing of anybody's."""
    vm.check(f"{rootfs.TOOL} -u; rm -rf /var/lib/saut /run/saut/unloaded")
    assert at_once(vm, *(f"{LOAD} -c", f"{SERVICE} >/dev/null 2>&1") * 3) == ["rc=0"] * 6
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert "WAY=kexec" in vm.check("cat /var/lib/saut/last-reboot")


@pytest.mark.full
def test_loads_and_unloads_at_once(vm: VM) -> None:
    """Whichever comes last has the last word, and nobody is refused."""
    commands = (f"{LOAD} -c", f"{rootfs.TOOL} -u") * 3
    assert at_once(vm, *commands) == ["rc=0"] * 6


@pytest.mark.full
def test_where_run_cannot_be_written(vm: VM) -> None:
    """As in a rescue system: the turns are taken all the same."""
    vm.check("mkdir /run/other && mount -t tmpfs -o ro none /run/other")
    bind = "unshare -m /bin/sh -c 'mount --bind /run/other /run && {0}'"
    commands = (bind.format(f"{LOAD} -c"), bind.format(f"{rootfs.TOOL} -u")) * 3
    told = at_once(vm, *commands)
    assert [line for line in told if line.startswith("rc=")] == ["rc=0"] * 6
    # That a boot service cannot be told of either is noted.
    assert sum("/run/saut/unloaded" in line for line in told) == 3
