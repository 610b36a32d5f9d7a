# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian on a disk as its installer leaves it, with marks in it, for the benchmark of outages.

The kernel is the one for real machines, its initrd is made by initramfs-tools with what comes as
its settings, and what starts at boot is what starts on a server: nothing is masked but timers.
Disks are made once and kept in the cache, named by what they were made from.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "vm"))

import base_system  # noqa: E402  (the line above makes it findable from any folder)
import debs  # noqa: E402
import disk  # noqa: E402
import initramfs  # noqa: E402
import outage_uefi  # noqa: E402
import packages  # noqa: E402
import rootfs  # noqa: E402
import systems  # noqa: E402
import vmlinux  # noqa: E402
from base_system import Base  # noqa: E402
from disk import MIB, Partition  # noqa: E402
from package_tree import ENVIRONMENT, install_from_source, install_packages, run  # noqa: E402

#: Changes with the way in which disks are made.
GENERATION = "3"

GUEST = Path(__file__).resolve().parent / "guest"

#: What a server has: its kernel, a log of its own, a network's scripts, somebody who answers.
SERVER = (
    *("cron", "iproute2", "ifupdown", "netbase", "openssh-server"),
    *("linux-image-amd64", "initramfs-tools", "zstd", "kexec-tools"),
)


@dataclass(frozen=True)
class System:
    """A system of Debian's with one init, and what is laid over it."""

    base: Base
    #: Folders of guest and of the tests' systems, in their order.
    overlays: tuple[Path, ...]
    #: Files of the base that shall not stay, as a pattern; then links that are made.
    without: str = ""
    links: dict[str, str] = field(default_factory=dict, hash=False)
    #: How ours is installed below a folder.
    install: Callable[[Path], None] = install_packages


#: A card's size is a power of two.
SIZE = 4096 * MIB - 2 * MIB

#: What would begin in the background, at a time of its own.
TIMERS = (
    *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer"),
    *("e2scrub_reap.service", "fstrim.timer", "systemd-tmpfiles-clean.timer"),
)

SYSTEMS = {
    "systemd": System(
        Base("bookworm", ("systemd-sysv", "udev", "dbus", "libpam-systemd", *SERVER, *systems.LIBRARIES)),
        (GUEST / "outage", GUEST / "outage-systemd"),
        links={f"etc/systemd/system/{unit}": "/dev/null" for unit in TIMERS},
    ),
    # With Gentoo's inittab, as in the tests: Debian has none for OpenRC that asks for kexec.
    "openrc": System(
        Base("trixie", ("sysvinit-core", "initscripts", "openrc", "udev", "dbus", *SERVER, *systems.LIBRARIES)),
        (systems.OVERLAYS / "openrc", GUEST / "outage", GUEST / "outage-openrc"),
        without="etc/runlevels/*/*",
        links=systems.runlevels(
            sysinit="udev",
            boot="root localmount networking",
            default="ssh cron dbus",
            shutdown="outage-stopped killprocs mount-ro",
        ),
        install=lambda root: install_from_source(("openrc", "kernel-hooks"), root),
    ),
}

#: Where in a bzImage's 64-bit code its entry for that is, and so many bytes tell a program (boot.rst).
ENTRY_64, BEGINNING = 0x200, 24
XZ = b"\xfd7zXZ"

#: Of an archive in an initrd: its members' magic, the last one's name, and that of what is packed.
CPIO, TRAILER, ZSTD = b"070701", b"TRAILER!!!", b"\x28\xb5\x2f\xfd"

#: Where the programs are that a mark stands in front of.
MARKED = {"kexec": "usr/sbin", "saut": "usr/sbin"}

#: How an initrd is packed, with initramfs-tools' levels for each; by default it takes the first one.
INITRDS = {"zstd": "zstd -q -9 -T0", "gzip": "gzip -n", "lz4": "lz4 -9 -l"}
DEFAULT = "zstd"


@lru_cache
def mark() -> Path:
    """The compiled program that marks moments; kept in the cache."""
    return _compiled("mark.c", ("-static",))


@lru_cache
def plugin() -> Path:
    """QEMU's plugin that counts."""
    return _compiled("outage-counts.c", ("-shared", "-fPIC"))


