# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Debian packages of the tree as it stands, for the tests: built where anything has changed.

Knows tools/build-deb, and that several tests may want them at the same time.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class BuildError(RuntimeError):
    """The packages cannot be built; says how that ended."""


@lru_cache
def built(cpu: str = "") -> dict[str, Path]:
    """Name -> package, of this machine's CPU or another, without those of debugging symbols."""
    folder = ROOT / "build" / (f"cross/{cpu}/deb" if cpu else "deb")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        key, stamp = sources(), folder / "of"
        if not stamp.is_file() or stamp.read_text() != key:
            run([str(ROOT / "tools/build-deb"), *([cpu] if cpu else [])])
            stamp.write_text(key)
    found = sorted(path for path in folder.glob("*.deb") if "dbgsym" not in path.name)
    return {path.name.split("_")[0]: path for path in found}


def sources() -> str:
    """Changes with anything that the packages are made of."""
    names = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).split("\0")
    digest = hashlib.sha256()
    for name in sorted(set(filter(None, names))):
        # Not in the packages; meson asks for the files to be there.
        if name.startswith(("tests/", "bench/", ".ci/")) or name.endswith(".md"):
            continue
        path = ROOT / name
        digest.update(f"{name}\0{path.stat().st_mode if path.exists() else None}\0".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def run(command: list[str]) -> str:
    """What it says on its standard output; it must succeed."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{command[0]}: {(done.stdout + done.stderr)[-1500:]}")
    return done.stdout
