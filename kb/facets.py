"""Count what the best answers are: kinds, designs, years, procedures and so on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

_OF_CLAIMS = "(select value as claim_id from json_each(:ids)) as found join claims using (claim_id)"
_OF_ARTICLES = "(select distinct value as article_id from json_each(:ids)) as found left join claims using (article_id)"
_FROM = "{found} join articles using (article_id)"
_PLAIN = "select {column} as value, null as label, count(distinct {unit}) from " + _FROM
# A concept counts what names it and what names a narrower one, as the restriction to it finds both.
_CONCEPTS = """select shown.concept_id as value, shown.label, count(distinct {unit})
  from {found} join claim_concepts using (claim_id) join concepts as named using (concept_id)
  join concepts as shown on shown.concept_id = named.concept_id
    or shown.concept_id in (select value from json_each(named.broader))
  where named.facet in ({facets}) and shown.facet in ({facets})"""
FACETS = {
    "kind": _PLAIN.replace("{column}", "claims.kind"),
    "procedure": _CONCEPTS.replace("{facets}", "'procedures', 'approaches'"),
    "tumour": _CONCEPTS.replace("{facets}", "'tumours', 'sites'"),
    "level": _CONCEPTS.replace("{facets}", "'levels'"),
    "measure": _PLAIN.replace("{column}", "claims.measure") + " where claims.measure is not null",
    "design": _PLAIN.replace("{column}", "articles.design"),
    "year": _PLAIN.replace("{column}", "coalesce(articles.year, 'not stated')"),
    "assertion": _PLAIN.replace("{column}", "claims.assertion"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet and how many of the answers have it."""

    value: str
    label: str
    count: int


def count_facets(
    connection: sqlite3.Connection, ids: Sequence[str], unit: str = "claims"
) -> dict[str, tuple[Value, ...]]:
    """Return each facet's values among some claims, or articles, commonest first; years newest first."""
    if unit == "passages":
        ids = [each.rpartition(":")[0] for each in ids]
    of_claims = unit == "claims"
    found, key = (
        (_OF_CLAIMS, "claims.claim_id") if of_claims else (_OF_ARTICLES, "found.article_id")
    )
    values = {"ids": json.dumps(list(ids))}
    counted: dict[str, tuple[Value, ...]] = {}
    for name, sql in FACETS.items():
        rows = connection.execute(
            sql.replace("{found}", found).replace("{unit}", key) + " group by 1 order by 3 desc, 1",
            values,
        ).fetchall()
        made = [
            Value(str(row[0]), str(row[1] or str(row[0]).replace("_", " ")), int(row[2]))
            for row in rows
            if row[0] is not None
        ]
        if name == "year":
            made.sort(key=lambda each: (each.value.isdigit(), each.value), reverse=True)
        counted[name] = tuple(made)
    return counted
