# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut inspect on made files and a captured machine: what it shows, JSON as the schema has it, hostile bytes."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable
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


#: U-Boot's numbers (its include/image.h).
ARM, KERNEL, INITRD, NOT_PACKED, GZIP = 2, 2, 3, 0, 1


def uimage(payload: bytes, kind: int = INITRD, packing: int = NOT_PACKED, cpu: int = ARM) -> bytes:
    """As mkimage makes it, on a day in 2026."""
    fields = struct.pack(">IIIIIBBBB32s", 1795881600, len(payload), 0x40008000, 0x40008040, zlib.crc32(payload), 5, cpu,
                         kind, packing, b"Linux 6.1")
    head = struct.pack(">I", 0x27051956)
    return head + struct.pack(">I", zlib.crc32(head + bytes(4) + fields)) + fields + payload


def fit(data: bytes) -> bytes:
    """U-Boot's newer format: a device tree with a node "images", here with one kernel."""
    strings = b"data\0"
    body = struct.pack(">I", 1) + bytes(4) + struct.pack(">I8sI8s", 1, b"images", 1, b"kernel")
    body += struct.pack(">III", 3, len(data), 0) + data + bytes(-len(data) % 4) + struct.pack(">IIII", 2, 2, 2, 9)
    at = 40 + 16
    header = (0xD00DFEED, at + len(body) + len(strings), at, at + len(body), 40, 17, 16, 0, len(strings), len(body))
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


#: Whatever packs it, its header need not know: Debian's flash-kernel writes gzip.
PACKED = {
    "cpio": MAIN,
    "gzip": gzip.compress(MAIN),
    "xz": lzma.compress(MAIN, check=lzma.CHECK_CRC32),
    "lzma": lzma.compress(MAIN, lzma.FORMAT_ALONE),
    "bzip2": bz2.compress(MAIN),
}


@pytest.mark.parametrize("packing", list(PACKED))
def test_an_initrd_in_a_uimage(tmp_path: Path, packing: str) -> None:
    path = written(tmp_path / "uInitrd", uimage(EARLY + PACKED[packing], packing=GZIP))
    found = told(path)
    assert (found["kind"], found["error"]) == ("initrd", None)
    assert found["uimage"] == {
        "name": "Linux 6.1",
        "architecture": "ARM",
        "compression": "gzip",
        "made": 1795881600,
        "load_address": 0x40008000,
        "entry_point": 0x40008040,
        "size": len(EARLY + PACKED[packing]),
    }
    assert [one["packing"] for one in found["initrd"]["archives"]] == ["cpio", packing]
    assert found["initrd"]["damage"] is None and found["initrd"]["modules_of"] == ["6.12.1", "6.1.0"]


def with_boot_config(initrd: bytes) -> bytes:
    """As tools/bootconfig of Linux appends one."""
    text = b"kernel.a = 1\n\0\0\0"
    return initrd + text + struct.pack("<II", len(text), sum(text)) + b"#BOOTCONFIG\n"


