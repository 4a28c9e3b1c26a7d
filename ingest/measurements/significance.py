"""Give p values and confidence intervals to the numbers that they are about."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

# "9% in group 2 (p = 0.01)": what ends in a numeral is blanked.
_GROUP = re.compile(r" (?:in|for|of|after|with) (?:the )?#{7,}")
# "p = 0.02 and 0.03", "p = 0.02 and p = 0.03": one for each of two numbers.
_NEXT_P = re.compile(
    r"\s*(?:,|,? ?and|,? ?or)\s*(?:p\s*)?(?P<op>[<>=≤≥])?\s*(?P<p>0?\.\d+)\b(?!\s*%)"
)
_BEFORE_P = re.compile(r"p\s*[<>=≤≥]?\s*0?\.\d+\s*(?:,|,? ?and|,? ?or)\s*\(?$")
_TOGETHER = re.compile(r"[%\s]*(?:[a-z]{1,6}\s*)?(?:,|and|or|versus|vs\.?)\s*")


def _row_of_p(sitting: Sitting, quantity: Quantity) -> re.Match[str] | str | None:
    """Return the p value that goes on behind one, or that it goes on with one, None where it is alone."""
    low = sitting.scene.low
    if "p" not in low[max(0, quantity.start - 20) : quantity.start]:
        return _NEXT_P.match(low, quantity.end)
    behind = _BEFORE_P.search(low[max(0, quantity.start - 24) : quantity.start])
    return behind[0] if behind else _NEXT_P.match(low, quantity.end)


def _deal_p(sitting: Sitting, quantity: Quantity, row: re.Match[str] | str) -> None:
    """Give each of two numbers in a row its own of two p values; of one number's two none is told."""
    found = sitting.found
    if isinstance(row, str) or len(found) < 2:
        return
    first, last = found[-2:]
    low = sitting.scene.low
    joined = _TOGETHER.fullmatch(low, first.end, last.start) and (first.measure == last.measure)
    if not joined or first.p_value is not None or last.p_value is not None:
        return
    operator = row["op"] or quantity.operator
    found[-2] = replace(first, p_operator=quantity.operator, p_value=quantity.value)
    found[-1] = replace(last, p_operator=operator, p_value=float(row["p"]))


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
    between = _GROUP.sub(" ", scene.low[last.end : quantity.start])
    if parted or len(between) > 110 or "#" in between:
        return
    if quantity.form == "p" and (row := _row_of_p(sitting, quantity)):
        _deal_p(sitting, quantity, row)
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
