# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes unified kernel images as distributions do: sections added to systemd's stub."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import packages

#: Behind the stub's own sections, whose image is smaller, the next one behind the last.
FIRST_ADDRESS = 0x20000
PAGE = 4096


def make(sections: Mapping[str, bytes]) -> bytes:
    """The UKI with these sections, in this order."""
    with tempfile.TemporaryDirectory(prefix="saut-uki-") as scratch:
        folder = Path(scratch)
        command, address = ["objcopy"], FIRST_ADDRESS
        for name, content in sections.items():
            file = folder / name.lstrip(".")
            file.write_bytes(content)
            command += [f"--add-section={name}={file}"]
            command += [f"--change-section-vma={name}={address:#x}"]
            address += -(-len(content) // PAGE) * PAGE
        command += [str(packages.efi_stub()), str(folder / "uki.efi")]
        subprocess.run(command, check=True)
        return (folder / "uki.efi").read_bytes()
