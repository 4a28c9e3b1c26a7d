"""Deal out the numbers of a row to the measures that are named in one breath before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.language.starts import build_rule
from ingest.measurements.attachment import compatible
from ingest.measurements.distance import BRACKETED
from ingest.measurements.grids import dealt, parts_of
from ingest.model import Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

# "recurrence and metastasis occurred": the second of two events has no name in the vocabulary.
_AND_ANOTHER = re.compile(
    r"s?(?: rates?)? and (?:the )?(?!(?:in|at|of|for|with|after|its|their|was|were)\b)(?:[a-z-]+ ){1,3}?(?:occurred|developed|(?:was|were) (?:seen|noted|observed|found|recorded|detected|reported)) "
)
# "from 8 and 60 before surgery | to | 2 and 20"
_CAME_TO = re.compile(r"[^;.]{0,50}\bto (?:an? )?(?:(?:mean|median|average) )?(?:of )?")
_PAIRED = build_rule(r"\brespectively\b")
# What may part measures that are named in one breath: A, the mean B, and C.
_NAMED_TOGETHER = re.compile(
    r"[\s,/]*(?:(?!was\b|were\b|is\b|are\b|had\b|with\b|than\b|after\b|without\b)(?:\d+-)?[a-z-]+[\s,/]*){0,6}(?:\d+-)?"
)
_LINK = re.compile(
    r"[\s,;%()\[\]]*(?:and|or|vs?\.?|versus|to|compared (?:with|to)|against|&)?[\s,;(\[]*(?:an? |the )?$"
)
_BLANK = " " * 12
# "It recurred in 12, 9 of them within two years": the part is told of by itself.
_PART = build_rule(r"\s*(?:\([^()]*\)\s*)?of (?:them|these|those|whom|which)\b")
# "the sensitivity | of | SINS"
_OF_IT = re.compile(r" (?:of|for|with) (?:the |an? )?(?:[a-z-]+ )?")
# "30-day and 90-day mortality": the first is a time, no measure.
_TIME_AND = re.compile(r"\d[- ](?:days?|weeks?|months?|years?),? and (?:the )?$")


@lru_cache(maxsize=8)
def runs(scene: Scene) -> list[list[Quantity]]:
    """Return the numbers in rows that only commas and joining words part: 80%, 60% and 35%."""
    found: list[list[Quantity]] = []
    for each in scene.numbers:
        if found and _linked(scene, found[-1][-1], each):
            found[-1].append(each)
        else:
            found.append([each])
    return [part for row in found for part in _halves(scene.low, row)]


def _halves(low: str, row: list[Quantity]) -> list[list[Quantity]]:
    """Return a row as the two that a change of several makes of it: from 8 and 60 to 2 and 20."""
    middle = len(row) // 2
    ends = [
        at
        for at in range(1, len(row))
        if re.search(r"\bto\b", low[row[at - 1].end : row[at].start])
    ]
    apart = len(row) > 2 and ends == [middle] and len(row) == 2 * middle
    return [row[:middle], row[middle:]] if apart else [row]


def as_score(quantity: Quantity, low: str) -> Quantity:
    """Return a number as one without a unit where only its fellow is printed with a percent: 8 and 60%."""
    bare = quantity.form == "percent" and quantity.numerator is None and quantity.low is None
    if not bare or "%" in low[quantity.start : quantity.end + 1] or quantity.percent is None:
        return quantity
    return replace(quantity, form="score", unit=None, value=quantity.percent, percent=None)


def _can_carry(scene: Scene, number: Quantity, mention: Mention) -> bool:
    concept = scene.concepts[mention.concept]
    return compatible(number, concept) or compatible(as_score(number, scene.low), concept)


def _linked(scene: Scene, one: Quantity, other: Quantity, mixed: bool = False) -> bool:
    between = scene.low[one.end : other.start]
    inside = [each for each in scene.quantities if one.end <= each.start < other.start]
    for each in inside:
        between = between.replace(scene.low[each.start : each.end], "")
    # Where those described were blanked the numbers of the next begin.
    apart = ";" in between or _BLANK in between or _PART.match(scene.low, other.end)
    return (one.form == other.form or mixed) and not apart and bool(_LINK.match(between))


def paired_measures(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, str]:
    """Pair measures with the numbers of a row in order: A and B were 20% and 30%, respectively."""
    found: dict[int, str] = {}
    rows = _with_mixed(scene, rows)
    for at, row in enumerate(rows):
        if len(row) < 2:
            continue
        floor = rows[at - 1][-1].end if at else 0
        named: list[Mention] = []
        for each in scene.mentions:
            fits = any(_can_carry(scene, one, each) for one in row)
            if floor <= each.start and each.end <= row[0].start and fits:
                known = {one.concept for one in named}
                named += [] if each.concept in known else [each]
        if not named and at and (before := _gone_on(scene, rows[at - 1], row, found)):
            found |= before
            continue
        named = _without_owner(scene, named, len(row)) or _named_before(
            scene, row, rows[:at], found
        )
        parts = parts_of(scene, row)
        plain = dealt(named, parts) if len(parts) > 1 < len(named) < len(row) else []
        told = named[-len(row) :]
        named = plain or told
        if len(named) != len(row) or not all(
            _can_carry(scene, number, mention) for number, mention in zip(row, named, strict=True)
        ):
            continue
        joined = _between(scene, told)
        for time in scene.times:  # "30-day mortality and 30-day readmission"
            joined = joined.replace(scene.low[time.start : time.end], "")
        said = _PAIRED.search(scene.low, row[-1].end)
        listed = _NAMED_TOGETHER.fullmatch(joined)
        compared = re.search(r"\b(?:vs|versus|compared)\b", scene.low[row[0].end : row[-1].start])
        if (said or not compared) and listed and re.search(r",|\band\b", joined):
            found |= {
                number.start: mention.concept for number, mention in zip(row, named, strict=True)
            }
    return found


def _with_mixed(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> Sequence[Sequence[Quantity]]:
    """Return rows with those joined that are of several units: survival and stay were 9 months and 5 days."""
    found: list[Sequence[Quantity]] = []
    for row in rows:
        last = found[-1] if found and len(row) == 1 else ()
        kinds = {(each.form, each.unit) for each in last}
        mixed = last and (row[0].form, row[0].unit) not in kinds
        if mixed and len(kinds) == len(last) and _linked(scene, last[-1], row[0], mixed=True):
            found[-1] = [*last, *row]
        else:
            found.append(row)
    return found


def _named_before(
    scene: Scene,
    row: Sequence[Quantity],
    rows: Sequence[Sequence[Quantity]],
    found: Mapping[int, str],
) -> list[Mention]:
    """Return the measures of the row before where this one goes on with as many of its kind.

    "Control and survival were 64% and 55% in one group and 76% and 23% in the other."
    """
    last = rows[-1] if rows else ()
    if len(last) != len(row) or last[0].form != row[0].form or last[0].start not in found:
        return []
    between = [each for each in scene.mentions if last[-1].end <= each.start < row[0].start]
    if any(compatible(row[0], scene.concepts[each.concept]) for each in between):
        return []
    concepts = [found[each.start] for each in last]
    return [next(one for one in scene.mentions if one.concept == each) for each in concepts]


def _without_owner(scene: Scene, named: list[Mention], size: int) -> list[Mention]:
    """Return measures without the scale that they are of: the sensitivity and specificity of SINS."""
    last = named[-1] if len(named) == size + 1 else None
    if last is None or scene.concepts[last.concept].facet != "scales":
        return named
    return named[:-1] if _OF_IT.fullmatch(scene.low, named[-2].end, last.start) else named


def _gone_on(
    scene: Scene, row: Sequence[Quantity], later: Sequence[Quantity], found: dict[int, str]
) -> dict[int, str]:
    """Return the measures of a row that tells what those of the row before came to: from a and b to c and d."""
    between = scene.low[row[-1].end : later[0].start]
    if len(row) != len(later) or not _CAME_TO.fullmatch(between):
        return {}
    return {
        two.start: found[one.start]
        for one, two in zip(row, later, strict=True)
        if one.start in found
    }


def _between(scene: Scene, named: Sequence[Mention]) -> str:
    """Return the words between the first and the last of some measures, without the others' names."""
    joined = scene.low[named[0].end : named[-1].start]
    for each in named[1:-1]:
        joined = joined.replace(scene.low[each.start : each.end], "", 1)
    return BRACKETED.sub("", joined)


