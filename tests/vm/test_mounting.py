# SPDX-License-Identifier: LGPL-2.1-or-later
"""A boot partition that is not mounted: found, loaded from, and left as it was."""

from __future__ import annotations

from pathlib import Path

import data_disk
import initramfs
import packages
import pytest
import rootfs
from conftest import StartVM
from machine import BASE_COMMAND_LINE, VM, Hardware, default_tree

SAUT = "/sbin/saut"

#: UAPI.1, on a partition of type XBOOTLDR.
ENTRY = f"""title From the disk
linux /next/linux
initrd /next/initrd
options {BASE_COMMAND_LINE} from-disk
"""

#: Its initrd is a link to a file of the running system, by its name.
ASTRAY = """title Astray
linux /next/linux
initrd /next/astray
"""

#: A root file system on the same disk, to look from by chroot.
MOUNT_ROOT = (
    "mkdir -p /mnt && mount /dev/vda2 /mnt && for d in proc sys dev; do mount --bind /$d /mnt/$d; done"
)

pytestmark = pytest.mark.usefixtures("ours")


def boot_partition() -> initramfs.Tree:
    """A kernel, and a guest that says where it came from."""
    guest = rootfs.full(rootfs.tool_under_test(), ()) | rootfs.identity(2, "from-disk")
    return {
        "loader/entries/next.conf": ENTRY.encode(),
        "next/linux": packages.kernel("6.12"),
        "next/initrd": initramfs.to_bytes(guest),
    }


def boot_partition_with_links() -> initramfs.Tree:
    """The same, in which links tell where the files are; a boot loader follows them on this partition."""
    tree = dict(boot_partition())
    tree["images/linux"] = tree.pop("next/linux")
    links = {"linux": "/images/linux", "astray": "/etc/passwd"}
    links = {f"next/{name}": initramfs.Link(target) for name, target in links.items()}
    return tree | links | {"loader/entries/astray.conf": ASTRAY.encode()}


def root_partition() -> initramfs.Tree:
    """Enough for saut and for mount(8)."""
    folders = {f"{name}/": b"" for name in ("boot", "dev", "proc", "sys", "run", "tmp", "etc")}
    tree = rootfs.program(SAUT, rootfs.saut()) | {"bin/mount": packages.busybox()}
    return folders | dict(tree) | {"bin/sh": packages.busybox(), "bin/ls": packages.busybox()}


def start(start_vm: StartVM, image: Path, boot: data_disk.Partition, uefi: bool = False) -> VM:
    """A machine with a disk, and nothing in /boot."""
    root = data_disk.Partition(data_disk.LINUX, root_partition(), 32)
    data_disk.write(image, [boot, root])
    tree = default_tree() | rootfs.program(SAUT, rootfs.saut()) | data_disk.modules(("6.1",))
    machine = start_vm("6.1", Hardware(uefi=uefi), tree=tree, disk=image)
    machine.boot()
    machine.check(f"rm -r /boot; mkdir /boot; {data_disk.insert_command()}")
    return machine


@pytest.fixture(scope="module")
def vm(start_vm: StartVM, tmp_path_factory: pytest.TempPathFactory) -> VM:
    """With a boot partition of its own type."""
    boot = data_disk.Partition(data_disk.XBOOTLDR, boot_partition_with_links(), 64)
    return start(start_vm, tmp_path_factory.mktemp("disk") / "disk", boot)


def assert_unmounted(vm: VM) -> None:
    """Nobody saw anything mounted, and nothing is."""
    assert vm.check("ls /boot") == ""
    assert "vda1" not in vm.check("cat /proc/self/mountinfo")


def test_by_type(vm: VM) -> None:
    """Neither mounted nor in fstab: known by its type, on the disk of the root file system."""
    vm.check(MOUNT_ROOT)
    reply = vm.run(f"chroot /mnt {SAUT} list")
    assert reply.rc == 0, reply.stderr
    assert "From the disk" in reply.stdout
    assert "/dev/vda1, the XBOOTLDR, is not mounted" in reply.stderr
    assert vm.check("ls /mnt/boot") == ""
    assert_unmounted(vm)
    assert vm.run(f"chroot /mnt {SAUT} list --no-mount").rc != 0
    vm.check(f"chroot /mnt {SAUT} load && {rootfs.TOOL} -u && rm -f /run/saut/unloaded")
    vm.check("umount /mnt/proc /mnt/sys /mnt/dev /mnt")


def test_by_fstab(vm: VM) -> None:
    """Looked into read-only, and told so; or left alone when that is asked for."""
    vm.check("echo '/dev/vda1 /boot ext4 noauto 0 2' >/etc/fstab")
    reply = vm.run(f"{SAUT} list")
    assert reply.rc == 0, reply.stderr
    assert "From the disk" in reply.stdout
    assert "/boot is not mounted" in reply.stderr
    assert_unmounted(vm)
    reply = vm.run(f"{SAUT} list --no-mount")
    assert reply.rc == 1
    assert "/boot is not mounted: /etc/fstab, line 1" in reply.stderr


