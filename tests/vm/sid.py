# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels and packages of Debian's unstable suite, newer than the host's own suite has them.

The suite moves on and may be out of reach; then there is Unreachable, which says why, instead of
a kernel or a package.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from debian import Unreachable as Unreachable
from debian import filled

#: What a test calls the kernel -> the packages of the kernel itself and of its configuration.
KERNELS = {"7.2": ("linux-binary-7.2*-cloud-amd64", "linux-base-7.2*-cloud-amd64")}

#: Changes with what a kernel's folder holds, so that an old cache is never taken for a new one.
GENERATION = "1"


def kernel_root(version: str, cache: Path) -> Path:
    """The folder with boot/vmlinuz-* and boot/config-* of @version, below @cache; fills it once."""
    folders = dict.fromkeys(KERNELS[version], "")
    return filled(cache / f"sid-{version}-{GENERATION}", "sid", "amd64", folders, arrange)


def package_root(name: str, cache: Path) -> Path:
    """The folder with the files of a package, as they are, below @cache; fills it once."""
    return filled(cache / f"sid-{name}-{GENERATION}", "sid", "amd64", {name: ""})


def arrange(tree: Path) -> None:
    """The kernel and its configuration where older packages have them; of the rest, nothing."""
    (modules,) = (tree / "usr" / "lib" / "modules").iterdir()
    boot = tree / "boot"
    boot.mkdir(exist_ok=True)
    for name in ("vmlinuz", "config"):
        shutil.move(modules / name, boot / f"{name}-{modules.name}")
    shutil.rmtree(tree / "usr")
