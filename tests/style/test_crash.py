# SPDX-License-Identifier: LGPL-2.1-or-later
"""What saut crash tells of captured machines, and of one with the files of Debian's kdump-tools."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
from made_system import kernel

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/saut"
MACHINES = ROOT / "tests/machines"
SCHEMA = json.loads((ROOT / "schema/crash.json").read_text())
KEPT = sorted(MACHINES.glob("*.crash-status"))

RECORD = """\
LOADED=1796000000
LOADED_BY=saut
TITLE=""
KERNEL="/boot/vmlinuz-{release}"
RELEASE="{release}"
COMMAND_LINE="root=/dev/sda1 nr_cpus=1"
CALL="kexec_file_load"
INITRD_0="/var/lib/kdump/initrd.img-{release}"
INITRDS=1
BOOT_ID="{boot}"
"""


@pytest.fixture(autouse=True)
def built() -> None:
    """Without the command there is nothing to ask."""
    if not SAUT.exists():
        pytest.skip("saut is not built")


def told(root: Path, *words: str) -> str:
    """The text, as an English reader in UTC sees it."""
    environment = os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": "", "TZ": "UTC"}
    command = [SAUT, "crash", *words, f"--root={root}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


def told_to_programs(root: Path) -> dict[str, object]:
    """The one document, by its schema."""
    document = json.loads(told(root, "status", "--json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert isinstance(document, dict)
    return document


def test_there_are_machines() -> None:
    assert {path.stem for path in KEPT} >= {"q35-1g-crash", "q35-5g-crash-high", "arm64-gicv3-crash", "server-4t"}


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_as_it_is_kept(kept: Path) -> None:
    """SAUT_UPDATE_GOLDEN=1 writes them anew, and the difference is read before it is committed."""
    text = told(kept.with_suffix(".machine"), "status")
    if os.environ.get("SAUT_UPDATE_GOLDEN"):
        kept.write_text(text)
    assert text == kept.read_text()
    told_to_programs(kept.with_suffix(".machine"))


def make_system(folder: Path) -> tuple[Path, str]:
    """A captured machine as a folder, with a kernel of 1 MiB, and an initrd that unpacks to 3 MiB."""
    text = (MACHINES / "q35-1g-crash.machine").read_text()
    for name, content in re.findall(r"^=== (\S+)\n(.*?)(?=^===|\Z)", text, re.M | re.S):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    release = (folder / "saut/uname").read_text().split()[0]
    member = b"070701" + b"%08x" * 13 % (1, 0o100644, 0, 0, 1, 0, 3 << 20, 0, 0, 0, 0, 4, 0) + b"abc\0" + b"\0" * 2
    end = b"070701" + b"%08x" * 13 % (0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0) + b"TRAILER!!!\0" + b"\0" * 3
    files = {
        f"boot/vmlinuz-{release}": kernel(),
        f"var/lib/kdump/initrd.img-{release}": gzip.compress(member + b"\0" * (3 << 20) + end),
        "lib/systemd/system/kdump-tools-dump.service": b"[Unit]\n",
        "proc/sys/kernel/random/boot_id": b"this-boot\n",
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder, release


def test_would_it_fit(tmp_path: Path) -> None:
    """By the size of kernel and initrd, in numbers."""
    root, release = make_system(tmp_path)
    document = told_to_programs(root)
    needs = document["needs"]
    assert isinstance(needs, dict)
    assert (needs["of"], needs["kernel"]) == (f"/boot/vmlinuz-{release}", 1 << 20)
    assert needs["unpacked"] > 3 << 20 and needs["initrd"] < 1 << 16
    assert needs["total"] == sum(needs[name] for name in ("kernel", "initrd", "unpacked", "pages", "headers", "work"))
    assert document["fits"] is True and document["recommended"] == document["usual"] == 192 << 20
    assert "which fit" in told(root)
    iomem = root / "proc/iomem"
    iomem.write_text(iomem.read_text().replace("32000000-3dffffff : Crash kernel", "32000000-33ffffff : Crash kernel"))
    assert told_to_programs(root)["fits"] is False
    text = told(root)
    assert "for which too little is reserved" in text and "what to do: put crashkernel=192M on" in text


def test_what_is_loaded_is_told_by_its_record(tmp_path: Path) -> None:
    """As far as the kernel's own word and the boot agree with it."""
    root, release = make_system(tmp_path)
    flag, record = root / "sys/kernel/kexec_crash_loaded", root / "run/saut/crash"
    record.parent.mkdir(parents=True)
    record.write_text(RECORD.format(release=release, boot="this-boot"))
    flag.write_text("0\n")
    assert told_to_programs(root)["loading"] is None
    flag.write_text("1\n")
    loading = told_to_programs(root)["loading"]
    assert isinstance(loading, dict) and loading["kernel"] == f"/boot/vmlinuz-{release}"
    text = told(root)
    assert f"initrd   /var/lib/kdump/initrd.img-{release}" in text and "by       saut, on 2026-11-" in text
    assert "until it is loaded again (saut crash reload)" in text
    record.write_text(RECORD.format(release=release, boot="another-boot"))
    assert told_to_programs(root)["loading"] is None
    assert "neither saut nor kexec has loaded it in this boot" in told(root)
