# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line as scripts, services and installers write it for kexec-tools.

Each form below is one that a known caller uses.
"""

from __future__ import annotations

import pytest
import rootfs
from chain import Chain
from conftest import StartVM
from machine import BASE_COMMAND_LINE, Reply, VM, default_tree

pytestmark = pytest.mark.usefixtures("ours")

K = rootfs.kernel_path("6.12")
INITRD = "/run/next.cpio"
C = f"'{BASE_COMMAND_LINE}'"

#: Ways to load; none of them jumps.
LOADING = {
    "systemd": f"--load {K} --append {C} --initrd {INITRD}",
    "debian": f"-l {K} --initrd={INITRD} --append={C}",
    "archwiki": f"-l {K} --initrd={INITRD} --reuse-cmdline",
    "tukit": f"--kexec-syscall-auto -l {K} --initrd={INITRD} --reuse-cmdline",
    "suse-auto-last": f"-l {K} --append={C} --initrd={INITRD} -a",
    "nixos": f"--load {K} -a --initrd={INITRD} --no-checks --command-line {C}",
    "gentoo": f"--reuse-cmdline -l {K} --append='root=x quiet'",
    "anaconda": f"--initrd {INITRD} --append {C} -l {K}",
    "nixpkgs-dashes": f"--load --initrd={INITRD} --command-line={C} -- {K}",
    "kboot-type": f"-l -t bzImage --initrd={INITRD} --append={C} {K}",
    "long-type": f"-l --type=bzImage64 --ramdisk={INITRD} --append={C} {K}",
    "selftest": f"-l -s --reuse-cmdline {K} --initrd={INITRD}",
    "short-joined": f"-lc {K} --initrd={INITRD} --append={C}",
    "abbreviated": f"-l {K} --ini={INITRD} --comm={C}",
    "call-after-kernel": f"-l {K} -c --initrd={INITRD} --append={C}",
    "kernel-first": f"{K} -l -s --explain --initrd={INITRD} --append={C}",
    "debug": f"-d -l {K} --initrd={INITRD} --append={C}",
    "last-append-wins": f"-l {K} --append=lost --append={C}",
    "no-initrd": f"-l {K}",
    "ignored-extras": f"-x -y -i -l {K} --initrd={INITRD} --append={C}",
}

#: What is no order that could be carried out; nothing may be done then.
NONSENSE = {
    "nothing": "",
    "load-what": "-l",
    "unknown-long": f"-l {K} --no-such-option",
    "unknown-short": f"-l {K} -Z",
    "value-missing": f"-l {K} --initrd",
    "bad-address": f"-l {K} --mem-min=low",
    "wrong-type": f"-c -l {K} --type=multiboot-x86",
    "exec-with-file": f"-e {K}",
}

#: Ways to jump; each is given a kernel that is loaded.
JUMPING = {
    "exec": "-e",
    "long": "--exec",
    "kexecboot": "-e -x",
    "zfsbootmenu": "-e -i",
    "force-exec": "-f --exec",
    "petitboot": "-e -f",
    "no-sync": "-e -y -d",
}

#: In `make check`; what the others add is in their options, which LOADING has too.
QUICK_JUMPS = ("kexecboot", "petitboot")


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with a shutdown(8) that only says what it was told."""
    shutdown = b'#!/bin/busybox sh\necho "$@" >/run/shutdown-was-told\n'
    return Chain(start_vm("6.12", tree=default_tree() | {"sbin/shutdown": shutdown}))


@pytest.fixture
def vm(chain: Chain) -> VM:
    """The same machine, running, with an initrd to load."""
    chain.running()
    chain.vm.check(f"[ -e {INITRD} ] || pack-initrd {INITRD} packed")
    return chain.vm


def kexec(vm: VM, arguments: str) -> Reply:
    """Runs the tool."""
    return vm.run(f"{rootfs.TOOL} {arguments}")


def loaded(vm: VM) -> str:
    """What the running kernel says of itself."""
    return vm.check("cat /sys/kernel/kexec_loaded").strip()


