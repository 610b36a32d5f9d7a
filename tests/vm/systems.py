# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whole systems on a disk: one of Debian's init systems, a boot loader, kernels, and our package.

Knows which files lie where in them; the content of those for one init system are in
guest/systems.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import base_system
import disk
import initramfs
import packages
import rootfs
from base_system import Base
from disk import ESP, MIB, Partition

OVERLAYS = rootfs.GUEST / "systems"

ROOT_UUID = "5a075a07-0000-4000-8000-000000000001"
BOOT_UUID = "5a075a07-0000-4000-8000-000000000002"
ESP_UUID = "5A07-5A07"
MACHINE_ID = "5a075a075a075a075a075a075a075a07"

#: What the small initramfs needs to find a disk, in the order of insmod, and to mount an ESP.
MODULES = {
    "6.1": (
        "virtio_ring",
        "virtio",
        "virtio_pci_modern_dev",
        "virtio_pci_legacy_dev",
        "virtio_pci",
    ),
    "6.12": (),
}
MODULES_OF_ALL = ("virtio_blk", "fat", "vfat", "nls_cp437", "nls_ascii", "efivarfs")

#: Without the noise of a boot, but with what services say; see BASE_COMMAND_LINE of machine.py.
COMMAND_LINE = (
    f"root=UUID={ROOT_UUID} ro console=ttyS0 panic=-1 quiet loglevel=4 no_timer_check"
)

SIZE = 448 * MIB
BOOT_SIZE = 96 * MIB


@dataclass(frozen=True)
class System:
    """An init system and the way in which its machine boots."""

    name: str
    base: Base
    #: Folders of guest/systems that are laid over the base, in this order.
    overlays: tuple[str, ...]
    #: Files of the base that shall not stay, as a pattern; then links that are made.
    without: str = ""
    links: dict[str, str] = field(default_factory=dict, hash=False)
    #: By systemd-boot from an ESP; else by GRUB from the root file system or one for /boot.
    uefi: bool = False
    boot_partition: bool = False
    #: Of the root file system.
    size: int = SIZE


def runlevels(**services: str) -> dict[str, str]:
    """OpenRC's links of each runlevel to its services."""
    return {
        f"etc/runlevels/{level}/{name}": f"/etc/init.d/{name}"
        for level, names in services.items()
        for name in names.split()
    }


def masked(*units: str) -> dict[str, str]:
    """systemd's links for units that must not start."""
    return {f"etc/systemd/system/{unit}": "/dev/null" for unit in units}


#: Units that only cost time here.
MASKED = (
    "console-getty.service",
    "dev-hugepages.mount",
    "dev-mqueue.mount",
    "getty-static.service",
    "getty@tty1.service",
    "modprobe@configfs.service",
    "modprobe@dm_mod.service",
    "modprobe@drm.service",
    "modprobe@efi_pstore.service",
    "modprobe@fuse.service",
    "modprobe@loop.service",
    "proc-sys-fs-binfmt_misc.automount",
    "serial-getty@ttyS0.service",
    "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount",
    "systemd-journal-flush.service",
    "systemd-modules-load.service",
    "systemd-pcrphase.service",
    "systemd-pcrphase-sysinit.service",
    "systemd-random-seed.service",
    "systemd-sysctl.service",
    "systemd-sysusers.service",
    "systemd-tmpfiles-clean.timer",
    "systemd-update-utmp-runlevel.service",
    "systemd-update-utmp.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
)

SESSION = {"etc/systemd/system/multi-user.target.wants/session.service": "../session.service"}

#: What our package depends on and is not there already.
LIBRARIES = ("libdeflate0", "libfdt1", "liblz4-1", "libnl-3-200")

OPENRC_BASE = Base("trixie", ("sysvinit-core", "initscripts", "openrc", *LIBRARIES))
SYSTEMD_BASE = Base("bookworm", ("systemd-sysv", "udev", *LIBRARIES))
#: With molly-guard in front of reboot and shutdown, as on many a server.
SYSVINIT_BASE = Base(
    "bookworm", ("sysvinit-core", "initscripts", "sysv-rc", "molly-guard", *LIBRARIES)
)

