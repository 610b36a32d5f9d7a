# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Debian packages: built as a user builds them, and installed where kexec-tools was before."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import debian  # noqa: E402  (the line above makes it findable from any folder)
import debs  # noqa: E402

if os.geteuid() != 0:
    pytest.skip("a chroot needs root", allow_module_level=True)


def output(*command: str | Path) -> str:
    """What a command says; it must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def packages() -> list[Path]:
    """The packages themselves, without those of debugging symbols."""
    found = debs.built()
    assert list(found) == ["libsaut-dev", "libsaut0", "saut"]
    return list(found.values())


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small Debian with kexec-tools in use."""
    chroot = tmp_path_factory.mktemp("debian") / "root"
    # With what the packages need: the system knows no archive to get it from.
    output("mmdebstrap", "--quiet", "--variant=apt", "--include=kexec-tools,sysv-rc,initscripts,systemd,libdeflate0,libfdt1,libnl-3-200,zsh,initramfs-tools,dracut-core,busybox",
           "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
           *(f"--aptopt={line.strip()}" for line in debian.settings()), "bookworm", chroot)
    (chroot / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (chroot / "usr/sbin/policy-rc.d").chmod(0o755)
    # Made by its postinst, and no conffile.
    assert "LOAD_KEXEC=true" in (chroot / "etc/default/kexec").read_text()
    return chroot


def inside(chroot: Path, *command: str) -> str:
    """What a command in the system says."""
    return output("chroot", chroot, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", *command)


def install(chroot: Path, packages: list[Path]) -> None:
    """By apt, which takes away what the packages conflict with; who builds programs is not this system."""
    packages = [package for package in packages if not package.name.startswith("libsaut-dev_")]
    for package in packages:
        (chroot / package.name).write_bytes(package.read_bytes())
    inside(chroot, "apt-get", "-q", "-y", "install", *(f"/{package.name}" for package in packages))


def test_lintian_has_nothing_to_say(packages: list[Path]) -> None:
    said = output("lintian", "--fail-on", "error,warning", "--no-tag-display-limit", *packages)
    assert not [line for line in said.splitlines() if line[:2] in ("E:", "W:")]


def test_contents(packages: list[Path]) -> None:
    names = {line.split()[5] for line in output("dpkg-deb", "--contents", packages[2]).splitlines()}
    for name in ("usr/sbin/kexec", "usr/sbin/saut", "usr/sbin/vmcore-dmesg", "usr/sbin/coldreboot", "etc/init.d/kexec",
                 "etc/init.d/kexec-load", "etc/init.d/saut-confirm", "usr/share/man/man7/saut-come-back.7.gz", "etc/kernel/postinst.d/zzz-kexec-load",
                 "usr/share/man/man8/saut.8.gz", "usr/share/man/man5/kexec.conf.5.gz",
                 "usr/share/doc/saut/examples/ansible/plugins/action/reboot.py"):
        assert f"./{name}" in names
    assert any(name.endswith("systemd-reboot.service.d/reboot-by-kexec.conf") for name in names)
    assert any(name.endswith("systemd-kexec.service.d/kexec-unless-off.conf") for name in names)


def test_what_programs_are_built_with(packages: list[Path]) -> None:
    (archive,) = (package for package in packages if package.name.startswith("libsaut-dev_"))
    names = [line.split()[5] for line in output("dpkg-deb", "--contents", archive).splitlines()]
    for end in ("/saut.h", "/libsaut.a", "/libsaut.so", "/saut.pc", "/examples/load-default.c", "/examples/python/saut/__init__.py"):
        assert any(name.endswith(end) for name in names), end
    depends = output("dpkg-deb", "--field", archive, "Depends")
    assert "libzstd-dev" in depends


def test_it_takes_the_place_of_kexec_tools(packages: list[Path], system: Path) -> None:
    install(system, packages)
    assert "Saut" in inside(system, "kexec", "--version")
    state = inside(system, "dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n")
    assert "saut ii" in state and "kexec-tools ii" not in state
    assert "saut" not in inside(system, "dpkg-divert", "--list")
    # What was set before is still so.
    assert "LOAD_KEXEC=true" in (system / "etc/default/kexec").read_text()
    assert "service stop" in (system / "etc/init.d/kexec-load").read_text()
    for script in ("kexec", "kexec-load"):
        assert os.access(system / "etc/init.d" / script, os.X_OK), script
    links = sorted(path.name[3:] for path in (system / "etc/rc6.d").glob("K*kexec*"))
    assert links == ["kexec", "kexec-load"]
    # The system has no kernel: it is said, and not a crash.
    done = subprocess.run(["chroot", system, "saut", "service", "check", "--style=debian"],
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0 and done.stderr.startswith("saut: cannot load for the boot service")


def test_it_is_upgraded_and_removed(packages: list[Path], system: Path) -> None:
    install(system, packages)
    files = inside(system, "dpkg-query", "-L", "saut").split()
    inside(system, "apt-get", "-q", "-y", "install", "--reinstall", "/" + packages[2].name)
    assert "LOAD_KEXEC=true" in (system / "etc/default/kexec").read_text()
    inside(system, "apt-get", "-q", "-y", "remove", "saut")
    assert not (system / "usr/sbin/kexec").exists()
    assert (system / "etc/default/kexec").exists()
    # The scripts stay until the purge, and must bear that there is nothing to call.
    inside(system, "sh", "/etc/init.d/kexec-load", "stop")
    inside(system, "/etc/kernel/postinst.d/zzz-kexec-load")
    inside(system, "dpkg", "--purge", "kexec-tools")
    inside(system, "dpkg", "--purge", "saut")
    assert not (system / "etc/default/kexec").exists()
    assert not list((system / "etc/rc6.d").glob("K*kexec*"))
    left = [name for name in files if os.path.lexists(system / name[1:]) and not (system / name[1:]).is_dir()]
    assert left == []


def test_zsh_finds_its_completions(packages: list[Path], system: Path) -> None:
    """Where Debian's zsh looks, which is not where others do."""
    install(system, packages)
    said = inside(system, "zsh", "-fc", "autoload -Uz compinit && compinit -u -D && print $_comps[saut] $_comps[kexec]")
    assert said.split() == ["_saut", "_kexec"]


#: How an initramfs is made without a kernel's modules, and with the words of the manual.
MADE = {
    "initramfs-tools": "echo 'export SAUT=yes' >/etc/initramfs-tools/conf.d/saut && "
    "mkinitramfs -o /made 6.1-none && unmkinitramfs /made /unpacked",
    "dracut": "echo 'add_dracutmodules+=\" saut \"' >/etc/dracut.conf.d/saut.conf && "
    "dracut --no-kernel --no-hostonly --no-compress --force /made && cd /unpacked && cpio --quiet -idm </made",
}


@pytest.mark.parametrize("maker", list(MADE))
def test_initramfs(packages: list[Path], system: Path, maker: str) -> None:
    """It holds the commands where that is asked for, and they run from it."""
    install(system, packages)
    (system / "lib/modules/6.1-none").mkdir(parents=True, exist_ok=True)
    (system / "boot/config-6.1-none").write_text("CONFIG_RD_GZIP=y\n")
    inside(system, "sh", "-ec", f"rm -rf /unpacked /made; mkdir /unpacked; {MADE[maker]}")
    for command in ("kexec", "saut"):
        said = output("chroot", system / "unpacked", f"/usr/sbin/{command}", "--version")
        assert re.search(r"\d+\.\d+\.\d+", said)


def test_a_new_system_gets_settings_that_change_nothing(packages: list[Path], system: Path) -> None:
    install(system, packages)
    assert "LOAD_KEXEC=false" in (system / "etc/default/kexec").read_text()
    status = subprocess.run(["chroot", system, "saut", "service", "status", "--style=debian"],
                            capture_output=True, text=True, check=False)
    assert status.returncode != 0 and "LOAD_KEXEC is not true" in status.stderr


def test_a_boot_by_sysvinit_is_as_before_until_its_runlevel(packages: list[Path], system: Path) -> None:
    """What mounts file systems waits for nothing of ours, and gets none of our scripts beside it."""
    boot = system / "etc/init.d/.depend.boot"
    inside(system, "dpkg", "--purge", "saut")
    before = dependencies(boot)
    install(system, packages)
    assert {path.name[3:] for path in (system / "etc/rc2.d").glob("S*")} >= {"kexec-load", "saut-confirm"}
    assert not [path for path in (system / "etc/rcS.d").iterdir() if re.search("kexec|saut", path.name)]
    assert before and dependencies(boot) == before


def dependencies(path: Path) -> dict[str, set[str]]:
    """Of insserv's makefile: a script -> those that it waits for."""
    pairs = (re.split(": | = ", line) for line in path.read_text().splitlines() if re.search(": | = .", line))
    return {script: set(names.split()) for script, names in pairs}


def test_it_is_switched_on_and_off_by_the_words_of_the_manual(packages: list[Path], system: Path) -> None:
    """systemctl calls update-rc.d as well, for the script that has the unit's name."""
    install(system, packages)
    inside(system, "systemctl", "enable", "kexec-load.service")
    wanted = system / "etc/systemd/system/multi-user.target.wants"
    assert sorted(path.name for path in wanted.glob("kexec*")) == ["kexec-load.path", "kexec-load.service"]
    assert inside(system, "systemctl", "is-enabled", "kexec-load.service").strip() == "enabled"
    inside(system, "systemctl", "disable", "kexec-load.service")
    assert not list(wanted.glob("kexec*"))
    inside(system, "systemctl", "enable", "kexec-load.service")
    inside(system, "dpkg", "--purge", "saut")
    assert not [path for path in wanted.glob("kexec*") if os.path.lexists(path)]
    assert not list((system / "etc").glob("rc?.d/*kexec*"))
