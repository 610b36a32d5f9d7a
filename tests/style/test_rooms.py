# SPDX-License-Identifier: LGPL-2.1-or-later
"""The house rules that a compiler does not hold: who includes whom, headers that stand alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

#: Room -> the rooms whose headers it may include, beside its own. ARCHITECTURE.md draws it.
MAY_INCLUDE = {
    "base": set(),
    "codec": {"base"},
    "image": {"base", "codec"},
    "initrd": {"base", "codec"},
    "machine": {"base", "codec"},
    "report": {"machine", "base"},
    "entry": {"machine", "image", "base"},
    "service": {"entry", "report", "machine", "base", "stub"},
    "plan": {"image", "machine", "base"},
    "trust": {"image", "machine", "base"},
    "inspect": {"trust", "initrd", "image", "machine", "base"},
    "check": {"trust", "plan", "initrd", "machine", "base"},
    "watchdog": {"plan", "machine", "base"},
    "crash": {"machine", "base"},
    "boot": {"plan", "machine", "base", "stub"},
    "arch": {"boot", "plan", "machine", "base", "stub"},
    "stub": {"base"},
    "sys": {"plan", "machine", "codec", "base"},
    "ready": {"base"},
    "jump": {"arch", "plan", "watchdog", "image", "initrd", "ready", "codec", "machine", "sys", "base"},
    "preview": {"jump", "arch", "plan", "machine"},
    "confirm": {"machine", "base"},
    "system": {"confirm", "check", "inspect", "jump", "entry", "service", "report", "plan", "image", "machine", "sys", "base"},
    "api": {"preview", "system", "check", "jump", "sys", "base"},
    "cmd": {"crash", "system", "preview", "service", "check", "jump", "entry", "plan", "machine", "sys", "base"},
}

#: What of a room others may see, where that is not all of it.
PUBLIC = {"stub": {"stub/abi.h", "stub/stub.h"}}

#: Headers that the build makes: one for each CPU's stub, the tables of what is known to be bad and of sentences.
GENERATED = re.compile(r"stub/stub-[a-z0-9-]+\.inc|check/known-text\.inc|cmd/patterns\.inc")

FILES = sorted(path for path in SOURCE.rglob("*") if path.suffix in (".c", ".h", ".S"))
HEADERS = sorted(path for path in [*SOURCE.rglob("*.h"), *ROOT.glob("include/*.h")])


def name(path: Path) -> str:
    """A test's name for a file."""
    return str(path.relative_to(ROOT))


def includes(path: Path) -> list[str]:
    """The project's headers that a file includes."""
    return re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(), re.M)


def test_every_room_has_a_rule() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir()}
    assert rooms == set(MAY_INCLUDE)


def test_rooms_include_only_what_they_may() -> None:
    offences = []
    for path in FILES:
        room = path.relative_to(SOURCE).parts[0]
        for header in includes(path):
            of = header.split("/")[0]
            if header == "saut.h" or GENERATED.fullmatch(header):
                continue
            if not (SOURCE / header).exists():
                offences.append(f"{name(path)}: {header} is not named from src/")
            elif of != room and of not in MAY_INCLUDE[room]:
                offences.append(f"{name(path)}: {room} must not include {header}")
            elif of != room and header not in PUBLIC.get(of, {header}):
                offences.append(f"{name(path)}: {header} is private to {of}")
    assert not offences


def test_no_room_may_more_than_it_does() -> None:
    """A permission that nobody uses is taken out of the table, so that the table is the drawing."""
    used: dict[str, set[str]] = {room: set() for room in MAY_INCLUDE}
    for path in FILES:
        room = path.relative_to(SOURCE).parts[0]
        used[room] |= {header.split("/")[0] for header in includes(path)}
    unused = [f"{room}: {of}" for room, rooms in MAY_INCLUDE.items() for of in sorted(rooms - used[room])]
    assert not unused


def test_no_arch_includes_another() -> None:
    offences = []
    for path in FILES:
        parts = path.relative_to(SOURCE).parts
        if parts[0] != "arch" or len(parts) < 3:
            continue
        others = [header for header in includes(path) if header.startswith("arch/") and header.count("/") > 1]
        offences += [f"{name(path)}: {header}" for header in others if header.split("/")[1] != parts[1]]
    assert not offences


def test_headers_compile_alone(tmp_path: Path) -> None:
    flags = "-std=gnu17 -fms-extensions -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only".split()
    broken = []
    for path in HEADERS:
        unit = tmp_path / "alone.c"
        unit.write_text(f'#include "{path}"\n')
        command = ["cc", *flags, f"-I{SOURCE}", f"-I{ROOT / 'include'}", str(unit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            broken.append(done.stderr)
    assert not broken


def test_files_begin_as_all_do() -> None:
    first = "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
    sources = [*FILES, *ROOT.glob("include/*.h")]
    assert not [name(path) for path in sources if not path.read_text().startswith(first)]
    assert not [name(path) for path in HEADERS if "#pragma once" not in path.read_text()]


def offenders(pattern: str, allowed: tuple[str, ...]) -> list[str]:
    """Files outside of the allowed rooms in which a call matches."""
    forbidden = re.compile(rf"(?<![\w>.])(?:{pattern})\s*\(")
    rooms = {path: path.relative_to(SOURCE).parts[0] for path in FILES}
    return [name(path) for path in FILES
            if rooms[path] not in allowed and forbidden.search(path.read_text())]


def test_libraries_neither_print_nor_exit() -> None:
    assert not offenders("printf|fprintf|puts|perror|exit|abort", allowed=("cmd",))
    # Where a child was forked, it must end.
    assert not offenders("_exit", allowed=("cmd", "sys"))


def test_only_commands_read_what_they_were_called_with() -> None:
    """The environment and the words of a command are its own: no room below reads them by itself, since a library
    is called with others. getopt(3) keeps its place in a variable."""
    assert not offenders("getenv|secure_getenv", allowed=("cmd",))
    assert not offenders("getopt|getopt_long|getopt_long_only", allowed=("cmd",))


def test_only_sys_enters_the_kernel() -> None:
    """Whoever else opens nothing, asks nobody and reads no clock; system and the commands know the time of day."""
    pattern = "open|openat|syscall|ioctl|mmap|clock_gettime|getrandom|execve?"
    assert not offenders(pattern, allowed=("sys", "stub"))
    assert not offenders("mount|umount2?|unshare|setns|posix_spawnp?|fork", allowed=("sys",))
    assert not offenders("time|gettimeofday", allowed=("sys", "stub", "system", "cmd"))


def test_core_has_no_mutable_objects() -> None:
    """What changes is on the stack or in an arena."""
    library = ROOT / "build/static/meson/src/libsaut.a"
    if not library.exists():
        pytest.skip("make static has not built it")
    output = subprocess.run(["size", "-A", str(library)], capture_output=True, text=True, check=True)
    sizes = re.findall(r"^\.(?:t?data|t?bss)\s+(\d+)", output.stdout, re.M)
    assert sizes and not any(int(size) for size in sizes)
