# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian machines that are reached by ssh, as those that a fleet's tools look after."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import base_system
import package_tree
import pytest
import systems
from base_system import Base
from disk_machine import DiskVM
from test_come_back_network import add_network

#: With what reboots a machine by itself, or on a person's behalf, and what Ansible needs.
BASE = Base("bookworm", ("systemd-sysv", "udev", "openssh-server", "iproute2", "python3", "python3-yaml", "cloud-init",
                         "molly-guard", "needrestart", "unattended-upgrades", *systems.LIBRARIES))
#: Nothing of theirs runs before a test wants it.
OFF = systems.masked("systemd-udevd.service", "systemd-udev-trigger.service", "unattended-upgrades.service",
                     "networking.service")
SYSTEM = replace(systems.SYSTEMD_GRUB, name="fleet", base=BASE, size=896 * systems.MIB,
                 links=systems.masked(*systems.MASKED) | OFF | systems.SESSION)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_key(folder: Path) -> Path:
    """A key of the one who runs the tools."""
    key = folder / "key"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


def write_disk(folder: Path) -> Path:
    """A disk with our package that takes this key; the test is skipped where it cannot be made."""
    try:
        base_system.folder(BASE)
    except base_system.Unreachable as reason:
        pytest.skip(str(reason))
    key = make_key(folder)

    def install(root: Path) -> None:
        package_tree.install(("systemd",), root)
        add_network(root)
        (root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
        shutil.copy(key.with_suffix(".pub"), root / "root/.ssh/authorized_keys")
        (root / "etc/cloud/cloud-init.disabled").write_text("")

    return systems.write(SYSTEM, folder / "disk.img", install)


def card(port: int) -> tuple[str, ...]:
    """QEMU's options for a card behind which ssh answers at this port of ours."""
    forward = f"user,id=gateway,ipv6=off,hostfwd=tcp:127.0.0.1:{port}-:22"
    return ("-netdev", forward, "-device", "virtio-net-pci,netdev=gateway,id=card")


def ssh_words(key: Path, port: int) -> list[str]:
    """ssh to a machine that nobody has seen before."""
    options = ("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR",
               "ConnectTimeout=60")
    words = [word for option in options for word in ("-o", option)]
    return ["ssh", *words, "-i", str(key), "-p", str(port), "root@127.0.0.1"]


def listen_to(machines: list[DiskVM], command: list[str], environment: dict[str, str], seconds: float) -> tuple[int, str]:
    """Runs @command for so long at most; its exit code and what it said. No machine waits to be heard meanwhile."""
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=said,
                                   stderr=subprocess.STDOUT)
        try:
            while process.poll() is None and time.monotonic() < deadline:
                for vm in machines:
                    vm.hear(0.1)
        finally:
            process.kill()
            process.wait()
            said.seek(0)
        return process.returncode, said.read()
