# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian packages that the VM tests boot and compare with, fetched once.

Knows apt and dpkg-deb, nothing of virtual machines.  Everything is unpacked below
$SAUT_CACHE (default ~/.cache/saut), one folder per set of packages; when that folder
is there, no apt call is made at all: each costs seconds, and most runs need none.
"""

from __future__ import annotations

import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import built  # noqa: E402
import foreign  # noqa: E402
import sid  # noqa: E402  (the line above makes what it imports findable)
import suites  # noqa: E402
import debian  # noqa: E402
from debian import cache_root  # noqa: E402

#: What a test calls the kernel -> the metapackage whose Depends names the real one.
KERNELS = {
    "6.1": "linux-image-cloud-amd64",
    "6.12": "linux-image-6.12-cloud-amd64",
}

#: Kernels that few tests need; the other ones cannot be Xen's first domain.
RARE_KERNELS = {"6.1-full": "linux-image-amd64"}

#: The folders of their modules that are kept: how a program of Xen's first domain asks Xen.
RARE_MODULES = ("xen",)

#: Packages that are what they say; the last ones bring kernels that are no Linux.
PLAIN = (
    "busybox-static",
    "kexec-tools",
    "ovmf",
    "systemd-boot-efi",
    "memtest86+",
    "ipxe",
    "xen-hypervisor-4.17-amd64",
)

#: Changes whenever the set above does, so that an old cache is never taken for a full one.
GENERATION = "6"


#: Callers of kexec, and what their scripts run in.
SCRIPT_PACKAGES = ("bash", "dash", "kdump-tools", "sysvinit-utils")
SCRIPTS_GENERATION = "1"

#: What is kept of a kernel's drivers, where all of them are hundreds of megabytes.
DRIVERS = ("drivers/watchdog", "drivers/mfd", "lib")
DRIVERS_GENERATION = "1"

#: What reads the dump of a crash; the libraries that it needs beside it are on every host that builds.
DUMP_PACKAGES = ("makedumpfile",)
DUMP_GENERATION = "1"


class PackageError(RuntimeError):
    """A package could not be found, fetched or unpacked."""


def root() -> Path:
    """The folder that all packages are unpacked into, one subfolder each; fills it once."""
    target = cache_root() / f"packages-{GENERATION}"
    if not target.is_dir():
        folders = {name: name for name in PLAIN}
        folders |= {name: "libraries" for name in foreign.XEN}
        _fill(target, folders | _resolve_kernels())
    return target


def script_package(package: str) -> Path:
    """The folder of one of SCRIPT_PACKAGES, which only the tests of callers need; fetched alone."""
    target = cache_root() / f"scripts-{SCRIPTS_GENERATION}"
    if not target.is_dir():
        _fill(target, {name: name for name in SCRIPT_PACKAGES})
    return target / package


def makedumpfile() -> Path:
    """Debian's makedumpfile, which only the tests of crashes need; fetched alone."""
    target = cache_root() / f"dump-{DUMP_GENERATION}"
    if not target.is_dir():
        _fill(target, {name: name for name in DUMP_PACKAGES})
    return _only(target / "makedumpfile", "usr/bin/makedumpfile")


def vmlinux(version: str) -> Path:
    """The kernel of @version as it was linked, with all of its symbols; fetched alone."""
    release = kernel_release(version)
    target = cache_root() / f"vmlinux-{release}"
    if not target.is_dir():
        _fill(target, {f"linux-image-{release}-dbg": "linux"}, keep=())
    return _only(target / "linux", "usr/lib/debug/boot/vmlinux-*")


def drivers() -> Path:
    """The folder of a kernel for real machines, with its drivers of watchdogs; fetched alone."""
    target = cache_root() / f"drivers-{DRIVERS_GENERATION}"
    if not target.is_dir():
        package = f"linux-image-{kernel_release('6.1-full')}"
        _fill(target, {package: "linux"}, keep=DRIVERS)
    return target / "linux"


