"""Read groups by what they make up or are made equal to: 126 (62 TXA, 64 placebo), 63 matched 1:1 to others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.groups.descriptions import Allotted, allot, is_event, size_of_count
from ingest.model import Mention
from ingest.numbers.quantity import Quantity

_OPENS = re.compile(r"(?: [a-z0-9-]+){0,6}? ?\((?P<list>[^()\[\]]{5,120})\)")
_JOINT = re.compile(r",? and |[,;] |,? (?:versus|vs\.?) ")
_SEMICOLON = re.compile(r"; (?:and )?")
_ITEM = re.compile(
    r"(?P<size>\d+)(?: (?:patients|individuals|subjects|participants|cases|women|men|children))?(?: (?:in (?:the )?|with |to |received |treated with |had )|:? )"
    r"(?P<name>(?![\d#])[a-z][\w/+-]*(?: [a-z][\w/+-]*){0,3}?)(?: (?:group|arm|cohort)| (?:patients|individuals|subjects|participants|cases))?"
)
# "en bloc, n = 141; piecemeal, n = 295"
_ITEM_AHEAD = re.compile(
    r"(?P<name>(?![\d#])[a-z][\w/+-]*(?: [a-z][\w/+-]*){0,3}?)(?: (?:group|arm|cohort|patients|individuals|subjects|participants|cases))?[,:]? (?:n ?= ?)?(?P<size>\d+)(?: (?:patients|individuals|subjects|participants|cases))?"
)
_NAME = r"(?![\d#])[a-z][\w/+-]*(?: [a-z][\w/+-]*){0,2}?"
# "63 MIS cases were matched 1:1 to open controls": as many of these.
_MATCHED = re.compile(
    rf"(?: (?P<one>{_NAME}))?(?: (?:patients|individuals|subjects|participants|cases|women|men|children))? (?:was|were|could be) (?:[a-z-]+ )?matched (?:1 ?: ?1|one[- ]to[- ]one|1 to 1)"
    rf" (?:to|with|against) (?:the |an? )?(?P<two>{_NAME})(?: (?:controls|patients|individuals|subjects|participants|cases|ones|group))\b"
)
# "forty cemented patients", all of it a count
_HELD = re.compile(rf"\S+ (?P<one>{_NAME}) (?:patients|individuals|subjects|participants|cases)")
_SEX = re.compile(r"(?:wom[ae]n|m[ae]n|fe?males?|boys?|girls?|f|m)\b")


def in_bracket(
    text: str, low: str, quantities: Sequence[Quantity], mentions: Sequence[Mention]
) -> Iterator[Allotted]:
    """Yield the groups of a bracket whose sizes make up the number of patients ahead of it."""
    for whole in quantities:
        opened = _OPENS.match(low, whole.end) if size_of_count(whole) > 1 else None
        found = [*_items(low, *opened.span("list"))] if opened else []
        if len(found) < 2 or sum(size for size, _ in found) != size_of_count(whole):
            continue
        if any(is_event(span, mentions) or _SEX.match(low, span[0]) for _, span in found):
            continue  # what befell them, and how many men and women they were
        for size, span in found:
            yield allot(text, low, [span], size)
        return


def matched(text: str, low: str, quantities: Sequence[Quantity]) -> Iterator[Allotted]:
    """Yield two groups of which the second was matched one to one to the first."""
    for each in quantities:
        size = size_of_count(each)
        found = _MATCHED.match(low, each.end) if size > 1 else None
        held = _HELD.fullmatch(low, each.start, each.end)
        one = found and (found.span("one") if found["one"] else held.span("one") if held else None)
        if found and one:
            yield allot(text, low, [one], size)
            yield allot(text, low, [found.span("two")], size)
            return


def _items(low: str, start: int, end: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the size and the place of the name of each item of a list; nothing where one is no group."""
    joint = _JOINT if ";" not in low[start:end] else _SEMICOLON
    cuts = [start, *[each.end() for each in joint.finditer(low, start, end)]]
    stops = [*[each.start() for each in joint.finditer(low, start, end)], end]
    for rule in (_ITEM, _ITEM_AHEAD):
        items = [rule.fullmatch(low, *span) for span in zip(cuts, stops, strict=True)]
        if all(items):
            yield from ((int(each["size"]), each.span("name")) for each in items if each)
            return
