# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the style tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_system import make_system


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up system of this file's own."""
    root = tmp_path_factory.mktemp("root")
    make_system(root)
    return root
