# SPDX-License-Identifier: LGPL-2.1-or-later
"""Settings and menus that somebody else than root can write: refused in services, told by hand, on a live system."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from test_reads import run_inside

SETTINGS = "the settings of /etc/kexec.conf are not root's alone: "
ENTRIES = ("list",)
SERVICE = ("service", "check", "--style=systemd")
BY_HAND = ("reboot", "--dry-run")


@contextmanager
def with_mode(path: Path, mode: int) -> Iterator[None]:
    """It has that mode meanwhile."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def test_settings_of_everybody(system: Path) -> None:
    assert run_inside(system, *SERVICE).returncode == 0
    assert "root's alone" not in run_inside(system, *BY_HAND).stderr
    with with_mode(system / "etc/kexec.conf", 0o666):
        what = SETTINGS + "/etc/kexec.conf can be written by everybody (mode 0666)"
        service, by_hand = run_inside(system, *SERVICE), run_inside(system, *BY_HAND)
        assert service.returncode != 0 and what in service.stderr
        assert by_hand.returncode == 0 and f"note: {what}" in by_hand.stderr


def test_a_folder_of_everybody(system: Path) -> None:
    with with_mode(system / "etc", 0o777):
        service = run_inside(system, *SERVICE)
        assert service.returncode != 0
        assert SETTINGS + "/etc can be written by everybody (mode 0777)" in service.stderr


def test_settings_behind_a_link(system: Path) -> None:
    """The folder that it leads to is somebody else's."""
    settings, kept = system / "etc/kexec.conf", system / "srv/kexec.conf"
    kept.parent.mkdir()
    settings.rename(kept)
    settings.symlink_to("/srv/kexec.conf")
    assert run_inside(system, *SERVICE).returncode == 0
    with with_mode(kept.parent, 0o777):
        service = run_inside(system, *SERVICE)
        assert service.returncode != 0
        assert SETTINGS + "/srv can be written by everybody (mode 0777)" in service.stderr
    settings.unlink()
    kept.rename(settings)


def test_a_menu_of_everybody(system: Path) -> None:
    assert "can be written" not in run_inside(system, *ENTRIES).stderr
    with with_mode(system / "boot/grub/grub.cfg", 0o666):
        done = run_inside(system, *ENTRIES)
        assert done.returncode == 0 and "The first" in done.stdout
        assert "/boot/grub/grub.cfg can be written by everybody (mode 0666), and so what is booted next" in done.stderr
