# SPDX-License-Identifier: LGPL-2.1-or-later
"""Distributions' own initrds that do not find the root file system: each would wait in a shell for a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import package_tree
import packages
import pytest
import reboots
import systems
from base_system import Base
from disk_machine import DiskVM
from machine import PATIENCE
from reboots import Stand
from trials import BY_HAND, GRUB_CFG, NEW, NEW_RELEASE, SILENT_ON_PANICS, STAGE, is_back, staged, trial

SYSTEM = replace(
    systems.SYSTEMD_GRUB,
    name="systemd-initrds",
    base=Base("bookworm", (*systems.SYSTEMD_BASE.packages, "busybox", "dracut-core", "initramfs-tools")),
)


@dataclass(frozen=True)
class Maker:
    """Who makes initrds, and what they say when there is no root file system."""

    name: str
    command: str
    #: Has it give up sooner than after minutes.
    impatient: str
    #: With a shell, and without one.
    waits: str
    gives_up: str


INITRAMFS_TOOLS = Maker(
    "initramfs-tools",
    f"mkinitramfs -o /boot/initramfs-tools.img {NEW_RELEASE}",
    "rootdelay=5",
    waits=r"\(initramfs\) ",
    gives_up="Rebooting automatically due to panic= boot argument",
)
DRACUT = Maker(
    "dracut",
    f"dracut --no-hostonly --force /boot/dracut.img {NEW_RELEASE}",
    "rd.retry=10",
    waits="Entering emergency mode|Cannot open access to console",
    gives_up="Warning: Boot has failed",
)
MAKERS = (INITRAMFS_TOOLS, DRACUT)


def add_initrds(root: Path) -> None:
    """One of each, without the driver of the disk."""
    modules = root / "usr/lib/modules" / NEW_RELEASE
    shutil.copytree(packages.modules_folder(NEW), modules, symlinks=True)
    for driver in modules.rglob("virtio_blk.ko*"):
        driver.unlink()
    (root / f"boot/config-{NEW_RELEASE}").write_text(packages.kernel_config(NEW))
    inside = "mount -t proc proc $0/proc && exec chroot $0 /bin/sh -ec"
    for command in (f"depmod {NEW_RELEASE}", *(maker.command for maker in MAKERS)):
        package_tree.run(
            ["unshare", "--mount", "sh", "-ec", f"{inside} '{command}'", str(root)],
            package_tree.ENVIRONMENT,
        )
    shutil.rmtree(modules)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with those initrds."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("initrds")
        added = reboots.Added(add_initrds)
        start = reboots.starter(SYSTEM, ("systemd",), running, folder, added=added)
        yield Stand(start, STAGE)


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.name)
def maker(request: pytest.FixtureRequest) -> Maker:
    """Each of them."""
    return request.param


@pytest.fixture
def vm(stand: Stand, maker: Maker) -> DiskVM:
    """The machine under the old kernel, whose newer one has such an initrd."""
    vm = staged(stand)
    # They try for a while.
    vm.patience = 2 * PATIENCE
    edits = f"s/initrd.img-{NEW_RELEASE}/{maker.name}.img/; /vmlinuz-{NEW_RELEASE}/s/$/ {maker.impatient}/"
    vm.check(f"{SILENT_ON_PANICS} && sed -i '{edits}' {GRUB_CFG}")
    return vm


@pytest.mark.full
def test_a_missing_root_leads_back(vm: DiskVM, maker: Maker) -> None:
    """It reboots where it would wait."""
    passage = vm.passage(BY_HAND)
    assert is_back(passage)
    assert maker.gives_up in passage.console
    said = trial(vm)
    assert said["outcome"] == "silent" and said["failed"] is True


@pytest.mark.full
def test_without_a_trial_it_waits(vm: DiskVM, maker: Maker) -> None:
    """For whoever sits in front of it."""
    vm.send(f"saut reboot --entry=linux-{NEW} --no-come-back")
    vm.wait_console(maker.waits)
    vm.close_process()
