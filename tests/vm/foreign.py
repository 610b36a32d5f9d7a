# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels, busybox and kexec-tools of other CPUs, and what emulates them, fetched once.

Knows which suite has what; nothing of virtual machines.  A suite that moved on, or is out of
reach, is Unreachable, which says why.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import debian  # noqa: E402  (the line above makes it findable from any folder)

#: Changes with what is below, so that an old cache is never taken for a full one.
GENERATION = "1"

#: What Debian 12's kexec-tools links to beside the C library, and a host without Xen does not have.
XEN = (
    "libxenmisc4.17",
    "libxencall1",
    "libxendevicemodel1",
    "libxenevtchn1",
    "libxenforeignmemory1",
    "libxengnttab1",
    "libxenhypfs1",
    "libxenstore4",
    "libxentoolcore1",
    "libxentoollog1",
)


#: What makedumpfile links to.
DUMP = ("libbz2-1.0", "liblzma5", "liblzo2-2", "libsnappy1v5", "libzstd1", "zlib1g")
DUMP_12 = ("makedumpfile", "libdw1", "libelf1", *DUMP)
DUMP_SID = ("makedumpfile", "libdw1t64", "libelf1t64", *DUMP)


#: crash(8) and what it links to.
CRASH = (
    *("crash", "libc6", "libgcc-s1", "libgmp10", "liblzo2-2", "libmpfr6", "libncursesw6"),
    *("libsnappy1v5", "libstdc++6", "libtinfo6", "libzstd1", "zlib1g"),
)


@dataclass(frozen=True)
class Kernel:
    """A kernel package, and the one with its configuration where that is another."""

    set: str
    package: str
    configuration: str = ""


@dataclass(frozen=True)
class Set:
    """Packages that one call of apt brings."""

    suite: str
    architecture: str
    packages: tuple[str, ...]
    #: The same for this set alone.
    generation: str = GENERATION


#: What a test calls the kernel -> where it comes from.
KERNELS = {
    "6.1-arm64": Kernel("arm64", "linux-image-6.1*-cloud-arm64"),
    "7.2-arm64": Kernel("arm64-new", "linux-binary-7.2*-cloud-arm64", "linux-base-7.2*-cloud-arm64"),
    "5.10-arm64": Kernel("arm64-11", "linux-image-5.10*-cloud-arm64"),
    "6.12-arm64": Kernel("arm64-13", "linux-image-6.12*-cloud-arm64"),
    # For real machines, and larger by tens of megabytes; nothing in Debian has pages of 64 KiB.
    "6.12-arm64-16k": Kernel("arm64-13", "linux-image-6.12*-arm64-16k"),
    "7.2-arm64-16k": Kernel("arm64-16k", "linux-binary-7.2*-arm64-16k", "linux-base-7.2*-arm64-16k"),
    "6.12-riscv64": Kernel("riscv64-13", "linux-image-6.12*-riscv64"),
    "7.2-riscv64": Kernel("riscv64", "linux-binary-7.2*-riscv64", "linux-base-7.2*-riscv64"),
    "6.1-686": Kernel("i386", "linux-image-6.1*-686"),
    "6.1-686-pae": Kernel("i386", "linux-image-6.1*-686-pae"),
    # Debian's last one for 32-bit x86.
    "6.5-686-pae": Kernel("i386-backports", "linux-image-6.5*-686-pae"),
    "7.2-loong64": Kernel("loong64", "linux-binary-7.2*-loong64", "linux-base-7.2*-loong64"),
    "6.1-armhf": Kernel("armhf", "linux-image-6.1*-armmp-lpae"),
    # For CPUs without LPAE.
    "6.1-armhf-short": Kernel("armhf-short", "linux-image-6.1*-armmp"),
    "6.1-ppc64el": Kernel("ppc64el", "linux-image-6.1*-powerpc64le"),
    # Of CPUs that nothing here runs on: only looked at.
    "6.1-s390x": Kernel("s390x", "linux-image-6.1*-s390x"),
}

SETS = {
    "arm64": Set("bookworm", "arm64", ("busybox-static", "kexec-tools", "qemu-efi-aarch64", *XEN)),
    "arm64-new": Set("sid", "arm64", ()),
    "arm64-11": Set("bullseye", "arm64", ()),
    "arm64-13": Set("trixie", "arm64", ()),
    "arm64-16k": Set("sid", "arm64", ()),
    "riscv64-13": Set("trixie", "riscv64", ()),
    "i386-backports": Set("bookworm-backports", "i386", ()),
    "riscv64": Set("sid", "riscv64", ("busybox-static", "kexec-tools")),
    "i386": Set("bookworm", "i386", ("busybox-static", "kexec-tools")),
    "loong64": Set("sid", "loong64", ("busybox-static", "kexec-tools", "qemu-efi-loongarch64")),
    "armhf": Set("bookworm", "armhf", ("busybox-static", "kexec-tools", *XEN), "2"),
    "armhf-short": Set("bookworm", "armhf", ()),
    "armhf-firmware": Set("bookworm", "armhf", ("qemu-efi-arm",)),
    "ppc64el": Set("bookworm", "ppc64el", ("busybox-static", "kexec-tools"), "2"),
    "s390x": Set("bookworm", "s390x", ("busybox-static", "kexec-tools"), "2"),
    # Readers of dumps, which only the tests of crashes need; there is none for loong64.
    "dump-arm64": Set("bookworm", "arm64", DUMP_12),
    "dump-i386": Set("bookworm", "i386", DUMP_12),
    "dump-riscv64": Set("sid", "riscv64", DUMP_SID),
    # Debian 12's own ends by a fault of its own on a dump of Linux 6.12; it comes with its C library.
    "crash": Set("trixie", "amd64", CRASH),
    # Debian 12's own cannot start this CPU's firmware; it has the libraries that this one needs.
    "emulator": Set("bookworm-backports", "amd64", ("qemu-system-misc",)),
}

