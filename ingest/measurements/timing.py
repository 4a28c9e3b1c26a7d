"""Decide which time point of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses import holds_verb
from ingest.measurements.attachment import runs
from ingest.measurements.effects import ACCURACY
from ingest.measurements.occasions import (
    BRACKETS,
    accompanied,
    adjective_beside,
    adverbs_for,
    heading,
    is_aside,
    labelled,
    listed_time,
    named_time,
    of_procedure,
)
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Scene
from ingest.wording import bracket_open

# "67% and 51% for the young and the old at 3 years": the groups stand between.
_BY_GROUP = re.compile(
    r"\s*(?:(?:for|in|of|on|among|after|with) (?!which|whom|whose)[^,;()#\d]{1,48}|(?:probability|chance|likelihood|rate) of [a-z -]{3,30})?\s*"
)
# What may stand between a time and the rate it qualifies: "2-year overall survival".
_RATED = re.compile(r"[\s-]*(?:(?!and\b|or\b|the\b|was\b|were\b)[a-z-]+\s+){0,4}(?:\([^)]*\)\s*)?$")
# "At least one complication occurred within 30 days": no number of its own.
_AT_LEAST_ONE = re.compile(r"\bat least (?:1|one)(?: [a-z-]+)?$")
_TIMED = COUNTED | {"value", "score"}
_NEAR = 14
# "A mean of 9 months after surgery": a number that is a stretch itself, counted from there.
_SPANS = frozenset(["days", "weeks", "months", "years"])
_ORIGINS = ("after", "following", "postop", "post-op", "from ", "since ")
_OUT_OF = re.compile(r"(?:[,;] (?:p|95 ?% ci)[^()\[\]]*)?[)\]] ")
_HELD = re.compile(r"\s*[(\[]\s*(?:mean |median )?")
# "Postoperative radiographs showed": when the films were taken is when it was so.
_FILMS = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:imaging|radiographs?|radiography|ct|mri|x-rays?|scans?|films|images|angiograms?|angiography|examinations?)\b"
)
# "20 had weakness but could walk before surgery": the second verb has the same subject.
_ELIDED = re.compile(r" but (?:could|were|was|had|did|remained) ")
# "four of which": what is told of a part of those counted has a time of its own or none.
_PART = re.compile(r"\s*of (?:which|whom)\b")
# "18 could walk and after surgery 27": the time is of the number right behind it.
_LABELS_NEXT = re.compile(r",? (?:only |another )?\d")
_BE = re.compile(r"\b(?:was|were|is)\b")
_VERSUS = re.compile(r"\b(?:vs|versus|compared)\b")
_RELATIVE = re.compile(r", (?:which|who|whom|but|while|whereas|and|with) ")
_RANGE_OPENS = re.compile(r"[(\[]\s*(?:range|iqr|interquartile range)?[\s,:]*$")
_STARTS = re.compile(r"(?:[,;]|\b(?:and|but|while|whereas)) (?:then |later )?$")
_PARTED = re.compile(r"[,;:()]|\b(?:and|but|while|whereas|who|which)\b")
_COURSE = re.compile(
    r"\s*(?:of (?:the |these |all )?)?(?:patients?|cases?|women|men|others?|tumou?rs|lesions?)?\s*(?:\w+ly )?"
    r"(?:had|were|was|are|is|remained|died|survived|developed|experienced|showed|reported|recurred|achieved|maintained|could|walked|underwent|required)\b"
)


def _bound(scene: Scene, time: Quantity) -> Mention | None:
    """Return the measure that a time stands right before: "2-year survival"."""
    for mention in scene.mentions:
        if mention.concept in {"follow_up", "age"}:
            continue
        if time.start <= mention.start < time.end:
            return mention  # the measure's own name holds the time
        if mention.start >= time.end and mention.start - time.end < 45:
            between = scene.low[time.end : mention.start]
            ordinal = scene.low[time.end - 1].isdigit() and between.startswith(" of ")
            if (
                not ordinal
                and _RATED.match(between)
                and not any(time.end <= each.start < mention.start for each in scene.numbers())
            ):
                return mention
            return None
    return None


def time_of(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the time point a number belongs to, None where the sentence gives none."""
    if measure in {"follow_up", "age"}:
        return None
    timed = _numbered_time(quantity, measure, scene)
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
    told = timed or _told_time(quantity, measure, mention, scene)
    if told and not timed and _is_origin(quantity, measure, scene.low, told):
        return None
    if told and not timed and _is_lasting(quantity, measure):
        # "Median survival after surgery was 12 months": from when it is counted is told ahead.
        return told if told.end <= quantity.start and _counts(told, scene.low) else None
    return told