def driver(name: str) -> bytes:
    """The content of @name.ko out of that one."""
    return _only(drivers(), f"lib/modules/*/kernel/**/{name}.ko").read_bytes()


def kernel(version: str) -> Path:
    """The bzImage of @version, one of KERNELS or RARE_KERNELS."""
    return _only(_kernel_root(version), "boot/vmlinu[xz]-*")


def boot_file(package: str, name: str) -> Path:
    """What a @package of another kernel puts into /boot."""
    return _only(root() / package, f"boot/{name}")


def kernel_release(version: str) -> str:
    """What `uname -r` says under that kernel."""
    return kernel(version).name.partition("-")[2]


def kernel_config(version: str) -> str:
    """The kernel's .config as text."""
    return _only(_kernel_root(version), "boot/config-*").read_text()


def module(version: str, name: str) -> bytes:
    """The content of @name.ko, decompressed: busybox's insmod knows no xz."""
    path = _only(_kernel_root(version), f"lib/modules/*/kernel/**/{name}.ko*")
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def is_built_in(version: str, name: str) -> bool:
    """Whether the kernel has in itself what is a module of other kernels."""
    listed = _only(_kernel_root(version), "lib/modules/*/modules.builtin").read_text()
    return f"/{name}.ko\n" in listed


def modules_folder(version: str) -> Path:
    """Where the modules of @version are, with the release as the folder's name."""
    return _only(_kernel_root(version), "lib/modules/*")


def busybox() -> Path:
    """Statically linked busybox."""
    return _only(root() / "busybox-static", "bin/busybox")


def kexec_tools() -> Path:
    """Debian's kexec: what we compare with, and a stand-in where ours is not built."""
    return _only(root() / "kexec-tools", "sbin/kexec")


def ovmf(name: str) -> Path:
    """A firmware file, such as OVMF_CODE_4M.fd."""
    return _only(root() / "ovmf", f"usr/share/OVMF/{name}")


def snakeoil(suffix: str) -> Path:
    """The key ("key", its pass phrase is snakeoil) or certificate ("pem") of OVMF's test database."""
    return _only(root() / "ovmf", f"usr/share/ovmf/PkKek-1-snakeoil.{suffix}")


def efi_stub() -> Path:
    """systemd's stub: the program that distributions make UKIs of."""
    return _only(root() / "systemd-boot-efi", "usr/lib/systemd/boot/efi/linuxx64.efi.stub")


def systemd_boot() -> Path:
    """systemd's boot loader."""
    return _only(root() / "systemd-boot-efi", "usr/lib/systemd/boot/efi/systemd-bootx64.efi")


@lru_cache
def package_version(package: str) -> str:
    """The version of an unpacked package, as the benchmark's report names it."""
    return (root() / package / ".version").read_text().strip()


def with_libraries() -> dict[str, str]:
    """An environment in which Debian's kexec starts on a host without Xen."""
    folders = {str(path.parent) for path in (root() / "libraries").glob("usr/lib/**/*.so.*")}
    return os.environ | {"LD_LIBRARY_PATH": ":".join(sorted(folders))}


