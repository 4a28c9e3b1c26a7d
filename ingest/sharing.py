"""Read counts that share their noun or total, and events that share their count.

"3 early and 11 late complications" counts complications twice; "an ileus and a fistula in 1
patient each" tells one patient of either; parts of one total are of that total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.model import Measurement, Mention
from ingest.populations import agrees
from ingest.quantity import Quantity
from ingest.scene import Scene

_NOUNS = frozenset(["complications", "deaths", "patients", "tumours", "procedures"])
_BETWEEN = re.compile(
    r" (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|died|months?|years?|days?|weeks?|hours?|points?|percent|levels?)\b)[a-z-]+"
    r"(?: (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|who)\b)[a-z-]+)?(?:,| and|, and) "
)
_NAMED = re.compile(r"[a-z]{3}")
_EACH = re.compile(r"\s*(?:,\s*)?each\b")
_OPENS = re.compile(
    r"\b(?:includ(?:ed|ing|e)|were|was|comprised|consisted of|as follows|namely|with|had)\b|:|\beach,? and\b|;"
)
# How it went on with those counted: what is told of all of them alike.
_WENT = (
    r"improv\w+|aggravat\w+|recover\w+|regain\w+|gained|better|worse\w*|deteriorat\w+|declin\w+|stable|unchanged|the same|no (?:\w+ )?change"
    r"|stabili[sz]ed|resolv\w+|persist\w+|continued to|remained|retained|maintained|able to|unable to"
)
_COURSE = re.compile(rf"\b(?:{_WENT})\b")
_OUTCOME = re.compile(
    rf"\b(?:{_WENT}|died|dead|alive|recurr\w+|relapsed|developed|experienc\w+|exhibit\w+|progress\w+|disease-free|tumou?r-free)\b"
)
_EARLIER = re.compile(
    r"\b(?:pre-?op\w*|before|prior|previous\w*|history|initially|baseline|present(?:ed|ing|ation)|underwent|received|undergoing)\b"
)
_VAGUE = re.compile(
    r"(?:immediate|early|late)? ?post|after|following|(?:at|on|during|until)\b.*follow|at discharge"
)
_LISTS = re.compile(r"^(?:[^.;]*?(?:,|\band\b|\bwhile\b|\bwhereas\b|\bwith\b|\bbut\b))")
_OF_GROUP = re.compile(r"\s*(?:[(\[][^()\[\]]*[)\]])?\s*(?:in|for|of|among|with|after) ")
_INNER = re.compile(r"\([^()]*\)")
_ENDS = re.compile(r"[,;] |\b(?:and|while|whereas|but)\b")
_SAYS = re.compile(r"[.;:]|\b(?:was|were|had|while|whereas|who|which|underwent|received)\b")
_APART = re.compile(r"\b(?:who|which|whom|whose|because|although|if|when)\b|;")


def shared_noun(scene: Scene, quantity: Quantity) -> Quantity | None:
    """Return the count whose noun a bare number shares, None where it shares none."""
    numbers = [each for each in scene.numbers() if each.start >= quantity.start]
    for one, other in pairwise(numbers):
        if not _BETWEEN.fullmatch(scene.low, one.end, other.start):
            return None
        if other.form == "count":
            plain = other.unit in _NOUNS and other.low is None and not other.percent
            return other if plain else None
        if other.form not in {"score", "bare"} or other.low is not None or other.unit:
            return None
    return None


def with_each(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found with one count for every event of a list that ends on "in 3 each"."""
    if " each" not in scene.low:
        return list(found)
    kept: list[Measurement] = []
    for at, each in enumerate(found):
        kept.append(each)
        if each.statistic != "count" or not _EACH.match(scene.low, each.end):
            continue
        floor = found[at - 1].end if at else 0
        begin = max(
            (mark.end() for mark in _OPENS.finditer(scene.low, floor, each.start)), default=floor
        )
        listed = [one for one in scene.mentions if begin <= one.start and one.end <= each.start]
        events = [one for one in listed if _is_event(scene, one)]
        if len(events) < 2 or each.measure not in {one.concept for one in events}:
            continue
        kept[-1:] = [
            replace(each, measure=one.concept, start=one.start, end=one.end) for one in events
        ]
        last = max(kept[-len(events) :], key=lambda one: one.start)
        kept[kept.index(last)] = replace(last, end=each.end)
    return kept


def of_total(low: str, found: Sequence[Measurement]) -> list[Measurement]:
    """Return counts with the total of their sentence as denominator where their percent is of it.

    "Leaks in 40 of 100 levels (40%): epidural 10 (10%)" counts levels, not patients.
    """
    totals = [each for each in found if each.statistic == "count" and each.denominator]
    if not totals:
        return list(found)
    kept: list[Measurement] = []
    for each in found:
        if not _is_bare_share(low, each):
            kept.append(each)
            continue
        of = next((one for one in totals if one.end <= each.start and _is_part(each, one)), None)
        sized = of and replace(each, unit=of.unit, denominator=of.denominator, n=of.denominator)
        kept.append(sized or each)
    return kept


