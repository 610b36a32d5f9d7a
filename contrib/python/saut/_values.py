# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values of C as values of Python's, by what the header says of their types; knows no structure by name."""

from __future__ import annotations

import enum
import os
from types import SimpleNamespace
from typing import Any

Enumeration = enum.IntEnum

#: enum saut_answer: a question that the running system may leave open.
ANSWER = "enum saut_answer"
ANSWERS = {"SAUT_UNKNOWN": None, "SAUT_NO": False, "SAUT_YES": True}


def enumeration(ffi: Any, name: str) -> Any:
    """The enum of C of that name; its members lose the words that all of them begin with."""
    elements = {text: value for value, text in ffi.typeof(f"enum {name}").elements.items()}
    common = os.path.commonprefix(list(elements))
    # Whole words alone.
    common = common[: common.rfind("_") + 1]
    return enum.IntEnum(name.removeprefix("saut_").title().replace("_", ""),
                        {text[len(common):]: value for text, value in elements.items()})


def copied(ffi: Any, value: Any) -> SimpleNamespace:
    """A structure with all that it points to."""
    fields = dict(ffi.typeof(value).fields)
    return SimpleNamespace(**{name: value_of(ffi, field.type, getattr(value, name)) for name, field in fields.items()})


def value_of(ffi: Any, kind: Any, value: Any) -> Any:
    """One member."""
    if kind.cname == ANSWER:
        return ANSWERS[kind.elements[int(value)]]
    if kind.kind == "enum":
        return enumeration(ffi, kind.cname.removeprefix("enum "))(int(value))
    if kind.kind == "struct":
        return copied(ffi, value)
    if kind.kind == "pointer":
        return _pointed(ffi, kind.item, value)
    return value


def _pointed(ffi: Any, item: Any, pointer: Any) -> Any:
    """A text, a list of texts up to NULL, or a structure; None for NULL."""
    if not pointer:
        return None
    if item.kind == "primitive" and item.cname == "char":
        return os.fsdecode(ffi.string(pointer))
    if item.kind == "pointer":
        found = []
        while pointer[len(found)]:
            found.append(_pointed(ffi, item.item, pointer[len(found)]))
        return found
    return copied(ffi, pointer[0])
