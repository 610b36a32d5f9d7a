# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a file of the library shows to others is used by one of them, or by a test.

What only its own file uses is static there; what nobody uses is not there.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/meson"

#: nm(1), --format=posix: text, data, read-only data, weak objects and functions; U is a use.
DEFINED = "TDRVW"


def sources() -> set[str]:
    """The names that meson may give to objects: with each folder on the way, or without."""
    every = [path.relative_to(ROOT).parts for path in ROOT.glob("src/**/*.c")]
    every += [path.relative_to(ROOT).parts for path in ROOT.glob("tests/**/*.c")]
    return {"_".join(parts[start:]) for parts in every for start in range(len(parts))}


def objects(folder: str) -> list[Path]:
    """What the build has made of the files below a folder, of those that are still there."""
    present = sources()
    return sorted(
        path
        for path in (BUILD / folder).rglob("*.c.o")
        if path.parent.name.endswith(".p") and path.stem.replace(".._", "") in present
    )


def symbols(paths: list[Path]) -> dict[Path, list[tuple[str, str]]]:
    """The global symbols of each object, with nm's letter."""
    command = ["nm", "-A", "--format=posix", "--extern-only", *map(str, paths)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = defaultdict(list)
    for path, symbol, kind in re.findall(r"^(\S+): (\S+) (\S)", output, re.M):
        found[Path(path)].append((symbol, kind))
    return found


def public() -> set[str]:
    """The functions of the library for everybody."""
    text = (ROOT / "include/saut.h").read_text()
    return set(re.findall(r"\b(saut_\w+)\(", text))


def unused(by_object: dict[Path, list[tuple[str, str]]]) -> list[str]:
    """Symbols that one object defines and no other uses."""
    users = defaultdict(set)
    for path, found in by_object.items():
        for symbol, kind in found:
            if kind == "U":
                users[symbol].add(path)
    return sorted(
        {
            f"{path.name}: {symbol}"
            for path, found in by_object.items()
            for symbol, kind in found
            if kind in DEFINED and "tests" not in path.parts and not users[symbol] - {path}
        }
    )


def test_what_is_shown_is_used() -> None:
    """By another file of the library, by a command or by a test."""
    if not (BUILD / "src/libsaut.a").exists():
        pytest.skip("meson has not built build/meson")
    library, tests = objects("src"), objects("tests")
    assert len(library) > 100 and len(tests) > 100
    allowed = public() | {"main"}
    left = [line for line in unused(symbols(library + tests)) if line.split()[-1] not in allowed]
    assert not left, "make them static, or take them away"


def test_what_nobody_uses_is_found() -> None:
    """The search itself: a use by the file that defines it is none."""
    one, two = Path("src/one.o"), Path("src/two.o")
    found = {one: [("a", "T"), ("b", "T"), ("a", "U")], two: [("b", "U"), ("table", "R")]}
    assert unused(found) == ["one.o: a", "two.o: table"]


def test_every_declaration_is_of_something() -> None:
    """A header declares no function that no file defines."""
    declared = re.compile(r"^(?!typedef|struct \w+ \{|static|#)[\w ]+[ *](\w+)\([^;{]*\)[^;{]*;", re.M)
    if not (BUILD / "src/libsaut.a").exists():
        pytest.skip("meson has not built build/meson")
    defined = {
        symbol for found in symbols(objects("src")).values() for symbol, kind in found if kind != "U"
    }
    missing = []
    for path in sorted((ROOT / "src").rglob("*.h")):
        if path.relative_to(ROOT / "src").parts[0] == "stub":
            continue  # its files are not of the library
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        text = re.sub(r"(struct|enum) \w* ?\{.*?^\}[^;]*;", "", text, flags=re.S | re.M)
        missing += [
            f"{path.relative_to(ROOT)}: {symbol}"
            for symbol in declared.findall(text)
            if symbol not in defined and symbol != "__attribute__"
        ]
    assert not missing
