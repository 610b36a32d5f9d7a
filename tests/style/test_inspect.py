# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut inspect on made files and a captured machine: what it shows, JSON as the schema has it, hostile bytes."""

from __future__ import annotations

import gzip
import json
import lzma
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import pytest

from made_system import kernel

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/vm"))
import uki  # noqa: E402

SAUT = ROOT / "build/meson/src/cmd/saut/saut"
SCHEMA = json.loads((ROOT / "schema/inspect.json").read_text())


def inspect(*words: object, machine: str = "q35-1g") -> subprocess.CompletedProcess[str]:
    """What saut inspect says on one of the captured machines."""
    root = f"--root={ROOT}/tests/machines/{machine}.machine"
    return subprocess.run(
        [SAUT, "inspect", root, *map(str, words)], capture_output=True, text=True, check=False, timeout=60
    )


def told(path: Path, machine: str = "q35-1g") -> dict:
    """The JSON of one file; what does not fit the schema is a failure."""
    whole = json.loads(inspect("--json", path, machine=machine).stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    assert len(whole["files"]) == 1
    return whole["files"][0]


def written(path: Path, content: bytes) -> Path:
    """The file with this in it."""
    path.write_bytes(content)
    return path


def archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Members of newc, with a trailer."""
    made = b""
    for name, data in [*members, ("TRAILER!!!", b"")]:
        fields = [0, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        made += b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        made += b"\0" * (-len(made) % 4) + data
        made += b"\0" * (-len(made) % 4)
    return made


EARLY = archive([("kernel/x86/microcode/GenuineIntel.bin", b"m" * 100)])
MAIN = archive([("init", b"#!"), ("usr/lib/modules/6.12.1/kernel/a.ko", b"a"), ("lib/modules/6.1.0/b.ko", b"b")])


def tree() -> bytes:
    """A device tree with a model, two names and one node."""
    strings = b"model\0compatible\0"
    properties = [(0, b"Saut Board\0"), (6, b"saut,board\0saut,any\0")]
    body = struct.pack(">II", 1, 0)
    for name, value in properties:
        body += struct.pack(">III", 3, len(value), name) + value + b"\0" * (-len(value) % 4)
    body += struct.pack(">I", 1) + b"cpus\0\0\0\0" + struct.pack(">III", 2, 2, 9)
    at = 40 + 16
    total = at + len(body) + len(strings)
    header = (0xD00DFEED, total, at, at + len(body), 40, 17, 16, 0, len(strings), len(body))
    return struct.pack(">10I", *header) + bytes(16) + body + strings


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        broken = {"schema": 1, "files": [{"file": "a", "error": None, "kind": "kernel"}]}
        jsonschema.Draft202012Validator(SCHEMA).validate(broken)


def test_a_kernel(tmp_path: Path) -> None:
    path = written(tmp_path / "vmlinuz", kernel())
    found = told(path)
    assert (found["kind"], found["format"], found["architecture"]) == ("kernel", "bzImage", "x86-64")
    assert found["layers"] == [] and found["size"] == len(kernel())
    assert "64-bit-entry" in found["boot"]["flags"] and found["boot"]["command_line_max"] == 2047
    assert found["load"]["call"] == "kexec_load" and "kexec_file_load" in found["load"]["reason"]
    assert "16-bit entry" in found["load"]["not_by_file"]
    assert found["initrd"] is None and found["uki"] is None
    shown = inspect(path).stdout
    assert shown.startswith(f"{path}: kernel, bzImage, x86-64\n")
    assert "    loaded       here by kexec_load, since" in shown
    assert "    command line 2047 characters\n" in shown


def test_where_it_cannot_be_loaded(tmp_path: Path) -> None:
    found = told(written(tmp_path / "vmlinuz", kernel()), machine="arm64-gicv3")
    assert found["load"]["call"] is None
    assert "the machine is arm64" in found["load"]["reason"] and found["load"]["advice"]


def test_a_compressed_kernel(tmp_path: Path) -> None:
    found = told(written(tmp_path / "vmlinuz.gz", gzip.compress(kernel())))
    assert found["format"] == "bzImage" and found["layers"] == ["gzip"]


def test_a_uki(tmp_path: Path) -> None:
    sections = {
        ".linux": kernel(),
        ".initrd": MAIN,
        ".cmdline": b"root=/dev/sda1 quiet",
        ".uname": b"6.12.1",
        ".profile": b"ID=rescue\nTITLE='Rescue me'\n",
    }
    path = written(tmp_path / "linux.efi", uki.make(sections))
    found = told(path)
    assert found["layers"] == ["unified kernel image (UKI)"] and found["format"] == "bzImage"
    base, rescue = found["uki"]["profiles"]
    sizes = {section["name"]: section["size"] for section in base["sections"]}
    assert sizes[".linux"] == len(kernel()) and sizes[".initrd"] == len(MAIN) and ".profile" not in sizes
    assert (rescue["id"], rescue["title"]) == ("rescue", "Rescue me")
    assert found["uki"]["command_line"] == "root=/dev/sda1 quiet"
    assert found["initrd"]["modules_of"] == ["6.12.1", "6.1.0"]
    assert [one["of"] for one in found["signatures"]][0] == "the file"
    assert not found["signatures"][0]["signed"]
    assert "profile      1 rescue, Rescue me: .profile (" in inspect(path).stdout


def test_an_initrd(tmp_path: Path) -> None:
    packed = lzma.compress(MAIN, check=lzma.CHECK_CRC32)
    path = written(tmp_path / "initrd.img", EARLY + packed)
    found = told(path)
    assert found["kind"] == "initrd"
    initrd = found["initrd"]
    assert [one["packing"] for one in initrd["archives"]] == ["cpio", "xz"]
    assert [one["at"] for one in initrd["archives"]] == [0, len(EARLY)]
    assert [one["unpacked_size"] for one in initrd["archives"]] == [len(EARLY), len(MAIN)]
    assert [one["members"] for one in initrd["archives"]] == [1, 3]
    assert initrd["size"] == len(EARLY) + len(packed)
    assert initrd["unpacked_size"] == len(EARLY) + len(MAIN) and initrd["members"] == 4
    assert initrd["microcode"] == ["GenuineIntel.bin"]
    assert initrd["has_init"] and initrd["damage"] is None and initrd["unlisted"] is None
    assert "    state        whole\n" in inspect(path).stdout


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(MAIN), MAIN, lzma.compress(MAIN, format=lzma.FORMAT_ALONE)],
    ids=("gzip", "plain", "lzma"),
)
def test_each_packing_is_an_initrd(tmp_path: Path, packed: bytes) -> None:
    found = told(written(tmp_path / "initrd", packed))
    assert found["kind"] == "initrd" and found["initrd"]["members"] == 3


def test_a_cut_initrd_is_damaged_somewhere(tmp_path: Path) -> None:
    packed = lzma.compress(MAIN, check=lzma.CHECK_CRC32)
    path = written(tmp_path / "initrd", EARLY + packed[:-30])
    found = told(path)
    assert found["initrd"]["damage"] and found["initrd"]["unlisted"]
    assert found["initrd"]["microcode"] == ["GenuineIntel.bin"]
    assert "    state        Linux does not unpack all of it: " in inspect(path).stdout


def test_a_device_tree(tmp_path: Path) -> None:
    path = written(tmp_path / "board.dtb", tree())
    found = told(path)
    assert found["kind"] == "device-tree" and found["model"] == "Saut Board"
    assert found["compatible"] == ["saut,board", "saut,any"]
    assert found["nodes"] == 2 and found["size"] == len(tree())
    assert "    compatible   saut,board, saut,any\n" in inspect(path).stdout


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\x0d\xfe\xed" + bytes(60), 3),
        (b"nothing of the kind", 3),
        (kernel()[:600], 3),
        (gzip.compress(b"x" * 1000), 3),
    ],
    ids=("tree", "text", "cut", "gzip"),
)
def test_hostile_bytes_are_one_error(tmp_path: Path, content: bytes, code: int) -> None:
    path = written(tmp_path / "file", content)
    done = inspect(path)
    assert done.returncode == code and not done.stdout
    assert done.stderr.startswith(f"saut: cannot inspect {path}: ")
    assert len([line for line in done.stderr.splitlines() if line.startswith("saut: ")]) == 1
    assert told(path)["error"]


def test_one_that_fails_does_not_hide_the_others(tmp_path: Path) -> None:
    bad = written(tmp_path / "bad", b"nothing of the kind")
    good = written(tmp_path / "good.dtb", tree())
    done = inspect("--json", bad, tmp_path / "missing", good)
    files = json.loads(done.stdout)["files"]
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(done.stdout))
    assert [one["kind"] for one in files] == [None, None, "device-tree"]
    assert done.returncode != 0
    assert done.stderr.count("saut: cannot inspect") == 2


@pytest.mark.parametrize("words", [(), ("--nonsense", "x")], ids=" ".join)
def test_usage(words: tuple[str, ...]) -> None:
    done = inspect(*words)
    assert done.returncode == 2 and not done.stdout
