# SPDX-License-Identifier: LGPL-2.1-or-later
"""File systems with a syslinux.cfg, each from a seed."""

from __future__ import annotations

import random
from pathlib import Path

KERNELS = ("/a", "/b", "/c", "/sub/k", "/syslinux/d")
LABELS = ("one", "two", "linux", "Three", "arch fallback", "four", "arch")


def config(seed: int) -> dict[str, str]:
    """The files that @seed stands for, beside the kernels."""
    rng = random.Random(seed)
    menu = rng.random() < 0.5
    labels = rng.sample(LABELS, rng.randint(1, 4))
    lines = _head(rng, menu, labels)
    for label in labels:
        lines += _label(rng, label)
        if menu and rng.random() < 0.1:
            lines += ["MENU BEGIN sub", "  MENU TITLE Sub", *_label(rng, "inner"), "MENU END"]
        if rng.random() < 0.1:
            lines.append(rng.choice(("MENU SEPARATOR", "", "# between", "APPEND late", "DEFAULT two", "TIMEOUT 2")))
    if rng.random() < 0.2:
        lines += rng.choice((["DEFAULT two"], ["ONTIMEOUT two"], ["INCLUDE more.cfg"], ["LABEL one", " LINUX /c"]))
    text = "\n".join(_changed(rng, line) for line in lines) + "\n"
    return {"syslinux/syslinux.cfg": text, "syslinux/more.cfg": "LABEL more\n  KERNEL /c\n  APPEND more\n"}


def _head(rng: random.Random, menu: bool, labels: list[str]) -> list[str]:
    one = rng.choice(labels)
    lines = [rng.choice(("UI menu.c32", "UI menu.c32", "UI /syslinux/menu.c32", "DEFAULT menu.c32"))] if menu else []
    if menu or rng.random() < 0.4:
        lines += ["TIMEOUT 1", rng.choice(("PROMPT 0", "PROMPT 1", "# PROMPT 1")) if not menu else "PROMPT 0"]
    if lines[:1] != ["DEFAULT menu.c32"] and rng.random() < 0.8:
        lines.append("DEFAULT " + rng.choice((one, one, one, one.upper(), f"{one} extra=1", "two", "gone",
                                               "/b direct=1", "d", "../c", "linux", "one two")))
    if rng.random() < 0.15:
        lines.append(f"ONTIMEOUT {rng.choice((one, f'{one} late=1', '/c', 'two'))}")
    if rng.random() < 0.25:
        lines.append(rng.choice(("APPEND quiet", "APPEND quiet initrd=/c.img", "APPEND")))
    if rng.random() < 0.2:
        lines.append(rng.choice(("MENU TITLE Boot", "MENU RESOLUTION 800 600", "SAY hello", "NOESCAPE 1",
                                 "ALLOWOPTIONS 0", "INCLUDE more.cfg", "IMPLICIT 1", "F1 help.txt", "unknown x")))
    return lines


def _label(rng: random.Random, label: str) -> list[str]:
    kernel = rng.choice(KERNELS)
    path = rng.choice((kernel,) * 5 + (f"..{kernel}", f"/syslinux/..{kernel}", kernel.removeprefix("/syslinux/"),
                      f"/{kernel}", f"/.{kernel}", "/gone", f"{kernel} inline=1", f"{kernel}  "))
    initrd = f"{rng.choice(KERNELS)}.img"
    words = rng.choice(("root=/dev/sda1 ro quiet", f"root=x initrd={initrd}", f"initrd={initrd} root=x", "", "-",
                        "- x", "a  b", 'x="y z"', f"initrd={initrd},/c.img y", "initrd= z", "tab\there", "vga=normal q"))
    body = [f"{rng.choice(('LINUX', 'LINUX', 'KERNEL'))} {path}"]
    if rng.random() < 0.8:
        body.append(f"APPEND {words}".rstrip())
    if rng.random() < 0.4:
        body.append("INITRD " + rng.choice((initrd, initrd, f"{initrd},/c.img", f"../{initrd[1:]}", "d.img",
                                            f"/syslinux/..{initrd}")))
    for extra, share in ((f"MENU LABEL A ^{label}", 0.4), ("MENU DEFAULT", 0.2), ("MENU HIDE", 0.05),
                         ("TEXT HELP\n  Append nothing here.\n  KERNEL /nothing\n  ENDTEXT", 0.15),
                         ("IPAPPEND 2", 0.05), ("APPEND second", 0.08), ("LINUX /c", 0.05),
                         ("MENU INDENT 1", 0.05), ("MENU DISABLE", 0.03), ("LOCALBOOT 0", 0.03), ("SAY hi", 0.05),
                         ("COM32 chain.c32", 0.03), ("MENU PASSWD x", 0.02)):
        if rng.random() < share:
            body.insert(rng.randint(0, len(body)), extra)
    return [f"LABEL {label}", *(f"  {line}" for line in body)]


def _changed(rng: random.Random, line: str) -> str:
    """The same line in other letters or with other blanks."""
    head, blank, rest = line.lstrip().partition(" ")
    change = rng.random()
    if change < 0.1:
        return f"{head.lower()}{blank}{rest}"
    if change < 0.15:
        return f"\t{head}{blank and chr(9)}{rest}"
    return line


def write(files: dict[str, str], root: Path) -> None:
    """The system as Saut reads it, with the file system as /boot."""
    contents = {f"boot/{name}": text for name, text in files.items()} | {"saut/uname": "6.1.0 x86_64"}
    for kernel in KERNELS:
        contents |= {f"boot{kernel}": "k", f"boot{kernel}.img": "i"}
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
