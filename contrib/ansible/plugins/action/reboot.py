# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut.kexec.reboot, the part that runs where the play does: asks, lets go, and waits for what comes of it."""

from __future__ import annotations

import shlex
import time

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.saut.kexec.plugins.module_utils import answers

ARGUMENTS = {
    "entry": {"type": "str"},
    "newest": {"type": "bool", "default": False},
    "delay": {"type": "int", "default": 5},
    "within": {"type": "int"},
    "confirm": {"type": "str", "choices": ["auto", "manual"], "default": "auto"},
    "test_command": {"type": "str"},
    "allow_firmware": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 900},
    "pause": {"type": "int", "default": 2},
    "executable": {"type": "str", "default": "saut"},
    "boot_id_command": {"type": "str", "default": "cat /proc/sys/kernel/random/boot_id"},
}


class Failed(Exception):
    """The play stops on this machine, and says why."""


class ActionModule(ActionBase):
    """One machine's reboot."""

    _VALID_ARGS = frozenset(ARGUMENTS)
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        """What Ansible calls."""
        result = super().run(tmp, task_vars)
        _, self.asked = self.validate_argument_spec(ARGUMENTS, mutually_exclusive=[("entry", "newest")])
        self.report = {"changed": False}
        try:
            self._reboot()
        except (Failed, answers.Unreadable) as failure:
            self.report.update(failed=True, msg=str(failure))
        except AnsibleConnectionFailure as failure:
            self.report.update(unreachable=True, msg=str(failure))
        result.update(self.report)
        return result

    # What the machine is asked.

    def _ask(self, command):
        """What a command says on the machine; AnsibleConnectionFailure where it cannot be reached."""
        # Ansible's ssh has a terminal, and who asks people there, as molly-guard does, would wait for ever.
        answer = self._low_level_execute_command("exec </dev/null; " + command, sudoable=True)
        return answer["rc"], answer["stdout"]

    def _saut(self, *words):
        """A verb's JSON; saut's own refusal is a failure."""
        command = " ".join(shlex.quote(word) for word in (self.asked["executable"], *words, "--json"))
        document = answers.parse(self._ask(command)[1])
        refused = answers.refusal(document)
        if refused:
            raise Failed(refused)
        return document

    def _boot_id(self):
        """Of the boot that runs; None where it does not answer."""
        try:
            code, text = self._ask(self.asked["boot_id_command"])
        except AnsibleConnectionFailure:
            self._hang_up()
            return None
        return text.strip().splitlines()[-1] if code == 0 and text.strip() else None

    def _hang_up(self):
        """Forgets a connection to a boot that is over."""
        try:
            self._connection.reset()
        except (AnsibleError, NotImplementedError):
            pass

    def _release(self):
        return self._ask("uname -r")[1].strip()

    # The acts, in their order.

    def _reboot(self):
        choice = [self.asked["entry"]] if self.asked["entry"] else ["--newest"] if self.asked["newest"] else []
        self._check(choice)
        before = self._boot_id()
        if not before:
            raise Failed("the boot id cannot be read: %s" % self.asked["boot_id_command"])
        self.report.update(boot_id_before=before, release_before=self._release())
        ordered = self._go(choice)
        if self._task.check_mode:
            return
        self._wait_for_boot(before, time.monotonic() + self.asked["timeout"])
        self._wait_for_trial(ordered)
        self._tell()

    def _check(self, choice):
        """Before anything is changed."""
        document = self._saut("check", *choice)
        self.report["checks"] = {row["name"]: row["result"] for row in document["checks"]}
        failed = answers.worst_rows(document)
        if failed and not self.asked["allow_firmware"]:
            raise Failed("saut check: " + "; ".join(failed))

    def _go(self, choice):
        """Has the kernel loaded, which can still be refused, and the reboot ordered."""
        words = ["--delay=%d" % self.asked["delay"], "--confirm=%s" % self.asked["confirm"], *choice]
        if self.asked["within"]:
            words.append("--within=%d" % self.asked["within"])
        dry = self._saut("reboot", "--dry-run", *words)
        if not dry["by_kexec"] and not self.asked["allow_firmware"]:
            raise Failed("the reboot would go through the firmware: %s" % dry["reason"])
        self.report["changed"] = True
        if self._task.check_mode:
            return dry
        # The machine's clock: what it writes down of the trial is told by it.
        self.since = int(self._ask("date +%s")[1].strip())
        return self._saut("reboot", *words)

    def _wait_for_boot(self, before, deadline):
        """Until a boot answers that is another one."""
        start = time.monotonic()
        while True:
            now = self._boot_id()
            if now and now != before:
                break
            if time.monotonic() > deadline:
                raise Failed("after %d s there is no new boot: %s" % (
                    self.asked["timeout"], "the old one still runs" if now else "the machine does not answer"))
            time.sleep(self.asked["pause"])
        self.report.update(boot_id=now, seconds=round(time.monotonic() - start))

    def _wait_for_trial(self, ordered):
        """Until the new kernel is known to be good, or not; what was loaded before may be on trial as well."""
        promised = (ordered.get("loaded") or {}).get("trial") or self._trial()
        if not promised:
            self._test()
            return
        if self.asked["confirm"] == "manual":
            self._confirm()
        seconds = promised["within"] + self.asked["timeout"]
        deadline = time.monotonic() + seconds
        while True:
            trial = self._trial()
            if trial and answers.is_over(trial):
                break
            if time.monotonic() > deadline:
                raise Failed("nothing has become of the trial after %d s" % seconds)
            time.sleep(self.asked["pause"])
        self.report["trial"] = trial
        failed = answers.verdict(trial, self._release())
        if failed:
            raise Failed(failed)
        if self.asked["confirm"] == "auto":
            self._test()

    def _trial(self):
        """None where it is not known now: the machine may be on its way back."""
        try:
            return answers.trial_of(self._saut("status"), self.since)
        except AnsibleConnectionFailure:
            self._hang_up()
        except (Failed, answers.Unreadable):
            pass
        return None

    def _passes(self):
        command = self.asked["test_command"]
        return not command or self._ask(command)[0] == 0

    def _test(self):
        if not self._passes():
            raise Failed("the machine is up, and this fails there: %s" % self.asked["test_command"])

    def _confirm(self):
        """The play's own test decides whether the new kernel stays."""
        trial = self._trial()
        if not trial or answers.is_over(trial):
            return
        passes = self._passes()
        try:
            self._saut("confirm", *([] if passes else ["--refuse"]))
        except AnsibleConnectionFailure:
            # It is on its way to the old kernel.
            self._hang_up()

    def _tell(self):
        """What is there now."""
        status = self._saut("status")
        self.report.update(release=self._release(), by_kexec=status["came_by_kexec"])
        if not status["came_by_kexec"] and not self.asked["allow_firmware"]:
            raise Failed("the machine is up, and came through the firmware")
        self.report["msg"] = "%s runs, %s, away for %d s" % (
            self.report["release"], "by kexec" if status["came_by_kexec"] else "through the firmware",
            self.report["seconds"])
