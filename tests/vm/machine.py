# SPDX-License-Identifier: LGPL-2.1-or-later
"""One virtual machine, from power-on through any number of kexec jumps.

Two serial lines reach into the guest: the console, on which each kernel's init names itself,
and the agent's line, over which commands are run.  Both survive a jump, as QEMU does: a
chain of kernels is one process.  Times are never asserted on; the only clock here decides
when a guest that says nothing more is given up.
"""

from __future__ import annotations

import os
import re
import secrets
import selectors
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import foreign
import initramfs
import landed
import packages
import rootfs
import screen
from platforms import X86_64, Platform

#: Seconds until a silent guest counts as hung.  Emulation on a busy machine is slow.
PATIENCE = float(os.environ.get("SAUT_VM_PATIENCE", "240"))


def base_command_line(platform: Platform) -> str:
    """What every kernel gets: a console, silence on it, and a reset instead of a frozen panic."""
    return f"console={platform.console} panic=-1 quiet loglevel=4 {platform.append}".strip()


BASE_COMMAND_LINE = base_command_line(X86_64)

#: How much of the console an error shows.
TAIL_LINES = 25


class Reply(NamedTuple):
    """What a command in the guest left behind."""

    rc: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Up:
    """What a kernel's init says of itself: the proof that this kernel runs."""

    boot: int
    uname: str
    nonce: str
    init_tsc: int
    cmdline: str


class GuestError(AssertionError):
    """The guest did not do what the test asked for; carries the end of its console."""


class GuestReset(GuestError):
    """The machine was reset or switched off: QEMU ended."""


class GuestHang(GuestError):
    """The guest said nothing that was waited for until patience ran out."""


@dataclass(frozen=True)
class Hardware:
    """The machine that QEMU plays."""

    #: Empty: as the platform has them.
    machine: str = ""
    cpu: str = ""
    memory: str = "1G"
    cpus: int = 1
    uefi: bool = False
    #: UEFI with Secure Boot, whose only keys are OVMF's "snakeoil" ones.
    secure: bool = False
    #: One virtual nanosecond per instruction: the time-stamp counter counts work.
    icount: bool = False
    #: MiB of translated code that the emulator keeps; 0: as it likes.
    translated: int = 0
    platform: Platform = X86_64
    #: More of QEMU's options; {folder} in them is one that belongs to this machine alone.
    more: tuple[str, ...] = ()

    def arguments(self, folder: Path) -> list[str]:
        """QEMU's options for it; @folder keeps what belongs to this one machine."""
        accel = os.environ.get("SAUT_VM_ACCEL", f"tcg,thread={self.platform.threads}")
        if accel.startswith("tcg") and self.translated:
            accel += f",tb-size={self.translated}"
        machine = self.machine or self.platform.machine
        if self.secure:
            machine += ",smm=on"
        arguments = ["-machine", machine, "-accel", accel]
        arguments += ["-cpu", self.cpu or self.platform.model]
        arguments += ["-m", self.memory, "-smp", str(self.cpus)]
        arguments += [word.format(folder=folder) for word in self.more]
        if self.icount:
            arguments += ["-icount", "shift=0,sleep=off"]
        if self.platform is not X86_64 and (self.uefi or self.platform.needs_firmware):
            arguments += ["-bios", str(foreign.firmware(self.platform.cpu))]
        elif self.uefi or self.secure:
            variables = folder / "OVMF_VARS.fd"
            keys, guard = (".snakeoil", ".secboot") if self.secure else ("", "")
            shutil.copyfile(packages.ovmf(f"OVMF_VARS_4M{keys}.fd"), variables)
            code = packages.ovmf(f"OVMF_CODE_4M{guard}.fd")
            if self.secure:
                # Or the guest could write the variables itself.
                for word in ("driver=cfi.pflash01,property=secure,value=on", "ICH9-LPC.disable_s3=1"):
                    arguments += ["-global", word]
            arguments += ["-drive", f"if=pflash,format=raw,readonly=on,file={code}"]
            arguments += ["-drive", f"if=pflash,format=raw,file={variables}"]
        return arguments


