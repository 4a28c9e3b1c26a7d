"""Tell which way each of the numbers went that a clause sets against each other: less (20 vs 35 %)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.language.clauses import Span
from ingest.language.starts import build_rule
from ingest.model import Concept, Direction, Measurement

_RELIEF = build_rule(
    r"\b(?:relie(?:f|ved)|improve(?!\w* (?:(?:in|of) )?(?:the )?(?:local|tumou?r|disease|survival|outcomes?|function))\w*|respon[sd]\w*|free\w*)\b",
    re.IGNORECASE,
)
_SET = build_rule(r"\b(?:vs?|versus|compared (?:with|to)|than(?! (?:an? )?\d)|against)\b")
# "which was less than in | the open group (9 days)"
_THAN = re.compile(
    r"\b(?:longer|shorter|higher|lower|less|more|fewer|greater|better|worse|larger|smaller) than (?:(?:that |those )?(?:of|in|for|with|after) )?(?:the )?$"
)
_COMPARED = build_rule(
    r"\b(?:higher|lower|more|less|fewer|greater|longer|shorter|better|worse|superior|inferior|poorer|larger|smaller|reduc\w+|increas\w+|decreas\w+|improv(?:ed|ements?)|rarer|commoner|halved|doubled|preserved|maintained|restored|shortened|prolonged)\b",
    re.IGNORECASE,
)


def compares(text: str, clause: Span) -> bool:
    """Tell whether a clause says that something was more or less than something else."""
    return _COMPARED.search(text, *clause) is not None


def own_way(
    text: str,
    clause: Span,
    way: Direction | None,
    numbers: Sequence[Measurement],
    beside: Sequence[Measurement],
    measure: Concept | None,
) -> Direction | None:
    """Return which way a claim's number went beside the one it is set against: "less (20 vs 35 %)".

    What is told of the smaller one is not so of the larger. ``beside`` are the sentence's numbers.
    """
    if way not in {"better", "worse"} or len(numbers) != 1:
        return way
    mine = numbers[0]
    if measure is None or measure.harm is None:
        return _way_unmeasured(text, clause, way, mine, beside)
    if mine.statistic == "difference" and all(
        each.statistic != "difference" for each in beside if each is not mine
    ):
        return way  # "400 ml more (900 vs 500)": of both
    rows = [each for each in beside if clause[0] <= each.start < clause[1]]
    rows = [
        each
        for each in rows
        if (each.measure, each.unit) == (mine.measure, mine.unit)
        and (each.time_text == mine.time_text or None in {each.time_text, mine.time_text})
    ]
    if mine.statistic != "difference":
        rows = [each for each in rows if each.statistic != "difference"]
    against = [each for each in rows if each.group and each.group == mine.comparator]
    pair = sorted([mine, *against], key=lambda each: each.start)
    joined = len(pair) == 2 and text[pair[0].end : pair[1].start] == " and "
    joined = joined and compares(text, clause)
    if mine.group and len(rows) > 1 and all(each.group == mine.group for each in rows):
        return way  # "improved in A (7 vs 3)": before and after in one group
    if len(rows) == 1 and _is_behind_than(text, clause, mine):
        return "better" if way == "worse" else "worse"
    others = [_size(each) for each in (against if joined else _opposite(text, mine, rows))]
    own = _size(mine)
    if own is None or not others or any(each is None or each == own for each in others):
        return way
    above = [each is not None and own > each for each in others]
    if any(above) != all(above):
        return way
    # Of a harm's relief more is better.
    parted = mine.unit in {"percent", "patients"}
    relieved = parted and bool(_RELIEF.search(text, clause[0], rows[0].start))
    larger = (measure.harm and not relieved) == (way == "worse")
    if above[0] == larger:
        return way
    return "better" if way == "worse" else "worse"


def _is_behind_than(text: str, clause: Span, mine: Measurement) -> bool:
    """Tell whether a clause's one number is that of the group against which another is set: shorter than in A (9)."""
    start = mine.group_start
    if start is None or not clause[0] <= start < mine.start:
        return False
    return _THAN.search(text, clause[0], start) is not None


def _way_unmeasured(
    text: str, clause: Span, way: Direction, mine: Measurement, beside: Sequence[Measurement]
) -> Direction | None:
    """Return which way one of two went of which it is not known what more of it means.

    "It was kept in 10 with A versus 3 with B" tells it of the first; "it (10 versus 3) was better
    in B" leaves open of which.
    """
    pairs = [
        (one, other) for one, other in pairwise(beside) if _SET.search(text, one.end, other.start)
    ]
    mine_too = [pair for pair in pairs if any(each.start == mine.start for each in pair)]
    if len(mine_too) != 1:
        return way
    one, _ = mine_too[0]
    told = _COMPARED.search(text, clause[0], one.start) is not None
    return way if told and mine.start == one.start else None


def _opposite(text: str, mine: Measurement, rows: Sequence[Measurement]) -> Sequence[Measurement]:
    """Return the numbers on the other side of the word that sets a row's numbers against each other."""
    parted = [at for at, (a, b) in enumerate(pairwise(rows)) if _SET.search(text, a.end, b.start)]
    if len(parted) > 1 and parted == [*range(0, len(rows), 2)]:
        # Pairs in a row, of two harms that one name holds: "nausea (5 vs 3 %), retching (4 vs 2 %)".
        at = next(at for at, each in enumerate(rows) if each.start == mine.start)
        return rows[at - 1 : at] if at % 2 else rows[at + 1 : at + 2]
    if len(parted) != 1:
        return []
    ahead, behind = rows[: parted[0] + 1], rows[parted[0] + 1 :]
    if min(len(ahead), len(behind)) != 1:
        return []
    return behind if any(each.start == mine.start for each in ahead) else ahead


def _size(number: Measurement) -> float | None:
    if number.numerator == 0 and number.denominator:
        return 0.0
    share = number.percent if number.percent is not None else number.percent_derived
    return share if share is not None else number.value
