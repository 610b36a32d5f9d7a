# SPDX-License-Identifier: LGPL-2.1-or-later
"""What lies in a test guest's root file system: which files, from where.

One tree serves every kernel of a chain of jumps: it holds the kernels to jump to, the tool
under test with its libraries, and the agent that the harness talks with.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from functools import lru_cache
from pathlib import Path

import packages
from initramfs import CharDevice, Content

REPOSITORY = Path(__file__).resolve().parents[2]
GUEST = Path(__file__).resolve().parent / "guest"

#: Where the guest keeps the tool under test and, for comparison, Debian's.
TOOL = "/sbin/kexec"
PEER = "/sbin/kexec-tools"

#: No C library and nothing that gcc adds on its own: see the head of stamp.c.
STAMP_FLAGS = (
    "-std=gnu17 -O2 -Wall -Wextra -Werror -static -nostdlib -ffreestanding"
    " -fno-builtin -fno-stack-protector -fno-pie -no-pie"
).split()


def tool_under_test() -> Path:
    """The kexec that the tests are about: $SAUT_KEXEC, by default our static build."""
    given = os.environ.get("SAUT_KEXEC")
    return Path(given) if given else REPOSITORY / "build" / "static" / "kexec"


def saut() -> Path:
    """The command for people, built beside the tool under test."""
    return tool_under_test().parent / "saut"


def damaging_loader() -> Path:
    """The loader that spoils what it loads, for the test of the stub: $SAUT_LOAD_DAMAGED."""
    given = os.environ.get("SAUT_LOAD_DAMAGED")
    built = REPOSITORY / "build" / "static" / "meson" / "tests" / "vm" / "loader" / "load-damaged"
    return Path(given) if given else built


@lru_cache
def is_ours(tool: Path) -> bool:
    """False for Debian's kexec-tools, with which the harness itself is tested."""
    version = subprocess.run(
        [str(tool), "--version"],
        env=packages.with_libraries(),
        capture_output=True,
        text=True,
        check=True,
    )
    return "kexec-tools" not in version.stdout.partition("\n")[0]


def core(boot: int = 1, nonce: str = "first") -> dict[str, Content]:
    """The least that boots and says so: stamp as /init, busybox, the init script."""
    return {
        "init": stamp(),
        "bin/stamp": stamp(),
        "bin/busybox": packages.busybox(),
        "dev/console": CharDevice(5, 1),
        "etc/saut/init": GUEST / "init",
    } | identity(boot, nonce)


def identity(boot: int, nonce: str) -> dict[str, Content]:
    """The files by which a guest's init names itself; alone, an archive to lay over another."""
    return {
        "etc/saut/boot": f"{boot}\n".encode(),
        "etc/saut/nonce": f"{nonce}\n".encode(),
    }


def full(tool: Path, kernels: tuple[str, ...]) -> dict[str, Content]:
    """A guest for a chain of jumps by @tool between @kernels."""
    tree = core()
    for script in ("agent", "pack-initrd", "stub-record"):
        place = "etc/saut" if script == "agent" else "bin"
        tree[f"{place}/{script}"] = GUEST / script
    for version in kernels:
        tree[kernel_path(version).lstrip("/")] = packages.kernel(version)
    return tree | program(TOOL, tool)


def program(guest_path: str, binary: Path) -> dict[str, Content]:
    """@binary at @guest_path, with the shared libraries that it needs."""
    tree: dict[str, Content] = {guest_path.lstrip("/"): binary}
    return tree | dict(packages.shared_libraries(binary))


def modules(name: str, kernels: tuple[str, ...]) -> dict[str, Content]:
    """Module @name for each kernel; `insmod /modules/$(uname -r)/NAME.ko` loads it."""
    return {
        f"modules/{packages.kernel_release(version)}/{name}.ko": packages.module(version, name)
        for version in kernels
    }


def kernel_path(version: str) -> str:
    """Where the guest has the kernel's file."""
    return f"/boot/vmlinuz-{version}"


@lru_cache
def stamp() -> Path:
    """The compiled stamp program; kept in the cache, named by what it was made from."""
    source = GUEST / "stamp.c"
    recipe = source.read_bytes() + " ".join(STAMP_FLAGS).encode()
    target = packages.cache_root() / f"stamp-{hashlib.sha256(recipe).hexdigest()[:16]}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: another run may be about to do the same.
        fresh = target.with_suffix(f".{os.getpid()}")
        compiler = os.environ.get("CC", "cc").split()
        subprocess.run([*compiler, *STAMP_FLAGS, "-o", str(fresh), str(source)], check=True)
        fresh.rename(target)
    return target