def image(init: str, tool: str) -> Path:
    """A disk with @init and @tool: "ours" or "tools"."""
    target = packages.cache_root() / f"outage-{tool}-{_recipe(SYSTEMS[init], tool)}.img"
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}")
        try:
            _write(fresh, SYSTEMS[init], tool)
            boot_disk(fresh).rename(boot_disk(target))
            fresh.rename(target)
        finally:
            fresh.unlink(missing_ok=True)
            boot_disk(fresh).unlink(missing_ok=True)
            shutil.rmtree(fresh.with_suffix(".tree"), ignore_errors=True)
    return target


def boot_disk(image: Path) -> Path:
    """What UEFI boots beside the disk @image."""
    return image.with_name(f"{image.name}.uefi")


def kernel_release(init: str) -> str:
    """What `uname -r` says on its disks."""
    return release(_base(init))


def installed_version(init: str, package: str) -> str:
    """Of a package of Debian's."""
    status = (_base(init) / "var/lib/dpkg/status").read_text()
    found = re.search(rf"^Package: {re.escape(package)}\n(?:.+\n)*?Version: (.+)$", status, re.M)
    return found[1] if found else "of unknown version"


def description(init: str, initrd: str) -> str:
    """What an initrd is, in the words of the report; packing it for that takes long, and is done once."""
    note = packages.cache_root() / f"outage-{initrd}-{SYSTEMS[init].base.name}.txt"
    if not note.exists():
        head, plain = parts(_default_initrd(_base(init)).read_bytes())
        packed = len(head) + len(run_through([*INITRDS[initrd].split(), "-c"], plain))
        by = f"{INITRDS[initrd]}, initramfs-tools' default" if initrd == DEFAULT else INITRDS[initrd]
        before = f"{len(head) / 1e6:.0f} MB as they are, " if head else ""
        unpacked = len(head) + len(plain)
        note.write_text(f"{packed / 1e6:.0f} MB ({before}{by}; {unpacked / 1e6:.0f} MB unpacked)")
    return note.read_text()


def _base(init: str) -> Path:
    return base_system.folder(SYSTEMS[init].base)


@lru_cache
def beginnings(init: str) -> dict[str, str]:
    """The first instructions of programs as hexadecimal digits: the kernel, what unpacks it, UEFI's boot loader."""
    root = _base(init)
    image = vmlinux.parse((root / f"boot/vmlinuz-{release(root)}").read_bytes())
    setup = (image.file[vmlinux.SETUP_SECTS] + 1) * disk.SECTOR
    kernel = _unpacked(image.payload[: -vmlinux.SIZE_WORD])
    (entry,) = struct.unpack_from("<Q", kernel, 24)
    places = {
        "unpacker-32": (image.file, setup),
        "unpacker-64": (image.file, setup + ENTRY_64),
        "kernel": (kernel, _file_offset(kernel, entry)),
    }
    found = {name: data[at : at + BEGINNING].hex() for name, (data, at) in places.items()}
    # What UEFI has read from a disk is GRUB; the plugin knows a PC's boot sector by its place.
    return found | {"boot-sector": outage_uefi.beginning()}


def _unpacked(payload: bytes) -> bytes:
    """A kernel out of its bzImage."""
    if payload.startswith(XZ):
        return lzma.decompress(payload)
    return run_through(list(vmlinux.UNPACKERS[payload[:4]]), payload)


def _file_offset(elf: bytes, address: int) -> int:
    """Where in the file what is loaded at @address lies."""
    (table,) = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    for at in range(table, table + size * count, size):
        kind, _, offset, _, physical, length = struct.unpack_from("<IIQQQQ", elf, at)
        if kind == 1 and physical <= address < physical + length:
            return int(offset + address - physical)
    raise packages.PackageError(f"nothing of the kernel is loaded at its entry, {address:#x}")


def _recipe(system: System, tool: str) -> str:
    """Changes with all that a disk is made from, but for this file: that is what GENERATION is for."""
    digest = hashlib.sha256(f"{GENERATION} {system.base.name} {INITRDS}".encode())
    digest.update(debs.sources().encode() if tool == "ours" else b"")
    digest.update(mark().read_bytes())
    for overlay in system.overlays:
        for path in sorted(path for path in overlay.rglob("*") if not path.is_dir()):
            digest.update(str(path.relative_to(overlay)).encode())
            digest.update(str(path.readlink()).encode() if path.is_symlink() else path.read_bytes())
    return digest.hexdigest()[:16]


