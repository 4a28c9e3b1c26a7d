"""Take back the groups that the words before a number refuse: the other 40 are not those named first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.groups.dealing import EFFECTS
from ingest.language.starts import build_rule
from ingest.model import Measurement
from ingest.numbers.numerals import NUMBER, parse_number

_OTHERS = build_rule(r"\b(?:the|all|our) (?:other|others|remaining|rest)\b")
# A name that ends so goes on: with the number that bounds it, or with the rest of a list.
_OPEN = re.compile(
    r"\d to$| (?:between|of|above|below|over|under|than age|(?:over|in|during) the (?:preceding|last|past))$"
)
# What goes on with more than a number.
_LOST = re.compile(
    r" from$| either (?:[a-z]+ )?(?:two|three|four|an? [a-z]+)$| with (?:(?:an? )?(?:mean|median|average)|large|small|two|three|four)$"
)
# "Patients with a remnant | progressed at": what they are told to have done names them not.
_TRAIL = re.compile(
    r"(?<!who)(?<!that)(?<!which)(?: (?:recurred|relapsed|progressed|died|survived|deteriorated|improved|worsened|recovered))?(?: (?:to|at|after|within|by|during))?$"
)
# Where patients lay or were seen is no group of them: 3 days in intensive care and 9 on the ward.
_PLACE = re.compile(
    r"(?:in |on |at )?(?:the |an? )?(?:(?:general|surgical|medical|regular|recovery|emergency|operating|intensive care|high[- ]dependency|rehabilitation|outpatient) )?"
    r"(?:wards?|unit|icu|pacu|intensive care|room|theatre|department|clinic|home|rehabilitation)",
    re.IGNORECASE,
)
_THERE = build_rule(
    r"\b(?:those|patients|individuals|subjects|participants|studies|cases) (?:[a-z]+ ){0,3}(?:in|on|at|from) (?:the )?$"
)
_UNCLOSED = re.compile(
    r"\s*\([^()]*$|^(?:until|till|since|from|thereafter|then|before|after|onwards)$"
)
# "Two died of | liver failure | and | sepsis | at 11 and 15 months": of what they died.
_CAUSE = build_rule(
    r"\b(?:died|deaths?|dead|succumbed) (?:of|from|to|due to|because of) (?:(?!patients|in|at|after)[a-z-]+ ){0,3}(?:and )?$"
)
# "With A as the reference group, B doubled the risk": it says that A is, not who that is.
_REFERENCE = re.compile(
    r"(?i)(?:the )?(?:reference|referent|comparison) (?:groups?|category|class|arm)"
)
# "From grade B to D in 2": the grades between which they moved are no groups.
_GRADE = re.compile(r"(?i)(?:\w+ )?(?:grades?|class|types?|stages?) [a-e\d](?:[1-3])?")
# "4 articles (543 patients), mostly | uncontrolled cohort | studies"
_OF_PAPERS = re.compile(r" (?:studies|trials|articles|series|reports|designs?)\b(?! (?:group|arm))")
_BETWEEN = re.compile(r"(?:mean |median |adjusted |absolute )?(?:difference|diff\b)")
_BOUND = re.compile(r"(?: \d[\d.,]*\d|(?: \d)+)(?: (?:years?|months?|weeks?|days?)\b)?")
_AND_OLDER = re.compile(r" (?:and|or) (?:older|younger|over|above)\b")
_LISTED = re.compile(r",(?: [a-z-]+,)* [a-z-]+,? or [a-z-]+ [a-z]")
# "Fixation in 81, corpectomy | in | 14": it was done in so many.
_DONE_IN = re.compile(
    r" (?:(?:was|were) )?(?:(?:done|performed|used|chosen|undertaken|required|given) )?(?:in|on) (?:only |another |the other )?"
)
_OF_THOSE = re.compile(
    r"\b(?:after|with|without|following|by|for|of|in|under|undergoing|receiving|the|versus|vs) $"
)
_NEXT_IN = re.compile(rf"{_DONE_IN.pattern}{NUMBER}\b")
_SIZE = build_rule(rf"(?P<size>{NUMBER}) (?:of (?:the |these )?)?$")


def without_refused(low: str, measured: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return measurements without a group named ahead where their words tell of others.

    "The 12 with a relapse lived 9 months and the other 40 lived 31"; a part of 24 is none of 18.
    ``low`` is the text in lower case.
    """
    found = [_closed(each) for each in measured]
    found = [_refused(low, _mended(low, each)) if each.group else each for each in found]
    found = [
        ungrouped(each) if _names_deed(low, each) or _is_of_both(each, found) else each
        for each in found
    ]
    if "respectively" in low and len(found) > 2:
        alike = Counter((each.measure, each.group, each.time_text, each.unit) for each in found)
        # "In breast, renal and lung cancer 27, 18 and 6": no three numbers are of the first alone.
        found = [
            _unplaced(each)
            if each.group and alike[each.measure, each.group, each.time_text, each.unit] > 2
            else each
            for each in found
        ]
    return tuple(_nearer(found))


