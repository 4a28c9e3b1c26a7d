"""Share the time of a finding with those told as parts of it, or beside it without a verb of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.measurements.elidedtimes import at_time_of, is_endpoint
from ingest.model import Measurement
from ingest.numbers.scene import Scene
from ingest.vocabulary import is_followed

_INCLUDING = re.compile(r"[^;:]{0,90}, including (?:only )?")
_AND_OF = re.compile(r" (?:of|in|with) [^,;:()\d]{3,50}?(?:,|,? and) ")
# What is told as a whole of which the events listed behind it are parts.
_WHOLES = frozenset(["complications", "morbidity", "morbidity_and_mortality"])
_LISTED = re.compile(
    r"[^.;:,]{0,90}(?:: |, (?:which |these |namely |including )?(?:(?:includ|compris)\w+ |were |being |consist\w+ of )?)[^.;:,]{0,70}"
)
# "82% and local control | 70%", ", and leg pain by | 3.2"
_AND_NAME = re.compile(
    r"(?: points?| %)?(?: \([^()]*\))?(?:,|,? and) (?:the |an? )?(?:(?!(?:was|were|had|at|in|for|after|with)\b)[a-z\d-]+ ){1,6}"
)


def with_item_times(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, the parts of one with its time: 63% walked by then, including 70% of A and 50% of B."""
    return _listed(scene, _beside(scene, _included(scene, found)))


def _included(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, those told as included with the time of all."""
    kept = list(found)
    if "including " not in scene.low:
        return kept
    within = False
    for at in range(1, len(kept)):
        one, other = kept[at - 1], kept[at]
        between = scene.low[one.end : other.start]
        within = bool(_INCLUDING.fullmatch(between) or (within and _AND_OF.fullmatch(between)))
        if within and other.time_text is None:
            kept[at] = at_time_of(one, other)
    return kept


def _listed(scene: Scene, found: list[Measurement]) -> list[Measurement]:
    """Return the events of a list with the time of their whole: complications within 90 days in 12: infection in 6."""
    head = next((each for each in found if each.measure in _WHOLES and each.time_text), None)
    if head is None:
        return found
    items = [each for each in found if each.start >= head.end]
    told = [each for each in (*scene.times, *scene.adverbs) if each.start >= head.end]
    own = scene.low.find((head.time_text or "").lower(), head.end)
    floor = own + len(head.time_text or "") if own >= 0 else head.end
    if not items or not _LISTED.fullmatch(scene.low, head.end, items[0].start):
        return found
    stop = scene.low.find(";", floor) % (len(scene.low) + 1)
    stop = min([stop, *(each.start for each in told if each.start >= floor)])
    listed = [each for each in items if each.end <= stop and each.numerator is not None]
    return [
        at_time_of(head, each) if each.time_text is None and each in listed else each
        for each in found
    ]


def _beside(scene: Scene, found: list[Measurement]) -> list[Measurement]:
    """Return numbers with the time of the one that they share a verb with: control was 82% and survival 70% at 2 years.

    "Back pain fell by 4 points at three months and leg pain by 3."
    """
    for at in range(len(found) - 1, 0, -1):
        one, other = found[at - 1], found[at]
        alone = one.numerator is None and other.numerator is None and one.measure != other.measure
        if not (alone and _may_share(scene, one, other)):
            continue
        if one.time_text is None and other.time_text:
            told = scene.low.find(other.time_text.lower(), other.end)
            if told >= 0 and _AND_NAME.fullmatch(scene.low, one.end, other.start):
                found[at - 1] = at_time_of(other, one)
        elif other.time_text is None and one.time_text:
            told = scene.low.find(one.time_text.lower(), one.end, other.start)
            behind = told + len(one.time_text)
            if told >= 0 and _AND_NAME.fullmatch(scene.low, behind, other.start):
                found[at] = at_time_of(one, other)
    return found


def _may_share(scene: Scene, one: Measurement, other: Measurement) -> bool:
    """Tell whether two numbers are of what is measured again at visits, or rates of endpoints."""
    if one.percent is not None and is_endpoint(other):
        return one.unit == other.unit
    return all(is_followed(scene.concepts.get(each.measure or "")) for each in (one, other))
