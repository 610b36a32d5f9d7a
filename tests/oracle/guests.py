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


#: Where bios-kernel.S has room for its own name.
NAME_AT, NAME_ROOM = 0x3C0, 0x40


def bios(target: Path) -> bytes:
    """A bzImage without a name; @target is for what it is made of."""
    object_file = target.with_suffix(".o")
    subprocess.run(["as", "--32", "-o", str(object_file), str(GUEST / "bios-kernel.S")], check=True)
    subprocess.run(["ld", "-m", "elf_i386", "-Ttext=0", "--oformat=binary", "-o", str(target),
                    str(object_file)], check=True)
    return target.read_bytes()


def named(kernel: bytes, name: str) -> bytes:
    """The bzImage @kernel that calls itself @name."""
    text = name.encode()
    if len(text) >= NAME_ROOM:
        raise ValueError(f"{name} is too long a name")
    return kernel[:NAME_AT] + text.ljust(NAME_ROOM, b"\0") + kernel[NAME_AT + NAME_ROOM:]
