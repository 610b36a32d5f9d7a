# SPDX-License-Identifier: LGPL-2.1-or-later
"""When OpenRC runs our scripts: its own programs, in namespaces with a root of their own, and no machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import base_system
import package_tree
import pytest
import systems

#: What tells of a call instead of doing anything.
SAUT = '#!/bin/sh\necho "saut $*"\n'

#: Services that want a file system; one is slow, one is left running.
SERVICES = {"aaa": "", "display": "", "slow": "sleep 1; ", "zzz": ""}
STAYS = "#!/sbin/openrc-run\ndepend() { keyword -shutdown; }\nstart() { return 0; }\n"

#: A boot, what somebody does by hand, and the way down.
STORY = """\
mount -t proc proc /proc && mount -t tmpfs tmpfs /run && exec 2>&1
openrc sysinit && openrc boot
rc-update add kexec boot && rc-service kexec start
for name in aaa display slow stays zzz; do rc-update add $name default; done
openrc default
rc-service kexec restart
echo going down
openrc reboot
"""


def script(folder: Path, name: str, text: str) -> None:
    """A program in @folder."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gentoo's way, with our scripts as they are installed, and nothing that would leave it."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-mpuif", "true"], check=False).returncode != 0:
        pytest.skip("wants root, and namespaces")
    try:
        base = base_system.folder(systems.OPENRC_BASE)
    except base_system.Unreachable as reason:
        pytest.skip(str(reason))
    made = tmp_path_factory.mktemp("openrc") / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(base), str(made)], check=True)
    for path in made.glob("etc/runlevels/*/*"):
        path.unlink()
    package_tree.install(("openrc",), made)
    script(made / "usr/sbin", "saut", SAUT)
    services = made / "etc/init.d"
    script(services, "localmount", "#!/sbin/openrc-run\nstart() { return 0; }\nstop() { echo stop localmount; }\n")
    script(services, "ends", "#!/sbin/openrc-run\nstart() { echo ends what runs; }\n")
    script(services, "stays", STAYS)
    for name, waits in SERVICES.items():
        text = f"start() {{ return 0; }}\nstop() {{ {waits}echo stop {name}; }}\n"
        script(services, name, f"#!/sbin/openrc-run\ndepend() {{ need localmount; }}\n{text}")
    for level, name in (("boot", "localmount"), ("shutdown", "ends")):
        (made / "etc/runlevels" / level).mkdir(parents=True, exist_ok=True)
        (made / "etc/runlevels" / level / name).symlink_to(f"/etc/init.d/{name}")
    (made / "etc/fstab").write_text("")
    return made


@pytest.mark.parametrize("parallel", ["NO", "YES"])
def test_unbinding_comes_last(root: Path, tmp_path: Path, parallel: str) -> None:
    """Behind each service that is stopped, whatever its name; loading, while the kernel can be read."""
    inside = tmp_path / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(root), str(inside)], check=True)
    with open(inside / "etc/rc.conf", "a", encoding="ascii") as settings:
        settings.write(f'rc_parallel="{parallel}"\n')
    done = subprocess.run(["unshare", "-mpuif", "--fork", "chroot", str(inside), "/bin/sh", "-c", STORY],
                          capture_output=True, text=True, timeout=120, check=False)
    shutil.rmtree(inside)
    assert done.returncode == 0, done.stdout + done.stderr
    before, after = done.stdout.split("going down\n")
    assert "unbind" not in before, before
    told = re.findall(r"saut service .*|stop [a-z]+|ends what runs", after)
    loads, unbinds = "saut service --style=openrc --environment stop --rebooting", "saut service unbind --style=openrc --environment"
    assert sorted(told[:6]) == sorted([loads, *(f"stop {name}" for name in (*SERVICES, "localmount"))]), after
    assert told.index(loads) < told.index("stop localmount"), after
    assert told[6:] == [unbinds, "ends what runs"], after
