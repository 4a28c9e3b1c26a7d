"""Answer a question by SQLite's FTS5, where no index is at hand: plain, and always there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from kb.questions import Both, Concept, Either, Exact, Node, Not, Prefix, Question, Restriction

Resolve = Callable[[Restriction], list[str]]
Leaf = Concept | Exact | Prefix
Scores = dict[str, float]
_ARTICLE_COLUMNS = {
    "title": "title",
    "mesh": "{mesh keywords}",
    "authors": "citation",
    "journal": "citation",
}
# A title is short, so that its BM25 is high: a quarter of it is best (bench/search.py, the tuned halves).
_RANKED = {
    "claims": """select claims.claim_id, -bm25(claims_fts, 1.0, 1.2) as score
      from claims_fts join claims on claims.rowid = claims_fts.rowid where claims_fts match :match""",
    "passages": """select passages.passage_id, -bm25(passages_fts) as score
      from passages_fts join passages on passages.rowid = passages_fts.rowid where passages_fts match :match""",
    "titles": """select articles.article_id, -0.25 * bm25(articles_fts, 1.0, 0.5, 0.5, 0.5) as score
      from articles_fts join articles on articles.rowid = articles_fts.rowid where articles_fts match :match""",
    "texts": """select documents.article_id, -bm25(documents_fts) as score
      from documents_fts join documents on documents.rowid = documents_fts.rowid where documents_fts match :match""",
}
_EVERY = {
    "claims": "select claim_id, 0.0 from claims",
    "passages": "select passage_id, 0.0 from passages",
    "articles": "select article_id, 0.0 from articles",
}


def quoted(words: Sequence[str]) -> str:
    """Return words as one FTS5 phrase."""
    return '"' + " ".join(each.replace('"', " ") for each in words) + '"'


def expression(node: Leaf, table: str = "claims") -> str | None:
    """Return the FTS5 expression of a leaf; None where the table has no such field."""
    if isinstance(node, Concept):
        made = " OR ".join(quoted(way) for way in (*node.ways, *node.alike))
    elif isinstance(node, Exact):
        made = quoted(node.words)
        if node.slop:
            made = f"NEAR({' '.join(quoted((each,)) for each in node.words)}, {node.slop})"
    else:
        made = quoted((node.beginning,)) + "*"
    if table == "titles" and node.field:
        column = _ARTICLE_COLUMNS.get(node.field)
        return f"{column} : ({made})" if column else None
    return None if table == "texts" and node.field not in {None, "body"} else f"({made})"


class _Answer:
    """One question put to FTS5, part by part."""

    def __init__(self, connection: sqlite3.Connection, unit: str, resolve: Resolve) -> None:
        self.connection, self.unit, self.resolve = connection, unit, resolve

    def every(self) -> dict[str, float]:
        return {row[0]: 0.0 for row in self.connection.execute(_EVERY[self.unit])}

    def of_leaves(self, leaves: Sequence[Leaf], pairs: Sequence[Sequence[str]] = ()) -> Scores:
        """Return what has any of the leaves, ranked in one go; words in a row count once more."""
        found: Scores = {}
        for table in ("titles", "texts") if self.unit == "articles" else (self.unit,):
            said = [each for leaf in leaves if (each := expression(leaf, table))]
            if not said:
                continue
            match = " OR ".join(dict.fromkeys([*said, *(quoted(pair) for pair in pairs)]))
            for name, score in self.connection.execute(_RANKED[table], {"match": match}):
                found[name] = found.get(name, 0.0) + float(score)
        return found

    def of_parts(self, parts: Sequence[Node]) -> Scores:
        """Return what matches all parts; what refuses or restricts only takes away."""
        found: Scores | None = None
        for part in parts:
            if not isinstance(part, Not | Restriction):
                found = _both(found, self.of(part))
        found = self.every() if found is None else found
        for part in parts:
            if isinstance(part, Not | Restriction):
                inner, wanted = (part.part, False) if isinstance(part, Not) else (part, True)
                kept = (
                    set(self.resolve(inner))
                    if isinstance(inner, Restriction)
                    else set(self.of(inner))
                )
                found = {
                    name: score
                    for name, score in found.items()
                    if (_owner(name, self.unit, inner) in kept) == wanted
                }
        return found

    def of(self, node: Node) -> Scores:
        """Return what matches a node, with scores."""
        if isinstance(node, Both):
            return self.of_parts(node.parts)
        if isinstance(node, Either):
            found: Scores = {}
            for part in node.parts:
                for name, score in self.of(part).items():
                    found[name] = found.get(name, 0.0) + score
            return found
        if isinstance(node, Not | Restriction):
            return self.of_parts((node,))
        return self.of_leaves((node,))


def _both(one: Scores | None, other: Scores) -> Scores:
    if one is None:
        return other
    return {name: score + one[name] for name, score in other.items() if name in one}


def rank_by_fts(
    connection: sqlite3.Connection, question: Question, unit: str, resolve: Resolve
) -> list[tuple[str, float]]:
    """Return ids with their scores, best first."""
    answer = _Answer(connection, unit, resolve)
    leaves = [each for each in question.wanted if isinstance(each, Concept | Exact | Prefix)]
    groups = [each for each in question.wanted if not isinstance(each, Concept | Exact | Prefix)]
    # In a whole text a pair would count as much as a word: too much (bench/search.py).
    scores = answer.of_leaves(leaves, () if unit == "articles" else question.pairs)
    for node in groups:
        for name, score in answer.of(node).items():
            scores[name] = scores.get(name, 0.0) + score
    textual = any(not isinstance(each, Restriction | Not) for each in question.needed)
    needed: list[Node] = list(question.needed)
    if textual or not question.wanted:
        found = answer.of_parts(needed) if needed else {}
        found = {name: score + scores.get(name, 0.0) for name, score in found.items()}
    else:
        found = scores
        if needed:
            kept = answer.of_parts(needed)
            found = {name: score for name, score in scores.items() if name in kept}
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def _owner(name: str, unit: str, part: Node) -> str:
    """Return what a restriction knows an entry by: a passage by its article."""
    if unit == "passages" and isinstance(part, Restriction):
        return name.rpartition(":")[0]
    return name
