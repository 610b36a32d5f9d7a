# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws blackouts as bars in SVG, one for each loader, with their phases in colours."""

from __future__ import annotations

from html import escape
from itertools import groupby

from cases import Case
from measure import PHASES, Measurement

#: Of the phases, in their order; told apart without colour vision too, by their lightness.
COLOURS = ("#7f3b08", "#d6604d", "#f4a582", "#b8b8b8", "#92c5de", "#4393c3", "#2b5a8c")

WIDTH, LABEL, MARGIN = 960, 260, 16
BAR, STEP = 18, 26
#: For the figure behind the longest bar.
FIGURE = 80


def chart(results: dict[Case, Measurement], initrds: dict[str, str]) -> str:
    """The whole picture; @initrds says what each initrd is."""
    scale = (WIDTH - LABEL - FIGURE - MARGIN) / max(r.blackout for r in results.values())
    shapes: list[str] = [_text(MARGIN, 28, "Blackout, in million instructions", "bold")]
    shapes += _legend(48)
    y = 80
    for (kernel, initrd), group in groupby(results, key=lambda case: (case.kernel, case.initrd)):
        shapes.append(_text(MARGIN, y + 18, f"Linux {kernel}, initrd of {initrds[initrd]}", "bold"))
        y += STEP + 4
        for case in group:
            shapes += _bar(case.call, results[case], y, scale)
            y += STEP
        y += STEP // 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
        f'viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="13">'
    )
    ground = f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>'
    licence = "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->"
    return "\n".join([head, licence, ground, *shapes, "</svg>", ""])


def _bar(label: str, result: Measurement, y: int, scale: float) -> list[str]:
    shapes = [_text(MARGIN, y + 14, label)]
    x = float(LABEL)
    for phase, colour in zip(PHASES, COLOURS):
        ticks = result.phases.get(phase, 0)
        if ticks > 0:
            title = f"{phase}: {ticks / 1e6:.1f}"
            shapes.append(_rectangle(x, y, ticks * scale, colour, title))
            x += ticks * scale
    return [*shapes, _text(x + 6, y + 14, f"{result.blackout / 1e6:.0f}")]


def _legend(y: int) -> list[str]:
    shapes = []
    x = float(MARGIN)
    for phase, colour in zip(PHASES, COLOURS):
        shapes += [_rectangle(x, y, 14, colour, phase), _text(x + 19, y + 14, phase)]
        x += 40 + 7 * len(phase)
    return shapes


def _rectangle(x: float, y: int, width: float, colour: str, title: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(x: float, y: int, text: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-weight="{weight}" fill="#1a1a1a">{escape(text)}</text>'
    )
