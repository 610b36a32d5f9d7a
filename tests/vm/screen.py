# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a machine's VGA shows: a picture by way of QEMU's monitor, and the text in it.

Text is read by the letters themselves, which are those of the firmware that QEMU brings.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

#: The firmware of QEMU's standard VGA, in which the letters are.
ROMS = ("/usr/share/seabios/vgabios-stdvga.bin", "/usr/share/qemu/vgabios-stdvga.bin")

#: The letter A of every PC, by which the table of them is found.
LETTER_A = bytes.fromhex("0000 1038 6cc6 c6fe c6c6 c6c6 0000 0000")

WIDTH, HEIGHT = 9, 16  # of a letter with its gap, in a picture of text mode
TEXT_SIZE = (80 * WIDTH, 25 * HEIGHT)

PROMPT = b"(qemu) "


@dataclass(frozen=True)
class Picture:
    """Rows of points, three bytes each."""

    width: int
    height: int
    points: bytes

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return (self.width, self.height)

    def text(self) -> str:
        """The rows of a text screen; what is no letter is a question mark."""
        assert self.size == TEXT_SIZE, f"no text mode, the screen is {self.size}"
        rows = (
            "".join(self._letter(column, row) for column in range(self.width // WIDTH))
            for row in range(self.height // HEIGHT)
        )
        return "\n".join(line.rstrip() for line in rows)

    def _letter(self, column: int, row: int) -> str:
        """Two colours at most: where the gap at the right differs is the letter."""
        lines = []
        for y in range(row * HEIGHT, (row + 1) * HEIGHT):
            start = (y * self.width + column * WIDTH) * 3
            points = [self.points[start + x * 3 : start + x * 3 + 3] for x in range(WIDTH)]
            lines.append(sum(0x80 >> x for x in range(8) if points[x] != points[8]))
        return _letters().get(bytes(lines), "?")


@lru_cache
def _letters() -> dict[bytes, str]:
    rom = next(Path(path) for path in ROMS if Path(path).is_file()).read_bytes()
    table = rom.index(LETTER_A) - ord("A") * HEIGHT
    return {
        rom[table + code * HEIGHT : table + (code + 1) * HEIGHT]: chr(code)
        for code in range(ord("~"), ord(" ") - 1, -1)
    }


def tell(monitor: Path, command: str) -> None:
    """Has the emulator behind @monitor do something."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(monitor))
        _until_prompt(line)
        line.sendall(f"{command}\n".encode())
        _until_prompt(line)


def shoot(monitor: Path, target: Path) -> Picture:
    """A picture of what the machine behind @monitor shows now; @target is where QEMU writes it."""
    tell(monitor, f"screendump {target}")
    # "P6", width and height, the greatest value: a line each, then the points.
    kind, size, _, points = target.read_bytes().split(b"\n", 3)
    assert kind == b"P6"
    width, height = (int(word) for word in size.split())
    return Picture(width, height, points)


def _until_prompt(line: socket.socket) -> None:
    received = b""
    while not received.endswith(PROMPT):
        data = line.recv(4096)
        assert data, "the machine's monitor hung up"
        received += data
