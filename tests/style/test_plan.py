# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut plan on captured machines: text, JSON and picture as they are kept in tests/plans, and what they say of each other.

After a change that is meant, SAUT_UPDATE_GOLDEN=1 writes them anew, and the difference is read before it is committed.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import struct
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from made_system import kernel
from test_check import capture
from test_inspect import archive

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"
SCHEMA = json.loads((ROOT / "schema/plan.json").read_text())
KEPT = ROOT / "tests/plans"
SVG = "{http://www.w3.org/2000/svg}"

#: Machine -> whose CPU's kernel: a small one, those of 5 GiB, with UEFI, with memory for a crash kernel, of 1.5 and of
#: 12 TiB, three other CPUs, one whose screen a DRM driver has.
MACHINES = {
    "pc-256m": "x86-64",
    "q35-5g": "x86-64",
    "q35-uefi-5g": "x86-64",
    "q35-5g-crash-high": "x86-64",
    "server-1536g": "x86-64",
    "server-12t": "x86-64",
    "arm64-gicv3": "arm64",
    "riscv64-2harts": "riscv64",
    "loong64": "loong64",
    "q35-uefi-drm": "x86-64",
}


def made_kernel(cpu: str) -> bytes:
    """A kernel's header, and some of it."""
    heads = {
        # Documentation/arch/arm64/booting.rst
        "arm64": struct.pack("<IIQQQQQQ4sI", 0, 0, 0x80000, 26 << 20, 0xA, 0, 0, 0, b"ARM\x64", 0),
        # Documentation/arch/riscv/boot-image-header.rst
        # Documentation/arch/loongarch/booting.rst
        "loong64": struct.pack("<8sQQQ24xI4x", b"MZ", (2 << 20) + 0x1000, 26 << 20, 2 << 20, 0x818223CD)[:60]
        + struct.pack("<I4sH14xHHH238x", 64, b"PE", 0x6264, 240, 0, 0x20B),
        "riscv64": struct.pack("<IIQQQIIQ8s4sI", 0, 0, 2 << 20, 26 << 20, 0, 2, 0, 0, b"RISCV\0\0\0", b"RSC\x05", 0),
    }
    if cpu in heads:
        return heads[cpu] + bytes(8192 - len(heads[cpu]))
    image = bytearray(kernel())
    payload = gzip.compress(bytes(3000), mtime=0)
    fields = {0x206: (2, 0x20F), 0x214: (4, 0x100000), 0x236: (2, 0x7F), 0x248: (4, 0x400), 0x24C: (4, len(payload)),
              0x260: (4, 56 << 20)}  # Documentation/arch/x86/boot.rst
    for offset, (width, value) in fields.items():
        image[offset : offset + width] = value.to_bytes(width, "little")
    image[2048 : 2048 + len(payload)] = payload
    return bytes(image)


