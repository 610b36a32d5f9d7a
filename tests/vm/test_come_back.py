# SPDX-License-Identifier: LGPL-2.1-or-later
"""A next kernel that does not come up well: the machine is back under the old one, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import reboots
import systems
from disk_machine import DiskVM
from machine import GuestHang
from reboots import Stand
from trials import (
    BY_HAND,
    GRUB_CFG,
    NEW,
    NEW_RELEASE,
    OLD,
    OLD_RELEASE,
    SILENT_ON_PANICS,
    STAGE,
    is_back,
    refused,
    staged,
    trial,
    wait_for,
)

#: 6.12 with the initrd of 6.1, in which it finds no disk, and no word of its own on panics.
WITHOUT_A_DISK = f"{SILENT_ON_PANICS}; sed -i '/initrd/s/{NEW_RELEASE}/{OLD_RELEASE}/' {GRUB_CFG}"
REFUSES = "printf '#!/bin/sh\\nexit 3\\n' >/etc/saut/good.d/database && chmod 755 /etc/saut/good.d/database"
#: The boot service loads 6.12 and has a reboot go into it.
BY_SERVICE = (
    f"printf 'COME_BACK=yes\\nCOME_BACK_WITHIN=60\\nENTRY={NEW_RELEASE}\\n' >/etc/kexec.conf && "
    "systemctl enable kexec-load.service && systemctl restart kexec-load.service"
)
HELD = BY_SERVICE.replace("ENTRY=", "LOAD_DURING_SHUTDOWN=no\\nENTRY=")
#: A service as most are: the boot waits for it, so that it is stopped late.
STEADY = (
    "printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' "
    ">/etc/systemd/system/steady.service && systemctl enable --now steady.service"
)

#: Where a kernel's last words outlive a reset: ACPI's ERST.
LAST_WORDS = (
    *("-object", "memory-backend-file,id=words,mem-path={folder}/words,size=64K,share=on"),
    *("-device", "acpi-erst,memdev=words"),
)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with systemd and GRUB, whose default is the older kernel."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("come-back")
        added = reboots.Added(options=LAST_WORDS)
        start = reboots.starter(systems.SYSTEMD_GRUB, ("systemd",), running, folder, added=added)
        yield Stand(start, STAGE)


@pytest.fixture
def vm(stand: Stand) -> DiskVM:
    """The machine under the old kernel, whatever a test before has left."""
    return staged(stand)


def words(vm: DiskVM) -> list[str]:
    """The running kernel's command line."""
    return vm.check("cat /proc/cmdline").split()


def test_a_good_one_is_confirmed(vm: DiskVM) -> None:
    """By what was true before; and the machine stays."""
    vm.check("printf '#!/bin/sh\\necho asked >>/run/asked\\n' >/etc/saut/good.d/database && chmod 755 /etc/saut/good.d/*")
    passage = vm.passage(BY_HAND)
    assert passage.by_kexec and passage.after.uname == NEW_RELEASE
    assert any(word.startswith("saut.trial=") for word in words(vm))
    before = vm.check("cat /var/lib/saut/before")
    assert "mount /\n" in before and "service session.service\n" in before
    said = wait_for(vm, "confirmed")
    assert said["reason"] == "all is as before the jump" and said["failed"] is False
    assert "asked" in vm.check("cat /run/asked")
    assert "came up and was confirmed after" in vm.run("saut status").stdout
    assert "not on trial" in vm.run("saut confirm").stderr
    # What was ours on the command line is not inherited.
    assert "saut.trial" not in vm.check("saut reboot --running --no-come-back --dry-run")


