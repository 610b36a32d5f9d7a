# SPDX-License-Identifier: LGPL-2.1-or-later
"""More kernels of the other CPUs: older and newer ones, for clouds and for real machines, with pages of 4 and of 16 KiB."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cpus
import pytest
from chain import Chain, Jump
from machine import VM, Hardware
from platforms import ARM64, I386, RISCV64

pytestmark = [pytest.mark.full]

#: The CPU that the other tests have knows no pages of 16 KiB.
WIDE_PAGES = Hardware(
    platform=ARM64, machine="virt,gic-version=3", cpu="cortex-a76", cpus=2, memory="2G"
)

#: Each is left for an older kernel and for a newer one, where there are both. None of them has kexec_file_load.
ROADS = {
    "arm64": (
        WIDE_PAGES,
        ("5.10-arm64", "6.1-arm64", "6.12-arm64", "6.12-arm64-16k", "7.2-arm64", "7.2-arm64-16k"),
    ),
    "riscv64": (Hardware(platform=RISCV64, cpus=2), ("6.12-riscv64", "7.2-riscv64")),
    "i386": (Hardware(platform=I386), ("6.1-686-pae", "6.5-686-pae", "6.1-686")),
}
WALK = [
    (cpu, source, Jump(target, "-c", f"walk={number}"))
    for cpu, (_, road) in ROADS.items()
    for number, (source, target) in enumerate(pairwise((*road, *reversed(road[:-1]))))
]


@pytest.fixture(scope="module")
def there(request: pytest.FixtureRequest) -> Iterator[Chain]:
    """One machine for all of a CPU's kernels, gone before the next one's."""
    hardware, road = ROADS[request.param]
    with VM(road[0], hardware, cpus.guest(hardware.platform, road)) as vm:
        yield Chain(vm)


@pytest.mark.parametrize(
    ("there", "source", "link"),
    WALK,
    ids=[f"{source}-{link.target}-{link.append}" for _, source, link in WALK],
    indirect=["there"],
)
def test_jump(there: Chain, source: str, link: Jump) -> None:
    """The second kernel is the one named, with our command line, our initrd and all of the memory."""
    there.require_kernel(source)
    cpus.jump(there, link)
