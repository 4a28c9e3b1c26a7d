"""Find the time that words tell of a number: 2.2 at the last follow-up, pain before surgery in 5."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import bracket_open
from ingest.measurements.nountimes import noun_time
from ingest.measurements.occasions import (
    BRACKETS,
    GRADES,
    accompanied,
    adjective_beside,
    adverbs_for,
    closing,
    heading,
    named_time,
    of_procedure,
)
from ingest.measurements.rows import runs
from ingest.model import Mention
from ingest.numbers.quantity import COUNTS, Quantity
from ingest.numbers.scene import Scene
from ingest.numbers.times import says_after

# "67% and 51% for the young and the old at 3 years": the groups stand between.
_BY_GROUP = re.compile(
    r"\s*(?:(?:for|in|of|on|among|after|with) (?!which|whom|whose)[^,;()#\d]{1,48}|(?:probability|chance|likelihood|rate) of [a-z -]{3,30})?\s*"
)
# "At least one complication occurred within 30 days", "a 40-year-old man": no finding with a time.
_AT_LEAST_ONE = build_rule(r"\bat least (?:1|one|2|two)(?: [a-z-]+){0,3}$")
# "A drop of ≥ 30%": what had to be reached.
_CRITERION = build_rule(r"(?:[<>≥≤]|[<>] ?or) ?=? ?$|\bat least $")
_SHARE = re.compile(r"(?: (?:of|in|from|with|among) [^,;:()\d]{1,50})?\s*[(\[]")
# "Nine patients survived for more than | a year"
_LIVED = re.compile(
    r"[)\]]?(?: of (?:the |these |all )?)?(?: ?(?:patients|individuals|subjects|participants|cases))? (?:survived|lived|were alive)(?: for)?(?: (?:more|longer|less) than| at least| over| beyond)? "
)
IN_SO_MANY = build_rule(
    r"(?:^|[;,.] (?:and |but )?|\b(?:and|but) )in (?:only |another |the other )?$"
)
_THEN = re.compile(r"[)\]]?(?: of)?(?: the| these| all)?(?: \w+)?(?: \([^()]*\))?, ")
_OLD = ("-old", " old")
_NEAR = 14
ORIGINS = ("after", "following", "postop", "post-", "from ", "since ")
# "Postoperative radiographs showed": when the films were taken is when it was so.
_FILMS = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:imaging|radiographs?|radiography|ct|mri|x-rays?|scans?|films|images|angiograms?|angiography|examinations?)\b"
)
# "20 had weakness but could walk before surgery": the second verb has the same subject.
_ELIDED = re.compile(r" but (?:could|were|was|had|did|remained) ")
_LABELS_NEXT = re.compile(r",? (?:only |another )?\d")
_SET_AGAINST = re.compile(r"[)\]] (?:than|versus|vs\.?|compared with) ")
_VERSUS = build_rule(r"\b(?:vs|versus|compared)\b")
# "weakness that resolved within 2 weeks": what later became of it has a time of its own.
RELATIVE = re.compile(
    r", (?:which|who|whom|but|while|whereas|and|with) |\b(?:of|in) whom | (?:that|which) (?:all |both |had |were |was )?(?:\w+ly )?(?:resolv|recover|improv|subsid|abat|disappear|reliev|regain|heal)| and (?:had |all |both |then |again )?(?:\w+ly )?(?:resolv|recover(?!y)|subsid|abat|disappear|regress|heal|clear(?=ed))"
)
# "Of the 40 patients seen at 2 years, 5 had pain": the visit is that of all that follows.
_THOSE_SEEN = re.compile(
    r"(?:of|in|among) (?:the |these |all )?(?:remaining )?[\w-]+ (?:[a-z]+ )?(?:patients|individuals|subjects|participants|cases|survivors|women|men|children|eyes|knees|hips) (?:who were )?(?:seen|examined|evaluated|assessed|available|reviewed|studied|imaged|contacted|alive)(?: for [a-z -]+)? "
)
_SECOND = re.compile(r"[,;] (?:and|but|while|whereas) $")
# "Among the 26 patients, at 1 year, survival was"
_GROUP_OPENS = re.compile(r"(?:in|for|among|amongst|of|within) [^,;.]*, ")
# "During the first operation ...; the second operation took": the other one has no time of the first
_NEXT_DEED = re.compile(
    r"\b(?:second|third|next|other|latter) (?:operation|surgery|stage|procedure|step|session|part)\b"
)
_STARTS = build_rule(r"(?:[,;]|\b(?:and|but|while|whereas)) (?:then |later )?$")


def row_of(quantity: Quantity, scene: Scene) -> list[Quantity]:
    """Return the row of numbers that one stands in; by itself it is a row of its own."""
    return next((row for row in runs(scene) if any(each is quantity for each in row)), [quantity])


def other_numbers(row: Sequence[Quantity], scene: Scene) -> list[Quantity]:
    """Return the other numbers of a sentence that may have a time of their own."""
    bounded = "at least " in scene.low
    return [
        each
        for each in scene.numbers
        if all(each is not one for one in row)
        and not scene.low.startswith(_OLD, each.end)
        and not (bounded and _AT_LEAST_ONE.search(scene.low, 0, each.end))
        and not _CRITERION.search(scene.low, max(0, each.start - 12), each.start)
        and not _is_share(each, scene.numbers, scene.low)
    ]


def _is_share(quantity: Quantity, numbers: Sequence[Quantity], low: str) -> bool:
    """Tell whether a percent in brackets is that of a count ahead of it: 3 patients of the first group (6%)."""
    return quantity.form == "percent" and any(
        each.form in COUNTS and _SHARE.fullmatch(low, each.end, quantity.start) for each in numbers
    )


def _is_parted(between: str) -> bool:
    """Tell whether a new finding begins in a stretch; "bowel and bladder control" begins none."""
    if "," in between:
        between = GRADES.sub("", between)
    if "," in between or ";" in between:
        return True
    _, joined, later = between.partition(" and ")
    return bool(joined) and (holds_verb(later) or not holds_verb(between))


def adjoining(between: str) -> bool:
    """Tell whether a time behind a number is that number's own."""
    if between in {" (", " ["}:
        return True  # "70% (2 years)"
    plain = re.sub(r"[(\[][^)\]]*[)\]]", "", between)
    if _BY_GROUP.fullmatch(plain):
        return True
    return len(plain) < _NEAR + 4 and not re.search(r"[,;(]|\band\b|\bbut\b", plain)


