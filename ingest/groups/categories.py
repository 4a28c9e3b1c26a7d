"""Deal the numbers of a row to the categories of patients that a list tells in turn.

"5, 22 and 11 months for lung, breast and renal cancer, respectively", "the survival of patients
with 0-1, 2-3 and 4-5 points was 65%, 44% and 18%"; and the one number of a category that had the
longest or the shortest of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.dealing import Dealing, Number

_MANY = 3
_NAME = r"(?!(?:and|or|the|was|were|at|in|for|with|of)\b)[^\W_][\w≥≤<>%+-]*(?: (?!(?:and|or|was|were|had|has|showed|carried|the|for|in|of|with|to)\b)[\w≥≤<>%+-]+){0,3}"
_LIST = rf"(?P<names>{_NAME}(?:, {_NAME})+,? (?:and|or) {_NAME})"
_WHO = r"(?:(?:the |those |patients |individuals |subjects |participants |cases |tumou?rs )*(?:(?:with|of|having|who had|from|undergoing|treated with|after) )?(?:an? |the )?(?:scores? (?:of )?)?)"
_BEHIND = re.compile(
    rf"\W*(?:(?:months?|years?|days?|points?) )?(?:for|in|among|with|after) {_WHO}{_LIST}[,;)]? respectively\b"
)
_AHEAD = re.compile(
    rf"(?:(?:patients|individuals|subjects|participants|those|cases|tumou?rs) (?:with|of|having|who had|from|undergoing|treated with|aged) (?:an? )?(?:[a-z]+ )?(?:scores? (?:of )?)?|(?:in|for|among) (?!the (?:first|last)\b){_WHO}){_LIST}(?: (?:was|were)(?: [a-z]+)?|,)? $"
)
_PARTS = re.compile(r",? (?:and|or) |, ")
_TIME = re.compile(r"\b(?:days?|weeks?|months?|years?)\b")
# "Lung cancer had the shortest survival (4 months), and breast cancer the longest (20)"
_MOST = re.compile(
    rf"(?:(?:^|[;,] |\b(?:and|while|whereas) )(?:the )?(?P<name>{_NAME}) (?:had|showed|carried)|\b(?:and|while|whereas) (?P<next>{_NAME})) the (?:longest|shortest|highest|lowest|best|worst|poorest|greatest)\b[^.;:,()\d]{{0,60}}[( ]\s*(?:of )?$"
)
_REACH = 120
_ASSIGNED = re.compile(
    rf"(?:\s*\([^()]*\))?(?: of)?(?: the)?(?: patients| individuals| subjects| participants| cases| those)?(?: who were)? (?:assigned|randomi[sz]ed|allocated) to (?:receive )?(?:the )?(?P<name>{_NAME})"
)
# "Those with lung cancer lived 4 months, those with breast cancer 17 months": each in turn.
_TURN = re.compile(
    r"[\s,;]*(?:(?:and|while|whereas|but)\s+)?(?:(?:those|patients|individuals|subjects|participants|cases) (?:in|of|with) )?(?:the )?"
)


def categorise(dealing: Dealing, rows: Sequence[Sequence[Number]]) -> None:
    """Deal each number of a row, or one with the most of all, the category that is told of it."""
    low = dealing.text.lower()
    if len(dealing.arms) > 1 and _takes_turns(dealing):
        for number, arm in zip(dealing.numbers, dealing.arms, strict=True):
            number.give(arm, "dealt")
        return
    for row in rows if len(dealing.numbers) >= _MANY else ():
        dealt = all(each.style == "dealt" for each in row)
        if len(row) >= _MANY and not dealt and _is_of_one(dealing, row):
            _deal_list(dealing, low, row)
    if " to " in low:
        _deal_assigned(dealing, low)
    if " the " not in low or "st" not in low:
        return
    for number in dealing.numbers:
        begin = max(0, number.start - _REACH)
        told = _MOST.search(low, begin, number.start) if number.arm is None else None
        span = told.span("name" if told["name"] else "next") if told else None
        if span and dealing.plain(*span):
            number.give(dealing.named(*span), "named")


def _deal_assigned(dealing: Dealing, low: str) -> None:
    """Deal each number the arm that those whom it counts were put into: 16 of 52 (31%) assigned to A."""
    for number in dealing.numbers:
        told = _ASSIGNED.match(low, number.end)
        if told and dealing.plain(*told.span("name")):
            number.give(dealing.named(*told.span("name")), "named")


def _takes_turns(dealing: Dealing) -> bool:
    """Tell whether each group of a sentence is named right ahead of its number, behind the one before."""
    arms, numbers, flat = dealing.arms, dealing.numbers, dealing.flat
    if len(arms) != len(numbers) or not _is_of_one(dealing, numbers):
        return False
    ahead = all(arm.end <= number.start for arm, number in zip(arms, numbers, strict=True))
    return ahead and all(
        _TURN.fullmatch(flat, number.end, arm.start)
        for number, arm in zip(numbers, arms[1:], strict=False)
    )


def _is_of_one(dealing: Dealing, row: Sequence[Number]) -> bool:
    """Tell whether a row's numbers are one known measure's at one time."""
    return dealing.measured[row[0].at[0]].measure is not None and dealing.is_of_one(row)


def _deal_list(dealing: Dealing, low: str, row: Sequence[Number]) -> None:
    """Deal the names of a list behind or ahead of a row to its numbers, where they are as many."""
    told = _BEHIND.match(low, row[-1].end) or _AHEAD.search(
        low, max(0, row[0].start - _REACH), row[0].start
    )
    if told is None or _TIME.search(told["names"]):
        return
    spans, start = [], told.start("names")
    for joint in [*_PARTS.finditer(low, *told.span("names")), None]:
        end = joint.start() if joint else told.end("names")
        spans.append((start, end))
        start = joint.end() if joint else end
    if len(spans) != len(row) or any(_measures(dealing, *each) for each in spans):
        return
    for number, span in zip(row, spans, strict=True):
        number.give(dealing.named(*span), "dealt")


def _measures(dealing: Dealing, start: int, end: int) -> bool:
    """Tell whether a name of a list is that of a measure, which makes it none of patients."""
    return any(
        each.start < end and start < each.end
        for each in dealing.scene.mentions
        if dealing.scene.concepts[each.concept].facet == "measures"
    )
