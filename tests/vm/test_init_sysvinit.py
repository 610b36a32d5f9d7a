# SPDX-License-Identifier: LGPL-2.1-or-later
"""sysvinit as Debian has it reboots by kexec: its pair of scripts and its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import reboots
import systems
from disk_machine import DiskVM
from reboots import Case

SERVICES = ("sysvinit", "kernel-hooks")
OLD = "6.1"


def settings(*lines: str) -> str:
    """A command that writes /etc/default/kexec."""
    words = " ".join(repr(line) for line in ("LOAD_KEXEC=true", *lines))
    return f"printf '%s\\n' {words} >/etc/default/kexec"


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiskVM]:
    """A PC with GRUB, whose default is the older kernel."""
    with ExitStack() as running:
        yield reboots.start(
            systems.SYSVINIT, SERVICES, running, tmp_path_factory.mktemp("sysvinit")
        )


def test_enabled(debian: DiskVM) -> None:
    """LOAD_KEXEC=true, and the next `reboot` goes by kexec, into what GRUB would boot."""
    debian.check("update-rc.d kexec-load defaults && update-rc.d kexec defaults")
    debian.check(settings(""))
    reboots.perform(debian, Case("enabled", OLD))
