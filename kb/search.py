"""Search articles, passages and claims: one question, by the index, or by FTS5 meanwhile."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kb.connection import generation_seen
from kb.embedding import SemanticError
from kb.fulltext import rank_by_fts
from kb.highlighting import topical
from kb.hits import DEEPEST, SORTS, UNITS, Hit, SearchResult, hits_of
from kb.index import Index, open_index, rebuild
from kb.querying import parse, table_of
from kb.questions import Concept, Exact, Question, Restriction, Synonyms
from kb.restricting import keys_of
from kb.spelling import suggest
from kb.vectors import NEAREST, fuse, nearest
from kb.words import key, words

FILTERS = (
    "kind",
    "procedure",
    "tumour",
    "level",
    "measure",
    "design",
    "year",
    "assertion",
    "article",
)
# Sorts by date or evidence take the best so many.
_SORTED, _MOST_RETRACTED = 200, 200
# A word this much rarer than its neighbour is probably a slip; in a question of more words than
# a few, one that no text has is left out rather than replaced: the others tell what is meant. So is
# a short one, or one with capitals inside: it is as often a gene or a code that is right.
_RARER, _FEW, _SHORT = 50, 5, 5
_MOST_ALIKE = 14


@lru_cache(maxsize=8)
def _table(rows: tuple[tuple[str, str], ...]) -> Synonyms:
    return table_of([[label, *json.loads(raw)] for label, raw in rows])


def synonyms(connection: sqlite3.Connection) -> Synonyms:
    """Return the vocabulary's synonyms; levels have none that are words."""
    rows = connection.execute("select label, synonyms from concepts where facet <> 'levels'")
    return _table(tuple((row[0], row[1]) for row in rows))


def _restrictions(filters: Mapping[str, str | None]) -> tuple[Restriction, ...]:
    unknown = sorted(set(filters) - set(FILTERS))
    if unknown:
        raise ValueError(f"filters: no {unknown[0]!r}; some of {', '.join(FILTERS)} were expected")
    clean = {
        name: (value or "").encode(errors="replace").decode() for name, value in filters.items()
    }
    return tuple(Restriction(name, value, value) for name, value in clean.items() if value)


def _opened_to(connection: sqlite3.Connection) -> tuple[Path | None, str | None]:
    """Return the file that a connection is to, if any, and the generation it sees of it."""
    path = next(
        (row[2] for row in connection.execute("pragma database_list") if row[1] == "main"), ""
    )
    return (Path(path) if path else None), generation_seen(connection)


def index_of(connection: sqlite3.Connection) -> Index | None:
    """Return the index of the database that a connection is to; None where FTS5 must answer."""
    # A connection may outlive its file: it is answered by the index of what it is open to.
    path, generation = _opened_to(connection)
    if path is None:
        return None
    made = open_index(path, generation)
    if made is None:
        rebuild(path)
    return made