def test_one_without_its_disk_comes_back(vm: DiskVM) -> None:
    """It panics where it would wait for ever; after that it is left to the firmware."""
    vm.check(WITHOUT_A_DISK)
    passage = vm.passage(BY_HAND)
    assert is_back(passage)
    assert "Kernel panic" in passage.console and "Rebooting in 10 seconds" in passage.console
    said = trial(vm)
    assert said["outcome"] == "silent" and said["failed"] is True
    status = vm.run("saut status").stdout
    assert "gave no sign of life; reset through the firmware, the old kernel runs again" in status
    assert "it panicked: Kernel panic - not syncing: " in status
    assert "the last jump into" in vm.run(BY_HAND).stderr
    vm.check("saut forgive")
    assert trial(vm)["outcome"] == "forgiven"
    assert "would reboot by kexec" in vm.check(f"{BY_HAND} --dry-run")


@pytest.mark.full
def test_without_a_trial_a_panic_is_the_end(vm: DiskVM) -> None:
    """The same kernel, of which nothing else is asked: nobody comes."""
    vm.check(WITHOUT_A_DISK)
    vm.send(f"saut reboot --entry=linux-{NEW} --no-come-back")
    vm.wait_console("end Kernel panic - not syncing")
    # Several times what it takes on trial.
    vm.patience = 60
    with pytest.raises(GuestHang):
        vm.wait_up()


@pytest.mark.full
def test_an_init_that_ends_comes_back(vm: DiskVM) -> None:
    """The kernel panics when its init ends, whatever that says."""
    ends = f"[ $(uname -r) != {NEW_RELEASE} ] || exit 0"
    vm.check(f"printf '#!/bin/sh\\n{ends}\\nexec /lib/systemd/systemd\\n' >/usr/sbin/ends && chmod 755 /usr/sbin/ends")
    vm.check(f"{SILENT_ON_PANICS} && ln -sf ends /usr/sbin/init")
    passage = vm.passage(BY_HAND)
    vm.check("ln -sf ../lib/systemd/systemd /usr/sbin/init")
    assert is_back(passage)
    assert "Rebooting in 10 seconds" in passage.console
    assert trial(vm)["outcome"] == "silent"
    assert "it panicked: Kernel panic - not syncing: Attempted to kill init!" in vm.run("saut status").stdout


@pytest.mark.full
def test_a_machine_that_is_reset_again_keeps_the_old_kernel(vm: DiskVM) -> None:
    """Neither after that nor at the next reboot is the kernel that failed jumped into."""
    vm.check(f"{WITHOUT_A_DISK} && {BY_SERVICE}")
    assert f"will load Linux {NEW_RELEASE}" in vm.check("saut status")
    panics = []
    for reboot in ("systemctl reboot", "sync; echo b >/proc/sysrq-trigger", "systemctl reboot"):
        passage = vm.passage(reboot)
        assert is_back(passage)
        assert trial(vm)["outcome"] == "silent" and trial(vm)["failed"] is True
        # The boot service has had its turn.
        vm.run("systemctl is-system-running --wait")
        assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
        assert vm.run("saut status").stdout.startswith("The next reboot will go through the firmware")
        panics.append("Kernel panic" in passage.console)
    assert panics == [True, False, False]


@pytest.mark.full
def test_a_reset_leads_to_the_old_kernel(vm: DiskVM) -> None:
    """Though GRUB's default is the one that fails: it is told to boot the running entry once."""
    grubenv = "/boot/grub/grubenv"
    default = f"sed -i 's/^saved_entry=.*/saved_entry=linux-%s/' {grubenv} && truncate -s 1024 {grubenv}"
    vm.check(default % NEW)
    said = vm.check(f"{BY_HAND} --dry-run")
    assert f"through the firmware, into Debian GNU/Linux, with Linux {OLD_RELEASE}" in said
    # A good one: taken back when it is confirmed.
    assert vm.passage(BY_HAND).after.uname == NEW_RELEASE
    wait_for(vm, "confirmed")
    assert vm.run(f"grep next_entry=. {grubenv}").rc != 0
    assert f"saved_entry=linux-{NEW}" in vm.check(f"cat {grubenv}")
    assert vm.check(f"stat -c %s {grubenv}") == "1024\n"
    # A bad one: GRUB boots the old kernel once, and then again what it did before.
    assert vm.passage(f"saut reboot --entry=linux-{OLD}").after.uname == OLD_RELEASE
    vm.check(WITHOUT_A_DISK)
    passage = vm.passage(BY_HAND)
    assert is_back(passage)
    assert trial(vm)["outcome"] == "silent"
    assert vm.run(f"grep next_entry=. {grubenv}").rc != 0
    vm.check(default % OLD)


