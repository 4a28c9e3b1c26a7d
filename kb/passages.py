"""Rank passages from the postings of their articles: one index serves both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kb.postings import Numbers
from kb.ranking import STRETCH, Collection

_B = 0.75


class Passages(Collection):
    """The sentences of the articles: each place of a word in a text belongs to one of them."""

    def __init__(self, articles: Collection) -> None:
        """Cut the articles' texts where their passages begin."""
        pairs = [np.frombuffer(each, np.uint32).reshape(-1, 2) for each in articles.numbers()]
        counts = np.array([len(each) for each in pairs], np.int64)
        self._articles = articles
        self._whole = np.repeat(np.arange(len(pairs)), counts)
        both = np.concatenate(pairs) if pairs else np.zeros((0, 2), np.uint32)
        self._begins = (self._whole << STRETCH) + both[:, 0]
        self._starts = both[:, 1]
        self.count = len(self._whole)
        self.fields = {"body": (1.0, _B)}
        self.forms, self.alive = articles.forms, articles.alive[self._whole]
        lengths = np.diff(self._begins, append=np.int64(0)).astype(np.float64)
        # The last passage of a text ends where the text does, which is not kept: an average one.
        last = np.append(self._whole[1:] != self._whole[:-1], True)[: self.count]
        inner = lengths[~last]
        lengths[last] = inner.mean() if len(inner) else 1.0
        average = float(lengths.mean()) if self.count else 1.0
        self._norms = {"body": (1 - _B + _B * lengths / average).astype(np.float32)}
        self._lock, self._cache, self._sorted = articles._lock, {}, []

    def name(self, at: int) -> str:
        """Return the passage's id: its article's and where it begins in the stored text."""
        return f"{self._articles.name(int(self._whole[at]))}:{self._starts[at]}"

    def mask(self, names: Iterable[str]) -> Numbers:
        """Return which passages are of one of the articles."""
        return self._articles.mask(names)[self._whole]

    def _places_of(self, field: str, words: Iterable[str]) -> Numbers:
        return self._articles._places_of(field, words)

    def _counted(self, field: str, words: Sequence[str]) -> Iterable[tuple[Numbers, Numbers]]:
        return (self._held_by(self._places_of(field, words)),)

    def _held_by(self, at: Numbers) -> tuple[Numbers, Numbers]:
        if not len(at):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        found = np.searchsorted(self._begins, at, "right") - 1
        first = np.flatnonzero(np.append(True, found[1:] != found[:-1]))
        counts = np.diff(np.append(first, len(found)))
        return found[first], counts.astype(np.float32)
