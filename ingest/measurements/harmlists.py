"""Read the counts of a list of harms behind a colon: dural tear, 4; leak, 2; infection, none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.measurements.absence import is_event
from ingest.model import Measurement, Mention
from ingest.numbers.numerals import WORD, parse_number
from ingest.vocabulary import load_concepts

_HEAD = build_rule(
    r"\b(?:complications?|toxicit(?:y|ies)|adverse|morbidit(?:y|ies)|side effects|sequelae|problems)\b[^.;:]*:\s*"
)
_COLON = re.compile(r":\s+")
# "leak, 4", "leak 4 (5%)", "sore, none"
_ITEM = re.compile(
    r"(?:and )?(?P<label>[a-z](?:[a-z' /-]|(?<=\bc)\d|(?<=\bwithin )\d+(?= (?:days|months))|\([^()\d]{1,30}\)){1,60}?)(?:, ?| )"
    rf"(?P<k>\d{{1,3}}|\b(?:{WORD}|none|nil)\b)(?: (?:patients|individuals|subjects|participants|cases))?(?: ?[(\[]\d[\d.]* ?%[)\]])?(?=\s*(?:[,;]|\.?$|\.\s|and\b))"
)
_NEXT = re.compile(r"\s*[,;]?\s*(?:and )?")
# "in 4", "with 4", "at 6 and 12": other lists read these.
_TIED = re.compile(r"\b(?:in|for|with|of|at|by|to|from|than|grade|type|stage|level|phase)$")
_NOBODY = frozenset(["none", "nil"])


def with_harms(
    text: str, mentions: Sequence[Mention], measured: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return a sentence's measurements with the counts of its list of harms, in order."""
    low = lowered(text)
    headed = _HEAD.search(low)
    opens = headed or _COLON.search(low)
    # "Leak, 4; infection, 2; palsy, 1": a sentence that is nothing but a list.
    alone = not opens and low.count("; ") > 1
    items = list(_items(low, opens.end() if opens else 0)) if opens or alone else []
    if alone and not (items and low.endswith(".", items[-1].end())):
        return tuple(measured)
    events = [each for each in mentions if is_event(load_concepts(), each)]
    named = [_named(each, events) for each in items]
    if len(items) < 2 or not (headed or sum(map(bool, named)) > 1):
        return tuple(measured)
    found = list(measured)
    for item, harm in zip(items, named, strict=True):
        measure = harm.concept if harm else "complications" if headed else None
        if measure:
            found = _counted(found, item, measure)
    return tuple(sorted(found, key=lambda each: each.start))


def _items(low: str, start: int) -> Iterator[re.Match[str]]:
    while (item := _ITEM.match(low, start)) and not _says_more(item["label"]):
        yield item
        gap = _NEXT.match(low, item.end())
        start = gap.end() if gap else item.end()


def _says_more(label: str) -> bool:
    """Tell whether the words ahead of a number are more than the name of what it counts."""
    return holds_verb(label) or _TIED.search(label) is not None


def _named(item: re.Match[str], events: Sequence[Mention]) -> Mention | None:
    """Return the harm that an item's words name, the last where there are several."""
    start, end = item.span("label")
    inside = [each for each in events if start <= each.start and each.end <= end + 1]
    return inside[-1] if inside else None


def _counted(found: list[Measurement], item: re.Match[str], measure: str) -> list[Measurement]:
    """Return what was found with an item's count; what was read of it without a measure is given that."""
    start, end = item.span("k")
    over = [at for at, each in enumerate(found) if each.start < end and start < each.end]
    if over:
        return [
            replace(each, measure=measure)
            if at in over and each.measure is None and each.statistic == "count"
            else each
            for at, each in enumerate(found)
        ]
    size = 0 if item["k"] in _NOBODY else int(parse_number(item["k"]))
    count = Measurement(
        measure=measure,
        statistic="count",
        start=start,
        end=end,
        value=float(size),
        unit="patients",
        numerator=size,
    )
    return [*found, count]
