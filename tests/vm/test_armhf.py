# SPDX-License-Identifier: LGPL-2.1-or-later
"""armhf: kernels that unpack themselves to where memory begins, with a device tree beside or behind them."""

from __future__ import annotations

import dataclasses

import cpus
import debian
import initramfs
import packages
import pytest
import rootfs
import wrapped
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware, base_command_line
from platforms import ARMHF

#: With LPAE and without.
KERNEL, SHORT = "6.1-armhf", "6.1-armhf-short"
MACHINE = Hardware(platform=ARMHF, cpus=2)
#: With all devices below 4 GiB, beyond which a kernel without LPAE sees none.
LOW_MACHINE = Hardware(platform=ARMHF, machine="virt,highmem=off", cpus=2)
#: The program of QEMU 7.2 for this CPU cuts the address of a page table to 32 bits, so that a process whose table lies
#: above 4 GiB faults for ever; that for arm64 plays the same CPU.
LARGE = dataclasses.replace(ARMHF, emulator=lambda: "qemu-system-aarch64")
LARGE_MACHINE = Hardware(platform=LARGE, cpus=2, memory="5G")
TREE = "/files/board.dtb"
APPENDED = "/run/zImage-dtb"
UIMAGES = {"gzip": "/files/uImage.gz", "plain": "/files/uImage"}
#: An initrd in a uImage, which is to be unpacked over another, and what it says then.
UINITRD, WORD = "/files/uInitrd", "from-the-uImage"


@pytest.fixture(scope="module")
def there(start_vm: StartVM, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """Two CPUs with LPAE; a guest with a device tree to append or to load."""
    tree = cpus.another_board(MACHINE, tmp_path_factory.mktemp("tree") / "board.dtb")
    try:
        kernel = packages.kernel(KERNEL).read_bytes()
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    overlay = initramfs.to_bytes({"etc/saut/nonce": f"{WORD}\n".encode()})
    extra = {TREE.lstrip("/"): tree, UINITRD.lstrip("/"): wrapped.uinitrd("armhf", overlay)}
    for name, path in UIMAGES.items():
        extra[path.lstrip("/")] = wrapped.uimage("armhf", kernel, name == "gzip")
    return cpus.chain(start_vm, (KERNEL,), MACHINE, extra)


def boards(there: Chain) -> list[str]:
    """What the machine is called by the tree of the running kernel."""
    return there.vm.check("tr '\\0' '\\n' </proc/device-tree/compatible").split()


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_jump(there: Chain, step: int) -> None:
    """The other CPU is given back to PSCI before the jump, and started again by the next kernel."""
    cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"


@pytest.mark.parametrize("name", ["gzip", pytest.param("plain", marks=pytest.mark.full)])
def test_uimage(there: Chain, name: str) -> None:
    """The zImage, and an initrd, in what U-Boot boots."""
    there.running()
    there.vm.check(f"pack-initrd /run/next.cpio {name}")
    line = f"{base_command_line(ARMHF)} uimage={name}"
    command = f"{rootfs.TOOL} -l {UIMAGES[name]} --initrd=/run/next.cpio --initrd={UINITRD} --command-line='{line}'"
    up = there.jump_by(lambda: there.vm.check(command))
    assert (up.nonce, up.cmdline) == (WORD, line)


@pytest.mark.full
def test_a_damaged_uinitrd(there: Chain) -> None:
    """It is refused by what is wrong, and nothing is loaded."""
    there.running()
    there.vm.check(f"cp {UINITRD} /run/damaged && printf x | dd of=/run/damaged bs=1 seek=100 conv=notrunc")
    refused = there.vm.run(f"{rootfs.TOOL} -l {UIMAGES['plain']} --initrd=/run/damaged --command-line=never")
    assert refused.rc == 255 and "the initrd /run/damaged: U-Boot uImage: its payload's checksum is wrong" in refused.stderr
    assert there.vm.check("cat /sys/kernel/kexec_loaded") == "0\n"


@pytest.mark.full
def test_appended_tree(there: Chain) -> None:
    """The next kernel runs on the board of the tree behind its zImage."""
    there.running()
    there.vm.check(f"cat {rootfs.kernel_path(KERNEL)} {TREE} >{APPENDED} && pack-initrd /run/next.cpio appended")
    line = f"{base_command_line(ARMHF)} board=appended"
    command = f"{rootfs.TOOL} -l {APPENDED} --initrd=/run/next.cpio --serial=ttyAMA0 --command-line='{line}'"
    up = there.jump_by(lambda: there.vm.check(command))
    assert (up.nonce, up.cmdline) == ("appended", line)
    assert boards(there) == [cpus.OUR_BOARD.decode()]


@pytest.mark.full
def test_another_device_tree(there: Chain) -> None:
    """--dtb: the board that the file says, completed from this machine."""
    cpus.jump(there, Jump(KERNEL, f"-c --dtb={TREE} --serial=ttyAMA0", "board=ours"))
    assert boards(there) == [cpus.OUR_BOARD.decode()]


@pytest.mark.full
def test_without_lpae(start_vm: StartVM) -> None:
    """From a kernel with LPAE to one without, to the same again, and back."""
    there = cpus.chain(start_vm, (KERNEL, SHORT), LOW_MACHINE)
    for target in SHORT, SHORT, KERNEL:
        cpus.jump(there, Jump(target, "-c", f"to={target}"))
        assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"


@pytest.mark.full
def test_uefi(start_vm: StartVM) -> None:
    """The firmware's services are there for each kernel."""
    there = cpus.chain(start_vm, (KERNEL,), Hardware(platform=ARMHF, cpus=2, uefi=True))
    for step in 1, 2:
        cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
        assert there.vm.check("cat /sys/firmware/efi/fw_platform_size") == "32\n"
        assert there.vm.check("dmesg | grep -c 'Remapping and enabling EFI services'") == "1\n"


@pytest.mark.full
def test_above_4_gib(start_vm: StartVM) -> None:
    """All of the memory is there for the next kernel; for a crash kernel, whose core headers end below, it is refused."""
    there = cpus.chain(start_vm, (KERNEL,), LARGE_MACHINE)
    for step in 1, 2:
        cpus.jump(there, Jump(KERNEL, "-c", f"step={step} crashkernel=256M"))
        assert cpus.memory(there.vm, "System RAM")[-1][1] == 6 << 30
    refused = there.vm.run(f"{rootfs.TOOL} -p {rootfs.kernel_path(KERNEL)} --command-line=never")
    assert refused.rc != 0 and "32-bit ELF alone, which end at 4 GiB" in refused.stderr, refused
    assert there.vm.check("cat /sys/kernel/kexec_crash_loaded") == "0\n"


@pytest.mark.full
def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(ARMHF, KERNEL, MACHINE)
