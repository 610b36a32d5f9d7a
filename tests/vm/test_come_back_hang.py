# SPDX-License-Identifier: LGPL-2.1-or-later
"""A next kernel that hangs, or whose user space does, after `saut reboot`: the watchdog ends it.

The machines have Debian with systemd and GRUB, whose default is the older kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import packages
import pytest
import reboots
import systems
from disk_machine import DiskVM
from machine import GuestHang
from reboots import Added, Stand
from test_watchdog import TCO_MAY_RESET, wdat
from trials import GRUB_CFG, NEW, NEW_RELEASE, OLD, OLD_RELEASE, is_back, staged, trial, wait_for

RELEASES = f"{OLD_RELEASE} {NEW_RELEASE}"

KERNEL = f"/boot/vmlinuz-{NEW_RELEASE}"
#: Everything as it was installed, and nothing remembered.
STAGE = (
    f"for file in {KERNEL} {GRUB_CFG}; do "
    "[ -e $file.good ] || cp $file $file.good; cp $file.good $file || exit; done; "
    "rm -rf /etc/kexec.conf /var/lib/saut; kexec -u; "
    f"for release in {RELEASES}; do depmod $release || exit; done"
)
BY_HAND = f"saut reboot --entry=linux-{NEW} --within=30"
#: The same for a kernel that comes up: on a busy machine that takes its time.
GOOD = f"saut reboot --entry=linux-{NEW} --within=600"

I6300ESB = ("-device", "i6300esb")


def modules(*names: str) -> Added:
    """The drivers of watchdogs that each of the kernels has, of these."""

    def write(root: Path) -> None:
        for version in (OLD, NEW):
            release = packages.kernel_release(version)
            folder = root / "usr/lib/modules" / release / "kernel/drivers/watchdog"
            folder.mkdir(parents=True)
            (folder.parents[2] / "modules.builtin").write_text("")
            for name in names:
                try:
                    (folder / f"{name}.ko").write_bytes(packages.module(version, name))
                except packages.PackageError:
                    # The older one has no i6300esb.
                    continue

    return Added(write)


def breaks(version: str = NEW) -> str:
    """Stops the newer kernel at its first instruction, and spoils what is packed in it.

    So it cannot be entered past that; it still says its version.
    """
    content = packages.kernel(version).read_bytes()
    begin = (content[0x1F1] + 1) * 512
    payload = begin + int.from_bytes(content[0x248:0x24C], "little")
    patches = {begin: r"\372\364\353\375", begin + 0x200: r"\372\364\353\375", payload: r"\0\0\0\0"}
    return " && ".join(
        f"printf '{text}' | dd of={KERNEL} bs=1 seek={offset} conv=notrunc" for offset, text in patches.items()
    )


def stand_of(options: tuple[str, ...], running: ExitStack, folder: Path) -> Stand:
    """A machine with those of QEMU's options."""
    files = modules("watchdog", "i6300esb", "wdat_wdt").files
    added = Added(files, options)
    start = reboots.starter(systems.SYSTEMD_GRUB, ("systemd",), running, folder, added=added)
    return Stand(start, STAGE)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with i6300esb."""
    with ExitStack() as running:
        yield stand_of(I6300ESB, running, tmp_path_factory.mktemp("hang"))


@pytest.fixture
def vm(stand: Stand) -> DiskVM:
    """The machine under the old kernel, whatever a test before has left."""
    return staged(stand, STAGE)


def promised(vm: DiskVM, watchdog: str) -> None:
    """What is said before such a jump."""
    said = vm.run(f"{BY_HAND} --dry-run").stdout
    assert "    trial    back by kexec; if not, through the firmware after at most " in said
    assert f" s, into Debian GNU/Linux, with Linux {OLD_RELEASE}\n" in said
    assert f"by the watchdog ({watchdog}) it is left" in said
    assert "watchdog.open_timeout=30" in said


def comes_back(vm: DiskVM, command: str, driver: str) -> str:
    """Jumps by @command into what hangs; what is said when the old kernel runs again."""
    passage = vm.passage(command)
    assert is_back(passage)
    said = trial(vm)
    assert said["failed"] is True and said["watchdog"] == driver
    return vm.run("saut status").stdout


def test_kernel_that_hangs(vm: DiskVM) -> None:
    """Its first instruction is its last: nobody but the hardware can end that."""
    vm.check(breaks())
    promised(vm, "i6300esb")
    status = comes_back(vm, BY_HAND, "i6300esb")
    assert trial(vm)["outcome"] == "silent"
    assert "gave no sign of life; reset through the firmware, by the watchdog (i6300esb) unless it " \
        "panicked, the old kernel runs again" in status
    assert "the last jump into" in vm.run(BY_HAND).stderr


@pytest.mark.full
def test_without_the_watchdog_it_hangs(stand: Stand, tmp_path: Path) -> None:
    """The same kernel and the same words, on a machine without one: said, and nobody comes."""
    with ExitStack() as running:
        vm = stand_of((), running, tmp_path).vm
        vm.check(f"{STAGE}; {breaks()}")
        said = vm.run(f"{BY_HAND} --dry-run").stdout
        assert "a kernel that hangs stays so: no watchdog is started: " in said
        with pytest.raises(GuestHang):
            vm.passage(BY_HAND)


def test_good_one_stops_it(vm: DiskVM) -> None:
    """Its boot service takes the watchdog over, keeps it while it waits, and stops it."""
    assert vm.passage(f"{GOOD} --confirm=manual").after.uname == NEW_RELEASE
    wait_for(vm, "waiting")
    vm.check("until [ -e /sys/class/watchdog/watchdog0 ]; do sleep 1; done")
    vm.check("until [ $(cat /sys/class/watchdog/watchdog0/state) = active ]; do sleep 1; done")
    assert "watchdog.open_timeout=600" in vm.check("cat /proc/cmdline").split()
    vm.check("saut confirm")
    vm.check("until [ $(cat /sys/class/watchdog/watchdog0/state) = inactive ]; do sleep 1; done")
    said = trial(vm)
    assert said["outcome"] == "confirmed" and said["watchdog"] == "i6300esb"
    assert said["reset_by_watchdog"] is None


@pytest.mark.full
def test_good_one_is_left_alone(vm: DiskVM) -> None:
    """No reset in the ten minutes after it was confirmed."""
    up = vm.passage(GOOD).after
    assert up.uname == NEW_RELEASE
    wait_for(vm, "confirmed")
    for _ in range(10):
        vm.check("sleep 60")
    assert vm.check("cat /proc/sys/kernel/random/boot_id").strip() == up.nonce


@pytest.mark.full
def test_init_that_hangs(vm: DiskVM) -> None:
    """Nothing of the user space runs: the driver is not loaded, and the hardware counts on."""
    loop = f"[ $(uname -r) != {NEW_RELEASE} ] || while :; do sleep 60; done"
    vm.check(f"printf '#!/bin/sh\\n{loop}\\nexec /lib/systemd/systemd\\n' >/usr/sbin/hangs && chmod 755 /usr/sbin/hangs")
    vm.check("ln -sf hangs /usr/sbin/init")
    status = comes_back(vm, BY_HAND, "i6300esb")
    assert "gave no sign of life; reset through the firmware" in status
    vm.check("ln -sf ../lib/systemd/systemd /usr/sbin/init")


@pytest.mark.full
def test_user_space_that_stops(vm: DiskVM) -> None:
    """All of it, after the boot service has the watchdog: nobody keeps it any more."""
    assert vm.passage(f"{GOOD} --confirm=manual").after.uname == NEW_RELEASE
    vm.check("until [ $(cat /sys/class/watchdog/watchdog0/state) = active ]; do sleep 1; done")
    vm.send("kill -STOP -1")
    vm.up = vm.wait_up()
    assert vm.up.uname == OLD_RELEASE
    said = trial(vm)
    assert said["outcome"] == "lost"
    assert "came up, and ended before it was confirmed; reset through the firmware, by the watchdog" \
        in vm.run("saut status").stdout


@pytest.mark.full
def test_described_by_acpi(tmp_path: Path) -> None:
    """A WDAT: its driver finds it running, and it tells afterwards that it was the watchdog."""
    (tmp_path / "wdat").write_bytes(wdat())
    options = (*TCO_MAY_RESET, "-acpitable", f"sig=WDAT,data={tmp_path / 'wdat'}")
    with ExitStack() as running:
        vm = stand_of(options, running, tmp_path).vm
        vm.check(STAGE)
        assert vm.passage(GOOD).after.uname == NEW_RELEASE
        wait_for(vm, "confirmed")
        assert vm.check("cat /sys/class/watchdog/watchdog0/state") == "inactive\n"
        assert vm.passage("saut reboot --firmware").after.uname == OLD_RELEASE
        vm.check(breaks())
        status = comes_back(vm, BY_HAND, "wdat_wdt")
        assert "by the watchdog (wdat_wdt) unless it panicked" in status
