# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut check on captured machines: its rows, its exit codes, and JSON as the schema has it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from test_reads import kernel

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"
SCHEMA = json.loads((ROOT / "schema/check.json").read_text())


@pytest.fixture
def vmlinuz(tmp_path: Path) -> Path:
    """A kernel that could be loaded by its looks."""
    path = tmp_path / "vmlinuz"
    path.write_bytes(kernel())
    return path


def check(*words: object, machine: str = "q35-1g") -> subprocess.CompletedProcess[str]:
    """What saut check says on one of the captured machines."""
    root = f"--root={ROOT}/tests/machines/{machine}.machine"
    return subprocess.run([SAUT, "check", root, *map(str, words)], capture_output=True, text=True, check=False)


def rows(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    """The JSON's checks by their names; what does not fit the schema is a failure."""
    told = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    order = SCHEMA["$defs"]["result"]["enum"]
    assert told["worst"] == max((row["result"] for row in told["checks"]), key=order.index)
    return {row["name"]: row for row in told["checks"]}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({"schema": 1, "checks": []})


def test_a_kernel_that_fits_passes(vmlinuz: Path) -> None:
    done = check(vmlinuz, "--command-line=root=/dev/vda1", "--json")
    told = rows(done)
    assert told["system-calls"]["result"] == "pass"
    assert told["plan"]["result"] == "pass"
    assert "14 characters" in told["command-line"]["reason"]
    assert json.loads(done.stdout)["kernel"] == str(vmlinuz)
    assert not [row for row in told.values() if row["result"] == "fail"]
    assert done.returncode == 0


def test_a_plan_that_is_refused_is_a_row(vmlinuz: Path) -> None:
    """The others still run."""
    done = check(vmlinuz, f"--command-line={'x' * 3000}", "--json")
    told = rows(done)
    assert told["plan"]["result"] == "fail" and "3000 characters" in told["plan"]["reason"]
    assert "shorten" in told["plan"]["advice"]
    assert told["system-calls"]["result"] == "pass"
    assert done.returncode == 1 and "checks fail" in done.stderr


def test_a_kernel_that_is_not_there(tmp_path: Path) -> None:
    done = check(tmp_path / "none", "--json")
    told = rows(done)
    assert "No such file" in told["plan"]["reason"]
    assert told["system-calls"]["result"] == "pass"
    assert done.returncode == 1


def test_an_initrd_that_is_not_there(vmlinuz: Path) -> None:
    done = check(vmlinuz, "--initrd=/nonexistent", "--json")
    told = rows(done)
    assert told["plan"]["result"] == "fail" and "No such file" in told["plan"]["reason"]
    assert done.returncode == 1


def test_people_read_rows(vmlinuz: Path) -> None:
    done = check(vmlinuz, f"--command-line={'x' * 3000}")
    assert "fail     plan: the command line has 3000 characters" in done.stdout
    assert "         what to do: shorten the command line" in done.stdout
    assert "pass     system calls: " in done.stdout


def test_strict_counts_warnings(vmlinuz: Path) -> None:
    """The same rows, another limit."""
    words = (vmlinuz, "--command-line=root=/dev/vda1", "--json")
    mild, strict = check(*words), check(*words, "--strict")
    results = {row["result"] for row in rows(strict).values()}
    assert mild.stdout == strict.stdout
    assert strict.returncode == (1 if results & {"warn", "fail"} else 0)


@pytest.mark.parametrize(
    "words",
    [("--newest", "--running"), ("a", "b"), ("--initrd=x",), ("entry", "--command-line=x"), ("--nonsense",), ()],
    ids=" ".join,
)
def test_usage(words: tuple[str, ...]) -> None:
    """With --root, which the last of them leaves as it is, a kernel must be named."""
    done = check(*words)
    assert done.returncode == 2 and not done.stdout
