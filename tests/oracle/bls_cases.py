# SPDX-License-Identifier: LGPL-2.1-or-later
"""EFI system partitions with boot entries and a loader.conf, each from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

GUID = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
LOADER = "systemd-boot 252.39-1~deb12u2"
KERNELS = ("a", "b", "c", "d", "EFI/Deb/k")
NAMES = ("arch", "arch-fallback", "arch-lts", "zen", "Fedora-6.1", "fedora-6.10", "fedora-6.9", "a", "B", "01",
         "m_x", "m~x", "m.x", "0123456789abcdef0123456789abcdef-6.1.0-9", "0123456789abcdef0123456789abcdef-6.1.0-10")
MACHINES = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
VERSIONS = ("6.1", "6.10", "6.9", "6.1~rc1", "6.1-rc1", "6.1^1", "6.1.0-9-amd64", "6.1.0-10-amd64", "0", "v6", "6.1.fc37")
SORT_KEYS = ("debian", "arch", "fedora", "Debian", "zz")
COUNTS = ("", "", "", "", "+3", "+0", "+0-2", "+2-1", "+x")


@dataclass(frozen=True)
class System:
    """What an EFI system partition holds, and the loader's variables."""

    files: dict[str, str]
    variables: dict[str, str]


def system(seed: int) -> System:
    """The system that @seed stands for."""
    rng = random.Random(seed)
    files = {kernel: "k" for kernel in KERNELS} | {f"{kernel}.img": "i" for kernel in KERNELS}
    ids = []
    for name in rng.sample(NAMES, rng.randint(1, 6)):
        file = f"{rng.choice(('', '', '', '', '', '.'))}{name}{rng.choice(COUNTS)}"
        suffix = rng.choice((".conf",) * 8 + (".CONF", ".conf~", ""))
        files[f"loader/entries/{file}{suffix}"] = _entry(rng, name)
        ids.append(f"{name}.conf")
    if rng.random() < 0.85:
        files["loader/loader.conf"] = _settings(rng, ids)
    variables = {}
    for variable, share in (("LoaderEntryDefault", 0.12), ("LoaderEntryLastBooted", 0.3)):
        if rng.random() < share:
            variables[variable] = rng.choice([*ids, "gone.conf", "arch*", ids[0].removesuffix(".conf")])
    return System(files, variables)


def _entry(rng: random.Random, name: str) -> str:
    kernel = rng.choice(KERNELS)
    blank = rng.choice((" ", "  ", "\t", " \t "))
    lines = [f"title{blank}{rng.choice(('Arch', 'Debian 12', name, 'A title'))}"]
    path = rng.choice((f"/{kernel}",) * 5 + (kernel, f"/{kernel.upper()}", f"//{kernel}", "/gone",
                      f'"/{kernel}"', f"\\{kernel}", f"/./{kernel}"))
    lines.append(f"linux{blank}{path}")
    for initrd in rng.sample(KERNELS, rng.choice((0, 1, 1, 1, 2))):
        lines.append(f"initrd{blank}/{initrd}.img")
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        lines.append(f"options{blank}" + rng.choice((
            "root=/dev/sda1 rw quiet", '"root=/dev/sda1 rw"', "root=PARTUUID=1 a=\"b c\"", f"entry={name}",
            "x  y", "'single quotes'", "trailing  ", "# no comment", "quote\"d", "initrd=\\d.img more")))
    if rng.random() < 0.4:
        lines.append(f"sort-key{blank}{rng.choice(SORT_KEYS)}")
    if rng.random() < 0.4:
        lines.append(f"machine-id{blank}{rng.choice(MACHINES)}")
    if rng.random() < 0.5:
        lines.append(f"version{blank}{rng.choice(VERSIONS)}")
    for extra in ("# a comment", "", "architecture x64", "architecture aa64", "architecture X64", "unknown key",
                  "linux", "   ", "grub_users $grub_users", "architecture"):
        if rng.random() < 0.06:
            lines.insert(rng.randint(0, len(lines)), extra)
    if rng.random() < 0.3:
        rng.shuffle(lines)
    if rng.random() < 0.1:
        lines = [f"  {line}" for line in lines]
    return rng.choice(("\n", "\n", "\n", "\r\n")).join(lines) + rng.choice(("\n", ""))


def _settings(rng: random.Random, ids: list[str]) -> str:
    lines = ["timeout 0"]
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2))):
        one = rng.choice(ids)
        pattern = rng.choice((one, one, one.removesuffix(".conf"), one.removesuffix(".conf") + "*", "arch*",
                              "fedora-*", "*-fallback.conf", "?.conf", "[a-b].conf", "[!a]*.conf", "*.conf",
                              "@saved", "@SAVED", "@saved ", "gone.conf", one.upper(), f'"{one}"', "arch?conf",
                              "\\a*", "[a", one + "+3", "*fedora*", "0123*-10.conf", "", "'arch.conf'"))
        lines.append(f"default {pattern}")
    for extra in ("editor no", "# default arch.conf", "console-mode max", "auto-entries no", "unknown", ""):
        if rng.random() < 0.2:
            lines.insert(rng.randint(0, len(lines)), extra)
    return "\n".join(lines) + "\n"


def write(made: System, root: Path) -> None:
    """The system as Saut reads it, with the partition as /boot."""
    for name, text in made.files.items():
        path = root / "boot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
    efivars = root / "sys/firmware/efi/efivars"
    efivars.mkdir(parents=True)
    for name, value in ({"LoaderInfo": LOADER} | made.variables).items():
        data = b"\x06\0\0\0" + f"{value}\0".encode("utf-16-le")
        (efivars / f"{name}-{GUID}").write_bytes(data)
    (root / "saut").mkdir()
    (root / "saut/uname").write_text("6.1.0 x86_64")
