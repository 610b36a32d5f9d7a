# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every unit of systemd has to say."""

from __future__ import annotations

from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "service/systemd"


def services() -> list[Path]:
    """The files that have a section of a service, drop-ins among them."""
    return sorted(f for f in UNITS.iterdir() if "\n[Service]\n" in f.read_text())


@pytest.mark.parametrize("path", services(), ids=lambda path: path.name)
def test_has_a_limit_of_time(path: Path) -> None:
    """A oneshot service has none by itself (systemd.service(5), TimeoutStartSec=)."""
    lines = path.read_text().splitlines()
    if "Type=oneshot" in lines:
        assert any(line.startswith("TimeoutStartSec=") for line in lines)


def test_a_boot_that_has_long_begun_is_left_as_well() -> None:
    """What is installed and switched on without a reboot between: what leaves is started with it, and starts nothing."""
    leave = (UNITS / "saut-leave.service.in").read_text()
    assert "saut service leave" in leave and "ExecStart=" not in leave
    assert "Wants=saut-leave.service" in (UNITS / "kexec-load.service.in").read_text().splitlines()
    assert "service leave" not in (UNITS / "saut-confirm.service.in").read_text()
