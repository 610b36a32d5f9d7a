# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reboots of a machine with an init system: what is done before one, and how it must go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import base_system
import package_tree
import packages
import pytest
import systems
from schemas import validate
from disk_machine import DiskVM, Passage
from systems import System

#: What asks the init for a reboot, and says nothing of how.
ORDINARY = ("reboot", "shutdown -r now", "systemctl reboot", "kill -s RTMIN+5 1")

#: A command after which /run takes no more.
FILL_RUN = "dd if=/dev/zero of=/run/full bs=1M; ! dd if=/dev/zero of=/run/more bs=4k count=1"


@dataclass(frozen=True)
class Case:
    """One reboot, or several with nothing done between them."""

    name: str
    #: By kexec into this kernel, or through the firmware, which boots its own.
    into: str | None
    #: A shell command line before it, which must not fail.
    before: str = "true"
    reboot: str = "reboot"
    #: What the console must show, and `saut status` afterwards.
    console: str = ""
    status: str = ""
    #: Whether `saut status` can know beforehand how it will go.
    is_foretold: bool = True
    #: A shell command line that must not fail afterwards.
    after: str = "true"
    #: The reboot that follows, from what this one has left.
    then: Case | None = None


class Stand:
    """A machine with an init system, on which each case finds what it would find if it came first.

    The machine is switched on for the first case, and a new one after a case that has killed it.
    """

    def __init__(self, start: Callable[[], DiskVM], stage: str, firmware_boots: str = "6.1") -> None:
        """@stage is a command that makes each thing as the cases want it, whatever it was."""
        self._start = start
        self._stage = stage
        self._firmware_boots = firmware_boots
        self._vm: DiskVM | None = None

    @property
    def vm(self) -> DiskVM:
        """The machine, which runs."""
        if not self._vm or not self._vm.alive:
            self._vm = self._start()
        return self._vm

    def perform(self, case: Case) -> None:
        """Sets the stage, and reboots as @case says."""
        self.vm.check(self._stage)
        following: Case | None = case
        while following:
            perform(self.vm, following, self._firmware_boots)
            following = following.then


@dataclass(frozen=True)
class Added:
    """What a machine has beside its system and our package."""

    #: Files, laid out below a folder that it is called with.
    files: Callable[[Path], None] = lambda folder: None
    #: More of QEMU's options.
    options: tuple[str, ...] = ()


def starter(
    system: System,
    services: tuple[str, ...],
    running: ExitStack,
    folder: Path,
    first: str = "6.1",
    added: Added = Added(),
) -> Callable[[], DiskVM]:
    """What starts machines with our package installed; the test is skipped where it cannot be."""
    try:
        base_system.folder(system.base)
    except base_system.Unreachable as reason:
        pytest.skip(str(reason))

    def install(root: Path) -> None:
        package_tree.install(services, root)
        added.files(root)

    image = systems.write(system, folder / "disk.img", install, first)

    def start() -> DiskVM:
        vm = running.enter_context(DiskVM(image, system.uefi, more=added.options))
        vm.boot()
        return vm

    return start


def foretold(vm: DiskVM) -> dict:
    """What `saut status` says of the next reboot, for programs; people are told the same, and so are shells."""
    told = json.loads(vm.run("saut status --json").stdout)
    validate(told, "status")
    following = told["next_reboot"]
    reply = vm.run("saut status")
    sentence = reply.stdout.splitlines()[0]
    assert reply.rc == (0 if following["by_kexec"] else 1), sentence
    if following["by_kexec"] is None:
        assert sentence.startswith("Whether the next reboot will go by kexec is not known: ")
    elif following["by_kexec"]:
        assert re.match("The next reboot will (jump by kexec into|load) ", sentence)
    else:
        assert sentence.startswith("The next reboot will go through the firmware, because: ")
    assert told["reboot_under_way"] is None, "nothing has begun"
    return following


def foretell(vm: DiskVM, case: Case) -> None:
    """`saut status` says beforehand how an ordinary reboot will go, and into what."""
    following = foretold(vm)
    assert following["by_kexec"] is bool(case.into), following
    if case.into:
        assert following["kernel"]["release"] == packages.kernel_release(case.into), following


def perform(vm: DiskVM, case: Case, firmware_boots: str = "6.1") -> None:
    """Reboots as @case says, and compares."""
    vm.check(case.before)
    if case.is_foretold and case.reboot in ORDINARY:
        foretell(vm, case)
    passage = vm.passage(case.reboot)
    assert_passage(passage, case.into, firmware_boots)
    assert case.console in passage.console
    status = vm.run("saut status").stdout
    assert case.status in status
    said = "this boot came by kexec" if case.into else "this boot came through the firmware"
    assert said in status
    # Nothing that the boot service has loaded since makes this be forgotten; the nonce is the kernel's boot_id.
    last = json.loads(vm.run("saut status --json").stdout)["last_reboot"]
    if case.is_foretold and last and last["boot_id"] == passage.before.nonce:
        assert last["by_kexec"] is bool(case.into), last
        assert "\n    but " not in status, status
    vm.check(case.after)


def assert_passage(passage: Passage, into: str | None, firmware_boots: str = "6.1") -> None:
    """It went by kexec into kernel @into, or for None through the firmware."""
    if into:
        assert passage.by_kexec, f"not by kexec:\n{passage.console}"
    else:
        assert passage.by_firmware, f"not through the firmware:\n{passage.console}"
        assert passage.record is None
    # The nonce is the kernel's boot_id.
    assert passage.after.nonce != passage.before.nonce
    assert passage.after.boot == passage.before.boot + 1
    assert passage.after.uname == packages.kernel_release(into or firmware_boots)
    # However often it went so.
    words = passage.after.cmdline.split()
    assert sum(word.startswith("root=") for word in words) == 1, words
