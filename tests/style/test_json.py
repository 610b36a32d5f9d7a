# SPDX-License-Identifier: LGPL-2.1-or-later
"""What saut prints for programs is what the schemas say that are installed with it, errors as well."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_reads import run_inside

ROOT = Path(__file__).resolve().parents[2]
SAUT = ROOT / "build/saut"
MACHINES = sorted((ROOT / "tests/machines").glob("*.machine"))
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "schema").glob("*.json"))}


@pytest.fixture(autouse=True)
def built() -> None:
    """Without the command there is nothing to ask."""
    if not SAUT.exists():
        pytest.skip("saut is not built")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """saut with these words."""
    return subprocess.run([SAUT, *words], capture_output=True, text=True, check=False)


def fitting(text: str, schema: str) -> Any:
    """The one document that it is, which fits the schema."""
    document = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMAS[schema]).validate(document)
    return document


def told(verb: str, *words: str) -> Any:
    """What a verb says to programs."""
    return fitting(run(verb, *words, "--json").stdout, verb)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema_that_refuses(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMAS[name]).validate({"schema": 0})
    assert f"'schema/{name}.json'" in (ROOT / "meson.build").read_text(), "it is not installed"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_status_of_each_machine(machine: Path) -> None:
    status = told("status", f"--root={machine}")
    assert status["next_reboot"]["by_kexec"] is not True, "nothing is known of an init there"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.stem)
def test_a_reason_is_said_once(machine: Path) -> None:
    """Nor what nobody has switched, nor the same in other words for the kernel."""
    reason = told("status", f"--root={machine}")["next_reboot"]["reason"]
    said = run("status", f"--root={machine}").stdout
    assert said.count(reason) == 1 and "not switched off" not in said
    if "neither kexec_load nor" in reason or "kernel.kexec_load" in reason:
        assert "cannot kexec" not in said


def test_status_names_a_step(tmp_path: Path) -> None:
    """Nothing is loaded, and the service is there but not switched on."""
    root = gentoo(tmp_path)
    (root / "run/openrc/started/kexec").unlink()
    following = told("status", f"--root={root}")["next_reboot"]
    assert following["step"] == "saut load (once), or rc-update add kexec boot && rc-service kexec start (for every reboot)"
    assert f"to change that: {following['step']}" == run("status", f"--root={root}").stdout.splitlines()[1]


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    """A folder of nothing: neither yes nor no, and never that it can."""
    status = told("status", f"--root={tmp_path}")
    for name in ("can_kexec", "loaded", "kexec_load", "may_load", "came_by_kexec", "lockdown"):
        assert status[name] is None, name
    reply = run("status", f"--root={tmp_path}")
    assert reply.returncode == 1
    assert reply.stdout.startswith("Whether the next reboot will go by kexec is not known: ")
    assert reply.stderr == "", "an answer is no error"


def gentoo(root: Path, **more: str) -> Path:
    """A machine with OpenRC whose service is started, and a kernel for it to find; and what @more adds."""
    files = {
        "proc/1/comm": "init\n",
        "etc/inittab": "l6:6:wait:/sbin/openrc reboot\nl6r:6:wait:/sbin/reboot -dkn\n",
        "run/openrc/softlevel": "default",
        "run/openrc/started/kexec": "",
        "etc/init.d/kexec": "saut service\n",
        "etc/fstab": "/dev/sda1 / ext4 rw 0 1\n",
        "proc/cmdline": "root=/dev/sda1\n",
        "proc/sys/kernel/random/boot_id": "this-boot\n",
        "saut/syscalls": "kexec_load yes\nkexec_file_load yes\n",
        "sys/kernel/kexec_loaded": "0\n",
        "boot/vmlinuz-6.12.1": "",
        **more,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


LOADED = "BOOT_ID='this-boot'\nLOADED=1796000000\nLOADED_BY=kexec\nTITLE=''\nKERNEL='/boot/vmlinuz-6.1'\n" \
         "RELEASE='6.1.0'\nCOMMAND_LINE='quiet'\nINITRD_0='/boot/initrd.img-6.1'\nINITRDS=1\n"


def test_what_is_loaded_is_named(tmp_path: Path) -> None:
    """Not what the service's settings mean."""
    loaded = {"sys/kernel/kexec_loaded": "1\n", "run/saut/loaded": LOADED}
    root = gentoo(tmp_path, **loaded, **{"boot/vmlinuz-6.1": "its file is there"})
    following = told("status", f"--root={root}")["next_reboot"]
    assert following["by_kexec"] is True and following["loads_at_shutdown"] is False
    assert following["kernel"] == {
        "by": "kexec", "when": 1796000000, "title": None, "kernel": "/boot/vmlinuz-6.1", "release": "6.1.0",
        "command_line": "quiet", "initrds": ["/boot/initrd.img-6.1"]}
    reply = run("status", f"--root={root}")
    assert reply.returncode == 0
    assert reply.stdout.splitlines()[0].startswith(
        "The next reboot will jump by kexec into Linux 6.1.0 (/boot/vmlinuz-6.1), loaded by kexec on 20")