def ask(
    connection: sqlite3.Connection,
    query: str,
    unit: str = "claims",
    filters: Mapping[str, str | None] | None = None,
    depth: int = DEEPEST,
    semantic: bool = False,
) -> tuple[Question, list[tuple[str, float]], int, SearchResult]:
    """Return a question with its ranked ids and scores, how many matched, and what to tell of it.

    ``semantic`` fuses the ranking by words with that by meaning, where there are vectors.
    """
    # Half of a surrogate pair comes from a shell that reads no UTF-8; nothing could print it again.
    query = query.encode(errors="replace").decode()
    index = index_of(connection)
    question = parse(query, synonyms(connection), unit)
    told = SearchResult(query, (), 0, engine="whoosh" if index else "fts5")
    if index is not None:
        question, told = _corrected(connection, index, question, unit, told)
    limits = _restrictions(filters or {})
    question = replace(question, needed=(*question.needed, *limits))
    if question.is_empty or (question.typed.strip() == "" and not limits):
        return question, [], 0, replace(told, hint="type a word to search for")
    ranked, total = _ranked(
        connection, index, question, unit, max(depth, NEAREST if semantic else 0)
    )
    if semantic and question.wanted:
        ranked, told = _fused(connection, index, question, unit, ranked, told)
        ranked, total = ranked[:depth], max(total, len(ranked))
    hints = list(question.hints)
    if told.hint:
        hints.append(told.hint)
    if not ranked:
        quotes = '"' in query and any(isinstance(each, Exact) for each in question.needed)
        others = "fewer or other words may help"
        said = "the quoted words as they stand" if quotes else f"these words; {others}"
        hints.append(f"no {unit.rstrip('s')} has {said}")
        if quotes:
            told = replace(told, did_you_mean=" ".join(query.replace('"', " ").split()))
    return question, ranked, total, replace(told, hint="; ".join(hints) or None)


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    unit: str = "claims",
    kind: str | None = None,
    article: str | None = None,
    procedure: str | None = None,
    filters: Mapping[str, str | None] | None = None,
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
    semantic: bool = False,
) -> SearchResult:
    """Return what answers a query best; any text may be typed, none is an error.

    ``unit`` is one of ``UNITS``, ``sort`` one of ``SORTS``; ``filters`` names values of ``FILTERS``.
    ``semantic`` finds by meaning besides, with vectors that ``kb embed`` made; a hint tells if it cannot.
    """
    if unit not in UNITS or sort not in SORTS:
        raise ValueError(f"{unit}, {sort}: one of {UNITS} and one of {SORTS} were expected")
    chosen = {**(filters or {}), "kind": kind, "article": article, "procedure": procedure}
    for name, value in (filters or {}).items():
        chosen[name] = value or chosen.get(name)
    depth = offset + limit if sort == "relevance" else _SORTED
    question, ranked, total, told = ask(connection, query, unit, chosen, depth, semantic)
    hits = hits_of(connection, question, ranked, unit, sort, limit, offset)
    return replace(told, hits=hits, total=total, hint=_warned(told.hint, hits, query))


def _warned(hint: str | None, hits: Sequence[Hit], query: str) -> str | None:
    """Add to the hint that the first answer speaks against what was asked."""
    if (
        not hits
        or hits[0].polarity != "against"
        or re.search(r"\b(not|against|contraind)", query.lower())
    ):
        return hint
    return "; ".join([*([hint] if hint else []), "the first answer speaks against it"])


def _ranked(
    connection: sqlite3.Connection,
    index: Index | None,
    question: Question,
    unit: str,
    depth: int = DEEPEST,
) -> tuple[list[tuple[str, float]], int]:
    def by_fts() -> tuple[list[tuple[str, float]], int]:
        def other(name: str, part: Question) -> list[str]:
            return [each for each, _ in rank_by_fts(connection, part, name, lambda _: [])]

        found = rank_by_fts(
            connection, question, unit, lambda each: keys_of(connection, each, unit, other)
        )
        return _retracted_last(connection, index, found, depth), len(found)

    if index is None:
        return by_fts()

    def within(name: str, part: Question) -> list[str]:
        collection = index.unit(name)
        scores = collection.weigh(part, lambda _: [])
        return [each for each, _ in collection.best(scores, collection.count)]

    try:
        collection = index.unit(unit)
        scores = collection.weigh(question, lambda each: keys_of(connection, each, unit, within))
        best = collection.best(scores, depth + _MOST_RETRACTED)
        return _retracted_last(connection, index, best, depth), int((scores >= 0).sum())
    except OSError:
        # The cache went away while it was read: the answer must not.
        return by_fts()


def _fused(
    connection: sqlite3.Connection,
    index: Index | None,
    question: Question,
    unit: str,
    ranked: list[tuple[str, float]],
    told: SearchResult,
) -> tuple[list[tuple[str, float]], SearchResult]:
    """Return a ranking by words fused with that by meaning; what is needed binds both."""
    path, generation = _opened_to(connection)
    text = " ".join(question.terms) if question.needed else question.typed
    try:
        near = nearest(path, generation, unit, text) if path else []
    except SemanticError as error:
        said = "; ".join([*([told.hint] if told.hint else []), f"by words alone: {error}"])
        return ranked, replace(told, hint=said)
    if question.needed:
        bound = replace(question, wanted=(), pairs=())
        kept = {name for name, _ in _ranked(connection, index, bound, unit, sys.maxsize)[0]}
        near = [each for each in near if each in kept]
    found = _retracted_last(
        connection, index, fuse([[name for name, _ in ranked], near]), sys.maxsize
    )
    return found, replace(told, engine=f"{told.engine} and vectors")


