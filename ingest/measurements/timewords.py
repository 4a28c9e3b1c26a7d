"""Find the time told in words, before surgery or at the last visit, that a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses import holds_verb
from ingest.measurements.occasions import (
    BRACKETS,
    accompanied,
    adjective_beside,
    adverbs_for,
    heading,
    named_time,
    of_procedure,
)
from ingest.measurements.timepoints import RELATIVE, is_free, is_taken, row_of
from ingest.model import Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene
from ingest.wording import bracket_open

_ORIGINS = ("after", "following", "postop", "post-op", "from ", "since ")
# "Postoperative radiographs showed": when the films were taken is when it was so.
_FILMS = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:imaging|radiographs?|radiography|ct|mri|x-rays?|scans?|films|images|angiograms?|angiography|examinations?)\b"
)
# "20 had weakness but could walk before surgery": the second verb has the same subject.
_ELIDED = re.compile(r" but (?:could|were|was|had|did|remained) ")
# "18 could walk and after surgery 27": the time is of the number right behind it.
_LABELS_NEXT = re.compile(r",? (?:only |another )?\d")
_VERSUS = re.compile(r"\b(?:vs|versus|compared)\b")
_STARTS = re.compile(r"(?:[,;]|\b(?:and|but|while|whereas)) (?:then |later )?$")


def time_in_words(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the time that the words of a sentence give a number, None where they give none."""
    row = row_of(quantity, scene)
    numbers = [each for each in scene.numbers() if all(each is not one for one in row)]
    adverbs = adverbs_for(quantity, scene)
    return (
        of_procedure(quantity, measure, scene)
        or _named_time(quantity, row, mention, scene, numbers)
        or _films_ahead(quantity, scene)
        or _adverb_behind(quantity, row[-1].end, scene, numbers, adverbs)
        or _adverb_ahead(quantity, row[0].start, scene, numbers, adverbs)
        or _adverb_later(quantity, scene, numbers, adverbs)
    )


def counts_from(time: Quantity, low: str) -> bool:
    """Tell whether words say from when a stretch is counted: after surgery."""
    return low.startswith(_ORIGINS, time.start)


def _named_time(
    quantity: Quantity,
    row: Sequence[Quantity],
    mention: Mention | None,
    scene: Scene,
    numbers: Sequence[Quantity],
) -> Quantity | None:
    """Return the time in a number's own words, those of its measure or of the heading of its list."""
    named = adjective_beside(quantity, scene) or named_time(quantity, mention, scene)
    named = named or heading(row[0], scene) or accompanied(quantity, scene)
    # "5 early and 22 postoperative leaks": the later number's own words.
    later = named and named.start > quantity.end
    taken = later and named and not is_free(numbers, quantity.end, named.start)
    return None if taken else named


def _films_ahead(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return when the films were taken that a number's clause tells of: postoperative radiographs showed."""
    home = scene.clause(quantity.start)
    for each in scene.adjectives:
        films = each.end <= quantity.start and _FILMS.match(scene.low, each.end)
        if films and scene.clause(each.start) == home:
            return each
    return None


def _adverb_behind(
    quantity: Quantity,
    end: int,
    scene: Scene,
    numbers: Sequence[Quantity],
    adverbs: Sequence[Quantity],
) -> Quantity | None:
    """Return the time in words close behind a row of numbers, which ends at ``end``."""
    low, home = scene.low, scene.clause(quantity.start)
    for each in adverbs:
        near = 0 <= each.start - end < 60
        if not near or _LABELS_NEXT.match(low, each.end) or not is_free(numbers, end, each.start):
            continue
        same = scene.clause(each.start) == home or _ELIDED.search(low, end, each.start)
        if same and not _is_parted(low[end : each.start]):
            return each
    return None


def _adverb_ahead(
    quantity: Quantity,
    begin: int,
    scene: Scene,
    numbers: Sequence[Quantity],
    adverbs: Sequence[Quantity],
) -> Quantity | None:
    """Return the last time in words ahead of a number that no other of the ``numbers`` takes.

    ``begin`` is where the row of the number begins, ``adverbs`` the times that may be its own.
    """
    home = scene.clause(quantity.start)
    for each in reversed(adverbs):
        between = BRACKETS.sub("", scene.low[each.end : begin])
        parted = re.search(r"[,;:]", between) and not _opens(each, scene.low)
        if (
            not parted
            and each.end <= begin
            and (scene.clause(each.start) == home or _opens(each, scene.low))
            and not is_taken(each, numbers, scene.low)
            and not _compares(quantity, each, scene.low)
        ):
            return _opening(each, quantity, scene)
    return None


def _adverb_later(
    quantity: Quantity,
    scene: Scene,
    numbers: Sequence[Quantity],
    adverbs: Sequence[Quantity],
) -> Quantity | None:
    """Return the first time in words behind the last number of a clause, however far."""
    if any(each.start > quantity.end for each in numbers):
        return None
    home = scene.clause(quantity.start)
    return next(
        (
            each
            for each in adverbs
            if each.start >= quantity.end
            and scene.clause(each.start) == home
            and not RELATIVE.search(scene.low, quantity.end, each.start)
        ),
        None,
    )


def _is_parted(between: str) -> bool:
    """Tell whether a new finding begins in a stretch; "bowel and bladder control" begins none."""
    if "," in between or ";" in between:
        return True
    _, joined, later = between.partition(" and ")
    return bool(joined) and (holds_verb(later) or not holds_verb(between))


def _compares(quantity: Quantity, time: Quantity, low: str) -> bool:
    """Tell whether a treatment names one of two groups in brackets: lower after resection (6% vs 29%)."""
    opened = bracket_open(low, quantity.start)
    if opened < time.end or not low.startswith(
        ("after", "following", "before", "prior"), time.start
    ):
        return False
    closed = low.find(")", quantity.end)
    return ";" not in low[time.end : opened] and bool(_VERSUS.search(low, opened, closed))


def _opens(time: Quantity, low: str) -> bool:
    """Tell whether a time opens a sentence or its second half, for all that follows there."""
    return time.start < 3 or low.endswith("; ", 0, time.start)


def _opening(time: Quantity, quantity: Quantity, scene: Scene) -> Quantity:
    """Return the time that opens the sentence where one amid it only says after what: at last visit, regression after surgery in 3."""
    first = scene.adverbs[0]
    amid = counts_from(time, scene.low) and quantity.start - time.end > 3
    opens = first.start < 3 and not re.search(r"[;:]", scene.low[first.end : quantity.start])
    return first if amid and opens and not _STARTS.search(scene.low, 0, time.start) else time