def is_free(numbers: Sequence[Quantity], start: int, end: int) -> bool:
    """Tell whether no number stands in a stretch."""
    return not any(start <= each.start < end for each in numbers)


def is_taken(time: Quantity, numbers: Sequence[Quantity], low: str) -> bool:
    """Tell whether a time is that of a number right ahead of it, or of those who lived so long."""
    return not _THOSE_SEEN.fullmatch(low, 0, time.start) and any(
        one.end <= time.start
        and (
            adjoining(low[one.end : time.start])
            or _LIVED.fullmatch(low, one.end, time.start) is not None
        )
        for one in numbers
    )


def is_told(quantity: Quantity, last: Quantity, time: Quantity, scene: Scene) -> bool:
    """Tell whether each of two numbers has its verb: tears were seen in 3, and 4 died within 30 days."""
    low = scene.low
    if quantity is last or "," not in low[quantity.end : last.start]:
        return False
    begin = max((each.end for each in scene.numbers if each.end <= quantity.start), default=0)
    return holds_verb(low[last.end : time.start]) and holds_verb(low[begin : quantity.start])


def compares(quantity: Quantity, time: Quantity, low: str) -> bool:
    """Tell whether a treatment names one of two groups in brackets or behind a colon: lower after resection (6% vs 29%)."""
    opened = max(bracket_open(low, quantity.start), low.rfind(": ", time.end, quantity.start))
    if opened < time.end or not low.startswith(
        ("after", "following", "before", "prior"), time.start
    ):
        return False
    closed = low.find(")", quantity.end)
    return ";" not in low[time.end : opened] and bool(_VERSUS.search(low, opened, closed))


def _is_first_arm(time: Quantity, end: int, low: str) -> bool:
    """Tell whether an operation is that of those whom others are set against: after resection (6%) than in others."""
    return says_after(low, time.start) and bool(_SET_AGAINST.search(low, time.end, end))


def opens_part(time: Quantity, low: str) -> bool:
    """Tell whether a time opens a sentence or its second half, for all that follows there."""
    if time.start < 3 or low.endswith("; ", 0, time.start):
        return True
    if _THOSE_SEEN.fullmatch(low, 0, time.start):
        return True
    if not low.startswith(",", time.end):
        return False
    return bool(_SECOND.search(low, 0, time.start) or _GROUP_OPENS.fullmatch(low, 0, time.start))


def counted_from(time: Quantity, low: str) -> bool:
    """Tell whether words say from when a stretch is counted: after surgery."""
    return low.startswith(ORIGINS, time.start)


