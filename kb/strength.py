"""Grade the evidence for a rule, with every part of the grade shown.

The words follow GRADE (Guyatt 2008, BMJ 336:924) and the levels are Oxford CEBM 2011. Only claims
that are counted enter. The steps, which are this project's own reading of GRADE, are:

* design: the level that at least half of the supporting claims reach sets the start, so that one
  trial does not lift a rule that rests on opinion: high at level 1 or 2, low at 3 or 4, else very low;
* size, directness, consistency and recency: one step down each for few patients, claims that are
  no results of patients, sources that contradict each other, and age at review.

Size is not known to be small where no article states it; nothing is then taken off and it is said.
Publication bias, a fifth ground of GRADE, cannot be read from claims and is not judged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

WORDS = ("very low", "low", "moderate", "high")
FEW_PATIENTS = 100
# Shares of the counted claims from which a step is taken off.
CONTESTED = 0.25
INDIRECT = 0.5
OLD_YEARS = 15
# A source without a level, such as a tertiary page, weighs as the lowest.
UNKNOWN_LEVEL = 5

_COUNTED = """
select evidence.stance, claims.article_id, claims.is_patient_result, articles.evidence_level,
  articles.design, articles.n_patients, articles.year
from evidence join claims using (claim_id) join articles using (article_id)
where evidence.rule_id = ? and evidence.counted = 1
order by claims.article_id, claims.claim_id
"""
_FIELDS = ("stance", "article", "direct", "level", "design", "n", "year")
_NOTHING = "nothing taken off"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a grade: what was found, and what it does to the grade."""

    part: str
    found: str
    effect: str

    @property
    def steps(self) -> int:
        """Return the steps that the part takes off."""
        return int(self.effect == "one step down")


def strength_of_evidence(
    connection: sqlite3.Connection, rule_id: str, reviewed_on: str
) -> dict[str, Any]:
    """Return the grade of a rule's evidence, the word it starts at and its parts, as plain data.

    ``reviewed_on`` is an ISO date: age is measured at review, so that the same database and rule
    give the same grade on any day. What no source states is said to be not stated.
    """
    rows = [dict(zip(_FIELDS, row, strict=True)) for row in connection.execute(_COUNTED, [rule_id])]
    support = [row for row in rows if row["stance"] == "supports"]
    if not support:
        return {"grade": "no evidence", "starts_at": None, "parts": []}
    articles = list({row["article"]: row for row in support}.values())
    start = _start(_reached(support))
    parts = [
        _design(support, articles, start),
        _size(articles),
        _directness(support),
        _consistency(rows, support),
        _recency(articles, int(reviewed_on[:4])),
    ]
    return {
        "grade": WORDS[max(0, start - sum(each.steps for each in parts))],
        "starts_at": WORDS[start],
        "parts": [asdict(each) for each in parts],
    }


def _reached(support: Sequence[Mapping[str, Any]]) -> int:
    """Return the level that at least half of the claims reach."""
    levels = sorted(UNKNOWN_LEVEL if row["level"] is None else row["level"] for row in support)
    return int(levels[len(levels) // 2])


def _start(level: int) -> int:
    if level > 4:
        return 0
    return 3 if level <= 2 else 1


def _design(
    support: Sequence[Mapping[str, Any]], articles: Sequence[Mapping[str, Any]], start: int
) -> Part:
    designs: dict[str, int] = {}
    for row in articles:
        name = str(row["design"]).replace("_", " ")
        designs[name] = designs.get(name, 0) + 1
    levels = [row["level"] for row in articles if row["level"] is not None]
    told = ", ".join(f"{name} ({n})" for name, n in sorted(designs.items()))
    best = f"best Oxford level {min(levels)}" if levels else "Oxford level not stated"
    return Part(
        "design",
        f"{_many(len(articles), 'article')}: {told}; {best}, half of the claims at {_reached(support)} or better",
        f"starts at {WORDS[start]}",
    )


def _size(articles: Sequence[Mapping[str, Any]]) -> Part:
    sizes = [row["n"] for row in articles if row["n"] is not None]
    if not sizes:
        return Part("size", "number of patients not stated", _NOTHING)
    told = f"{sum(sizes)} patients in {_many(len(sizes), 'article')}"
    if len(sizes) < len(articles):
        told += f", not stated in {len(articles) - len(sizes)}"
    return Part("size", told, _effect(sum(sizes) < FEW_PATIENTS))


def _directness(support: Sequence[Mapping[str, Any]]) -> Part:
    direct = sum(bool(row["direct"]) for row in support)
    return Part(
        "directness",
        f"{direct} of {_many(len(support), 'supporting claim')} are results of patients",
        _effect(direct < INDIRECT * len(support)),
    )


def _consistency(rows: Sequence[Mapping[str, Any]], support: Sequence[Mapping[str, Any]]) -> Part:
    against = sum(row["stance"] == "contradicts" for row in rows)
    qualifying = len(rows) - len(support) - against
    return Part(
        "consistency",
        f"{len(support)} for, {qualifying} qualifying, {against} against",
        _effect(against >= CONTESTED * (against + len(support))),
    )


def _recency(articles: Sequence[Mapping[str, Any]], reviewed: int) -> Part:
    years = [row["year"] for row in articles if row["year"] is not None]
    if not years:
        return Part("recency", "years not stated", _NOTHING)
    return Part(
        "recency",
        f"newest source of {max(years)}, reviewed in {reviewed}",
        _effect(reviewed - max(years) > OLD_YEARS),
    )


def _effect(down: bool) -> str:
    return "one step down" if down else _NOTHING


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