def _is_of_both(each: Measurement, found: Sequence[Measurement]) -> bool:
    """Tell whether a ratio without a reference closes the rates of two groups: 90% in A and 73% in B (HR 0.38)."""
    if each.statistic not in EFFECTS or each.group is None or each.comparator is not None:
        return False
    told = {one.group for one in found if one.end <= each.start and one.measure == each.measure}
    return each.group in told and len(told - {None}) > 1


def is_place(label: str) -> bool:
    """Tell whether what looks like the name of a group is where patients lay or were seen."""
    return _PLACE.fullmatch(label) is not None


def _names_deed(low: str, each: Measurement) -> bool:
    """Tell whether what looks like a count's group is what was done in so many: fusion in 8, a laminectomy in 4."""
    if each.measure not in {None, "procedure_performed"} or each.statistic != "count":
        return False
    start, end = each.group_start, each.group_end
    if start is None or end is None or _OF_THOSE.search(low, 0, start):
        return False
    ahead = end <= each.start and _DONE_IN.fullmatch(low, end, each.start) is not None
    return ahead or (start >= each.end and _NEXT_IN.match(low, end) is not None)


def _mended(low: str, each: Measurement) -> Measurement:
    """Return a measurement with the whole name of its group where that was cut, without it where it cannot be told.

    "Those with 7 to | 12", "patients with metastases of renal | , thyroid or hepatic origin".
    """
    end = each.group_end
    if end is None or each.group is None:
        return each
    if _BETWEEN.match(low, each.start):
        return ungrouped(each)  # "9 in A and 12 in B (mean difference 3)": it is of both
    if _CAUSE.search(low, 0, each.group_start or 0) or _REFERENCE.fullmatch(each.group):
        return ungrouped(each)
    if _OF_PAPERS.match(low, end) or (each.transition and _GRADE.fullmatch(each.group)):
        return ungrouped(each)
    if _PLACE.fullmatch(each.group) and not _THERE.search(low, 0, each.group_start or 0):
        return ungrouped(each)
    if _OPEN.search(each.group):
        rest = _BOUND.match(low, end)
        if rest is None:
            return ungrouped(each)
        return replace(each, group=each.group + rest[0], group_end=rest.end())
    if older := _AND_OLDER.match(low, end):
        return replace(each, group=each.group + older[0], group_end=older.end())
    trail = _TRAIL.search(each.group)
    if trail and trail[0]:
        return replace(each, group=each.group[: trail.start()], group_end=end - len(trail[0]))
    listed = _LOST.search(each.group) or _LISTED.match(low, end)
    return ungrouped(each) if listed else each


def _closed(each: Measurement) -> Measurement:
    """Return a measurement whose groups' names hold no open bracket, as in without (2004-10, and are no mere "until"."""
    open_ended = [name for name in (each.group, each.comparator) if name and _UNCLOSED.search(name)]
    if not open_ended:
        return each
    group, other = (_UNCLOSED.sub("", name or "") or None for name in (each.group, each.comparator))
    start = each.group_start
    end = start + len(group) if start is not None and group else each.group_end
    return replace(each, group=group, comparator=other, group_end=end)


def _nearer(found: list[Measurement]) -> list[Measurement]:
    """Return measurements of which none shares a group behind it with the next, which it is told of.

    "Survival was 11 months, 15 months in breast cancer": the first is of all.
    """
    kept = list(found)
    for at, (one, other) in enumerate(pairwise(found)):
        values = None not in {one.value, other.value}
        behind = one.group_start is not None and one.group_start > other.end
        if values and behind and _told_of(one) == _told_of(other):
            kept[at] = ungrouped(one)
    return kept


def _told_of(each: Measurement) -> tuple[object, ...]:
    """Return what a number is of, and where its group is named: alike for numbers of one list."""
    return each.measure, each.statistic, each.unit, each.time_text, each.group_start


def ungrouped(each: Measurement) -> Measurement:
    """Return a measurement without its group, that group's size and what it is set against."""
    return replace(each, n=None, group=None, comparator=None, group_start=None, group_end=None)


def _unplaced(each: Measurement) -> Measurement:
    """Return a measurement without its group and that group's size, which is not its own whole."""
    return replace(each, group=None, n=each.n if each.n == each.denominator else None)


def _refused(low: str, each: Measurement) -> Measurement:
    if low.startswith((" that in ", " that of "), each.end):
        return replace(each, group=None, comparator=each.group)  # "half that in the controls"
    place = low.find((each.group or "").lower())
    if place < 0 or place >= each.start:
        return each
    others = _OTHERS.search(low, place + len(each.group or ""), each.start)
    if others and not _OTHERS.search(low, 0, place):
        return _unplaced(each)
    size = _SIZE.search(low, max(0, place - 30), place)
    if size and each.denominator and parse_number(size["size"]) != each.denominator:
        return replace(each, group=None)
    return each