def _compiled(source: str, flags: tuple[str, ...]) -> Path:
    command = ["cc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", *flags]
    recipe = b"".join((GUEST / name).read_bytes() for name in (source, "outage-magic.h"))
    digest = hashlib.sha256(recipe + " ".join(command).encode()).hexdigest()[:16]
    target = packages.cache_root() / f"{Path(source).stem}-{digest}"
    if not target.exists():
        # What a disk is named by is compiled before anything else is put there.
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{os.getpid()}")
        run([*command, "-o", str(fresh), str(GUEST / source)])
        fresh.rename(target)
    return target


def _write(target: Path, system: System, tool: str) -> None:
    root = target.with_suffix(".tree")
    systems.lay(system.base, root, system.without)
    if tool == "ours":
        run(["chroot", str(root), "dpkg", "--purge", "kexec-tools"], ENVIRONMENT)
        system.install(root)
    for overlay in system.overlays:
        systems.copy(overlay, root)
    (root / "var/lib/outage").mkdir(parents=True)
    _mark(root)
    systems.link(root, system.links)
    systems.name_machine(root, f"UUID={systems.ROOT_UUID} / ext4 errors=remount-ro 0 1\n")
    _make_initrds(root)
    kernel, initrd = f"/boot/vmlinuz-{release(root)}", f"/boot/initrd.img-{release(root)}"
    outage_uefi.write_menu(root / "boot/grub", systems.ROOT_UUID, (kernel, initrd))
    outage_uefi.write(boot_disk(target), root / kernel[1:], root / initrd[1:])
    disk.write(target, [Partition(root, SIZE, systems.ROOT_UUID)], "dos")
    disk.install_grub(target, "(hd0,msdos1)/boot/grub")


def _mark(root: Path) -> None:
    """Puts marks in front of programs."""
    folder = root / "usr/lib/outage"
    shutil.copyfile(mark(), folder / "mark")
    (folder / "mark").chmod(0o755)
    shutil.copyfile(rootfs.GUEST / "stub-record", folder / "stub-record")
    for name, place in MARKED.items():
        program = root / place / name
        if program.exists():
            program.rename(folder / name)
            shutil.copy(folder / "mark", program)
    init = root / "usr/sbin/init"
    if init.is_symlink():
        (folder / "init").symlink_to(os.path.normpath(os.path.join("/usr/sbin", init.readlink())))
        init.unlink()
    else:
        init.rename(folder / "init")
    shutil.copy(folder / "mark", init)


def release(root: Path) -> str:
    """Of the kernel in it."""
    (path,) = (root / "boot").glob("vmlinuz-*")
    return path.name.removeprefix("vmlinuz-")


def _default_initrd(root: Path) -> Path:
    return root / f"boot/initrd.img-{release(root)}"


def _make_initrds(root: Path) -> None:
    """Puts the mark into the initrd that the kernel's package has had made, and packs it in each way."""
    default = _default_initrd(root)
    head, plain = parts(default.read_bytes())
    # The last member of an archive says that it is over; what comes after the others wins over them.
    plain = plain[: plain.rindex(CPIO, 0, plain.rindex(TRAILER))]
    plain += initramfs.to_bytes({"init": mark(), "init.marked": root / "usr/share/initramfs-tools/init"})
    for name, packer in INITRDS.items():
        target = default if name == DEFAULT else root / f"var/lib/outage/initrd-{name}"
        target.write_bytes(head + run_through([*packer.split(), "-c"], plain))


def parts(initrd: bytes) -> tuple[bytes, bytes]:
    """What initramfs-tools left unpacked in front (modules that are packed by themselves), and the rest, unpacked."""
    at = initrd.index(ZSTD, initrd.index(TRAILER)) if initrd.startswith(CPIO) else 0
    return initrd[:at], run_through(["zstd", "-qdc"], initrd[at:])


def run_through(command: list[str], data: bytes) -> bytes:
    """What @command makes of @data."""
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise packages.PackageError(f"{command[0]}: {done.stderr.decode()[-400:]}")
    return done.stdout