def plan(machine: str, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What saut plan says on one of the captured machines."""
    root = f"--root={ROOT}/tests/machines/{machine}.machine"
    command = [SAUT, "plan", root, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


def in_folder(folder: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What it says of the machine in a folder."""
    command = [SAUT, "plan", f"--root={folder}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


def told(done: subprocess.CompletedProcess[str]) -> list[dict]:
    """The plans of the JSON; what does not fit the schema is a failure."""
    whole = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    return whole["plans"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a kernel and an initrd."""
    (tmp_path / "vmlinuz").write_bytes(made_kernel("x86-64"))
    (tmp_path / "initrd").write_bytes(gzip.compress(archive([("init", b"#!" * 5000)]), mtime=0))
    return tmp_path


WORDS = ("./vmlinuz", "--initrd=./initrd", "--command-line=root=/dev/vda1 quiet")


def kept(name: str, text: str) -> None:
    """The text is what is kept of it, or from now on."""
    path = KEPT / name
    if "SAUT_UPDATE_GOLDEN" in os.environ:
        path.write_text(text)
    assert text == path.read_text(), name


@pytest.mark.parametrize("machine", MACHINES)
def test_as_it_is_kept(machine: str, files: Path) -> None:
    (files / "vmlinuz").write_bytes(made_kernel(MACHINES[machine]))
    done = plan(machine, *WORDS, "--svg=plan.svg", cwd=files)
    assert done.returncode == 0, done.stderr
    # But for a word that is longer by itself, as the room for the stub's record on loong64's command line.
    assert all(len(line) <= 80 or max(map(len, line.split())) > 80 for line in done.stdout.splitlines())
    kept(f"{machine}.txt", done.stdout)
    kept(f"{machine}.json", plan(machine, *WORDS, "--json", cwd=files).stdout)
    kept(f"{machine}.svg", (files / "plan.svg").read_text())


@pytest.mark.parametrize("machine", MACHINES)
def test_it_agrees_with_itself(machine: str) -> None:
    """Each piece of the map once, by address, and all segments among them; the blackout is the sum of its parts."""
    whole = json.loads((KEPT / f"{machine}.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    (one,) = whole["plans"]
    pieces = [(int(piece["start"], 16), piece["size"], piece["use"]) for piece in one["memory_map"]]
    assert pieces == sorted(pieces) and pieces
    for (start, size, _), (following, _, _) in zip(pieces, pieces[1:]):
        assert start + size <= following
    loaded = {(start, size) for start, size, use in pieces if use == "loaded"}
    assert loaded == {(int(s["start"], 16), s["size"]) for s in one["segments"] or []}
    assert one["blackout"]["ns"] == sum(part["ns"] for part in one["blackout"]["parts"])
    assert (one["segments"] is None) == (one["system_call"]["name"] == "kexec_file_load")


@pytest.mark.parametrize("machine", MACHINES)
def test_a_picture_is_one(machine: str) -> None:
    """Well-formed, for light and dark, and nothing in it lies outside of it, nor upon something else."""
    root = ET.parse(KEPT / f"{machine}.svg").getroot()
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert "prefers-color-scheme:dark" in root.find(f"{SVG}style").text
    boxes = [[float(box.attrib[name]) for name in ("x", "y", "width", "height")]
             for box in root.iter(f"{SVG}rect") if box.attrib["class"] != "page"]
    for x, y, wide, high in boxes:
        assert 0 <= x and x + wide <= width and 0 <= y and y + high <= height
    for i, (x, y, wide, high) in enumerate(boxes):
        for x2, y2, wide2, high2 in boxes[:i]:
            apart = x >= x2 + wide2 - 0.2 or x2 >= x + wide - 0.2 or y >= y2 + high2 - 0.2 or y2 >= y + high - 0.2
            assert apart, (x, y, x2, y2)
    assert all(float(text.attrib["y"]) < height for text in root.iter(f"{SVG}text"))


def test_a_word_has_a_reason(files: Path) -> None:
    """Those that the reused line loses, and those that it gets."""
    folder = capture(files / "root")
    line = "BOOT_IMAGE=/vmlinuz root=/dev/sda1 saut.words=1 panic=10 quiet -- single"
    (folder / "proc/cmdline").write_text(f"{line}\n")
    (one,) = told(in_folder(folder, "./vmlinuz", "--remove=quiet", "--append=ro", "--json", cwd=files))
    changes = {change["word"]: (change["added"], change["reason"]) for change in one["command_line"]["changes"]}
    assert one["command_line"]["from"] == line and one["command_line"]["reused"] is True
    assert one["command_line"]["line"] == "root=/dev/sda1 -- single ro"
    assert {word: added for word, (added, _) in changes.items()} == {
        "BOOT_IMAGE=/vmlinuz": False, "saut.words=1": False, "panic=10": False, "quiet": False, "ro": True}
    assert "boot loader" in changes["BOOT_IMAGE=/vmlinuz"][1] and "running kernel alone" in changes["panic=10"][1]


@pytest.mark.parametrize("words", [(), ("The first",), ("--newest",)], ids=" ".join)
def test_an_entry_of_a_folder(files: Path, words: tuple[str, ...]) -> None:
    """By its title, and the default one by itself."""
    folder = capture(files / "root")
    (one,) = told(in_folder(folder, "--json", *words, cwd=files))
    assert one["title"] == "The first" and one["command_line"]["line"].endswith("root=/dev/sda1 quiet")
    assert one["kernel"]["file"] == f"{folder}/boot/vmlinuz-6.1"


def test_several_and_one_that_is_not_there(files: Path) -> None:
    done = plan("q35-5g", "./vmlinuz", "./none", "./vmlinuz", "--json", cwd=files)
    first, second, third = told(done)
    assert first["error"] is None and third["error"] is None and "No such file" in second["error"]
    assert done.returncode not in (0, 2)


def test_a_crowd_is_few_rows(files: Path) -> None:
    """Of hundreds of pieces there are a few dozen rows, in both drawings, that have all of them."""
    folder = capture(files / "root")
    memmap = folder / "sys/firmware/memmap"
    for i in range(900):
        entry = memmap / str(1000 + i)
        entry.mkdir()
        start = (4 << 30) + (i << 26)
        (entry / "start").write_text(f"{start:#x}\n")
        (entry / "end").write_text(f"{start + (1 << 26) - 1:#x}\n")
        (entry / "type").write_text("Reserved\n" if i % 2 else "System RAM\n")
    done = in_folder(folder, "./vmlinuz", "--svg=a.svg", cwd=files)
    assert done.returncode == 0, done.stderr
    shown = re.findall(r"^    0x[0-9a-f]{12}  [#+.x%]+ ", done.stdout, re.M)
    assert len(shown) < 40, done.stdout
    pieces = sum(map(int, re.findall(r"(\d+) pieces", done.stdout.partition("map of")[2])))
    assert pieces > 850
    assert len(list(ET.parse(files / "a.svg").getroot().iter(f"{SVG}text"))) < 150


def test_names_are_no_markup(files: Path) -> None:
    """What stands in a file's name is text in the picture, and steers no terminal."""
    hostile = "<script>&\"'\x1b[2J\u202e.efi"
    (files / hostile).write_bytes(made_kernel("x86-64"))
    done = plan("q35-5g", f"./{hostile}", "--svg=plan.svg", cwd=files)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout and "\\x1b[2J" in done.stdout
    texts = [text.text for text in ET.parse(files / "plan.svg").getroot().iter(f"{SVG}text")]
    assert "<script>&\"'\ufffd[2J\ufffd.efi" in texts


def test_a_picture_that_cannot_be_written(files: Path) -> None:
    done = plan("q35-5g", *WORDS, "--svg=/proc/none/plan.svg", cwd=files)
    assert done.returncode != 0 and "cannot draw /proc/none/plan.svg: " in done.stderr and done.stdout == ""


def test_wrong_words(files: Path) -> None:
    for words in (("./vmlinuz", "./vmlinuz", "--svg=a"), ("--running", "./vmlinuz"), ("--nonsense",), ("an entry",)):
        assert plan("q35-5g", *words, cwd=files).returncode == 2, words


def test_the_schema_refuses() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({"schema": 1, "plans": [{"title": "a", "error": None}]})
