# SPDX-License-Identifier: LGPL-2.1-or-later
"""The machines that QEMU plays, a row for each CPU.

Knows emulators and their names for things, nothing of guests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import foreign


@dataclass(frozen=True)
class Platform:
    """A CPU and the machine around it; what is said of it here, a test may change."""

    #: As Debian calls the CPU.
    cpu: str
    emulator: Callable[[], str | Path]
    machine: str
    model: str
    #: The serial line that the kernel's console is, and the one that the agent listens on.
    console: str
    agent: str
    #: How QEMU is told of the first line, and of the second one.
    console_device: tuple[str, ...] = ("-serial", "chardev:{name}")
    agent_device: tuple[str, ...] = ("-device", "pci-serial,chardev={name}")
    #: For the command line of every kernel.
    append: str = ""
    #: Where the machine does not start without one.
    needs_firmware: bool = False
    #: One thread plays all CPUs: with several, a CPU may run into what another one is changing in the kernel's code.
    threads: str = "single"
    #: Of the compiler and of binutils.
    triplet: str = ""


X86_64 = Platform(
    cpu="amd64",
    emulator=lambda: "qemu-system-x86_64",
    machine="q35",
    model="max",
    console="ttyS0",
    agent="ttyS1",
    agent_device=("-serial", "chardev:{name}"),
    # Where emulation is starved, Linux takes a late tick for a broken IO-APIC.
    append="no_timer_check",
)
I386 = Platform(
    cpu="i386",
    emulator=lambda: "qemu-system-i386",
    machine="q35",
    model="max",
    console="ttyS0",
    agent="ttyS1",
    agent_device=("-serial", "chardev:{name}"),
    append="no_timer_check",
    triplet="i686-linux-gnu",
)
ARM64 = Platform(
    cpu="arm64",
    emulator=lambda: "qemu-system-aarch64",
    machine="virt,gic-version=2",
    model="cortex-a57",
    console="ttyAMA0",
    agent="ttyS0",
    triplet="aarch64-linux-gnu",
)
ARMHF = Platform(
    cpu="armhf",
    emulator=lambda: "qemu-system-arm",
    machine="virt",
    model="cortex-a15",
    console="ttyAMA0",
    agent="ttyS0",
    # Played by one thread, two CPUs come no further than to the start of init.
    threads="multi",
    triplet="arm-linux-gnueabihf",
)
RISCV64 = Platform(
    cpu="riscv64",
    emulator=lambda: "qemu-system-riscv64",
    machine="virt",
    model="rv64",
    console="ttyS0",
    agent="ttyS1",
    triplet="riscv64-linux-gnu",
)
LOONG64 = Platform(
    cpu="loong64",
    emulator=lambda: foreign.emulator("qemu-system-loongarch64"),
    machine="virt",
    model="la464",
    console="ttyS0",
    agent="ttyS1",
    agent_device=("-serial", "chardev:{name}"),
    # This kernel has much to say about this firmware's ACPI.
    append="loglevel=3",
    needs_firmware=True,
    triplet="loongarch64-linux-gnu",
)
#: QEMU's own open firmware is 9 s faster than SLOF. The first kernel is at its init after 3 s, on power8 and power9, by
#: one thread and by several; powernv9 under skiboot takes 12 s, and what its console says comes late.
PPC64EL = Platform(
    cpu="ppc64el",
    emulator=lambda: "qemu-system-ppc64",
    # What TCG does not have, the machine would ask for.
    machine="pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off",
    model="power9",
    console="hvc0",
    agent="hvc1",
    agent_device=("-device", "spapr-vty,chardev={name}"),
    triplet="powerpc64le-linux-gnu",
)
#: The operator's messages, in which the stub speaks as well, and a terminal that takes any byte.
S390X = Platform(
    cpu="s390x",
    emulator=lambda: "qemu-system-s390x",
    machine="s390-ccw-virtio",
    model="max",
    console="ttyS0",
    console_device=("-device", "sclplmconsole,chardev={name}"),
    agent="ttysclp0",
    agent_device=("-serial", "chardev:{name}"),
    triplet="s390x-linux-gnu",
)
