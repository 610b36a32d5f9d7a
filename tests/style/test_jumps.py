# SPDX-License-Identifier: LGPL-2.1-or-later
"""README's table of what boots is what tools/jumps makes of the results that are committed."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESULTS = "bench/results/jumps.json"

loader = SourceFileLoader("jumps", str(ROOT / "tools/jumps"))
jumps = module_from_spec(spec_from_loader("jumps", loader))
loader.exec_module(jumps)


def check(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "tools/jumps", "--check", root], capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The pages and the results, to be changed."""
    (tmp_path / RESULTS).parent.mkdir(parents=True)
    for name in (*jumps.PAGES, RESULTS):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_pages_tell_the_results() -> None:
    done = check(ROOT)
    assert done.returncode == 0, f"{done.stderr}run: tools/jumps --render"


def test_a_row_by_hand_is_seen(copy: Path) -> None:
    page = copy / "README.fr.md"
    page.write_text(page.read_text().replace(jumps.END, "| m68k | 7.2 | a.out | 2.0 | |\n" + jumps.END))
    assert check(copy).stderr == "README.fr.md: not what tools/jumps --render writes\n"


def test_a_result_that_is_gone_is_seen(copy: Path) -> None:
    results = json.loads((copy / RESULTS).read_text())["jumps"]
    (copy / RESULTS).write_text(json.dumps({"jumps": results[1:]}))
    assert check(copy).returncode == 1


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ("6.1.0-50-cloud-arm64", "6.1 cloud-arm64"),
        ("6.1.0-50-686-pae", "6.1 686-pae"),
        ("6.5.0-0.deb12.4-686-pae", "6.5 686-pae"),
        ("6.12.90+deb12.1-arm64-16k", "6.12 arm64-16k"),
        ("7.2.13+deb14-rt-amd64", "7.2 rt-amd64"),
        ("7.2.13-saut", "7.2 saut"),
        ("7.2.13", "7.2.13"),
        ("multiboot.c", "tests/vm/guest/multiboot.c"),
    ],
)
def test_a_name_says_version_and_kind(release: str, name: str) -> None:
    assert jumps.kernel(release) == name


def test_what_was_seen_again_has_the_later_date() -> None:
    line = {"cpu": "arm64", "from": "6.1.0-50-arm64", "to": "6.1.0-51-arm64", "format": "arm64 Image", "call": "kexec_load"}
    once = jumps.merged([], json.dumps(line), "2026-01-01")
    both = json.dumps(line) + "\n" + json.dumps(line | {"to": "6.12.1-arm64"})
    twice = jumps.merged(once, both, "2026-02-02")
    assert [(row["to"], row["seen"]) for row in twice] == [("6.1 arm64", "2026-02-02"), ("6.12 arm64", "2026-02-02")]
    assert jumps.merged(twice, "", "2026-03-03") == twice