def _fitting(scene: Scene, number: Quantity) -> list[Mention]:
    """Return the measures named ahead of a number that it may be of; the name of a group is none."""
    return [
        each
        for each in scene.mentions
        if each.end <= number.start and compatible(number, scene.concepts[each.concept])
    ]


def _second(scene: Scene, number: Quantity) -> bool:
    """Tell whether the one measure named before a row is the second of two: X and infection."""
    before = _fitting(scene, number)
    ahead = scene.low[: before[-1].start] if before else ""
    if _TIME_AND.search(ahead):
        return False  # "30-day and 90-day mortality"
    return bool(
        re.search(r"\b(?!(?:in|for|of|mean|median|average)\b)[a-z-]+ and (?:the )?$", ahead)
    )


def _first(scene: Scene, number: Quantity) -> bool:
    """Tell whether the one measure named before a row is the first of two: infection and X."""
    before = _fitting(scene, number)
    return bool(before) and _AND_ANOTHER.match(scene.low, before[-1].end) is not None


def unpaired_numbers(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> set[int]:
    """Return where the numbers of a row start that "respectively" deals out to measures unknown.

    Several measures are named before it, but not as many as numbers: none is surely any one's.
    """
    paired = paired_measures(scene, rows)
    found: set[int] = set()
    for at, row in enumerate(rows):
        floor = rows[at - 1][-1].end if at else 0
        named = {
            each.concept
            for each in scene.mentions
            if floor <= each.start
            and each.end <= row[0].start
            and compatible(row[0], scene.concepts[each.concept])
        }
        said = _PAIRED.match(scene.low[row[-1].end :].lstrip(" ,)"))
        if not said or row[0].start in paired:
            continue
        if 1 < len(named) < len(row):
            found |= {each.start for each in row}
        elif len(named) == 1 and len(row) == 2 and _second(scene, row[0]):
            found.add(row[0].start)
        elif len(named) == 1 and len(row) == 2 and _first(scene, row[0]):
            found.add(row[1].start)
    return found
