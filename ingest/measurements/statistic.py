"""Name the statistic of a number: a mean, a median, a count, a difference, a bound."""

from __future__ import annotations

import re

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.measurements.attachment import CHANGED_BY
from ingest.measurements.continuations import is_next_group
from ingest.measurements.criteria import told_average
from ingest.measurements.effects import ENDPOINTS
from ingest.measurements.ellipsis import is_parallel
from ingest.model import Measurement
from ingest.numbers.quantity import COUNTS, SPANS, Quantity
from ingest.numbers.scene import Sitting

_AFTER = re.compile(r"\s*(?:on average|in average|in the mean|\((?:mean|median|average)\b)")
_LESS = re.compile(
    r"\s*(?:shorter|longer|less|lower|higher|fewer|greater|more(?! than))\b(?! than \d)"
)
_DROPPED = build_rule(
    r"\b(?:dropped|fell|rose|improved|increased|decreased|declined) (?:approximately |about |almost |nearly )?$"
)
_AND_THE = re.compile(
    r"(?:\s*\([^()]*\))?,?(?: and| while| whereas)(?: the| that of)? (?:(?:[a-z-]+ ){0,3}?[a-z-]*(?:survival|os|control|recurrence|progression|pfs|rfs|dfs|efs)[a-z-]* ?(?:\([a-z-]+\) ?)?(?:time |period |interval )?(?:was|of) )"
)
_DIFFERENCE = build_rule(
    r"\b(?:risk |absolute |mean |between-group )?differences?(?:(?:,| of|:| was|;) ?| | (?:between|in) (?:[^.;:()\d]|\d+(?=[- ](?:day|week|month|year))){3,80} (?:was|were) )$"
)
# "the difference (1.4%) was significant"
_DIFFERENCE_OF = build_rule(
    r"\b(?:difference(?: in [a-z -]{3,30})?|reduction|increase|decrease|improvement|gain) \($"
)
_BY_POINTS = re.compile(
    r"[\s-]*(?:points? )?(?:mean |absolute |net )?(?:decreas|increas|reduc|improv|drop|declin|gain|rise|chang|differen|fall)(?!ed\b)[a-z]*\b"
)
# "the VAS fell by 4 and the ODI by 20"
_BY_TOO = re.compile(
    r"(?:group \d|[^.;:\d]){0,60}(?:,| and| while| whereas| but)(?:group \d|[^.;:\d]){0,40} by (?:(?:an? )?(?:mean|median|average) (?:of )?|about |nearly )?"
)
_MEAN = build_rule(r"\b(?:mean|average)\b[^;:]{0,90}$")
_BRACKET = re.compile(r"\([^()]*\)")
_NEXT = re.compile(r"[\s,]*(?:and )?")
_PAIRED = re.compile(r" (?:and|or|versus|vs\.?|compared (?:with|to)) (?:by )?")
_VERSUS = re.compile(r"\s*(?:versus|vs\.?|to|and)\b")
# "rose | from a median of 60 to 90"
_FROM_CENTRE = re.compile(r"from an? (mean|median|average)\b")
_CENTRE_INSIDE = re.compile(r"[(\[]\s*(mean|median|average)\b")


def statistic_of(sitting: Sitting, quantity: Quantity, scored: bool = False) -> str:
    """Return what kind of number a quantity is, by its form and the words around it.

    ``scored`` is true of a percent that is the value of a scale, no share of patients.
    """
    if quantity.form == "effect":
        return quantity.statistic or "risk_ratio"
    low = sitting.scene.low
    if quantity.unit == "fold":
        return "value"
    if quantity.form in COUNTS:
        return "count"
    if CHANGED_BY.search(low[max(0, quantity.start - 60) : quantity.start]):
        return "difference"
    if _falls_on(sitting, quantity):
        return "difference"
    printed = low[quantity.start : quantity.end]
    if printed.endswith("point") and _BY_POINTS.match(low, quantity.end):
        return "difference"  # "a 3-point decrease"
    if quantity.form in {"value", "score", "percent"} and (
        _LESS.match(low, quantity.end)
        or (
            _DROPPED.search(low[max(0, quantity.start - 32) : quantity.start])
            and not _VERSUS.match(low, quantity.end)
        )
    ):
        return "difference"
    if quantity.form == "percent" and _by_percent(low, quantity):
        return "difference"
    if quantity.form == "percent" and not scored:
        if (quantity.percent or 0) < 0 or _DIFFERENCE.search(low, 0, quantity.start):
            return "difference"
        spread = quantity.spread is not None and _MEAN.search(low, 0, quantity.start)
        return "mean" if spread else "percent"  # a rate's deviation makes it no mean
    plain = quantity.value is not None and quantity.spread is None
    if quantity.form in {"value", "score"} and (
        (quantity.value or 0) < 0 or (plain and _DIFFERENCE.search(low, 0, quantity.start))
    ):
        return "difference"  # no stay, loss, time or score is less than nothing
    if word := _average_word(sitting, quantity):
        return "median" if "median" in word else "mean"
    if quantity.spread is not None:
        return "mean"
    last = sitting.found[-1] if sitting.found else None
    averaged = last is not None and last.statistic in {"mean", "median"}
    if last and averaged and _continues(sitting, last, quantity, scored):
        return last.statistic
    if quantity.operator in {"<", ">", "<=", ">="}:
        return "threshold"
    ranged = quantity.low is not None and quantity.value is None and quantity.form != "change"
    return "range" if ranged else "value"


