"""Draw evidence by year and design as an inline SVG, with a text for those who do not see it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

# Each stance has a shape as well as a colour, and its own line within a design's band.
_STANCES = {"supports": "for", "qualifies": "qualifying", "contradicts": "against"}
_LEFT, _WIDTH, _BAND, _TOP = 140, 620, 42, 44
_RIGHT = _WIDTH - 30


def evidence_picture(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """Return a picture of claims by year and study design; rows have year, design, stance, claims."""
    dated = [row for row in rows if row["year"]]
    undated = sum(row["claims"] for row in rows if not row["year"])
    note = (
        Markup("<p class='quiet'>Not drawn: {} of articles without a year.</p>").format(
            "1 claim" if undated == 1 else f"{undated} claims"
        )
        if undated
        else Markup("")
    )
    if not dated:
        return Markup("<p class='quiet'>No dated evidence to draw.</p>") + note
    designs = sorted({row["design"] for row in dated})
    low, high = min(row["year"] for row in dated), max(row["year"] for row in dated)
    height = _TOP + _BAND * len(designs) + 28
    parts = [*_legend(), *_grid(designs, low, high, height)]
    for row in dated:
        y = _TOP + _BAND * designs.index(row["design"]) + _BAND / 2
        y += 11 * (list(_STANCES).index(row["stance"]) - 1)
        told = f"{row['year']}, {row['design'].replace('_', ' ')}: {row['claims']} {_STANCES[row['stance']]}"
        parts.append(
            _shape(row["stance"], _x(row["year"], low, high), y, _size(row["claims"]), told)
        )
    told = "; ".join(
        f"{row['year']} {row['design'].replace('_', ' ')}: {row['claims']} {_STANCES[row['stance']]}"
        for row in sorted(dated, key=lambda each: each["year"])
    )
    return (
        Markup(
            '<div class="scroll" tabindex="0" role="region" aria-label="Picture of the evidence"><svg class="picture" viewBox="0 0 {} {}" role="img" aria-label="Evidence by year and design. {}">{}</svg></div>'
        ).format(_WIDTH, height, told, Markup("").join(parts))
        + note
    )


def _x(year: int, low: int, high: int) -> float:
    place = (year - low) / (high - low) if high > low else 0.5
    return _LEFT + 16 + place * (_RIGHT - _LEFT - 16)


def _size(claims: int) -> float:
    return 3.5 + min(8.0, 1.6 * math.sqrt(claims))


def _legend() -> list[Markup]:
    parts: list[Markup] = []
    for place, (stance, word) in enumerate(_STANCES.items()):
        x = _LEFT + 16 + 120 * place
        parts.append(_shape(stance, x, 16, 5.5, word))
        parts.append(Markup('<text x="{}" y="20">{}</text>').format(x + 12, word))
    return parts


def _grid(designs: Sequence[str], low: int, high: int, height: int) -> list[Markup]:
    parts: list[Markup] = []
    for place, design in enumerate(designs):
        y = _TOP + _BAND * place
        parts.append(Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"/>').format(_LEFT, y, _WIDTH, y))
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                _LEFT - 10, y + _BAND / 2 + 4, design.replace("_", " ")
            )
        )
    bottom = height - 28
    parts.append(
        Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"/>').format(_LEFT, bottom, _WIDTH, bottom)
    )
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 10_000) if (high - low) / size <= 6)
    for year in range(low - low % -step, high + 1, step):
        parts.append(
            Markup('<text x="{:.0f}" y="{}" text-anchor="middle">{}</text>').format(
                _x(year, low, high), height - 8, year
            )
        )
    return parts


def _shape(stance: str, x: float, y: float, size: float, told: str) -> Markup:
    if stance == "supports":
        body = Markup('<circle class="s-{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}">').format(
            stance, x, y, size
        )
        return body + Markup("<title>{}</title></circle>").format(told)
    corners: list[tuple[float, float]] = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    if stance == "contradicts":
        corners = [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]
    points = " ".join(f"{x + a * size * 0.9:.1f},{y + b * size * 0.9:.1f}" for a, b in corners)
    return Markup('<polygon class="s-{}" points="{}"><title>{}</title></polygon>').format(
        stance, points, told
    )