class SerialLine:
    """One of the guest's serial ports: everything that came, and how far it was read."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()
        #: As QEMU calls it.
        self.name = f"line{self.far.fileno()}"
        self.received = b""
        self.read_to = 0

    def pull(self) -> bool:
        """Takes in what is there; False at the end of the line."""
        try:
            data = self.near.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        self.received += data
        return bool(data)

    def match(self, pattern: bytes) -> re.Match[bytes] | None:
        """The next @pattern that was not read yet; reads past it."""
        found = re.compile(pattern, re.M).search(self.received, self.read_to)
        if found:
            self.read_to = found.end()
        return found

    def take(self, count: int) -> bytes | None:
        """The next @count bytes, or None until all are there."""
        if len(self.received) - self.read_to < count:
            return None
        self.read_to += count
        return self.received[self.read_to - count : self.read_to]

    def tail(self) -> str:
        """The last lines, as a person would want to see them in an error."""
        text = self.received.decode(errors="replace").replace("\r", "")
        return "\n".join(text.splitlines()[-TAIL_LINES:])

    def close(self) -> None:
        """Hangs up."""
        self.near.close()
        self.far.close()


class VM:
    """A running guest; a context manager, so that none outlives its test."""

    def __init__(
        self,
        kernel: str = "6.1",
        hardware: Hardware = Hardware(),
        tree: initramfs.Tree | None = None,
        append: str = "",
        patience: float = PATIENCE,
        disk: Path | None = None,
        devices: tuple[str, ...] = (),
        resets: bool = False,
    ) -> None:
        """@devices are more of QEMU's, as its option -device names them."""
        self.kernel = kernel
        self.hardware = hardware
        self.base_command_line = base_command_line(hardware.platform)
        self.command_line = f"{self.base_command_line} {append}".strip()
        self.patience = patience
        #: Whether a reset starts the machine again; else it is the end of it.
        self._resets = resets
        #: /dev/vda, once its modules are there.
        self._drives = ["-drive", f"if=virtio,format=raw,file={disk}"] if disk else []
        self._drives += [word for device in devices for word in ("-device", device)]
        self._tree = tree if tree is not None else default_tree()
        self._folder = Path(tempfile.mkdtemp(prefix="saut-vm-"))
        self.console = SerialLine()
        self.agent = SerialLine()
        self._selector = selectors.DefaultSelector()
        self._process: subprocess.Popen[bytes] | None = None
        self._leaving: landed.Leaving | None = None

    # --- life ---

    def __enter__(self) -> VM:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def boot(self) -> Up:
        """Switches the machine on and waits for the first kernel's init."""
        self.switch_on()
        return self.wait_up()

    def switch_on(self) -> None:
        """Starts QEMU; what the machine does then shows on its console."""
        platform = self.hardware.platform
        command = [
            # If the tests themselves are killed, the machine goes with them.
            *("setpriv", "--pdeathsig", "KILL", "--"),
            *(str(platform.emulator()), *self.hardware.arguments(self._folder)),
            *("-display", "none", "-nic", "none"),
            *("-monitor", f"unix:{self._folder / 'monitor'},server=on,wait=off"),
            *self._drives,
            *self._serial(self.console, platform.console_device),
            *self._serial(self.agent, platform.agent_device),
            *self._medium(),
        ]
        far_ends = (self.console.far.fileno(), self.agent.far.fileno())
        # A QEMU that is not the host's must not take the host's modules for its own.
        own = {} if isinstance(platform.emulator(), str) else {"QEMU_MODULE_DIR": str(self._folder)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, pass_fds=far_ends, env=os.environ | own
        )
        for line in (self.console, self.agent):
            # Only QEMU must hold the far end, or we would never see it hang up.
            line.far.close()
            self._selector.register(line.near, selectors.EVENT_READ, line)

    def close(self) -> None:
        """Switches off and leaves nothing behind."""
        if self._process and self._process.poll() is None:
            self._process.kill()
        if self._process:
            self._process.wait()
        self._selector.close()
        self.console.close()
        self.agent.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def alive(self) -> bool:
        """Whether there still is a machine to talk with."""
        return self._process is not None and self._process.poll() is None

    def content(self, path: str) -> initramfs.Content | None:
        """What the guest's file was made of; None where the guest has made it."""
        return self._tree.get(path.lstrip("/"))

    # --- talking ---

    def run(self, command: str) -> Reply:
        """Runs a shell command line in the guest, and returns what came of it."""
        self._send(command)
        return self._reply(command)

    def check(self, command: str) -> str:
        """The output of a command that must not fail."""
        reply = self.run(command)
        if reply.rc != 0:
            raise self._error(GuestError, f"exit code {reply.rc} of: {command}\n{reply.stderr}")
        return reply.stdout

    def wait_up(self) -> Up:
        """Waits until a kernel's init named itself and its agent listens."""
        pattern = (
            rb"^@@ up boot=(\d+) uname=(\S+) nonce=(\S*) init-tsc=(\d+) cmdline=(.*?)\r?\n"
        )
        found = self._await(self.console, pattern, "the next kernel's init")
        boot, uname, nonce, tsc, cmdline = (part.decode() for part in found.groups())
        self._await(self.agent, rb"^@@ agent boot=%s\n" % boot.encode(), "the agent")
        return Up(int(boot), uname, nonce, int(tsc), cmdline.strip())

    def wait_console(self, pattern: str) -> re.Match[bytes]:
        """Waits for a line on the console."""
        return self._await(self.console, pattern.encode(), f"“{pattern}” on the console")

    def look(self) -> screen.Picture:
        """What is on the screen now."""
        return screen.shoot(self._folder / "monitor", self._folder / "screen.ppm")

    def tell(self, command: str) -> None:
        """Has the emulator do something, in the words of QEMU's monitor."""
        screen.tell(self._folder / "monitor", command)

    def send_break(self, key: str) -> None:
        """Presses @key on the console behind a break, by which the kernel takes it for a request of its own."""
        self.tell(f"chardev-send-break {self.console.name}")
        self.console.near.sendall(key.encode())

    # --- jumping ---

    def load(
        self,
        arguments: str = "",
        kernel: str = "6.12",
        nonce: str | None = None,
        append: str = "",
    ) -> str:
        """Packs the running guest as the next kernel's initrd and loads it; returns the nonce."""
        nonce = nonce or secrets.token_hex(8)
        self.check(f"pack-initrd /run/next.cpio {nonce}")
        self.load_files(arguments, kernel, ["/run/next.cpio"], append)
        return nonce

    def load_files(
        self, arguments: str, kernel: str, initrds: list[str], append: str = ""
    ) -> Reply:
        """Loads @kernel, a version or a path, with the archives @initrds of the guest."""
        command_line = f"{self.base_command_line} {append}".strip()
        path = kernel if kernel.startswith("/") else rootfs.kernel_path(kernel)
        words = [rootfs.TOOL, *shlex.split(arguments), "-l", path]
        words += [f"--initrd={initrd}" for initrd in initrds]
        words += [f"--command-line={command_line}"]
        command = shlex.join(words)
        reply = self.run(command)
        if reply.rc != 0:
            text = f"cannot load, exit code {reply.rc}: {command}\n{reply.stdout}{reply.stderr}"
            raise self._error(GuestError, text)
        return reply

    def leave(self, command: str = f"{rootfs.TOOL} -e") -> None:
        """Leaves this kernel for the loaded one."""
        self._leaving = landed.leaving(self)
        self._send(command)

    def arrived(self, kernel: str) -> None:
        """Where the jump has led, as was seen: @kernel is what README calls it."""
        landed.write_down(self, self._leaving, kernel)

    def execute(self, command: str = f"{rootfs.TOOL} -e", entered: str = "") -> Up:
        """Leaves for the loaded kernel, and waits for its init, or for that of what @entered has started."""
        self.leave(command)
        up = self.wait_up()
        self.arrived(entered or up.uname)
        return up

    def jump(
        self,
        arguments: str = "",
        kernel: str = "6.12",
        nonce: str | None = None,
        append: str = "",
    ) -> Up:
        """load() and execute()."""
        self.load(arguments, kernel, nonce, append)
        return self.execute()

    def wait_reset(self) -> None:
        """Waits until the machine resets itself, at which QEMU ends."""
        deadline = time.monotonic() + self.patience
        try:
            while True:
                self._listen(deadline, "a reset")
        except GuestReset:
            return

    def hear(self, seconds: float, what: str = "others") -> bool:
        """Takes in what comes next on either line, be it nothing within @seconds, while @what is waited for."""
        events = self._selector.select(seconds)
        open_lines = [key.data.pull() for key, _ in events]
        if not all(open_lines):
            raise self._error(GuestReset, f"the machine was reset while waiting for {what}")
        return bool(events)

    def send(self, command: str) -> None:
        """Starts a command that never comes back; what it does shows elsewhere."""
        self._send(command)

    # --- below ---

    def _kernel_file(self) -> Path:
        """What the firmware starts."""
        return packages.kernel(self.kernel)

    def _medium(self) -> list[str]:
        """What the machine boots from, and what becomes of it at a reset."""
        initrd = initramfs.write(self._tree, self._folder / "initrd")
        kernel = ["-kernel", str(self._kernel_file()), "-initrd", str(initrd)]
        end = [] if self._resets else ["-no-reboot"]
        return [*kernel, "-append", self.command_line, *end]

    @staticmethod
    def _serial(line: SerialLine, device: tuple[str, ...]) -> list[str]:
        words = [word.format(name=line.name) for word in device]
        return ["-chardev", f"socket,id={line.name},fd={line.far.fileno()}", *words]

    def _send(self, command: str) -> None:
        if "\n" in command:
            raise ValueError("the agent takes one line")
        try:
            self.agent.near.sendall(command.encode() + b"\n")
        except (BrokenPipeError, ConnectionResetError):
            raise self._error(GuestReset, f"the machine is gone before: {command}") from None

    def _reply(self, command: str) -> Reply:
        pattern = rb"^@@ reply rc=(\d+) out=(\d+) err=(\d+)\n"
        found = self._await(self.agent, pattern, f"the end of: {command}")
        rc, out, err = (int(part) for part in found.groups())
        deadline = time.monotonic() + self.patience
        while (text := self.agent.take(out + err)) is None:
            self._listen(deadline, f"the output of: {command}")
        return Reply(rc, text[:out].decode(errors="replace"), text[out:].decode(errors="replace"))

    def _await(self, line: SerialLine, pattern: bytes, what: str) -> re.Match[bytes]:
        deadline = time.monotonic() + self.patience
        while (found := line.match(pattern)) is None:
            self._listen(deadline, what)
            if line is self.console:
                self._complain_of_refusal()
        return found

    def _complain_of_refusal(self) -> None:
        """A reply while the next kernel is waited for: the command that should jump came back."""
        found = self.agent.match(rb"^@@ reply rc=(\d+) out=(\d+) err=(\d+)\n")
        if found:
            text = self.agent.received[found.end() :].decode(errors="replace")
            raise self._error(GuestError, f"no jump, exit code {int(found[1])}: {text}")

    def _listen(self, deadline: float, what: str) -> None:
        """Takes in whatever comes next on either line."""
        if not self.hear(max(0.0, deadline - time.monotonic()), what):
            self.close_process()
            raise self._error(GuestHang, f"waited {self.patience:.0f} s in vain for {what}")

    def close_process(self) -> None:
        """Kills this machine, and no other."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _error(self, kind: type[GuestError], text: str) -> GuestError:
        return kind(f"{text}\n--- end of the console ---\n{self.console.tail()}")


def default_tree() -> dict[str, initramfs.Content]:
    """The guest of most tests: both kernels and the tool under test."""
    return rootfs.full(rootfs.tool_under_test(), tuple(packages.KERNELS))
