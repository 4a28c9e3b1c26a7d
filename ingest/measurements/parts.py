"""Find counts that are parts of a count told before them in their sentence: they add up to it.

"22 complications (3 early, 19 late)", "11 patients for pain (n = 9) or weakness (n = 2)", "48 deaths,
29 in one arm".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.sizing import FORMED
from ingest.language.wording import bracket_open, holds_any
from ingest.model import Measurement
from ingest.numbers.quantity import Quantity, sizes_group
from ingest.numbers.scene import Sitting

_HELD = re.compile(r"[^().;]{0,70}")
# What stands in a bracket of parts beside its numbers: words, and no verb.
_WORDED = re.compile(
    r"\s*(?!(?:of|%|mm|cm|ml|months?|years?|days?|weeks?|hours?|points?|p\b)\b)(?:patients? |individuals |subjects |participants? |cases? )?(?:with |for |in |on |at |had |were |of them )?[a-z]"
)
_IN_GROUP = re.compile(
    r"\s*(?:patients |individuals |subjects |participants |cases )?(?:in|of|from|with|after) (?:the )?(?:[\w/-]+ ){0,4}?(?:groups?|arms?|cohorts?)\b"
)
_IN_A = re.compile(r"\s+in (?:the )?[A-Za-z0-9-]{1,12}\s*(?:[.,;)]|$)")
_JOINED = re.compile(
    r"(?:\([^()]*\)|[^().;\d]|;)*(?:[;,:(]|\band|\bincluding|\bwith|\bversus|\bvs\.?)\s*(?:only |included |including )?"
)
_ITEM_ENDS = re.compile(r"[,;)]|\band\b")
_ADJECTIVE = re.compile(r" [a-z-]+\s*(?:[,;)]|and\b)")
_UNITS = {"patients", "deaths", "complications", "tumours", "levels", None}
# What a whole may be of, and the bracket that opens behind it with its parts.
_WHOLES = frozenset(["patients", "procedures", "tumours", "levels"])
_BRACKETED = re.compile(r"[^().;]{0,40}\(\s*(?:[A-Za-z][A-Za-z -]{2,40} in )?")
# "eight had a vertebrectomy, including six who"
_INCLUDING = re.compile(r"\b(?:including|comprising|consisting of)\b")
# "(a leak in 6"
_IN_PART = re.compile(r"s? in (?:only )?")
SHARED = frozenset(["patients", "deaths"])
"""Units of counts that are a part of the patients, so that their share of them can be told."""
# Counts of whom a report is built on, drawn from more.
_SIZES = frozenset(["patients_included", "patients_treated", "patients_diagnosed"])
# A smaller whole is added up to by chance too often.
FEW = 5
# How far ahead of its parts a count may stand, in characters.
_NEAR = 90
_SIZED = re.compile(
    r"\(\s*(?:n\s*=\s*)?(\d+)\s*(?:patients|individuals|subjects|participants|cases)?\s*\)"
)
# "grade 2 (n = 21) and 3 (n = 9)"
_GROUP_SIZES = re.compile(r"[(\[][nN] ?= ?(?P<n>\d+)[)\]]")
# What leads from a count to its parts.
_LEADS_ON = re.compile(r"[:;] ")
_VERSUS = re.compile(r"\b(?:vs|versus|compared)\b")


def adds_up(parts: Sequence[int | None], whole: int | None) -> bool:
    """Tell whether at least two counts are the parts of a whole."""
    return len(parts) > 1 and None not in parts and sum(each or 0 for each in parts) == whole


def percent_of(part: int, whole: int) -> float:
    """Return what percent of a whole a part is, with the one decimal that articles print, halves up."""
    return (2000 * part + whole) // (2 * whole) / 10


def with_whole(each: Measurement) -> Measurement:
    """Return a count of some of so many patients with these as its denominator: 3 of the 48.

    A count of those a report is built on is no part of others.
    """
    part, size = each.numerator, each.n
    told = each.percent if each.percent is not None else each.percent_derived
    if part is not None and each.denominator and told is None and part <= each.denominator:
        return replace(each, percent_derived=percent_of(part, each.denominator))
    if each.statistic != "count" or each.denominator is not None or part is None or size is None:
        return each
    # "All patients had": as many as there are.
    some = part < size or (part == size and each.derived)
    if each.unit not in SHARED or each.measure in _SIZES or not some:
        return each
    share = percent_of(part, size) if each.percent is None else each.percent_derived
    return replace(each, denominator=size, percent_derived=share)


def names_group(each: Measurement) -> bool:
    """Tell whether a count is the size of a group that has a name: no part of what else is told."""
    return each.group is not None and each.n == each.numerator


def part_of(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return a bare number as a part of the count before it, None where it is of none."""
    enclosed = "(" in sitting.scene.low[: quantity.start]
    if quantity.value is None or not (enclosed or sitting.found):
        return None
    part = Measurement(
        measure=None,
        statistic="count",
        start=quantity.start,
        end=quantity.end,
        value=quantity.value,
        numerator=int(quantity.value),
    )
    if enclosed and (whole := _bracketed(sitting, quantity)):
        # Two kinds set against each other are groups, and what is named inside has its own measure.
        apart = whole.measure is None and (
            _VERSUS.search(sitting.scene.low, whole.end)
            or any(each.start >= whole.end for each in sitting.scene.mentions)
        )
        return None if apart else _named_part(sitting, part, whole)
    if whole := _in_group(sitting, quantity):
        return _of_kind(part, whole)
    if event := _event_parted(sitting, quantity):
        unit = "complications" if event == "complications" else "patients"
        return replace(part, measure=event, unit=unit)
    return None


