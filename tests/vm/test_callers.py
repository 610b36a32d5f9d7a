# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that call kexec, with their own files where Debian packages them."""

from __future__ import annotations

from pathlib import Path

import data_disk
import hostile
import initramfs
import packages
import pytest
import rootfs
import sid
from callers import BASH, CALLERS, DASH, FOLDER, XEN, Caller
from chain import Chain
from conftest import StartVM
from debian import cache_root
from machine import BASE_COMMAND_LINE, Hardware, VM

pytestmark = pytest.mark.usefixtures("ours")

KERNEL = "6.12"
KDUMP = "/var/lib/kdump"

#: Where dumps are kept, on a disk.
MOUNT = (
    "mkdir -p /var/crash; insmod /modules/$(uname -r)/virtio_blk.ko; until [ -b /dev/vda1 ]; do usleep 50000; done; "
    "mount -t ext4 /dev/vda1 /var/crash"
)
INITRD = "/run/next.cpio"

#: As the package's postinst writes it, but switched on.
KEXEC_DEFAULTS = f"""\
LOAD_KEXEC=true
KERNEL_IMAGE="/vmlinuz"
INITRD="{INITRD}"
APPEND="{BASE_COMMAND_LINE} by-debian"
USE_GRUB_CONFIG=false
"""

#: file(1), as far as kdump-config asks.
FILE_COMMAND = b"""#!/bin/busybox sh
if [ -h "$1" ]; then echo "$1: symbolic link to $(readlink "$1")"; else echo "$1: data"; fi
"""


#: As grub-mkconfig writes entries; the first one is what is booted.
GRUB_CONFIGURATION = f"""\
set default="0"
menuentry 'Debian GNU/Linux' --class debian {{
	load_video
	linux	/vmlinuz {BASE_COMMAND_LINE} by-grub
	initrd	{INITRD}
}}
menuentry 'Debian GNU/Linux, older' {{
	linux	/vmlinuz-older quiet
}}
### END /etc/grub.d/10_linux ###
"""

#: What sid's package has instead of the scripts for sysvinit; its unit calls it.
LOAD_KERNEL = "/usr/sbin/kexec-load-kernel"


def sid_files() -> initramfs.Tree:
    """The unstable suite's caller; nothing where that is out of reach."""
    try:
        package = sid.package_root("kexec-tools", cache_root())
    except sid.Unreachable:
        return {}
    return {LOAD_KERNEL.lstrip("/"): package / LOAD_KERNEL.lstrip("/")}


def tree() -> initramfs.Tree:
    """The callers, Debian's shells, a kernel to jump to and one to load only."""
    release = packages.kernel_release(KERNEL)
    sysctl = packages.script_package("kdump-tools") / "etc/kdump/sysctl.conf"
    kdump = packages.script_package("kdump-tools")
    utils = packages.script_package("sysvinit-utils")
    scripts = packages.root() / "kexec-tools" / "etc/init.d"
    found = rootfs.full(rootfs.tool_under_test(), (KERNEL,))
    found |= rootfs.program(DASH, packages.script_package("dash") / "bin/dash")
    found |= rootfs.program(BASH, packages.script_package("bash") / "bin/bash")
    return found | {
        "files/kernel": hostile.hollow_kernel(),
        "files/initrd": initramfs.to_bytes({"a": b"1"}),
        XEN.lstrip("/"): packages.boot_file("xen-hypervisor-4.17-amd64", "xen-4.17-amd64.gz"),
        "sbin/shutdown": b"#!/bin/busybox sh\n",
        "vmlinuz": initramfs.Link(f"boot/vmlinuz-{KERNEL}"),
        "etc/init.d/kexec": scripts / "kexec",
        "etc/init.d/kexec-load": scripts / "kexec-load",
        "etc/default/kexec": KEXEC_DEFAULTS.encode(),
        "lib/lsb/init-functions": utils / "lib/lsb/init-functions",
        "lib/init/vars.sh": utils / "lib/init/vars.sh",
        "bin/file": FILE_COMMAND,
        "usr/sbin/kdump-config": kdump / "usr/sbin/kdump-config",
        "etc/default/kdump-tools": kdump / "usr/share/kdump-tools/kdump-tools.conf",
        "etc/kdump/sysctl.conf": sysctl,
        f"boot/vmlinuz-{release}": hostile.hollow_kernel(),
        f"{KDUMP.lstrip('/')}/initrd.img-{release}": initramfs.to_bytes({"a": b"1"}),
        f"{KDUMP.lstrip('/')}/latest_sysctls-{release}": sysctl,
        "files/grub.cfg": GRUB_CONFIGURATION.encode(),
    } | sid_files()


