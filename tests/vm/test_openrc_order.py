# SPDX-License-Identifier: LGPL-2.1-or-later
"""When OpenRC runs our scripts: its own programs, in namespaces with a root of their own, and no machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import base_system
import package_tree
import pytest
import systems

#: What tells of a call instead of doing anything.
SAUT = '#!/bin/sh\necho "saut $*" | tee -a /said\n'

#: Services that want a file system; one is slow, one is left running.
SERVICES = {"aaa": "", "display": "", "slow": "sleep 1; ", "zzz": ""}
#: Debian's, by whose headers for sysvinit OpenRC starts umountroot with it.
UDEV = """\
#!/bin/sh
### BEGIN INIT INFO
# Provides: udev
# Required-Start:
# Required-Stop: umountroot
# Default-Start: S
# Default-Stop: 0 6
# Short-Description: In its place.
### END INIT INFO
[ "$1" != stop ] || echo stop udev
"""
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

#: A boot with the service in its runlevel, which loads ahead, before one that takes its time.
AHEAD = """\
mount -t proc proc /proc && mount -t tmpfs tmpfs /run && exec 2>&1
echo LOAD_DURING_SHUTDOWN=no >/etc/conf.d/kexec
rc-update add kexec boot && rc-update add late default
openrc sysinit && openrc boot && sleep 2 && echo boot is over >>/said && openrc default && sleep 3
echo by hand >>/said && rc-service kexec restart
"""
#: The same way down as Debian's /etc/init.d/rc goes it, called by sysvinit; and to switch off.
DEBIAN = """\
mount -t proc proc /proc && mount -t tmpfs tmpfs /run && exec 2>&1
openrc sysinit && openrc boot
rc-update add kexec boot && rc-service kexec start && rc-update add kexec-jump shutdown
openrc default
echo going down
mkdir -p /etc/runlevels/off
script=$(sed 's,/etc/init.d/\\(halt\\|reboot\\) stop,echo ends,' /etc/init.d/rc)
RUNLEVEL=%s PREVLEVEL=3 /bin/sh -c "$script" /etc/init.d/rc %s
"""
#: Of Debian's inittab, with sysvinit for the init of the namespaces; and what a person does.
INITTAB = """\
id:2:initdefault:
si::sysinit:/early
l0:0:wait:/etc/init.d/rc 0
l2:2:wait:/etc/init.d/rc 2
l6:6:wait:/etc/init.d/rc 6
go:2:once:/person
"""
EARLY = "#!/bin/sh\nmount -t proc proc /proc && mount -t tmpfs tmpfs /run && : >/run/utmp && exec /etc/init.d/rcS\n"
PERSON = """\
#!/bin/sh
rc-service saut-confirm stop
echo going down >>/said
rc-service saut-confirm start
exec telinit %s
"""
LATE = "#!/sbin/openrc-run\nstart() { sleep 3; echo late is started >>/said; }\n"


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
    script(services, "udev", UDEV)
    text = (services / "umountroot").read_text().replace("do_stop () {", "do_stop () { echo stop umountroot; return")
    script(services, "umountroot", text)
    script(services, "ends", "#!/sbin/openrc-run\nstart() { echo ends what runs; }\n")
    script(services, "stays", STAYS)
    for name, waits in SERVICES.items():
        text = f"start() {{ return 0; }}\nstop() {{ {waits}echo stop {name}; }}\n"
        script(services, name, f"#!/sbin/openrc-run\ndepend() {{ need localmount; }}\n{text}")
    script(services, "late", LATE)
    for level, name in (("sysinit", "udev"), ("boot", "localmount"), ("shutdown", "ends")):
        (made / "etc/runlevels" / level).mkdir(parents=True, exist_ok=True)
        (made / "etc/runlevels" / level / name).symlink_to(f"/etc/init.d/{name}")
    (made / "etc/fstab").write_text("")
    return made


def story(inside: Path, text: str) -> str:
    """What is said by what is done below @inside, which is taken away."""
    done = subprocess.run(["unshare", "-mpuif", "--fork", "chroot", str(inside), "/bin/sh", "-c", text],
                          capture_output=True, text=True, timeout=120, check=False)
    said = (inside / "said").read_text()
    shutil.rmtree(inside)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + "all calls:\n" + said


def ruled_by_sysvinit(inside: Path) -> str:
    """What is said until the script that would end the machine runs."""
    said = inside / "said"
    command = ["unshare", "--kill-child=KILL", "-mpuif", "--fork", "chroot", str(inside), "/sbin/init"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            until = time.monotonic() + 120
            while "the machine ends" not in (told := said.read_text() if said.exists() else ""):
                assert time.monotonic() < until and running.poll() is None, told
                time.sleep(0.1)
        finally:
            running.kill()
    shutil.rmtree(inside)
    return told


@pytest.mark.parametrize("parallel", ["NO", "YES"])
def test_unbinding_comes_last(root: Path, tmp_path: Path, parallel: str) -> None:
    """Behind each service that is stopped, whatever its name; loading, while the kernel can be read."""
    inside = tmp_path / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(root), str(inside)], check=True)
    with open(inside / "etc/rc.conf", "a", encoding="ascii") as settings:
        settings.write(f'rc_parallel="{parallel}"\n')
    before, after = story(inside, STORY).partition("all calls:")[0].split("going down\n")
    assert "unbind" not in before, before
    told = re.findall(r"saut service .*|stop [a-z]+|ends what runs", after)
    loads, unbinds = "saut service --style=openrc --environment stop --rebooting", "saut service unbind --style=openrc --environment"
    services = (*SERVICES, "localmount", "udev", "umountroot")
    assert sorted(told[:8]) == sorted([loads, *(f"stop {name}" for name in services)]), after
    assert told.index(loads) < min(told.index("stop localmount"), told.index("stop umountroot")), after
    assert told[8:] == [unbinds, "ends what runs"], after


def test_a_boot_does_not_wait_for_a_load(root: Path, tmp_path: Path) -> None:
    """Ahead of the next reboot: it comes behind all that the boot starts. Who starts it by hand is told what came of it."""
    inside = tmp_path / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(root), str(inside)], check=True)
    said = story(inside, AHEAD).partition("all calls:\n")[2].splitlines()
    does = "saut service --style=openrc --environment"
    loads = [f"{does} start", f"{does} prepare"]
    assert said[:5] == ["boot is over", "late is started", *loads, "by hand"], said
    assert said[5:7] == [f"{does} stop", loads[0]] and said[7:] in ([], loads[1:]), said


@pytest.mark.parametrize(("level", "word"), [("6", " --rebooting"), ("0", "")])
def test_debian_goes_down_in_two_steps(root: Path, tmp_path: Path, level: str, word: str) -> None:
    """`openrc off` is told of no reboot, but leaves services of the runlevel boot: `openrc reboot` stops those."""
    inside = tmp_path / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(root), str(inside)], check=True)
    after = story(inside, DEBIAN % (level, level)).partition("all calls:")[0].split("going down\n")[1]
    told = re.findall(r"saut service .*|stop localmount|ends$", after, re.M)
    does = "saut service --style=openrc --environment"
    jumps = ["saut service jump --style=openrc --environment"] if word else []
    assert told[:2] == [f"{does} stop{word}", "stop localmount"] and told[-1] == "ends", after
    assert [call for call in told if " jump " in call] == jumps, after


@pytest.mark.parametrize(("level", "word"), [("6", " --rebooting"), ("0", "")])
def test_a_boot_is_left_for_a_reboot_in_off_as_well(root: Path, tmp_path: Path, level: str, word: str) -> None:
    """By sysvinit and Debian's inittab `openrc off` stops it; by hand, and to switch off, it is told of no reboot."""
    inside = tmp_path / "root"
    subprocess.run(["cp", "--archive", "--reflink=auto", str(root), str(inside)], check=True)
    (inside / "etc/inittab").write_text(INITTAB)
    script(inside, "early", EARLY)
    script(inside, "person", PERSON % level)
    for name in ("reboot", "halt"):
        script(inside / "etc/init.d", name, "#!/bin/sh\necho the machine ends >>/said\nsleep 60\n")
    for made in ("off", "default"):
        (inside / "etc/runlevels" / made).mkdir(exist_ok=True)
    (inside / "etc/runlevels/default/saut-confirm").symlink_to("/etc/init.d/saut-confirm")
    by_hand, after = ruled_by_sysvinit(inside).split("going down\n")
    leaves = "saut service leave --style=openrc"
    assert [line for line in by_hand.splitlines() if " leave " in line] == [leaves], by_hand
    assert [line for line in after.splitlines() if " leave " in line] == [leaves + word], after
