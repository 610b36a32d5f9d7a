# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's kernels of all CPUs: each is recognised on this one, and refused in one clear line.

No machine is started: what is refused never gets to a system call, and is not allowed one.
"""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import debian
import foreign
import pytest

#: Kernel -> what `uname -m` calls its CPU, what people call it, and its format.
KERNELS = {
    "6.1-arm64": ("aarch64", "arm64", "arm64 Image"),
    "7.2-riscv64": ("riscv64", "riscv64", "riscv64 Image"),
    "7.2-loong64": ("loongarch64", "loong64", "loong64 kernel"),
    "6.1-armhf": ("armv7l", "32-bit ARM", "ARM zImage"),
    "6.1-ppc64el": ("ppc64le", "ppc64", "ppc64 little-endian ELF kernel"),
    "6.1-s390x": ("s390x", "s390x", "s390x bzImage"),
}


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_of_another_cpu_is_named(name: str, tool: Path, ours: None) -> None:
    machine, cpu, kind = KERNELS[name]
    if platform.machine() == machine:
        pytest.skip("this machine is of that CPU")
    try:
        (kernel,) = foreign.kernel_root(name).glob("boot/vmlinu?-*")
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    done = subprocess.run(
        ["setpriv", "--bounding-set=-sys_boot", str(tool), "-c", "-l", str(kernel)],
        capture_output=True,
        text=True,
        check=False,
    )
    said, hint = done.stderr.splitlines()
    assert done.returncode == 255
    assert said.startswith(
        f"kexec: cannot load {kernel}: this is a kernel for {cpu} ({kind}), the machine is "
    )
    assert hint == "hint: choose a kernel that was built for this CPU"
