# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws bars in SVG, in groups, with their parts in colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from cases import Case
from measure import PHASES, Measurement

#: Of parts, in their order; told apart without colour vision too, by their lightness.
COLOURS = ("#7f3b08", "#d6604d", "#f4a582", "#b8b8b8", "#92c5de", "#4393c3", "#2b5a8c")

WIDTH, LABEL, MARGIN = 960, 340, 16
BAR, STEP = 18, 26
#: For the figure behind the longest bar.
FIGURE = 80
#: What the legend takes for a part, beside its letters.
SWATCH, LETTER = 40, 7


@dataclass(frozen=True)
class Bar:
    """A line of the picture; all numbers in its unit, but the part's title."""

    label: str
    parts: dict[str, float]
    total: float


def chart(results: dict[Case, Measurement], initrds: dict[str, str]) -> str:
    """Blackouts, one for each loader; @initrds says what each initrd is."""
    groups = []
    for (kernel, initrd), group in groupby(results, key=lambda case: (case.kernel, case.initrd)):
        bars = [Bar(case.call, dict(results[case].phases), results[case].blackout) for case in group]
        groups.append((f"Linux {kernel}, initrd of {initrds[initrd]}", bars))
    return draw("Blackout, in million instructions", dict(zip(PHASES, COLOURS)), groups)


def draw(title: str, colours: dict[str, str], groups: Sequence[tuple[str, list[Bar]]], label: int = LABEL) -> str:
    """The whole picture: groups of bars under their headings, @label pixels for what stands before each."""
    scale = (WIDTH - label - FIGURE - MARGIN) / max(bar.total for _, bars in groups for bar in bars)
    shapes: list[str] = [_text(MARGIN, 28, title, "bold")]
    legend, y = _legend(48, colours)
    shapes += legend
    for heading, bars in groups:
        shapes.append(_text(MARGIN, y + 18, heading, "bold"))
        y += STEP + 4
        for bar in bars:
            shapes += _bar(bar, colours, (label, y), scale)
            y += STEP
        y += STEP // 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
        f'viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="13">'
    )
    ground = f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>'
    licence = "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->"
    return "\n".join([head, licence, ground, *shapes, "</svg>", ""])


def _bar(bar: Bar, colours: dict[str, str], place: tuple[int, int], scale: float) -> list[str]:
    x, y = float(place[0]), place[1]
    shapes = [_text(MARGIN, y + 14, bar.label)]
    for part, colour in colours.items():
        ticks = bar.parts.get(part, 0)
        if ticks > 0:
            shapes.append(_rectangle(x, y, ticks * scale, colour, f"{part}: {ticks / 1e6:.1f}"))
            x += ticks * scale
    return [*shapes, _text(x + 6, y + 14, f"{bar.total / 1e6:.0f}")]


def _legend(y: int, colours: dict[str, str]) -> tuple[list[str], int]:
    """And where the next thing may stand; what does not fit into a line goes into the next."""
    shapes = []
    x = float(MARGIN)
    for part, colour in colours.items():
        width = SWATCH + LETTER * len(part)
        if x + width > WIDTH and x > MARGIN:
            x, y = float(MARGIN), y + STEP
        shapes += [_rectangle(x, y, 14, colour, part), _text(x + 19, y + 14, part)]
        x += width
    return shapes, y + STEP + 6


def _rectangle(x: float, y: int, width: float, colour: str, title: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(x: float, y: int, text: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-weight="{weight}" fill="#1a1a1a">{escape(text)}</text>'
    )