def test_a_one_shot_is_seen(vm: VM) -> None:
    """What GRUB was told for one boot lies on the boot partition, be it mounted or not."""
    vm.check("echo '/dev/vda1 /boot ext4 noauto 0 2' >/etc/fstab")
    vm.check(
        "mount /dev/vda1 /mnt && mkdir -p /mnt/grub &&"
        " printf '# GRUB Environment Block\\nnext_entry=b\\n' >/mnt/grub/grubenv && umount /mnt"
    )
    assert "next_entry in /boot/grub/grubenv" in vm.run(f"{SAUT} status").stdout
    assert "next_entry" not in vm.run(f"{SAUT} status --no-mount").stdout
    reply = vm.run(f"{SAUT} service status --style=systemd")
    assert reply.rc != 0
    assert "next_entry in /boot/grub/grubenv" in reply.stderr
    assert_unmounted(vm)
    vm.check("mount /dev/vda1 /mnt && rm -r /mnt/grub && umount /mnt")


def test_a_dirty_journal_is_not_replayed(vm: VM) -> None:
    """As a machine leaves it that was switched off, or that hibernates: not a byte of it is written."""
    vm.check("echo '/dev/vda1 /boot ext4 noauto 0 2' >/etc/fstab")
    vm.check("mount /dev/vda1 /mnt && echo x >/mnt/written && sync")
    vm.check("cat /dev/vda1 >/run/dirty && umount /mnt && cat /run/dirty >/dev/vda1 && sync")
    before = vm.check("sha256sum </dev/vda1")
    reply = vm.run(f"{SAUT} list")
    assert reply.rc == 0, reply.stderr
    assert "From the disk" in reply.stdout
    vm.check("echo 3 >/proc/sys/vm/drop_caches")
    assert vm.check("sha256sum </dev/vda1") == before
    # What the kernel does by itself.
    vm.check("mount -o ro /dev/vda1 /mnt && umount /mnt && rm /run/dirty")
    assert vm.check("sha256sum </dev/vda1") != before


def test_beside_a_hibernated_system(vm: VM) -> None:
    """What it has in use is not as it is on the disk."""
    vm.check("echo '/dev/vda1 /boot ext4 noauto 0 2' >/etc/fstab")
    vm.check("mkdir -p /run/udev/data && echo E:ID_FS_TYPE=swsuspend >/run/udev/data/b254:9")
    reply = vm.run(f"{SAUT} list")
    assert reply.rc == 1
    assert "a hibernated system lies on the block device 254:9 and may have it in use" in reply.stderr
    vm.check("rm -r /run/udev")


def test_a_disk_that_is_gone(vm: VM) -> None:
    """A mount that fails is told, with the reason."""
    vm.check("echo '/dev/vdz1 /boot ext4 noauto 0 2' >/etc/fstab")
    reply = vm.run(f"{SAUT} load")
    assert reply.rc == 1
    assert "/boot could not be mounted for a look: /dev/vdz1: No such file" in reply.stderr
    assert_unmounted(vm)


def test_a_link_does_not_leave_its_partition(vm: VM) -> None:
    """Nothing on a boot partition means a file of the running system."""
    vm.check("echo '/dev/vda1 /boot ext4 noauto 0 2' >/etc/fstab; echo secret >/etc/passwd")
    reply = vm.run(f"{SAUT} load --entry=astray")
    assert reply.rc != 0
    assert "its initrd /next/astray is not there" in reply.stderr
    assert_unmounted(vm)


def test_its_kernel_boots(vm: VM) -> None:
    """Loaded while it was mounted, over a link on its partition, jumped into when it is not."""
    vm.check("echo '/dev/vda1 /boot ext4 noauto 0 2' >/etc/fstab")
    reply = vm.run(f"{SAUT} load --entry=next")
    assert reply.rc == 0, reply.stderr
    assert "/boot/images/linux" in reply.stdout
    assert_unmounted(vm)
    vm.check("mount -o ro /boot && umount /boot")
    up = vm.execute()
    assert up.uname == packages.kernel_release("6.12")
    assert up.nonce == "from-disk"
    assert "from-disk" in up.cmdline.split()


def test_the_efi_system_partition(
    vm: VM, start_vm: StartVM, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Known by its type too, where EFI has read it; it goes where there is an empty folder."""
    vm.close()
    boot = data_disk.Partition(data_disk.ESP, boot_partition(), 64, fat=True)
    uefi = start(start_vm, tmp_path_factory.mktemp("disk") / "esp", boot, uefi=True)
    uefi.check(MOUNT_ROOT)
    reply = uefi.run(f"chroot /mnt {SAUT} load")
    assert reply.rc == 0, reply.stderr
    assert "read-only at /boot" in reply.stderr
    assert "/dev/vda1, the EFI system partition, is not mounted" in reply.stderr
    assert uefi.check("ls /mnt/boot") == ""
    up = uefi.execute()
    assert up.uname == packages.kernel_release("6.12")
    assert up.nonce == "from-disk"
