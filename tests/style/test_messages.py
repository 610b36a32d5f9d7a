# SPDX-License-Identifier: LGPL-2.1-or-later
"""How messages are put together, which a compiler does not check."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_context_is_set_apart_from_the_reason() -> None:
    """error_prefix() joins two texts: what comes first ends with a blank."""
    offences = []
    for path in sorted(SOURCE.rglob("*.c")):
        for literals in re.findall(r'\berror_prefix\(err,\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', path.read_text()):
            text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
            if not text.endswith(" "):
                offences.append(f"{path.relative_to(SOURCE)}: {text!r}")
    assert not offences
