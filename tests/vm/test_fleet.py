# SPDX-License-Identifier: LGPL-2.1-or-later
"""A rollout by Ansible over three machines: the second gets a kernel that panics, and the third is left alone."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import ExitStack
from pathlib import Path

import fleet
import pytest
import rootfs
from disk_machine import BANNER, DiskVM
from test_come_back import LAST_WORDS, WITHOUT_A_DISK
from trials import NEW_RELEASE, OLD_RELEASE, trial

COLLECTION = rootfs.REPOSITORY / "contrib/ansible"
#: The play as the page has it, for what these machines serve.
(PLAY,) = re.findall(r"^```yaml\n(- hosts: web\n.*?)```$", (COLLECTION / "README.md").read_text(), re.M | re.S)
NAMES = ("web1", "web2", "web3")
MINUTES = 25

BOOT_ID = "cat /proc/sys/kernel/random/boot_id"


class Fleet:
    """Machines from one disk, all of which run; each has its port."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        disk = fleet.write_disk(folder)
        self.machines: dict[str, DiskVM] = {}
        self.ports: dict[str, int] = {}
        for name in NAMES:
            port = self.ports[name] = fleet.free_port()
            vm = self.machines[name] = running.enter_context(DiskVM(disk, more=(*fleet.card(port), *LAST_WORDS)))
            vm.boot()
            vm.run("systemctl is-system-running --wait")

    def play(self, text: str) -> tuple[int, str]:
        """How ansible-playbook ends, and what it says."""
        place = self.folder / "collections/ansible_collections/saut"
        place.mkdir(parents=True)
        (place / "kexec").symlink_to(COLLECTION)
        (self.folder / "play.yml").write_text(text)
        common = {"ansible_host": "127.0.0.1", "ansible_user": "root", "ansible_python_interpreter": "/usr/bin/python3",
                  "ansible_ssh_private_key_file": str(self.folder / "key"),
                  "ansible_ssh_common_args": "-o ServerAliveInterval=15"}
        hosts = {name: {**common, "ansible_port": port} for name, port in self.ports.items()}
        (self.folder / "inventory.json").write_text(json.dumps({"web": {"hosts": hosts}}))
        environment = {"ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"), "ANSIBLE_HOST_KEY_CHECKING": "False",
                       "HOME": str(self.folder), "ANSIBLE_TIMEOUT": "60", "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}
        command = ["ansible-playbook", "-v", "-i", str(self.folder / "inventory.json"), str(self.folder / "play.yml")]
        return fleet.listen_to(list(self.machines.values()), command, environment, MINUTES * 60)


def recap(said: str) -> dict[str, str]:
    """The hosts of a play that were reached, with what became of them."""
    return dict(re.findall(r"^(\S+) +: (.*)$", said.split("PLAY RECAP")[1], re.M))


@pytest.mark.full
def test_a_rollout_stops_at_the_machine_that_came_back(tmp_path: Path) -> None:
    """It is back by itself, the play says why it stops, and what is behind it in the line was not even asked."""
    if not shutil.which("ansible-playbook"):
        pytest.skip("there is no ansible-core")
    with ExitStack() as running:
        machines = Fleet(tmp_path, running)
        good, bad, behind = (machines.machines[name] for name in NAMES)
        bad.check(WITHOUT_A_DISK)
        state = f"{BOOT_ID}; cat /etc/saut/boot /sys/kernel/kexec_loaded; ls -A /run/saut /var/lib/saut /root; uname -r"
        left_alone = behind.run(state).stdout
        heard = {name: len(vm.console.received) for name, vm in machines.machines.items()}
        code, said = machines.play(PLAY.replace("nginx", "ssh"))
        assert code == 2, said
        assert f"{NEW_RELEASE} runs, by kexec, away for " in said, said
        why = re.search(f"the new kernel {re.escape(NEW_RELEASE)} gave no sign of life: (.*?); {OLD_RELEASE} runs now", said)
        assert why and "Kernel panic - not syncing: " in why[1], said
        ends = recap(said)
        assert "failed=0" in ends["web1"] and "unreachable=0" in ends["web1"], said
        assert "failed=1" in ends["web2"] and "unreachable=0" in ends["web2"] and "web3" not in ends, said

        def console(name: str) -> str:
            return machines.machines[name].console.received[heard[name]:].decode(errors="replace")

        up = good.wait_up()
        assert (up.boot, up.uname) == (2, NEW_RELEASE) and not BANNER.search(console("web1"))
        assert trial(good)["outcome"] == "confirmed"
        up = bad.wait_up()
        assert (up.boot, up.uname) == (2, OLD_RELEASE)
        assert "Kernel panic" in console("web2") and BANNER.search(console("web2"))
        assert trial(bad)["outcome"] == "silent"
        assert behind.run(state).stdout == left_alone
        assert "Accepted" not in behind.check("journalctl --no-pager --unit=ssh")
        assert "Accepted" in bad.check("journalctl --no-pager --unit=ssh")
