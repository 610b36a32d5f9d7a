# SPDX-License-Identifier: LGPL-2.1-or-later
"""`make demo`: one jump in a virtual machine, for somebody who has never seen one.

A machine boots one kernel, loads another by the kexec under test, jumps to it, and tells
which kernel runs then and where the time went.  QEMU counts instructions instead of seconds,
one a nanosecond, so that every run shows the same.
"""

from __future__ import annotations

import re
import sys

import initramfs
import packages
import rootfs
from machine import VM, GuestError, Hardware
from record import StubRecord, read_record

FIRST, SECOND = "6.1", "6.12"
INITRD = f"/boot/initrd-{SECOND}"
LOAD = f"kexec -l {rootfs.kernel_path(SECOND)} --initrd={INITRD} --reuse-cmdline"
EXECUTE = "kexec -e"

TICKS_PER_MS = 1_000_000


def guest() -> initramfs.Tree:
    """The first kernel's files: among them the second kernel, and an initrd for it."""
    second = rootfs.core(boot=2, nonce="landed") | {
        "etc/saut/agent": rootfs.GUEST / "agent",
        "bin/stub-record": rootfs.GUEST / "stub-record",
    }
    archive = initramfs.to_bytes(second)
    return rootfs.full(rootfs.tool_under_test(), (SECOND,)) | {INITRD.lstrip("/"): archive}


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


def jump(vm: VM) -> str:
    """The demonstration; returns what landed where."""
    vm.boot()
    before = prompt(vm, "uname -r")
    prompt(vm, LOAD)
    say(f"  # {EXECUTE}")
    up = vm.execute(f"echo @@ called $(stamp now) >/dev/console; exec {EXECUTE}")
    after = prompt(vm, "uname -r")
    if after != packages.kernel_release(SECOND) or up.nonce != "landed":
        raise GuestError(f"{after} runs, with the initrd “{up.nonce}”")
    called = re.findall(rb"^@@ called (\d+)", vm.console.received, re.M)
    record = read_record(vm)
    if called and record:
        say("\nThe jump in ms, if the CPU ran one instruction a nanosecond:")
        for line in timeline(int(called[0]), record, up.init_tsc):
            say(line)
    return f"{before} → {after}"


def timeline(called: int, record: StubRecord, init: int) -> list[str]:
    """What happened when, counted from the command."""
    size = f"{record.bytes / 1e6:.1f} MB"
    checked = f"has verified {size} by {record.check}, and hands over to the new kernel"
    if record.check == "none":
        checked = "hands over to the new kernel"
    events = [
        (called, f"{EXECUTE}: the old kernel stops its devices, puts the new one into place"),
        (record.entered, "the stub, our code between the two kernels, begins"),
        (record.left, f"the stub {checked}"),
        (init, "the new kernel has started, and runs the first instruction of /init"),
    ]
    return [f"{(tick - called) / TICKS_PER_MS:>9.1f}  {what}" for tick, what in events]


def main() -> int:
    """The command."""
    tool = rootfs.tool_under_test()
    if not tool.is_file():
        print(f"demo: {tool} is not there; build it first", file=sys.stderr)
        return 1
    say("A virtual machine boots; the jump takes it to another kernel, past the firmware.\n")
    try:
        with VM(FIRST, Hardware(icount=True), guest()) as vm:
            landed = jump(vm)
    except (GuestError, packages.PackageError) as error:
        print(f"\nThe jump failed: {error}", file=sys.stderr)
        return 1
    say(f"\nThe jump landed: {landed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
