# SPDX-License-Identifier: LGPL-2.1-or-later
"""Initrds that are more than one file, or a big one."""

from __future__ import annotations

import bz2
import gzip
import lzma
import secrets
import subprocess

import initramfs
import pytest
import rootfs
from chain import Chain, Jump
from conftest import StartVM
from machine import VM, Hardware, default_tree

#: Made in the guest: as big as distributions' fullest initrds, without a copy on the host.
BIG_MEGABYTES = 300

CALLS = ("-c", "-s")


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with room for a big initrd three times: the file, its copy, the next root."""
    return Chain(start_vm("6.12", Hardware(memory="3G")))


def pack_apart(vm: VM, name: str, command: str) -> str:
    """Makes an archive of what @command leaves in an empty folder; returns its path."""
    folder, archive = f"/run/{name}", f"/run/{name}.cpio"
    vm.check(f"mkdir {folder} && cd {folder} && {command}")
    vm.check(f"cd {folder} && find . | cpio -o -H newc >{archive} && rm -r {folder}")
    return archive


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("call", CALLS)
def test_two_initrds(chain: Chain, call: str) -> None:
    """Both archives are unpacked, the second over the first."""
    before, vm = chain.running(), chain.vm
    vm.check("rm -f /second && pack-initrd /run/base.cpio from-the-first")
    nonce = secrets.token_hex(8)
    over = pack_apart(
        vm, "over", f"mkdir -p etc/saut && echo {nonce} >etc/saut/nonce && echo {call} >second"
    )
    up = chain.jump_by(lambda: vm.load_files(call, "6.12", ["/run/base.cpio", over]))
    assert up.nonce == nonce, "the second archive must be laid over the first"
    assert up.boot == before.boot + 1, "this file comes from the first archive"
    assert vm.check("cat /second") == f"{call}\n"


@pytest.mark.parametrize("call", ["-c", pytest.param("-s", marks=pytest.mark.full)])
def test_big_initrd(chain: Chain, call: str) -> None:
    """Not a byte is lost on the way."""
    chain.running()
    vm = chain.vm
    vm.check(f"dd if=/dev/urandom of=/big bs=1M count={BIG_MEGABYTES}")
    before = vm.check("md5sum /big")
    chain.jump(Jump("6.12", call))
    assert vm.check("md5sum /big") == before
    vm.check("rm /big")


def packed(program: str, *words: str) -> bytes:
    """A small archive, packed by a program of the host's."""
    return subprocess.run([program, *words], input=small(), check=True, capture_output=True).stdout


def small() -> bytes:
    """An archive of one file."""
    return initramfs.to_bytes({"small": b"small\n" * 99})


def gaps(*pieces: bytes | int) -> bytes:
    """Pieces one behind another; a number is as many zeros."""
    return b"".join(bytes(piece) if isinstance(piece, int) else piece for piece in pieces)


def odd(data: bytes) -> bytes:
    """Up to the next place that is one byte behind a multiple of four."""
    return data + bytes((1 - len(data)) % 4)


ZSTD = packed("zstd", "-q", "-3")

#: Files, and what Linux says of them; None: it says nothing, though a part is lost.
JUDGED: dict[str, tuple[bytes, bool | None]] = {
    "gzip": (gzip.compress(small()), True),
    "gzip-cut": (gzip.compress(small())[:-40], False),
    "bzip2": (bz2.compress(small()), True),
    "lzma": (lzma.compress(small(), format=lzma.FORMAT_ALONE), True),
    "xz-crc32": (lzma.compress(small(), check=lzma.CHECK_CRC32), True),
    "xz-crc64": (lzma.compress(small(), check=lzma.CHECK_CRC64), False),
    "xz-cut": (lzma.compress(small(), check=lzma.CHECK_CRC32)[:-1], False),
    "lzo": (packed("lzop"), True),
    "lz4": (packed("lz4", "-l"), True),
    "lz4-zeros": (gaps(packed("lz4", "-l"), 512), True),
    "lz4-frame": (packed("lz4"), False),
    "lz4-junk": (packed("lz4", "-l") + b"junkjunk", False),
    "zstd": (ZSTD, True),
    "zstd-cut": (ZSTD[:-3], False),
    "zstd-junk": (ZSTD + b"junk", False),
    "zstd-odd-zstd": (odd(ZSTD) + ZSTD, True),
    "zstd-odd-cpio": (odd(ZSTD) + small(), False),
    "cpio-gap-zstd": (gaps(small(), 508, ZSTD), True),
    "cpio-odd-zstd": (odd(small()) + ZSTD, False),
    "zeros-cpio": (gaps(4096, small()), True),
    "cpio-no-trailer": (small()[: -(110 + 11 + 3)], True),
    "cpio-cut": (small()[:200], None),
}


@pytest.fixture(scope="module")
def judge(start_vm: StartVM) -> Chain:
    """A machine with all of these files."""
    files = {f"judged/{name}": data for name, (data, _) in JUDGED.items()}
    return Chain(start_vm("6.12", Hardware(memory="1G"), default_tree() | files))


@pytest.mark.full
@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("name", JUDGED)
def test_linux_judges_the_same(judge: Chain, name: str) -> None:
    """Refused is what Linux fails to unpack, and nothing else: it is given both, behind its own."""
    file, accepted = f"/judged/{name}", JUDGED[name][1]
    judge.running()
    vm = judge.vm
    vm.check("pack-initrd /run/base.cpio judged")
    options = "-c --initrd-recompress=keep"
    files = ["/run/base.cpio", file]
    words = " ".join(f"--initrd={path}" for path in files)
    reply = vm.run(f"{rootfs.TOOL} {options} -l {rootfs.kernel_path('6.12')} {words} --reuse-cmdline")
    assert (reply.rc == 0) == bool(accepted), reply
    judge.jump_by(lambda: vm.load_files(f"{options} --initrd-unchecked", "6.12", files))
    said = vm.run("dmesg | grep -i 'unpacking failed'").stdout
    assert bool(said) == (accepted is False), said
