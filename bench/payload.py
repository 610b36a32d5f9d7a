# SPDX-License-Identifier: LGPL-2.1-or-later
"""The initrds that are measured with: a small one, and big ones as distributions make them.

The big ones hold the same files, all modules of two Debian kernels; they differ in how they
are packed.  They are made once and kept in the cache, named by what they were made from.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import initramfs  # noqa: E402  (the line above makes it findable from any folder)
import packages  # noqa: E402
import rootfs  # noqa: E402
from platforms import X86_64, Platform  # noqa: E402

#: Kernels whose modules fill the big initrds.
MODULES_OF = ("6.1", "6.12")

#: Name -> how it is packed; the small one is not, and has no modules.
RECIPES = {"small": "", "zstd": "zstd -9", "gzip": "gzip -6", "zstd-twice": "zstd -9", "gzip-twice": "gzip -6"}

#: Those that hold the modules twice, as large as initrds come.
TWICE = ("zstd-twice", "gzip-twice")


def initrd(name: str, platform: Platform = X86_64) -> Path:
    """The initrd called @name; of other CPUs there are only small ones."""
    small = initramfs.to_bytes(_base(platform))
    recipe = small + repr((RECIPES[name], *map(packages.kernel_release, MODULES_OF))).encode()
    digest = hashlib.sha256(recipe).hexdigest()[:16]
    target = packages.cache_root() / f"initrd-{name}-{digest}"
    if not target.exists():
        # Under a name of its own first: another run may be about to do the same.
        fresh = target.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(small if name == "small" else _pack(name))
        fresh.rename(target)
    return target


def description(name: str) -> str:
    """What it is, in the words of the report."""
    size = f"{initrd(name).stat().st_size / 1e6:.1f} MB"
    if name == "small":
        return f"{size}, not compressed"
    return f"{size} by {RECIPES[name]}, {len(_content(name)) / 1e6:.0f} MB of kernel modules unpacked"


def _base(platform: Platform = X86_64) -> initramfs.Tree:
    return rootfs.core(boot=2, nonce="measured", platform=platform) | {
        "etc/saut/agent": rootfs.GUEST / "agent",
        "bin/stub-record": rootfs.GUEST / "stub-record",
    }


@lru_cache
def _big() -> bytes:
    tree = dict(_base())
    for version in MODULES_OF:
        folder = packages.modules_folder(version)
        for path in folder.rglob("*.ko*"):
            data = path.read_bytes()
            # Packed ones would leave nothing to do to what packs the initrd.
            data = lzma.decompress(data) if path.suffix == ".xz" else data
            name = path.relative_to(folder).as_posix().removesuffix(".xz")
            tree[f"lib/modules/{folder.name}/{name}"] = data
    return initramfs.to_bytes(tree)


def _content(name: str) -> bytes:
    return _big() * (2 if name in TWICE else 1)


def _pack(name: str) -> bytes:
    program, level = RECIPES[name].split()
    if program == "gzip":
        return gzip.compress(_content(name), int(level[1:]), mtime=0)
    command = [program, "-q", level, "-c"]
    try:
        return subprocess.run(command, input=_content(name), check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise packages.PackageError(f"{program} is not installed") from None
