# SPDX-License-Identifier: LGPL-2.1-or-later
"""One table has kexec's options; the manual and the shells' completions must know them all."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "src/jump/options.c"
MANUAL = ROOT / "man/kexec.8"
BASH, ZSH, FISH = (ROOT / "completions" / name for name in ("kexec.bash", "_kexec", "kexec.fish"))

#: Options of other CPUs, which the manual only mentions as such.
FOREIGN = {
    "devicetreeblob",
    "dt-no-old-root",
    "atags",
    "image-size",
    "page-offset",
    "gamecube",
    "reuse-node",
}


def options(shown: bool) -> set[str]:
    """The long names in the table; those with a text for --help if @shown, else the others."""
    text = TABLE.read_text()
    table = text[text.index("option_row rows[] = {") :]
    rows = table[: table.index("\n};")].split("\n\t{ ")[1:]
    names: set[str] = set()
    for row in rows:
        if (".help =" in row) == shown:
            names |= set(re.findall(r'"([a-z0-9-]+)"', row.partition(" .")[0]))
    return names


def words(path: Path) -> set[str]:
    """All that looks like a long option in a file, without the dashes."""
    return set(re.findall(r"--([a-z0-9][a-z0-9-]*)", path.read_text().replace("\\-", "-")))


def test_the_table_was_found() -> None:
    assert {"load", "initrd", "ramdisk", "version"} <= options(shown=True)
    assert {"hotplug", "atags"} <= options(shown=False)


def test_the_manual_has_all() -> None:
    assert options(shown=True) - words(MANUAL) == set()
    assert options(shown=False) - words(MANUAL) == FOREIGN


@pytest.mark.parametrize("path", [BASH, ZSH], ids=["bash", "zsh"])
def test_completions_have_all(path: Path) -> None:
    assert options(shown=True) - words(path) == set()


def test_fish_has_all() -> None:
    assert options(shown=True) - set(re.findall(r"-l ([a-z0-9-]+)", FISH.read_text())) == set()


@pytest.mark.parametrize("path", [BASH, ZSH, FISH], ids=["bash", "zsh", "fish"])
def test_completions_invent_none(path: Path) -> None:
    """Nothing is offered that there is not."""
    text = path.read_text()
    offered = set(re.findall(r"-l ([a-z0-9-]+)", text)) if path == FISH else words(path)
    assert offered <= options(shown=True) | options(shown=False)


@pytest.mark.parametrize(
    ("shell", "path"), [("bash", BASH), ("zsh", ZSH), ("fish", FISH)], ids=["bash", "zsh", "fish"]
)
def test_syntax(shell: str, path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", str(path)], check=True)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["--lo"], {"--load", "--load-panic"}),
        (["--check", "=", "s"], {"sha256"}),
        (["--check="], {"auto", "sha256", "crc32c", "none"}),
        (["-t", "elf"], {"elf-x86_64"}),
        (["-l", "/proc/filesys"], {"/proc/filesystems"}),
        (["--append", "x"], set()),
    ],
)
def test_bash_offers(typed: list[str], offered: set[str]) -> None:
    """What a user gets for what was typed."""
    quoted = " ".join(f"'{word}'" for word in ["kexec", *typed])
    script = (
        f"source {BASH}; COMP_WORDS=({quoted}); COMP_CWORD={len(typed)}; _kexec; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) == offered
