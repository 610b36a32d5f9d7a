# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual in French has what the English one has: the same sections, entries, options, examples."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (ROOT / "man").glob("*.[1-8]"))

#: What is one thing to readers in every language.
MACROS = (".SH", ".SS", ".TP", ".IP", ".nf", ".EX")


def sections(page: Path) -> list[list[str]]:
    """The lines of each section and subsection, without its heading."""
    found: list[list[str]] = [[]]
    for line in page.read_text().splitlines():
        if line.startswith((".SH", ".SS")):
            found.append([])
        else:
            found[-1].append(line)
    return found


def plain(lines: list[str]) -> str:
    """As a reader sees them, but for the line breaks."""
    text = re.sub(r"\\f[A-Z]|\\&", "", "\n".join(lines)).replace("\\-", "-")
    return re.sub(r'["\s]+', " ", text)


def names(lines: list[str]) -> set[str]:
    """Options, settings and absolute paths, which no language translates."""
    text = plain(lines)
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", text))
    settings = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", text))
    paths = {path.rstrip(".") for path in re.findall(r"(?<![\w.])/[a-z][\w./-]+", text)}
    return options | settings | paths


def french(page: Path) -> Path:
    return page.parent / "fr" / page.name


def shape_of(readme: Path) -> dict[str, object]:
    """What is one thing to readers in every language: headings, rows, items, and what stands behind a prompt."""
    lines = readme.read_text().splitlines()
    return {
        "headings": [len(line) - len(line.lstrip("#")) for line in lines if line.startswith("#")],
        "rows": sum(line.startswith("|") for line in lines),
        "items": sum(line.startswith("- ") for line in lines),
        "commands": [line.split("#")[0].split()[:2] for line in lines if re.match(r"(?:build/|make|rc-|systemctl)", line)],
    }


def test_the_french_readme_is_in_step() -> None:
    assert shape_of(ROOT / "README.fr.md") == shape_of(ROOT / "README.md")


def test_there_are_pages() -> None:
    assert {"kexec.8", "saut.8", "kexec.conf.5"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_french_page_has_all(page: Path) -> None:
    own, other = sections(page), sections(french(page))
    assert len(other) == len(own), "sections"
    for number, (here, there) in enumerate(zip(own, other, strict=True)):
        where = f"section {number} of {page.name}, beginning {here[:3]}"
        for macro in MACROS:
            count = [sum(line.startswith(macro) for line in lines) for lines in (here, there)]
            assert count[0] == count[1], f"{macro} in {where}"
        assert names(there) == names(here), where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_french_page_is_printed_without_a_warning(page: Path) -> None:
    done = subprocess.run(
        ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", str(french(page))],
        capture_output=True, text=True, check=False, timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
