# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Ansible collection, by ansible-playbook on a target that only answers as a machine with saut would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = ROOT / "contrib/ansible"

#: A machine of one file, whose first boot is left by `saut reboot`; what comes of that the file says.
TARGET = """#!/usr/bin/python3
import json, os, pathlib, sys, time
path = pathlib.Path(__file__).with_name("machine.json")
machine = json.loads(path.read_text())
verb, words = sys.argv[1], sys.argv[2:]
machine["asked"].append(sys.argv[1:])
machine["stdin"].append(os.readlink("/proc/self/fd/0"))
answer = {"schema": 1}
if machine.get("refuses") == verb:
    answer["error"] = {"attempt": verb, "reason": "it will not", "hint": "ask it nicely"}
elif verb == "check":
    answer["checks"] = machine["checks"]
elif verb == "reboot":
    trial = {"within": 5, "confirm": "auto"} if machine["becomes"] else None
    answer.update(by_kexec=machine["by_kexec"], reason="somebody has switched it off", loaded={"trial": trial})
    if "--dry-run" not in words:
        machine["boot"] += 1
        machine["looks"] = 0
elif verb == "confirm":
    machine["becomes"] = {"outcome": "refused" if "--refuse" in words else "confirmed", "failed": "--refuse" in words}
elif verb == "status":
    machine["looks"] += 1
    trial = {"outcome": "waiting", "failed": False, "release": "6.12", "kernel": "/k", "when": time.time() + 1,
             "within": 5, "reason": None, "last_words": None}
    if machine["looks"] > 1:
        trial.update(machine["becomes"])
    answer.update(came_by_kexec=machine["by_kexec"], trial=trial if machine["becomes"] else None)
elif verb == "list":
    answer["entries"] = [{"id": "a"}]
path.write_text(json.dumps(machine))
print("a banner that some shell prints")
print(json.dumps(answer))
"""

GOOD = {"outcome": "confirmed", "failed": False, "reason": "all is as before the jump"}
WAITING = {"outcome": "waiting", "failed": False}
PANIC = {"outcome": "silent", "failed": True, "reason": None, "last_words": "Kernel panic - not syncing: VFS"}
ROW = {"name": "root", "title": "root file system", "result": "fail", "reason": "it is gone", "advice": "find it"}


