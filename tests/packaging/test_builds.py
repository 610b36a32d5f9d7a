# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds of another kind than ours: without libraries that can be left out, and with another C library."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Option -> the library that it leaves out, what packs so, and what its codecs are called.
CODECS = {
    "bzip2": ("libbz2", ["bzip2"], "bzip2"),
    "lz4": ("liblz4", ["lz4", "-l"], "lz4-legacy"),
    "lzma": ("liblzma", ["xz", "--check=crc32"], "xz"),
    "zlib": ("zlib", ["gzip"], "gzip"),
    "zstd": ("libzstd", ["zstd", "-q"], "zstd"),
}


def run(*command: str | Path, of: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Any end of a command, in English."""
    return subprocess.run(["env", "LC_ALL=C", *command], input=of, capture_output=True, check=False)


def done(*command: str | Path, of: bytes | None = None) -> bytes:
    """What a command says; it must succeed."""
    ended = run(*command, of=of)
    assert ended.returncode == 0, (ended.stdout[-3000:] + ended.stderr[-3000:]).decode(errors="replace")
    return ended.stdout


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One build, which is configured anew: only what an option is about is built again."""
    folder = ROOT / "build/without"
    if not (folder / "build.ninja").is_file():
        done("meson", "setup", "--werror", "-Dstubs=host", "-Dtests=false", "-Dstatic-library=false", folder, ROOT)
    yield folder


def without(folder: Path, options: list[str]) -> Path:
    """saut without these; that no warning comes, the build sees to."""
    done("meson", "configure", folder, *(f"-D{option}={'disabled' if option in options else 'enabled'}" for option in CODECS))
    done("ninja", "-C", folder, "-j", "2", "src/cmd/saut/saut", "src/cmd/kexec/kexec")
    return folder / "src/cmd/saut/saut"


@pytest.mark.parametrize("left_out", [[], *([option] for option in CODECS), list(CODECS)], ids=lambda options: "+".join(options) or "none")
def test_codecs_that_are_left_out(folder: Path, tmp_path: Path, left_out: list[str]) -> None:
    """What is missing is named where it is needed, and nothing else fails."""
    saut = without(folder, left_out)
    archive = done("cpio", "-o", "-H", "newc", "--quiet", of=b".\n")
    for option, (library, packer, codec) in CODECS.items():
        packed = tmp_path / option
        packed.write_bytes(done(*packer, "-c", of=archive))
        told = run(saut, "inspect", packed)
        if option in left_out:
            assert told.returncode == 1
            assert f"this build of Saut is without {library}, which {codec} needs" in told.stderr.decode()
        else:
            assert told.returncode == 0 and codec in told.stdout.decode(), told.stderr


def test_musl() -> None:
    """Static commands without a byte of glibc."""
    done("make", "-C", ROOT, "musl")
    for command, name in (("kexec", b"kexec (Saut) "), ("saut", b"saut ")):
        program = ROOT / "build/musl" / command
        assert done(program, "--version").startswith(name)
        assert b"GNU C Library" not in program.read_bytes()
        assert b"INTERP" not in done("readelf", "--program-headers", "--wide", program)
    machine = ROOT / "tests/machines/q35-5g.machine"
    assert b"no boot entry" in run(ROOT / "build/musl/saut", "list", f"--root={machine}").stderr
