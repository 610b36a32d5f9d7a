# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python module of contrib, made of the tree's header over the library that was built."""

from __future__ import annotations

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACHINES = ROOT / "tests/machines"
SOURCE = ROOT / "contrib/python"
LIBRARY = ROOT / "build/meson/lib/libsaut.so.0"
#: A bzImage that is small, and would not boot.
KERNEL = ROOT / "tests/fuzz/corpus/bzimage/protocol-2.10"
EMPTY_ARCHIVE = b"070701" + 11 * b"00000000" + b"0000000b" + b"00000000" + b"TRAILER!!!\0\0\0\0"


@pytest.fixture(scope="session")
def saut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module, with a binding that the tree's own does not see."""
    folder = tmp_path_factory.mktemp("python")
    shutil.copytree(SOURCE / "saut", folder / "saut", ignore=shutil.ignore_patterns("_binding.py", "__pycache__"))
    command = [sys.executable, str(SOURCE / "build_binding.py"), str(ROOT / "include/saut.h")]
    subprocess.run([*command, str(folder / "saut/_binding.py")], check=True)
    os.environ["SAUT_LIBRARY"] = str(LIBRARY)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("saut")
    sys.path.remove(str(folder))
    del os.environ["SAUT_LIBRARY"]


@pytest.fixture
def menu(tmp_path: Path) -> Path:
    """A system with two entries, the first without its kernel."""
    (tmp_path / "boot/extlinux").mkdir(parents=True)
    shutil.copy(KERNEL, tmp_path / "boot/k")
    (tmp_path / "boot/extlinux/extlinux.conf").write_text(
        "DEFAULT b\nLABEL a\nLINUX /boot/gone\nLABEL b\nMENU LABEL The second\nLINUX /boot/k\nAPPEND quiet\n")
    return tmp_path


def test_every_function_of_the_library_is_bound(saut: ModuleType) -> None:
    """What the shared library shows is what the module can call."""
    shown = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True, capture_output=True, text=True)
    functions = {line.split()[-1].split("@")[0] for line in shown.stdout.splitlines() if " T " in line}
    assert len(functions) > 30
    assert {name for name in functions if not hasattr(saut._lib, name)} == set()


def test_a_plan_on_a_captured_machine(saut: ModuleType) -> None:
    steps: list[tuple[str, str]] = []
    noted: list[str] = []
    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        s.on_progress(lambda step, what, done, total: steps.append((step, what)))
        s.on_note(noted.append)
        s.set_kernel(KERNEL)
        s.set_command_line("root=/dev/vda1 quiet")
        s.set_device_tree("/etc/passwd")
        s.set_call(saut.Call.LOAD)
        s.plan()
        planned = s.planned()
        assert planned.call == saut.Call.LOAD and planned.command_line == "root=/dev/vda1 quiet"
        assert [one.name for one in planned.segments] and all(one.why for one in planned.segments)
        assert {(one.start, one.size) for one in planned.segments} == {
            (one.start, one.size) for one in planned.areas if one.use == saut.Use.LOADED}
        assert planned.blackout_ns == sum(one.ns for one in planned.costs) and planned.left_out
        assert s.notes() == noted and any("device tree" in note for note in noted)
        planned = s.planned()
    assert planned.call == saut.Call.LOAD and planned.command_line == "root=/dev/vda1 quiet"
    assert len(planned.segments) > 1 and planned.held > 0 and len(planned.areas) > 1
    assert all(step and what for step, what in steps)


def test_a_capture_of_a_capture_is_it(saut: ModuleType, tmp_path: Path) -> None:
    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        text = s.capture()
        with pytest.raises(saut.UsageError):
            s.planned()
    (tmp_path / "again").write_text(text)
    with saut.Saut(tmp_path / "again") as s:
        assert s.capture() == text and text.startswith("saut-machine 1\n")


def test_a_machine_is_captured(saut: ModuleType, tmp_path: Path) -> None:
    """As text, from which the same plan is made."""
    plans = []
    (tmp_path / "again.machine").write_text("")
    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        (tmp_path / "again.machine").write_text(s.capture())
    for machine in (MACHINES / "q35-1g.machine", tmp_path / "again.machine"):
        with saut.Saut(machine) as s:
            s.set_kernel(KERNEL)
            s.set_command_line("quiet")
            s.plan()
            plans.append([(area.start, area.size) if hasattr(area, "start") else area for area in s.planned().areas])
    assert plans[0] == plans[1]


def test_the_same_kernel_from_memory(saut: ModuleType) -> None:
    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        s.set_kernel_memory(KERNEL.read_bytes(), "the kernel of the pipe")
        s.add_initrd_memory(EMPTY_ARCHIVE, "its initrd")
        s.plan()
        s.set_kernel_memory(b"no kernel" * 1000, "the kernel of the pipe")
        with pytest.raises(saut.ImageError, match="cannot load the kernel of the pipe: "):
            s.plan()


def test_failures_are_exceptions(saut: ModuleType) -> None:
    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        s.set_kernel("/etc/passwd")
        with pytest.raises(saut.ImageError) as raised:
            s.plan()
        assert raised.value.result == saut.Result.IMAGE
        assert raised.value.attempt == "load /etc/passwd" and "bytes" in raised.value.reason
        assert raised.value.hint.startswith("give a kernel image")
        with pytest.raises(saut.Refused, match="cannot list boot entries"):
            s.entries()
        with pytest.raises(saut.Error):
            s.set_limits(2, 1)
        with pytest.raises(TypeError):
            s.set_limits(2)
        with pytest.raises(ValueError):
            s.set_kernel("a\0b")
        with pytest.raises(AttributeError):
            s.set_colour("red")
    with pytest.raises(ValueError):
        s.plan()