@pytest.fixture(scope="module")
def chain(start_vm: StartVM) -> Chain:
    """A machine with memory for a crash kernel."""
    return Chain(start_vm(KERNEL, tree=tree(), append="crashkernel=64M"))


@pytest.fixture
def vm(chain: Chain) -> VM:
    """The same machine, running, with nothing loaded."""
    chain.running()
    chain.vm.check(f"{rootfs.TOOL} -u && {rootfs.TOOL} -p -u")
    return chain.vm


def loaded(vm: VM) -> tuple[str, str]:
    """Whether a kernel and a crash kernel are loaded, as the running one says."""
    normal, crash = vm.check("cat /sys/kernel/kexec_loaded /sys/kernel/kexec_crash_loaded").split()
    return normal, crash


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.name)
def test_caller(vm: VM, caller: Caller) -> None:
    """It is satisfied, and has got what it wanted."""
    script = caller.script.replace("'", "'\\''")
    reply = vm.run(f"{caller.shell} -c '{script}'")
    assert reply.rc == 0, reply
    assert loaded(vm) == (caller.loads, caller.loads_crash)


def test_kdump_config(vm: VM) -> None:
    """Debian's kdump-config loads and unloads the crash kernel, and says so."""
    reply = vm.run(f"{DASH} /usr/sbin/kdump-config load")
    assert reply.rc == 0, reply
    assert "loaded kdump kernel" in reply.stdout
    assert loaded(vm) == ("0", "1")
    command = vm.check("cat /var/crash/kexec_cmd")
    assert command.startswith("/sbin/kexec -p --command-line=")
    assert "ready to kdump" in vm.check(f"{DASH} /usr/sbin/kdump-config status")

    reply = vm.run(f"{DASH} /usr/sbin/kdump-config unload")
    assert reply.rc == 0, reply
    assert "unloaded kdump kernel" in reply.stdout
    assert loaded(vm) == ("0", "0")


def save_a_dump(vm: VM, call: str, number: int) -> None:
    """Debian's kdump-tools load, the kernel dies, and in the next one they write to the disk."""
    release = packages.kernel_release(KERNEL)
    vm.check(f"pack-initrd /run/initrd after-the-crash && mv /run/initrd {KDUMP}/initrd.img-{release}")
    reply = vm.run(f"{DASH} /usr/sbin/kdump-config load")
    assert reply.rc == 0 and "loaded kdump kernel" in reply.stdout, reply
    assert f" {call} " in vm.check("cat /var/crash/kexec_cmd")
    vm.check("sysctl -w kernel.sysrq=1")
    vm.send("echo c >/proc/sysrq-trigger")
    up = vm.wait_up()
    assert (up.boot, up.nonce) == (2, "after-the-crash")
    vm.check(MOUNT)
    reply = vm.run(f"{DASH} /usr/sbin/kdump-config savecore")
    assert reply.rc == 0 and "saved vmcore in /var/crash" in reply.stdout, (number, reply)
    # Both may be of the same minute, by which their folders are named.
    vm.check(f"mv /var/crash/2* /var/crash/dumps/{number} && umount /var/crash")


