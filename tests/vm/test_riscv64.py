# SPDX-License-Identifier: LGPL-2.1-or-later
"""riscv64: which hart goes on is known at the jump only."""

from __future__ import annotations

import cpus
import pytest
from chain import Chain, Jump
from conftest import StartVM
from machine import Hardware
from platforms import RISCV64

KERNEL = "7.2-riscv64"
TWO_HARTS = Hardware(platform=RISCV64, cpus=2)


@pytest.fixture(scope="module")
def there(start_vm: StartVM) -> Chain:
    """Two harts under OpenSBI."""
    return cpus.chain(start_vm, (KERNEL,), TWO_HARTS)


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full)])
def test_jump(there: Chain, step: int) -> None:
    """The other hart is started again by the next kernel."""
    cpus.jump(there, Jump(KERNEL, "-c", f"step={step}"))
    assert there.vm.check("grep -c ^processor /proc/cpuinfo") == "2\n"


@pytest.mark.full
def test_jump_from_another_hart(there: Chain) -> None:
    """The kernel moves to the hart that it was booted on, or stays: either boots."""
    nonce = "other-hart"
    there.running()
    up = there.jump_by(
        lambda: there.vm.load("-a", KERNEL, nonce), "taskset 2 /sbin/kexec -e"
    )
    assert up.nonce == nonce


def test_damage() -> None:
    """A flipped byte."""
    cpus.damage_is_found(RISCV64, KERNEL, TWO_HARTS)
