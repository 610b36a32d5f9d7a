# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian packages of any suite and architecture, unpacked into a folder.

Knows apt's private configurations, and nothing of what the packages are for.  The host's apt and
dpkg are left as they are: lists and packages go to a folder of their own, which is gone
afterwards.  Where a suite is out of reach, or moved on to other packages, there is Unreachable,
which says why.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

#: Seconds for one call of apt; the lists alone are 11 MB.
PATIENCE = 400

#: A registry that does not answer for a moment fails no run: what every call of apt is told.
OPTIONS = {"Acquire::Retries": "5", "Acquire::http::Timeout": "20"}

CONFIGURATION = """\
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
APT::Update::Error-Mode "any";
"""


class Unreachable(RuntimeError):
    """A suite, or a package in it, cannot be had here and now."""


def cache_root() -> Path:
    """Where fetched and built things live between runs; outside the tree."""
    return Path(os.environ.get("SAUT_CACHE") or Path.home() / ".cache" / "saut")


def fill(
    target: Path,
    suite: str,
    architecture: str,
    folders: Mapping[str, str],
    arrange: Callable[[Path], None] | None = None,
) -> None:
    """Unpacks packages of @suite into @target, which then appears at once or not at all.

    @folders says which package goes into which folder below it ("" is @target itself); a "*" in a
    package's name stands for a version, of which the newest is taken.  What programs need that are
    linked with its libraries (deb-shlibs(5)) is where dpkg has it.  @arrange may change the tree
    before it appears.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as scratch:
        work = Path(scratch)
        (work / "control").mkdir()
        environment = _private_apt(work, suite, architecture)
        _download(["apt-get", "-q", "update"], work, environment)
        known = _run(["apt-cache", "pkgnames"], work, environment).split()
        names = {_newest(pattern, known, suite): folder for pattern, folder in folders.items()}
        _download(["apt-get", "-q", "download", *names], work, environment)
        tree = work / "tree"
        for name, folder in names.items():
            (deb,) = work.glob(f"{name}_*.deb")
            (tree / folder).mkdir(parents=True, exist_ok=True)
            _run(["dpkg-deb", "-x", str(deb), str(tree / folder)], work, environment)
            control = work / "control" / name
            _run(["dpkg-deb", "-e", str(deb), str(control)], work, environment)
            if (control / "shlibs").is_file():
                information = tree / folder / "var/lib/dpkg/info"
                information.mkdir(parents=True, exist_ok=True)
                (control / "shlibs").rename(information / f"{name}.shlibs")
        if arrange:
            arrange(tree)
        try:
            tree.rename(target)
        except OSError:
            # Two runs started together: the other one's copy is as good as ours.
            if not target.is_dir():
                raise


#: Of targets that could not be filled: each attempt takes its time.
_failures: dict[Path, Unreachable] = {}


def filled(
    target: Path,
    suite: str,
    architecture: str,
    folders: Mapping[str, str],
    arrange: Callable[[Path], None] | None = None,
) -> Path:
    """@target, which is filled where it is not there yet (fill); what failed once in this process fails again at once."""
    if target in _failures:
        raise _failures[target]
    try:
        if not target.is_dir():
            fill(target, suite, architecture, folders, arrange)
    except Unreachable as reason:
        _failures[target] = reason
        raise
    return target


def _private_apt(folder: Path, suite: str, architecture: str) -> dict[str, str]:
    """An environment in which apt knows this suite and nothing else."""
    for part in ("state/lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    (folder / "status").touch()
    signed = f" signed-by={KEYRING}" if KEYRING.is_file() else ""
    source = f"deb [arch={architecture}{signed}] {mirror(folder)} {suite} main\n"
    (folder / "sources.list").write_text(source)
    configuration = CONFIGURATION.format(folder=folder, architecture=architecture)
    (folder / "apt.conf").write_text(configuration + "".join(settings()))
    return os.environ | {"APT_CONFIG": str(folder / "apt.conf")}


def settings() -> list[str]:
    """OPTIONS as lines of an apt.conf(5)."""
    return [f'{name} "{value}";\n' for name, value in OPTIONS.items()]


def arguments() -> list[str]:
    """OPTIONS as words of a command line of apt."""
    return [word for name, value in OPTIONS.items() for word in ("-o", f"{name}={value}")]


def mirror(folder: Path) -> str:
    """Where the host itself gets Debian from."""
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"]
    lines = _run([*command, "Created-By: Packages"], folder, dict(os.environ)).splitlines()
    for line in lines:
        words = line.split()
        if words[:2] == ["Debian", "Debian"]:
            return words[2]
    raise Unreachable("apt has no lists of a Debian mirror")


def _newest(pattern: str, known: list[str], suite: str) -> str:
    """The package that @pattern means."""
    if "*" not in pattern:
        return pattern
    expression = re.compile(re.escape(pattern).replace(r"\*", r"(?:[0-9.+~-]|deb)*"))
    found = [name for name in known if expression.fullmatch(name)]
    if not found:
        raise Unreachable(f"{suite} has no {pattern}")
    return max(found, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def _download(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        _run(command, folder, environment)
    except Unreachable as reason:
        raise Unreachable(f"cannot reach the package registry: {reason}") from None


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
