# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples, built against the library as it is installed, shared and static, and run."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "meson"
EXAMPLES = sorted((ROOT / "examples").glob("*.c"))
COMPILER = ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]

#: Where a program is, and the environment that it runs in.
Program = tuple[Path, dict[str, str]]

#: A name that libsaut has inside, and a program may have as well.
COLLIDES = "int fail(void); int fail(void) { return 7; }\n"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was installed into."""
    folder = tmp_path_factory.mktemp("installed")
    command = ["meson", "install", "-C", str(BUILD), "--no-rebuild", "--quiet", "--destdir", str(folder)]
    subprocess.run(command, check=True)
    return folder


def libraries(installed: Path, *options: str) -> list[str]:
    """What pkg-config says is to be linked; where ours lies, the test knows."""
    folder = next(installed.rglob("saut.pc")).parent
    done = subprocess.run(["pkg-config", *options, "--libs", "saut"], check=True, capture_output=True,
                          text=True, env=os.environ | {"PKG_CONFIG_PATH": str(folder)})
    return [word for word in shlex.split(done.stdout) if word.startswith("-l")]


def build(installed: Path, source: Path, kind: str) -> Program:
    """A program of @source, and the environment that it runs in."""
    program = source.parent / f"{source.stem}-{kind}"
    library = next(installed.rglob("saut.pc")).parents[1]
    link = [f"-L{library}"]
    if kind == "static":
        link += ["-static", *libraries(installed, "--static")]
    else:
        link += libraries(installed)
        assert link[1:] == ["-lsaut"]
    include = next(installed.rglob("saut.h")).parent
    subprocess.run([*COMPILER, f"-I{include}", str(source), "-o", str(program), *link], check=True)
    return program, os.environ | {"LD_LIBRARY_PATH": str(library)}


@pytest.fixture(scope="session", params=["shared", "static"])
def programs(
    request: pytest.FixtureRequest, installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Program]:
    """All examples by name; each has a function named like one inside of the library."""
    folder = tmp_path_factory.mktemp(request.param)
    built = {}
    for example in EXAMPLES:
        source = folder / example.name
        source.write_text(example.read_text() + COLLIDES)
        built[example.stem] = build(installed, source, request.param)
    return built


def run(
    programs: dict[str, Program], name: str, *words: str, data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Runs one example."""
    program, environment = programs[name]
    return subprocess.run([program, *words], env=environment, input=data, capture_output=True, check=False)


def test_there_are_examples() -> None:
    assert {example.stem for example in EXAMPLES} == {"inspect-file", "last-reboot", "list-entries", "load-default", "plan-from-pipe"}


def test_entries_are_listed(programs: dict[str, Program], tmp_path: Path) -> None:
    boot = tmp_path / "boot" / "extlinux"
    boot.mkdir(parents=True)
    (tmp_path / "boot" / "k").write_text("k")
    (boot / "extlinux.conf").write_text(
        "DEFAULT b\nLABEL a\nLINUX /boot/gone\nLABEL b\nMENU LABEL The second\nLINUX /boot/k\n")
    done = run(programs, "list-entries", str(tmp_path))
    assert done.returncode == 0
    first, second = done.stdout.decode().splitlines()
    assert first.startswith("  a: ") and "/boot/gone is not there" in first
    assert second == "* The second: /boot/k"


def test_nothing_to_load_is_said(programs: dict[str, Program], tmp_path: Path) -> None:
    done = run(programs, "list-entries", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(b"cannot list boot entries: ")


def test_bytes_that_are_no_kernel_are_refused(programs: dict[str, Program]) -> None:
    machine = ROOT / "tests" / "machines" / "q35-1g.machine"
    done = run(programs, "plan-from-pipe", str(machine), data=b"no kernel" * 1000)
    assert done.returncode == 3
    assert b"cannot load the kernel of the pipe: " in done.stderr


def test_a_kernel_of_a_pipe_is_planned(programs: dict[str, Program]) -> None:
    machine = ROOT / "tests" / "machines" / "q35-1g.machine"
    data = (ROOT / "tests/fuzz/corpus/bzimage/protocol-2.10").read_bytes()
    done = run(programs, "plan-from-pipe", str(machine), data=data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"the machine can jump into it\n0x")
    assert b": stub, in the lowest free memory; it runs between the kernels\n" in done.stdout


def test_the_last_reboot_is_told(programs: dict[str, Program]) -> None:
    done = run(programs, "last-reboot", str(ROOT / "tests/reports/systemd-kexec.machine"))
    assert done.returncode == 0
    assert b"services-stopped   2450000 us\n" in done.stdout and b"saved: 40700000 us\n" in done.stdout
    assert b"reboot-called      not known: file systems are read-only by then\n" in done.stdout
    done = run(programs, "last-reboot", "/nothing-such")
    assert done.returncode != 0 and b"cannot report on the last reboot: " in done.stderr


def test_a_file_is_looked_into(programs: dict[str, Program]) -> None:
    machine = ROOT / "tests/machines/q35-1g.machine"
    done = run(programs, "inspect-file", str(ROOT / "tests/fuzz/corpus/bzimage/protocol-2.10"), str(machine))
    assert done.returncode == 0
    assert done.stdout.startswith(b"bzImage for i386, 6.12.1-test\n")
    assert b"loaded here by kexec_load: " in done.stdout
    done = run(programs, "inspect-file", "/etc/passwd", str(machine))
    assert done.returncode == 3 and b"cannot inspect /etc/passwd: " in done.stderr


def test_load_default_says_what_keeps_it(programs: dict[str, Program]) -> None:
    """This machine has no kexec, or its user no privilege; where it has both, there may be no entry."""
    program, environment = programs["load-default"]
    command = ["setpriv", "--bounding-set=-sys_boot", "--inh-caps=-sys_boot", program] \
        if os.geteuid() == 0 else [program]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"cannot " in done.stderr
