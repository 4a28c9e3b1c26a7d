"""Read how long people lived, or stayed free of something: he died, was free of pain, for 14 months."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.model import Measurement
from ingest.numbers.quantity import SPANS, Quantity
from ingest.numbers.scene import Sitting

_DIED = build_rule(r"\b(?:died|dead|deaths?|deceased|succumbed|passed away)\b")
_PARTED = build_rule(r"[;:]|\b(?:and|but|whereas|while|without|no)\b")
_SINCE = re.compile(
    r"\s*(?:after|following|from|post-?operatively|later|thereafter|post-?surgery|of follow-?up)\b"
)
_AHEAD = build_rule(
    r"\b(?:after|at|within|survived|lived)(?: (?:a|an|the))?(?: (?:mean|median|average))?(?: of)?\s*$"
)
_SURVIVED = re.compile(
    r"\b(?:survived|lived)(?: for)?(?: only| about| another| a further| more than)? $"
)
DENIED = build_rule(r"\b(?:no|not|none|never|without|neither|nor)\b")
"""Words that deny: where one stands a bare time is no finding."""
_BEEN = r"(?<!not )(?<!never )\b(?:remain\w*|stay\w*|(?:has|have|had) been|(?:is|was|were|are)(?: now| still)?|continu\w+ to be|doing well|alive)\b(?: (?!no\b|not\b|never\b|until\b)[a-z]+){0,4}?,? "
# What one stays free of, by measure.
_FREE = {
    "symptom_relief": re.compile(
        rf"{_BEEN}(?:(?:symptom|pain|complaint)-?free|symptomless|asymptomatic|free (?:of|from) (?:[a-z]+ )?(?:symptoms?|complaints?)|without (?:any )?(?:symptoms|complaints))\b"
    ),
    "local_control": re.compile(
        r"\blocal control (?:(?:has|had|was) )?(?:been )?(?:maintained|preserved|achieved)\b"
    ),
    "stable_disease": re.compile(
        r"\b(?:disease|tumou?r|lesion|remnant|residue) (?:(?:has|had) )?(?:been|remained|remains|is|was) (?:\w+ly )?stable\b"
    ),
    "remission": re.compile(rf"{_BEEN}in (?:complete |clinical |full |radiological )*remission\b"),
    "recurrence_free": re.compile(
        rf"{_BEEN}(?:(?:disease|tumou?r|recurrence|relapse)-?free|free (?:of|from) (?:[a-z]+ )?(?:recurrences?|relapses?|disease|tumou?r)|(?:without|with no|no) (?:any )?(?:(?:evidence|signs?) of )?(?:[a-z]+ ){{0,2}}(?:disease|recurrences?|relapses?))\b"
    ),
}
_HINTS = ("free", "without", "sympto", " no ", "remission", "stable", "control")
_FREE_FOR = re.compile(
    r"(?: (?:and|or) (?:[a-z-]+ ){1,3}?|,? (?:(?:of|for|at|since|over|during|now|more|than|a|period|the|past|last|tumou?r|disease|metastas[ei]s|local|distant)\b ?)+| )*"
)
_WHEN = re.compile(r"(?!for )(?:.*\b)?(?:at|after|later|following|post-?operative(?:ly)?)\b")
_ONE = build_rule(r"\b(?:he|she|(?:the|this|our|one) (?:patient|man|woman|child|boy|girl))\b")


def _dead_before(low: str, start: int) -> bool:
    """Tell whether a death stands before a place with nothing that parts the two."""
    told = [each.end() for each in _DIED.finditer(low, max(0, start - 120), start)]
    return bool(told) and not _PARTED.search(low, told[-1], start)


def lived(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return survival as the measure of a stretch between an operation and a death."""
    if quantity.form != "value" or quantity.unit not in SPANS:
        return None
    low = sitting.scene.low
    if not _dead_before(low, quantity.start):
        return _free_until(low, quantity.start) if sitting.single or _ONE.search(low) else None
    told = _SINCE.match(low, quantity.end) or _AHEAD.search(low, 0, quantity.start)
    return "overall_survival" if told else None


def lives(sitting: Sitting, times: Sequence[Quantity]) -> list[Measurement]:
    """Return how long one patient lived where no other number tells: he died after 14 months."""
    low = sitting.scene.low
    if not (sitting.single or _ONE.search(low)):
        return []
    found: dict[str, Measurement] = {}
    for each in times:
        exact = each.operator in {None, ">", ">="} and each.unit in SPANS
        measure = _lasting(low, each) if exact else None
        if measure is None or measure in found:
            continue
        # How long one stayed free is the value itself: "for 3 years" names no time, "at 3 years" does.
        when = measure == "overall_survival" or _WHEN.match(low, each.start, each.end)
        found[measure] = Measurement(
            measure=measure,
            statistic="value",
            start=each.start,
            end=each.end,
            value=each.value,
            unit=each.unit,
            n=1,
            time_months=each.months if when else None,
            time_text=sitting.text[each.start : each.end] if when else None,
        )
    return [*found.values()]


def _lasting(low: str, time: Quantity) -> str | None:
    """Return what lasted up to a time: a life, freedom from symptoms or from the tumour."""
    if _SURVIVED.search(low, 0, time.start):
        return "overall_survival"
    if _dead_before(low, time.start):
        # "Did not recover and died": what is denied ahead is no death.
        begin = max((each.end() for each in _PARTED.finditer(low, 0, time.start)), default=0)
        alone = time.operator is None and not DENIED.search(low, begin, time.start)
        return "overall_survival" if alone else None
    return _free_until(low, time.start)


def _free_until(low: str, start: int) -> str | None:
    """Return what one stayed free of up to a place where a time stands, None where nothing is told."""
    if not holds_any(low, _HINTS):
        return None
    for measure, wording in _FREE.items():
        told = [each.end() for each in wording.finditer(low, max(0, start - 120), start)]
        if told and _FREE_FOR.fullmatch(low, told[-1], start):
            return measure
    return None
