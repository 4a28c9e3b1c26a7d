"""The page and the feed of what each build changed, and where an id went that is no longer there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kb.site.citing import home_of
from kb.site.feed import LONGEST, atom
from kb.site.rendering import missing, published, render, rows

# Changes of one kind on a page; the table behind it has all.
SHOWN = 100
# The first of each kind of change, with the number of all of them; ids alone are not shown.
_KINDS = """
select * from (
  select *, row_number() over kind as rank, count(*) over (partition by subject, change, rule_id, stance, counted) as total
  from changes where number = ? and not (subject = 'claim' and change = 'moved')
  window kind as (partition by subject, change, rule_id, stance, counted order by position)
) where rank <= ? order by position
"""
_FIRST = """
select * from changes where number = ? and not (subject = 'claim' and change = 'moved')
order by position limit ?
"""
_ORDER = (
    "retracted",
    "reinstated",
    "new",
    "changed",
    "vanished",
    "gained",
    "moved",
    "lost",
)


async def changes_page(datasette: Any, request: Any) -> Any:
    """Show what one update changed, the newest where none is named, and list the others."""
    updates = await rows(datasette, "select * from updates order by number desc")
    asked = request.args.get("update")
    chosen = next((each for each in updates if asked in {None, "", str(each["number"])}), None)
    if asked and chosen is None:
        return await missing(
            datasette, request, f"There is no update {asked}; see /-/changes for those kept."
        )
    found = _read(await rows(datasette, _KINDS, [chosen["number"], SHOWN])) if chosen else []
    counts: dict[int, dict[str, Counter[str]]] = {}
    for row in await rows(
        datasette, "select number, subject, change, count(*) as n from changes group by 1, 2, 3"
    ):
        counts.setdefault(row["number"], {}).setdefault(row["subject"], Counter())[
            row["change"]
        ] = row["n"]
    return await render(
        datasette,
        request,
        "kb_changes.html",
        updates=[(each, summary(counts.get(each["number"], {}))) for each in updates],
        chosen=chosen,
        groups=grouped(found),
        rules=_rules(found),
        shown=SHOWN,
        title="What changed",
    )


async def changes_feed(datasette: Any, request: Any) -> Any:
    """Return the updates as an Atom feed."""
    updates = await rows(datasette, "select * from updates order by number desc")
    meta = {
        row["key"]: row["value"] for row in await rows(datasette, "select key, value from meta")
    }
    citations = {
        row["article_id"]: row["citation"]
        for row in await rows(
            datasette,
            "select distinct article_id, citation from changes join articles using (article_id)",
        )
    }

    async def changes(number: int) -> Sequence[Mapping[str, Any]]:
        # Articles stand first, then rules, then claims: entries enough are among the first rows.
        return _read(await rows(datasette, _FIRST, [number, LONGEST * 25]))

    body = await atom(home_of(datasette, request), meta, updates, changes, citations)
    return published(body, "application/atom+xml")


def _read(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "fields": json.loads(each["fields"])} for each in found]


def grouped(found: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Return articles and claims by subject and change, what matters most first."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for subject in ("article", "claim"):
        for change in _ORDER:
            held = [
                each for each in found if each["subject"] == subject and each["change"] == change
            ]
            if held:
                groups[subject, change] = held
    return groups


def _rules(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules that changed, each with the evidence it gained and lost."""
    evidence: dict[str, list[Mapping[str, Any]]] = {}
    for each in found:
        if each["subject"] == "evidence":
            evidence.setdefault(each["rule_id"], []).append(each)
    return [
        {**each, "evidence": evidence.get(each["rule_id"], [])}
        for each in found
        if each["subject"] == "rule"
    ]


def summary(counts: Mapping[str, Counter[str]]) -> str:
    """Return an update's counts in words."""
    parts = []
    for subject in ("article", "claim", "rule"):
        told = counts.get(subject, Counter())
        said = ", ".join(
            f"{told[change]} {change}" for change in _ORDER if told[change] and change != "moved"
        )
        if said:
            parts.append(f"{subject}s: {said}")
    return "; ".join(parts) or "ids alone"