@pytest.mark.parametrize("form", LOADING.values(), ids=LOADING.keys())
def test_loading(vm: VM, form: str) -> None:
    """It loads, exits with 0, and stays where it is; -u unloads it."""
    reply = kexec(vm, form)
    assert reply.rc == 0, reply
    assert ("verified by kexec_file_load" in reply.stdout) == ("--explain" in form), reply
    assert loaded(vm) == "1"
    reply = kexec(vm, "-u")
    assert reply.rc == 0, reply
    assert loaded(vm) == "0"


@pytest.mark.parametrize("form", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense(vm: VM, form: str) -> None:
    """Refused with a word on stderr and nothing else done."""
    reply = kexec(vm, form)
    assert reply.rc in (1, 255), reply
    assert reply.stderr != ""
    assert loaded(vm) == "0"


def test_status(vm: VM) -> None:
    """-S tells by its exit code: of the crash kernel, and with -l of the normal one."""
    assert kexec(vm, "-l -S").rc == 0
    assert kexec(vm, "-S").rc == 0
    assert kexec(vm, f"-l {K}").rc == 0
    assert kexec(vm, "-S -l") == Reply(1, "", "")
    assert kexec(vm, "-S") == Reply(0, "", "")
    assert kexec(vm, "--unload").rc == 0
    assert kexec(vm, "-S -l").rc == 0


def test_unload_nothing(vm: VM) -> None:
    """To unload where nothing is loaded is no failure: clean-up scripts do it."""
    assert kexec(vm, "-u").rc == 0


def test_execute_nothing(vm: VM) -> None:
    """-e comes back with an error where nothing is loaded."""
    reply = kexec(vm, "-e")
    assert reply.rc == 1
    assert reply.stderr.startswith("kexec: cannot ")


def test_help_and_version(vm: VM) -> None:
    """As a user too: installers probe for the tool and for its options so."""
    reply = vm.run(f"stamp as-nobody {rootfs.TOOL} --help")
    assert reply.rc == 0 and reply.stderr == ""
    assert "kexec-syscall-auto" in reply.stdout
    for option in ("-v", "--version"):
        reply = vm.run(f"stamp as-nobody {rootfs.TOOL} {option}")
        assert reply.rc == 0 and reply.stdout.startswith("kexec")


def test_without_action(vm: VM) -> None:
    """A kernel alone: it is loaded, then shutdown(8) is to stop the services."""
    reply = kexec(vm, f"{K} --initrd={INITRD} --append={C}")
    assert reply.rc == 0, reply
    assert loaded(vm) == "1"
    assert vm.check("cat /run/shutdown-was-told") == "-r now\n"
    assert kexec(vm, "-u").rc == 0


def test_command_line_is_put_together(chain: Chain, vm: VM) -> None:
    """--reuse-cmdline first, then what --append adds."""
    own = vm.check("cat /proc/cmdline").strip()
    up = chain.jump_by(
        lambda: vm.check(f"{rootfs.TOOL} -l {K} --initrd={INITRD} --append=more=1 --reuse-cmdline")
    )
    assert up.cmdline == f"{own} more=1"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(form, id=name, marks=() if name in QUICK_JUMPS else pytest.mark.full)
        for name, form in JUMPING.items()
    ],
)
def test_jumping(chain: Chain, form: str) -> None:
    """It jumps into what is loaded."""
    before = chain.running()
    up = chain.jump_by(lambda: chain.vm.load("", "6.12"), f"{rootfs.TOOL} {form}")
    assert up.boot == before.boot + 1


@pytest.mark.parametrize("form", ["-f -c", pytest.param("-l -e -s", marks=pytest.mark.full)])
def test_load_and_jump(chain: Chain, form: str) -> None:
    """One command for both."""
    before, vm = chain.running(), chain.vm
    up = chain.jump_by(
        lambda: vm.check(f"pack-initrd {INITRD} at-once"),
        f"{rootfs.TOOL} {form} {K} --initrd={INITRD} --append={C}",
    )
    assert (up.boot, up.nonce) == (before.boot + 1, "at-once")