def _retracted_last(
    connection: sqlite3.Connection,
    index: Index | None,
    ranked: list[tuple[str, float]],
    depth: int,
) -> list[tuple[str, float]]:
    """Return the best ``depth`` with what was retracted behind everything else."""
    last = index.kept.get("retracted") if index else None
    if last is None:
        rows = connection.execute("select article_id from articles where retracted = 1").fetchall()
        sql = "select claim_id from claims where article_id in (select value from json_each(?))"
        claims = connection.execute(sql, [json.dumps([row[0] for row in rows])])
        last = frozenset(row[0] for row in (*rows, *claims))
        if index:
            index.kept["retracted"] = last
    if last:
        ranked = sorted(ranked, key=lambda each: each[0].partition(":")[0] in last)
    return ranked[:depth]


def _corrected(
    connection: sqlite3.Connection, index: Index, question: Question, unit: str, told: SearchResult
) -> tuple[Question, SearchResult]:
    """Replace words that no text has by what was probably meant, and say so."""
    forms = index.unit(unit).forms
    known = {word for names in synonyms(connection) for word in names}
    codes = set() if question.typed.isupper() else _codes(question.typed)
    swapped, offered = {}, {}
    for word in question.terms:
        count = sum(each for _, each in forms.get(key(word), ()))
        if count > 2 or word.endswith("*") or word in codes or key(word) in known:
            continue
        other = suggest(word, forms)
        if other is None:
            continue
        if not count and len(word) >= _SHORT and len(question.terms) <= _FEW:
            swapped[word] = other
        elif not count or sum(each for _, each in forms[key(other)]) > _RARER * count:
            offered[word] = other
    if not swapped and not offered:
        return question, told
    meant = _replaced(question.typed, {**offered, **swapped})
    if not swapped or '"' in question.typed:
        return question, replace(told, did_you_mean=meant)
    text = _replaced(question.typed, swapped)
    corrected = parse(text, synonyms(connection), unit)
    said = ", ".join(f"“{other}” instead of “{word}”" for word, other in swapped.items())
    return replace(corrected, typed=question.typed), replace(
        told, did_you_mean=meant, hint=f"searched for {said}, which no text has"
    )


def _codes(text: str) -> set[str]:
    """Return the words of a text that have capitals inside, in lower case: PTEN, mTOR."""
    return {each for raw in text.split() if raw[1:] != raw[1:].lower() for each in words(raw)}


def _replaced(text: str, others: Mapping[str, str]) -> str:
    for word, other in others.items():
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", other, text, flags=re.IGNORECASE)
    return text


def similar(
    connection: sqlite3.Connection, identifier: str, *, unit: str | None = None, limit: int = 10
) -> SearchResult:
    """Return what is most like a claim or an article: by its rarest words, as Lucene's MoreLikeThis does."""
    claim = connection.execute(
        "select display from claims where claim_id = ?", [identifier]
    ).fetchone()
    if claim:
        text, own = str(claim[0]), "claims"
    else:
        rows = connection.execute(
            "select coalesce(title, '') || ' ' || coalesce(text, '') from articles left join documents using (article_id) where article_id = ?",
            [identifier],
        ).fetchall()
        if not rows:
            return SearchResult(identifier, (), 0, f"{identifier}: no such claim or article")
        text, own = str(rows[0][0]), "articles"
    unit = unit or own
    index = index_of(connection)
    counted = Counter(key(word) for word in topical(text))
    word_of = {key(word): word for word in topical(text)}
    rarity: dict[str, float] = dict(counted)
    if index is not None:
        forms, count = index.unit(unit).forms, max(index.unit(unit).count, 1)
        held = {each: sum(n for _, n in forms.get(each, ())) for each in counted}
        # A word that only the given text has leads nowhere.
        rarity = {
            each: counted[each] * math.log(1 + count / held[each])
            for each in counted
            if held[each] > (own == unit)
        }
    best = sorted(rarity, key=lambda each: (-rarity[each], each))[:_MOST_ALIKE]
    if not best:
        return SearchResult(identifier, (), 0, "nothing else has these words")
    question = Question(
        identifier, tuple(Concept(((word_of[each],),)) for each in best), (), (), ()
    )
    ranked, total = _ranked(connection, index, question, unit)
    ranked = [each for each in ranked if each[0] != identifier][: limit + 5]
    hits = hits_of(connection, question, ranked, unit, "relevance", limit, 0)
    return SearchResult(identifier, hits, total - 1, None, None, "whoosh" if index else "fts5")
