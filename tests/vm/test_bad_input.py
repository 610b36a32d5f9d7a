# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is not a kernel is refused, with a word that helps, and without harm.

Harm would be: the kernel that was loaded before is lost, or something stays behind.
"""

from __future__ import annotations

import shlex

import hostile
import packages
import pytest
import rootfs
from conftest import StartVM
from machine import Hardware, Reply, VM, default_tree

pytestmark = pytest.mark.usefixtures("ours")

GOOD = rootfs.kernel_path("6.12")
OPTIONS = "--command-line=console=ttyS0"

#: How each bad file comes to be, at the path that the shell has in $f; what the error must name.
BAD = {
    "missing": (":", "No such file"),
    "empty": (": >$f", "empty"),
    "directory": ("mkdir $f", "director"),
    "fifo": ("mkfifo $f", ""),
    "endless": ("ln -s /dev/zero $f", ""),
    "letters": ("printf %064d 0 | tr 0 A >$f", "64 bytes"),
    "without-magic": (f"cp {GOOD} $f; printf XXXX | dd of=$f bs=1 seek=514 conv=notrunc", ""),
    "bomb": ("cp /hostile/bomb.zst $f", "zstd"),
    "damaged-gzip": ("cp /hostile/damaged.gz $f", "gzip"),
    "cut-gzip": ("cp /hostile/cut.gz $f", "gzip"),
    "arm64": ("cp /hostile/arm64 $f", "arm64"),
}

#: What cannot be an initrd; any bytes can.
NO_INITRD = ("missing", "directory", "fifo", "endless")

CALLS = ("-c", "-s")

#: kexec-tools' exit codes, which callers know.  Not among them: death by a signal.
REFUSALS = (1, 253, 254, 255)

#: The kernel's file ends early at so many places, header and body.
CUTS = 50

#: What a bomb of 10 GiB may take of the machine's memory before it is refused.
BOMB_MEMORY_KIB = 64 << 10


@pytest.fixture(scope="module")
def vm(start_vm: StartVM) -> VM:
    """A machine in which a kernel is loaded, which every test must leave so."""
    tree = default_tree() | {
        "hostile/bomb.zst": hostile.zstd_bomb(),
        "hostile/damaged.gz": hostile.damaged_gzip(),
        "hostile/cut.gz": hostile.cut_gzip(),
        "hostile/arm64": hostile.arm64_image(),
        "hostile/no-64-bit-entry": hostile.kernel_without_64_bit_entry(),
    }
    machine = start_vm("6.12", Hardware(memory="2G"), tree)
    machine.boot()
    machine.load("-c", "6.12", nonce="loaded-before")
    return machine


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", BAD)
def test_kernel(vm: VM, name: str, call: str) -> None:
    """As the kernel to load."""
    how, named = BAD[name]
    vm.check(f"rm -rf /run/bad; f=/run/bad; {how}")
    reply = assert_refused(vm, f"{call} -l /run/bad {OPTIONS}")
    assert "/run/bad" in reply.stderr
    assert named in reply.stderr


def test_no_64_bit_entry(vm: VM) -> None:
    """The running kernel takes none of these; by -c they are entered in 32-bit mode."""
    reply = assert_refused(vm, f"-s -l /hostile/no-64-bit-entry {OPTIONS}")
    assert "64-bit" in reply.stderr


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", NO_INITRD)
def test_initrd(vm: VM, name: str, call: str) -> None:
    """As its initrd: what is no file cannot be one."""
    vm.check(f"rm -rf /run/bad; f=/run/bad; {BAD[name][0]}")
    reply = assert_refused(vm, f"{call} -l {GOOD} --initrd=/run/bad {OPTIONS}")
    assert "/run/bad" in reply.stderr


@pytest.mark.parametrize("call", CALLS)
def test_unreadable(vm: VM, call: str) -> None:
    """A file that the caller may not read is called so, not taken for a missing one."""
    vm.check(f"rm -rf /run/bad; cp {GOOD} /run/bad; chmod 0 /run/bad")
    reply = assert_refused(vm, f"{call} -l /run/bad {OPTIONS}", prefix="stamp as-nobody")
    assert "ermission denied" in reply.stderr


@pytest.mark.parametrize("call", CALLS)
def test_cut_everywhere(vm: VM, call: str) -> None:
    """A kernel that ends early, wherever that is, is called cut short."""
    size = packages.kernel("6.12").stat().st_size
    # Not at the very end: behind the kernel there is a signature, which only -s looks at.
    sizes = [1, 511, 512, 600] + [size * step // CUTS for step in range(1, CUTS - 3)]
    vm.check("rm -rf /run/cut")
    loop = (
        f"for n in {' '.join(map(str, sizes))}; do "
        f"head -c $n {GOOD} >/run/cut; "
        f"timeout -s KILL 60 {rootfs.TOOL} {call} -l /run/cut {OPTIONS} 2>/run/said; rc=$?; "
        "echo $n $rc $(cat /sys/kernel/kexec_loaded) $(head -n 1 /run/said); done"
    )
    lines = vm.check(loop).splitlines()
    assert len(lines) == CUTS == len(sizes)
    for line in lines:
        _, rc, loaded, said = line.split(" ", 3)
        assert int(rc) in REFUSALS and loaded == "1", line
        assert said.startswith("kexec: cannot "), line
    assert vm.check("ls -A /tmp") == ""


@pytest.mark.parametrize("call", CALLS)
def test_bomb_takes_no_memory(vm: VM, call: str) -> None:
    """The 10 GiB are refused at the limit, not when memory is used up."""
    command = f"stamp run {rootfs.TOOL} {call} -l /hostile/bomb.zst {OPTIONS}"
    words = dict(word.split("=") for word in vm.check(command).split() if "=" in word)
    assert int(words["rc"]) in REFUSALS
    assert int(words["anon-kib"]) < BOMB_MEMORY_KIB


@pytest.mark.parametrize("call", CALLS)
def test_odd_initrd_is_noted(vm: VM, call: str) -> None:
    """The kernel takes any bytes as an initrd, so we load them: but not without a word."""
    vm.check("rm -rf /run/bad; printf %064d 0 | tr 0 A >/run/bad")
    vm.check(f"cp {GOOD} /run/good")
    reply = vm.run(f"{rootfs.TOOL} {call} -l /run/good --initrd=/run/bad {OPTIONS}")
    # Load what was loaded, for the tests that come after this one.
    vm.load("-c", "6.12", nonce="loaded-before")
    assert reply.rc == 0, reply
    assert "/run/bad" in reply.stderr
    assert "note: " in reply.stderr


#: How each initrd that Linux would not unpack comes to be, of a good one in $g; what the error must name.
BAD_INITRDS = {
    "cut": ("head -c 10000 $g >$f", "it is cut"),
    "cut-gzip": ("gzip -1 <$g | head -c 10000 >$f", "gzip data ends early"),
    "junk": ("{ cat $g; echo junk; } >$f", "no archive"),
    "unaligned": ("{ cat $g; printf '\\0'; cat $g; } >$f", "no multiple of 4"),
    "zeros": ("head -c 10000 /dev/zero >$f", "nothing but zeros"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", BAD_INITRDS)
def test_damaged_initrd(vm: VM, name: str, call: str) -> None:
    """Refused by what is wrong with it, where it would have been found out after the jump."""
    how, named = BAD_INITRDS[name]
    vm.check(f"test -e /run/g || pack-initrd /run/g x; rm -rf /run/bad; f=/run/bad; g=/run/g; {how}")
    reply = assert_refused(vm, f"{call} -l {GOOD} --initrd=/run/bad {OPTIONS}")
    assert "the initrd /run/bad: " in reply.stderr
    assert named in reply.stderr


def test_loaded_before_still_jumps(vm: VM) -> None:
    """After all that, the machine still goes where it was told to go first."""
    assert vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert vm.execute().nonce == "loaded-before"


def assert_refused(vm: VM, arguments: str, prefix: str = "") -> Reply:
    """Refused with our grammar of errors; what was loaded still is, and /tmp is clean."""
    command = shlex.join([*prefix.split(), rootfs.TOOL, *shlex.split(arguments)])
    # The guest's own watchdog, so that a tool that hangs costs this test and not the machine.
    reply = vm.run(f"timeout -s KILL 60 {command}")
    assert reply.rc != 137, f"it hangs: {command}"
    assert reply.rc in REFUSALS, reply
    assert_explained(reply)
    assert vm.check("cat /sys/kernel/kexec_loaded; ls -A /tmp") == "1\n"
    return reply


def assert_explained(reply: Reply) -> None:
    """The error says what could not be done, why, and what to do next."""
    lines = reply.stderr.splitlines()
    assert any(line.startswith("kexec: cannot ") for line in lines), reply
    assert any(line.startswith("hint: ") for line in lines), reply
