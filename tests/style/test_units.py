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


def lines_of(name: str) -> list[str]:
    """Of one of the files."""
    return (UNITS / name).read_text().splitlines()


@pytest.mark.parametrize("path", services(), ids=lambda path: path.name)
def test_has_a_limit_of_time(path: Path) -> None:
    """A oneshot service has none by itself (systemd.service(5), TimeoutStartSec=)."""
    lines = path.read_text().splitlines()
    if "Type=oneshot" in lines:
        assert any(line.startswith("TimeoutStartSec=") for line in lines)


def test_what_is_kept_ready_comes_last_fails_nothing_and_is_not_waited_for() -> None:
    """Else a stop that comes meanwhile ends it, and nothing says that the next reboot goes through the firmware."""
    service = lines_of("kexec-load.service.in")
    prepare = "-/bin/sh -c '@sbindir@/saut service prepare --style=systemd --environment &'"
    for word, action in (("ExecStart", "start"), ("ExecReload", "reload")):
        calls = [line.split("=", 1)[1] for line in service if line.startswith(f"{word}=")]
        assert calls == [f"@sbindir@/saut service {action} --style=systemd --environment", prepare]


def test_a_boot_that_has_long_begun_is_left_as_well() -> None:
    """What is installed and switched on without a reboot between: what leaves is started with it, and starts nothing."""
    leave = (UNITS / "saut-leave.service.in").read_text()
    assert "saut service leave" in leave and "ExecStart=" not in leave
    assert "Wants=saut-leave.service" in lines_of("kexec-load.service.in")


def test_what_loads_in_the_shutdown_waits_for_no_service() -> None:
    """It is stopped before file systems and beside all others, comes and goes with the service, and delays no boot."""
    unit = lines_of("kexec-shutdown.service.in")
    assert {"DefaultDependencies=no", "Conflicts=shutdown.target", "PartOf=kexec-load.service"} <= set(unit)
    after = " ".join(line.removeprefix("After=") for line in unit if line.startswith("After=")).split()
    assert {"local-fs.target", "boot.mount", "efi.mount", "boot-efi.mount"} <= set(after)
    assert all(name.endswith((".mount", ".automount", "-fs.target")) for name in after)
    assert not any(line.startswith(("WantedBy=", "Before=multi-user")) for line in unit)
    assert any(line.startswith("TimeoutStopSec=") for line in unit)
    service = lines_of("kexec-load.service.in")
    assert {"Wants=kexec-shutdown.service", "After=kexec-shutdown.service"} <= set(service)


@pytest.mark.parametrize("name", ["kexec-load.service.in", "kexec-shutdown.service.in", "saut-leave.service.in"])
def test_the_rescue_mode_stops_nothing(name: str) -> None:
    """A stop of the service is a wish for the firmware (systemd.unit(5), IgnoreOnIsolate=)."""
    assert "IgnoreOnIsolate=yes" in lines_of(name)


#: As systemd 252 and 254 print jobs without a legend.
JOBS = (
    ("1234 reboot.target start waiting", True),
    (" 99 kexec.target   start running", True),
    ("1234 soft-reboot.target start waiting", False),
    ("12 poweroff.target start waiting", False),
    ("12 halt.target start waiting", False),
    ("12 reboot.target stop waiting", False),
    ("12 my-reboot.target start waiting", False),
    ("No jobs running.", False),
)


@pytest.mark.parametrize("unit", ["kexec-shutdown.service.in", "saut-leave.service.in"])
def test_what_comes_by_knows_a_reboot(unit: str, tmp_path: Path) -> None:
    """By the jobs of process 1; a soft-reboot is none, and what is not known loads nothing."""
    text = (UNITS / unit).read_text().replace("\\\n", "")
    command = re.search(r"ExecStop=-?/bin/sh -c '(.*)'", text)
    assert command
    saut = tmp_path / "saut"
    saut.write_text("#!/bin/sh\necho $*\n")
    saut.chmod(0o755)
    script = command[1].replace("$$", "$").replace("@sbindir@", str(tmp_path))
    systemctl = tmp_path / "systemctl"
    for jobs, is_reboot in JOBS:
        systemctl.write_text(f"#!/bin/sh\n[ $1 = --no-legend ] && echo '7 shutdown.target start waiting\n{jobs}'\n")
        systemctl.chmod(0o755)
        said = run_with(tmp_path, script)
        assert ("--rebooting" in said.stdout) is is_reboot, (jobs, said)
    systemctl.write_text("#!/bin/sh\nexit 1\n")
    assert run_with(tmp_path, script).stdout == ""


@pytest.mark.parametrize(("jobs", "leaves"), [
    ("No jobs running.", True),
    ("12 rescue.target start waiting", True),
    ("12 saut-confirm.service stop running", True),
    ("12 reboot.target start waiting\n7 shutdown.target start waiting", False),
    (" 8 soft-reboot.target start waiting\n 7 shutdown.target   start waiting", False),
])
def test_who_confirms_is_stopped(jobs: str, leaves: bool, tmp_path: Path) -> None:
    """By somebody who sees the machine the trial is over, and no watchdog resets it; a shutdown is another unit's."""
    command = re.search(r"ExecStop=-/bin/sh -c '(.*)'", (UNITS / "saut-confirm.service.in").read_text().replace("\\\n", ""))
    assert command
    script = command[1].replace("$$", "$").replace("@sbindir@", str(tmp_path))
    for name, text in (("saut", "echo $*"), ("systemctl", f"[ $1 = --no-legend ] && echo '{jobs}'")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    assert run_with(tmp_path, script).stdout == ("service leave --style=systemd\n" if leaves else "")
    (tmp_path / "systemctl").write_text("#!/bin/sh\nexit 1\n")
    assert run_with(tmp_path, script).stdout == ""


def run_with(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs @script where the programs of @folder are found first."""
    path = f"{folder}:/usr/bin:/bin"
    return subprocess.run(["sh", "-c", script], env={"PATH": path}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["kexec-load", "kexec-shutdown"])
def test_what_reads_boot_loaders_files_may_do_little(name: str, tmp_path: Path) -> None:
    """systemd's own measure, from 0 to 10: it was 9.5 without any of these settings."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    unit = tmp_path / f"{name}.service"
    unit.write_text((UNITS / f"{name}.service.in").read_text().replace("@sbindir@", "/usr/sbin"))
    words = ["systemd-analyze", "security", "--offline=true", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    level = re.search(r"exposure level for " + name + r".service: ([0-9.]+)", done.stdout)
    if not level:
        pytest.skip("this systemd-analyze does not judge files")
    assert float(level[1]) <= 5.0