@pytest.mark.full
@pytest.mark.parametrize("call", ["-c", "-s"])
def test_kdump_tools_whole(start_vm: StartVM, tmp_path: Path, call: str) -> None:
    """Twice, with a reboot behind each dump; then both are on the disk, whole."""
    release = packages.kernel_release(KERNEL)
    settings = "etc/default/kdump-tools"
    files = tree()
    source = files[settings]
    assert isinstance(source, Path)
    files[settings] = source.read_bytes() + f'KDUMP_KEXEC_ARGS="{call}"\n'.encode()
    files[f"boot/vmlinuz-{release}"] = packages.kernel(KERNEL)
    files |= rootfs.program("/usr/bin/makedumpfile", packages.makedumpfile())
    files |= rootfs.modules("virtio_blk", (KERNEL,))
    disk = data_disk.write(tmp_path / "disk", [data_disk.Partition(data_disk.LINUX, {"dumps/": b""}, 900)])
    vm = start_vm(KERNEL, hardware=Hardware(cpus=2), tree=files, append="crashkernel=256M", disk=disk, resets=True)
    vm.boot()
    for number in (1, 2):
        save_a_dump(vm, call, number)
        vm.send("reboot -f")
        assert vm.wait_up().boot == 1
    vm.check(MOUNT)
    dumps = vm.check("ls /var/crash/dumps/*/dump.*").split()
    logs = vm.check("ls /var/crash/dumps/*/dmesg.*").split()
    assert len(dumps) == len(logs) == 2
    for dump, log in zip(dumps, logs, strict=True):
        assert "sysrq: Trigger a crash" in vm.check(f"tail -n 60 {log}")
        # What makedumpfile writes into a pipe.
        assert vm.check(f"head -c 12 {dump}") == "makedumpfile"
        assert int(vm.check(f"wc -c <{dump}")) > 1 << 20
    vm.close()


def test_debian_loads_once(vm: VM) -> None:
    """/etc/init.d/kexec-load loads when the system goes down; a second time it sees that it has."""
    vm.check(f"cp {FOLDER}/initrd {INITRD}")
    assert vm.run(f"{DASH} /etc/init.d/kexec-load start").rc == 0
    assert loaded(vm) == ("0", "0")
    reply = vm.run(f"{DASH} /etc/init.d/kexec-load stop")
    assert reply.rc == 0 and "Loading new kernel" in reply.stdout, reply
    assert loaded(vm) == ("1", "0")
    assert vm.run(f"{DASH} /etc/init.d/kexec-load stop").stdout == ""


def test_debian_reboot(chain: Chain, vm: VM) -> None:
    """Both of Debian's scripts, in the order in which a reboot runs them."""
    before = chain.running()
    up = chain.jump_by(
        lambda: vm.check(f"pack-initrd {INITRD} by-init && {DASH} /etc/init.d/kexec-load stop"),
        f"{DASH} /etc/init.d/kexec stop",
    )
    assert (up.boot, up.nonce) == (before.boot + 1, "by-init")
    assert up.cmdline == f"{BASE_COMMAND_LINE} by-debian"


@pytest.mark.parametrize("source", ["settings", "grub"])
def test_sid_loads(chain: Chain, vm: VM, source: str) -> None:
    """The unstable suite's kexec-load-kernel, by its settings or by GRUB's menu."""
    if not sid_files():
        pytest.skip("the unstable suite is out of reach")
    before = chain.running()
    use = {"settings": "false", "grub": "true"}[source]
    vm.check(f"mkdir -p /boot/grub && cp {FOLDER}/grub.cfg /boot/grub/grub.cfg")
    vm.check(f"sed -i s/USE_GRUB_CONFIG=.*/USE_GRUB_CONFIG={use}/ /etc/default/kexec")

    def load() -> None:
        vm.check(f"pack-initrd {INITRD} by-{source}")
        reply = vm.run(f"{DASH} {LOAD_KERNEL}")
        assert reply.rc == 0 and "kexec kernel loaded" in reply.stdout, reply
        assert loaded(vm) == ("1", "0")
        # A second time it sees that something is loaded.
        assert vm.run(f"{DASH} {LOAD_KERNEL}").stdout == ""

    up = chain.jump_by(load)
    word = {"settings": "by-debian", "grub": "by-grub"}[source]
    assert (up.boot, up.nonce) == (before.boot + 1, f"by-{source}")
    assert up.cmdline == f"{BASE_COMMAND_LINE} {word}"
