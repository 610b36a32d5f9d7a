# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut check on captured machines: its rows, its exit codes, and JSON as the schema has it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from made_system import kernel

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
    assert done.returncode == 1 and "cannot approve the next reboot: checks that fail: " in done.stderr


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


def capture(folder: Path, machine: str = "q35-1g") -> Path:
    """A captured machine as a folder, whose boot loader has one entry."""
    text = (ROOT / f"tests/machines/{machine}.machine").read_text()
    for part in text.split("\n=== ")[1:]:
        name, _, content = part.partition("\n")
        path, *form = name.split()
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        data = bytes.fromhex("".join(content.split())) if form else f"{content}\n".encode()
        file.write_bytes(data.ljust(int(form[1]), b"\0") if len(form) > 1 else data)
    (folder / "boot/grub").mkdir(parents=True, exist_ok=True)
    (folder / "boot/grub/grub.cfg").write_text(
        "set default=0\nmenuentry 'The first' {\n\tlinux /boot/vmlinuz-6.1 root=/dev/sda1 quiet\n}\n"
    )
    (folder / "boot/vmlinuz-6.1").write_bytes(kernel())
    return folder


def in_folder(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What saut check says of the machine in a folder."""
    command = [SAUT, "check", f"--root={folder}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [(), ("--newest",), ("The first",), ("6.1",)], ids=" ".join)
def test_an_entry_of_a_folder_by_its_name(tmp_path: Path, words: tuple[str, ...]) -> None:
    """As of the running system: its files are those below the folder, and no others."""
    done = in_folder(capture(tmp_path), *words, "--json")
    told = json.loads(done.stdout)
    assert told["kernel"] == f"{tmp_path}/boot/vmlinuz-6.1" and told["loaded"] is False
    assert told["command_line"].endswith(" root=/dev/sda1 quiet")
    assert rows(done)["plan"]["result"] == "pass"


def test_a_link_in_a_folder_does_not_lead_out(tmp_path: Path) -> None:
    folder = capture(tmp_path / "root")
    (tmp_path / "vmlinuz").write_bytes(kernel())
    (folder / "boot/vmlinuz-6.1").unlink()
    (folder / "boot/vmlinuz-6.1").symlink_to(tmp_path / "vmlinuz")
    told = rows(in_folder(folder, "The first", "--json"))
    assert told["plan"]["result"] == "fail"


def loaded(folder: Path, record: str | None) -> Path:
    """A machine on which something is loaded, with this record of it."""
    capture(folder)
    (folder / "sys/kernel/kexec_loaded").write_text("1\n")
    (folder / "proc/sys/kernel/random").mkdir(parents=True, exist_ok=True)
    (folder / "proc/sys/kernel/random/boot_id").write_text("this-boot\n")
    (folder / "run/saut").mkdir(parents=True, exist_ok=True)
    if record is not None:
        (folder / "run/saut/loaded").write_text(f"BOOT_ID=this-boot\n{record}")
    return folder


OF_LOADING = {"system-calls", "secure-boot", "ima", "plan", "memory", "live-update"}


def test_what_is_loaded_is_checked(tmp_path: Path) -> None:
    """Its files and its line, and neither the default entry nor what is asked before a load."""
    record = (
        "LOADED=4000000000\nLOADED_BY=kexec\nKERNEL=/boot/vmlinuz-6.1\nRELEASE=6.1\n"
        "COMMAND_LINE='root=/dev/sda9 loaded'\nINITRDS=0\n"
    )
    done = in_folder(loaded(tmp_path, record), "--json")
    told, whole = rows(done), json.loads(done.stdout)
    assert whole["loaded"] is True and whole["entry"] is None
    assert whole["kernel"] == f"{tmp_path}/boot/vmlinuz-6.1"
    assert whole["command_line"] == "root=/dev/sda9 loaded"
    assert {name for name in told if "loaded already" in told[name]["reason"]} == OF_LOADING
    assert "21 characters" in told["command-line"]["reason"]
    assert "these checks are about what is loaded already" in done.stderr
    assert "checks that were not made, or have no answer: system-calls, " in done.stderr
    assert "changed since" not in done.stderr
    # An entry that is named is not what is loaded.
    assert json.loads(in_folder(tmp_path, "The first", "--json").stdout)["loaded"] is False


def test_a_loaded_file_that_changed(tmp_path: Path) -> None:
    record = "LOADED=1000\nLOADED_BY=saut\nKERNEL=/boot/vmlinuz-6.1\nCOMMAND_LINE=x\nINITRDS=0\n"
    done = in_folder(loaded(tmp_path, record))
    assert "vmlinuz-6.1 has changed since it was loaded" in done.stderr


@pytest.mark.parametrize("record", [None, "LOADED=nonsense\n"], ids=("none", "broken"))
def test_what_somebody_else_loaded_is_not_known(tmp_path: Path, record: str | None) -> None:
    """Neither passes nor fails by it, and is not taken for the default entry."""
    done = in_folder(loaded(tmp_path, record), "--json")
    told, whole = rows(done), json.loads(done.stdout)
    assert whole["kernel"] is None and whole["command_line"] is None and whole["loaded"] is True
    assert told["plan"]["result"] == "unknown" and told["command-line"]["result"] == "unknown"
    assert told["root"]["result"] == "unknown" and told["initrd"]["result"] == "unknown"
    assert "of which no record was left" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    "words",
    [("--newest", "--running"), ("a", "b"), ("--initrd=x",), ("entry", "--command-line=x"), ("--nonsense",), ()],
    ids=" ".join,
)
def test_usage(words: tuple[str, ...]) -> None:
    """With --root, which the last of them leaves as it is, a kernel must be named."""
    done = check(*words)
    assert done.returncode == 2 and not done.stdout
