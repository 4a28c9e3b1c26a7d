"""Decide which measure and which time point of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.model import Concept, Mention
from ingest.quantity import Quantity

_OF_GROUP = re.compile(
    r"(?:of|among|in) [^,]*(?:patients|cases|those|women|men)[^,]*,", re.IGNORECASE
)


# "55 % of the immobile patients regained ...": the number's finding follows.
_SUBJECT = re.compile(
    r"\s*of (?:the |all |our |these )?(?:[\w-]+ ){0,3}(?:patients|cases|those|women|men)\b",
    re.IGNORECASE,
)
PAIRED = re.compile(r"\brespectively\b", re.IGNORECASE)


def _compatible(quantity: Quantity, concept: Concept) -> bool:
    if not concept.units:
        return concept.facet != "measures" or quantity.form in {
            "percent",
            "share",
            "ratio",
            "count",
        }
    kinds = set(concept.units)
    if quantity.form == "effect":
        return True
    if quantity.form in {"share", "ratio", "count"}:
        return bool({"patients", "percent", "tumours", "levels"} & kinds)
    if quantity.form == "percent" or quantity.unit == "percent":
        return "percent" in kinds
    if quantity.form in {"score", "change"} and quantity.unit is None:
        return bool({"score", "points"} & kinds)
    return (
        quantity.unit in kinds
        or (quantity.unit in {"ml", "l"} and "ml" in kinds)
        or (
            quantity.unit in {"days", "weeks", "months", "years"}
            and bool({"months", "days"} & kinds)
        )
    )


def _clause(spans: Sequence[tuple[int, int]], place: int) -> int:
    return next((index for index, (start, end) in enumerate(spans) if start <= place < end), 0)


def measure_of(
    quantity: Quantity,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
    spans: Sequence[tuple[int, int]],
    text: str,
) -> Mention | None:
    """Return the mention of the measure a number belongs to, the nearest that can carry its unit."""
    home = _clause(spans, quantity.start)
    best: tuple[float, Mention] | None = None
    for mention in mentions:
        if not _compatible(quantity, concepts[mention.concept]):
            continue
        if quantity.form == "effect" and mention.concept in {"age", "follow_up"}:
            continue  # an effect is on an outcome; age and time are what it is of
        after = mention.start >= quantity.end
        gap = mention.start - quantity.end if after else quantity.start - mention.end
        gap = max(gap, 0)
        between = (
            text[quantity.end : mention.start] if after else text[mention.end : quantity.start]
        )
        cost = float(gap) + 90 * (_clause(spans, mention.start) != home)
        cost += 25 * len(re.findall(r"[,;]", between))
        if after:
            close = re.match(
                r"\s*(?:patients?|cases?|\(\d[^)]*\))?\s*(?:\w+ly )?(?:had|developed|experienced|with|suffered|of|overall|local|required|died|survived|were|improved)?\b",
                between,
            )
            told = quantity.form in {"share", "ratio", "count"} and close
            told = told or (quantity.form == "percent" and _SUBJECT.match(between))
            cost += 8 if told else 30
        if _OF_GROUP.match(text) and mention.end <= text.find(","):
            cost += (
                60  # "Of patients with an event, 33 % ...": the event is the group, not the finding
            )
        cost -= min(12, (mention.end - mention.start) / 2)
        if best is None or cost < best[0]:
            best = (cost, mention)
    return best[1] if best and best[0] < 220 else None


def time_of(
    quantity: Quantity,
    rank: int,
    peers: int,
    times: Sequence[Quantity],
    text: str,
    spans: Sequence[tuple[int, int]],
) -> Quantity | None:
    """Return the time point a number belongs to, None where the sentence gives none."""
    if not times:
        return None
    if len(times) == peers > 1 and (
        PAIRED.search(text) or times[-1].end <= quantity.start or peers == len(times)
    ):
        return times[rank]
    home = _clause(spans, quantity.start)
    near = [each for each in times if _clause(spans, each.start) == home] or (
        list(times) if len(times) == 1 else []
    )
    before = [each for each in near if each.end <= quantity.start]
    after = [each for each in near if each.start >= quantity.end]
    if after and (not before or after[0].start - quantity.end < 14):
        return after[0]
    return before[-1] if before else None


def paired_measures(
    text: str,
    quantities: Sequence[Quantity],
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
) -> dict[int, str]:
    """Pair measures with numbers in order where "respectively" says so."""
    marker = PAIRED.search(text)
    numbers = [
        each
        for each in quantities
        if marker
        and each.end <= marker.start()
        and each.form in {"percent", "share", "ratio", "value"}
    ]
    named = [
        each
        for each in mentions
        if numbers
        and each.end <= numbers[0].start
        and _compatible(numbers[0], concepts[each.concept])
    ]
    if (
        len(numbers) < 2
        or len({each.concept for each in named}) != len(numbers)
        or len(named) != len(numbers)
    ):
        return {}
    return {number.start: mention.concept for number, mention in zip(numbers, named, strict=True)}
