# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Debian packages of other CPUs: built here, and as complete as those of this one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import debs  # noqa: E402  (the line above makes it findable from any folder)

#: CPU, as Debian calls it -> e_machine (ELF's gABI, 4), its class, its folder of libraries, and QEMU's name where that of
#: Debian 12 runs its programs: LSX, which Debian's loong64 has, is not known to it.
CPUS = {
    "arm64": (183, 2, "aarch64-linux-gnu", "aarch64"),
    "armhf": (40, 1, "arm-linux-gnueabihf", "arm"),
    "i386": (3, 1, "i386-linux-gnu", "i386"),
    "loong64": (258, 2, "loongarch64-linux-gnu", None),
    "ppc64el": (21, 2, "powerpc64le-linux-gnu", "ppc64le"),
    "riscv64": (243, 2, "riscv64-linux-gnu", "riscv64"),
    "s390x": (22, 2, "s390x-linux-gnu", "s390x"),
}

#: What lintian of Debian 12 says of a CPU that it does not know.
UNKNOWN = ("unknown-architecture", "binary-from-other-architecture", "package-has-unnecessary-activation-of-ldconfig-trigger")


def output(*command: str | Path) -> str:
    """What a command says; it must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(package: Path, triplet: str) -> set[str]:
    """The names in it, without the CPU's."""
    lines = output("dpkg-deb", "--contents", package).splitlines()
    return {line.split()[5].replace(triplet, "TRIPLET") for line in lines}


@pytest.mark.parametrize("cpu", list(CPUS))
def test_packages(cpu: str, tmp_path: Path) -> None:
    machine, bits, triplet, emulator = CPUS[cpu]
    packages, ours = debs.built(cpu), debs.built()
    assert list(packages) == ["libsaut-dev", "libsaut0", "saut"]
    for name, package in packages.items():
        assert output("dpkg-deb", "--field", package, "Architecture").strip() == cpu
        assert contents(package, triplet) == contents(ours[name], "x86_64-linux-gnu")
    for name in ("saut", "libsaut0"):
        depends = output("dpkg-deb", "--field", packages[name], "Depends")
        for library in ("libc6 (>=", "libblkid1", "libdeflate0", "libfdt1", "liblzma5", "libnl-3-200", "libzstd1", "zlib1g"):
            assert library in depends
        output("dpkg-deb", "-x", packages[name], tmp_path)
    for name in ("usr/sbin/kexec", "usr/sbin/saut", "usr/sbin/vmcore-dmesg", f"usr/lib/{triplet}/libsaut.so.0"):
        header = (tmp_path / name).read_bytes()[:20]
        order = {1: "little", 2: "big"}[header[5]]
        assert (header[:4], header[4], int.from_bytes(header[18:20], order)) == (b"\x7fELF", bits, machine), name
    said = output("lintian", "--tag-display-limit", "0", *(["--suppress-tags", ",".join(UNKNOWN)] if cpu == "loong64" else []),
                  "--fail-on", "error,warning", *packages.values())
    assert not [line for line in said.splitlines() if line[:2] in ("E:", "W:")]
    # QEMU does not show all of the folder as the root: the rest is named.
    root = output(ROOT / "tools/sysroot", cpu).strip()
    paths = ":".join(f"{root}/{folder}/{triplet}" for folder in ("lib", "usr/lib"))
    emulated = [f"qemu-{emulator}", "-L", root, "-E", f"LD_LIBRARY_PATH={paths}"]
    for command in ("kexec", "saut") if emulator else ():
        said = output(*emulated, tmp_path / "usr/sbin" / command, "--version")
        assert re.search(r"\d+\.\d+\.\d+", said)
