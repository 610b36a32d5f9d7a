# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine full of devices that jumps: each of them works under the next kernel, and the one after that.

Debian's kernel for real machines, with all of its drivers and the initrd that initramfs-tools makes by default, and
our package as it is installed, with no settings.  What the kernel has to say of errors after a jump it says after a
boot by the firmware as well.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import devices
import package_tree
import pytest
import rootfs
import systems
import tpm
from base_system import Base
from devices import BALLOON, DEVICES, KEYBOARD
from disk_machine import PC, DiskVM, Passage
from machine import PATIENCE, Reply
from trials import wait_for

pytestmark = [pytest.mark.usefixtures("ours"), pytest.mark.full]

BASE = Base(
    "bookworm",
    (*systems.SYSTEMD_BASE.packages, "linux-image-amd64", "initramfs-tools", "zstd", "busybox", "iproute2", "iputils-ping"),
)
#: With udev, which finds drivers for what there is.
SYSTEM = replace(
    systems.SYSTEMD_GRUB, name="devices", base=BASE, size=1280 * systems.MIB,
    links=systems.masked(*systems.MASKED) | systems.SESSION,
)  # fmt: skip

#: By the firmware first, then as many jumps.
BOOTS = ("firmware", "first jump", "second jump", "third jump")

#: What differs from boot to boot in a message that is the same: times, addresses, counts.
NUMBERS = re.compile(r"\b(?:0x)?[0-9a-f]*\d[0-9a-f]*\b")

#: A CPU that stands still: the emulator does that to it when the host has others to run, and where the kernel clears
#: pages in which the one before had code.  A device that has hung is found by trying it.
STALLS = re.compile(r"soft lockup|^rcu: ")

#: A balloon takes memory away and gives it back (MiB).
TAKEN, WHOLE = 1280, 1536
MEMORY_IS = "for i in $(seq 60); do [ $(awk '/MemTotal/ {{ print int($2 / 1024) }}' /proc/meminfo) -{} {} ] && exit; sleep 1; done; exit 1"

#: All of these drivers and devices take their time.
SLOW = 3

PRESSED = "/run/saut-test/pressed"
SECONDS_FOR_A_KEY = 30


@dataclass
class Boot:
    """What one kernel made of the machine."""

    passage: Passage | None
    tried: dict[str, Reply] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)


def try_keyboard(vm: DiskVM) -> Reply:
    """A key that is pressed arrives as an event."""
    found = vm.run(f"{devices.TRY} {KEYBOARD.asked}")
    if found.rc == 0:
        vm.check(f"timeout {SECONDS_FOR_A_KEY} dd if={found.stdout.strip()} of={PRESSED} bs=24 count=1 2>/dev/null >&2 &")
        vm.check("sleep 2")
        vm.tell("sendkey a")
        return vm.run(f"for i in $(seq {SECONDS_FOR_A_KEY}); do [ -s {PRESSED} ] && rm {PRESSED} && exit; sleep 1; done; exit 1")
    return found


def try_balloon(vm: DiskVM) -> Reply:
    """What it takes is missing, and is there again when it is given back."""
    vm.tell(f"balloon {TAKEN}")
    taken = vm.run(MEMORY_IS.format("lt", TAKEN))
    vm.tell(f"balloon {WHOLE}")
    return vm.run(MEMORY_IS.format("gt", TAKEN)) if taken.rc == 0 else taken


def look(vm: DiskVM, passage: Passage | None) -> Boot:
    """Tries everything, and reads what the kernel has complained of."""
    vm.check("udevadm settle --timeout=600")
    boot = Boot(passage)
    for device in DEVICES:
        boot.tried[device.name] = vm.run(f"{devices.TRY} {device.asked}")
    boot.tried[KEYBOARD.name] = try_keyboard(vm)
    boot.tried[BALLOON.name] = try_balloon(vm)
    messages = vm.check("dmesg --notime --level=emerg,alert,crit,err").splitlines()
    boot.errors = {NUMBERS.sub("N", message) for message in messages if not STALLS.search(message)}
    return boot


def install(root: Path) -> None:
    """Our package, and what tries devices."""
    package_tree.install(("systemd",), root)
    target = root / devices.TRY[1:]
    shutil.copyfile(rootfs.GUEST / target.name, target)
    target.chmod(0o755)


@pytest.fixture(scope="module")
def boots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Boot]]:
    """All of the boots of one machine."""
    folder = tmp_path_factory.mktemp("devices")
    image = systems.write(SYSTEM, folder / "disk.img", install)
    hardware = replace(PC, machine=devices.MACHINE, memory=devices.MEMORY)
    with ExitStack() as running:
        running.enter_context(tpm.running(folder))
        vm = running.enter_context(DiskVM(image, more=devices.options(folder), hardware=hardware, patience=SLOW * PATIENCE))
        vm.boot()
        seen = {BOOTS[0]: look(vm, None)}
        for name in BOOTS[1:]:
            seen[name] = look(vm, vm.passage("saut reboot"))
            wait_for(vm, "confirmed")
        yield seen


@pytest.mark.parametrize("name", BOOTS[1:])
def test_it_jumped(boots: dict[str, Boot], name: str) -> None:
    """By kexec, every time."""
    passage = boots[name].passage
    assert passage and passage.by_kexec, passage


@pytest.mark.parametrize("boot", BOOTS)
@pytest.mark.parametrize("name", [device.name for device in (*DEVICES, KEYBOARD, BALLOON)])
def test_it_works(boots: dict[str, Boot], name: str, boot: str) -> None:
    """After the firmware, so that the test is one, and after each jump."""
    reply = boots[boot].tried[name]
    assert reply.rc == 0, reply


@pytest.mark.parametrize("name", BOOTS[1:])
def test_nothing_new_is_wrong(boots: dict[str, Boot], name: str) -> None:
    """No message of level err or worse that the boot by the firmware had not."""
    assert not boots[name].errors - boots[BOOTS[0]].errors