#: CPU -> the set that has its UEFI, and the file, where that is not in the set of the CPU's name.
FIRMWARE = {"armhf": ("armhf-firmware", "AAVMF32_CODE.fd")}

#: All that is wanted of the plain packages.
WANTED = (
    "bin/busybox",
    "sbin/kexec",
    "usr/bin/busybox",
    "usr/bin/crash",
    "usr/bin/makedumpfile",
    "lib/**/*.so.*",
    "usr/sbin/kexec",
    "usr/bin/qemu-system-loongarch64",
    "usr/share/AAVMF/AAVMF32_CODE.fd",
    "usr/share/qemu-efi-*/QEMU_EFI.fd",
    "usr/lib/**/*.so.*",
    "usr/lib/**/libdw-*.so",
    "usr/lib/**/libelf-*.so",
)


def kernel_root(version: str) -> Path:
    """The folder with boot/vmlinuz-* and boot/config-* of @version, one of KERNELS."""
    return _root(KERNELS[version].set) / f"linux-{version}"


def busybox(cpu: str) -> Path:
    """Statically linked busybox of @cpu."""
    return _only(_root(cpu), "**/busybox")


def kexec_tools(cpu: str) -> Path:
    """Debian's kexec of @cpu."""
    return _only(_root(cpu), "**/kexec")


def makedumpfile(cpu: str) -> Path:
    """Debian's makedumpfile of @cpu."""
    return _only(_root(f"dump-{cpu}"), "**/makedumpfile")


def crash() -> tuple[str, ...]:
    """The words that start crash(8) of a newer Debian, with its own C library."""
    linker = _only(_root("crash"), "**/x86_64-linux-gnu/ld-linux-x86-64.so.2")
    return (str(linker), "--library-path", str(linker.parent), str(_only(_root("crash"), "**/bin/crash")))


def firmware(cpu: str) -> Path:
    """UEFI for QEMU's machine "virt" of @cpu."""
    name, file = FIRMWARE.get(cpu, (cpu, "QEMU_EFI.fd"))
    return _only(_root(name), f"**/{file}")


def emulator(name: str) -> Path:
    """A newer QEMU than the host's own."""
    return _only(_root("emulator"), f"**/{name}")


def shared_libraries(cpu: str, binary: Path) -> dict[str, Path]:
    """Guest path -> file of all that the dynamic linker of @cpu loads for @binary."""
    found: dict[str, Path] = {}
    own = [path for path in binary.parents if path.name == "plain"]
    places = [sysroot(cpu), *own, *([_root(cpu)] if cpu in SETS else [])]
    ahead = [binary]
    while ahead:
        text = _readelf(ahead.pop())
        interpreter = re.findall(r"interpreter: (\S+)\]", text)
        names = {name: f"lib/{name}" for name in re.findall(r"NEEDED.*\[(\S+)\]", text)}
        names |= {Path(path).name: path.lstrip("/") for path in interpreter}
        for name, guest in names.items():
            if guest.rpartition("/")[2] in {Path(have).name for have in found}:
                continue
            library = next(path for place in places for path in place.rglob(name))
            found[guest] = library.resolve()
            ahead.append(library.resolve())
    return found


@lru_cache
def sysroot(cpu: str) -> Path:
    """What a compiler for @cpu needs of Debian."""
    tool = Path(debian.__file__).parent / "sysroot"
    done = subprocess.run([str(tool), cpu], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise debian.Unreachable(done.stderr.strip())
    return Path(done.stdout.strip())


def _root(name: str) -> Path:
    wanted = SETS[name]
    target = debian.cache_root() / f"foreign-{name}-{wanted.generation}"
    folders = dict.fromkeys(wanted.packages, "plain")
    for version, kernel in KERNELS.items():
        if kernel.set == name:
            folders |= {kernel.package: f"linux-{version}"}
            folders |= {kernel.configuration: f"linux-{version}"} if kernel.configuration else {}
    return debian.filled(target, wanted.suite, wanted.architecture, folders, _arrange)


def _arrange(tree: Path) -> None:
    """Kernels where older packages have them, and of everything else only what is used."""
    for folder in tree.glob("linux-*"):
        (folder / "boot").mkdir(exist_ok=True)
        for modules in folder.glob("usr/lib/modules/*"):
            # Packages of before 7 have them in /boot already.
            for name in ("vmlinuz", "config") if (modules / "vmlinuz").exists() else ():
                shutil.move(modules / name, folder / "boot" / f"{name}-{modules.name}")
        for rest in ("usr", "lib"):
            shutil.rmtree(folder / rest, ignore_errors=True)
    plain = tree / "plain"
    keep = {path for pattern in WANTED for path in plain.glob(pattern)}
    for path in sorted(plain.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in keep:
            path.unlink()


def _only(folder: Path, pattern: str) -> Path:
    found = [path for path in folder.glob(pattern) if path.is_file()]
    if len(found) != 1:
        raise debian.Unreachable(f"{folder}: {len(found)} files match {pattern}, expected one")
    return found[0]


def _readelf(binary: Path) -> str:
    command = ["readelf", "-ld", str(binary)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
