"""Give p values and confidence intervals to the numbers that they are about."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting


def attach(sitting: Sitting, quantity: Quantity) -> None:
    """Give a p value or an interval to the number before it, where nothing else parts them."""
    last, scene = sitting.found[-1], sitting.scene
    inside = [(each.start, each.end) for each in scene.numbers]
    inside += [
        (each.start, each.end)
        for each in scene.mentions
        if each.concept not in {"follow_up", "age"}
    ]
    parted = any(last.end <= start and end <= quantity.start for start, end in inside)
    between = scene.low[last.end : quantity.start]
    if parted or len(between) > 110 or "#" in between:
        return
    if quantity.form == "p" and last.p_value is None:
        last = replace(last, p_operator=quantity.operator, p_value=quantity.value)
    elif quantity.form == "interval" and last.ci_low is None:
        last = replace(last, ci_low=quantity.low, ci_high=quantity.high, ci_level=quantity.value)
    sitting.found[-1] = last


def belongs_ahead(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a p value goes with the effect behind it."""
    effects = [each for each in sitting.scene.quantities if each.form == "effect"]
    return any(p_ahead(sitting, each) is quantity for each in effects)


def p_ahead(sitting: Sitting, effect: Quantity) -> Quantity | None:
    """Return the p value that stands right before an effect in one bracket: (p = 0.01; HR 2)."""
    for each in sitting.scene.quantities:
        between = sitting.scene.low[each.end : effect.start] if each.end <= effect.start else "-"
        opens = sitting.scene.low[: each.start].rstrip()[-1:] in {"(", "["}
        if each.form == "p" and opens and re.fullmatch(r"\s*[,;]\s*(?:[a-z ]{0,24})", between):
            return each
    return None
