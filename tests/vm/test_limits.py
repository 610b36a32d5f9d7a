# SPDX-License-Identifier: LGPL-2.1-or-later
"""A kernel is loaded under the resource limits of whoever asks, or the limit is told."""

from __future__ import annotations

import pytest
import rootfs
from conftest import StartVM

KERNEL = "6.12"

#: What a shell with few resources has set.
LIMITS = ("ulimit -f 10000", "ulimit -f 1", "ulimit -s 64", "ulimit -n 5", "ulimit -l 0", "ulimit -t 60")

TRUE = ("out of memory", "Cannot allocate memory", "are limited to", "is available", "are available")


@pytest.mark.usefixtures("ours")
def test_a_load_under_limits(start_vm: StartVM) -> None:
    """Root may raise its own limits, and a load does; only of memory it says that there is too little."""
    vm = start_vm("6.1", tree=rootfs.full(rootfs.tool_under_test(), (KERNEL,)))
    vm.boot()
    for limit in LIMITS:
        load = f"{rootfs.TOOL} -c -l {rootfs.kernel_path(KERNEL)} --command-line=quiet"
        reply = vm.run(f"({limit}; {load})")
        assert reply.rc == 0, (limit, reply)
        assert vm.check("cat /sys/kernel/kexec_loaded").strip() == "1"
        vm.check(f"{rootfs.TOOL} -u && rm -f /run/saut/unloaded")
    for kib in (8000, 16000, 32000, 64000, 400000):
        reply = vm.run(f"(ulimit -v {kib}; {load})")
        assert reply.rc == 0 or any(text in reply.stderr for text in TRUE), (kib, reply)
        loaded = vm.check("cat /sys/kernel/kexec_loaded").strip()
        assert loaded == ("1" if reply.rc == 0 else "0"), (kib, reply)
        if reply.rc == 0:
            vm.check(f"{rootfs.TOOL} -u && rm -f /run/saut/unloaded")
