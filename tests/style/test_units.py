# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every unit of systemd has to say."""

from __future__ import annotations

import re
import shutil
import subprocess
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


def test_what_reads_boot_loaders_files_may_do_little(tmp_path: Path) -> None:
    """systemd's own measure, from 0 to 10: it was 9.5 without any of these settings."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    unit = tmp_path / "kexec-load.service"
    unit.write_text((UNITS / "kexec-load.service.in").read_text().replace("@sbindir@", "/usr/sbin"))
    words = ["systemd-analyze", "security", "--offline=true", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    level = re.search(r"exposure level for kexec-load.service: ([0-9.]+)", done.stdout)
    if not level:
        pytest.skip("this systemd-analyze does not judge files")
    assert float(level[1]) <= 5.0
