# SPDX-License-Identifier: LGPL-2.1-or-later
"""A TPM for a machine: swtpm, behind what QEMU plays of it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SOCKET = "tpm"


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """It keeps its state in @folder, and answers at SOCKET there; the test is skipped where there is none."""
    if not shutil.which("swtpm"):
        pytest.skip("wants swtpm")
    command = ["setpriv", "--pdeathsig", "KILL", "--", "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}"]
    process = subprocess.Popen([*command, "--ctrl", f"type=unixio,path={folder / SOCKET}"])
    try:
        while not (folder / SOCKET).exists():
            assert process.poll() is None, "swtpm has ended"
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def options(folder: str, device: str) -> tuple[str, ...]:
    """QEMU's, for @device in front of it: tpm-tis or tpm-crb."""
    return (
        *("-chardev", f"socket,id=tpm,path={folder}/{SOCKET}", "-tpmdev", "emulator,id=tpm0,chardev=tpm"),
        *("-device", f"{device},tpmdev=tpm0"),
    )
