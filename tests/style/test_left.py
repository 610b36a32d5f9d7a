# SPDX-License-Identifier: LGPL-2.1-or-later
"""A shutdown in which another kernel takes the place of the one that it began with: nothing is left of that."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from made_system import SAUT, make_system

MENU = """\
load_env
set default="${saved_entry}"
if [ "${next_entry}" ]; then set default="${next_entry}"; set next_entry=; save_env next_entry; fi
menuentry 'New' --id new {
	linux /boot/vmlinuz-6.1 root=/dev/sda1 quiet
	initrd /boot/initrd.img-6.1
}
menuentry 'Old' --id old {
	linux /boot/vmlinuz-old root=/dev/sda1 quiet
}
"""
BLOCK = "# GRUB Environment Block\nsaved_entry=new\n".ljust(1024, "#")
GRUBENV = "boot/grub/grubenv"
BOOT_ID = "11111111-2222-3333-4444-555555555555"

ID = "0123456789abcdef"

#: Of the kernel that was loaded ahead, on trial.
TRIAL = f"""\
STATE=left
CONFIRM=auto
ID={ID}
BOOT_ID={BOOT_ID}
RELEASE=old
KERNEL=/boot/vmlinuz-6.1
ONE_SHOT="/boot/grub/grubenv old"
WHEN=1
WITHIN=120
AFTER=0
"""
LOADED = f"LOADED=1\nLOADED_BY=service\nKERNEL=/boot/vmlinuz-6.1\nBOOT_ID={BOOT_ID}\n"


def make_kernel_of(root: Path) -> None:
    """What the running kernel tells, as files."""
    release = subprocess.run(["uname", "-r"], capture_output=True, text=True, check=True).stdout.strip()
    shutil.copy(root / "boot/vmlinuz-6.1", root / f"boot/vmlinuz-{release}")
    files = {
        "boot/grub/grub.cfg": MENU.replace("vmlinuz-old", f"vmlinuz-{release}"),
        GRUBENV: BLOCK,
        "proc/cmdline": "BOOT_IMAGE=/boot/vmlinuz-old root=/dev/sda1 quiet\n",
        "proc/self/mountinfo": "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
        "proc/sys/kernel/random/boot_id": BOOT_ID + "\n",
        "proc/sys/kernel/kexec_load_disabled": "0\n",
        "proc/iomem": "00001000-0009ffff : System RAM\n00100000-bfffffff : System RAM\n",
        "sys/kernel/kexec_loaded": "1\n",
        "var/lib/saut/next-trial": TRIAL,
        "run/saut/loaded": LOADED,
        "etc/kexec.conf": "",
        "usr/lib/systemd/system/saut-confirm.service": "[Unit]\n",
        "etc/systemd/system/multi-user.target.wants/saut-confirm.service": "[Unit]\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run_saut(root: Path, *words: str, result: str = "retval=0") -> subprocess.CompletedProcess[str]:
    """The command in that system, whose kernel loads what it is given, or fails to."""
    kernel = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=kexec_load", "-e", f"inject=kexec_load:{result}"]
    return subprocess.run([*kernel, "chroot", root, SAUT, *words], capture_output=True, text=True, check=False)


def value(text: str, name: str) -> str:
    """Of a record."""
    return re.search(f"^{name}='?([^'\\n]*)", text, re.M)[1]


@pytest.fixture
def shutdown(tmp_path: Path) -> Path:
    """A system that goes down, and was to jump into a kernel that is loaded."""
    make_system(tmp_path)
    make_kernel_of(tmp_path)
    done = run_saut(tmp_path, "service", "leave", "--rebooting", "--style=systemd")
    assert done.returncode == 0, done.stderr
    assert "next_entry=old\n" in (tmp_path / GRUBENV).read_text()
    assert value((tmp_path / "var/lib/saut/trial").read_text(), "ID") == ID
    return tmp_path


def test_another_kernel_is_loaded_on_trial(shutdown: Path) -> None:
    """What the first one had GRUB told is no wish of somebody else's, and not the default; it is the next one's now."""
    done = run_saut(shutdown, "service", "stop", "--rebooting", "--style=systemd")
    assert done.returncode == 0 and "loaded: New (the boot loader's default)" in done.stdout, done.stdout + done.stderr
    left = (shutdown / "var/lib/saut/trial").read_text()
    assert value(left, "ID") == value((shutdown / "var/lib/saut/next-trial").read_text(), "ID") != ID
    assert value(left, "ONE_SHOT") == "/boot/grub/grubenv old"
    assert "next_entry=old\n" in (shutdown / GRUBENV).read_text()


#: What is loaded, or not, without a trial: the settings, the command, how the kernel takes it, the exit code.
OTHERS = {
    "by the service": ("COME_BACK=no\n", ("service", "stop", "--rebooting", "--style=systemd"), "retval=0", 0),
    "by hand": ("", ("load", "--newest"), "retval=0", 0),
    "nothing": ("", ("unload",), "retval=0", 0),
    "nothing, since it fails": (
        "", ("service", "stop", "--rebooting", "--style=systemd"), "error=ENOMEM", 5),
}


@pytest.mark.parametrize(("settings", "words", "result", "code"), OTHERS.values(), ids=OTHERS)
def test_what_was_left_is_taken_back(
    shutdown: Path, settings: str, words: tuple[str, ...], result: str, code: int
) -> None:
    (shutdown / "etc/kexec.conf").write_text(settings)
    done = run_saut(shutdown, *words, result=result)
    assert done.returncode == code, done.stdout + done.stderr
    assert (shutdown / GRUBENV).read_text() == BLOCK
    assert not (shutdown / "var/lib/saut/trial").exists()
    assert not (shutdown / "var/lib/saut/next-trial").exists()


def test_a_failure_leaves_the_trial_that_is_loaded(tmp_path: Path) -> None:
    """What was loaded before is still on trial where another one cannot be loaded in its place."""
    make_system(tmp_path)
    make_kernel_of(tmp_path)
    done = run_saut(tmp_path, "reboot", "--newest", result="error=ENOMEM")
    assert done.returncode == 5 and "Cannot allocate memory" in done.stderr, done.stdout + done.stderr
    assert (tmp_path / "var/lib/saut/next-trial").read_text() == TRIAL


def test_a_boot_on_trial_whose_service_is_stopped_is_over(tmp_path: Path) -> None:
    """Nobody waits for it any more: GRUB is told nothing, and who keeps the watchdog hears that it may stop it."""
    make_system(tmp_path)
    make_kernel_of(tmp_path)
    (tmp_path / "proc/cmdline").write_text(f"root=/dev/sda1 quiet saut.trial={ID}\n")
    (tmp_path / "var/lib/saut/trial").write_text(TRIAL.replace("STATE=left", "STATE=up").replace(BOOT_ID, "before"))
    (tmp_path / GRUBENV).write_text("# GRUB Environment Block\nsaved_entry=new\nnext_entry=old\n".ljust(1024, "#"))
    done = run_saut(tmp_path, "service", "leave", "--style=systemd")
    assert done.returncode == 0, done.stderr
    left = (tmp_path / "var/lib/saut/trial").read_text()
    assert value(left, "STATE") == "forgiven" and "its boot service was stopped" in value(left, "REASON")
    assert (tmp_path / GRUBENV).read_text() == BLOCK
