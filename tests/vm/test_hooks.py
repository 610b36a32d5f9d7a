# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reboots that somebody else asks for: what Debian packages for that, and Kubernetes' kured. Each goes by kexec."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import fleet
import pytest
import rootfs
from disk_machine import DiskVM, Passage
from trials import NEW_RELEASE, OLD_RELEASE

PAGE = (rootfs.REPOSITORY / "contrib/README.md").read_text()
KURED = (rootfs.REPOSITORY / "contrib/kubernetes/README.md").read_text()

SETTLED = "systemctl is-system-running --wait; saut confirm 2>/dev/null; true"


class Reached:
    """A machine, and the way to it by ssh."""

    def __init__(self, vm: DiskVM, key: Path, port: int) -> None:
        self.vm, self.key, self.port = vm, key, port

    def passage(self, command: str, into: str = OLD_RELEASE) -> Passage:
        """Gives @command, after which it must be up by kexec; and /run/said is what it said."""
        self.vm.check(SETTLED)
        passage = self.vm.passage(f"{{ {command}; }} >/run/said 2>&1")
        assert passage.by_kexec and passage.after.uname == into, passage.console
        return passage


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    """Debian with the boot service switched on, as the README says."""
    folder = tmp_path_factory.mktemp("hooks")
    disk, port = fleet.write_disk(folder), fleet.free_port()
    with ExitStack() as running:
        vm = running.enter_context(DiskVM(disk, more=fleet.card(port)))
        vm.boot()
        vm.check(f"{SETTLED}; systemctl enable --now kexec-load.service")
        yield Reached(vm, folder / "key", port)


def pod(command: str) -> str:
    """@command in a container as a pod's with hostPID: a root, and namespaces, but for the PIDs, of its own."""
    make = "mkdir -p /srv/pod && mount --bind / /srv/pod && for f in run boot etc tmp; do mount -t tmpfs none /srv/pod/$f; done"
    enter = "mount -t proc none /srv/pod/proc && exec chroot /srv/pod"
    return f"unshare --mount --uts --ipc --net --cgroup sh -c '{make} && {enter} {command}'"


def reboot_command() -> str:
    """What the page has the DaemonSet be given."""
    (found,) = set(re.findall(r"--reboot-command=(/[^\"\n]*)", KURED))
    return found


@pytest.mark.full
def test_as_kured_does(machine: Reached) -> None:
    """From a container, by nsenter into the mount namespace of process 1."""
    assert f"nsenter -m/proc/1/ns/mnt -- {reboot_command()}" in KURED
    machine.passage(pod(f"nsenter -m/proc/1/ns/mnt -- {reboot_command()}"))


@pytest.mark.full
def test_unattended_upgrades(machine: Reached) -> None:
    """Where an upgrade wants a reboot, and Automatic-Reboot is on."""
    setting = re.search(r'`(Unattended-Upgrade::Automatic-Reboot "true";)`', PAGE)
    assert setting
    machine.vm.check(f"echo '{setting[1]}' >/etc/apt/apt.conf.d/99reboot && touch /run/reboot-required")
    machine.passage("unattended-upgrade --verbose")


@pytest.mark.full
def test_molly_guard_over_ssh(machine: Reached) -> None:
    """It asks for the machine's name first, and is told a wrong one before the right one."""
    vm = machine.vm
    vm.check(SETTLED)
    words = fleet.ssh_words(machine.key, machine.port)
    wrong = subprocess.run([*words, "-tt", "reboot"], input="elsewhere\n", capture_output=True, text=True, check=False,
                           timeout=240)
    assert "hostname" in wrong.stdout and wrong.returncode != 0, wrong
    before = vm.up
    heard = len(vm.console.received)
    subprocess.run([*words, "-tt", "reboot"], input="guest\n", capture_output=True, text=True, check=False, timeout=240)
    vm.up = vm.wait_up()
    assert before and vm.up.boot == before.boot + 1 and vm.up.uname == OLD_RELEASE
    assert b"SeaBIOS" not in vm.console.received[heard:]


@pytest.mark.full
def test_cloud_init(machine: Reached) -> None:
    """Its power_state, at the end of a first boot."""
    assert "`power_state: {mode: reboot}`" in PAGE
    seed = "/var/lib/cloud/seed/nocloud"
    machine.vm.check(
        f"mkdir -p {seed} && echo instance-id: first >{seed}/meta-data && "
        f"printf '#cloud-config\\npower_state: {{mode: reboot}}\\n' >{seed}/user-data && "
        "echo 'datasource_list: [NoCloud]' >/etc/cloud/cloud.cfg.d/99seed.cfg"
    )
    # Each has its turn at a boot however the one before has ended: this system has neither locales nor resize2fs. Here
    # they are run by hand, and not again in the next boot, where they are switched off (cloud-init.disabled).
    stages = ("init --local", "init", "modules --mode=config", "modules --mode=final")
    machine.passage("; ".join([*(f"cloud-init {stage}" for stage in stages), "true"]))
    machine.vm.check("grep -q 'shutdown.*-r.*now' /var/log/cloud-init.log")


@pytest.mark.full
def test_needrestart(machine: Reached) -> None:
    """It tells that there is a newer kernel than the one that runs, and the page's line acts on that, once."""
    (line,) = re.findall(r"`(needrestart -b .*saut reboot --newest)`", PAGE)
    line = line.replace("\\|", "|")
    machine.passage(line, NEW_RELEASE)
    assert "NEEDRESTART-KSTA: 1\n" in machine.vm.check("needrestart -b -k")
    assert machine.vm.run(line).rc != 0