def _names_group(time: Quantity, quantity: Quantity, low: str) -> bool:
    """Tell whether an operation behind a time says of whom a rate is: control after resection was."""
    verb = _BE.search(low, time.end, quantity.start)
    return verb is not None and low.startswith(("after", "following"), time.start)


def _is_lasting(quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a number is how long patients lived, which has no time but that it is counted from."""
    lasting = measure is not None and ("survival" in measure or measure == "length_of_stay")
    return lasting and quantity.form == "value"


def _counts(time: Quantity, low: str) -> bool:
    """Tell whether words say from when a stretch is counted: after surgery."""
    return low.startswith(_ORIGINS, time.start)


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
    behind = time.start >= quantity.end and low.startswith(_ORIGINS, time.start)
    return behind and (_is_lasting(quantity, measure) or quantity.unit in _SPANS)


def _occasion_behind(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    """Return the time in words right behind a number: 2.2 at the last follow-up."""
    for each in adverbs_for(quantity, scene):
        if _is_origin(quantity, measure, scene.low, each):
            continue
        between = scene.low[quantity.end : each.start] if each.start >= quantity.end else "-,"
        parted = any(
            quantity.end <= one.start < each.start and not _is_bracketed_range(scene.low, one)
            for one in scene.numbers()
        )
        if _adjoining(between) and not parted:
            return each
    return None


def _row_of(quantity: Quantity, scene: Scene) -> list[Quantity]:
    """Return the row of numbers that one stands in; by itself it is a row of its own."""
    return next((row for row in runs(scene) if any(each is quantity for each in row)), [quantity])


def _numbered_time(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    row = _row_of(quantity, scene)
    bounded = "at least " in scene.low
    numbers = [
        each
        for each in scene.numbers()
        if all(each is not one for one in row)
        and each.form in _TIMED
        and not (bounded and _AT_LEAST_ONE.search(scene.low, 0, each.end))
        and not _is_bracketed_range(scene.low, each)
    ]
    home = scene.clause(quantity.start)
    bound = {each.start: _bound(scene, each) for each in scene.times}

    def fits(time: Quantity) -> bool:
        owner = bound[time.start]
        if quantity.statistic in ACCURACY or owner is None or owner.concept == measure:
            return True
        return any(
            each.concept == measure and _joined(_unnamed(scene, owner.end, each.start))
            for each in scene.mentions
            if each.start >= owner.end
        )

    after = [
        each
        for each in scene.times
        if each.start >= row[-1].end
        and fits(each)
        and _is_free(numbers, row[-1].end, each.start)
        and (
            _adjoining(scene.low[row[-1].end : each.start])
            or (quantity.form in COUNTED and _tells(scene.low[row[-1].end : each.start]))
        )
    ]
    if after:
        return after[0]
    if _PART.match(scene.low, quantity.end):
        return None
    before = [
        each
        for each in scene.times
        if each.end <= quantity.start and fits(each) and not is_aside(each, quantity, scene.low)
    ]
    if listed := listed_time(quantity, before, scene):
        return listed
    for each in reversed(before):
        own = bound[each.start]
        if own is not None:
            return each
        if _is_taken(each, numbers, scene.low):
            continue
        if scene.clause(each.start) == home or each.start < 3:
            return each
    # One time and one row of numbers in a clause belong together.
    near = [each for each in scene.times if scene.clause(each.start) == home]
    alone = not any(scene.clause(each.start) == home for each in numbers)
    if len(near) == 1 and alone and fits(near[0]):
        apart = _RELATIVE.search(scene.low, row[-1].end, near[0].start)
        return None if apart else near[0]
    return _closing_time(quantity, scene)


def _is_bracketed_range(low: str, quantity: Quantity) -> bool:
    """Tell whether numbers in brackets are the range of what stands before them."""
    if quantity.value is not None or quantity.low is None:
        return False
    return bool(_RANGE_OPENS.search(low, max(0, quantity.start - 16), quantity.start))


def _closing_time(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the one time at a sentence's end that rates in brackets share: in A (83%) and B (60%) at 5 years."""
    if len(scene.times) != 1 or quantity.form != "percent":
        return None
    time, low = scene.times[0], scene.low
    ends = not low[time.end :].strip(" .") and low[: time.start].rstrip().endswith(")")
    return time if ends and bracket_open(low, quantity.start) >= 0 else None


def _is_parted(between: str) -> bool:
    """Tell whether a new finding begins in a stretch; "bowel and bladder control" begins none."""
    if "," in between or ";" in between:
        return True
    _, joined, later = between.partition(" and ")
    return bool(joined) and (holds_verb(later) or not holds_verb(between))


def _unnamed(scene: Scene, start: int, end: int) -> str:
    """Return the words of a stretch without the measures that it names."""
    between = scene.low[start:end]
    for each in scene.mentions:
        if start <= each.start and each.end <= end:
            between = between.replace(scene.low[each.start : each.end], "", 1)
    return between


def _joined(between: str) -> bool:
    """Tell whether two measures are named in one breath: two-year PFS and overall survival."""
    plain = re.sub(r"\([^)]*\)|\($", "", between)
    return bool(
        re.fullmatch(
            r"\s*(?:(?:,|/|and\b|or\b|rates?\b|the\b|local\b|overall\b)\s*)*(?:and|or|,|/)\s*(?:[a-z-]+\s+){0,2}",
            plain,
        )
    )


def _tells(between: str) -> bool:
    """Tell whether what was counted is told up to a time: 3 patients had no pain | at 2 years."""
    return len(between) < 90 and not _PARTED.search(between) and bool(_COURSE.match(between))


def _adjoining(between: str) -> bool:
    """Tell whether a time behind a number is that number's own."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]", "", between)
    if _BY_GROUP.fullmatch(plain):
        return True
    return len(plain) < _NEAR + 4 and not re.search(r"[,;(]|\band\b|\bbut\b", plain)


def _is_free(numbers: Sequence[Quantity], start: int, end: int) -> bool:
    """Tell whether no number stands in a stretch."""
    return not any(start <= each.start < end for each in numbers)


def _is_taken(time: Quantity, numbers: Sequence[Quantity], low: str) -> bool:
    """Tell whether a time is that of a number right ahead of it."""
    return any(one.end <= time.start and _adjoining(low[one.end : time.start]) for one in numbers)


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
    amid = _counts(time, scene.low) and quantity.start - time.end > 3
    opens = first.start < 3 and not re.search(r"[;:]", scene.low[first.end : quantity.start])
    return first if amid and opens and not _STARTS.search(scene.low, 0, time.start) else time


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
            and not _is_taken(each, numbers, scene.low)
            and not _compares(quantity, each, scene.low)
        ):
            return _opening(each, quantity, scene)
    return None


def _told_time(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    row = _row_of(quantity, scene)
    numbers = [each for each in scene.numbers() if all(each is not one for one in row)]
    home = scene.clause(quantity.start)

    adverbs = adverbs_for(quantity, scene)
    if procedure := of_procedure(quantity, measure, scene):
        return procedure
    named = adjective_beside(quantity, scene) or named_time(quantity, mention, scene)
    named = named or heading(row[0], scene) or accompanied(quantity, scene)
    # "5 early and 22 postoperative leaks": the later number's own words.
    if named and not (
        named.start > quantity.end and not _is_free(numbers, quantity.end, named.start)
    ):
        return named
    for each in scene.adjectives:
        if (
            each.end <= quantity.start
            and _FILMS.match(scene.low, each.end)
            and scene.clause(each.start) == home
        ):
            return each
    for each in adverbs:
        gap = each.start - row[-1].end
        if (
            0 <= gap < 60
            and not _LABELS_NEXT.match(scene.low, each.end)
            and _is_free(numbers, row[-1].end, each.start)
            and (
                scene.clause(each.start) == home
                or _ELIDED.search(scene.low, row[-1].end, each.start)
            )
            and not _is_parted(scene.low[row[-1].end : each.start])
        ):
            return each
    if ahead := _adverb_ahead(quantity, row[0].start, scene, numbers, adverbs):
        return ahead
    later = [
        each
        for each in adverbs
        if each.start >= quantity.end
        and scene.clause(each.start) == home
        and not _RELATIVE.search(scene.low, quantity.end, each.start)
    ]
    return (
        later[0] if later and not [each for each in numbers if each.start > quantity.end] else None
    )
