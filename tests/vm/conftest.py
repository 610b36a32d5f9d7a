# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the VM tests share: the marker of the long ones, and a way to get machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import packages  # noqa: E402  (the line above makes it findable from any folder)
import rootfs  # noqa: E402
from machine import VM  # noqa: E402

StartVM = Callable[..., VM]


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known, whichever folder pytest was started in; fetches what all tests boot."""
    config.addinivalue_line("markers", "full: takes minutes; only `make check-all` runs it")
    try:
        packages.root()
    except packages.PackageError as reason:
        # Once, instead of an error for each test.
        pytest.exit(str(reason), 2)


@pytest.fixture(scope="session", autouse=True)
def tool() -> Path:
    """The kexec under test; without one there is nothing to say, so that is an error."""
    binary = rootfs.tool_under_test()
    if not binary.is_file():
        pytest.exit(f"{binary} is not built; build it, or name another in SAUT_KEXEC", 2)
    return binary


@pytest.fixture(scope="session")
def ours(tool: Path) -> None:
    """For tests of what kexec-tools never promised; skipped where it stands in for us."""
    if not rootfs.is_ours(tool):
        pytest.skip("kexec-tools stands in for our kexec, and does otherwise here")


@pytest.fixture(scope="module")
def start_vm() -> Iterator[StartVM]:
    """Starts machines that last as long as the module's tests need them."""
    with ExitStack() as running:

        def start(*arguments: object, **options: object) -> VM:
            return running.enter_context(VM(*arguments, **options))  # type: ignore[arg-type]

        yield start
