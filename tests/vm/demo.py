# SPDX-License-Identifier: LGPL-2.1-or-later
"""`make demo`: one reboot in a virtual machine, for somebody who has never seen one by kexec.

A machine boots one kernel and goes down by what boot services call, which load another one and jump into it; there
saut tells where the time went, in words and as a picture.  QEMU counts instructions instead of seconds, one a
nanosecond, so that every run shows the same.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import data_disk
import initramfs
import packages
import rootfs
from machine import BASE_COMMAND_LINE, VM, GuestError, Hardware, Up

FIRST, SECOND = "6.1", "6.12"
INITRD = f"/boot/initrd-{SECOND}"
PICTURE = rootfs.REPOSITORY / "build" / "report.svg"

#: What the boot loader of this machine would boot, as extlinux has it.
MENU = f"""DEFAULT new
LABEL new
  LINUX {rootfs.kernel_path(SECOND)}
  INITRD {INITRD}
  APPEND {BASE_COMMAND_LINE}
"""

#: Where both kernels find what was written down of the reboot; all else here is in memory.
KEPT = "mkdir -p /var/lib/saut && mount -t vfat /dev/vda1 /var/lib/saut"
KEPT_MIB = 40

#: The steps of a shutdown, as the scripts in service/openrc take them: what runs is written down, the next kernel is
#: loaded, all services have stopped, the jump.
SERVICE = "saut service --style=openrc"
DOWN = tuple(f"{SERVICE} {step}" for step in ("leave --rebooting", "stop --rebooting", "unbind", "jump"))
#: Where the last one begins, for who reads the console.
LEAVES = "@@ leaves"
#: The last step of a boot.
UP = f"{SERVICE} confirm"


def guest() -> initramfs.Tree:
    """The first kernel's files: among them the second kernel, and an initrd for it."""
    saut = rootfs.program("/sbin/saut", rootfs.saut())
    both = saut | dict(data_disk.modules((FIRST, SECOND))) | {"etc/saut/agent": rootfs.GUEST / "agent"}
    archive = initramfs.to_bytes(rootfs.core(boot=2, nonce="landed") | both)
    return (
        rootfs.core()
        | both
        | {
            rootfs.kernel_path(SECOND).lstrip("/"): packages.kernel(SECOND),
            INITRD.lstrip("/"): archive,
            "boot/extlinux/extlinux.conf": MENU.encode(),
            "etc/conf.d/kexec": b'ENTRY="default"\n',
        }
    )


def say(text: str = "") -> None:
    """At once: a first boot takes long enough for doubts."""
    print(text, flush=True)


def prompt(vm: VM, command: str) -> str:
    """Runs a command in the guest, shown as it would look there."""
    say(f"  # {command}")
    output = vm.check(command)
    for line in output.splitlines():
        say(f"  {line}")
    return output.strip()


def go_down(vm: VM) -> Up:
    """All steps at once, as an init would: who waits for answers between them is part of the time that is shown."""
    heard = len(vm.console.received)
    steps = "; ".join(f"echo '# {step}'; {step}" for step in DOWN[:-1])
    up = vm.execute(f"exec >/dev/console 2>&1; {steps}; echo '# {DOWN[-1]}'; echo '{LEAVES}'; exec {DOWN[-1]}")
    said = vm.console.received[heard:].decode(errors="replace").replace("\r", "")
    for line in said.partition(LEAVES)[0].splitlines():
        say(f"  {line}")
    return up


def reboot(vm: VM) -> str:
    """The demonstration; returns what landed where."""
    vm.boot()
    vm.check(f"{data_disk.insert_command()} && {KEPT}")
    before = prompt(vm, "uname -r")
    prompt(vm, "saut list")
    say("\nThe machine goes down, by the steps that a boot service takes:\n")
    up = go_down(vm)
    say("\nThe next kernel runs:\n")
    after = prompt(vm, "uname -r")
    if after != packages.kernel_release(SECOND) or up.nonce != "landed":
        raise GuestError(f"{after} runs, with the initrd “{up.nonce}”")
    vm.check(f"{data_disk.insert_command()} && {KEPT} && {UP}")
    prompt(vm, "saut report")
    vm.check("saut report --svg=/run/report.svg")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(vm.check("cat /run/report.svg"))
    return f"{before} → {after}"


def main() -> int:
    """The command."""
    tool = rootfs.saut()
    if not tool.is_file():
        print(f"demo: {tool} is not there; build it first", file=sys.stderr)
        return 1
    say("A virtual machine boots; the jump takes it to another kernel, past the firmware.\n")
    with tempfile.TemporaryDirectory(prefix="saut-demo-") as folder:
        kept = data_disk.Partition(data_disk.LINUX, {"empty/": b""}, KEPT_MIB, fat=True)
        disk = data_disk.write(Path(folder) / "disk", [kept])
        try:
            with VM(FIRST, Hardware(icount=True), guest(), disk=disk) as vm:
                landed = reboot(vm)
        except (GuestError, packages.PackageError) as error:
            print(f"\nThe jump failed: {error}", file=sys.stderr)
            return 1
    say(f"\nThe jump landed: {landed}")
    say(f"Where the time went, one instruction a nanosecond, as a picture: {PICTURE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
