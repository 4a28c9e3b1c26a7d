"""Count the events that a sentence states in words alone: one that befell a patient, or nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.language.portions import part_told
from ingest.language.wording import compiled_cues, holds_any
from ingest.measurements.absence import absent_events, denies_event, is_event, none_of
from ingest.measurements.timing import time_of
from ingest.model import Concept, Measurement, Mention
from ingest.numbers.quantity import PARTS_OR_BARE, Quantity
from ingest.numbers.scene import Scene

_CUES = Path(__file__).parents[1] / "cues" / "occurrence.yml"
_HINTS = (" a ", " an ", "A ", "An ")
_PART = re.compile(r"[,;]|\b(?:and|but)\b")
_ARTICLE = re.compile(r"(?i)\b(?:an?|one) (?:[a-z-]+ ){0,4}$")
_REACH = 60
# The words ahead of a number of all in whom an event did not occur, and those that part the two.
_AMONG = re.compile(
    r"\b(?:in|among|amongst|of|for) (?:(?:all|this series|our series|a series|a total|the series) )?(?:of )?"
    r"(?:(?:the|these|those|our) )?(?:(?:other|remaining|first|last|next) )?$"
)
_ADDED = re.compile(r"\band (?!(?:no|zero) )(?:[\w-]+ )?$")
_APART = re.compile(
    r"[;:]|\b(?:and|but|although|while|whereas|however|after|until|till|only|which)\b"
)
# "included a dural tear in 5"
_IN_SO_MANY = re.compile(r" in (?:only )?\d")
_DENIES = re.compile(r"\b(?:no|not|none|never|neither|without)\b")
_RATE = re.compile(r"(?:rates?|(?<![isu])s)$")


def tells_event(text: str, mentions: Sequence[Mention], concepts: Mapping[str, Concept]) -> bool:
    """Tell whether an event of a sentence stands behind an article; most do not."""
    return holds_any(text, _HINTS) and any(
        _ARTICLE.search(text[max(0, each.start - _REACH) : each.start])
        for each in mentions
        if is_event(concepts, each)
    )


def with_events(
    text: str, scene: Scene, found: Sequence[Measurement], single: bool
) -> list[Measurement]:
    """Return what was found with the zeros and ones of the events told without a number, in order.

    Where a ``single`` patient is told of an event that did not occur is none of one.
    """
    if single:
        denied = [
            replace(_counted(text, scene, *each), denominator=1, n=1)
            for each in absent_events(scene)
        ]
        return sorted([*found, *denied], key=lambda each: each.start)
    events = [*absent_events(scene), *_single_events(scene)]
    return sorted(
        [*_without_denied(scene, found), *(_counted(text, scene, *each) for each in events)],
        key=lambda each: each.start,
    )


def _without_denied(scene: Scene, found: Sequence[Measurement]) -> Iterator[Measurement]:
    """Yield what was found; a count of those in whom an event did not occur is none of them."""
    for each in found:
        all_of_them = each.denominator in {None, each.numerator}
        size = each.numerator if each.statistic == "count" and all_of_them else None
        if size and any(_denied_in(scene, each, event) for event in scene.mentions):
            yield none_of(each)
        else:
            yield each


def _denied_in(scene: Scene, count: Measurement, event: Mention) -> bool:
    if event.concept != count.measure or not is_event(scene.concepts, event):
        return False
    part = part_told(scene.low, (0, len(scene.low)), (count.start, count.end))
    if part and not _DENIES.search(scene.low, part, count.end):
        return False  # "no deficit in 30, a mild deficit in 10"
    between = scene.low[min(event.end, count.end) : max(event.start, count.start)]
    whole = _AMONG.search(scene.low, max(0, count.start - _REACH), count.start)
    # "no infection, and haematoma in 2 patients": what "and" adds may have occurred.
    added = _ADDED.search(scene.low, 0, event.start)
    return bool(whole) and not added and not _APART.search(between) and denies_event(scene, event)


def _counted(text: str, scene: Scene, mention: Mention, count: Quantity) -> Measurement:
    time = time_of(count, mention.concept, mention, scene)
    return Measurement(
        measure=mention.concept,
        statistic="count",
        start=count.start,
        end=count.end,
        value=count.value,
        unit=count.unit,
        numerator=count.numerator,
        time_months=time.months if time else None,
        time_text=text[time.start : time.end] if time else None,
    )


def _single_events(scene: Scene) -> Iterator[tuple[Mention, Quantity]]:
    """Yield the events that befell one patient, each with the one that its article states.

    Beside counts an event is one only in a list: complications were a tear and two infections.
    """
    rules, low = compiled_cues(_CUES), scene.low
    if rules["unless"].search(low):
        return
    counts = [each.start for each in scene.quantities if each.form in PARTS_OR_BARE]
    opened = rules["lists"].search(low)
    for mention in scene.mentions:
        if not is_event(scene.concepts, mention) or _RATE.search(low, mention.start, mention.end):
            continue
        part = _PART.search(low, mention.end)
        end = part.start() if part else len(low)
        more = any(mention.end <= each < end for each in counts) or _IN_SO_MANY.match(
            low, mention.end
        )
        if more or (counts and not opened):
            continue  # the count says more
        ahead = low[: mention.start]
        item = rules["item"].search(ahead) if opened else None
        told = (
            (item and opened and item.start() >= opened.start())
            or (rules["opens"].search(ahead) and rules["befell"].match(low, mention.end))
            or rules["there"].search(ahead)
        )
        if told:
            start, end = mention.start, mention.end
            yield (
                mention,
                Quantity("count", start, end, value=1.0, numerator=1, unit="patients", word=True),
            )
