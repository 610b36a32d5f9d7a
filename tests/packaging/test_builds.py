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


def test_gzip_without_libdeflate(folder: Path, tmp_path: Path) -> None:
    """Zlib does it as well."""
    packed = tmp_path / "initrd"
    packed.write_bytes(done("gzip", "-c", of=done("cpio", "-o", "-H", "newc", "--quiet", of=b".\n")))
    try:
        for state in ("disabled", "enabled"):
            done("meson", "configure", folder, f"-Dlibdeflate={state}")
            saut = without(folder, [])
            assert b"gzip" in done(saut, "inspect", packed)
            assert (b"libdeflate" in done("ldd", saut)) == (state == "enabled")
    finally:
        done("meson", "configure", folder, "-Dlibdeflate=auto")


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


def test_install_is_whole_and_is_taken_away(tmp_path: Path) -> None:
    """All that users read, and for each init system what it starts."""
    services = "openrc,systemd,runit,kernel-hooks,initramfs-tools,dracut"
    done("make", "-C", ROOT, "install", f"DESTDIR={tmp_path}/root", f"SERVICES={services}")
    names = {str(path.relative_to(tmp_path / "root")) for path in (tmp_path / "root").rglob("*") if not path.is_dir()}
    pages = [path for path in (ROOT / "man").rglob("*.[578]") if path.name != "coldreboot.8"]
    shared = [f"usr/share/man/{'fr/' if path.parent.name == 'fr' else ''}man{path.name[-1]}/{path.name}" for path in pages]
    shared += [f"usr/share/saut/schema/{path.name}" for path in (ROOT / "schema").glob("*.json")]
    shared += [f"usr/share/locale/{language}/LC_MESSAGES/saut.mo" for language in (ROOT / "po/LINGUAS").read_text().split()]
    shared += [f"usr/share/{place}" for command in ("kexec", "saut") for place in (
        f"bash-completion/completions/{command}", f"fish/vendor_completions.d/{command}.fish")]
    started = ["etc/init.d/kexec", "etc/init.d/kexec-jump", "etc/init.d/kexec-unbind",
               "etc/init.d/saut-confirm", "etc/conf.d/kexec", "etc/rc.conf.d/saut.conf",
               "etc/runit/shutdown.d/05-kexec-load.sh", "etc/runit/shutdown.d/95-saut-kexec.sh", "etc/sv/saut-confirm/run",
               "etc/kernel/postinst.d/zzz-kexec-load", "etc/kernel/postrm.d/zzz-kexec-load",
               "usr/lib/kernel/install.d/95-kexec-load.install", "usr/lib/dracut/modules.d/75saut/module-setup.sh",
               "usr/share/initramfs-tools/hooks/saut", "usr/lib/saut/kernel-changed",
               *(f"usr/lib/systemd/system/{unit}" for unit in (
                   "kexec-load.service", "kexec-load.path", "kexec-watch@.path", "kexec-reload.service", "saut-confirm.service",
                   "saut-leave.service", "kexec-shutdown.service"))]
    assert set(shared + started + ["usr/sbin/kexec", "usr/sbin/saut", "usr/sbin/vmcore-dmesg", "usr/include/saut.h"]) <= names
    assert {Path(name).name for name in names if "/zsh/" in name} == {"_kexec", "_saut"}
    done("make", "-C", ROOT, "uninstall")
    assert [path for path in (tmp_path / "root").rglob("*") if not path.is_dir()] == []


def test_musl() -> None:
    """Static commands without a byte of glibc."""
    done("make", "-C", ROOT, "musl")
    for command, name in (("kexec", b"kexec (Saut) "), ("saut", b"saut "), ("vmcore-dmesg", b"vmcore-dmesg (Saut) ")):
        program = ROOT / "build/musl" / command
        assert done(program, "--version").startswith(name)
        assert b"GNU C Library" not in program.read_bytes()
        assert b"INTERP" not in done("readelf", "--program-headers", "--wide", program)
    machine = ROOT / "tests/machines/q35-5g.machine"
    assert b"no boot entry" in run(ROOT / "build/musl/saut", "list", f"--root={machine}").stderr
