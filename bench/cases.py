# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can be measured: which loader, between which kernels, with which initrd.

Knows names and sets of them, nothing of how a figure comes to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

#: Name -> whose kexec, and how it is called.
LOADERS = {
    "tools-c": ("tools", "-c"),
    "tools-c-i": ("tools", "-c -i"),
    "tools-s": ("tools", "-s"),
    "ours": ("ours", ""),
    "ours-off": ("ours", "--direct=off"),
    "ours-outage": ("ours", "--shorten=outage"),
    "ours-ready": ("ours", "--shorten=outage"),
    "fixed-keep": ("ours", "--initrd-recompress=keep"),
    "fixed-keep-off": ("ours", "--direct=off --initrd-recompress=keep"),
    "fixed-raw": ("ours", "--initrd-recompress=raw"),
    "ours-tune": ("ours", "--tune"),
    "ours-s": ("ours", "-s"),
    "ours-i": ("ours", "-i"),
}

#: As tests/vm/packages.py calls them; each jump leads from a kernel to the same one.
KERNELS = ("6.1", "6.12", "7.2", "6.1-arm64")

#: arm64's kernels have one call, and are never packed: what the check costs is told by these.
ARM64_LOADERS = ("tools-c", "tools-c-i", "ours", "ours-i")

#: What the policy of each aim is held against: all forms of kernel and initrd that are worth it (to pack anew by lz4
#: or zstd takes longer than all the rest). With --direct=off alone, an initrd is unpacked as it is with "raw".
POLICIES = ("ours", "ours-outage")
FIXED = ("ours-off", "fixed-keep", "fixed-keep-off", "fixed-raw")

#: By these an initrd was seen to be whole before, as the boot service sees to it when it starts.
CHECKED_AHEAD = ("ours-outage", *FIXED)

#: What this loader loads was kept ready on the disk, as the boot service sees to it when it starts.
READY = "ours-ready"

#: As payload.py makes them.
INITRDS = ("small", "zstd", "gzip")


class UnknownName(ValueError):
    """A word that names nothing here."""


@dataclass(frozen=True)
class Case:
    """One jump."""

    kernel: str
    initrd: str
    loader: str

    @property
    def name(self) -> str:
        """As it is chosen and reported."""
        return f"{self.kernel}/{self.initrd}/{self.loader}"

    @property
    def call(self) -> str:
        """The loader, as a reader of the results knows it."""
        whose, options = LOADERS[self.loader]
        command = "kexec-tools" if whose == "tools" else "Saut"
        kept = " (kept ready)" if self.loader == READY else ""
        return f"{command} {options} -l".replace("  ", " ") + kept


def exists(case: Case) -> bool:
    """Whether there is such a case: arm64 has a small initrd and its own loaders."""
    if case.kernel.endswith("-arm64"):
        return case.initrd == "small" and case.loader in ARM64_LOADERS
    if case.loader.startswith("fixed-") and case.kernel != "6.12":
        return False
    if case.loader == READY and case.kernel not in ("6.1", "6.12"):
        return False
    # 6.1 is packed by lz4 as it is, so that nothing is kept of it.
    if (case.kernel, case.initrd, case.loader) == ("6.1", "small", READY):
        return False
    # In what is not packed there is nothing to choose.
    if case.initrd == "small" and case.loader in ("fixed-keep-off", "fixed-raw"):
        return False
    return case.loader != "ours-i"


ALL = [case for names in product(KERNELS, INITRDS, LOADERS) if exists(case := Case(*names))]

#: Less than half an hour.
SHORT = [
    case
    for case in ALL
    if (case.kernel, case.initrd) == ("6.12", "small") and not case.loader.startswith("fixed-")
]
SHORT += [Case("6.12", "gzip", "tools-c"), Case("6.12", "gzip", "ours")]
SHORT += [case for case in ALL if case.kernel == "6.1-arm64"]

#: What the policy chooses, and all that it could have chosen.
POLICY = [case for case in ALL if case.kernel == "6.12" and case.loader in ("tools-c", *POLICIES, *FIXED)]


def choose(words: Iterable[str]) -> list[Case]:
    """The cases that @words mean.

    A word is a case's whole name, or the name of a kernel, an initrd or a loader; of the latter
    all combinations are meant.  What is not said is 6.12, small, and all loaders.
    """
    by_name = {case.name: case for case in ALL}
    whole = [by_name[word] for word in words if word in by_name]
    parts = [word for word in words if word not in by_name]
    unknown = set(parts) - {*KERNELS, *INITRDS, *LOADERS}
    if unknown:
        raise UnknownName(", ".join(sorted(unknown)))
    if parts:
        kernels = [name for name in KERNELS if name in parts] or ["6.12"]
        initrds = [name for name in INITRDS if name in parts] or ["small"]
        loaders = [name for name in LOADERS if name in parts] or list(LOADERS)
        whole += [Case(*names) for names in product(kernels, initrds, loaders)]
    return [case for case in ALL if case in whole]
