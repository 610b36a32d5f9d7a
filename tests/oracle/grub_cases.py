# SPDX-License-Identifier: LGPL-2.1-or-later
"""Systems with a GRUB, as folders: a menu of some shape, perhaps with a change somewhere in it."""

from __future__ import annotations

import random
from pathlib import Path

from grub_scripts import Script
from grub_shapes import KERNELS, SHAPES, Files, environment

#: udev's and the kernel's names for the one file system.
MOUNTS = "21 1 8:1 / / rw,relatime - ext2 /dev/sda1 rw\n"
PIECES = ("{", "}", "'", '"', ";", "\\", "$", "#", "(", ")", "|", "&", "<", "\n", " ", "fi", "done", "then",
          "if true; then", "else", "function x {", "set default=1", "false", "menuentry 'New' {", "!", "\t",
          "submenu 'S' {", "return", "unset prefix", "export default", "load_env", "set root=hd1,1", "--id")


def files(seed: int) -> Files:
    """The files of /boot/grub that @seed stands for."""
    rng = random.Random(seed)
    kind = seed % 3
    made = _script(seed, rng) if kind == 0 else rng.choice(SHAPES)(rng)
    if kind == 2:
        made = made | {"grub.cfg": mutated(made["grub.cfg"], rng)}
    return made


def _script(seed: int, rng: random.Random) -> Files:
    made = {"grub.cfg": Script(seed).text(rng.randint(2, 8))}
    made["other.cfg"] = rng.choice(("set v=other\n", "menuentry 'Other' --id c { linux /boot/d other; }\n",
                                    "default=2\nreturn\ndefault=1\n", "function f0 { set w=b; }\n"))
    if rng.random() < 0.7:
        values = {"saved_entry": rng.choice(("1", "Beta", "id-a", "Sub>1", "", "a b")),
                  "kopts": rng.choice(("quiet splash", "", "x\\\\y"))}
        if rng.random() < 0.3:
            values["next_entry"] = rng.choice(("2", "Alpha", ""))
        made["grubenv"] = environment(values)
    return made


def mutated(text: str, rng: random.Random) -> str:
    """@text with one to three changes: a line, a word or a character."""
    for _ in range(rng.randint(1, 3)):
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        change = rng.randrange(6)
        if change == 0:
            del lines[at]
        elif change == 1:
            lines.insert(at, rng.choice(lines))
        elif change == 2:
            lines.insert(at, rng.choice(PIECES))
        elif change == 3:
            words = lines[at].split(" ")
            words[rng.randrange(len(words))] = rng.choice((*PIECES, "", rng.choice(lines[at].split(" "))))
            lines[at] = " ".join(words)
        elif change == 4:
            place = rng.randint(0, len(lines[at]))
            lines[at] = lines[at][:place] + rng.choice(PIECES) + lines[at][place:]
        else:
            place = rng.randint(0, len(lines[at]))
            lines[at] = lines[at][:place] + lines[at][place + 1:]
        text = "\n".join(lines)
    return text


def write(made: Files, uuid: str, root: Path) -> None:
    """Makes the system: the menu, kernels that are none, and what tells of the file system."""
    contents = {f"boot/grub/{name}": text for name, text in made.items()}
    for kernel in KERNELS:
        contents |= {f"boot/{kernel}": "k", f"boot/{kernel}.img": "i"}
    contents |= {"boot/empty": "", "saut/uname": "6.1.0 x86_64", "proc/self/mountinfo": MOUNTS,
                 "run/udev/data/b8:1": f"E:ID_FS_UUID={uuid}\nE:ID_FS_TYPE=ext2\nE:ID_FS_LABEL=oracle\n"}
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
