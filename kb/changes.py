"""Compare two knowledge bases: articles, claims and the evidence of rules, what came, went and changed.

A claim's id follows its source's bytes, so a source that is sent again may give every claim a new
id: what says the same at a new id has moved, and is neither new nor vanished.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.content import (
    ARTICLE_FIELDS,
    CLAIM_FIELDS,
    RULE_FIELDS,
    Content,
    Row,
    unlike_contents,
)

# Share of common words from which two quotes of one article and kind are one claim, reworded.
ALIKE = 0.6
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's words before and after; ``None`` where nothing was stated."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article that is new, vanished, changed, retracted, or reinstated after a retraction."""

    change: str
    article_id: str
    words: str
    previous_id: str | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim that is new, vanished or changed, or has moved: the same at a new id."""

    change: str
    claim_id: str
    article_id: str
    words: str
    previous_id: str | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """A claim that a rule gained or lost, or that stands otherwise: on another side, or not counted."""

    change: str
    claim_id: str
    stance: str
    counted: bool
    words: str
    previous_stance: str | None = None
    previously_counted: bool | None = None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is new, vanished or changed, in its own words or in its evidence."""

    change: str
    rule_id: str
    words: str
    fields: tuple[FieldChange, ...] = ()
    evidence: tuple[EvidenceChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What one database has become in another.

    ``same_pipeline`` is false where another version of the program read the articles, so that
    claims may have changed though no article did.
    """

    old_generation: str
    new_generation: str
    old_built_at: str
    new_built_at: str
    same_pipeline: bool
    articles: tuple[ArticleChange, ...]
    claims: tuple[ClaimChange, ...]
    rules: tuple[RuleChange, ...]

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.articles or self.claims or self.rules)


def compare(old: sqlite3.Connection, new: sqlite3.Connection) -> Changes:
    """Return what has changed from one database to another; raise ``ContentError``."""
    before, after = unlike_contents(old, new)
    article_ids = _matched_articles(before.articles, after.articles)
    claim_ids = _matched_claims(before.claims, after.claims, article_ids)
    return Changes(
        before.meta["generation"],
        after.meta["generation"],
        before.meta["built_at"],
        after.meta["built_at"],
        before.meta.get("pipeline") == after.meta.get("pipeline"),
        tuple(_articles(before.articles, after.articles, article_ids)),
        tuple(_claims(_sorted(before.claims), _sorted(after.claims), claim_ids)),
        tuple(_rules(before, after, claim_ids)),
    )


Key = Callable[[Row], Hashable]


def _pair(
    pairs: dict[str, str], old: Mapping[str, Row], new: Mapping[str, Row], before: Key, after: Key
) -> None:
    """Add to the pairs what is left over on both sides and has the same key, in order."""
    open_: dict[Hashable, list[str]] = defaultdict(list)
    taken = set(pairs.values())
    for name, row in new.items():
        if name not in taken and (key := after(row)) is not None:
            open_[key].append(name)
    for name, row in old.items():
        if name not in pairs and (found := open_.get(before(row))):
            pairs[name] = found.pop(0)


def _matched_articles(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, str]:
    """Return new ids by old ids: an article's id changes when a surer identifier becomes known."""
    pairs = {name: name for name in old if name in new}
    for field in ("pmid", "pmcid", "doi", "sha256"):

        def key(row: Row, field: str = field) -> str | None:
            return _said(row[field])

        _pair(pairs, old, new, key, key)
    return pairs


def _matched_claims(
    old: Mapping[str, Row], new: Mapping[str, Row], articles: Mapping[str, str]
) -> dict[str, str]:
    """Return new ids by old ids: equal ids first, then the same words, then words much alike."""
    pairs = {name: name for name in old if name in new}
    for fields in (
        ("kind", "subkind", "quote", "focus"),
        ("quote", "focus"),
        ("kind", "quote"),
    ):

        def after(row: Row, fields: tuple[str, ...] = fields) -> Hashable:
            return (row["article_id"], *(row[each] for each in fields))

        def before(row: Row, fields: tuple[str, ...] = fields) -> Hashable:
            return (
                articles.get(row["article_id"], row["article_id"]),
                *(row[each] for each in fields),
            )

        _pair(pairs, old, new, before, after)
    _pair_alike(pairs, old, new, articles)
    return pairs


def _pair_alike(
    pairs: dict[str, str],
    old: Mapping[str, Row],
    new: Mapping[str, Row],
    articles: Mapping[str, str],
) -> None:
    taken = set(pairs.values())
    open_: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for name, row in new.items():
        if name not in taken:
            open_[row["article_id"], row["kind"]].append((name, _words(row)))
    for name, row in old.items():
        if name in pairs:
            continue
        article = articles.get(row["article_id"], row["article_id"])
        near = open_.get((article, row["kind"]), [])
        words = _words(row)
        likeness = {each: _likeness(words, each[1]) for each in near}
        best = max(likeness, key=lambda each: likeness[each], default=None)
        if best is not None and likeness[best] >= ALIKE:
            near.remove(best)
            pairs[name] = best[0]


def _words(row: Row) -> frozenset[str]:
    return frozenset(_WORD.findall((row["focus"] or row["quote"]).casefold()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of common words of two sets (Jaccard's index)."""
    return len(one & other) / len(one | other) if one or other else 0.0


def _said(value: Any) -> str | None:
    return None if value is None else str(value)


def _fields(old: Row, new: Row, names: Sequence[str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(each, _said(old[each]), _said(new[each]))
        for each in names
        if old[each] != new[each]
    )


def _articles(
    old: Mapping[str, Row], new: Mapping[str, Row], pairs: Mapping[str, str]
) -> Iterable[ArticleChange]:
    backward = {after: before for before, after in pairs.items()}
    for name, row in new.items():
        before = backward.get(name)
        if before is None:
            yield ArticleChange("new", name, row["citation"])
            continue
        fields = _fields(old[before], row, ARTICLE_FIELDS)
        if not fields and before == name:
            continue
        turned = row["retracted"] - old[before]["retracted"]
        change = {1: "retracted", -1: "reinstated"}.get(turned, "changed")
        fields = tuple(each for each in fields if each.field != "retracted")
        previous = before if before != name else None
        yield ArticleChange(change, name, row["citation"], previous, fields)
    for name, row in old.items():
        if name not in pairs:
            yield ArticleChange("vanished", name, row["citation"])


def _sorted(claims: Mapping[str, Row]) -> dict[str, Row]:
    """Return claims in the order of their articles and places."""
    order = sorted(
        claims.values(), key=lambda row: (row["article_id"], row["start"], row["claim_id"])
    )
    return {row["claim_id"]: row for row in order}


def _claims(
    old: Mapping[str, Row], new: Mapping[str, Row], pairs: Mapping[str, str]
) -> Iterable[ClaimChange]:
    backward = {after: before for before, after in pairs.items()}
    for name, row in new.items():
        before = backward.get(name)
        if before is None:
            yield ClaimChange("new", name, row["article_id"], row["display"])
            continue
        fields = _fields(old[before], row, CLAIM_FIELDS)
        if fields or before != name:
            change = "changed" if fields else "moved"
            previous = before if before != name else None
            yield ClaimChange(change, name, row["article_id"], row["display"], previous, fields)
    for name, row in old.items():
        if name not in pairs:
            yield ClaimChange("vanished", name, row["article_id"], row["display"])


def _rules(old: Content, new: Content, claims: Mapping[str, str]) -> Iterable[RuleChange]:
    for name, row in new.rules.items():
        if name not in old.rules:
            yield RuleChange("new", name, row["title"])
            continue
        fields = _fields(old.rules[name], row, RULE_FIELDS)
        evidence = tuple(_evidence(name, old, new, claims))
        if fields or evidence:
            yield RuleChange("changed", name, row["title"], fields, evidence)
    for name, row in old.rules.items():
        if name not in new.rules:
            yield RuleChange("vanished", name, row["title"])


def _evidence(
    rule: str, old: Content, new: Content, claims: Mapping[str, str]
) -> Iterable[EvidenceChange]:
    held = old.evidence.get(rule, {})
    before = {claims.get(name, name): row for name, row in held.items()}
    after = new.evidence.get(rule, {})
    for name, row in after.items():
        words, stance, counted = row["display"], row["stance"], bool(row["counted"])
        if name not in before:
            yield EvidenceChange("gained", name, stance, counted, words)
            continue
        was, did = before[name]["stance"], bool(before[name]["counted"])
        if (was, did) != (stance, counted):
            yield EvidenceChange("moved", name, stance, counted, words, was, did)
    for name, row in held.items():
        if claims.get(name, name) not in after:
            yield EvidenceChange("lost", name, row["stance"], bool(row["counted"]), row["display"])
