# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels that no distribution has: built once from Debian's sources, as small as they boot in QEMU's machines.

No kernel of Debian's for arm64 or riscv64 has kexec_file_load, and none at all lets processes keep files for the next kernel.
A kernel lies in the cache by what it was made from: the files in kernels/ and the version of the source.  The first run
takes minutes for each; only `make check-all` has it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import debian

CONFIGURATIONS = Path(__file__).resolve().parent / "kernels"

#: Seconds for one step of the build, on a busy machine.
PATIENCE = 3 * 3600


class BuildError(RuntimeError):
    """The sources were there, and no kernel came of them."""


@dataclass(frozen=True)
class Recipe:
    """What a kernel is built from, and by what."""

    #: As the kernel calls the CPU, and the compiler.
    arch: str
    compiler: str
    #: In kernels/, later ones last.
    configurations: tuple[str, ...]
    suite: str = "sid"
    source: str = "linux-source-7.2"
    #: What make is asked for, in arch/ARCH/boot.
    image: str = field(default="Image", repr=False)
    #: Beginnings of options in common.config that this CPU does not have.
    without: tuple[str, ...] = field(default=(), repr=False)

    def text(self) -> str:
        """All that the configuration must have."""
        text = "".join((CONFIGURATIONS / name).read_text() for name in self.configurations)
        return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(self.without or "\0"))


KERNELS = {
    "7.2-arm64-own": Recipe("arm64", "aarch64-linux-gnu-", ("common.config", "arm64.config")),
    "7.2-riscv64-own": Recipe("riscv", "riscv64-linux-gnu-", ("common.config", "riscv64.config")),
    "7.2-s390x-own": Recipe(
        "s390",
        "s390x-linux-gnu-",
        ("common.config", "s390x.config"),
        image="bzImage",
        without=("CONFIG_PCI", "CONFIG_SERIAL_8250", "CONFIG_RANDOMIZE_BASE"),
    ),
}


def kernel_root(version: str) -> Path:
    """The folder with boot/vmlinuz-* and boot/config-* of @version, one of KERNELS; builds it once."""
    recipe = KERNELS[version]
    made_of = f"{recipe}{recipe.text()}".encode()
    target = debian.cache_root() / f"built-{version}-{hashlib.sha256(made_of).hexdigest()[:16]}"
    return debian.filled(target, recipe.suite, "amd64", {recipe.source: ""}, lambda tree: build(recipe, tree))


def build(recipe: Recipe, tree: Path) -> None:
    """Turns the package in @tree into the kernel that is made of it."""
    (packed,) = (tree / "usr" / "src").glob("linux-source-*.tar.xz")
    with tempfile.TemporaryDirectory(dir=tree.parent, prefix="building-") as scratch:
        _run(["tar", "--extract", "--strip-components=1", f"--file={packed}"], Path(scratch))
        shutil.rmtree(tree)
        make(recipe, Path(scratch))
        place(recipe, Path(scratch), tree)


def make(recipe: Recipe, source: Path) -> None:
    """Configures and builds in @source."""
    wanted = source / "wanted.config"
    wanted.write_text(recipe.text())
    command = ["make", "-s", f"-j{os.cpu_count() or 1}"]
    command += [f"ARCH={recipe.arch}", f"CROSS_COMPILE={recipe.compiler}"]
    _run([*command, f"KCONFIG_ALLCONFIG={wanted}", "allnoconfig"], source)
    missing = unmet(recipe.text(), (source / ".config").read_text())
    if missing:
        raise BuildError(f"the configuration did not take {', '.join(missing)}")
    _run([*command, recipe.image], source)


def unmet(wanted: str, configuration: str) -> list[str]:
    """What @wanted asks for and @configuration does not have."""
    asked = re.findall(r"^(CONFIG_\w+)=(.*)$", wanted, re.M)
    have = dict(re.findall(r"^(CONFIG_\w+)=(.*)$", configuration, re.M))
    return [f"{name}={value}" for name, value in asked if have.get(name, "n") != value]


def place(recipe: Recipe, source: Path, tree: Path) -> None:
    """Puts what was built in @source where a package would have it."""
    release = (source / "include" / "config" / "kernel.release").read_text().strip()
    (tree / "boot").mkdir(parents=True)
    shutil.copy(source / "arch" / recipe.arch / "boot" / recipe.image, tree / "boot" / f"vmlinuz-{release}")
    shutil.copy(source / ".config", tree / "boot" / f"config-{release}")


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as reason:
        raise BuildError(f"{reason} (tools/dependencies kernels names what the build needs)") from None
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command)}: {done.stderr.strip()[-400:]} (tools/dependencies kernels names what it needs)")
