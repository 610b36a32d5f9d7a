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
FORMATS = ROOT / "src/image/detect.c"
GENERATE = ROOT / "completions/generate"
SHELLS = ("bash", "zsh", "fish")

#: Options of other CPUs, which the manual only mentions as such.
FOREIGN = {
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
    assert {"entry", "atags"} <= options(shown=False)


def test_the_manual_has_all() -> None:
    assert options(shown=True) - words(MANUAL) == set()
    assert options(shown=False) - words(MANUAL) == FOREIGN


@pytest.fixture(scope="module")
def completions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Shell -> what the build makes of the table for it."""
    folder = tmp_path_factory.mktemp("completions")
    for shell in SHELLS:
        command = [str(GENERATE), shell, str(TABLE), str(FORMATS)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        (folder / shell).write_text(done.stdout)
    return {shell: folder / shell for shell in SHELLS}


@pytest.mark.parametrize("shell", SHELLS)
def test_completions_have_all(completions: dict[str, Path], shell: str) -> None:
    """Each option that --help shows is offered, and nothing that there is not."""
    text = completions[shell].read_text()
    offered = set(re.findall(r"-l ([a-z0-9-]+)", text)) if shell == "fish" else words(completions[shell])
    assert offered == options(shown=True)


@pytest.mark.parametrize("shell", SHELLS)
def test_syntax(completions: dict[str, Path], shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", str(completions[shell])], check=True)


@pytest.mark.parametrize(
    "row",
    ['{ "new", .help = "a" "b" WORDS },', "{ name, .help = \"text\" },"],
)
def test_a_row_that_is_not_understood_ends_the_build(tmp_path: Path, row: str) -> None:
    table = tmp_path / "options.c"
    table.write_text(TABLE.read_text().replace("option_row rows[] = {\n", f"option_row rows[] = {{\n\t{row}\n"))
    command = [str(GENERATE), "bash", str(table), str(FORMATS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1 and "not understood" in done.stderr


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["--lo"], {"--load", "--load-panic"}),
        (["--check", "=", "s"], {"sha256"}),
        (["--check="], {"auto", "sha256", "crc32c", "none"}),
        (["-t", "elf-x86_"], {"elf-x86_64"}),
        (["-l", "/proc/filesys"], {"/proc/filesystems"}),
        (["--append", "x"], set()),
    ],
)
def test_bash_offers(completions: dict[str, Path], typed: list[str], offered: set[str]) -> None:
    """What a user gets for what was typed."""
    quoted = " ".join(f"'{word}'" for word in ["kexec", *typed])
    script = (
        f"source {completions['bash']}; COMP_WORDS=({quoted}); COMP_CWORD={len(typed)}; _kexec; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) == offered