def _of_kind(part: Measurement, whole: Measurement) -> Measurement:
    """Return a part as a count of what the whole counts, at its time."""
    return replace(
        part,
        measure=whole.measure,
        unit=whole.unit,
        time_months=whole.time_months,
        time_text=whole.time_text,
    )


def _named_part(sitting: Sitting, part: Measurement, whole: Measurement) -> Measurement:
    """Return a part in brackets as a count of what its own words name, else of what the whole counts."""
    item = _ITEM_ENDS.search(sitting.scene.low, part.end)
    mentions = [
        each
        for each in sitting.scene.mentions
        if "patients" in sitting.scene.concepts[each.concept].units
    ]
    ahead = [
        each.concept
        for each in mentions
        if _IN_PART.fullmatch(sitting.scene.low, each.end, part.start)
    ]
    named = ahead or [
        each.concept for each in mentions if item and part.end <= each.start < item.start()
    ]
    told = _of_kind(part, whole)
    told = replace(told, measure=named[0]) if named else told
    size, among = part.numerator, whole.numerator
    if whole.unit != "patients" or size is None or not among:
        return told
    share = percent_of(size, among)
    return replace(told, value=None, denominator=among, n=among, percent_derived=share)


def with_parts(low: str, found: list[Measurement]) -> list[Measurement]:
    """Return what was found, the bracketed parts of a count told as what the count is of.

    The parts stand behind it: 11 patients for pain (n = 9) or weakness (n = 2).
    """
    if holds_any(low, FORMED):
        return found  # groups are no parts of what was found
    for at, whole in enumerate(found):
        if whole.measure is None or whole.statistic != "count" or not whole.numerator:
            continue
        if not adds_up([int(each[1]) for each in _SIZED.finditer(low, whole.end)], whole.numerator):
            continue
        found = found[: at + 1] + [
            replace(each, measure=whole.measure)
            if each.measure is None
            and each.statistic == "count"
            and "(" in low[each.start - 1 : each.start + 1]
            else each
            for each in found[at + 1 :]
        ]
    return found


def measure_parted(
    sizes: Sequence[int | None], place: int, measured: Sequence[Measurement]
) -> str | None:
    """Return the measure of the count right ahead of a place that the items of a list there part.

    "12 bled, at once (8) or later (4)".
    """
    told = [each for each in measured if each.end <= place and each.statistic == "count"]
    if not told or place - told[-1].end >= _NEAR or not adds_up(sizes, told[-1].numerator):
        return None
    return told[-1].measure if told[-1].measure != "patients_included" else None


def sizes_groups(low: str, measured: Sequence[Measurement]) -> bool:
    """Tell whether brackets size groups: pain in grade 2 (n = 21) and 3 (n = 9), no parts of 30."""
    places = list(_GROUP_SIZES.finditer(low))
    sizes = [int(each["n"]) for each in places]
    named = {
        one.measure
        for one in measured
        if one.measure and any(each.start() < one.start < each.end() for each in places)
    }
    # "including a leak (n = 4) and an ileus (n = 1)": each is a finding of its own.
    return 1 < len(sizes) != len(named) and sum(sizes) not in {each.numerator for each in measured}


def of_told(measured: tuple[Measurement, ...], text: str) -> tuple[Measurement, ...]:
    """Return a sentence's numbers with its parts given the count that they add up to as n.

    "Ten needed surgery for pain (n = 6) or a leak (n = 4)": the six and the four are of the ten.
    """
    if len(measured) < 3:
        return measured
    told = list(measured)
    for at, lead in enumerate(told):
        whole = lead.numerator or 0
        if lead.unit not in _WHOLES or whole < FEW or sizes_group(text, lead.start):
            continue
        parts = _parts_behind(told, at, text)
        sizes = [told[index].numerator or 0 for index in parts]
        if adds_up(sizes, whole):
            for index, size in zip(parts, sizes, strict=True):
                if told[index].group and told[index].n not in {None, told[index].numerator}:
                    continue  # "leaks in 8, 5 in arm A (n = 5)": five of those in that arm
                share = percent_of(size, whole)
                told[index] = replace(told[index], n=whole, percent_derived=share)
    return tuple(told)


