"""Grade the evidence for a rule, with every part of the grade shown.

The words follow GRADE (Guyatt 2008, BMJ 336:924) and the levels are Oxford CEBM 2011. Only claims
that are counted enter. The steps, which are this project's own reading of GRADE, are:

* start: by the level that more than half of the supporting claims reach, so that one trial does
  not lift a rule that rests on opinion: high at level 1 or 2, low at 3 or 4, else very low;
* one step down each for few patients, indirectness, inconsistency, and age of the evidence.

Size is not known to be small where no article states it; nothing is then taken off and it is said.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
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


def strength_of_evidence(
    connection: sqlite3.Connection, rule_id: str, reviewed_on: str
) -> dict[str, Any]:
    """Return the grade of a rule's evidence and its parts, as plain data.

    ``reviewed_on`` is an ISO date: age is measured at review, so that the same database and rule
    give the same grade on any day. A part that no source states is None.
    """
    rows = [dict(zip(_FIELDS, row, strict=True)) for row in connection.execute(_COUNTED, [rule_id])]
    support = [row for row in rows if row["stance"] == "supports"]
    if not support:
        return {"grade": "no evidence", "counted claims": _stances(rows)}
    articles = {row["article"]: row for row in support}.values()
    levels = sorted(row["level"] for row in articles if row["level"] is not None)
    sizes = [row["n"] for row in articles if row["n"] is not None]
    years = [row["year"] for row in articles if row["year"] is not None]
    reached = sorted(UNKNOWN_LEVEL if row["level"] is None else row["level"] for row in support)
    start = _start(reached[len(reached) // 2])
    steps = _steps(rows, support, sizes, years, int(reviewed_on[:4]))
    return {
        "grade": WORDS[max(0, start - len(steps))],
        "starts at": WORDS[start],
        "steps down": steps,
        "best Oxford level": levels[0] if levels else None,
        "designs": _count(str(row["design"]) for row in articles),
        "articles": len(articles),
        "patients stated": sum(sizes) if sizes else None,
        "direct claims": f"{_direct(support)} of {len(support)}",
        "counted claims": _stances(rows),
        "newest year": max(years, default=None),
    }


def _start(level: int) -> int:
    if level > 4:
        return 0
    return 3 if level <= 2 else 1


def _steps(
    rows: Sequence[Mapping[str, Any]],
    support: Sequence[Mapping[str, Any]],
    sizes: Sequence[int],
    years: Sequence[int],
    reviewed: int,
) -> list[str]:
    against = sum(row["stance"] == "contradicts" for row in rows)
    found = []
    if sizes and sum(sizes) < FEW_PATIENTS:
        found.append(f"fewer than {FEW_PATIENTS} patients")
    if _direct(support) < INDIRECT * len(support):
        found.append("mostly not results of patients")
    if against >= CONTESTED * (against + len(support)):
        found.append("sources contradict each other")
    if years and reviewed - max(years) > OLD_YEARS:
        found.append(f"newest source older than {OLD_YEARS} years at review")
    return found


def _direct(rows: Sequence[Mapping[str, Any]]) -> int:
    return sum(bool(row["direct"]) for row in rows)


def _stances(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts = _count(str(row["stance"]) for row in rows)
    return {each: counts.get(each, 0) for each in ("supports", "qualifies", "contradicts")}


def _count(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