def _opening(time: Quantity, quantity: Quantity, scene: Scene) -> Quantity:
    """Return the time that opens the sentence where one amid it only says after what: at last visit, regression after surgery in 3."""
    first = scene.adverbs[0]
    amid = counted_from(time, scene.low) and quantity.start - time.end > 3
    opens = first.start < 3 and not re.search(r"[;:]", scene.low[first.end : quantity.start])
    return first if amid and opens and not _STARTS.search(scene.low, 0, time.start) else time


_IS_SO = re.compile(r" (?:was|were|is|did|differed)\b")


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
        # "Recurrence at the last visit: 5/62", "The score at the last visit was lower: 3 vs 4"
        headed = between == ": " or _IS_SO.match(between)
        parted = re.search(r"[,;:]", between.removesuffix(": ") if headed else between)
        if (
            (parted is None or opens_part(each, scene.low))
            and each.end <= begin
            and (scene.clause(each.start) == home or opens_part(each, scene.low))
            and not is_taken(each, numbers, scene.low)
            and not compares(quantity, each, scene.low)
            and not _NEXT_DEED.search(scene.low, each.end, begin)
            and not _is_first_arm(each, begin, scene.low)
        ):
            return _opening(each, quantity, scene)
    return None


def _labels_next(time: Quantity, low: str) -> bool:
    """Tell whether a time is of the number right behind it: 18 could walk, and after surgery 27."""
    comma = low.startswith(",", time.end)
    return bool(_LABELS_NEXT.match(low, time.end)) and not (
        comma and not _STARTS.search(low, 0, time.start)
    )


def heads_number(time: Quantity, quantity: Quantity, low: str) -> bool:
    """Tell whether a time that begins a part stands right before its number: and at the last visit 2."""
    return time.end + 1 == quantity.start and _STARTS.search(low, 0, time.start) is not None


def _adverb_behind(
    row: Sequence[Quantity],
    numbers: Sequence[Quantity],
    adverbs: Sequence[Quantity],
    scene: Scene,
) -> Quantity | None:
    """Return the time in words close behind a row of numbers: 12 had pain at the last follow-up."""
    if not adverbs:
        return None
    home, end = scene.clause(row[0].start), row[-1].end
    return next(
        (
            each
            for each in adverbs
            if 0 <= each.start - end < 90
            and not _labels_next(each, scene.low)
            and is_free(numbers, end, each.start)
            and (scene.clause(each.start) == home or _ELIDED.search(scene.low, end, each.start))
            and not _is_parted(_of_subject(row[0].start, end, each.start, scene.low))
        ),
        None,
    )


def _of_subject(first: int, last: int, end: int, low: str) -> str:
    """Return what is told of those whom a sentence opens with: in 12 (30%), | pain was gone."""
    opened = IN_SO_MANY.search(low, 0, first) and _THEN.match(low, last)
    return low[opened.end() if opened else last : end]


def _filmed(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return when the films were taken that show what is counted: postoperative radiographs showed."""
    if not scene.adjectives:
        return None
    home = scene.clause(quantity.start)
    return next(
        (
            each
            for each in scene.adjectives
            if each.end <= quantity.start
            and _FILMS.match(scene.low, each.end)
            and scene.clause(each.start) == home
        ),
        None,
    )


def time_in_words(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the time that words tell of a number, its measure's adjective or an adverb by it."""
    row = row_of(quantity, scene)
    numbers = other_numbers(row, scene)
    adverbs = adverbs_for(quantity, scene)
    if listed := of_procedure(quantity, measure, scene) or closing(quantity, scene):
        return listed
    named = adjective_beside(quantity, scene) or named_time(quantity, mention, scene)
    named = named or heading(row[0], scene) or accompanied(quantity, scene)
    noun = None if named else noun_time(row[0], scene)
    # "Operative time and intraoperative blood loss were 200 min and 900 ml."
    later = noun and mention and len(row) > 1 and mention.end <= noun.start
    named = named or (None if later else noun)
    # "5 early and 22 postoperative leaks": the later number's own words.
    if named and not (
        named.start > quantity.end and not is_free(numbers, quantity.end, named.start)
    ):
        return named
    told = (
        _filmed(quantity, scene)
        or _adverb_behind(row, numbers, adverbs, scene)
        or _adverb_ahead(quantity, row[0].start, scene, numbers, adverbs)
    )
    if told or any(each.start > quantity.end for each in numbers):
        return told
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
