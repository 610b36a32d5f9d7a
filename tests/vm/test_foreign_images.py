# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian's kernels of all CPUs: each is recognised on this one, and refused in one clear line.

No machine is started: the shared library plans for a machine that was captured, whatever this one can.
"""

from __future__ import annotations

import ctypes

import debian
import foreign
import pytest
import rootfs

LIBRARY = rootfs.REPOSITORY / "build" / "meson" / "lib" / "libsaut.so"
MACHINE = rootfs.REPOSITORY / "tests" / "machines" / "q35-1g.machine"

#: saut.h: a bad kernel, initrd or other input file.
SAUT_IMAGE = 3

#: Kernel -> what people call its CPU, and its format.
KERNELS = {
    "6.1-arm64": ("arm64", "arm64 Image"),
    "7.2-riscv64": ("riscv64", "riscv64 Image"),
    "7.2-loong64": ("loong64", "loong64 kernel"),
    "6.1-armhf": ("armhf", "ARM zImage"),
    "6.1-ppc64el": ("ppc64el", "ppc64el ELF kernel"),
    "6.1-s390x": ("s390x", "s390x bzImage"),
}


@pytest.fixture(scope="module")
def saut(ours: None) -> ctypes.CDLL:
    """The library, as a program of somebody else loads it."""
    library = ctypes.CDLL(str(LIBRARY))
    library.saut_new.restype = ctypes.c_void_p
    for name in ("saut_attempt", "saut_reason", "saut_hint"):
        getattr(library, name).restype = ctypes.c_char_p
    return library


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_of_another_cpu_is_named(name: str, saut: ctypes.CDLL) -> None:
    cpu, kind = KERNELS[name]
    try:
        (kernel,) = foreign.kernel_root(name).glob("boot/vmlinu?-*")
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    job = ctypes.c_void_p(saut.saut_new())
    assert saut.saut_set_root(job, str(MACHINE).encode()) == 0
    assert saut.saut_set_kernel(job, str(kernel).encode()) == 0
    assert saut.saut_plan(job) == SAUT_IMAGE
    assert saut.saut_attempt(job) == f"load {kernel}".encode()
    said = f"this is a kernel for {cpu} ({kind}), the machine is "
    assert saut.saut_reason(job).startswith(said.encode())
    assert saut.saut_hint(job) == b"choose a kernel that was built for this CPU"
    saut.saut_free(job)