@pytest.mark.full
def test_one_that_a_check_refuses_is_left(vm: DiskVM) -> None:
    """It is up, and not good: through the firmware, with the check that said so."""
    vm.check(f"{REFUSES} && {BY_SERVICE}")
    assert vm.passage("systemctl reboot").after.uname == NEW_RELEASE
    assert "/etc/saut/good.d/database ended with exit code 3" in refused(vm)
    # The boot service of the old kernel does not load it again.
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    assert vm.run("saut status").stdout.startswith("The next reboot will go through the firmware")
    assert "failed" in vm.run("saut service load").stderr


@pytest.mark.full
def test_the_service_confirms(vm: DiskVM) -> None:
    """An ordinary reboot, with the boot service's kernel."""
    vm.check(f"{STEADY} && {BY_SERVICE}")
    passage = vm.passage("systemctl reboot")
    assert passage.by_kexec and passage.after.uname == NEW_RELEASE
    # The session, which is ordered behind the boot, may be stopped before this is written.
    assert "service steady.service\n" in vm.check("cat /var/lib/saut/before")
    assert wait_for(vm, "confirmed")["reason"] == "all is as before the jump"


@pytest.mark.full
def test_by_hand(vm: DiskVM) -> None:
    """--confirm=manual waits for a person, who may refuse."""
    assert vm.passage(f"{BY_HAND} --confirm=manual").after.uname == NEW_RELEASE
    assert wait_for(vm, "waiting")["within"] == 60
    vm.check("saut confirm")
    assert trial(vm)["reason"] == "saut confirm"
    assert vm.passage("saut reboot --firmware").after.uname == OLD_RELEASE
    assert vm.passage(f"{BY_HAND} --confirm=manual").after.uname == NEW_RELEASE
    passage = vm.passage("saut confirm --refuse")
    assert is_back(passage)
    assert trial(vm)["reason"] == "saut confirm --refuse"


@pytest.mark.full
def test_what_others_load_is_not_on_trial(vm: DiskVM) -> None:
    """Whatever our service had loaded before: it is neither held against anything, nor a failure."""
    next_trial = "/var/lib/saut/next-trial"
    old = f"/boot/vmlinuz-{OLD_RELEASE} --initrd=/boot/initrd.img-{OLD_RELEASE} --reuse-cmdline"
    # kexec-tools knows nothing of our file.
    vm.check(f"{HELD} && cp {next_trial} /run/n && kexec -l {old} && cp /run/n {next_trial}")
    passage = vm.passage("systemctl reboot")
    assert passage.by_kexec and passage.after.uname == OLD_RELEASE
    assert wait_for(vm, "forgiven")["reason"] == "another kernel was loaded in its place"
    assert "would reboot by kexec" in vm.check(f"{BY_HAND} --dry-run")


