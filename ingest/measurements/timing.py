"""Decide which time point of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.language.starts import build_rule
from ingest.language.wording import bracket_open
from ingest.measurements.accuracies import ACCURACY
from ingest.measurements.deeds import times_deed
from ingest.measurements.effecttimes import time_of_effect
from ingest.measurements.occasions import (
    ARRIVED,
    adverbs_for,
    is_aside,
    is_of_others,
    labelled,
    listed_time,
)
from ingest.measurements.wordtimes import (
    ORIGINS,
    RELATIVE,
    adjoining,
    compares,
    counted_from,
    heads_number,
    is_free,
    is_taken,
    is_told,
    opens_part,
    other_numbers,
    row_of,
    time_in_words,
)
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, COUNTS, SPANS, Quantity
from ingest.numbers.scene import Scene
from ingest.numbers.times import EARLIER, says_after

# What may stand between a time and the rate it qualifies: "2-year overall survival".
_RATED = re.compile(r"[\s-]*(?:(?!and\b|or\b|the\b|was\b|were\b)[a-z-]+\s+){0,4}(?:\([^)]*\)\s*)?$")
_TIMED = COUNTED | {"value", "score"}
_LASTS = frozenset(
    ["value", "range"]
)  # a stretch itself, counted from there: 9 months after surgery
# What is counted from one event to another, or tells of whom a report is.
_TIMELESS = frozenset(["follow_up", "age", "sex", "time_to_treatment", "treatment_duration"])
_LEADS_TO = re.compile(r" (?:in|among|for)(?: only| another)? ")
_AT = ("at ", "after ", "by ", "within ")
_BOUNDS = frozenset([">=", ">"])
_BESIDE = re.compile(r"\s*(?:\([^()]*\)\s*)?")
_WHILE = ("during ", "over ", "throughout ", "at ", "on ", "until ")
# "1.0 (preoperatively, 3.0)": the time is that of the number behind it.
_HEADS_NEXT = re.compile(r"\s?[,:=] ?(?:(?:mean|median|vas|score)[,:]? )?\d")
_HEADS = re.compile(r",? (?:only |in )?\d")
_HELD = re.compile(r"\s*[(\[]\s*(?:mean |median )?")
# "four of which": what is told of a part of those counted has a time of its own or none.
_OF_THESE = re.compile(r"^ of (?:which|whom|them|these|those) ")
_PART = re.compile(r"\s*of (?:which|whom)\b")
# "After resection it was 3%", "was lower after resection (3%)": what was done makes the group.
# "Two relapsed after 4 and 12 years, | in contrast to | 57% of the others"
_CONTRASTED = build_rule(r"\b(?:in contrast (?:to|with)|as opposed to|unlike) ")
_BE_OR_BRACKET = build_rule(r"\b(?:was|were|is)\b|\(")
_RANGE_OPENS = re.compile(r"[(\[]\s*(?:range|iqr|interquartile range)?[\s,:]*$")
_PARTED = build_rule(r"[,;:()]|\b(?:and|but|while|whereas|who|which|that)\b")
# "were alive and had no pain at one year": a second verb of the same patients.
_AND_VERB = re.compile(
    r" and (?=(?:had|were|could|did|remained|showed|walked|without|free|still|not)\b)"
)
_COURSE = re.compile(
    r"\s*(?:of (?:the |these |all )?)?(?:patients?|individuals|subjects|participants?|cases?|women|men|others?|tumou?rs|lesions?)?\s*"
    # "... and 7 of the others | could walk at 1 year"
    r"(?:(?:in|of|from) (?:the )?(?:[\w-]+ ){0,3}(?:group|arm|cohort)(?: [a-z\d]{1,3}(?= ))? ?(?:\([^()]*\) ?)?)?(?:\w+ly )?"
    r"(?:had|were|was|are|is|remained|died|survived|developed|appeared|occurred|arose|experienced|showed|reported|recurred|achieved|maintained|could|walked|underwent|required|presented|relapsed|suffered|regained|returned|resumed|needed|complained|recovered|improved|worsened|deteriorated|became|lost|progressed|sustained|failed|healed|fused|stopped|continued|showing|demonstrating|exhibiting|experiencing|developing|having)\b"
)
_ANOTHER = re.compile(r",? and (?:on |at )?(?:day |month |week |year )?\d+(?=[.,;]|$)")
_ITEM = re.compile(r",|\band\b")
_BETTER = re.compile(r"\b(?:better|worse|(?:high|low|great|rar)er|(?:more|less) [a-z]+) $")
_TO_NUMBER = re.compile(r"(?:\s*\([^()]*\))? to (?:only )?(?=\d)")


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
                and not any(time.end <= each.start < mention.start for each in scene.numbers)
            ):
                return mention
            return None
    return None


def time_of(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the time point a number belongs to, None where the sentence gives none."""
    told, low = _time_told(quantity, measure, mention, scene), scene.low
    if told and quantity.form in COUNTED and is_of_others(quantity, told, low):
        return None
    if told is None or not low.endswith("from ", 0, quantity.start):
        return told
    # "From 12 (20%) to 31 at discharge": of what it rose to.
    to = _TO_NUMBER.match(low, quantity.end)
    return None if to and to.end() <= told.start else told