def ram_disk() -> bytes:
    """The superblock of ext2, as far as it is known by it."""
    disk = bytearray(8192)
    disk[1080:1082] = b"\x53\xef"
    return bytes(disk)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_a_ram_disk(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    found = told(written(tmp_path / "initrd.ext2", pack(ram_disk())))
    assert found["kind"] == "initrd" and found["initrd"]["ram_disk"] == "ext2"
    assert found["initrd"]["unlisted"] and not found["initrd"]["archives"]


def test_a_boot_configuration(tmp_path: Path) -> None:
    whole = with_boot_config(EARLY + gzip.compress(MAIN))
    found = told(written(tmp_path / "initrd", whole))["initrd"]
    assert found["boot_config"] == {"size": 16, "is_whole": True}
    assert (found["damage"], found["unlisted"]) == (None, None) and len(found["archives"]) == 2
    damaged = told(written(tmp_path / "damaged", whole.replace(b"kernel.a", b"kernel.b")))["initrd"]
    assert damaged["boot_config"] == {"size": 16, "is_whole": False}


@pytest.mark.parametrize("size", [100, 3 << 20])
def test_a_fit(tmp_path: Path, size: int) -> None:
    """It is named, whatever its size, and no device tree that is too large."""
    found = told(written(tmp_path / "kernel.itb", fit(bytes(size))))
    assert (found["kind"], found["format"]) == ("kernel", "U-Boot FIT image")
    assert found["load"]["call"] is None and "no kernel is taken out of this" in found["load"]["reason"]


def test_a_kernel_in_a_uimage(tmp_path: Path) -> None:
    path = written(tmp_path / "uImage", uimage(gzip.compress(arm64_image()), KERNEL, GZIP, cpu=22))
    found = told(path, machine="arm64-gicv3")
    assert found["layers"] == ["U-Boot uImage, gzip, of an arm64 Image"]
    assert found["uimage"]["architecture"] == "ARM64" and found["uimage"]["entry_point"] == 0x40008040
    assert found["load"]["call"] == "kexec_load"
    assert told(written(tmp_path / "Image", arm64_image()))["uimage"] is None


@pytest.mark.parametrize(
    ("at", "reason"), [(40, "its header's checksum is wrong"), (70, "its payload's checksum is wrong")]
)
@pytest.mark.parametrize("kind", [KERNEL, INITRD])
def test_a_damaged_uimage(tmp_path: Path, kind: int, at: int, reason: str) -> None:
    content = bytearray(uimage(MAIN, kind))
    content[at] ^= 1
    path = written(tmp_path / "file", bytes(content))
    done = inspect(path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"saut: cannot inspect {path}: U-Boot uImage: {reason}\n")
    assert told(path)["error"] == f"U-Boot uImage: {reason}"


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


#: What is kept of saut inspect's words; SAUT_UPDATE_GOLDEN=1 writes it anew, and the difference is read before it
#: is committed.
KEPT = ROOT / "tests/style/inspected"

#: What stands in the small kernel's header beside what made_system has: where its 32-bit entry is, which entries
#: there are.
ENTRIES = ((0x214, 0x100000), (0x236, 0x0B))


def whole_kernel() -> bytes:
    """One that can be started without the BIOS."""
    image = bytearray(kernel())
    for offset, value in ENTRIES:
        image[offset : offset + 2] = (value & 0xFFFF).to_bytes(2, "little")
        image[offset + 2] |= value >> 16
    return bytes(image)


def arm64_image() -> bytes:
    """A header that asks for 1 MiB anywhere, with pages of 4 KiB, and nothing behind it."""
    return struct.pack("<IIQQQ24x4sI", 0, 0, 0, 1 << 20, 0x0A, b"ARMd", 0).ljust(8192, b"\0")


#: Each kind of file, whole and not.
FILES = {
    "vmlinuz": whole_kernel(),
    "Image": arm64_image(),
    "vmlinuz.gz": gzip.compress(whole_kernel(), mtime=0),
    "linux.efi": uki.make({
        ".linux": whole_kernel(),
        ".initrd": MAIN,
        ".cmdline": b"root=/dev/sda1 quiet",
        ".uname": b"6.12.1",
        ".profile": b"ID=rescue\nTITLE='Rescue me'\n",
    }),
    "initrd.img": EARLY + lzma.compress(MAIN, check=lzma.CHECK_CRC32),
    "initrd.cut": EARLY + lzma.compress(MAIN, check=lzma.CHECK_CRC32)[:-30],
    "initrd.short": MAIN[:-124],
    "initrd.config": with_boot_config(MAIN),
    "initrd.ext2": ram_disk(),
    "uInitrd": uimage(EARLY + gzip.compress(MAIN, mtime=0), packing=GZIP),
    "uImage": uimage(gzip.compress(arm64_image(), mtime=0), KERNEL, GZIP, cpu=22),
    "kernel.itb": fit(bytes(100)),
    "board.dtb": tree(),
}


def compare(name: str, text: str) -> None:
    """With what is kept under @name."""
    KEPT.mkdir(exist_ok=True)
    if os.environ.get("SAUT_UPDATE_GOLDEN"):
        (KEPT / name).write_text(text)
    assert text == (KEPT / name).read_text()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with these files."""
    folder = tmp_path_factory.mktemp("inspected")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


#: What is systemd's stub and not ours in the unified image: another version of it has others.
STUB = (
    (re.compile(r"(?m)^( +sections ).*(?=\.linux \()"), r"\1"),
    (re.compile(r"(?m)^( +image hash +)[0-9a-f]{64}$"), r"\1HASH"),
    (re.compile(r"\b9\d{4} bytes"), "N bytes"),
)


def without_stub(text: str) -> str:
    """What is shown, without that."""
    for pattern, words in STUB:
        text = pattern.sub(words, text)
    return text


def told_without_stub(document: dict) -> str:
    """The same of JSON."""
    for one in document["files"]:
        for profile in (one.get("uki") or {"profiles": []})["profiles"]:
            names = [section["name"] for section in profile["sections"]]
            first = names.index(".linux") if ".linux" in names else 0
            profile["sections"] = profile["sections"][first:]
            one["size"] = None
        for signature in one.get("signatures", []):
            signature["image_sha256"] = None
    return json.dumps(document, indent=1) + "\n"


def in_english(folder: Path, machine: str, *words: str) -> str:
    """All that is said by saut inspect in @folder."""
    root = f"--root={ROOT}/tests/machines/{machine}.machine"
    environment = os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": "", "TZ": "UTC0"}
    command = [SAUT, "inspect", root, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=environment).stdout


def test_each_kind_is_shown_as_it_is_kept(made: Path) -> None:
    compare("files.txt", without_stub(in_english(made, "q35-1g", *FILES)))


def test_each_kind_is_told_as_it_is_kept(made: Path) -> None:
    document = json.loads(in_english(made, "q35-1g", "--json", *FILES))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    compare("files.json", told_without_stub(document))


#: A small virtual machine, UEFI, a crash region, much memory, other CPUs, a hypervisor.
MACHINES = ("pc-256m", "q35-uefi-5g", "q35-5g-crash-high", "server-1536g", "server-12t", "i386-1g", "arm64-gicv3",
            "arm64-uefi", "riscv64-2harts", "loong64", "xen-dom0")


def test_what_each_machine_makes_of_it_is_as_it_is_kept(made: Path) -> None:
    """The lines that hang on the machine, of a kernel for x86-64 and of one for arm64."""
    lines = []
    for machine in MACHINES:
        for name in ("vmlinuz", "Image"):
            shown = in_english(made, machine, name)
            lines += [f"{machine}: {name}", shown[shown.index("    loaded "):].split("    initrd ")[0]]
    compare("machines.txt", "\n".join(lines))


@pytest.mark.parametrize("words", [(), ("--nonsense", "x")], ids=" ".join)
def test_usage(words: tuple[str, ...]) -> None:
    done = inspect(*words)
    assert done.returncode == 2 and not done.stdout
