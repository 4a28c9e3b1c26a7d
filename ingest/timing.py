"""Decide which time point of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.attachment import runs
from ingest.clauses import holds_verb
from ingest.effects import ACCURACY
from ingest.model import Mention
from ingest.quantity import COUNTED, Quantity
from ingest.scene import Scene

# "67% and 51% for the young and the old at 3 years": the groups stand between.
_BY_GROUP = re.compile(
    r"\s*(?:(?:for|in|of|among|after|with) (?!which|whom|whose)[^,;()#\d]{1,48})?\s*"
)
# What may stand between a time and the rate it qualifies: "2-year overall survival".
_RATED = re.compile(r"[\s-]*(?:(?!and\b|or\b|the\b|was\b|were\b)[a-z-]+\s+){0,4}(?:\([^)]*\)\s*)?$")
# "At least one complication occurred within 30 days": no number of its own.
_AT_LEAST_ONE = re.compile(r"\bat least (?:1|one)(?: [a-z-]+)?$")
_TIMED = COUNTED | {"value", "score"}
_NEAR = 14
# In their names an admission and a discharge are what befell the patients, no time.
_PLACES = frozenset(["intensive_care_stay", "discharge_home", "readmission"])
_TOGETHER = re.compile(r"-?\s*(?:,|/|,? ?and|versus|vs\.?)\s*(?:the )?")
_HELD = re.compile(r"\s*[(\[]\s*(?:mean |median )?")
# "Postoperative radiographs showed": when the films were taken is when it was so.
_FILMS = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:imaging|radiographs?|radiography|ct|mri|x-rays?|scans?|films|images|angiograms?|angiography|examinations?)\b"
)
# "Postoperative complications included a leak in 3": the heading's time is that of each.
_HEADS_LIST = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:complications?|adverse events?|morbidit(?:y|ies)|toxicit(?:y|ies)|events?)(?: [a-z]+){0,2} (?:includ\w+|were|was|consisted|comprised)\b|[^.;()]{0,40}:"
)
_AGAINST = re.compile(r"\b(?:vs|versus|compared (?:with|to))\b|;")
_RANGE_OPENS = re.compile(r"[(\[]\s*(?:range|iqr|interquartile range)?[\s,:]*$")
_PARTED = re.compile(r"[,;:()]|\b(?:and|but|while|whereas|who|which)\b")
_COURSE = re.compile(
    r"\s*(?:of (?:the |these |all )?)?(?:patients?|cases?|women|men|others?|tumou?rs|lesions?)?\s*(?:\w+ly )?"
    r"(?:had|were|was|are|is|remained|died|survived|developed|experienced|showed|reported|recurred|achieved|maintained|could|walked|underwent|required)\b"
)


def paired_times(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, Quantity]:
    """Pair time points with the numbers of a row in order: at 1 and 2 years was 90% and 80%."""
    found: dict[int, Quantity] = {}
    for row in rows:
        found |= {
            number.start: time
            for number, time in zip(row, _occasions_in_row(scene, row), strict=False)
        }
        before = [each for each in scene.times if each.end <= row[0].start]
        after = [each for each in scene.times if each.start >= row[-1].end]
        for times in (_last_row(scene, before), _last_row(scene, after[::-1])[::-1]):
            if len(times) == len(row) > 1:
                found |= {number.start: time for number, time in zip(row, times, strict=True)}
                break
            # "at 1 and 2 years were 90% and 80% vs 85% and 70%": once more for each group.
            again = len(times) > 1 and len(row) > len(times) and len(row) % len(times) == 0
            if again and _turns(scene, row, len(times)):
                found |= {each.start: times[at % len(times)] for at, each in enumerate(row)}
                break
    return found


def _turns(scene: Scene, row: Sequence[Quantity], size: int) -> bool:
    """Tell whether a row is told in equal parts that are set against each other."""
    return all(
        bool(_AGAINST.search(scene.low, row[at - 1].end, row[at].start)) == (at % size == 0)
        for at in range(1, len(row))
    )


def _occasions_in_row(scene: Scene, row: Sequence[Quantity]) -> list[Quantity]:
    """Return as many times in words as a row has numbers where they are named together: pre- and postoperative."""
    told = sorted((*scene.adverbs, *scene.adjectives), key=lambda each: each.start)
    told = [each for each in told if each.end <= row[0].start][-len(row) :]
    if len(told) != len(row) or len(row) < 2:
        return []
    joined = all(
        _TOGETHER.fullmatch(scene.low[one.end : other.start]) for one, other in pairwise(told)
    )
    return told if joined else []


def _last_row(scene: Scene, times: Sequence[Quantity]) -> list[Quantity]:
    """Return the times at the end of a sequence that only joining words part."""
    row: list[Quantity] = list(times[-1:])
    for each in reversed(times[:-1]):
        first, last = sorted((each, row[0]), key=lambda one: one.start)
        between = scene.low[first.end : last.start]
        if len(between) > 24 or any(first.end <= one.start < last.start for one in scene.numbers()):
            break
        row.insert(0, each)
    return row


def _bound(scene: Scene, time: Quantity) -> Mention | None:
    """Return the measure that a time stands right before: "2-year survival"."""
    for mention in scene.mentions:
        if mention.concept in {"follow_up", "age"}:
            continue
        if time.start <= mention.start < time.end:
            return mention  # the measure's own name holds the time
        if mention.start >= time.end and mention.start - time.end < 45:
            between = scene.low[time.end : mention.start]
            if _RATED.match(between) and not any(
                time.end <= each.start < mention.start for each in scene.numbers()
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
    held = timed and _HELD.fullmatch(scene.low[timed.end : quantity.start] or "-")
    late = timed is None or timed.end <= quantity.start
    if late and not held and (occasion := _occasion_behind(quantity, measure, scene)):
        return occasion
    if quantity.form == "effect":
        return timed or _named_time(
            mention, scene
        )  # what else the sentence tells of time is about the factors
    told = timed or _told_time(quantity, mention, scene)
    return None if told and not timed and _is_origin(quantity, measure, scene.low, told) else told


def _is_origin(quantity: Quantity, measure: str | None, low: str, time: Quantity) -> bool:
    """Tell whether words only say from when a survival is counted: 12 months after surgery."""
    lived = measure is not None and "survival" in measure and quantity.form == "value"
    return lived and low.startswith(("after", "following", "postop", "post-op"), time.start)


def _occasion_behind(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    """Return the time in words right behind a number: 2.2 at the last follow-up."""
    for each in scene.adverbs:
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

    def free(start: int, end: int) -> bool:
        return not any(start <= each.start < end for each in numbers)

    after = [
        each
        for each in scene.times
        if each.start >= row[-1].end
        and fits(each)
        and free(row[-1].end, each.start)
        and (
            _adjoining(scene.low[row[-1].end : each.start])
            or (quantity.form in COUNTED and _tells(scene.low[row[-1].end : each.start]))
        )
    ]
    if after:
        return after[0]
    before = [each for each in scene.times if each.end <= quantity.start and fits(each)]
    for each in reversed(before):
        own = bound[each.start]
        if own is not None:
            return each
        taken = any(
            one.end <= each.start and _adjoining(scene.low[one.end : each.start])
            for one in numbers
            if bound[each.start] is None
        )
        if taken:
            continue
        if scene.clause(each.start) == home or each.start < 3:
            return each
    # One time and one row of numbers in a clause belong together.
    near = [each for each in scene.times if scene.clause(each.start) == home]
    alone = not any(scene.clause(each.start) == home for each in numbers)
    if len(near) == 1 and alone and fits(near[0]):
        return near[0]
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
    opens = low.rfind("(", 0, quantity.start)
    inside = opens >= 0 and ")" not in low[opens : quantity.start]
    return time if ends and inside else None


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
    plain = re.sub(r"\([^)]*\)", "", between)
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


def _named_time(mention: Mention | None, scene: Scene) -> Quantity | None:
    """Return the time that stands in a measure's name or right before it: postoperative infection."""
    if mention is None or mention.concept in _PLACES:
        return None
    for each in scene.adjectives:
        inside = mention.start <= each.start < mention.end
        between = scene.low[each.end : mention.start]
        if inside or (
            each.end <= mention.start
            and re.fullmatch(r"\s(?:(?:mean|median|average|overall|total) )?", between)
        ):
            return each
    return None


