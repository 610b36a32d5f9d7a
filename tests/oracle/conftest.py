# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes what the tests of cases and of virtual machines have importable here as well."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "entries"), str(TESTS / "vm")]
