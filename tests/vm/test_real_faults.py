# SPDX-License-Identifier: LGPL-2.1-or-later
"""System calls of what loads, unloads and jumps fail, one after the other, where kernels are really loaded.

What was loaded before is loaded behind a command that failed, nothing is left of it, and it says why. What is loaded
shows by the calls that the kernel has let through, by what the kernel says, and in the end by a jump.
"""

from __future__ import annotations

import random
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import rootfs
from conftest import StartVM
from machine import BASE_COMMAND_LINE, VM, default_tree

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import faults  # noqa: E402

STRACE, SAUT = "/bin/strace", "/sbin/saut"
TRACE = "/run/trace"
INITRD = "/boot/next.cpio"
LOADING = "kexec_load,kexec_file_load"

MENU = f"""DEFAULT next
LABEL next
  LINUX {rootfs.kernel_path("6.12")}
  INITRD {INITRD}
  APPEND {BASE_COMMAND_LINE} by-entry
"""
#: A boot service that has the kernel ready ahead of time.
SETTINGS = "/etc/conf.d/kexec"


def load(call: str, words: str = "") -> str:
    """The words that load a kernel with its initrd."""
    kernel = rootfs.kernel_path("6.12")
    return f"{rootfs.TOOL} {call} {kernel} --initrd={INITRD} '--command-line={BASE_COMMAND_LINE} {words}'"


#: Quickly, as what is there before.
KEPT = load("-c --no-checks --direct=off -l", "kept=1")


@dataclass(frozen=True)
class Command:
    """What is run with a fault in it."""

    words: str
    #: Puts the machine into the state that it is run in.
    before: str = ""
    #: More that never works, so that the machine stays.
    barred: str = ""

    @property
    def is_for_a_crash(self) -> bool:
        """Whether it is about the crash kernel."""
        return " -p " in self.words


COMMANDS = {
    "kexec -c -l": Command(load("-c -l")),
    "kexec -s -l": Command(load("-s -l")),
    "kexec -a -l": Command(load("-a -l")),
    "kexec -c -p": Command(load("-c -p")),
    "kexec -s -p": Command(load("-s -p")),
    "kexec -u": Command(f"{rootfs.TOOL} -u", KEPT),
    "kexec -u -p": Command(f"{rootfs.TOOL} -u -p ", load("-c -p")),
    "kexec -e": Command(f"{rootfs.TOOL} -e", KEPT, "reboot"),
    "saut load": Command(f"{SAUT} load"),
    "saut unload": Command(f"{SAUT} unload", KEPT),
    "saut service load": Command(f"{SAUT} service load --style=openrc", f"{rootfs.TOOL} -u"),
    "saut service stop": Command(f"{SAUT} service stop --style=openrc", KEPT),
}
QUICK = ("kexec -c -l", "kexec -u", "kexec -e", "saut load")
SAMPLE, MOST = 5, 15


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with a menu, settings, memory for a crash kernel, and strace."""
    tree = default_tree() | {"boot/extlinux/extlinux.conf": MENU.encode()}
    tree |= {SETTINGS[1:]: b"LOAD_DURING_SHUTDOWN=no\n", "bin/fault-state": rootfs.GUEST / "fault-state"}
    tree |= rootfs.program(SAUT, rootfs.saut()) | rootfs.program(STRACE, Path("/usr/bin/strace"))
    machine = start_vm("6.12", tree=tree, append="crashkernel=160M")
    machine.boot()
    pack(machine)
    return machine


def pack(vm: VM) -> None:
    """Makes an initrd of what runs, which a kernel that was jumped to has not kept."""
    vm.check(f"pack-initrd /run/next.cpio by-jump && mv /run/next.cpio {INITRD}")


def state(vm: VM) -> tuple[str, str, frozenset[str]]:
    """Whether a kernel is loaded, and one for a crash; and what lies about, is mounted, runs and is up."""
    kernel, crash, *rest = vm.check("fault-state").splitlines()
    return kernel, crash, frozenset(line.lstrip("/") for line in rest)


def run(vm: VM, command: Command, fault: faults.Fault | None = None) -> faults.Outcome:
    """In the state that it needs; with that fault."""
    injected = [] if fault is None else [f"-e inject={fault.call}:error={fault.errno}:when={fault.when}"]
    if command.barred and not (fault and fault.call == command.barred):
        injected.append(f"-e inject={command.barred}:error=EPERM")
    if command.before:
        vm.check(command.before)
    reply = vm.run(f"{STRACE} -f -qq -o {TRACE} {' '.join(injected)} {command.words} </dev/null")
    return faults.Outcome(reply.rc, reply.stdout, reply.stderr, state(vm)[2], vm.check(f"cat {TRACE}"))


def loads(trace: str) -> list[bool]:
    """Of each call that the kernel let through: whether something was loaded by it."""
    calls = re.findall(r"\b(kexec_load|kexec_file_load)\((.*)\) += 0$", trace, re.M)
    return [
        "KEXEC_FILE_UNLOAD" not in words if name == "kexec_file_load" else words.split(", ")[1] != "0"
        for name, words in calls
    ]


def complaints(vm: VM, command: Command, size: int) -> list[str]:
    """Of so many of its calls, drawn in the same way each time."""
    good = run(vm, command)
    assert (good.rc != 0) == bool(command.barred), good
    all_of_them = faults.faults_of(good.trace)
    drawn = random.Random(command.words).sample(all_of_them, min(size, len(all_of_them)))
    assert drawn
    found = []
    for fault in drawn:
        if command.before:
            vm.check(command.before)
        was = state(vm)
        seen = run(vm, command, fault)
        now = state(vm)
        # What is there before a command that takes it away is there still where that fails.
        what = faults.complaint(replace(good, files=good.files | was[2]), seen, fault)
        done = loads(seen.trace)
        index = int(command.is_for_a_crash)
        if now[1 - index] != was[1 - index]:
            what = "the other kernel is not what it was"
        elif now[index] != (str(int(done[-1])) if done else was[index]):
            what = f"the kernel's word is {now[index]} behind {done}"
        elif seen.rc != 0 and not command.barred and done and "unloaded" not in seen.stderr:
            what = f"it fails, and has changed what is loaded: {done}"
        elif seen.rc == 0 and done != loads(good.trace) and seen.stdout == good.stdout:
            what = f"it says nothing of what it did not do: {done}"
        if what:
            found.append(f"{fault}: {what}: {seen.rc} {seen.stdout[-300:]} {seen.stderr[-300:]}")
    return found


@pytest.mark.parametrize("name", QUICK)
def test_a_sample(vm: VM, name: str) -> None:
    assert complaints(vm, COMMANDS[name], SAMPLE) == []


@pytest.mark.full
@pytest.mark.parametrize("name", COMMANDS)
def test_many_calls(vm: VM, name: str) -> None:
    assert complaints(vm, COMMANDS[name], MOST) == []


@pytest.mark.parametrize("call", ["-c -l", "-s -l"])
def test_what_was_loaded_is_jumped_to(vm: VM, call: str) -> None:
    """A load fails at its last step; what was there before is what the machine goes to."""
    pack(vm)
    vm.check(KEPT)
    inject = f"-e inject={LOADING}:error=ENOMEM"
    reply = vm.run(f"{STRACE} -f -qq -o {TRACE} {inject} {load(call, 'lost=1')}")
    assert reply.rc != 0 and "memory" in reply.stderr, reply
    up = vm.execute()
    assert "kept=1" in up.cmdline.split() and "lost=1" not in up.cmdline
