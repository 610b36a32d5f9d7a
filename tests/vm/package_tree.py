# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our commands and boot services as a distribution's package has them, below a folder.

The commands are those under test, statically linked; the services are what meson installs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import rootfs


def write(services: tuple[str, ...], target: Path) -> Path:
    """Installs the commands and @services below @target."""
    build = target.with_suffix(".build")
    options = ["-Dprefix=/usr", "-Dsbindir=sbin", "-Dtests=false"]
    options.append(f"-Dservices={','.join(services)}")
    _run(["meson", "setup", *options, str(build), str(rootfs.REPOSITORY)])
    environment = os.environ | {"DESTDIR": str(target)}
    _run(["meson", "install", "--no-rebuild", "--tags", "services", "-C", str(build)], environment)
    shutil.rmtree(build)
    folder = target / "usr/sbin"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(rootfs.tool_under_test(), folder / "kexec")
    shutil.copy(rootfs.saut(), folder / "saut")
    return target


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} {command[1]}: {(done.stdout + done.stderr)[-800:]}")
