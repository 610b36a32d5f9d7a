# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is under test, installed into a root file system as its users install it.

On Debian's own init systems that is the package, by dpkg in a chroot; with OpenRC, which Debian's
package does not serve, it is `make install`.  Knows nothing of disks and machines.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

import debs
import rootfs

#: What the package's scripts may ask a person.
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def install(services: tuple[str, ...], root: Path) -> None:
    """Installs it below @root, with @services where the choice is the installer's."""
    if "openrc" in services:
        install_from_source(services, root)
    else:
        install_packages(root)


def install_packages(root: Path) -> None:
    """By dpkg, with all that the package's scripts do; what it depends on must be there."""
    package = debs.built()["saut"]
    inside = root / package.name
    shutil.copy(package, inside)
    run(["chroot", str(root), "dpkg", "--install", "--force-unsafe-io", f"/{inside.name}"], ENVIRONMENT)
    inside.unlink()


def install_from_source(services: tuple[str, ...], root: Path) -> None:
    """`make install` into what becomes a package elsewhere, which is then laid over @root."""
    target = root.with_suffix(".install")
    make_install(services, target)
    run(["cp", "--archive", f"{target}/.", str(root)])
    shutil.rmtree(target)


def make_install(services: tuple[str, ...], target: Path) -> None:
    """`make install` below @target; one at a time, since all of them use one build."""
    command = ["make", "-s", "-C", str(rootfs.REPOSITORY), "install", f"DESTDIR={target}"]
    with open(rootfs.REPOSITORY / "build/install.lock", "w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        run([*command, f"SERVICES={','.join(services)}"])


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Runs @command, which must succeed."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} {command[1]}: {(done.stdout + done.stderr)[-1500:]}")
