"""Search articles and claims; FTS5 answers inside SQLite, ranked OR with the vocabulary's synonyms."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r'"[^"]+"|[\w]+(?:[-\'][\w]+)*\*?', re.UNICODE)
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "may",
        "might",
        "much",
        "not",
        "of",
        "on",
        "or",
        "shall",
        "should",
        "that",
        "the",
        "their",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
    ]
)
_NUMBERS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}
_SPELLINGS = (
    ("tumour", "tumor"),
    ("haem", "hem"),
    ("anaesth", "anesth"),
    ("isation", "ization"),
    ("ischaem", "ischem"),
    ("paed", "ped"),
    ("gment", "gement"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One claim found, with what a reader must know before trusting it."""

    claim_id: str
    article_id: str
    score: float
    kind: str
    assertion: str
    polarity: str | None
    strength: str | None
    display: str
    focus: str | None
    citation: str
    year: int | None
    digest: bool
    retracted: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The claims found for a query, best first, and a hint where the query was changed."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    hint: str | None = None


def _variants(word: str) -> set[str]:
    found = {word}
    for one, other in _SPELLINGS:
        found |= {each.replace(one, other) for each in found if one in each}
        found |= {each.replace(other, one) for each in found if other in each and one not in each}
    if word in _NUMBERS:
        found.add(_NUMBERS[word])
    found |= {each for each, digit in _NUMBERS.items() if digit == word}
    return found


@lru_cache(maxsize=8)
def _synonyms(rows: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    table: dict[str, set[str]] = {}
    for label, raw in rows:
        names = [label, *json.loads(raw)]
        for name in names:
            table.setdefault(name.lower(), set()).update(
                other for other in names if other.lower() != name.lower()
            )
    return {key: tuple(sorted(value)) for key, value in table.items()}


def _quoted(words: str) -> str:
    return '"' + words.replace('"', " ").replace("\0", " ").strip() + '"'


def fts_query(connection: sqlite3.Connection, text: str) -> str | None:
    """Return an FTS5 query of the words: ranked OR with spelling variants and synonyms.

    Quoted text stays a phrase. Return None where nothing is left to search for.
    """
    rows = tuple(
        connection.execute(
            "select label, synonyms from concepts where facet <> 'levels'"
        ).fetchall()
    )
    synonyms = _synonyms(tuple((row[0], row[1]) for row in rows))
    low = text.lower().replace("\0", " ")
    terms: list[str] = []
    for token in _WORD.findall(low):
        if token.startswith('"'):
            terms.append(_quoted(token))
            continue
        if token in _STOP:
            continue
        prefix = token.endswith("*")
        for each in sorted(_variants(token.rstrip("*"))):
            terms.append(_quoted(each) + ("*" if prefix else ""))
        terms += [_quoted(other) for other in synonyms.get(token, ())[:12]]
    words = [token for token in _WORD.findall(low) if not token.startswith('"')]
    for size in (4, 3, 2):
        for at in range(len(words) - size + 1):
            phrase = " ".join(words[at : at + size])
            if phrase in synonyms:
                terms += [_quoted(phrase), *[_quoted(other) for other in synonyms[phrase][:12]]]
    # Neighbouring words that stand together count once more: "type 7", "T saw".
    terms += [
        _quoted(f"{a} {b}")
        for a, b in itertools.pairwise(words)
        if a not in _STOP and b not in _STOP
    ]
    return " OR ".join(dict.fromkeys(terms)) or None


_SQL = """
select claims.claim_id, claims.article_id, bm25(claims_fts, 1.0, 1.2) as score, claims.kind, claims.assertion, claims.polarity, claims.strength,
  claims.display, claims.focus, articles.citation, articles.year, articles.digest, articles.retracted
from claims_fts join claims on claims.rowid = claims_fts.rowid join articles using (article_id)
where claims_fts match :query {filters}
order by articles.retracted, score, claims.claim_id limit :limit
"""


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    kind: str | None = None,
    article: str | None = None,
    procedure: str | None = None,
    limit: int = 20,
) -> SearchResult:
    """Return the claims that answer a query best; any text may be typed, none is an error."""
    match = fts_query(connection, query)
    if match is None:
        return SearchResult(query, (), 0, "type a word to search for")
    values = {
        "query": match,
        "limit": limit,
        "kind": kind,
        "article": article,
        "procedure": procedure,
    }
    filters = "".join(
        clause
        for given, clause in (
            (kind, " and claims.kind = :kind"),
            (article, " and claims.article_id = :article"),
            (
                procedure,
                " and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)",
            ),
        )
        if given
    )
    rows = connection.execute(_SQL.format(filters=filters), values).fetchall()
    (total,) = connection.execute(
        f"select count(*) from claims_fts join claims on claims.rowid = claims_fts.rowid where claims_fts match :query {filters}",
        values,
    ).fetchone()
    hits = tuple(
        Hit(
            row[0],
            row[1],
            -row[2],
            row[3],
            row[4],
            row[5],
            row[6],
            row[7],
            row[8],
            row[9],
            row[10],
            bool(row[11]),
            bool(row[12]),
        )
        for row in rows
    )
    return SearchResult(
        query,
        hits,
        total,
        None if hits else "no claim has these words; fewer or other words may help",
    )