@lru_cache
def shared_libraries(binary: Path) -> dict[str, Path]:
    """Guest path -> host file of all that the dynamic linker loads for @binary.

    Empty for a static program.  Where the host has a library it does: the guest only needs
    a set that fits together.
    """
    text = subprocess.run(
        ["ldd", str(binary)],
        env=with_libraries(),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    if "not found" in text:
        raise PackageError(f"{binary} needs libraries that are not here:\n{text}")
    found: dict[str, Path] = {}
    for path in map(Path, re.findall(r"(/\S+) \(0x", text)):
        # The linker itself is named by its full path inside the program, the rest by name.
        guest = str(path).lstrip("/") if "ld-linux" in path.name else f"lib/{path.name}"
        found[guest] = path.resolve()
    return found


def _kernel_root(version: str) -> Path:
    if version in sid.KERNELS:
        return sid.kernel_root(version, cache_root())
    if version in suites.KERNELS:
        return suites.kernel_root(version, cache_root())
    if version in foreign.KERNELS:
        return foreign.kernel_root(version)
    if version in built.KERNELS:
        return built.kernel_root(version)
    return root() / f"linux-{version}"


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise PackageError(f"{folder}: {len(found)} files match {pattern}, expected one")
    return found[0]


def _prune(modules: Path, keep: tuple[str, ...]) -> None:
    """Leaves of a kernel's modules those in the folders @keep."""
    for path in sorted(modules.glob("kernel/**/*.ko*")):
        if not any(path.is_relative_to(modules / "kernel" / folder) for folder in keep):
            path.unlink()


def _fill(target: Path, folders: dict[str, str], keep: tuple[str, ...] = ()) -> None:
    """Fetches @folders' packages into a sibling of @target, which then appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as scratch:
        work = Path(scratch)
        debs = _download(work, list(folders))
        tree = work / "tree"
        for package, folder in folders.items():
            _unpack(debs[package], tree / folder)
        for version in RARE_KERNELS:
            # Hundreds of megabytes, of which little is asked for.
            for path in (tree / f"linux-{version}" / "lib").rglob("*.ko*"):
                if path.parent.name not in RARE_MODULES:
                    path.unlink()
        for modules in tree.glob("*/lib/modules/*") if keep else ():
            _prune(modules, keep)
        try:
            tree.rename(target)
        except OSError:
            # Two runs started together: the other one's copy is as good as ours.
            if not target.is_dir():
                raise


def _resolve_kernels() -> dict[str, str]:
    """Real kernel package -> folder, from the first (newest) record of each metapackage."""
    wanted = KERNELS | RARE_KERNELS
    output = _apt("apt-cache", "show", *wanted.values())
    real: dict[str, str] = {}
    for record in output.split("\n\n"):
        package = re.search(r"^Package: (\S+)", record, re.M)
        depends = re.search(r"^Depends:.*?(linux-image-[0-9]\S+)", record, re.M)
        if package and depends:
            real.setdefault(package[1], depends[1].rstrip(","))
    missing = [name for name in wanted.values() if name not in real]
    if missing:
        raise PackageError(f"apt does not know {', '.join(missing)}; run apt-get update")
    return {real[meta]: f"linux-{version}" for version, meta in wanted.items()}


def _download(work: Path, packages: list[str]) -> dict[str, Path]:
    """One apt call for all: reading its lists costs more than the packages do."""
    # apt drops to user _apt for downloads; in a folder of root's that is only a warning.
    options = [*debian.arguments(), "-o", "APT::Sandbox::User=root"]
    try:
        _apt("apt-get", "-q", "download", *options, *packages, cwd=work)
    except PackageError as reason:
        raise PackageError(f"cannot reach the package registry: {reason}") from None
    debs = {path.name.split("_")[0]: path for path in work.glob("*.deb")}
    missing = sorted(set(packages) - set(debs))
    if missing:
        raise PackageError(f"apt-get download did not bring {', '.join(missing)}")
    return debs


def _unpack(deb: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["dpkg-deb", "-x", str(deb), str(folder)], check=True)
    version = subprocess.run(
        ["dpkg-deb", "-f", str(deb), "Version"], check=True, capture_output=True, text=True
    )
    (folder / ".version").write_text(version.stdout)
    # Documentation and symbols are most of the files and none of the use.
    for useless in ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/lib/debug/lib"):
        shutil.rmtree(folder / useless, ignore_errors=True)


def _apt(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PackageError(f"{' '.join(command[:3])} …: {done.stderr.strip()[-400:]}")
    return done.stdout


def main() -> int:
    """Fetches what is missing and says where it is."""
    print(f"packages: {root()}")
    for version in KERNELS:
        print(f"kernel {version}: {kernel_release(version)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
