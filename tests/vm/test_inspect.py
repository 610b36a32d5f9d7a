# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut inspect on Debian's kernels, which are signed; no machine is started for it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import packages
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/meson/src/cmd/saut/saut"
MACHINE = ROOT / "tests/machines/q35-uefi-5g.machine"

pytestmark = pytest.mark.usefixtures("ours")


@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_a_signed_kernel(version: str) -> None:
    """Its hash as we compute it is the one that Debian's signature is made of."""
    path = packages.kernel(version)
    done = subprocess.run(
        [SAUT, "inspect", "--json", f"--root={MACHINE}", path], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)["files"][0]
    assert found["version"].startswith(f"{packages.kernel_release(version)} ")
    assert found["boot"]["protocol"] == 0x20F and found["kaslr"] is True
    assert found["compression"] in ("lz4-legacy", "xz", "zstd")
    assert found["unpacked_size"] > 2 * found["size"] > 0
    signature = found["signatures"][0]
    assert signature["signer"].startswith("Debian Secure Boot Signer")
    assert signature["issuer"] == "Debian Secure Boot CA"
    assert signature["certificates"][0] == {"name": signature["signer"], "issuer": signature["issuer"]}
    assert found["release"] == packages.kernel_release(version)
    assert bytes.fromhex(signature["image_sha256"]) in path.read_bytes()
    assert bytes.fromhex(signature["serial"]) in path.read_bytes()
    assert found["load"]["call"] == "kexec_load"