class Play:
    """Plays on such a target."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        collections = folder / "collections/ansible_collections/saut"
        collections.mkdir(parents=True)
        (collections / "kexec").symlink_to(COLLECTION)
        (folder / "saut").write_text(TARGET)
        (folder / "saut").chmod(0o755)

    def run(self, task: dict[str, object], *words: str, **machine: object) -> dict:
        """The task's result on a machine whose file differs in @machine."""
        made = {"boot": 1, "looks": 0, "checks": [], "becomes": {}, "by_kexec": True, "asked": [], "stdin": [],
                **machine}
        (self.folder / "machine.json").write_text(json.dumps(made))
        play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [
            {**task, "register": "found", "ignore_errors": True},
            {"copy": {"content": "{{ found | to_json }}", "dest": f"{self.folder}/found.json"}, "check_mode": False},
        ]}]
        (self.folder / "play.yml").write_text(json.dumps(play))
        environment = os.environ | {
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"), "HOME": str(self.folder),
            "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_PYTHON_INTERPRETER": sys.executable, "LC_ALL": "C.UTF-8",
        }
        command = ["ansible-playbook", "-i", "localhost,", *words, str(self.folder / "play.yml")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads((self.folder / "found.json").read_text())

    def reboot(self, *words: str, options: dict[str, object] | None = None, **machine: object) -> dict:
        """What the module says."""
        given = {"executable": str(self.folder / "saut"), "pause": 0, "timeout": 3,
                 "boot_id_command": f"grep -o '\"boot\": [0-9]*' {self.folder}/machine.json", **(options or {})}
        return self.run({"saut.kexec.reboot": given}, *words, **machine)

    def told(self, name: str) -> list:
        """What the machine has written down."""
        return json.loads((self.folder / "machine.json").read_text())[name]

    @property
    def asked(self) -> list[list[str]]:
        """What the machine was asked."""
        return self.told("asked")


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


def test_a_good_kernel(play: Play) -> None:
    found = play.reboot(becomes=GOOD, options={"entry": "linux-6.12", "within": 60, "test_command": "true"})
    assert not found["failed"] and found["changed"], found
    assert found["by_kexec"] is True and found["trial"]["outcome"] == "confirmed"
    assert found["boot_id_before"] != found["boot_id"]
    reboot = [words for words in play.asked if words[0] == "reboot"]
    assert reboot[0] == ["reboot", "--dry-run", "--delay=5", "--confirm=auto", "linux-6.12", "--within=60", "--json"]
    assert [words[0] for words in play.asked[:3]] == ["check", "reboot", "reboot"]


def test_nobody_is_asked_at_a_terminal(play: Play) -> None:
    """As molly-guard asks, for which Ansible has no answer."""
    assert not play.reboot(becomes=GOOD)["failed"]
    assert set(play.told("stdin")) == {"/dev/null"}


def test_one_that_panics_is_a_failure_that_says_so(play: Play) -> None:
    found = play.reboot(becomes=PANIC)
    assert found["failed"]
    assert found["msg"].startswith("the new kernel 6.12 gave no sign of life: Kernel panic - not syncing: VFS; ")
    assert found["msg"].endswith(f"; {os.uname().release} runs now")


def test_nothing_is_changed_where_a_check_fails(play: Play) -> None:
    found = play.reboot(checks=[ROW])
    assert found["failed"] and found["msg"] == "saut check: root file system: it is gone (find it)"
    assert [words[0] for words in play.asked] == ["check"] and not found["changed"]


def test_nothing_is_changed_where_saut_refuses(play: Play) -> None:
    found = play.reboot(refuses="reboot")
    assert found["failed"] and found["msg"] == "cannot reboot: it will not (ask it nicely)" and not found["changed"]


def test_the_firmware_is_a_failure_unless_it_is_allowed(play: Play) -> None:
    found = play.reboot(by_kexec=False)
    assert found["failed"] and found["msg"].endswith("through the firmware: somebody has switched it off")
    found = play.reboot(by_kexec=False, options={"allow_firmware": True})
    assert not found["failed"] and found["by_kexec"] is False


def test_without_a_trial_the_command_decides(play: Play) -> None:
    assert not play.reboot()["failed"]
    found = play.reboot(options={"test_command": "exit 3"})
    assert found["failed"] and found["msg"] == "the machine is up, and this fails there: exit 3"


def test_the_play_confirms_or_refuses(play: Play) -> None:
    """By its own command, which the boot service does not know."""
    found = play.reboot(becomes=WAITING, options={"confirm": "manual", "test_command": "true"})
    assert not found["failed"] and ["confirm", "--json"] in play.asked
    found = play.reboot(becomes=WAITING, options={"confirm": "manual", "test_command": "false"})
    assert found["failed"] and ["confirm", "--refuse", "--json"] in play.asked


def test_a_machine_that_stays_is_given_up(play: Play) -> None:
    found = play.reboot(options={"boot_id_command": "echo 1", "timeout": 1})
    assert found["failed"] and found["msg"] == "after 1 s there is no new boot: the old one still runs"


def test_check_mode_changes_nothing(play: Play) -> None:
    found = play.reboot("--check", becomes=GOOD)
    assert found["changed"] and not found["failed"]
    assert not [words for words in play.asked if words[0] == "reboot" and "--dry-run" not in words]


def test_wrong_arguments_are_refused(play: Play) -> None:
    assert "mutually exclusive" in play.reboot(options={"entry": "a", "newest": True})["msg"]
    assert play.reboot(options={"colour": "red"})["failed"]


def test_facts(play: Play) -> None:
    task = {"saut.kexec.facts": {"executable": str(play.folder / "saut")}}
    found = play.run(task)["ansible_facts"]["saut"]
    assert found["status"]["came_by_kexec"] is True and found["entries"] == [{"id": "a"}] and found["problems"] == []
    assert play.run(task, refuses="status")["msg"] == "cannot status: it will not (ask it nicely)"
    found = play.run(task, refuses="list")["ansible_facts"]["saut"]
    assert found["entries"] == [] and found["problems"] == ["cannot list: it will not (ask it nicely)"]


def test_facts_of_the_real_command(play: Play) -> None:
    """Whatever this machine is."""
    task = {"saut.kexec.facts": {"executable": str(ROOT / "build/meson/src/cmd/saut/saut")}}
    assert "next_reboot" in play.run(task)["ansible_facts"]["saut"]["status"]


@pytest.mark.parametrize("module", ["reboot", "facts"])
def test_its_documentation(play: Play, module: str) -> None:
    """ansible-doc reads it, and it has every argument."""
    environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(play.folder / "collections"), "LC_ALL": "C.UTF-8"}
    command = ["ansible-doc", "--json", f"saut.kexec.{module}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    options = json.loads(done.stdout)[f"saut.kexec.{module}"]["doc"]["options"]
    assert all(option["description"] for option in options.values())
    if module == "reboot":
        text = (COLLECTION / "plugins/action/reboot.py").read_text()
        defined = json.loads(text[text.index("ARGUMENTS = ") + 12:text.index("\n}\n") + 2]
                             .replace("False", "false").replace(",\n}", "\n}"))
        assert {name: option.get("default") for name, option in options.items()} == {
            name: option.get("default") for name, option in defined.items()}


def test_it_is_built(tmp_path: Path) -> None:
    """As for Galaxy."""
    done = subprocess.run(["ansible-galaxy", "collection", "build", COLLECTION, "--output-path", tmp_path],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    version = (ROOT / "meson.build").read_text().split("version: '")[1].split("'")[0]
    assert [path.name for path in tmp_path.iterdir()] == [f"saut-kexec-{version}.tar.gz"]
