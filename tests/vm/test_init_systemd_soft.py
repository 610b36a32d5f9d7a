# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd 257 on a PC with GRUB: a reboot of the user space alone, which the kernel lives through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import reboots
import systems
from reboots import Case, Stand
from test_init_systemd import HELD, LOADED, NEW, SERVICES, STAGE

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A PC with GRUB."""
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("systemd-new")
        start = reboots.starter(systems.SYSTEMD_NEW, SERVICES, running, folder)
        yield Stand(start, STAGE, firmware_boots=NEW)


def soft_reboot(stand: Stand) -> None:
    """The same kernel goes on, and all services are up again."""
    passage = stand.vm.passage("rm /run/saut-test/announced; systemctl soft-reboot")
    assert not passage.by_firmware and passage.after.boot == passage.before.boot + 1
    assert passage.after.nonce == passage.before.nonce and passage.after.uname == passage.before.uname
    # The session comes before what is behind the boot.
    stand.vm.check("systemctl is-system-running --wait; "
                   "systemctl is-active kexec-load.service kexec-shutdown.service saut-leave.service kexec-load.path")


def test_a_soft_reboot_loads_nothing(stand: Stand) -> None:
    """The reboot behind it loads, as the one behind a boot by kexec does."""
    for name in ("the first", "behind a jump"):
        stand.vm.check(STAGE)
        soft_reboot(stand)
        stand.vm.check(f"! {LOADED} && ! test -e /run/saut/unloaded")
        reboots.perform(stand.vm, Case(name, NEW))


def test_a_soft_reboot_with_a_kernel_that_is_held(stand: Stand) -> None:
    """It is there behind it."""
    stand.vm.check(f"{STAGE} && {HELD}")
    soft_reboot(stand)
    stand.vm.check(LOADED)
    reboots.perform(stand.vm, Case("held", NEW))
