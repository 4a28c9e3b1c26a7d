"""Rank what an index holds by BM25F over whole posting lists: the home of numpy.

Scores are those of canonical BM25F (Robertson, Zaragoza and Taylor 2004, doi:10.1145/1031171.1031181;
Robertson and Zaragoza 2009, doi:10.1561/1500000019): each field's frequency is divided by its own
length norm, weighed and summed before the one saturation. Words that stand together in the question
count once more where they stand together in the text (the ordered part of the sequential dependence
model, Metzler and Croft 2005, doi:10.1145/1076034.1076115). bench/search.py tells what each is worth.
"""

from __future__ import annotations

import json
import math
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

from kb.postings import Numbers, Shard
from kb.questions import Both, Concept, Either, Exact, Node, Not, Prefix, Question, Restriction
from kb.words import key

# Chosen among the usual values on the declared half of bench/search.py; see its `parts`.
K1 = 1.6
_PAIRS = 0.3
# What another name of a single word counts, where the word itself is known.
_ALIKE = 0.5
# A document is a stretch of so many places that no two touch.
STRETCH = 22
_MOST_FORMS, _MOST_BEGINNINGS, _CACHED, _CACHED_BYTES = 40, 400, 2048, 64_000_000
Resolve = Callable[[Restriction], Iterable[str]]


