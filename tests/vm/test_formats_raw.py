# SPDX-License-Identifier: LGPL-2.1-or-later
"""arm64's kernel out of whatever it lies in: each of these files jumps as the kernel itself does."""

from __future__ import annotations

import gzip

import cpus
import debian
import foreign
import pytest
import rootfs
import wrapped
from chain import Chain
from conftest import StartVM
from machine import Hardware, base_command_line
from platforms import ARM64

KERNEL = "6.1-arm64"

#: Where Linux 6.1 has its text in virtual memory, which is all that its vmlinux says.
LINKED = 0xFFFF800008000000


@pytest.fixture(scope="module")
def there(start_vm: StartVM) -> Chain:
    """A machine with the kernel in each of the files."""
    try:
        (path,) = foreign.kernel_root(KERNEL).glob("boot/vmlinuz-*")
    except debian.Unreachable as reason:
        pytest.skip(str(reason))
    kernel = path.read_bytes()
    zboot = wrapped.zboot("arm64", kernel)
    files = {
        "vmlinuz.gz": gzip.compress(kernel, 6),
        "zboot": zboot,
        "uimage": wrapped.uimage("arm64", kernel),
        "vmlinux": wrapped.vmlinux("arm64", kernel, LINKED),
        "uki": wrapped.uki("arm64", {".cmdline": command_line("uki").encode(), ".linux": zboot}),
    }
    extra = {f"files/{name}": content for name, content in files.items()}
    return cpus.chain(start_vm, (KERNEL,), Hardware(platform=ARM64), extra)


def command_line(word: str) -> str:
    """By which the next kernel shows that it is the one that was loaded."""
    return f"{base_command_line(ARM64)} from={word}"


@pytest.mark.parametrize("name", ["zboot", "vmlinux", "uki", "vmlinuz.gz", pytest.param("uimage", marks=pytest.mark.full)])
def test_a_wrapped_kernel(there: Chain, name: str) -> None:
    """A UKI has its command line in it, and a zboot image for a kernel."""
    there.running()
    there.vm.check(f"pack-initrd /run/next.cpio {name}")
    command = f"{rootfs.TOOL} -l /files/{name} --initrd=/run/next.cpio"
    if name != "uki":
        command += f" --command-line='{command_line(name)}'"
    up = there.jump_by(lambda: there.vm.check(command))
    assert (up.nonce, up.cmdline) == (name, command_line(name))
