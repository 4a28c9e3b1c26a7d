"""Decide which time point of a sentence a number belongs to."""

from __future__ import annotations

import re

from ingest.measurements.occasions import adverbs_for, labelled, named_time
from ingest.measurements.timepoints import adjoining, is_bracketed_range, numbered_time
from ingest.measurements.timewords import counts_from, time_in_words
from ingest.model import Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

# "A mean of 9 months after surgery": a number that is a stretch itself, counted from there.
_SPANS = frozenset(["days", "weeks", "months", "years"])
_OUT_OF = re.compile(r"(?:[,;] (?:p|95 ?% ci)[^()\[\]]*)?[)\]] ")
_HELD = re.compile(r"\s*[(\[]\s*(?:mean |median )?")
_BE = re.compile(r"\b(?:was|were|is)\b")


def time_of(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the time point a number belongs to, None where the sentence gives none."""
    if measure in {"follow_up", "age"}:
        return None
    timed = numbered_time(quantity, measure, scene)
    # "From baseline (8.1) within 48 h (4.1)": what stands outside a bracket is not its own.
    apart = (
        timed is None
        or timed.start < quantity.start
        or ")" in scene.low[quantity.end : timed.start]
    )
    label = labelled(quantity, scene) if apart else None
    if label and not (timed and _names_group(label, quantity, scene.low)):
        return None if _is_origin(quantity, measure, scene.low, label) else label
    held = timed and _HELD.fullmatch(scene.low[timed.end : quantity.start] or "-")
    late = timed is None or timed.end <= quantity.start
    occasion = _occasion_behind(quantity, measure, scene) if late else None
    if occasion and not (held and ")" in scene.low[quantity.end : occasion.start]):
        # "At 5 years it was 12% after wide and 46% after marginal resection": those are groups.
        grouped = timed is not None and scene.low.startswith(("after", "following"), occasion.start)
        return timed if grouped else occasion
    if quantity.form == "effect":
        return (
            timed or _time_behind(quantity, scene) or named_time(quantity, mention, scene)
        )  # what else the sentence tells of time is about the factors
    told = timed or time_in_words(quantity, measure, mention, scene)
    if told and not timed and _is_origin(quantity, measure, scene.low, told):
        return None
    if told and not timed and _is_lasting(quantity, measure):
        # "Median survival after surgery was 12 months": from when it is counted is told ahead.
        return told if told.end <= quantity.start and counts_from(told, scene.low) else None
    return told


def _names_group(time: Quantity, quantity: Quantity, low: str) -> bool:
    """Tell whether an operation behind a time says of whom a rate is: control after resection was."""
    verb = _BE.search(low, time.end, quantity.start)
    return verb is not None and low.startswith(("after", "following"), time.start)


def _is_lasting(quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a number is how long patients lived, which has no time but that it is counted from."""
    lasting = measure is not None and ("survival" in measure or measure == "length_of_stay")
    return lasting and quantity.form == "value"


def _time_behind(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time right behind the bracket that an effect stands in: (SMD 0.9) during the first year."""
    return next(
        (
            each
            for each in scene.times
            if _OUT_OF.fullmatch(scene.low, quantity.end, each.start) is not None
        ),
        None,
    )


def _is_origin(quantity: Quantity, measure: str | None, low: str, time: Quantity) -> bool:
    """Tell whether words behind a survival only say from when it is counted: 12 months after surgery."""
    behind = time.start >= quantity.end and counts_from(time, low)
    return behind and (_is_lasting(quantity, measure) or quantity.unit in _SPANS)


def _occasion_behind(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    """Return the time in words right behind a number: 2.2 at the last follow-up."""
    for each in adverbs_for(quantity, scene):
        if _is_origin(quantity, measure, scene.low, each):
            continue
        between = scene.low[quantity.end : each.start] if each.start >= quantity.end else "-,"
        parted = any(
            quantity.end <= one.start < each.start and not is_bracketed_range(scene.low, one)
            for one in scene.numbers()
        )
        if adjoining(between) and not parted:
            return each
    return None
