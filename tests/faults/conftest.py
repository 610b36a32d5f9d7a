# SPDX-License-Identifier: LGPL-2.1-or-later
"""The made-up system of the style tests, and the mark of what takes long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "style"))
from made_system import make_system


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up system of this file's own."""
    root = tmp_path_factory.mktemp("root")
    make_system(root)
    return root


def pytest_configure(config: pytest.Config) -> None:
    """Marks of tests."""
    config.addinivalue_line("markers", "full: takes minutes; only `make check-all` runs it")