def _by_percent(low: str, quantity: Quantity) -> bool:
    """Tell whether a percent is how much something changed or differed: a 43% reduction."""
    if _BY_POINTS.match(low, quantity.end):
        return not low.endswith((" in ", " and "), 0, quantity.start)
    alone = low[quantity.end : quantity.end + 1] in {")", ",", ";"}
    return alone and _DIFFERENCE_OF.search(low, 0, quantity.start) is not None


def _average_word(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the word ahead of a number, behind it or inside it that makes it an average."""
    low = sitting.scene.low
    row = next((each for each in sitting.rows if quantity in each), [quantity])
    ends = [
        each.end
        for each in sitting.scene.numbers
        if each.end <= row[0].start and each.form not in COUNTS
    ]
    around = low[max(ends[-1] if ends else 0, row[0].start - 160) : row[0].start]
    around = around.rpartition(";")[2]
    behind = _AFTER.match(low, quantity.end)
    word = told_average(around, row.index(quantity), len(row)) or (behind[0] if behind else None)
    if not word and (opened := _FROM_CENTRE.match(low, quantity.start, quantity.end)):
        return opened[1]
    inside = _CENTRE_INSIDE.search(low, quantity.start, quantity.end)
    return word or (inside[1] if inside and quantity.low is not None else None)


def _continues(
    sitting: Sitting, last: Measurement, quantity: Quantity, scored: bool = False
) -> bool:
    low = sitting.scene.low
    if (
        is_parallel(sitting, last, quantity, scored)
        or is_next_group(sitting, quantity)
        or _is_listed(low, last, quantity)
    ):
        return True
    # "The median OS was 14 months and the PFS was 6 months": one word for both times.
    timed = last.unit in SPANS and quantity.unit in SPANS and last.measure in ENDPOINTS
    begin = last.end + len(f" {last.time_text}") if last.time_text else last.end
    behind = last.time_text and low.startswith(f" {last.time_text.lower()}", last.end)
    return timed and bool(_AND_THE.fullmatch(low, begin if behind else last.end, quantity.start))


def _is_listed(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a list goes on of one number for each measure: 0.3 for the EQ-5D, 15 for the ODI."""
    if not (low.startswith(" for ", last.end) and low.startswith(" for ", quantity.end)):
        return False
    between = _BRACKET.sub("", low[last.end : quantity.start])
    return ";" not in between and not holds_verb(between)


# "By 2.9 points | with the low dose and | 3.0 points with the high one"
_IN_TURN = re.compile(
    r"(?: (?:in|with|after|for|on|among) [^,;:()\d]{2,60}?)?,? (?:and|(?P<than>versus|vs\.?|compared (?:with|to))) (?:by )?(?:only )?"
)


def _falls_on(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number goes on with a change: by 4 points at 1 week, 5 at 1 year, the ODI by 20."""
    last = sitting.found[-1] if sitting.found else None
    if last is None or last.statistic != "difference":
        return False
    if _BY_TOO.fullmatch(sitting.scene.low, last.end, quantity.start):
        return True
    if _PAIRED.fullmatch(sitting.scene.low, last.end, quantity.start):
        return last.unit in {None, quantity.unit}  # "by 4.0 and 3.8 points"
    told = sitting.scene.low[last.end : quantity.start]
    if quantity.unit == last.unit and (turn := _IN_TURN.fullmatch(told)):
        return turn["than"] is not None or not holds_verb(told)
    if not last.time_text:
        return False
    between = sitting.scene.low[last.end : quantity.start].replace(last.time_text.lower(), "")
    return quantity.unit == last.unit and bool(_NEXT.fullmatch(between))
