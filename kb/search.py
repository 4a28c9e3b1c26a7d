"""Search the claims: ranked OR with the vocabulary's synonyms, by the index or by FTS5 meanwhile."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from kb.index import open_index, rank

_WORD = re.compile(r'"[^"]+"|[\w]+(?:[-\'][\w]+)*\*?', re.UNICODE)
_STOP_WORDS = (
    "a an and are as at be by can could did do does for from had has have how i if in is it its may might"
    " much not of on or shall should that the their there these they this to was we were what when where"
    " which who why will with would"
)
_STOP = frozenset(_STOP_WORDS.split())
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


def word_groups(connection: sqlite3.Connection, text: str) -> list[list[str]]:
    """Return for each word of a question the ways to write it: spellings, numbers, synonyms.

    Names of several words and quoted text are groups of their own; a word ending in ``*`` stands
    for all that begin with it.
    """
    rows = connection.execute(
        "select label, synonyms from concepts where facet <> 'levels'"
    ).fetchall()
    synonyms = _synonyms(tuple((row[0], row[1]) for row in rows))
    tokens = _WORD.findall(text.lower().replace("\0", " "))
    groups: list[list[str]] = []
    for token in tokens:
        if token.startswith('"'):
            groups.append([token.strip('"')])
        elif token not in _STOP:
            star = "*" if token.endswith("*") else ""
            ways = [
                each + star
                for each in sorted(_variants(token.rstrip("*")), key=lambda each: each != token)
            ]
            groups.append(list(dict.fromkeys([*ways, *synonyms.get(token, ())[:12]])))
    words = [token for token in tokens if not token.startswith('"')]
    for size in (4, 3, 2):
        for at in range(len(words) - size + 1):
            phrase = " ".join(words[at : at + size])
            if phrase in synonyms:
                groups.append([phrase, *synonyms[phrase][:12]])
    # Neighbouring words that stand together count once more: "type 7", "T saw".
    for one, other in pairwise(words):
        if one not in _STOP and other not in _STOP and "*" not in one + other:
            groups.append([f"{one} {other}"])
    return groups


def fts_query(groups: Sequence[Sequence[str]]) -> str | None:
    """Return an FTS5 query of the groups: ranked OR; None where nothing is left to search for."""
    terms = [
        _quoted(way.rstrip("*")) + ("*" if way.endswith("*") else "")
        for group in groups
        for way in group
    ]
    return " OR ".join(dict.fromkeys(terms)) or None


# How many claims the index ranks before filters choose among them.
_DEEPEST = 1000
_BY_FTS = """select claims.claim_id, -bm25(claims_fts, 1.0, 1.2) as score
from claims_fts join claims on claims.rowid = claims_fts.rowid where claims_fts match :query"""
_BY_INDEX = "select value ->> 0 as claim_id, value ->> 1 as score from json_each(:ranked)"
_HITS = """
select claims.claim_id, claims.article_id, found.score, claims.kind, claims.assertion, claims.polarity, claims.strength,
  claims.display, claims.focus, articles.citation, articles.year, articles.digest, articles.retracted
from ({source}) as found join claims using (claim_id) join articles using (article_id)
where true {filters}
order by articles.retracted, found.score desc, claims.claim_id limit :limit
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
    groups = word_groups(connection, query)
    match = fts_query(groups)
    if match is None:
        return SearchResult(query, (), 0, "type a word to search for")
    ranked = _ranked(connection, groups)
    values = {
        "query": match,
        "limit": limit,
        "kind": kind,
        "article": article,
        "procedure": procedure,
        "ranked": ranked,
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
    source = _BY_INDEX if ranked else _BY_FTS
    rows = connection.execute(_HITS.format(source=source, filters=filters), values).fetchall()
    (total,) = connection.execute(
        f"select count(*) from ({source}) as found join claims using (claim_id) where true {filters}",
        values,
    ).fetchone()
    hits = tuple(Hit(*[*row[:11], bool(row[11]), bool(row[12])]) for row in rows)
    return SearchResult(
        query,
        hits,
        total,
        None if hits else "no claim has these words; fewer or other words may help",
    )


def _ranked(connection: sqlite3.Connection, groups: Sequence[Sequence[str]]) -> str | None:
    """Return the index's ranking as JSON for SQL; None where no index answers: FTS5 then does."""
    path = next(
        (row[2] for row in connection.execute("pragma database_list") if row[1] == "main"), ""
    )
    made = open_index(Path(path)) if path else None
    return json.dumps(rank(made, groups, _DEEPEST)) if made is not None else None
