# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels of Debian's unstable suite, newer than the host's own suite has them.

Knows apt's private configurations, nothing of the other packages.  The host's apt is left as
it is: lists and packages of the suite go to a folder of their own.  The suite moves on and may
be out of reach; then there is Unreachable, which says why, instead of a kernel.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

#: What a test calls the kernel -> the packages of the kernel itself and of its configuration.
KERNELS = {"7.2": ("linux-binary-7.2*-cloud-amd64", "linux-base-7.2*-cloud-amd64")}

#: Changes with what a kernel's folder holds, so that an old cache is never taken for a new one.
GENERATION = "1"

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

#: Seconds for one call of apt; the lists alone are 11 MB.
PATIENCE = 240

CONFIGURATION = """\
Dir::State "{folder}/state";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::http::Timeout "20";
APT::Update::Error-Mode "any";
"""


class Unreachable(RuntimeError):
    """The suite, or the kernel in it, cannot be had here and now."""


def kernel_root(version: str, cache: Path) -> Path:
    """The folder with boot/vmlinuz-* and boot/config-* of @version, below @cache; fills it once."""
    outcome = _outcome(version, cache)
    if isinstance(outcome, Unreachable):
        raise outcome
    return outcome


@lru_cache
def _outcome(version: str, cache: Path) -> Path | Unreachable:
    """Failures are remembered as well: each attempt takes its time."""
    target = cache / f"sid-{version}-{GENERATION}"
    try:
        if not target.is_dir():
            _fill(target, KERNELS[version])
    except Unreachable as reason:
        return reason
    return target


def _fill(target: Path, patterns: tuple[str, ...]) -> None:
    """Fetches into a sibling of @target, which then appears at once or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as scratch:
        work = Path(scratch)
        environment = _private_apt(work)
        _run(["apt-get", "-q", "update"], work, environment)
        names = [_newest(pattern, work, environment) for pattern in patterns]
        _run(["apt-get", "-q", "download", *names], work, environment)
        for deb in work.glob("*.deb"):
            _run(["dpkg-deb", "-x", str(deb), str(work / "unpacked")], work, environment)
        tree = _arrange(work)
        try:
            tree.rename(target)
        except OSError:
            # Two runs started together: the other one's copy is as good as ours.
            if not target.is_dir():
                raise


def _private_apt(folder: Path) -> dict[str, str]:
    """An environment in which apt knows the unstable suite and nothing else."""
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    signed = f" signed-by={KEYRING}" if KEYRING.is_file() else ""
    source = f"deb [arch=amd64{signed}] {_mirror(folder)} sid main\n"
    (folder / "sources.list").write_text(source)
    (folder / "apt.conf").write_text(CONFIGURATION.format(folder=folder))
    return os.environ | {"APT_CONFIG": str(folder / "apt.conf")}


def _mirror(folder: Path) -> str:
    """Where the host itself gets Debian from."""
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"]
    lines = _run([*command, "Created-By: Packages"], folder, dict(os.environ)).splitlines()
    for line in lines:
        words = line.split()
        if words[:2] == ["Debian", "Debian"]:
            return words[2]
    raise Unreachable("apt has no lists of a Debian mirror")


def _newest(pattern: str, folder: Path, environment: dict[str, str]) -> str:
    """The package that @pattern means."""
    prefix = pattern.partition("*")[0]
    names = _run(["apt-cache", "pkgnames", prefix], folder, environment).split()
    expression = re.compile(re.escape(pattern).replace(r"\*", ".*"))
    found = [name for name in names if expression.fullmatch(name)]
    if not found:
        raise Unreachable(f"the unstable suite has no {pattern}")
    return max(found, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def _arrange(work: Path) -> Path:
    """The kernel and its configuration where older packages have them."""
    (modules,) = (work / "unpacked" / "usr" / "lib" / "modules").iterdir()
    boot = work / "tree" / "boot"
    boot.mkdir(parents=True)
    for name in ("vmlinuz", "config"):
        shutil.move(modules / name, boot / f"{name}-{modules.name}")
    return work / "tree"


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except FileNotFoundError:
        raise Unreachable(f"there is no {command[0]}") from None
    except subprocess.TimeoutExpired:
        raise Unreachable(f"{' '.join(command[:3])}: no end in {PATIENCE} s") from None
    if done.returncode != 0:
        raise Unreachable(f"{' '.join(command[:3])}: {done.stderr.strip()[-300:]}")
    return done.stdout
