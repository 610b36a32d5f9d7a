# SPDX-License-Identifier: LGPL-2.1-or-later
"""OpenRC's scripts hand on what /etc/conf.d/kexec says, as openrc-run has read it, or as they read it themselves."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "service/openrc"

#: What the script's functions find of OpenRC's, and a saut that tells what it was called with.
OPENRC = """\
ebegin() { :; }
eend() { :; }
einfo() { :; }
fstabinfo() { [ "$2" = /var ]; }
mountinfo() { ! [ "$2" = /var ]; }
mount() { echo "mount $*" >>$SAID; }
umount() { echo "umount $*" >>$SAID; }
"""
STUB = """\
#!/bin/sh
{
echo "saut $*"
env | grep -E '^(CHECKS|COME_BACK[A-Z_]*|HOLD|KNAME|READY|UNBIND)=' | sort
} >>$SAID
case "$*" in *--check*) exit $NOTHING ;; esac
"""

COME_BACK = ("COME_BACK=no", "COME_BACK_CONFIRM=manual", "COME_BACK_LOCKUPS=yes", "COME_BACK_STRICT=yes", "COME_BACK_WITHIN=60")
SETTINGS = ("CHECKS=no", *COME_BACK, "HOLD=64M", "KNAME=mine", "READY=no", "UNBIND=nvidia amdgpu")
#: The same by what only a shell understands, and as a file that is only read has it.
WAYS = {
    "plain": "".join(f'{name}="{value}"\n' for name, value in (line.split("=") for line in SETTINGS)),
    "by a shell": "is() { eval \"$1=\\$2\"; }\n"
    + "".join(f"is {name} '{value}'\n" for name, value in (line.split("=") for line in SETTINGS)),
}


def called(folder: Path, script: str, function: str, conf: str, **environment: str) -> list[str]:
    """What @function of @script has done, one line each; openrc-run has read the file of its own service."""
    said, stub, file = folder / "said", folder / "saut", folder / "conf"
    stub.write_text(STUB)
    stub.chmod(0o755)
    file.write_text(conf)
    said.write_text("")
    text = (SCRIPTS / f"{script}.initd").read_text().replace("@sbindir@", str(folder)).replace("/etc/conf.d/kexec", str(file))
    text = text.replace("/etc/runlevels", str(folder / "runlevels"))
    own = f". {file}\n" if script == "kexec" else ""
    names = {"SAID": str(said), "NOTHING": "0", "PATH": os.environ["PATH"], "RC_SVCNAME": script, **environment}
    done = subprocess.run(["sh", "-c", f"{OPENRC}{own}{text}\n{function}; done=$?; wait; exit $done"], env=names, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return said.read_text().splitlines()


@pytest.mark.parametrize("conf", WAYS.values(), ids=WAYS)
def test_all_settings_come_through(tmp_path: Path, conf: str) -> None:
    """To the service that loads, by whatever action."""
    asked = {"start": ("start", "prepare"), "check": ("check",), "reload": ("reload", "prepare"), "stop": ("stop",)}
    for function, actions in asked.items():
        said = called(tmp_path, "kexec", function, conf)
        assert said == [line for action in actions for line in (f"saut service --style=openrc --environment {action}", *SETTINGS)]
    said = called(tmp_path, "kexec", "stop", conf, RC_REBOOT="YES")
    assert said == ["saut service --style=openrc --environment stop --rebooting", *SETTINGS]


#: What Debian's file calls what is in there by other names.
DEBIANS = {"LOAD_KEXEC", "KERNEL_IMAGE", "APPEND", "USE_GRUB_CONFIG"}


def test_each_setting_is_handed_on() -> None:
    """Of the table of all that there are."""
    table = (ROOT / "src/service/settings.c").read_text().split("} rows[] = {")[1].split("};")[0]
    known = set(re.findall(r'\{ "([A-Z_]+)"', table)) - DEBIANS
    exported = re.findall(r"\texport ([A-Z_ ]+)", (SCRIPTS / "kexec.initd").read_text())
    assert {"KNAME", "UNBIND"} <= known == {name for line in exported for name in line.split()}


def test_what_is_not_set_is_not_handed_on(tmp_path: Path) -> None:
    """Else it would hide what /etc/kexec.conf says."""
    said = called(tmp_path, "kexec", "check", "KNAME=mine\n")
    assert said == ["saut service --style=openrc --environment check", "KNAME=mine"]


UNBINDS = "saut service unbind --style=openrc --environment"


@pytest.mark.parametrize("conf", WAYS.values(), ids=WAYS)
def test_unbinding(tmp_path: Path, conf: str) -> None:
    """In a reboot only, with what is written down below /var at hand for it, and not before kexec-jump does."""
    unbind = "UNBIND=nvidia amdgpu"
    assert called(tmp_path, "kexec-unbind", "stop", conf) == []
    assert called(tmp_path, "kexec-unbind", "stop", conf, RC_REBOOT="YES") == [
        f"{UNBINDS} --check", unbind, "mount /var", UNBINDS, unbind, "umount /var"]
    assert called(tmp_path, "kexec-unbind", "stop", conf, RC_REBOOT="YES", NOTHING="1") == [f"{UNBINDS} --check", unbind]
    (tmp_path / "runlevels/shutdown").mkdir(parents=True)
    (tmp_path / "runlevels/shutdown/kexec-jump").touch()
    assert called(tmp_path, "kexec-unbind", "stop", conf, RC_REBOOT="YES") == []
    jumps = "saut service jump --style=openrc --environment"
    assert called(tmp_path, "kexec-jump", "start", conf, RC_REBOOT="YES") == [f"{jumps} --check", unbind, jumps, unbind]
    assert called(tmp_path, "kexec-jump", "start", conf) == []


def test_who_confirms_is_stopped(tmp_path: Path) -> None:
    """Whatever for, the trial is over; in a reboot what runs is written down for the next one."""
    leave = "saut service leave --style=openrc"
    assert called(tmp_path, "saut-confirm", "stop", "") == [leave]
    assert called(tmp_path, "saut-confirm", "stop", "", RC_GOINGDOWN="YES") == [leave]
    assert called(tmp_path, "saut-confirm", "stop", "", RC_GOINGDOWN="YES", RC_REBOOT="YES") == [f"{leave} --rebooting"]
