# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows of saut check on a machine that has what they are about: a TPM, an IMA policy, a next root on the network.

One boot for all of them, of Debian's kernel, with swtpm's TPM behind QEMU's tpm-tis.  There is no udev in it, whose
record of a hibernated swap is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rootfs
import tpm
from machine import VM, Hardware, default_tree

pytestmark = [pytest.mark.usefixtures("ours"), pytest.mark.full]

KERNEL = rootfs.kernel_path("6.12")


@pytest.fixture(scope="module")
def vm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VM]:
    """Started with a policy that appraises kernels."""
    folder = tmp_path_factory.mktemp("tpm")
    hardware = Hardware(more=tpm.options(str(folder), "tpm-tis"))
    tree = default_tree() | rootfs.program("/sbin/saut", rootfs.saut())
    with tpm.running(folder), VM("6.12", hardware, tree, "ima_policy=secure_boot") as machine:
        machine.boot()
        yield machine


def row(vm: VM, name: str, line: str = "quiet", words: str = "") -> dict[str, str]:
    """What one row says of a kernel with this line."""
    reply = vm.run(f"/sbin/saut check {KERNEL} --command-line='{line}' {words} --json")
    return next(row for row in json.loads(reply.stdout)["checks"] if row["name"] == name)


def test_a_tpm(vm: VM) -> None:
    """Its chip is seen, and what crypttab opens by it is named."""
    assert vm.check("cat /sys/class/tpm/tpm0/tpm_version_major") == "2\n"
    found = row(vm, "tpm")
    assert found["result"] == "note" and found["reason"].startswith("tpm0 measures no jump")
    vm.check("mkdir -p /etc && echo 'vault /dev/vda2 - tpm2-device=auto' >/etc/crypttab")
    found = row(vm, "tpm")
    assert found["result"] == "warn" and "the TPM opens vault" in found["reason"]
    vm.check("rm /etc/crypttab")


def test_an_ima_policy(vm: VM) -> None:
    """Debian's kernels do not show it, so that the line tells; and it does as the row says."""
    assert vm.run("cat /sys/kernel/security/ima/policy").rc != 0
    found = row(vm, "ima")
    assert found["result"] == "warn" and "must be signed in security.ima" in found["reason"]
    refused = vm.run(f"{rootfs.TOOL} -l {KERNEL} --command-line=quiet")
    assert refused.rc != 0 and "kexec_file_load" in refused.stderr
    refused = vm.run(f"{rootfs.TOOL} -c -l {KERNEL} --command-line=quiet")
    assert refused.rc != 0 and "IMA's policy appraises kernels" in refused.stderr
    assert vm.check("cat /sys/kernel/kexec_loaded") == "0\n"
    # The kernel says the same of both by itself.
    assert "ima" in vm.check("dmesg | grep -i 'audit.*cause=\\|ima: '").lower()


def test_a_hibernated_swap(vm: VM) -> None:
    """Without udev nothing is known; with its record of such a swap the line decides."""
    assert row(vm, "hibernation")["result"] == "unknown"
    vm.check(
        "mkdir -p /run/udev/data && "
        "printf 'E:ID_FS_TYPE=swsuspend\\nE:ID_FS_UUID=1234\\n' >/run/udev/data/b7:0"
    )
    found = row(vm, "hibernation", "resume=/dev/vda3")
    assert found["result"] == "fail" and "the swap with the UUID 1234" in found["reason"]
    assert row(vm, "hibernation", "noresume")["result"] == "pass"
    vm.check("rm -r /run/udev")


@pytest.mark.parametrize(
    "line", ["root=/dev/nfs nfsroot=10.0.2.2:/srv", "netroot=iscsi:10.0.2.2::::iqn root=/dev/sda1"], ids=("nfs", "iscsi")
)
def test_a_network_root(vm: VM, line: str) -> None:
    """Without ip= the next kernel does not find it."""
    found = row(vm, "network-root", line)
    assert found["result"] == "warn" and "has no ip=" in found["reason"]
    assert row(vm, "network-root", f"{line} ip=dhcp")["result"] == "pass"
