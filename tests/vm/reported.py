# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `saut report` tells of the reboot that a machine has just been through, against what was seen from outside."""

from __future__ import annotations

import json
import time
from typing import Any

from disk_machine import DiskVM
from schemas import validate

#: In this order, whatever else there is.
ORDER = (
    "asked", "shutdown-begins", "load-begins", "loaded", "stub-entered", "stub-verified", "kernel-entered",
    "kernel-clock", "init", "root-mounted", "system-init", "boot-finished",
)
#: The boot service writes down that the boot is done, and systemd says so a little later.
DONE = "grep -q $(cat /proc/sys/kernel/random/boot_id) /var/lib/saut/boot-time"
PATIENCE_S = 120
#: What the guest's clocks and ours may be apart: this is about order, not about time.
SLACK_US = 3_000_000


def told(vm: DiskVM, until: str = "boot-finished") -> dict[str, Any]:
    """As soon as the moment @until is known."""
    end = time.monotonic() + PATIENCE_S
    while True:
        vm.run(f"until {DONE}; do sleep 1; done")
        report = json.loads(vm.check("saut report --json"))
        validate(report, "report")
        if until in known(report) or time.monotonic() > end:
            return report
        time.sleep(1)


def known(report: dict[str, Any]) -> dict[str, int]:
    """The moments that are known, with their times."""
    return {row["name"]: row["at_us"] for row in report["moments"] if row["at_us"] is not None}


def assert_in_order(report: dict[str, Any], wanted: tuple[str, ...], elapsed_s: float) -> None:
    """Those of @wanted are known and follow each other; all of it took no longer than somebody outside waited."""
    at = known(report)
    assert [name for name in wanted if name not in at] == [], report
    times = [at[name] for name in wanted]
    assert times == sorted(times), report
    assert report["joined"] is True
    took = {row["name"]: row["took_us"] for row in report["moments"] if row["took_us"] is not None}
    assert sum(took.values()) == report["total_us"] == max(at.values()), report
    assert 0 < report["total_us"] <= elapsed_s * 1e6 + SLACK_US, (report, elapsed_s)
    assert report["notes"] == [], report