class Collection:
    """The entries of one unit (articles, claims), whatever number of shards they are in."""

    def __init__(
        self, folders: Sequence[Path], fields: Mapping[str, tuple[float, float]], dead: set[str]
    ) -> None:
        """Open the shards; ``fields`` gives each field's weight and length norm b."""
        self.fields = dict(fields)
        self._lock = threading.RLock()
        self._shards = [Shard(each) for each in folders]
        self._bases = [0]
        for shard in self._shards:
            self._bases.append(self._bases[-1] + shard.count)
        self.count = self._bases[-1]
        self.keys = [each for shard in self._shards for each in shard.names()]
        self.alive = np.ones(self.count, bool)
        # A key that was indexed again is dead in every shard but the newest that has it.
        newest = {name: at for at, name in enumerate(self.keys)}
        for at, name in enumerate(self.keys):
            if name in dead or newest[name] != at:
                self.alive[at] = False
        self._newest = newest
        self.forms: dict[str, list[tuple[str, int]]] = {}
        self._held_in: dict[str, int] = {}
        for folder in folders:
            for stem, found in json.loads((folder / "forms.json").read_text("utf-8")).items():
                self.forms.setdefault(stem, []).extend((word, count) for word, count, _ in found)
                for word, _, bits in found:
                    self._held_in[word] = self._held_in.get(word, 0) | bits
        self._bit = {field: 1 << at for at, field in enumerate(self.fields)}
        self._norms: dict[str, Numbers] = {}
        for field, (_, b) in self.fields.items():
            lengths = self._joined([shard.lengths(field) for shard in self._shards], np.float32)
            average = float(lengths[lengths > 0].mean()) if (lengths > 0).any() else 1.0
            self._norms[field] = (1 - b + b * lengths / average).astype(np.float32)
        self._cache: dict[Any, tuple[Numbers, Numbers]] = {}
        self._read: dict[tuple[str, str], tuple[Numbers, Numbers, Numbers]] = {}
        self._held_bytes = 0
        self._sorted: list[str] = []

    @staticmethod
    def _joined(parts: Sequence[Numbers], kind: Any) -> Numbers:
        return np.concatenate(parts) if parts else np.zeros(0, kind)

    def close(self) -> None:
        """Let go of the files."""
        for shard in self._shards:
            shard.close()

    def numbers(self) -> list[bytes]:
        """Return the numbers kept beside every entry."""
        with self._lock:
            return [each for shard in self._shards for each in shard.numbers()]

    def name(self, at: int) -> str:
        """Return the key of an entry."""
        return self.keys[at]

    def mask(self, names: Iterable[str]) -> Numbers:
        """Return which entries have one of the keys."""
        found = np.zeros(self.count, bool)
        at = [self._newest[name] for name in names if name in self._newest]
        found[at] = True
        return found

    def _postings(self, field: str, word: str) -> tuple[Numbers, Numbers, Numbers]:
        found = self._read.get((field, word))
        if found is None:
            found = self._fetched(field, word)
            if self._held_bytes > _CACHED_BYTES:
                self._read.clear()
                self._held_bytes = 0
            self._read[field, word] = found
            self._held_bytes += sum(each.nbytes for each in found) + 200
        return found

    def _in(self, field: str, words: Iterable[str]) -> list[str]:
        """Return those of some words that a field has at all."""
        bit = self._bit[field]
        return [word for word in words if self._held_in.get(word, 0) & bit]

    def _fetched(self, field: str, word: str) -> tuple[Numbers, Numbers, Numbers]:
        parts = []
        for base, shard in zip(self._bases, self._shards, strict=False):
            ids, counts, places = shard.postings(field, word)
            if len(ids):
                parts.append((ids + np.uint32(base), counts, places))
        if len(parts) == 1:
            return parts[0]
        return (
            self._joined([each[0] for each in parts], np.uint32),
            self._joined([each[1] for each in parts], np.float32),
            self._joined([each[2] for each in parts], np.uint32),
        )

    def spread(self, word: str) -> tuple[str, ...]:
        """Return the forms in which a word stands in the texts, commonest first."""
        best: dict[str, int] = {}
        for form, count in self.forms.get(key(word), ()):
            best[form] = best.get(form, 0) + count
        return tuple(sorted(best, key=lambda form: -best[form])[:_MOST_FORMS])

    def _begun(self, beginning: str) -> list[str]:
        """Return the words that begin so, in order."""
        if not self._sorted:
            self._sorted = sorted({form for forms in self.forms.values() for form, _ in forms})
        first = bisect_left(self._sorted, beginning)
        row = self._sorted[first : first + _MOST_BEGINNINGS]
        return [word for word in row if word.startswith(beginning)]

    def _places_of(self, field: str, words: Iterable[str]) -> Numbers:
        """Return where words stand in a field, all entries in one row of places, sorted."""
        found = []
        for word in self._in(field, words):
            ids, counts, places = self._postings(field, word)
            starts = np.repeat(ids.astype(np.int64) << STRETCH, counts.astype(np.int64))
            found.append(starts + places)
        if len(found) == 1:
            return found[0]
        return np.sort(self._joined(found, np.int64))

    def _sequence(self, field: str, words: Sequence[Sequence[str]], slop: int) -> Numbers:
        """Return where the words stand one after the other: the place of the last of them."""
        at = self._places_of(field, words[0])
        for each in words[1:]:
            if not len(at):
                break
            following = self._places_of(field, each)
            at = _near(at, following, slop) if slop else _held(at + 1, following)
        return at

    def _weighed(
        self, fields: Sequence[str], frequencies: Any, rarity: float | None = None
    ) -> tuple[Numbers, Numbers]:
        """Return entries and their BM25F scores, from each field's ids and frequencies.

        ``rarity`` is that of another word where this one stands for it.
        """
        total = np.zeros(self.count, np.float32)
        for field in fields:
            weight = np.float32(self.fields[field][0] or 1)
            norm = self._norms[field]
            for ids, counts in frequencies(field):
                total[ids] += weight * counts / norm[ids]
        ids = np.flatnonzero(total)
        frequency = total[ids]
        rarity = self._rarity(len(ids)) if rarity is None else rarity
        return ids, (rarity * (K1 + 1) * frequency / (frequency + K1)).astype(np.float32)

    def _rarity(self, many: int) -> float:
        """Return how much it tells that an entry has what so many entries have (Robertson's idf, never negative)."""
        return math.log(1 + (self.count - many + 0.5) / (many + 0.5))

    def _kept(self, name: Any, make: Callable[[], tuple[Numbers, Numbers]]) -> Any:
        with self._lock:
            found = self._cache.get(name)
            if found is None:
                if len(self._cache) >= _CACHED:
                    self._cache.clear()
                found = self._cache[name] = make()
            return found

    def _of_words(
        self, fields: Sequence[str], words: Sequence[str], rarity: float | None = None
    ) -> tuple[Numbers, Numbers]:
        """Score entries that have any of some words, told apart no further."""

        return self._kept(  # type: ignore[no-any-return]
            (tuple(fields), tuple(words), rarity),
            lambda: self._weighed(fields, lambda field: self._counted(field, words), rarity),
        )

    def _counted(self, field: str, words: Sequence[str]) -> Iterable[tuple[Numbers, Numbers]]:
        """Return the entries that hold each word, and how often."""
        return (self._postings(field, word)[:2] for word in self._in(field, words))

    def _held_by(self, at: Numbers) -> tuple[Numbers, Numbers]:
        """Return the entries that sorted places are in, and how many each has."""
        ids, counts = np.unique(at >> STRETCH, return_counts=True)
        return ids, counts.astype(np.float32)

    def _of_sequence(
        self,
        fields: Sequence[str],
        words: Sequence[Sequence[str]],
        slop: int = 0,
        rarity: float | None = None,
    ) -> tuple[Numbers, Numbers]:
        """Score entries in which words stand together, as if the sequence were one word."""

        name = (tuple(fields), tuple(tuple(each) for each in words), slop, rarity)
        return self._kept(  # type: ignore[no-any-return]
            name,
            lambda: self._weighed(
                fields, lambda field: (self._held_by(self._sequence(field, words, slop)),), rarity
            ),
        )

    def _way(
        self, fields: Sequence[str], way: Sequence[str], rarity: float | None = None
    ) -> tuple[Numbers, Numbers]:
        spread = [self.spread(word) for word in way]
        if not all(spread):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if len(spread) == 1:
            return self._of_words(fields, spread[0], rarity)
        return self._of_sequence(fields, spread, 0, rarity)

    def _leaf(self, node: Node, resolve: Resolve) -> tuple[Numbers, Numbers]:
        """Return the entries that match one leaf of a question, and their scores."""
        if isinstance(node, Restriction):
            ids = np.flatnonzero(self.mask(resolve(node)))
            return ids, np.zeros(len(ids), np.float32)
        fields = self._fields_of(node)
        if isinstance(node, Exact):
            if len(node.words) == 1:
                return self._of_words(fields, node.words)
            return self._of_sequence(fields, [(word,) for word in node.words], node.slop)
        if isinstance(node, Prefix):
            return self._of_words(fields, self._begun(node.beginning))
        assert isinstance(node, Concept)
        best = np.zeros(self.count, np.float32)
        for way in node.ways:
            ids, scores = self._way(fields, way)
            best[ids] = np.maximum(best[ids], scores)
        share = np.float32(_ALIKE if best.any() else 1)
        for way in node.alike:
            ids, scores = self._way(fields, way)
            best[ids] = np.maximum(best[ids], share * scores)
        rarity = self._rarity(int(np.count_nonzero(best))) if node.implied_by else None
        for way in node.implied_by:
            ids, scores = self._way(fields, way, rarity)
            best[ids] = np.maximum(best[ids], scores)
        ids = np.flatnonzero(best)
        return ids, best[ids] * np.float32(node.weight)

    def _fields_of(self, node: Any) -> tuple[str, ...]:
        named = getattr(node, "field", None)
        if named in self.fields:
            return (named,)
        return tuple(field for field, (weight, _) in self.fields.items() if weight)

    def evaluate(self, node: Node, resolve: Resolve) -> tuple[Numbers, Numbers]:
        """Return which entries match a node, and what each scores, as two full rows."""
        if isinstance(node, Not):
            matched, _ = self.evaluate(node.part, resolve)
            return ~matched, np.zeros(self.count, np.float32)
        if isinstance(node, Both | Either):
            parts = [self.evaluate(part, resolve) for part in node.parts]
            join = np.logical_and if isinstance(node, Both) else np.logical_or
            matched = reduce(join, (each[0] for each in parts))
            return matched, reduce(np.add, (each[1] for each in parts)) * matched
        ids, scores = self._leaf(node, resolve)
        matched, row = np.zeros(self.count, bool), np.zeros(self.count, np.float32)
        matched[ids], row[ids] = True, scores
        return matched, row

    def weigh(self, question: Question, resolve: Resolve) -> Numbers:
        """Return every entry's score for a question; what does not match scores minus one."""
        scores = np.zeros(self.count, np.float32)
        matched = np.zeros(self.count, bool)
        for node in question.wanted:
            found, row = self.evaluate(node, resolve)
            matched |= found
            scores += row
        # Where words are needed, or nothing is ranked, what is wanted only adds to the score.
        if not question.wanted or any(
            not isinstance(each, Restriction | Not) for each in question.needed
        ):
            matched[:] = True
        for node in question.needed:
            found, row = self.evaluate(node, resolve)
            matched &= found
            scores += row
        for pair in question.pairs:
            ids, row = self._way(self._fields_of(None), pair)
            scores[ids] += np.float32(_PAIRS) * row
        matched &= self.alive
        scores[~matched] = -1
        return scores

    def best(self, scores: Numbers, limit: int) -> list[tuple[str, float]]:
        """Return the keys of the best entries with their scores, best first; ties by key."""
        matching = int((scores >= 0).sum())
        if not matching or limit < 1:
            return []
        many = min(limit, matching)
        if many < len(scores):
            bound = np.partition(scores, len(scores) - many)[len(scores) - many]
            ids = np.flatnonzero(scores >= max(bound, np.float32(0)))
        else:
            ids = np.arange(len(scores))
        found = [(self.name(at), float(scores[at])) for at in ids.tolist() if scores[at] >= 0]
        found.sort(key=lambda each: (-each[1], each[0]))
        return found[:many]


def _held(at: Numbers, among: Numbers) -> Numbers:
    """Return the places of ``at`` that are among the sorted others."""
    if not len(among):
        return among
    if len(among) < len(at):
        at, among = among, at
    where = np.searchsorted(among, at)
    where[where == len(among)] = 0
    return at[among[where] == at]  # type: ignore[no-any-return]


def _near(at: Numbers, others: Numbers, slop: int) -> Numbers:
    """Return the places of ``others`` with a place of ``at`` no more than ``slop`` words away."""
    if not len(at) or not len(others):
        return others[:0]
    after = np.searchsorted(at, others)
    before = at[np.maximum(after - 1, 0)]
    behind = at[np.minimum(after, len(at) - 1)]
    return others[(np.abs(others - before) <= slop + 1) | (np.abs(behind - others) <= slop + 1)]  # type: ignore[no-any-return]
