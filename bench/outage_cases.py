# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which outages can be measured: firmware, init system, initrd, and the way of the reboot.

Knows names and sets of them, nothing of how a figure comes to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

FIRMWARES = ("seabios", "ovmf")
INITS = ("systemd", "openrc")

#: As outage_disk.py makes them.
INITRDS = ("zstd", "gzip", "lz4")


@dataclass(frozen=True)
class Way:
    """How a machine is rebooted."""

    #: As a reader of the results knows it.
    title: str
    #: Whose program is installed.
    tool: str
    #: For each init system two shell command lines: what is done long before, and what is timed.
    commands: dict[str, tuple[str, str]] = field(hash=False)
    #: Whether the next kernel is entered without the firmware.
    is_kexec: bool = True


def _ours(during_shutdown: str) -> dict[str, tuple[str, str]]:
    setting = f"echo LOAD_DURING_SHUTDOWN={during_shutdown}"
    return {
        "systemd": (f"{setting} >/etc/kexec.conf && systemctl enable --now kexec-load.service", "reboot"),
        "openrc": (f"{setting} >/etc/conf.d/kexec && rc-update add kexec boot && rc-service kexec start", "reboot"),
    }


#: Debian 12's boot service of kexec-tools is switched on by default, and loads during any reboot.
_OFF = "sed -i s/LOAD_KEXEC=.*/LOAD_KEXEC=false/ /etc/default/kexec"
_ON = "sed -i s/LOAD_KEXEC=.*/LOAD_KEXEC=true/ /etc/default/kexec"
_LOAD = (
    "kexec -l /vmlinuz --initrd=/initrd.img "
    '--command-line="$(sed s/^BOOT_IMAGE=[^[:space:]]*.// /proc/cmdline)"'
)

WAYS = {
    "firmware": Way(
        "firmware and GRUB", "tools", {"systemd": (_OFF, "reboot"), "openrc": ("true", "reboot")}, is_kexec=False
    ),
    "tools-ahead": Way(
        "kexec-tools, loaded ahead",
        "tools",
        {"systemd": (f"{_OFF} && {_LOAD}", "systemctl kexec"), "openrc": (_LOAD, "reboot")},
    ),
    "tools": Way(
        "kexec-tools, loaded and executed",
        "tools",
        {"systemd": (_OFF, f"{_LOAD} && systemctl kexec"), "openrc": ("true", f"{_LOAD} && reboot")},
    ),
    "tools-shutdown": Way("kexec-tools, its boot service", "tools", {"systemd": (_ON, "reboot")}),
    "ours-ahead": Way("Saut, loaded ahead", "ours", _ours("no")),
    "ours-shutdown": Way("Saut, loaded in the shutdown", "ours", _ours("yes")),
}


class UnknownName(ValueError):
    """A word that names nothing here."""


@dataclass(frozen=True)
class Case:
    """One outage."""

    firmware: str
    init: str
    initrd: str
    way: str

    @property
    def name(self) -> str:
        """As it is chosen and reported."""
        return f"{self.firmware}/{self.init}/{self.initrd}/{self.way}"



def _exists(case: Case) -> bool:
    """Whether there is such a case: not every way has every init, and UEFI reads one initrd of one system."""
    if case.firmware == "ovmf" and (case.init, case.initrd) != ("systemd", "zstd"):
        return False
    return case.init in WAYS[case.way].commands


ALL = [case for names in product(FIRMWARES, INITS, INITRDS, WAYS) if _exists(case := Case(*names))]

#: What the others are compared with, and ours.
SHORT = [case for case in ALL if (case.firmware, case.init, case.initrd) == ("seabios", "systemd", "zstd")]


def choose(words: Iterable[str]) -> list[Case]:
    """The cases that @words mean.

    A word is a case's whole name, or the name of a firmware, an init system, an initrd or a way; of
    the latter all combinations are meant.  What is not said is seabios, systemd, zstd, and all ways.
    """
    by_name = {case.name: case for case in ALL}
    whole = [by_name[word] for word in words if word in by_name]
    parts = [word for word in words if word not in by_name]
    unknown = set(parts) - {*FIRMWARES, *INITS, *INITRDS, *WAYS}
    if unknown:
        raise UnknownName(", ".join(sorted(unknown)))
    if parts:
        firmwares = [name for name in FIRMWARES if name in parts] or ["seabios"]
        inits = [name for name in INITS if name in parts] or ["systemd"]
        initrds = [name for name in INITRDS if name in parts] or ["zstd"]
        ways = [name for name in WAYS if name in parts] or list(WAYS)
        whole += [case for names in product(firmwares, inits, initrds, ways) if (case := Case(*names)) in ALL]
    return [case for case in ALL if case in whole]