def _adjective_beside(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time in a count's own words, or in those that head its list: early complications were."""
    if quantity.form not in COUNTED:
        return None
    for each in scene.adjectives:
        if scene.low[quantity.end : each.start] == " " or (
            each.start < 3 and each.end <= quantity.start and _HEADS_LIST.match(scene.low, each.end)
        ):
            return each
    return None


def _told_time(quantity: Quantity, mention: Mention | None, scene: Scene) -> Quantity | None:
    row = _row_of(quantity, scene)
    numbers = [each for each in scene.numbers() if all(each is not one for one in row)]
    home = scene.clause(quantity.start)

    def free(start: int, end: int) -> bool:
        return not any(start <= each.start < end for each in numbers)

    def taken(time: Quantity) -> bool:
        return any(
            one.end <= time.start and _adjoining(scene.low[one.end : time.start]) for one in numbers
        )

    named = _adjective_beside(quantity, scene) or _named_time(mention, scene)
    # "5 early and 22 postoperative leaks": the later number's own words.
    if named and not (named.start > quantity.end and not free(quantity.end, named.start)):
        return named
    for each in scene.adjectives:
        if (
            each.end <= quantity.start
            and _FILMS.match(scene.low, each.end)
            and scene.clause(each.start) == home
        ):
            return each
    for each in scene.adverbs:
        gap = each.start - row[-1].end
        if (
            0 <= gap < 60
            and free(row[-1].end, each.start)
            and scene.clause(each.start) == home
            and not _is_parted(scene.low[row[-1].end : each.start])
        ):
            return each
    for each in reversed(scene.adverbs):
        parted = re.search(r"[,;:]", scene.low[each.end : quantity.start]) and each.start >= 3
        if (
            not parted
            and each.end <= quantity.start
            and (scene.clause(each.start) == home or each.start < 3)
            and not taken(each)
        ):
            return each
    later = [
        each
        for each in scene.adverbs
        if each.start >= quantity.end and scene.clause(each.start) == home
    ]
    return (
        later[0] if later and not [each for each in numbers if each.start > quantity.end] else None
    )