def _is_bare_share(low: str, each: Measurement) -> bool:
    """Tell whether a count is printed with its percent and without what it counts or is of."""
    lone = each.statistic == "count" and each.denominator is None and each.n is None
    return lone and each.percent is not None and not _NAMED.search(low, each.start, each.end)


def _is_part(each: Measurement, total: Measurement) -> bool:
    """Tell whether a count and its percent are those of a part of a total."""
    return agrees(each.numerator or 0, total.denominator or 0, each.percent or 0.0)


def _is_event(scene: Scene, mention: Mention) -> bool:
    concept = scene.concepts[mention.concept]
    return concept.harm is True and "patients" in concept.units


def with_shared_times(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, each part of one course with the time that is told of one part only.

    "Nine improved after surgery, three were unchanged": when is told once for all that are listed.
    A number of months is shared by those who got better, stayed or got worse alone.
    """
    found = _endpoints(_parallel(scene, found))
    counts = [each for each in found if each.statistic in {"count", "percent"}]
    timed = [each for each in counts if each.time_text]
    if not timed or len(timed) == len(counts) or len({each.time_text for each in timed}) > 1:
        return list(found)
    of = timed[0]
    words = (of.time_text or "").lower()
    vague = bool(_VAGUE.match(words)) and of.time_months is None
    rule = _OUTCOME if vague else _COURSE
    return [
        replace(each, time_text=of.time_text, time_months=of.time_months)
        if each.time_text is None
        and each in counts
        and _goes_with(scene, each, timed, rule, counts)
        else each
        for each in found
    ]


def _parallel(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return values with the one time that is told of the group before: 400 ml during surgery in A, and 700 ml in B."""
    kept = list(found)
    values = [at for at, each in enumerate(kept) if each.numerator is None]
    for before, at in pairwise(values):
        one, other = kept[before], kept[at]
        alike = one.measure == other.measure and one.unit == other.unit and one.unit is not None
        if not (alike and one.time_text and other.time_text is None and one.percent is None):
            continue
        between = scene.low[one.end : other.start]
        of_group = _OF_GROUP.match(scene.low, other.end) and not _APART.search(between)
        if of_group and not _EARLIER.search(one.time_text.lower()) and " to " not in between:
            kept[at] = replace(other, time_text=one.time_text, time_months=one.time_months)
    return kept


def _endpoints(found: Sequence[Measurement]) -> list[Measurement]:
    """Return rates with the one time ahead of several endpoints: 2-year control was 88% and survival 60%."""
    rates = [each for each in found if each.percent is not None and each.numerator is None]
    first = rates[0] if len(rates) > 1 else None
    if first is None or first.time_months is None or not _is_endpoint(first):
        return list(found)
    if any(each.time_text for each in found if each.time_text != first.time_text):
        return list(found)
    return [
        replace(each, time_text=first.time_text, time_months=first.time_months)
        if each in rates and each.time_text is None and _is_endpoint(each)
        else each
        for each in found
    ]


def _is_endpoint(each: Measurement) -> bool:
    """Tell whether a rate is of an endpoint that is told by its time: survival, local control."""
    return (each.measure or "").endswith(("survival", "local_control"))


def _goes_with(
    scene: Scene,
    each: Measurement,
    timed: Sequence[Measurement],
    rule: re.Pattern[str],
    counts: Sequence[Measurement],
) -> bool:
    """Tell whether a number is of the same list of outcomes as one with a time."""
    nearest = min(timed, key=lambda one: abs(one.start - each.start))
    first, last = sorted((each, nearest), key=lambda one: one.start)
    between = scene.low[first.end : last.start]
    if _of_those(scene, each, nearest):
        return True
    if not _LISTS.match(between) or _APART.search(between):
        return False
    return all(
        bool(rule.search(said)) and not _EARLIER.search(said)
        for said in (_said(scene, each, counts), _said(scene, nearest, counts))
    )


def _of_those(scene: Scene, each: Measurement, of: Measurement) -> bool:
    """Tell whether a number in brackets is a part of those counted before: 9 had a deficit from A (n = 4)."""
    low = scene.low
    bracketed = low[each.start - 1 : each.start] == "(" and low.startswith("n", each.start)
    between = _INNER.sub("", low[of.end : each.start])
    return bracketed and of.start < each.start and not _SAYS.search(between)


def _said(scene: Scene, each: Measurement, counts: Sequence[Measurement]) -> str:
    """Return the words of a number's own part of the sentence, up to the next number."""
    before = max((one.end for one in counts if one.end <= each.start), default=0)
    after = min((one.start for one in counts if one.start >= each.end), default=len(scene.low))
    own = _ENDS.split(_INNER.sub("", scene.low[each.end : after]))[0]
    ahead = _ENDS.split(scene.low[before : each.start])[-1]
    return own if _OUTCOME.search(own) else f"{ahead[-140:]} {own}"
