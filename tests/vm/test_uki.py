# SPDX-License-Identifier: LGPL-2.1-or-later
"""Unified kernel images: one file with a kernel, its initrd and its command line.

The initrd in it holds a whole guest, the one that is given beside it what tells the guests of a
chain apart; that the guest runs therefore proves the first, and what it says the second.
"""

from __future__ import annotations

import secrets

import initramfs
import packages
import pytest
import rootfs
import uki
from chain import Chain
from conftest import StartVM
from machine import BASE_COMMAND_LINE, Up, default_tree

pytestmark = pytest.mark.usefixtures("ours")

VERSION = "6.12"
UKI = "/boot/uki.efi"
ALONE = {"boot": 2, "nonce": "in-the-uki"}
LINE = f"{BASE_COMMAND_LINE} from=uki"
CALLS = ("-c", "-s", "-a")

FALLS_BACK = "falling back to the kernel in the UKI"
ITS_OWN_LINE = "note: the command line is the one in the UKI"
OTHER_LINE = "note: the command line in the UKI is replaced"


def image() -> bytes:
    """With all that such files have."""
    guest = rootfs.full(rootfs.tool_under_test(), ()) | rootfs.identity(**ALONE)
    return uki.make(
        {
            ".osrel": b'ID=test\nPRETTY_NAME="A guest"\n',
            ".cmdline": f"{LINE}\n\0".encode(),
            ".uname": packages.kernel_release(VERSION).encode(),
            ".initrd": initramfs.to_bytes(guest),
            ".linux": packages.kernel(VERSION).read_bytes(),
        }
    )


@pytest.fixture(scope="module")
def tree() -> initramfs.Tree:
    """The first guest, with the UKI."""
    return default_tree() | {UKI.lstrip("/"): image()}


@pytest.fixture(scope="module")
def chain(start_vm: StartVM, tree: initramfs.Tree) -> Chain:
    """A machine in which each guest hands the UKI on to the next."""
    return Chain(start_vm("6.1", tree=tree))


def pack_given(chain: Chain) -> tuple[str, str]:
    """Packs the UKI and a word to recognise; returns the archive's path and the word."""
    before, nonce = chain.running(), secrets.token_hex(8)
    chain.vm.check(
        "rm -rf /run/given && mkdir -p /run/given/boot /run/given/etc/saut && cd /run/given && "
        f"cp {UKI} boot/ && echo {nonce} >etc/saut/nonce && echo {before.boot + 1} >etc/saut/boot "
        "&& find . | cpio -o -H newc >/run/given.cpio && rm -r /run/given"
    )
    return "/run/given.cpio", nonce


def jump(chain: Chain, options: str, file: str = UKI) -> tuple[Up, str]:
    """Jumps with both initrds; returns what runs then, and what the tool said."""
    before = chain.running()
    given, nonce = pack_given(chain)
    said: list[str] = []

    def load() -> None:
        said.append(load_only(chain, f"{options} --initrd={given}", file))

    up = chain.jump_by(load)
    assert up.uname == packages.kernel_release(VERSION)
    assert up.nonce == nonce, "the given initrd must be laid over the one in the UKI"
    assert up.boot == before.boot + 1
    return up, said[0]


def load_only(chain: Chain, options: str, file: str = UKI) -> str:
    """Loads, and returns what the tool said."""
    chain.running()
    reply = chain.vm.run(f"{rootfs.TOOL} -l {options} {file}")
    assert reply.rc == 0, reply
    return reply.stderr


@pytest.mark.parametrize("call", CALLS)
def test_loading(chain: Chain, call: str) -> None:
    """By each system call and the tool's own choice, with a word of what was decided."""
    said = load_only(chain, f"{call} --type=uki")
    assert ITS_OWN_LINE in said
    # No kernel for x86 takes UKIs yet; when one does, this is the place to say so.
    assert (FALLS_BACK in said) == (call == "-s")
    assert OTHER_LINE in load_only(chain, f"{call} --reuse-cmdline")
    assert chain.vm.check("cat /sys/kernel/kexec_loaded") == "1\n"
    assert chain.vm.run(f"{rootfs.TOOL} -u").rc == 0


def test_wrong_type(chain: Chain) -> None:
    """A UKI is no bzImage, though there is one in it, and the other way round."""
    chain.running()
    for kind, file in (("bzImage", UKI), ("uki", rootfs.kernel_path(VERSION))):
        reply = chain.vm.run(f"{rootfs.TOOL} -l --type={kind} {file}")
        assert reply.rc in (1, 255), reply
        assert f"not {kind}" in reply.stderr


@pytest.mark.parametrize(
    "call", [pytest.param(call, marks=() if call == "-c" else pytest.mark.full) for call in CALLS]
)
def test_both_initrds_and_its_own_command_line(chain: Chain, call: str) -> None:
    """The kernel, the initrd and the command line in it, and an initrd from elsewhere."""
    up, said = jump(chain, call)
    assert up.cmdline == LINE
    assert ITS_OWN_LINE in said


@pytest.mark.full
@pytest.mark.parametrize("call", CALLS)
def test_another_command_line(chain: Chain, call: str) -> None:
    """The one that is given stands for the one in it."""
    up, said = jump(chain, f"{call} --command-line='{BASE_COMMAND_LINE} from=me'")
    assert up.cmdline == f"{BASE_COMMAND_LINE} from=me"
    assert OTHER_LINE in said


@pytest.mark.full
@pytest.mark.parametrize("call", ("-c", "-s"))
def test_compressed(chain: Chain, call: str) -> None:
    """A UKI that is compressed as a whole."""
    chain.running()
    chain.vm.check(f"gzip -c {UKI} >/run/uki.efi.gz")
    up, _ = jump(chain, call, "/run/uki.efi.gz")
    assert up.cmdline == LINE


def test_locked_down(chain: Chain) -> None:
    """What must be signed then is the kernel in it; this comes last, for it stays so."""
    chain.running()
    vm = chain.vm
    vm.check("grep -q securityfs /proc/mounts || mount -t securityfs s /sys/kernel/security")
    vm.check("echo integrity >/sys/kernel/security/lockdown")
    for call in ("-s", "-a"):
        reply = vm.run(f"{rootfs.TOOL} {call} -l {UKI}")
        assert reply.rc in (1, 253, 255), reply
        assert "the running kernel takes no UKI, and the kernel in it has" in reply.stderr
        assert "hint: " in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"


@pytest.mark.full
@pytest.mark.parametrize("call", ("-c", "-s"))
def test_alone(start_vm: StartVM, tree: initramfs.Tree, call: str) -> None:
    """`kexec -l FILE; kexec -e`, and nothing else: the file has it all."""
    chain = Chain(start_vm("6.1", tree=tree))
    up = chain.jump_by(lambda: load_only(chain, call))
    assert (up.boot, up.nonce) == (ALONE["boot"], ALONE["nonce"])
    assert up.uname == packages.kernel_release(VERSION)
    assert up.cmdline == LINE