def _parts_behind(told: Sequence[Measurement], at: int, text: str) -> list[int]:
    """Return which numbers behind a count may be its parts: in brackets, or behind "including"."""
    behind = list(range(at + 1, len(told)))
    if len(behind) > 1 and _INCLUDING.search(text, told[at].end, told[behind[0]].start):
        people = all(told[index].unit == "patients" for index in behind)
        return behind if people and not any(told[index].denominator for index in behind) else []
    if behind and _BRACKETED.fullmatch(text, told[at].end, told[behind[0]].start):
        closed = text.find(")", told[behind[0]].start)
        within = [index for index in behind if told[index].end <= closed]
        open_ = [
            told[index]
            for index in within
            if told[index].n is None and told[index].group and text[told[index].start].isdigit()
        ]
        if len(open_) == len(within) and {each.unit for each in open_} == {told[at].unit}:
            return within
        if len(within) > 1 and all(
            told[index].unit == told[at].unit == "patients"
            and not told[index].group
            and told[index].denominator in {None, told[at].numerator}
            for index in within
        ):
            return within  # "in 9 patients (a leak in 6 and an ileus in 3)"
    sized = [
        sizes_group(text, told[index].start) and not names_group(told[index]) for index in behind
    ]
    return behind[: sized.index(False)] if False in sized else behind


def _bracketed(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return the count that a bare number in brackets is a part of, None where it is of none.

    The numbers of the bracket that stands behind the count add up to it.
    """
    low = sitting.scene.low
    bracket = _bracket_of(low, quantity.start)
    if bracket is None:
        return None
    opens, closes = bracket
    whole = next(
        (
            each
            for each in reversed(sitting.found)
            if each.end <= opens and each.numerator and each.statistic == "count"
        ),
        None,
    )
    if whole is None or not _HELD.fullmatch(low, whole.end, opens):
        return None
    inside = [each for each in sitting.scene.numbers if opens < each.start < closes]
    if not adds_up([_size(each) for each in inside], whole.numerator):
        return None
    return whole if _WORDED.match(low, quantity.end) else None


def whole_led(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return the count that leads to a row of bare numbers which adds up to it, None where none does.

    "Relapse was seen in 34: 18 at the margin, 9 in the bed and 7 at either site."
    """
    low = sitting.scene.low
    stop = low.find(";", quantity.end)
    for lead in sitting.found:
        counts = lead.statistic == "count" and lead.measure != "patients_included"
        if not counts or not lead.numerator or lead.end > quantity.start:
            continue
        if lead.measure == "complications":
            continue  # a leak in 4 of 90, whatever else befell whom
        mark = _LEADS_ON.search(low, lead.end, quantity.start)
        if mark is None:
            continue
        row = [
            _size(each)
            for each in sitting.scene.numbers
            if each.start >= mark.end() and (stop < 0 or each.end <= stop)
        ]
        if len(row) > 1 and adds_up(row, lead.numerator):
            return lead.numerator
    return None


def _bracket_of(low: str, place: int) -> tuple[int, int] | None:
    """Return where the bracket around a place opens and closes, None where none is around it."""
    opens, closes = bracket_open(low, place), low.find(")", place)
    return None if opens < 0 or closes < 0 else (opens, closes)


def _event_parted(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the event in whose bracket a number stands with others: complications (3 early, 9 late)."""
    low = sitting.scene.low
    bracket = _bracket_of(low, quantity.start)
    if bracket is None:
        return None
    opens, closes = bracket
    named = [
        each
        for each in sitting.scene.mentions
        if each.end <= opens and low[each.end : opens].strip() in {"", "s"}
    ]
    inside = [each for each in sitting.scene.numbers if opens < each.start < closes]
    worded = all(_size(each) and _ADJECTIVE.match(low, each.end) for each in inside)
    if not named or len(inside) < 2 or not worded:
        return None
    concept = sitting.scene.concepts[named[-1].concept]
    return concept.id if concept.harm and "patients" in concept.units else None


def _in_group(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return the count that a bare number told of one group goes on: 48 deaths; 29 in the EI group."""
    low, size = sitting.scene.low, _size(quantity)
    told = [each for each in sitting.found if each.statistic == "count" and each.measure]
    if quantity.form == "count" or not told or size is None:
        return None
    whole = told[0]
    if whole.unit not in _UNITS or size >= (whole.numerator or 0):
        return None
    alone = _IN_GROUP.match(low, quantity.end)
    again = len(told) > 1 and _IN_A.match(low, quantity.end)
    if not alone and not again:
        return None
    return whole if _JOINED.fullmatch(low, told[-1].end, quantity.start) else None


def _size(quantity: Quantity) -> int | None:
    """Return how many a number may count, None where it can be no count."""
    plain = quantity.form in {"score", "bare", "count"} and quantity.low is None
    value = quantity.value
    if not plain or value is None or value != int(value) or quantity.spread is not None:
        return None
    return int(value) if quantity.unit in _UNITS else None
