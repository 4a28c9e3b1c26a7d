"""Choose what is quoted under a rule that applies, and under each of its cases."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kb.rules import STANCES, Case, Evaluation

# Quotes under one recommendation; the rule's own page has them all.
QUOTES = 3
_WORD = re.compile(r"\w+")


def distinct(claims: Sequence[Mapping[str, Any]], *fields: str) -> list[Mapping[str, Any]]:
    """Return each quote of an article once, by its first claim; ``fields`` tell more quotes apart.

    The items of one list have one quote.
    """
    told = ("article_id", "display", *fields)
    return list(
        reversed({tuple(each[key] for key in told): each for each in reversed(claims)}.values())
    )


def quotes_for_case(
    claims: Collection[str], evidence: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """Return the evidence that speaks to one case: a few of each side, what supports it first.

    ``claims`` are the ids linked to the case, ``evidence`` what is counted for the rule. No quote
    stands twice.
    """
    found: list[Mapping[str, Any]] = []
    for stance in STANCES:
        side = [
            each for each in evidence if each["stance"] == stance and each["claim_id"] in claims
        ]
        found += distinct(side)[:QUOTES]
    return tuple(found)


def quotes_for(
    outcome: Evaluation, inputs: Mapping[str, Any], support: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """Return the claims that speak most closely to the cases that apply, never of the other polarity.

    What advises against is quoted only under a case that advises against, and the reverse. Where
    some claims name an input ("type 7", "L5") only those are quoted; then shared words decide.
    """
    against = {_advises_against(case) for case in outcome.matched}
    fit = [
        each
        for each in support
        if each["polarity"] not in {"for", "against"} or (each["polarity"] == "against") in against
    ]
    told = _stems(" ".join(case.then for case in outcome.matched))
    named = [_mention(name, value) for name, value in inputs.items() if not isinstance(value, bool)]
    ranked = [
        (
            sum(bool(each.search(claim["display"])) for each in named),
            len(told & _stems(claim["display"])),
            claim,
        )
        for claim in fit
    ]
    if any(row[0] for row in ranked):
        ranked = [row for row in ranked if row[0]]
    ranked.sort(key=lambda row: row[:2], reverse=True)
    return tuple(distinct([claim for _, _, claim in ranked])[:QUOTES])


def _advises_against(case: Case) -> bool:
    return case.strength.startswith(("not_", "contra")) or case.strength == "against"


def _mention(name: str, value: Any) -> re.Pattern[str]:
    """Return what a text that names an input holds: "types 3, 4 and 7" for ``surgical_type=7``, "L5"."""
    text = re.escape(str(value).replace("_", " "))
    if text.isdigit():
        noun = re.escape(name.rsplit("_", 1)[-1])
        return re.compile(rf"\b{noun}s?\b(?:\W|\d|and|or|to)*?\b{text}\b", re.IGNORECASE)
    return re.compile(rf"\b{text}\b", re.IGNORECASE)


def _stems(text: str) -> set[str]:
    return {each[:6] for each in _WORD.findall(text.lower()) if len(each) > 3}