#: Gentoo's way: sysvinit's init, whose inittab runs OpenRC and then `reboot -k`.
OPENRC = System(
    name="openrc",
    base=OPENRC_BASE,
    overlays=("openrc",),
    links=runlevels(boot="root localmount", shutdown="killprocs mount-ro"),
    without="etc/runlevels/*/*",
    boot_partition=True,
)
#: OpenRC's own init.
OPENRC_INIT = System(
    name="openrc-init",
    base=OPENRC_BASE,
    overlays=("openrc", "openrc-init"),
    links=runlevels(boot="root localmount", default="session", shutdown="killprocs mount-ro")
    | {"usr/sbin/init": "openrc-init"},
    without="etc/runlevels/*/*",
)
SYSTEMD_GRUB = System(
    name="systemd",
    base=SYSTEMD_BASE,
    overlays=("systemd",),
    # Nothing but the ESP's mount waits for a device.
    links=masked(*MASKED, "systemd-udevd.service", "systemd-udev-trigger.service") | SESSION,
)
#: One that can reboot its user space alone.
SYSTEMD_NEW = replace(
    SYSTEMD_GRUB, name="systemd-new", base=Base("trixie", ("systemd-sysv", "udev", *LIBRARIES))
)
SYSTEMD_BOOT = System(
    name="systemd-boot",
    base=SYSTEMD_BASE,
    overlays=("systemd",),
    links=masked(*MASKED) | SESSION,
    uefi=True,
)
SYSVINIT = System(name="sysvinit", base=SYSVINIT_BASE, overlays=("sysvinit",))


def write(
    system: System, target: Path, install: Callable[[Path], None], first: str = "6.1"
) -> Path:
    """Writes a disk with @system to @target, after @install has done its part in its root.

    Both kernels are there, @first is what the boot loader takes.
    """
    work = target.with_suffix(".trees")
    root, boot = work / "root", work / "boot"
    lay(system.base, root, system.without)
    for overlay in ("common", *system.overlays):
        copy(OVERLAYS / overlay, root)
    install(root)
    link(root, system.links)
    _identify(system, root)
    partitions = [Partition(root, system.size, ROOT_UUID)]
    if system.uefi:
        _fill_esp(boot, first)
        disk.write(target, [Partition(boot, BOOT_SIZE, ESP_UUID, ESP), *partitions], "gpt")
    elif system.boot_partition:
        _fill_boot(boot, "", BOOT_UUID, first)
        disk.write(target, [Partition(boot, BOOT_SIZE, BOOT_UUID), *partitions], "dos")
        disk.install_grub(target, "(hd0,msdos1)/grub")
    else:
        _fill_boot(root / "boot", "/boot", ROOT_UUID, first)
        disk.write(target, partitions, "dos")
        disk.install_grub(target, "(hd0,msdos1)/boot/grub")
    shutil.rmtree(work)
    return target


def initrd(version: str) -> bytes:
    """The small initramfs for one kernel; no other one finds a disk with it."""
    release = packages.kernel_release(version)
    tree: dict[str, initramfs.Content] = {
        "bin/busybox": packages.busybox(),
        "dev/console": initramfs.CharDevice(5, 1),
        "init": rootfs.GUEST / "disk-init",
    }
    for number, name in enumerate(MODULES[version] + MODULES_OF_ALL):
        tree[f"modules/{release}/{number:02}-{name}.ko"] = packages.module(version, name)
    return initramfs.to_bytes(tree)


def lay(base: Base, root: Path, without: str) -> None:
    """The files of @base in @root, but for those that match the pattern @without, if it is one."""
    copy(base_system.folder(base), root)
    for path in root.glob(without) if without else ():
        path.unlink()


def link(root: Path, links: dict[str, str]) -> None:
    """Makes symbolic links below @root, in place of what has their names."""
    for name, goal in links.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(goal)


def name_machine(root: Path, fstab: str) -> None:
    """What makes a root file system that of one machine."""
    (root / "etc/fstab").write_text(fstab)
    (root / "etc/hostname").write_text("guest\n")
    (root / "etc/machine-id").write_text(f"{MACHINE_ID}\n")


def _identify(system: System, root: Path) -> None:
    """What makes the root file system that of one machine, with the test's tools."""
    boots = ""
    if system.uefi:
        boots = f"UUID={ESP_UUID} /boot vfat umask=077 0 0\n"
    elif system.boot_partition:
        boots = f"UUID={BOOT_UUID} /boot ext4 noauto,noatime 0 0\n"
    name_machine(root, f"UUID={ROOT_UUID} / ext4 defaults 0 0\n{boots}")
    (root / "etc/saut").mkdir(exist_ok=True)
    (root / "etc/saut/boot").write_text("0\n")
    for source, place in (
        (packages.busybox(), "bin/busybox"),
        (rootfs.GUEST / "stub-record", "bin/stub-record"),
        (rootfs.GUEST / "agent", "lib/saut-test/agent"),
    ):
        shutil.copyfile(source, root / "usr" / place)
        (root / "usr" / place).chmod(0o755)


