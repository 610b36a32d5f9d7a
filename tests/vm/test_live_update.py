# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels built for the tests: kexec_file_load where Debian's kernels have none, and files that are kept across a jump.

Linux 7.2 can keep files on arm64 and x86-64 alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import cpus
import pytest
import rootfs
import stand_in
from chain import EXECUTE, Chain, Jump, assert_arrived, assert_recorded
from demo import DOWN, SERVICE
from initramfs import Tree
from machine import VM, Hardware, Reply
from platforms import ARM64, RISCV64, Platform

pytestmark = pytest.mark.full

#: Has such a kernel keep files, and the next one take them. kexec_file_load then places nothing but into the memory that is
#: set aside for it, on arm64 all of it upwards into the first piece that takes the kernel: that one is to be large.
KEEP = "kho=on kho_scratch=384M,64M,64M liveupdate=on"

#: The same with too little memory set aside for this initrd.
LITTLE = "kho=on kho_scratch=32M,32M,32M liveupdate=on"

#: QEMU 7.2's device tree tells what the CPU can do in the older form alone, which this kernel does not ask for by itself.
OLDER = "riscv_isa_fallback"

MACHINES = {
    "arm64": ("7.2-arm64-own", Hardware(platform=ARM64, machine="virt,gic-version=3", memory="2G"), KEEP),
    "riscv64": ("7.2-riscv64-own", Hardware(platform=RISCV64), OLDER),
}

#: On the machines whose kernel can keep files.
keeping = pytest.mark.parametrize("there", [cpu for cpu, (_, _, append) in MACHINES.items() if append == KEEP], indirect=True)

HOLDER = "/sbin/keep"
TREE = "/files/board.dtb"
BALLAST = "/files/ballast"

#: Of the boot service: the kernel that it loads, with the running one's command line.
SETTINGS = "/etc/conf.d/kexec"

#: Said where kexec_load was taken and nobody has asked for it.
LOST = "would be lost: only kexec_file_load hands it over"


def programs(platform: Platform) -> Tree:
    """The command for people and what keeps files, for the guest."""
    command = rootfs.program(cpus.SAUT, rootfs.tool_under_test(platform).parent / "saut", platform)
    return command | rootfs.program(HOLDER, rootfs.keep(platform), platform)


class Place(Chain):
    """A machine with one kernel, which it jumps into by any call."""

    def __init__(self, vm: VM, kernel: str, append: str) -> None:
        super().__init__(vm)
        self.kernel = kernel
        self.append = append
        self.keeps = append == KEEP

    def load(self, options: str, nonce: str = "next", append: str = "") -> str:
        """Loads the kernel; the system call that has done so."""
        self.running()
        self.vm.load(options, self.kernel, nonce, append or self.append)
        return self.loaded_by()

    def load_and_tell(self, options: str, nonce: str) -> str:
        """The same; what is said of it."""
        self.running()
        self.vm.check(f"pack-initrd /run/next.cpio {nonce}")
        return self.vm.load_files(options, self.kernel, ["/run/next.cpio"], self.append).stderr

    def loaded_by(self) -> str:
        """The system call by which a kernel was loaded."""
        return self.vm.check("sed -n 's/^CALL=//p' /run/saut/loaded").strip().strip("'\"")

    def try_load(self, options: str, file: str = "") -> Reply:
        """What is said of a load, and that what was loaded before is so still."""
        reply = self.vm.run(f"{rootfs.TOOL} {options} -l {file or rootfs.kernel_path(self.kernel)} --reuse-cmdline")
        assert self.vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
        return reply

    def land(self, nonce: str, command: str = EXECUTE, append: str = "") -> None:
        """Jumps into what was loaded with this nonce."""
        before = self.running()
        up = self.jump_by(lambda: None, command)
        assert_arrived(up, Jump(self.kernel, append=append or self.append), nonce, before.boot + 1)


