"""Show ranked ids as what a reader must know of them: claims, passages and articles found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.highlighting import Spans, find_spans
from kb.questions import Question

UNITS = ("claims", "articles", "passages")
SORTS = ("relevance", "date", "evidence")
# How many the ranking hands to SQL.
DEEPEST = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """One claim, passage or article found, with what a reader must know before trusting it.

    ``spans`` are where the stored text of the article has the words asked for (code points).
    """

    unit: str
    id: str
    claim_id: str | None
    article_id: str
    score: float
    kind: str | None
    assertion: str | None
    polarity: str | None
    strength: str | None
    display: str
    focus: str | None
    citation: str
    year: int | None
    design: str
    evidence_level: int | None
    digest: bool
    retracted: bool
    start: int | None = None
    end: int | None = None
    spans: Spans = ()

    @property
    def stance(self) -> str:
        """Return how the statement is meant, in words: never read it without."""
        words = [] if self.assertion in {None, "affirmed"} else [str(self.assertion)]
        if self.polarity == "against":
            words.append("against")
        return ", ".join(words) or "as it stands"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found for a query, best first, with a hint where it was read otherwise than typed."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    hint: str | None = None
    did_you_mean: str | None = None
    engine: str = "whoosh"


_FOUND = "(select value ->> 0 as id, value ->> 1 as score from json_each(:ranked)) as found"
_ARTICLE = """articles.citation, articles.year, articles.design, articles.evidence_level,
  articles.digest, articles.retracted"""
_ROWS = {
    "claims": f"""select 'claims' as unit, found.id, claims.claim_id, claims.article_id, found.score, claims.kind,
  claims.assertion, claims.polarity, claims.strength, claims.display, claims.focus, {_ARTICLE}, claims.start, claims."end",
  claims.quote as original from {_FOUND} join claims on claims.claim_id = found.id join articles using (article_id)""",
    "passages": f"""select 'passages' as unit, found.id, null as claim_id, passages.article_id, found.score, null as kind,
  null as assertion, null as polarity, null as strength, passages.text as display, null as focus, {_ARTICLE}, passages.start,
  passages."end", substr(documents.text, passages.start + 1, passages."end" - passages.start) as original
  from {_FOUND} join passages on passages.passage_id = found.id join articles using (article_id) join documents using (article_id)""",
    "articles": f"""select 'articles' as unit, found.id, null as claim_id, articles.article_id, found.score, null as kind,
  null as assertion, null as polarity, null as strength, coalesce(articles.title, articles.citation) as display, null as focus,
  {_ARTICLE}, null as start, null as "end", null as original
  from {_FOUND} join articles on articles.article_id = found.id""",
}
_ORDERS = {
    "relevance": "articles.retracted, found.score desc, found.id",
    "date": "articles.retracted, coalesce(articles.date, articles.year) desc nulls last, found.score desc, found.id",
    "evidence": "articles.retracted, articles.evidence_level asc nulls last, found.score desc, found.id",
}


def hits_of(
    connection: sqlite3.Connection,
    question: Question,
    ranked: Sequence[tuple[str, float]],
    unit: str,
    sort: str = "relevance",
    limit: int = DEEPEST,
    offset: int = 0,
) -> tuple[Hit, ...]:
    """Return ranked ids as what a reader sees of them, in the order asked for."""
    sql = f"{_ROWS[unit]} order by {_ORDERS[sort]} limit :limit offset :offset"
    values = {"ranked": json.dumps(ranked), "limit": limit, "offset": offset}
    cursor = connection.execute(sql, values)
    names = [each[0] for each in cursor.description]
    found = []
    for raw in cursor:
        row: dict[str, Any] = dict(zip(names, raw, strict=True))
        original, base = row.pop("original"), row["start"] or 0
        spans = find_spans(original, question) if original else ()
        row["digest"], row["retracted"] = bool(row["digest"]), bool(row["retracted"])
        found.append(Hit(**row, spans=tuple((base + one, base + two) for one, two in spans)))
    return tuple(found)