def _time_told(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    if measure in _TIMELESS or not scene.timed:
        return None
    if quantity.form in _LASTS and quantity.unit in SPANS:
        return _origin(quantity, measure, mention, scene)
    timed = _whole_row(_numbered_time(quantity, measure, scene), quantity, scene)
    if timed and timed.start > quantity.end:
        # "by 4 points within a week, and at a year still": the time right behind is its own
        beside = next((each for each in scene.adverbs if each.start == quantity.end + 1), None)
        if beside and _ITEM.search(scene.low, beside.end, timed.start):
            return beside
    # "From baseline (8.1) within 48 h (4.1)": what stands outside a bracket is not its own.
    apart = (
        timed is None
        or timed.start < quantity.start
        or ")" in scene.low[quantity.end : timed.start]
    )
    label = labelled(quantity, scene) if apart else None
    rated = label and quantity.form == "percent" and _BETTER.search(scene.low, 0, label.start)
    if label and rated and compares(quantity, label, scene.low):
        label = None  # "better after wide excision (75% vs 42%)"
    if label and not (timed and _names_group(label, quantity, scene.low)):
        return None if _is_origin(quantity, scene.low, label) else label
    held = timed and _HELD.fullmatch(scene.low[timed.end : quantity.start] or "-")
    late = timed is None or timed.end <= quantity.start
    occasion = _occasion_behind(quantity, scene) if late else None
    if occasion and not (held and ")" in scene.low[quantity.end : occasion.start]):
        # "At 5 years it was 12% after wide and 46% after marginal resection": those are groups.
        grouped = timed is not None and says_after(scene.low, occasion.start)
        return timed if grouped else occasion
    if timed and (times_deed(timed, scene.low) or _opens_anew(timed, quantity, scene)):
        timed = None
    if quantity.form == "effect":
        return timed or time_of_effect(quantity, mention, scene)
    told = timed or time_in_words(quantity, measure, mention, scene)
    return None if told and _is_left(told, quantity, scene.low) else told


def _opens_anew(time: Quantity, quantity: Quantity, scene: Scene) -> bool:
    """Tell whether words open a number's own half with another time: at 3 months it was 4; at the last visit 2.

    "At 3 months 4 were worse, and at the last visit | 2".
    """
    return any(
        time.end <= each.start
        and each.end <= quantity.start
        and (opens_part(each, scene.low) or heads_number(each, quantity, scene.low))
        for each in scene.adverbs
    )


def _whole_row(time: Quantity | None, quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the times of a row as one where a single number has them all: in 2 at 8 and 30 months."""
    if time is None:
        return None
    row = [each for each in scene.times if each.start < time.end and time.start < each.end]
    last = time.end <= quantity.start and scene.low.endswith("and ", 0, quantity.start)
    if quantity.form in COUNTS and _ANOTHER.match(scene.low, time.end):
        return None  # "in two on day 5 and day 19"
    if len(row) < 2 or last:
        return time  # "at 1 and 2 years (8%) and 9%" is the last of numbers that are not all read
    if quantity.form in COUNTS and quantity.numerator:
        return None  # "recurred in 3 at 8, 30 and 41 months": each of them at one of these
    begin, end = min(each.start for each in row), max(each.end for each in row)
    return replace(time, start=begin, end=end, value=None, months=None)


def _is_left(time: Quantity, quantity: Quantity, low: str) -> bool:
    """Tell whether a time is the one from which a value went on: pain at baseline fell to 4."""
    ahead = time.end <= quantity.start and quantity.form in {"value", "score", "percent"}
    return (
        ahead
        and low.startswith(EARLIER, time.start)
        and ARRIVED.search(low, max(time.end, quantity.start - 60), quantity.start) is not None
    )


def _origin(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the words that tell from when a stretch of time is counted; it has no visit of its own.

    "Median survival after surgery was 12 months": told ahead, where it says something.
    """
    told = time_in_words(quantity, measure, mention, scene)
    if told is None or scene.low.endswith("by ", 0, quantity.start):
        return None  # "shorter by 3 days after a small operation"
    if told.start >= quantity.end and counted_from(told, scene.low):
        beside = _BESIDE.fullmatch(scene.low, quantity.end, told.start)
        return told if beside and _is_lasting(measure) else None  # "12 months after surgery"
    opens = told.start == 0 and says_after(scene.low, 0) and scene.low.startswith(",", told.end)
    if opens or scene.low.startswith(_WHILE, told.start):
        return None  # "After surgery, survival was 9 months", "time to relapse during follow-up"
    counted = told.end <= quantity.start and counted_from(told, scene.low)
    return told if counted or not _is_lasting(measure) else None


def _names_group(time: Quantity, quantity: Quantity, low: str) -> bool:
    """Tell whether an operation behind a time says of whom a rate is: control after resection was."""
    told = _BE_OR_BRACKET.search(low, time.end, quantity.start)
    return told is not None and says_after(low, time.start)


def _is_lasting(measure: str | None) -> bool:
    """Tell whether a stretch is how long patients lived or stayed."""
    return measure is not None and ("survival" in measure or measure == "length_of_stay")


def _is_origin(quantity: Quantity, low: str, time: Quantity) -> bool:
    """Tell whether words behind a survival only say from when it is counted: 12 months after surgery."""
    behind = time.start >= quantity.end and low.startswith(ORIGINS, time.start)
    return behind and quantity.unit in SPANS


def _occasion_behind(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time in words right behind a number: 2.2 at the last follow-up."""
    for each in adverbs_for(quantity, scene):
        if _is_origin(quantity, scene.low, each) or _HEADS_NEXT.match(scene.low, each.end):
            continue
        between = scene.low[quantity.end : each.start] if each.start >= quantity.end else "-,"
        parted = any(
            quantity.end <= one.start < each.start and not _is_bracketed_range(scene.low, one)
            for one in scene.numbers
        )
        if adjoining(between) and not parted:
            return each
    return None


def _numbered_time(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    """Return the time in numbers that a number is told at: behind it, ahead of it, or its clause's one."""
    if not scene.times:
        return None
    row = row_of(quantity, scene)
    numbers = [each for each in other_numbers(row, scene) if _takes_time(each, quantity, scene)]
    home, begin = scene.clause(quantity.start), quantity.start
    bound = {each.start: _bound(scene, each) for each in scene.times}

    def fits(time: Quantity) -> bool:
        return _may_be_of(quantity, measure, time, bound[time.start], scene)

    after = [
        each
        for each in scene.times
        if each.start >= row[-1].end
        and fits(each)
        and _adjoins(quantity, row[-1], each, numbers, scene)
    ]
    # "24 degrees compared with 6 a year later": the time is that of the second alone.
    second = scene.low.find(" compared ", quantity.end, row[-1].start) >= 0
    if after and not second:
        # "A leak on day 4 in 3 patients, and 2 patients had fever on day 5."
        led = (each for each in scene.times if _LEADS_TO.fullmatch(scene.low, each.end, begin))
        # "At 2 weeks in 90%, and at nine weeks 100%": the later heads a number of its own.
        own = row[-1] is quantity and not _HEADS.match(scene.low, after[0].end)
        return after[0] if own else next(led, after[0])
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
        if bound[each.start] is not None:
            return each
        if is_taken(each, numbers, scene.low) or _CONTRASTED.search(scene.low, each.end, begin):
            continue
        if scene.clause(each.start) == home or opens_part(each, scene.low):
            return each
    if after:
        return None
    near = [each for each in scene.times if scene.clause(each.start) == home]
    alone = not any(scene.clause(each.start) == home for each in numbers)
    # One time and one row of numbers in a clause belong together.
    if len(near) == 1 and alone and fits(near[0]):
        free = quantity.form == "effect" and bound[near[0].start] is None
        return None if _is_apart(row[-1].end, near[0], free, scene.low) else near[0]
    return _closing_time(quantity, scene)


def _takes_time(number: Quantity, quantity: Quantity, scene: Scene) -> bool:
    """Tell whether a number beside another may have the time that stands between them."""
    # "Five of them in hospital and three | within 90 days": a word too has the time beside it.
    timed = number.form in _TIMED or (number.form == "bare" and _heads_time(number, scene))
    if not timed or _is_bracketed_range(scene.low, number):
        return False
    # "82% had at least a 2-point relief at a month": a bound of what is counted
    return not (quantity.form in COUNTED and number.operator in _BOUNDS and number.unit == "points")


def _adjoins(
    quantity: Quantity, last: Quantity, time: Quantity, numbers: Sequence[Quantity], scene: Scene
) -> bool:
    """Tell whether nothing parts a number, ``last`` of its row, from a time behind it."""
    if not is_free(numbers, last.end, time.start):
        return False
    between = scene.low[last.end : time.start]
    until = quantity.form in COUNTED and tells_until(between)
    return (adjoining(between) or until) and not is_told(quantity, last, time, scene)


def _heads_time(number: Quantity, scene: Scene) -> bool:
    return any(each.start == number.end + 1 for each in scene.times)


def _is_apart(end: int, time: Quantity, free: bool, low: str) -> bool:
    """Tell whether the one time of a clause is told of others than the numbers that end ahead of it.

    ``free`` is true of the time of an effect that no measure names: "Age (OR 3.9) and the use of
    heparin within 12 hours" tells that of another factor.
    """
    listed = free and _ITEM.search(low, end, time.start)
    return bool(listed or RELATIVE.search(low, end, time.start))


def _may_be_of(
    quantity: Quantity, measure: str | None, time: Quantity, owner: Mention | None, scene: Scene
) -> bool:
    """Tell whether a time may be a number's; ``owner`` is the measure that it stands right before."""
    if quantity.statistic in ACCURACY or owner is None or owner.concept == measure:
        return True
    if measure is None and opens_part(time, scene.low):
        return True  # "Two-year A, B and C were 80%, 70% and 60%"
    if time.start == 0 and scene.low.startswith(_AT):
        return True  # "At 12 months VAS was 1 and NDI 8"
    if quantity.form == "effect" and scene.low[owner.end : quantity.start] in {" (", " ["}:
        return True
    return any(
        each.concept == measure and _joined(_unnamed(scene, owner.end, each.start))
        for each in scene.mentions
        if each.start >= owner.end
    )


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


def tells_until(between: str) -> bool:
    """Tell whether what was counted is told up to a time: 3 patients had no pain | at 2 years."""
    # "more in A (60%) than in B (40%) | could walk at 6 months"
    told = _OF_THESE.sub(" ", between.lstrip(")]"))
    parted = _PARTED.search(_AND_VERB.sub(" ", told))
    return len(told) < 90 and not parted and bool(_COURSE.match(told))
