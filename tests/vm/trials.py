# SPDX-License-Identifier: LGPL-2.1-or-later
"""Jumps on trial, from the older kernel into the newer one, and what `saut status` tells of them."""

from __future__ import annotations

import json

import packages
from disk_machine import DiskVM, Passage
from reboots import Stand

OLD, NEW = "6.1", "6.12"
OLD_RELEASE = packages.kernel_release(OLD)
NEW_RELEASE = packages.kernel_release(NEW)

GRUB_CFG = "/boot/grub/grub.cfg"
ENABLED = "/etc/systemd/system/multi-user.target.wants/kexec-load.service"
#: GRUB's menu as it was installed, and nothing remembered.
STAGE = (
    f"[ -e {GRUB_CFG}.good ] || cp {GRUB_CFG} {GRUB_CFG}.good; cp {GRUB_CFG}.good {GRUB_CFG} && "
    "rm -rf /etc/saut/good.d /etc/kexec.conf /var/lib/saut && "
    # It asks for the scripts of sysvinit as well, which takes long.
    f"if [ -e {ENABLED} ]; then systemctl disable --now kexec-load.service; fi; "
    "kexec -u; mkdir -p /etc/saut/good.d"
)
#: No word on panics on the kernels' lines but ours.
SILENT_ON_PANICS = f"sed -i 's/ panic=-1//' {GRUB_CFG}"
BY_HAND = f"saut reboot --entry=linux-{NEW} --within=60"

#: How long a boot may take until it is known to be good, or not.
SECONDS = 300


def staged(stand: Stand, stage: str = STAGE) -> DiskVM:
    """The machine under the old kernel, whatever a test before has left."""
    vm = stand.vm
    vm.check(stage)
    if vm.check("uname -r").strip() != OLD_RELEASE:
        vm.passage("saut reboot --firmware")
    return vm


def trial(vm: DiskVM) -> dict[str, object]:
    """What `saut status` tells of the last jump that was on trial."""
    return json.loads(vm.run("saut status --json").stdout)["trial"]


def wait_for(vm: DiskVM, outcome: str) -> dict[str, object]:
    """The same, when it has come to that; a failure says what it has come to instead."""
    said: dict[str, object] = {}
    for _ in range(SECONDS):
        said = trial(vm)
        if said["outcome"] == outcome:
            return said
        vm.check("sleep 1")
    raise AssertionError(f"no {outcome} after {SECONDS} s: {said}")


def is_back(passage: Passage) -> bool:
    """Through the firmware, under the old kernel."""
    return passage.by_firmware and passage.after.uname == OLD_RELEASE


def refused(vm: DiskVM) -> str:
    """Waits until the machine has left the new kernel, which was up; why, as `saut status` has it."""
    vm.up = vm.wait_up()
    assert vm.up.uname == OLD_RELEASE
    said = trial(vm)
    assert said["outcome"] == "refused" and said["failed"] is True
    assert "came up and was refused after" in vm.run("saut status").stdout
    return str(said["reason"])
