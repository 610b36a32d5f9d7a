# SPDX-License-Identifier: LGPL-2.1-or-later
"""What systemd hears of /boot by our units: its own programs, in namespaces with a root of their own, and no machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import base_system
import pytest
import rootfs
import systems

UNITS = rootfs.REPOSITORY / "service/systemd"

#: In place of what it does: its sleep is all that matters, and it is started as often as there are changes.
SLEEP = "ExecStart=/bin/sleep 20\n"
#: What process 1 is started for, and ends with.
STORY_UNIT = """\
[Unit]
DefaultDependencies=no
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/sh /story
StandardOutput=file:/said
StandardError=file:/said
"""
#: Each change of a folder or a file that is watched, beside one of the same folder that is not.
STORY = """\
systemctl start kexec-load.path || exit
for i in 0 1 2 3; do for name in boot/a-file$i boot/grub/grub.cfg boot/grub/grubenv etc/kernel/cmdline; do
	systemctl stop kexec-reload.service 2>/dev/null
	sleep 0.5
	touch /boot/b-file$i /boot/grub/other /etc/other /$name
	sleep 1
	echo "$(systemctl is-active kexec-reload.service) at $name"
done; done
systemctl stop kexec-load.path
echo "left: $(systemctl list-units --no-legend 'kexec-*.path' | wc -l)"
"""
MOUNTS = """\
mount --bind {0} {0} && cd {0} && mount -t proc proc proc && mount -t sysfs sysfs sys && mount -t tmpfs run run &&
mount -t cgroup2 cgroup sys/fs/cgroup && mount --rbind /dev dev &&
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --unit=story.service
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """With our units, but that they watch in a container as well."""
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--cgroup", "--ipc", "--uts", "true"]
    if os.geteuid() != 0 or subprocess.run(namespaces, check=False).returncode != 0:
        pytest.skip("wants root, and namespaces")
    try:
        base = base_system.folder(systems.SYSTEMD_BASE)
    except base_system.Unreachable as reason:
        pytest.skip(str(reason))
    made = tmp_path / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(base), str(made)], check=True)
    units = made / "etc/systemd/system"
    for name in ("kexec-load.path", "kexec-watch@.path"):
        (units / name).write_text((UNITS / name).read_text().replace("ConditionVirtualization=!container\n", ""))
    text = (UNITS / "kexec-reload.service").read_text()
    (units / "kexec-reload.service").write_text(re.sub(r"^ExecStart=.*\n", SLEEP, text, flags=re.M))
    (units / "story.service").write_text(STORY_UNIT)
    (made / "story").write_text(STORY)
    for name in ("boot/grub/grub.cfg", "boot/grub/grubenv", "etc/kernel/cmdline"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).touch()
    return made


def test_each_change_is_seen(root: Path) -> None:
    """Of all that is watched, whatever else changes at the same time; and the watches end with the one that is stopped."""
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--cgroup", "--ipc", "--uts"]
    subprocess.run([*command, "sh", "-c", MOUNTS.format(root)], capture_output=True, timeout=240, check=False)
    said = (root / "said").read_text().splitlines()
    shutil.rmtree(root)
    assert said[-1] == "left: 0", said
    assert len(said) == 17 and [line for line in said[:-1] if not line.startswith("activating at ")] == []