@pytest.mark.full
def test_what_cannot_be_written_down_is_not_jumped_into(vm: DiskVM) -> None:
    """By hand the machine stays as it is; a reboot by others goes through the firmware, and says why."""
    vm.check(f"{HELD} && rm -rf /var/lib/saut/before && mkdir -p /var/lib/saut/before/x")
    assert vm.run(f"{BY_HAND}; sleep 5; cat /sys/kernel/kexec_loaded").stdout.endswith("1\n")
    vm.check("! [ -e /var/lib/saut/trial ]")
    passage = vm.passage("systemctl reboot")
    assert is_back(passage)
    # Its exit code says how the next reboot goes.
    assert "/var/lib/saut/before" in vm.run("saut status").stdout
    vm.check("! [ -e /var/lib/saut/trial ]")
    # The same where the service loads during the shutdown.
    vm.check(BY_SERVICE)
    assert is_back(vm.passage("systemctl reboot"))
    assert "/var/lib/saut/before" in vm.run("saut status").stdout
    vm.check("! [ -e /var/lib/saut/trial ]")


ONE_SHOT = "/sys/firmware/efi/efivars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
LOADER_CONF = "/boot/loader/loader.conf"
OLD_ID = f"{systems.MACHINE_ID}-{OLD_RELEASE}.conf"


def prefer(release: str) -> str:
    """A command that makes an entry systemd-boot's default."""
    return f"sed -i 's/^default.*/default {systems.MACHINE_ID}-{release}.conf/' {LOADER_CONF}"


def without_a_disk_on_esp() -> str:
    """As WITHOUT_A_DISK, for systemd-boot."""
    entry = f"/boot/loader/entries/{systems.MACHINE_ID}-{NEW_RELEASE}.conf"
    old = f"/{systems.MACHINE_ID}/{OLD_RELEASE}/initrd.img-{OLD_RELEASE}"
    return f"cp {entry} /root/good.conf && sed -i 's,^initrd.*,initrd {old},; s/ panic=-1//' {entry}"


@pytest.mark.full
def test_systemd_boot_leads_to_the_old_kernel(tmp_path: Path) -> None:
    """The same by the firmware's variable, which survives the jump and is gone after its boot."""
    by_hand = f"saut reboot --entry={NEW_RELEASE} --within=60"
    with ExitStack() as running:
        vm = reboots.starter(systems.SYSTEMD_BOOT, ("systemd",), running, tmp_path)()
        assert vm.up and vm.up.uname == OLD_RELEASE
        # The default is the running kernel: nothing to be told.
        assert "is not told" not in vm.check(f"{by_hand} --dry-run")
        vm.check(prefer(NEW_RELEASE))
        assert f"into Debian GNU/Linux 12 (bookworm) ({OLD_RELEASE})" in vm.check(f"{by_hand} --dry-run")
        # A bad one: the old kernel once.
        vm.check(without_a_disk_on_esp())
        passage = vm.passage(by_hand)
        assert is_back(passage)
        assert "Kernel panic" in passage.console
        vm.check(f"! [ -e {ONE_SHOT} ]")
        assert trial(vm)["outcome"] == "silent"
        status = vm.run("saut status").stdout
        assert "no sign of life; reset through the firmware, the old kernel runs again" in status
        vm.check(f"cp /root/good.conf /boot/loader/entries/{systems.MACHINE_ID}-{NEW_RELEASE}.conf")
        vm.check("saut forgive")
        # A good one: the variable is there until it is confirmed.
        assert vm.passage(f"{by_hand} --confirm=manual").after.uname == NEW_RELEASE
        # Nobody can go to a place in such a file.
        written = bytes.fromhex(vm.check(f"cat {ONE_SHOT} | od -An -v -tx1"))
        assert written == b"\7\0\0\0" + OLD_ID.encode("utf-16-le") + b"\0\0"
        wait_for(vm, "waiting")
        assert "are switched off" not in vm.run("saut status").stdout
        vm.check(f"saut confirm && ! [ -e {ONE_SHOT} ]")
        assert trial(vm)["outcome"] == "confirmed"
        # What somebody else has told it stays, and keeps a kernel from being jumped into.
        vm.check(f"printf '\\7\\0\\0\\0x\\0\\0\\0' >/run/x && cat /run/x >{ONE_SHOT}")
        assert "the boot loader is to boot an entry once" in vm.run(by_hand).stderr
