"""Read what a sentence denies of a group that it counts: of the nine, none relapsed is none of nine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.language.wording import compiled_cues, holds_any
from ingest.measurements.absence import is_event, none_of
from ingest.measurements.predicates import names_whom
from ingest.model import Measurement, Mention
from ingest.numbers.quantity import PARTS_OR_BARE
from ingest.numbers.scene import Scene

_CUES = Path(__file__).parents[1] / "cues" / "denial.yml"
_HINTS = ("no ", "none", "not ", "neither", "never", "without", "nobody")
_FREE = frozenset(["recurrence_free", "disease_free_survival", "progression_free_survival"])


def with_denials(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found with the counts of those whom something befell not made none of them."""
    low = scene.low
    if not holds_any(low, _HINTS) or compiled_cues(_CUES)["unless"].search(low):
        return list(found)
    kept: list[Measurement] = []
    for each in found:
        if each.numerator == 1 and compiled_cues(_CUES)["single"].search(low, 0, each.start):
            kept.append(replace(each, value=None, numerator=0, percent_derived=None))
            continue
        begin = _denied_from(scene, each) if _is_count(scene, each) else None
        kept += [each] if begin is None else _denied(scene, each, begin)
    return sorted(kept, key=lambda each: each.start)


def _denied(scene: Scene, each: Measurement, begin: int) -> list[Measurement]:
    """Return a group of whom an event is denied from ``begin`` on as none of it, for each event.

    An event told ahead of the denial only names the group: of those who died, none had relapsed.
    """
    listed = _listed(scene, begin)
    told = {one.concept for one in scene.mentions if one.start >= begin}
    if each.measure is None and not listed:
        return (
            [replace(none_of(each), percent=None)]
            if compiled_cues(_CUES)["nobody"].search(scene.low, 0, begin)
            else [each]
        )
    if each.measure not in told and not listed:
        return [each]
    if each.denominator not in {None, each.numerator} or each.percent is not None:
        return [each]  # "no leak in 13 of 20": its claim denies it of the thirteen
    none = none_of(each)
    if each.measure not in told:
        none = replace(none, measure=listed[0].concept)
    if len(listed) > 1 and each.end <= listed[0].start:
        none = replace(none, end=listed[0].end)  # what is told of the others begins behind it
    others = [one for one in listed[1:] if one.concept != none.measure]
    return [none, *(replace(none, measure=o.concept, start=o.start, end=o.end) for o in others)]


def _is_count(scene: Scene, each: Measurement) -> bool:
    """Tell whether a number counts patients or tumours of which an event may be denied."""
    if each.statistic != "count" or not each.numerator or each.unit not in {"patients", "tumours"}:
        return False
    if each.measure is None:
        return True
    # Those free of recurrence are counted by what they did not have.
    return scene.concepts[each.measure].harm is not None and each.measure not in _FREE


def _denied_from(scene: Scene, each: Measurement) -> int | None:
    """Return where the words begin that deny an event of the counted group, None where none do."""
    rules, low = compiled_cues(_CUES), scene.low
    denier = rules["group"].search(low, 0, each.start) and rules["behind"].match(low, each.end)
    if not denier:
        denier = rules["subject"].search(low, 0, each.start) and rules["lacked"].match(
            low, each.end
        )
    if denier:
        between = any(
            one.form in PARTS_OR_BARE
            and each.end <= one.start < denier.end()
            and one.numerator != 1
            for one in scene.quantities
        )
        return None if between else denier.end()
    ahead = rules["ahead"].search(low, 0, each.start)
    return ahead.start() if ahead else None


def _listed(scene: Scene, begin: int) -> list[Mention]:
    """Return the events of a list that is denied as one: no leak, infection or death."""
    low, joined = scene.low, compiled_cues(_CUES)["joined"]
    listed: list[Mention] = []
    for each in scene.mentions:
        if each.start < begin or not is_event(scene.concepts, each) or names_whom(low, each):
            continue
        if listed and not joined.fullmatch(low, listed[-1].end, each.start):
            break
        listed.append(each)
    return listed
