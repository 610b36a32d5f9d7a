# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the commands say of themselves: in every way that people ask, in lines that a terminal has room for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from terminal import terminal

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"

VERBS = re.findall(r'\{ "([a-z-]+)", verb_', (ROOT / "src/cmd/saut/main.c").read_text())
HELPS = ["kexec --help", "saut help", "saut --help", *(f"saut help {verb}" for verb in VERBS)]

#: What is typed -> what it is told in the first line.
SLIPS = {
    "saut reboto": 'saut has no verb "reboto": did you mean reboot?',
    "saut stat": 'saut has no verb "stat": did you mean status?',
    "saut help versoin": 'saut has no verb "versoin": did you mean version?',
    "saut version --jsn": "saut version has no option --jsn",
    "saut help lst": 'saut has no verb "lst": did you mean list?',
    "saut frobnicate": 'saut has no verb "frobnicate"',
    "saut": "a verb is missing, such as status or reboot",
    "saut reboot --dry-run --nwest": "saut reboot has no option --nwest: did you mean --newest?",
    "saut load --firmware": "saut load has no option --firmware",
    "saut list --root=/ --jsn": "saut list has no option --jsn: did you mean --json?",
    "kexec --inird=x": "there is no option --inird: did you mean --initrd?",
    "kexec --zzz": "there is no option --zzz",
    "kexec --zzz=1": "there is no option --zzz",
    "kexec --help=3": "--help takes no value",
    "kexec --load-pan=1": "--load-panic takes no value",
    "kexec --kexec": "--kexec may mean --kexec-file-syscall or --kexec-syscall, or others",
}


def run(line: str) -> subprocess.CompletedProcess[str]:
    name, *words = line.split()
    if not (BUILD / name).exists():
        pytest.skip("make has not built it")
    return subprocess.run([BUILD / name, *words], env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)


def on_terminal(line: str, columns: int) -> str:
    """What a terminal of so many columns gets."""
    name, *words = line.split()
    with terminal(columns) as screen, subprocess.Popen(
        [BUILD / name, *words], env={"LC_ALL": "C"}, stdout=screen.far
    ) as child:
        return screen.read(child).decode()


@pytest.mark.parametrize("line", HELPS)
def test_lines_have_room(line: str) -> None:
    """In a file 80 characters, on a narrow terminal fewer; the words are the same everywhere."""
    done = run(line)
    assert done.returncode == 0 and not done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert not re.search(r" $", done.stdout, re.M)
    assert on_terminal(line, 50).split() == done.stdout.split()
    assert on_terminal(line, 200).replace("\r", "") == done.stdout


def test_narrow_terminals_wrap_sooner() -> None:
    run("saut help")
    rows = on_terminal("saut help", 50).splitlines()[2:-2]
    assert max(map(len, rows)) <= 50


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_tells_of_itself(verb: str) -> None:
    assert run(f"saut {verb} --help").stdout == run(f"saut help {verb}").stdout
    assert run(f"saut help {verb}").stdout.startswith(f"saut {verb}")


def test_every_style_of_settings_is_told() -> None:
    """What --style takes is the table of styles, in the help and in the manual."""
    table = (ROOT / "src/service/settings.c").read_text()
    styles = re.findall(r'^\t\[SERVICE_\w+\] = \{ "(\w+)"', table, re.M)
    shown = re.search(r"--style=STYLE(.*?)\n  --", run("saut help service").stdout, re.S)
    manual = re.search(r"each with its\n\.B \\-\\-style\n\((.*?)\)", (ROOT / "man/saut.8").read_text(), re.S)
    assert len(styles) == 4 and shown and manual
    for words in (shown[1], manual[1]):
        assert set(styles) == set(re.findall(r"\b(?:openrc|debian|systemd|runit|sysvinit)\b", words))


def test_what_is_wrong_is_named() -> None:
    assert 'saut service has no action "sart": did you mean start?' in run("saut service sart").stderr
    assert 'saut service has no action "frob"' in run("saut service frob --json").stderr
    assert "saut service load has no --json" in run("saut service load --json").stderr
    assert "--firmware does not go with a kernel" in run("saut reboot --firmware --newest --dry-run").stderr
    assert "--cancel goes with --json alone" in run("saut reboot --cancel --newest").stderr


def test_the_version() -> None:
    assert run("saut version").stdout == run("saut --version").stdout
    assert re.fullmatch(r"saut [0-9.]+\n", run("saut version").stdout)


@pytest.mark.parametrize("line", SLIPS)
def test_slips_are_told(line: str) -> None:
    done = run(line)
    said = done.stderr.splitlines()
    assert done.returncode == (1 if line.startswith("kexec") else 2)
    assert len(said) == 2 and said[1].startswith("hint: "), "a sentence, a step, and nothing of getopt's"
    if SLIPS[line]:
        assert said[0].endswith(f": cannot understand the command line: {SLIPS[line]}") or said[0].endswith(
            f": cannot show help: {SLIPS[line]}")
