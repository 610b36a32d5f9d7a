# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secure Boot with our own keys: a signed kernel jumps, what nobody signed is refused.

The firmware's database is OVMF's "snakeoil" one, whose key everybody has.  Linux looks at the first
signature of an image alone: Debian's is taken off before ours is put on, and one test leaves it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import initramfs
import packages
import pytest
import rootfs
from machine import VM, Hardware, default_tree

pytestmark = pytest.mark.usefixtures("ours")

#: The kernels in the guest, all of them Debian's 6.12, by who signed them.
OURS, DEBIANS, NOBODYS = "/boot/signed", rootfs.kernel_path("6.12"), "/boot/unsigned"


def _without_signature(kernel: Path, target: Path) -> Path:
    """A copy of @kernel of which every signature was taken off."""
    shutil.copyfile(kernel, target)
    remove = ["sbattach", "--remove", str(target)]
    while subprocess.run(remove, capture_output=True, check=False).returncode == 0:
        pass
    return target


def _signed(kernel: Path, target: Path, folder: Path) -> Path:
    """A copy of @kernel with our signature on it."""
    key = folder / "key"
    subprocess.run(
        ["openssl", "rsa", "-in", str(packages.snakeoil("key")), "-passin", "pass:snakeoil"]
        + ["-out", str(key)],
        capture_output=True,
        check=True,
    )
    subprocess.run(
        ["sbsign", "--key", str(key), "--cert", str(packages.snakeoil("pem"))]
        + ["--output", str(target), str(kernel)],
        capture_output=True,
        check=True,
    )
    return target


class SecureVM(VM):
    """A machine whose firmware starts the signed kernel, and no other."""

    def __init__(self, folder: Path) -> None:
        unsigned = _without_signature(packages.kernel("6.12"), folder / "unsigned")
        self.signed = _signed(unsigned, folder / "signed", folder)
        tree: dict[str, initramfs.Content] = {
            OURS.lstrip("/"): self.signed,
            NOBODYS.lstrip("/"): unsigned,
            **rootfs.program("/sbin/saut", rootfs.saut()),
            **rootfs.modules("efivarfs", ("6.12",)),
        }
        super().__init__("6.12", Hardware(secure=True), default_tree() | tree)

    def _kernel_file(self) -> Path:
        return self.signed


@pytest.fixture(scope="module")
def vm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VM]:
    """One machine, walked through in the order of this file: the jump comes last."""
    with SecureVM(tmp_path_factory.mktemp("secure")) as machine:
        machine.boot()
        yield machine


def test_the_kernel_is_locked_down(vm: VM) -> None:
    """Or nothing below would mean anything."""
    assert "[integrity]" in vm.check("cat /sys/kernel/security/lockdown")


@pytest.mark.parametrize("kernel", [NOBODYS, DEBIANS])
@pytest.mark.parametrize("call", ["", "-s", "-c"])
def test_what_the_kernel_does_not_trust_is_refused(vm: VM, kernel: str, call: str) -> None:
    """By either call, and what is told to do can be done: -c cannot, while it is locked down."""
    reply = vm.run(f"{rootfs.TOOL} {call} -l {kernel} --command-line=console=ttyS0")
    assert reply.rc != 0
    hint = reply.stderr.partition("hint: ")[2]
    assert hint and "-c" not in hint.split(), reply.stderr
    if call != "-c":
        assert ("not signed" if kernel == NOBODYS else "no key") in reply.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"


@pytest.mark.parametrize("kernel,result", [(OURS, "pass"), (DEBIANS, "fail"), (NOBODYS, "fail")])
def test_it_is_known_before(vm: VM, kernel: str, result: str) -> None:
    """Who signed it, and whether the running kernel has that certificate."""
    reply = vm.run(f"/sbin/saut check {kernel} --json")
    row = next(row for row in json.loads(reply.stdout)["checks"] if row["name"] == "secure-boot")
    assert row["result"] == result, row
    assert {OURS: "SnakeOil", DEBIANS: "Debian Secure Boot CA", NOBODYS: "not signed"}[kernel] in row["reason"]
    if result == "pass":
        assert ".platform" in row["reason"] or ".machine" in row["reason"]
    else:
        assert "-c" not in row["advice"].split()


def test_the_firmware_lists_it(vm: VM) -> None:
    """db of OVMF's variables has the certificate, which the kernel has taken into .platform from there."""
    reply = vm.run(f"/sbin/saut inspect --json {OURS}")
    assert "is not mounted" in json.loads(reply.stdout)["files"][0]["signatures"][0]["unknown"]
    vm.check("insmod /modules/$(uname -r)/efivarfs.ko")
    vm.check("mount -t efivarfs efivarfs /sys/firmware/efi/efivars")
    reply = vm.run(f"/sbin/saut inspect --json {OURS} {DEBIANS} {NOBODYS}")
    signed, debians, nobodys = (one["signatures"][0] for one in json.loads(reply.stdout)["files"])
    assert signed["listed"]["in"] == "db" and "SnakeOil" in signed["listed"]["of"]
    assert signed["keyring"]["in"] in (".platform", ".machine") and signed["revoked"] is None
    assert debians["signed"] and debians["listed"] is None and debians["keyring"] is None
    assert not nobodys["signed"] and nobodys["image_sha256"] == signed["image_sha256"]


def test_a_signed_kernel_jumps(vm: VM) -> None:
    """By kexec_file_load, which is chosen by itself; Secure Boot stays on behind it."""
    up = vm.jump("", OURS)
    assert up.uname == packages.kernel_release("6.12")
    assert "[integrity]" in vm.check("cat /sys/kernel/security/lockdown")
