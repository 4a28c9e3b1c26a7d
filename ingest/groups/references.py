"""Find what an effect or a difference is measured against, and the group exposed."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.groups.arms import Arm, key_of
from ingest.groups.dealing import Dealing, Number
from ingest.groups.dealingrules import rules
from ingest.groups.refusals import ungrouped
from ingest.language.wording import bracket_open
from ingest.model import Measurement

# "785 mg versus 570 mg in the other arm", "9 versus 4 deaths": an amount is no group; "versus 2 cm
# margins" is one.
_AMOUNT = re.compile(
    r"[\d.,]+\s*(?:$|[a-zµμ%]{1,4}\b(?:\s*/\s*\w+)?\s*$|(?:deaths?|events?|patients?|individuals|subjects|participants?|cases?|[a-z]*recurrences?|relapses?|fractures?|infections?|complications?|failures?)\b)"
)
_VALUE = re.compile(r"[\s,:=]+\d+[.·]\d+$")
LOOSE = "over|at|during|after|within|by|for|from|to|plus"
"""What ends no name: "more likely than those without it | to", a verb or another clause begins."""
_LOOSE = re.compile(rf" (?:{LOOSE})$")
_LEADING = re.compile(r"(?:the |those |that |an? )*")


def with_reference(dealing: Dealing, number: Number, each: Measurement) -> Measurement:
    """Return a ratio or a difference with its reference group, and with the group exposed."""
    reference = reference_in(dealing, number)
    if reference is None:
        return each
    exposed = _exposed(dealing, reference) if each.group is None else None
    if exposed:
        span = exposed.start, exposed.end
        each = replace(each, group=exposed.label, group_start=span[0], group_end=span[1])
    elif each.group and key_of(each.group) == key_of(reference.label):
        # "Less frequent in those than in the controls (0.4)": it is of both, in the words of one.
        each = ungrouped(each)
    return replace(each, comparator=_LOOSE.sub("", reference.label))


def reference_in(dealing: Dealing, number: Number, named: bool = False) -> Arm | None:
    """Return what an effect or a difference is measured against, in its own clause."""
    for match in _said_against(dealing, number):
        lead = _LEADING.match(dealing.flat, match.end())
        begin = lead.end() if lead else match.end()
        for arm in dealing.arms:
            if match.end() <= arm.start <= begin:
                return arm
        if named:
            continue
        weak = rules().name.match(dealing.flat, begin)
        if (
            weak
            and "#" not in weak[0]
            and any(map(str.isalpha, weak[0]))
            and not _AMOUNT.match(weak[0])
        ):
            start, end = weak.span()
            if value := _VALUE.search(weak[0]):
                end -= len(value[0])  # "versus radiotherapy alone 2.1": its own number
            return Arm(start, end, dealing.text[start:end])
    return None


def _said_against(dealing: Dealing, number: Number) -> list[re.Match[str]]:
    """Return the words that set something against a group, those of a number's own bracket first.

    What another bracket sets against each other is of its own number: "age (young vs old, HR 2)".
    """
    flat, home = dealing.flat, dealing.scene.clause(number.start)
    own = bracket_open(flat, number.start)
    found: list[re.Match[str]] = []
    for match in rules().against.finditer(flat):
        if dealing.scene.clause(match.start()) == home:
            opened = bracket_open(flat, match.start())
            if opened == own >= 0 and match.end() <= number.start:
                found.insert(0, match)
            elif opened in {-1, own}:
                found.append(match)
    return found


def _exposed(dealing: Dealing, reference: Arm) -> Arm | None:
    """Return what stands before a reference in one breath: the ratio for X versus Y."""
    for rule in rules().pairs:
        for match in rule.finditer(dealing.flat):
            if match.start("two") <= reference.start < match.end("two"):
                span = match.span("one")
                return Arm(*span, dealing.text[slice(*span)]) if "#" not in match["one"] else None
    return None
