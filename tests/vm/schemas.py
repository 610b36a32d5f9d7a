# SPDX-License-Identifier: LGPL-2.1-or-later
"""The JSON of saut, held against the schemas that are installed with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

FOLDER = Path(__file__).resolve().parents[2] / "schema"


def validate(told: Any, verb: str) -> None:
    """@told is what schema/@verb.json describes, or the test fails."""
    schema = json.loads((FOLDER / f"{verb}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(told)
