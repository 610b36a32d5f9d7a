# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut plan in a guest, against what a load there then has, and against the guest's capture on this machine."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import packages
import pytest
import rootfs
from conftest import StartVM
from machine import BASE_COMMAND_LINE, VM, default_tree

ROOT = Path(__file__).resolve().parents[2]
SAUT = "/sbin/saut"
INITRD = "/boot/next.cpio"
#: With addresses that are the same each time.
LINE = f"{BASE_COMMAND_LINE} nokaslr planned"

pytestmark = pytest.mark.usefixtures("ours")


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine with saut."""
    machine = start_vm("6.12", tree=default_tree() | rootfs.program(SAUT, rootfs.saut()))
    machine.boot()
    return machine


def planned(vm: VM, line: str = LINE) -> dict:
    """The guest's own plan, with an initrd that is made where it is gone with the last kernel."""
    vm.check(f"[ -f {INITRD} ] || {{ pack-initrd /run/next.cpio planned && mv /run/next.cpio {INITRD}; }}")
    kernel = rootfs.kernel_path("6.12")
    command = f"{SAUT} plan --json --initrd={INITRD} --command-line='{line}' {kernel}"
    (plan,) = json.loads(vm.check(command))["plans"]
    assert plan["error"] is None
    return plan


def pieces(plan: dict) -> list[tuple[str, int, int]]:
    """Name, place and size of each segment."""
    return [(one["name"], int(one["start"], 16), one["size"]) for one in plan["segments"]]


def test_a_load_has_what_was_planned(vm: VM) -> None:
    """Segment for segment, by what kexec says of what it hands to the running kernel; and that boots."""
    plan = planned(vm)
    load = f"{rootfs.TOOL} -d -l -c {rootfs.kernel_path('6.12')} --initrd={INITRD} --command-line='{LINE}'"
    reply = vm.run(load)
    assert reply.rc == 0, reply.stderr
    shown = re.findall(r"^  0x([0-9a-f]+)-0x([0-9a-f]+) +\d+ bytes  (\S.*?)  +", reply.stderr, re.M)
    assert [(name, int(first, 16), int(last, 16) + 1 - int(first, 16)) for first, last, name in shown] == pieces(plan)
    assert f"entry point: {plan['system_call']['entry']}\n" in reply.stderr
    assert plan["command_line"]["line"] == LINE and not plan["kernel"]["random_place"]
    vm.execute()
    assert "nokaslr planned" in vm.check("cat /proc/cmdline")


def test_its_capture_has_the_same_plan(vm: VM, tmp_path: Path) -> None:
    """Made in the guest, asked here: the same segments at the same places, and the same pieces of memory."""
    words = ("plan", "--json", f"--command-line={LINE}")
    (plan,) = json.loads(vm.check(shlex.join((SAUT, *words, rootfs.kernel_path("6.12")))))["plans"]
    text = vm.check(f"{SAUT} capture -")
    assert text.startswith("saut-machine 1\n")
    (tmp_path / "guest").write_text(text)
    command = [ROOT / "build/meson/src/cmd/saut/saut", *words, f"--root={tmp_path}/guest", packages.kernel("6.12")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (outside,) = json.loads(done.stdout)["plans"]
    assert pieces(outside) == pieces(plan)
    for key in ("system_call", "memory_map", "command_line"):
        assert outside[key] == plan[key], key


def test_random_addresses_are_told(vm: VM) -> None:
    """With KASLR the sizes are the same, and the places are not promised."""
    plan = planned(vm, LINE.replace("nokaslr ", ""))
    assert plan["kernel"]["random_place"] is True
    assert [(name, size) for name, _, size in pieces(plan)] == [(name, size) for name, _, size in pieces(planned(vm))]
