# SPDX-License-Identifier: LGPL-2.1-or-later
"""A terminal for a test, and all that a program writes to it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager

#: Comes last. Without it the end would be an error of read(2), which may come before all that was written.
END = b"\0"


class Terminal:
    """The two ends of it: programs write to the far one."""

    def __init__(self, near: int, far: int) -> None:
        self.near, self.far = near, far

    def read(self, child: subprocess.Popen[bytes]) -> bytes:
        """What @child writes until it ends."""
        text = b""
        is_over = False
        while not text.endswith(END):
            if select.select([self.near], [], [], 0.05)[0]:
                text += os.read(self.near, 4096)
            elif not is_over and child.poll() is not None:
                os.write(self.far, END)
                is_over = True
        return text.removesuffix(END)


@contextmanager
def terminal(columns: int) -> Iterator[Terminal]:
    """One of so many columns."""
    near, far = pty.openpty()
    try:
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        yield Terminal(near, far)
    finally:
        os.close(near)
        os.close(far)