@pytest.fixture(scope="module", params=MACHINES)
def there(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A machine of each CPU, gone before the next one's; it has another device tree to load."""
    kernel, hardware, append = MACHINES[request.param]
    board = cpus.another_board(hardware, tmp_path_factory.mktemp("tree") / "board.dtb")
    tree = cpus.guest(hardware.platform, (kernel,)) | programs(hardware.platform) | stand_in.TREE
    tree |= {
        TREE.lstrip("/"): board,
        SETTINGS.lstrip("/"): f"KERNEL_IMAGE={rootfs.kernel_path(kernel)}\nINITRD=/run/next.cpio\n".encode(),
    }
    with VM(kernel, hardware, tree, append) as vm:
        yield Place(vm, kernel, append)


def session(there: Place, name: str) -> None:
    """Some process has a session open from now on."""
    there.running()
    there.vm.check(f"{HOLDER} hold {name} {BALLAST} >/run/holder")


def assert_kept(there: Place, name: str) -> None:
    """What the session kept under the last kernel is here, byte for byte."""
    there.vm.check(f"{HOLDER} take {name} >/run/kept && cmp /run/kept {BALLAST} && rm /run/kept")


def test_status(there: Place) -> None:
    """Whether this kernel can keep files is asked of it, not of its name; it has either system call."""
    there.running()
    told = json.loads(there.vm.run(f"{cpus.SAUT} status --json").stdout)
    assert told["kexec_file_load"] is told["kexec_load"] is True
    assert told["live_update"] is there.keeps


def test_load_by_segments(there: Place) -> None:
    """A jump by kexec_load leaves our record."""
    assert there.load("-c", "by-segments") == "kexec_load"
    there.land("by-segments")
    assert_recorded(there, there.kernel, ("crc32c", "sha256"))


def test_choice(there: Place) -> None:
    """kexec_load, but where something may be kept: that of a session which is opened after the load is here then."""
    if not there.keeps:
        assert there.load("-a", "chosen") == "kexec_load"
    else:
        assert there.load("-a", "chosen") == "kexec_file_load"
        session(there, "chosen")
    there.land("chosen")
    if there.keeps:
        assert_kept(there, "chosen")


def test_file_load(there: Place) -> None:
    """What is no kernel is refused, and so is another device tree; neither costs what was loaded before, which lands."""
    assert there.load("-s", "by-file") == "kexec_file_load"
    reply = there.try_load(f"-s --dtb={TREE}")
    assert reply.rc == 253 and "it passes the running kernel's device tree on, and no other" in reply.stderr, reply
    there.vm.check("head -c 2000000 /dev/urandom >/run/garbage")
    reply = there.try_load("-s", "/run/garbage")
    assert reply.rc in (1, 253, 255) and "hint: " in reply.stderr, reply
    there.land("by-file")


@keeping
def test_session_before_load(there: Place) -> None:
    """What only kexec_load can do is refused or said, and so is the jump that would lose."""
    session(there, "before")
    assert there.load("-a") == "kexec_file_load"
    reply = there.try_load(f"-a --dtb={TREE}")
    assert reply.rc == 255 and "has a live-update session open" in reply.stderr, reply
    assert "handed over by kexec_file_load only" in reply.stderr
    reply = there.try_load("-c")
    assert reply.rc == 0 and "what that keeps is lost with kexec_load" in reply.stderr, reply
    reply = there.vm.run(EXECUTE)
    assert reply.rc == 255 and "was loaded by kexec_load" in reply.stderr, reply
    assert "load the kernel again with -s" in reply.stderr
    assert "the jump loses what that keeps" in there.vm.run(f"{cpus.SAUT} status").stderr
    assert there.load("-s", "kept") == "kexec_file_load"
    there.land("kept")
    assert_kept(there, "before")


@keeping
def test_another_tree(there: Place) -> None:
    """While nobody keeps anything, what only kexec_load can do is done, and what that means is said."""
    there.running()
    reply = there.vm.run(f"{rootfs.TOOL} -a -l {rootfs.kernel_path(there.kernel)} --reuse-cmdline --dtb={TREE}")
    assert reply.rc == 0 and reply.stderr.count(LOST) == 1, reply


@keeping
def test_fall_back(there: Place) -> None:
    """A kernel that has set too little memory aside refuses, and the load goes on by kexec_load, but while a session is open."""
    assert there.load("-c", "tight", LITTLE) == "kexec_load"
    there.land("tight", append=LITTLE)
    said = there.load_and_tell("-a", "fell-back")
    assert "kho_scratch=" in said and "falling back to kexec_load" in said and said.count(LOST) == 1, said
    session(there, "tight")
    reply = there.try_load("-a --initrd=/run/next.cpio")
    assert reply.rc != 0 and "kho_scratch=" in reply.stderr and "falling back" not in reply.stderr, reply
    there.land("fell-back", f"{rootfs.TOOL} -c -e")
    assert there.vm.run(f"{HOLDER} take tight").rc == 1


@keeping
def test_loss_that_is_asked_for(there: Place) -> None:
    """Who names kexec_load at the jump gets it; the next kernel has nothing."""
    assert there.load("-c", "lost") == "kexec_load"
    session(there, "lost")
    there.land("lost", f"{rootfs.TOOL} -c -e")
    assert there.vm.run(f"{HOLDER} take lost").rc == 1


@keeping
def test_saut_reboot(there: Place) -> None:
    """A reboot that would lose what is kept asks the init for nothing; once the kernel is loaded by the other call it does."""
    there.running()
    there.vm.check(f"{stand_in.RUNNING} && {stand_in.PROGRAMS}")
    assert there.load("-c") == "kexec_load"
    session(there, "rebooted")
    reply = there.vm.run(f"{cpus.SAUT} reboot")
    assert reply.rc != 0 and "was loaded by kexec_load" in reply.stderr, reply
    assert "load the kernel again with kexec's -s" in reply.stderr and "-c" not in reply.stderr
    assert there.vm.run("sleep 5; [ -e /run/asked ]").rc == 1
    assert there.vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert there.load("-s", "by-reboot") == "kexec_file_load"
    there.land("by-reboot", f"{cpus.SAUT} reboot && sleep 300")
    assert_kept(there, "rebooted")


@keeping
def test_service_tells_what_is_lost(there: Place) -> None:
    """A shutdown that others have asked for goes on, and the kernel's log has what the jump loses."""
    assert there.load("-c", "shut-down") == "kexec_load"
    session(there, "shut-down")
    for step in DOWN[:-1]:
        there.vm.check(step)
    told = there.vm.check("dmesg")
    assert told.count("has a live-update session open; the jump loses what that keeps") == 1, told[-2000:]
    there.land("shut-down", DOWN[-1])
    assert there.vm.run(f"{HOLDER} take shut-down").rc == 1


@keeping
def test_service_loads_ahead(there: Place) -> None:
    """What a boot service has loaded long before takes along what is kept only in the shutdown, as systemd 261 does it."""
    there.running()
    there.vm.check("pack-initrd /run/next.cpio ahead")
    there.vm.check(f"echo 'LOAD_DURING_SHUTDOWN=no' >>{SETTINGS} && {SERVICE} start")
    assert there.loaded_by() == "kexec_file_load"
    there.vm.check(DOWN[0])
    session(there, "ahead")
    for step in DOWN[1:-1]:
        there.vm.check(step)
    assert "the jump loses" not in there.vm.check("dmesg")
    there.land("ahead", DOWN[-1])
    assert_kept(there, "ahead")
