"""Tell measures that are none of a number: of others behind it, or what something was done for."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, COUNTS, MAY_COUNT, Quantity
from ingest.numbers.scene import Scene

_COUNTING = COUNTED | MAY_COUNT
# What was so of those counted, told to its end: no participle, and no clause of their name.
_TOLD = re.compile(
    r"[^,;:.()]{0,40}?(?<!who)(?<!that)(?<!which) (?:was|were|had|did|underwent|received|refused|declined|withdrew|moved|became|began|chose|left|took|showed"
    r"|developed|required|needed|relapsed|recurred|died|survived|experienced|suffered|complained|dropped|reported|walked) [^;:.]*?"
)
# Whose change is told behind: "twelve improved and three worsened in gait".
_CHANGED = re.compile(
    r"\b(?:improv|worse|deteriorat|unchanged|stable|same|declin|resol|recover|better|gain|los[et]|increas|decreas|rose|fell|similar|respectively)\w*"
)
_TO_AVOID = build_rule(
    r"(?<!able )(?<!managed )(?<!failed )(?<!unable )(?<!shown )(?<!found )(?<!helped )\bto (?:prevent|avoid|minimi[sz]e|lower|limit|reduce the risk of) (?:the |an? |any |further |later |early |late |new )?(?:[a-z-]+ )?$"
)
# How the next clause begins: another number, or a subject of its own.
_NEXT = build_rule(
    r"(?:,|;|,? and|,? but|,? while|,? whereas) (?:only |another |a further |the other |the remaining )?$"
)
_SUBJECT = re.compile(
    r"(?:,|;)? (?:and|but|while|whereas) (?:the|each|all|both|their|our|no|neither|overall|mean|median) "
)
# "Necrosis was | 92% | and the | margins | were free": each has a verb of its own
_LINKED = re.compile(
    r"\b(?:was|were|is|are|of|to|reached|averaged|measured|exceeded) (?:about |only |approximately |nearly |almost |over )?$"
)
_THEN = re.compile(r"(?: (?:was|were) [a-z]+)?,? (?:and|but|while|whereas|,) (?:[a-z-]+ ){0,3}")
_OWN_VERB = re.compile(
    r"s? (?:pain |scores? |rates? |values? |status )?(?:was|were|had|has|is|are|fell|rose|improved|decreased|increased|followed|occurred|developed|dropped|remained|became|reached|averaged|resolved|recovered)\b"
)


def tells_next(quantity: Quantity, mention: Mention, low: str) -> bool:
    """Tell whether a measure is the subject of the next clause, behind one that tells its number.

    "Necrosis was 92% and the margins were free": the number is of no margins.
    """
    if mention.start <= quantity.end or not _OWN_VERB.match(low, mention.end):
        return False
    linked = _LINKED.search(low, max(0, quantity.start - 30), quantity.start)
    return linked is not None and _THEN.fullmatch(low, quantity.end, mention.start) is not None


def is_beyond(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure stands in a clause behind that of a number, which tells another thing."""
    if quantity.form not in COUNTED:
        return False
    low = scene.low
    for end in _starts(quantity, mention, scene):
        told = low[quantity.end : end]
        if _TOLD.fullmatch(told) and not _CHANGED.search(told):
            return True
    return False


def is_aimed_at(quantity: Quantity, mention: Mention, low: str) -> bool:
    """Tell whether a measure is only what something was done for: drained to prevent a haematoma in 30."""
    return quantity.form in COUNTS and bool(_TO_AVOID.search(low, 0, mention.start))


def _starts(quantity: Quantity, mention: Mention, scene: Scene) -> list[int]:
    """Return where clauses may begin between a number and a measure behind it."""
    low = scene.low
    found = [
        mark.start()
        for each in scene.quantities
        if quantity.end <= each.start < mention.start
        and each.form in _COUNTING
        and (mark := _NEXT.search(low, quantity.end, each.start))
    ]
    return found + [each.start() for each in _SUBJECT.finditer(low, quantity.end, mention.start)]