def test_a_reboot_through_the_firmware_was_loaded_by_nobody(tmp_path: Path) -> None:
    """Though its record names who would have loaded a kernel for it."""
    record = "FORM=2\nWHEN=1796000000\nBOOT_ID='another'\nWAY=%s\nREASON='no entry'\n" + LOADED.replace("BOOT_ID='this-boot'\n", "")
    root = gentoo(tmp_path, **{"var/lib/saut/last-reboot": record % "firmware"})
    said = run("status", f"--root={root}").stdout
    assert re.search(r"^last reboot \(.*\): through the firmware; no entry$", said, re.M), said
    (root / "var/lib/saut/last-reboot").write_text(record % "kexec")
    said = run("status", f"--root={root}").stdout
    assert re.search(r"^last reboot \(.*\): by kexec into Linux 6.1.0 \(.*\), loaded by kexec; no entry$", said, re.M), said


def test_a_record_is_believed_as_far_as_the_kernel_agrees(tmp_path: Path) -> None:
    status = told("status", f"--root={gentoo(tmp_path, **{'run/saut/loaded': LOADED})}")
    assert status["loaded_kernel"] is None
    assert status["loaded_before"]["kernel"] == "/boot/vmlinuz-6.1"
    (tmp_path / "run/saut/loaded").unlink()
    (tmp_path / "sys/kernel/kexec_loaded").write_text("1\n")
    status = told("status", f"--root={tmp_path}")
    assert status["loaded"] is True and status["loaded_kernel"] is None
    assert status["next_reboot"]["by_kexec"] is True and status["next_reboot"]["kernel"] is None
    assert "saut did not load it" in run("status", f"--root={tmp_path}").stdout.splitlines()[0]


def test_nothing_loads_where_the_service_is_stopped(tmp_path: Path) -> None:
    root = gentoo(tmp_path)
    following = told("status", f"--root={root}")["next_reboot"]
    assert following["by_kexec"] is True and following["loads_at_shutdown"] is True
    assert following["kernel"]["kernel"] == "/boot/vmlinuz-6.12.1" and following["kept_ready"] is None
    (root / "run/openrc/started/kexec").unlink()
    following = told("status", f"--root={root}")["next_reboot"]
    assert following["by_kexec"] is False and following["reason"] == "no kernel is loaded"


#: Of a system with systemd, GRUB and one kernel: the words, the schema, and a value that must come of it.
SAID = {
    ("list",): ("list", ("entries", 0, "release"), "6.1"),
    ("check",): ("check", ("release",), "6.1"),
    ("inspect", "/boot/vmlinuz-6.1"): ("inspect", ("files", 0, "kind"), "kernel"),
    ("inspect", "/nothing-such"): ("inspect", ("files", 0, "kind"), None),
    ("plan",): ("plan", ("plans", 0, "title"), "The first"),
    ("load", "--dry-run"): ("load", ("loaded", "release"), "6.1"),
    ("load", "--dry-run", "/boot/vmlinuz-6.1", "--append=debug"): ("load", ("loaded", "kernel"), "/boot/vmlinuz-6.1"),
    ("reboot", "--dry-run"): ("reboot", ("loaded", "system_call"), "kexec_load"),
    ("reboot", "--dry-run", "--within=60"): ("reboot", ("loaded", "trial", "within"), 60),
    ("reboot", "--dry-run", "--firmware"): ("reboot", ("by_kexec",), False),
    ("status",): ("status", ("next_reboot", "by_kexec"), None),
    ("report",): ("report", ("last_reboot",), None),
    ("service", "status", "--style=openrc"): ("service", ("target", "kernel"), "/boot/vmlinuz-6.1"),
    ("service", "check", "--style=openrc"): ("service", ("target", "release"), "6.1"),
    ("load", "--entry=none"): ("error", ("error", "class"), "refused"),
    ("load", "--nothing-such"): ("error", ("error", "exit_code"), 2),
    ("load",): ("error", ("error", "class"), "permission"),
    ("unload",): ("error", ("error", "class"), "permission"),
    ("reboot", "--cancel"): ("error", ("error", "class"), "refused"),
    ("confirm",): ("error", ("error", "attempt"), "confirm this boot"),
    ("confirm", "--refuse"): ("error", ("error", "attempt"), "refuse this boot"),
    ("forgive",): ("error", ("error", "class"), "refused"),
    ("service", "start"): ("error", ("error", "class"), "usage"),
    ("crash",): ("crash", ("last",), None),
    ("crash", "last"): ("crash", ("last",), None),
    ("crash", "test"): ("error", ("error", "class"), "usage"),
    ("crash", "load", "one", "two"): ("error", ("error", "class"), "usage"),
    ("nothing-such",): ("error", ("error", "exit_code"), 2),
}


@pytest.mark.parametrize("words", SAID, ids=" ".join)
def test_each_verb_says_one_document(system: Path, words: tuple[str, ...]) -> None:  # noqa: F811
    schema, path, value = SAID[words]
    reply = run_inside(system, *words, "--json")
    document = fitting(reply.stdout, schema)
    assert document["schema"] == 1
    if schema == "error":
        assert reply.returncode == document["error"]["exit_code"] != 0
        assert document["error"]["reason"] in reply.stderr, "people are told as well"
    found = document
    for step in path:
        found = found[step]
    assert found == value, document


def test_every_verb_has_it() -> None:
    """A verb without --json would print something else to a program than it expects."""
    verbs = set(re.findall(r'\{ "([a-z-]+)", verb_', (ROOT / "src/cmd/saut/main.c").read_text()))
    only_for_people = {"capture", "help", "version"}
    assert verbs - {words[0] for words in SAID} == only_for_people
