# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs of our own (guest/) that boot loaders start in place of kernels: how they are built."""

from __future__ import annotations

import subprocess
from pathlib import Path

GUEST = Path(__file__).resolve().parent / "guest"

EFI_FLAGS = (
    "--target=x86_64-unknown-windows -std=gnu17 -O2 -Wall -Wextra -Werror -ffreestanding -fno-builtin"
    " -fshort-wchar -mno-red-zone -mno-stack-arg-probe -fno-stack-protector -nostdlib -fuse-ld=lld-link-19"
    " -Wl,-subsystem:efi_application,-entry:efi_main,-nodefaultlib"
).split()


def efi(source: str, target: Path) -> Path:
    """An EFI application for x86-64."""
    command = ["clang-19", *EFI_FLAGS, "-o", str(target), str(GUEST / source)]
    subprocess.run(command, check=True)
    return target
