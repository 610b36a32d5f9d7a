# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels of other suites of Debian than the host's own, for real machines and with PREEMPT_RT: what people run.

A suite moves on and may be out of reach; then there is Unreachable, which says why, instead of a kernel.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from debian import filled

#: What a test calls the kernel -> the suite, and the package in it.
KERNELS = {
    "5.10-full": ("bullseye", "linux-image-5.10.0-*-amd64"),
    "6.1-rt": ("bookworm", "linux-image-6.1.0-*-rt-amd64"),
    "6.12-full": ("trixie", "linux-image-6.12*-amd64"),
    "6.12-rt": ("trixie", "linux-image-6.12*-rt-amd64"),
    "7.2-full": ("sid", "linux-binary-7.2*-amd64"),
}

GENERATION = "1"


def _arrange(tree: Path) -> None:
    """Of all that there is, what lies in /boot; sid's are split, and their kernel lies with its modules."""
    if not (tree / "boot").is_dir():
        (kernel,) = (tree / "usr" / "lib" / "modules").glob("*/vmlinuz")
        (tree / "boot").mkdir()
        kernel.rename(tree / "boot" / f"vmlinuz-{kernel.parent.name}")
    for path in tree.iterdir():
        if path.name != "boot":
            shutil.rmtree(path)


def kernel_root(version: str, cache: Path) -> Path:
    """The folder with boot/vmlinuz-* of @version, below @cache; fills it once."""
    suite, package = KERNELS[version]
    return filled(cache / f"suite-{version}-{GENERATION}", suite, "amd64", {package: ""}, _arrange)
