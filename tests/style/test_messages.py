# SPDX-License-Identifier: LGPL-2.1-or-later
"""How messages are put together, which a compiler does not check."""

from __future__ import annotations

import re
from pathlib import Path

#: Where bytes leave the commands: through these files alone, which let nothing steer a terminal.
PRINTERS = {"say.c", "json.c", "svg.c"}

#: What a signal handler may call; what it says is in the program.
HANDLERS = {"message.c": {"write"}}

OUTPUT = re.compile(r"\b(v?f?printf|v?dprintf|f?puts|f?putc|putchar|fwrite(?:_unlocked)?|write|v?syslog|perror|psignal|v?warnx?|v?errx?)\s*\(")

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


def code_of(path: Path) -> str:
    """A file without its comments and the text of its literals."""
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(), flags=re.S)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)


def test_the_commands_print_through_one_function() -> None:
    offences = []
    for path in sorted((SOURCE / "cmd").rglob("*.c")):
        if path.name in PRINTERS:
            continue
        code = re.sub(r"format\s*\(\s*printf", "", code_of(path))
        allowed = HANDLERS.get(path.name, set())
        offences += [f"{path.relative_to(SOURCE)}: {call}" for call in OUTPUT.findall(code) if call not in allowed]
    assert not offences


def test_the_rule_sees_what_it_forbids() -> None:
    """A rule that matches nothing would hold for everything."""
    for call in ("printf(", "fprintf (", "puts(", "fputs(", "putchar(", "fputc(", "vfprintf(", "fwrite(", "write(",
                 "syslog(", "perror("):
        assert OUTPUT.search(call), call
    assert not OUTPUT.search("snprintf(") and not OUTPUT.search("arena_printf(")