def _fill_boot(boot: Path, prefix: str, uuid: str, first: str) -> None:
    """Kernels as Debian's packages lay them, and GRUB's menu; @prefix is /boot as GRUB sees it.

    Where the base has brought a kernel with its initrd, that is the only one.
    """
    boot.mkdir(exist_ok=True)
    own = {name: name for name in (path.name.removeprefix("vmlinuz-") for path in boot.glob("vmlinuz-*"))}
    entries = [
        f"menuentry 'Debian GNU/Linux, with Linux {release}' --id 'linux-{version}' "
        + menu_block(uuid, (f"{prefix}/vmlinuz-{release}", f"{prefix}/initrd.img-{release}"))
        for version, release in (own or _lay_kernels(boot)).items()
    ]
    grub = boot / "grub"
    grub.mkdir()
    (grub / "grubenv").write_bytes(grub_environment(f"linux-{min(own, default=first)}"))
    (grub / "grub.cfg").write_text(GRUB_HEAD + "".join(entries))


def _lay_kernels(boot: Path) -> dict[str, str]:
    """Puts both kernels there, each with its small initramfs; their releases by their versions."""
    releases = {version: packages.kernel_release(version) for version in packages.KERNELS}
    for version, release in releases.items():
        shutil.copy(packages.kernel(version), boot / f"vmlinuz-{release}")
        (boot / f"config-{release}").write_text(packages.kernel_config(version))
        (boot / f"initrd.img-{release}").write_bytes(initrd(version))
    return releases


def menu_block(uuid: str, paths: tuple[str, str], words: str = "") -> str:
    """How GRUB boots a kernel and its initrd on the file system @uuid; @words are more of its command line."""
    kernel, initrd_path = paths
    line = f"{COMMAND_LINE} {words}".strip()
    return (
        f"{{\n\tsearch --no-floppy --fs-uuid --set=root {uuid}\n"
        f"\tlinux\t{kernel} {line}\n\tinitrd\t{initrd_path}\n}}\n"
    )


GRUB_HEAD = """\
if [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
   set next_entry=
   save_env next_entry
else
   set default="${saved_entry}"
fi
serial --unit=0 --speed=115200
terminal_output serial
set timeout=0
"""


def grub_environment(saved_entry: str) -> bytes:
    """GRUB's environment block with one variable: 1024 bytes, always."""
    text = f"# GRUB Environment Block\nsaved_entry={saved_entry}\n"
    return text.encode().ljust(1024, b"#")


def _fill_esp(esp: Path, first: str) -> None:
    """systemd-boot, and kernels and entries as kernel-install lays them."""
    loader = packages.systemd_boot()
    for place in ("EFI/BOOT/BOOTX64.EFI", "EFI/systemd/systemd-bootx64.efi"):
        (esp / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(loader, esp / place)
    (esp / "loader/entries").mkdir(parents=True)
    first_entry = f"{MACHINE_ID}-{packages.kernel_release(first)}.conf"
    (esp / "loader/loader.conf").write_text(f"timeout 0\ndefault {first_entry}\n")
    for version in packages.KERNELS:
        release = packages.kernel_release(version)
        folder = esp / MACHINE_ID / release
        folder.mkdir(parents=True)
        shutil.copy(packages.kernel(version), folder / "linux")
        (folder / f"initrd.img-{release}").write_bytes(initrd(version))
        (esp / f"loader/entries/{MACHINE_ID}-{release}.conf").write_text(
            f"title      Debian GNU/Linux 12 (bookworm)\n"
            f"version    {release}\n"
            f"machine-id {MACHINE_ID}\n"
            f"sort-key   debian\n"
            f"options    {COMMAND_LINE}\n"
            f"linux      /{MACHINE_ID}/{release}/linux\n"
            f"initrd     /{MACHINE_ID}/{release}/initrd.img-{release}\n"
        )


def copy(source: Path, target: Path) -> None:
    """@source's content laid over @target, with owners, modes, links and devices."""
    target.mkdir(parents=True, exist_ok=True)
    command = ["cp", "--archive", "--reflink=auto", f"{source}/.", str(target)]
    subprocess.run(command, check=True)