def test_a_captured_machine_is_never_loaded_into(saut: ModuleType) -> None:
    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        s.set_kernel(KERNEL)
        with pytest.raises(saut.Error):
            s.load()


def test_what_a_callback_raises_is_raised(saut: ModuleType, menu: Path) -> None:
    def refuse(note: str) -> None:
        raise KeyError(note)

    with saut.Saut(MACHINES / "q35-1g.machine") as s:
        s.on_note(refuse)
        s.set_kernel(KERNEL)
        s.set_command_line("quiet")
        s.set_device_tree("/dev/null")
        with pytest.raises(KeyError):
            s.plan()


def test_entries(saut: ModuleType, menu: Path) -> None:
    with saut.Saut(menu) as s:
        first, second = s.entries()
        assert (first.id, first.type, first.is_default) == ("a", "extlinux", False)
        assert "/boot/gone is not there" in first.obstacle
        assert (second.title, second.kernel, second.command_line) == ("The second", "/boot/k", "quiet")
        assert second.initrds == [] and second.obstacle is None and second.is_default
        assert s.choose_entry("default") == second
        assert s.choose_entry("named", "b") == second
        with pytest.raises(saut.Refused, match="gone"):
            s.choose_entry("named", "a")
        s.use_entry(second)
        with pytest.raises(ValueError):
            s.use_entry(first.__class__(id="c"))


def test_status_and_checks_are_those_of_the_commands(saut: ModuleType) -> None:
    """As `saut check --json` has them, row by row."""
    machine = MACHINES / "q35-uefi-5g.machine"
    command = [ROOT / "build/meson/src/cmd/saut/saut", "check", "--json", f"--root={machine}", KERNEL]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    with saut.Saut(machine) as s:
        look = s.look()
        assert look.can_kexec is True and look.loaded is False and look.step is None
        with pytest.raises(saut.UsageError):
            s.checks()
        s.set_kernel(KERNEL)
        s.reuse_command_line()
        rows = {row.name: row for row in s.checks()}
    assert list(rows) == [row["name"] for row in told["checks"]]
    assert rows["efi-runtime"].result in list(saut.Found) and rows["efi-runtime"].reason


def test_what_is_in_files_is_what_the_command_tells(saut: ModuleType, tmp_path: Path) -> None:
    """As `saut inspect --json` has it, name by name."""
    machine = MACHINES / "q35-uefi-5g.machine"
    archive = tmp_path / "initrd"
    archive.write_bytes(EMPTY_ARCHIVE)
    tree = ROOT / "tests/fuzz/corpus/device-tree"
    trees = (path for path in sorted(tree.iterdir()) if path.read_bytes()[:4] == b"\xd0\r\xfe\xed")
    files = [KERNEL, archive, ROOT / "tests/fuzz/corpus/uimage/initrd", *trees]
    command = [ROOT / "build/meson/src/cmd/saut/saut", "inspect", "--json", f"--root={machine}", *files]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)["files"]
    kinds = set()
    with saut.Saut(machine) as s:
        for path, one in zip(files, told):
            kinds.add(one["kind"])
            if one["error"]:
                with pytest.raises(saut.ImageError) as raised:
                    s.inspect(path)
                assert raised.value.reason == one["error"]
                continue
            found = s.inspect(path)
            assert [bool(part) for part in (found.kernel, found.initrd, found.device_tree)] == [
                one["kind"] == kind for kind in ("kernel", "initrd", "device-tree")]
            assert bool(found.uimage) == bool(one.get("uimage"))
            if found.uimage:
                compare(found.uimage, one["uimage"])
            compare(found.kernel or found.initrd or found.device_tree, one["initrd"] if found.initrd else one)
    assert kinds >= {"kernel", "initrd", "device-tree"}


def compare(found: object, told: dict) -> None:
    """The members that both have by one name: what JSON does not know is "" or 0 in C."""
    same = [name for name in vars(found) if name in told and name not in ("archives", "signatures")]
    assert len(same) > 5
    for name in same:
        assert getattr(found, name) == told[name] or told[name] is None and not getattr(found, name), name


def test_the_readme_is_python(saut: ModuleType) -> None:
    """What it shows can be parsed, and names nothing that is not there."""
    code = (SOURCE / "README.md").read_text().split("```python\n")[1].split("```")[0]
    names = {node.attr for node in ast.walk(ast.parse(code))
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "saut"}
    assert names >= {"Saut", "Error", "Found"} and not [name for name in names if not hasattr(saut, name)]


def test_it_is_installed(tmp_path: Path) -> None:
    """By setuptools, with the binding made on the way."""
    shutil.copytree(SOURCE, tmp_path / "source", ignore=shutil.ignore_patterns("_binding.py", "__pycache__"))
    done = subprocess.run([sys.executable, "setup.py", "-q", "build", f"--build-base={tmp_path}"],
                          cwd=tmp_path / "source", env=os.environ | {"SAUT_H": str(ROOT / "include/saut.h")},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "lib/saut").iterdir()} == {"__init__.py", "_values.py", "_binding.py"}
