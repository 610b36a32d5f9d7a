# SPDX-License-Identifier: LGPL-2.1-or-later
"""Initrds in another form than they were given in: the next kernel's files are the same."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import re
import secrets
import subprocess
from dataclasses import dataclass
from functools import lru_cache

import initramfs
import packages
import pytest
import rootfs
from chain import Chain
from conftest import StartVM
from machine import VM, Hardware, default_tree

KERNEL = "6.12"

#: Members in the cpio that Linux looks for microcode in; no CPU takes this one.
MICROCODE = {"kernel/x86/microcode/GenuineIntel.bin": b"no microcode at all" * 100}

#: What --initrd-recompress leaves of an initrd, as the note says.
KEPT, RAW, LZ4, ZSTD = "", "unpacked to", "packed again by lz4 to", "packed again by zstd to"


@lru_cache
def payload() -> dict[str, initramfs.Content]:
    """Files of all sizes around a cpio's padding, and enough of them to be worth unpacking."""
    tree: dict[str, initramfs.Content] = {
        f"payload/{size}": hashlib.sha256(b"%d" % size).digest()[:size] for size in range(10)
    }
    tree["payload/kernel"] = packages.kernel("6.1")
    tree["payload/deep/er/busybox"] = packages.busybox()
    tree["payload/text"] = b"".join(b"line %d of many\n" % line for line in range(300_000))
    return tree


@lru_cache
def checksums() -> str:
    """What sha256sum says of the payload."""
    lines = []
    for name, content in sorted(payload().items()):
        data = content.read_bytes() if hasattr(content, "read_bytes") else content
        lines.append(f"{hashlib.sha256(data).hexdigest()}  ./{name.removeprefix('payload/')}\n")
    return "".join(sorted(lines))


@lru_cache
def archive() -> bytes:
    """The payload as cpio."""
    return initramfs.to_bytes(payload())


def zstd(data: bytes) -> bytes:
    """By the zstd program: Python has no module for it."""
    return subprocess.run(["zstd", "-q", "-3"], input=data, check=True, capture_output=True).stdout


#: Suffix -> how the payload's archive is packed.
INITRDS = {
    "gz": lambda: gzip.compress(archive(), 1),
    "xz": lambda: lzma.compress(archive(), preset=0, check=lzma.CHECK_CRC32),
    "bz2": lambda: bz2.compress(archive(), 9),
    "lzma": lambda: lzma.compress(archive(), format=lzma.FORMAT_ALONE, preset=0),
    "zst": lambda: zstd(archive()),
    "ucode-zst": lambda: initramfs.to_bytes(MICROCODE) + zstd(archive()),
    "damaged-xz": lambda: lzma.compress(archive(), preset=0, check=lzma.CHECK_CRC32)[:-70_000],
}


@dataclass(frozen=True)
class Case:
    """One initrd, loaded in one way."""

    suffix: str
    call: str
    policy: str
    outcome: str
    full: bool = True


CASES = [
    Case("ucode-zst", "-c", "auto", RAW, full=False),
    Case("xz", "-c", "auto", RAW),
    Case("gz", "-c", "auto", RAW),
    Case("bz2", "-c", "auto", RAW),
    Case("lzma", "-c", "raw", RAW),
    Case("xz", "-c", "lz4", LZ4),
    Case("gz", "-c", "zstd", ZSTD),
    Case("gz", "-c", "keep", KEPT),
    Case("ucode-zst", "-s", "raw", RAW),
    Case("ucode-zst", "-s", "lz4", LZ4),
]


