# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine with a disk, a firmware that can be heard, and an init system that reboots it.

A reset does not end it: the firmware takes over and says so on the console.  Whether it was
heard between two boots tells how the machine went from one to the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from machine import PATIENCE, VM, GuestError, Hardware, Up
from record import StubRecord, read_record

#: What firmware and boot loaders print: SeaBIOS and GRUB, OVMF and systemd-boot's caller.
BANNER = re.compile(r"SeaBIOS \(version|(?<!USE_)GRUB|BdsDxe: ")


#: Without graphics SeaBIOS writes its screen to the first serial port.  After a reset boot loaders write
#: where the emulator remembers code of the kernel before: each byte costs dearly until that is forgotten,
#: which a small memory for it does soon.
#: Its CPU lacks what a kernel for x86-64-v3 wants, and no kernel here does.
PC = Hardware(machine="q35,graphics=off", cpu="max,movbe=off", translated=32)


@dataclass(frozen=True)
class Passage:
    """How the machine went from one boot to the next."""

    before: Up
    after: Up
    #: All that the console showed since the command.
    console: str
    record: StubRecord | None

    @property
    def by_firmware(self) -> bool:
        """The firmware took over."""
        return bool(BANNER.search(self.console))

    @property
    def by_kexec(self) -> bool:
        """The firmware was not heard, and what our loader left says the same."""
        return not self.by_firmware and self.record is not None


class DiskVM(VM):
    """A machine that boots from a disk; what it writes there is gone with it."""

    def __init__(
        self,
        disk: Path,
        uefi: bool = False,
        patience: float = PATIENCE,
        more: tuple[str, ...] = (),
        hardware: Hardware = PC,
    ) -> None:
        """@more are more of QEMU's options."""
        super().__init__(hardware=replace(hardware, uefi=uefi, more=more), tree={}, patience=patience)
        self._disk = disk
        self.up: Up | None = None

    def boot(self) -> Up:
        """Switches it on; a firmware that is not heard now would not be missed later."""
        self.up = super().boot()
        if not BANNER.search(self._heard_since(0)):
            raise self._error(GuestError, "the firmware was not heard at power-on")
        return self.up

    def passage(self, command: str) -> Passage:
        """Gives @command, which makes the machine reboot, and waits until it is back."""
        assert self.up, "not switched on"
        before, heard = self.up, len(self.console.received)
        self.send(command)
        self.up = self.wait_up()
        return Passage(before, self.up, self._heard_since(heard), read_record(self))

    def _heard_since(self, place: int) -> str:
        return self.console.received[place:].decode(errors="replace").replace("\r", "")

    def _medium(self) -> list[str]:
        # Its bus is named, since there may be one that takes bridges only; and it is not the only disk perhaps.
        drive = f"file={self._disk},format=raw,if=none,id=system,snapshot=on"
        return ["-drive", drive, "-device", "virtio-blk-pci,drive=system,bus=pcie.0,bootindex=0"]

    def _complain_of_refusal(self) -> None:
        """`reboot` comes back at once where the init system does the rest; a failure does not."""
        found = self.agent.match(rb"^@@ reply rc=(\d+) out=(\d+) err=(\d+)\n")
        if found and int(found[1]) != 0:
            text = self.agent.received[found.end() :].decode(errors="replace")
            raise self._error(GuestError, f"no reboot, exit code {int(found[1])}: {text}")
