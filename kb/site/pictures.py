"""Draw evidence by year and design as an inline SVG, with a text for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

_STANCES = ("supports", "qualifies", "contradicts")


def evidence_picture(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """Return a picture of claims by year and study design; rows have year, design, stance, claims."""
    dated = [row for row in rows if row["year"]]
    if not dated:
        return Markup("<p class='quiet'>No dated evidence to draw.</p>")
    designs = sorted({row["design"] for row in dated})
    years = [row["year"] for row in dated]
    low, high = min(years), max(*years, min(years) + 1)
    height, left, width = 34 * len(designs) + 40, 130, 620
    parts: list[Markup] = []
    for place, design in enumerate(designs):
        y = 30 + 34 * place
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                left - 12, y + 4, design.replace("_", " ")
            )
        )
        parts.append(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"/>').format(left, y, width - 20, y)
        )
    for row in dated:
        x = left + (row["year"] - low) / (high - low) * (width - left - 40) + 10
        y = 30 + 34 * designs.index(row["design"]) + 5 * (_STANCES.index(row["stance"]) - 1)
        radius = 4 + min(9, row["claims"])
        parts.append(
            Markup(
                '<circle class="s-{}" cx="{:.0f}" cy="{}" r="{}"><title>{} {} {}: {}</title></circle>'
            ).format(
                row["stance"],
                x,
                y,
                radius,
                row["year"],
                row["design"],
                row["stance"],
                row["claims"],
            )
        )
    for year in sorted({low, high}):
        x = left + (year - low) / (high - low) * (width - left - 40) + 10
        parts.append(
            Markup('<text x="{:.0f}" y="{}" text-anchor="middle">{}</text>').format(
                x, height - 6, year
            )
        )
    told = "; ".join(
        f"{row['year']} {row['design']}: {row['claims']} {row['stance']}" for row in dated
    )
    return Markup(
        '<svg class="picture" viewBox="0 0 {} {}" role="img" aria-label="Evidence by year and design. {}">{}</svg>'
    ).format(width, height, told, Markup("").join(parts))