def name(suffix: str) -> str:
    """Where the guest has it."""
    return f"/boot/initrd.{suffix}"


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with all initrds on board, and the configuration of the kernel beside it."""
    tree = default_tree() | {
        name(suffix).lstrip("/"): make() for suffix, make in INITRDS.items()
    }
    tree[f"boot/config-{KERNEL}"] = packages.kernel_config(KERNEL).encode()
    return Chain(start_vm(KERNEL, Hardware(memory="3G"), tree))


def load_with(chain: Chain, options: str, suffix: str) -> tuple[str, int]:
    """Jumps with the initrd and the running guest behind it; notes, and bytes of the latter."""
    notes, vm = "", chain.vm
    nonce = secrets.token_hex(8)
    chain.running()
    # The payload must come from the initrd alone.
    vm.check(f"rm -rf /payload && pack-initrd /run/next.cpio {nonce}")
    size = int(vm.check("stat -c %s /run/next.cpio"))

    def load() -> None:
        nonlocal notes
        files = [name(suffix), "/run/next.cpio"]
        notes = vm.load_files(options, KERNEL, files).stderr

    assert chain.jump_by(load).nonce == nonce
    return notes, size


def freed(vm: VM) -> int:
    """Bytes of the initrd that the running kernel was given, in whole pages."""
    found = re.search(r"Freeing initrd memory: (\d+)K", vm.check("dmesg"))
    assert found, "the kernel does not tell its initrd's size"
    return int(found[1]) << 10


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case.suffix}{case.call}-{case.policy}",
            marks=pytest.mark.full if case.full else (),
        )
        for case in CASES
    ],
)
def test_same_files(chain: Chain, case: Case) -> None:
    """Each file of the initrd arrives, whatever became of the initrd on the way."""
    options = f"{case.call} --initrd-recompress={case.policy}"
    notes, behind = load_with(chain, options, case.suffix)
    vm = chain.vm
    found = vm.check("cd /payload && find . -type f -exec sha256sum {} +")
    assert "".join(sorted(found.splitlines(keepends=True))) == checksums()
    packed = len(INITRDS[case.suffix]())
    if case.outcome:
        assert f"{name(case.suffix)}: " in notes and case.outcome in notes, notes
    else:
        assert name(case.suffix) not in notes, notes
    # What the kernel frees is what it was given.
    given = freed(vm) - behind
    if case.outcome == RAW:
        assert given > len(archive()) - (16 << 10)
    else:
        assert given < len(archive()) - (1 << 20)
    if case.outcome == KEPT:
        assert abs(given - packed) < 16 << 10


@pytest.mark.full
@pytest.mark.usefixtures("ours")
def test_damaged_initrd_is_passed_on(chain: Chain) -> None:
    """Who wants that has it loaded as it is, but not without a word."""
    chain.running()
    for policy in ("auto", "raw"):
        options = f"-c --initrd-unchecked --initrd-recompress={policy}"
        notes = chain.vm.load_files(options, KERNEL, [name("damaged-xz")]).stderr
        assert "is not rewritten as raw: xz data ends early" in notes, notes
        assert "saves" not in notes, notes
        assert chain.vm.check("cat /sys/kernel/kexec_loaded") == "1\n"


@pytest.mark.full
@pytest.mark.usefixtures("ours")
def test_explained(chain: Chain) -> None:
    """The numbers that a decision rests on."""
    chain.running()
    reply = chain.vm.load_files("-c --explain", KERNEL, [name("xz")])
    assert f"initrd {name('xz')}: raw, since it shortens the blackout" in reply.stdout, reply
    assert "archive: xz, " in reply.stdout
    assert re.search(r"memory held for this load: [1-9][0-9.]* MB in what was made of the files", reply.stdout)
    assert re.search(r"the running kernel takes for it: up to [1-9][0-9.]* MB", reply.stdout)
    assert re.search(r"memory available before: [1-9][0-9.]* MB", reply.stdout)
    assert "the next kernel unpacks lz4: yes; zstd: yes" in reply.stdout


@pytest.mark.usefixtures("ours")
def test_little_memory(start_vm: StartVM) -> None:
    """A machine that has no room for the unpacked initrd loads it as it is, and jumps."""
    tree = rootfs.full(rootfs.tool_under_test(), (KERNEL,))
    vm = start_vm(KERNEL, Hardware(memory="256M"), tree)
    vm.boot()
    # Packs to almost nothing, so that only unpacking tells how large it is.
    vm.check("yes | head -c 50000000 >/filler")
    vm.check("pack-initrd /run/next.cpio low-on-memory && gzip -1 /run/next.cpio")
    initrds = ["/run/next.cpio.gz"]
    reply = vm.load_files("-c", KERNEL, initrds)
    assert "saves" not in reply.stderr, reply
    reply = vm.load_files("-c --initrd-recompress=raw", KERNEL, initrds)
    assert "--initrd-recompress raw is not followed" in reply.stderr, reply
    assert "memory" in reply.stderr, reply
    before = int(vm.check("stat -c %s /run/next.cpio.gz"))
    assert vm.execute().nonce == "low-on-memory"
    assert abs(freed(vm) - before) < 16 << 10
