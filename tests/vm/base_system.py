# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian root file systems for disks, made by mmdebstrap and kept in the cache.

Knows suites and packages, nothing of disks or machines.  A base holds no kernel and nothing of
ours; its folder is named by what it was made from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import packages
from debian import Unreachable, mirror, settings

#: Changes with the way in which bases are made.
GENERATION = "1"

#: What every machine of the tests has besides the essential packages.
COMMON = ("kmod", "mount", "procps")


@dataclass(frozen=True)
class Base:
    """A suite and what is installed of it."""

    suite: str
    packages: tuple[str, ...]

    @property
    def name(self) -> str:
        """Names it, and changes whenever its content would."""
        recipe = " ".join((GENERATION, self.suite, *COMMON, *self.packages))
        return f"base-{self.suite}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


@lru_cache
def folder(base: Base) -> Path:
    """The root file system of @base as a folder; makes it once."""
    target = packages.cache_root() / base.name
    if not target.is_dir():
        _make(base, target)
    return target


def _make(base: Base, target: Path) -> None:
    """Makes it beside @target, which then appears whole or not at all."""
    if os.geteuid() != 0:
        raise Unreachable("only root can make a root file system with its owners and devices")
    if not shutil.which("mmdebstrap"):
        raise Unreachable("there is no mmdebstrap")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="bootstrapping-") as scratch:
        tree = Path(scratch) / "tree"
        command = ["mmdebstrap", "--quiet", "--variant=essential", "--format=directory"]
        command += ['--aptopt=APT::Install-Recommends "false"']
        command += [f"--aptopt={line.strip()}" for line in settings()]
        # Documentation is most of the files and none of the use.
        for useless in ("doc", "man", "locale"):
            command.append(f"--dpkgopt=path-exclude=/usr/share/{useless}/*")
        command += [f"--include={','.join(COMMON + base.packages)}"]
        command += [base.suite, str(tree), mirror(Path(scratch))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = done.stderr.strip()[-400:]
            raise Unreachable(f"cannot reach the package registry: mmdebstrap {base.suite}: {said}")
        try:
            tree.rename(target)
        except OSError:
            # Two runs started together: the other one's copy is as good as ours.
            if not target.is_dir():
                raise
