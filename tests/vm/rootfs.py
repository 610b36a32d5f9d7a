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

import foreign
import packages
from initramfs import CharDevice, Content
from platforms import X86_64, Platform

REPOSITORY = Path(__file__).resolve().parents[2]
GUEST = Path(__file__).resolve().parent / "guest"

#: Where the guest keeps the tool under test and, for comparison, Debian's.
TOOL = "/sbin/kexec"
PEER = "/sbin/kexec-tools"

#: No C library and nothing that gcc adds on its own: see the head of stamp.c.
STAMP_SOURCES = ("stamp.c", "stamp-cpu.h")
PAGES_SOURCES = ("pages.c",)
KEEP_SOURCES = ("keep.c",)
STATIC_FLAGS = "-std=gnu17 -O2 -Wall -Wextra -Werror -static".split()
STAMP_FLAGS = (
    "-std=gnu17 -O2 -Wall -Wextra -Werror -static -nostdlib -ffreestanding"
    " -fno-builtin -fno-stack-protector -fno-pie"
).split()


def tool_under_test(platform: Platform = X86_64) -> Path:
    """The kexec that the tests are about: $SAUT_KEXEC, by default our static build.

    That of another CPU is $SAUT_KEXEC_ARM64 and so on; "kexec-tools" there is Debian's.
    """
    if platform is not X86_64:
        given = os.environ.get(f"SAUT_KEXEC_{platform.cpu.upper()}")
        if given == "kexec-tools":
            return foreign.kexec_tools(platform.cpu)
        return Path(given) if given else REPOSITORY / "build" / "cross" / platform.cpu / "kexec"
    given = os.environ.get("SAUT_KEXEC")
    return Path(given) if given else REPOSITORY / "build" / "static" / "kexec"


def saut() -> Path:
    """The command for people, built beside the tool under test."""
    return tool_under_test().parent / "saut"


def vmcore_dmesg(platform: Platform = X86_64) -> Path:
    """The printer of a dead kernel's log, built beside the tool under test."""
    return tool_under_test(platform).parent / "vmcore-dmesg"


def damaging_loader(platform: Platform = X86_64) -> Path:
    """The loader that spoils what it loads, for the test of the stub: $SAUT_LOAD_DAMAGED."""
    given = os.environ.get("SAUT_LOAD_DAMAGED")
    folder = "static" if platform is X86_64 else f"cross/{platform.cpu}"
    built = REPOSITORY / "build" / folder / "meson" / "tests" / "vm" / "loader" / "load-damaged"
    return Path(given) if given else built


def example() -> Path:
    """The program among the examples that loads the default entry by the library."""
    return REPOSITORY / "build" / "static" / "meson" / "tests" / "vm" / "loader" / "load-default"


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


def is_ours_for(platform: Platform) -> bool:
    """The same of the tool for @platform, which need not run on this host."""
    tool = tool_under_test(platform)
    return is_ours(tool) if platform is X86_64 else b"kexec-tools" not in tool.read_bytes()


def core(
    boot: int = 1, nonce: str = "first", platform: Platform = X86_64
) -> dict[str, Content]:
    """The least that boots and says so: stamp as /init, busybox, the init script."""
    foreigner = platform is not X86_64
    return {
        "init": stamp(platform),
        "bin/stamp": stamp(platform),
        "bin/busybox": foreign.busybox(platform.cpu) if foreigner else packages.busybox(),
        "dev/console": CharDevice(5, 1),
        "etc/saut/init": GUEST / "init",
        "etc/saut/line": platform.agent.encode(),
    } | identity(boot, nonce)


def identity(boot: int, nonce: str) -> dict[str, Content]:
    """The files by which a guest's init names itself; alone, an archive to lay over another."""
    return {
        "etc/saut/boot": f"{boot}\n".encode(),
        "etc/saut/nonce": f"{nonce}\n".encode(),
    }


def full(
    tool: Path, kernels: tuple[str, ...], platform: Platform = X86_64
) -> dict[str, Content]:
    """A guest for a chain of jumps by @tool between @kernels."""
    tree = core(platform=platform)
    for script in ("agent", "pack-initrd", "stub-record"):
        place = "etc/saut" if script == "agent" else "bin"
        tree[f"{place}/{script}"] = GUEST / script
    for version in kernels:
        tree[kernel_path(version).lstrip("/")] = packages.kernel(version)
    return tree | program(TOOL, tool, platform)


def program(
    guest_path: str, binary: Path, platform: Platform = X86_64
) -> dict[str, Content]:
    """@binary at @guest_path, with the shared libraries that it needs."""
    tree: dict[str, Content] = {guest_path.lstrip("/"): binary}
    if platform is X86_64:
        return tree | dict(packages.shared_libraries(binary))
    return tree | dict(foreign.shared_libraries(platform.cpu, binary))


def modules(name: str, kernels: tuple[str, ...]) -> dict[str, Content]:
    """Module @name for each kernel that has it as one; `insmod /modules/$(uname -r)/NAME.ko` loads it."""
    return {
        f"modules/{packages.kernel_release(version)}/{name}.ko": packages.module(version, name)
        for version in kernels
        if not packages.is_built_in(version, name)
    }


def kernel_path(version: str) -> str:
    """Where the guest has the kernel's file."""
    return f"/boot/vmlinuz-{version}"


@lru_cache
def stamp(platform: Platform = X86_64) -> Path:
    """The compiled stamp program."""
    return _compiled(STAMP_SOURCES, (*compiler(platform), *STAMP_FLAGS), ("-lgcc",))


@lru_cache
def pages() -> Path:
    """The compiled program that shows whether memory stayed as it was."""
    return _compiled(PAGES_SOURCES, (*compiler(X86_64), *STATIC_FLAGS))


@lru_cache
def keep(platform: Platform) -> Path:
    """The compiled program that keeps a file in memory for the next kernel."""
    return _compiled(KEEP_SOURCES, (*compiler(platform), *STATIC_FLAGS))


def _compiled(
    sources: tuple[str, ...], command: tuple[str, ...], libraries: tuple[str, ...] = ()
) -> Path:
    """The program of the first of @sources; kept in the cache, named by what it was made from."""
    recipe = b"".join((GUEST / name).read_bytes() for name in sources)
    recipe += " ".join(command).encode()
    name = Path(sources[0]).stem
    target = packages.cache_root() / f"{name}-{hashlib.sha256(recipe).hexdigest()[:16]}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: another run may be about to do the same.
        fresh = target.with_suffix(f".{os.getpid()}")
        source = str(GUEST / sources[0])
        subprocess.run([*command, "-o", str(fresh), source, *libraries], check=True)
        fresh.rename(target)
    return target


def compiler(platform: Platform) -> list[str]:
    """What compiles for @platform: the host's own compiler where that can."""
    if platform is X86_64:
        return os.environ.get("CC", "cc").split()
    root = foreign.sysroot(platform.cpu)
    return ["clang-19", f"--target={platform.triplet}", f"--sysroot={root}", "-fuse-ld=lld-19"]
