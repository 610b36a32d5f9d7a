# SPDX-License-Identifier: LGPL-2.1-or-later
"""A new user's whole day with each init system: install, ask, switch on, reboot, change one's mind, purge.

What is typed is what the README says, and every setting is as it comes: nothing but the switch itself is set,
LOAD_KEXEC where sysvinit has it.  The transcripts in days/ are there to be read; when they are to
change, SAUT_UPDATE_GOLDEN=1 and this file write them anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import base_system
import debs
import package_tree
import packages
import pytest
import rootfs
import systems
from day import Day
from disk_machine import DiskVM
from systems import System

OLD, NEW = "6.1", "6.12"
OLD_RELEASE = packages.kernel_release(OLD)
NEW_RELEASE = packages.kernel_release(NEW)


def put_package(root: Path) -> None:
    """The package, as it was downloaded."""
    shutil.copy(debs.built()["saut"], root / "root/saut.deb")


def put_archive(root: Path) -> None:
    """What a source based distribution makes of `make install`."""
    target = root.with_suffix(".made")
    package_tree.make_install(("openrc", "kernel-hooks"), target)
    # No folders: those that are there get younger by what comes into them, by which OpenRC sees that it is new.
    files = root.with_suffix(".names")
    files.write_text("".join(f"./{path.relative_to(target)}\n" for path in sorted(target.rglob("*")) if not path.is_dir()))
    package_tree.run(["tar", "-C", str(target), "-cf", str(root / "root/saut.tar"), "-T", str(files)])
    shutil.rmtree(target)


@dataclass(frozen=True)
class Init:
    """How its user does things."""

    system: System
    bring: Callable[[Path], None]
    install: str
    enable: str
    disable: str
    purge: str
    #: What the service boots, and what somebody loads instead.
    first: str
    other: str
    #: Waits until a boot is over.
    settled: str = "true"


#: A boot on trial is confirmed soon, where there is somebody to do so.
CONFIRMED = "for i in $(seq 60); do saut status | grep -q 'on trial' || break; sleep 5; done"

#: What the README says of it, word for word.
SYSTEMD_ON = "systemctl enable --now kexec-load.service"
OPENRC_ON = "rc-update add kexec boot && rc-service kexec start"
SYSVINIT_ON = "LOAD_KEXEC=true"

SYSTEMD = Init(
    systems.SYSTEMD_GRUB,
    put_package,
    "dpkg --install /root/saut.deb",
    SYSTEMD_ON,
    "systemctl disable --now kexec-load.service",
    "dpkg --purge saut",
    OLD,
    NEW,
    f"systemctl is-system-running --wait; {CONFIRMED}",
)
SYSVINIT = Init(
    systems.SYSVINIT,
    put_package,
    "dpkg --install /root/saut.deb",
    f"sed -i s/^LOAD_KEXEC=.*/{SYSVINIT_ON}/ /etc/default/kexec",
    "sed -i s/^LOAD_KEXEC=.*/LOAD_KEXEC=false/ /etc/default/kexec",
    "dpkg --purge saut",
    OLD,
    NEW,
    CONFIRMED,
)
OPENRC = Init(
    systems.OPENRC,
    put_archive,
    "tar -C / -xf /root/saut.tar",
    OPENRC_ON,
    "rc-update del kexec boot && rc-service kexec stop",
    "tar -tf /root/saut.tar | (cd / && xargs rm)",
    NEW,
    OLD,
)


def spend(day: Day, init: Init) -> None:
    """From morning to evening."""
    other = packages.kernel_release(init.other)
    day.say("In the morning: install it, and look")
    day.types(init.install)
    day.types("saut status", rc=None)
    day.say("Switch it on")
    day.types(init.enable)
    day.types("saut list")
    day.types("saut status", rc=None)
    day.reboots(init.first, OLD)
    day.types("saut status", rc=None)
    day.say("Another kernel, this once")
    day.types(f"saut load --entry={other}")
    day.types("saut status", rc=None)
    day.reboots(init.other, OLD)
    day.types("saut status", rc=None)
    day.say("Rather through the firmware, this once")
    day.types("saut load")
    day.types("saut unload")
    day.types("saut status", rc=None)
    day.reboots(None, OLD)
    day.types("saut status", rc=None)
    day.say("In the evening: switch it off, and take it away")
    day.types(init.disable)
    day.types("saut status", rc=None)
    day.reboots(None, OLD)
    day.types(init.purge)
    # A shell of its own: the one that is typed to remembers where it found them.
    day.types("sh -c 'command -v saut kexec'", rc=127)
    assert day.vm.check(LEFT) == ""
    assert "dpkg" not in init.purge or day.vm.run("test -e /var/lib/saut").rc != 0
    day.reboots(None, OLD)


#: What of ours is left: files, and links that switch on what is gone. What the test has put there is its own,
#: and what was learned about this machine stays where nobody purges.
LEFT = (
    "find /etc /usr /var /lib/systemd -xdev ! -type d "
    "\\( -name '*saut*' -o -name 'kexec-load*' -o -lname '*kexec-load*' -o -lname '*saut*' \\) "
    "! -path '*/saut-test*' ! -path '/var/lib/saut/*'"
)


@pytest.mark.full
@pytest.mark.parametrize("name", ["systemd", "sysvinit", "openrc"])
def test_day(name: str, tmp_path: Path) -> None:
    """Each step goes as asked, and what is said is what is kept."""
    init = {"systemd": SYSTEMD, "sysvinit": SYSVINIT, "openrc": OPENRC}[name]
    try:
        base_system.folder(init.system.base)
    except base_system.Unreachable as reason:
        pytest.skip(str(reason))
    image = systems.write(init.system, tmp_path / "disk.img", init.bring)
    with ExitStack() as running:
        vm = running.enter_context(DiskVM(image, init.system.uefi))
        vm.boot()
        day = Day(vm, init.settled)
        spend(day, init)
        day.compare(name)


@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_readme_has_these_words(readme: str) -> None:
    """Who reads it types them."""
    text = (rootfs.REPOSITORY / readme).read_text()
    for words in (SYSTEMD_ON, OPENRC_ON, SYSVINIT_ON):
        assert words in text
