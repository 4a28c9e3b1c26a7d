"""Find many strings in a text in one pass: the home of ahocorasick_rs.

An automaton costs the same for ten strings and for ten thousand, and remembers nothing between
texts (Aho and Corasick 1975, doi:10.1145/360825.360855).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from ingest.literals import blanked

# A table of every state is twice as fast, but one of the whole vocabulary takes too much memory.
_SMALL = 20_000


class Phrases:
    """A fixed sequence of strings, found in text by their place in the sequence."""

    __slots__ = ("_automaton",)

    def __init__(self, strings: Sequence[str]) -> None:
        """Build the automaton of the strings."""
        small = sum(map(len, strings)) <= _SMALL
        self._automaton = AhoCorasick(strings, implementation=Implementation.DFA if small else None)

    def present(self, text: str) -> set[int]:
        """Return the places in the sequence of the strings that stand anywhere in a text."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return {index for index, _, _ in found}

    def whole(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (place, start, end) of every string that stands in a text as whole words."""
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if (start and text[start - 1].isalnum()) or (end < size and text[end].isalnum()):
                continue
            yield index, start, end


class Pool:
    """The strings of all who ask for the same texts: one pass through a text serves every one."""

    __slots__ = ("_built", "_prepared", "strings")

    def __init__(self, prepared: Callable[[str], str]) -> None:
        """Begin with no strings, for texts as ``prepared``; whoever asks later adds its own."""
        self._prepared = prepared
        self.strings: set[str] = set()
        self._built: tuple[int, tuple[str, ...], AhoCorasick] | None = None

    def search(self, text: str) -> frozenset[str]:
        """Look through a text once for all strings."""
        built = self._built
        # None ever leaves: their number tells whether some came in since.
        if built is None or built[0] != len(self.strings):
            held = tuple(self.strings)
            built = len(held), held, AhoCorasick(held, implementation=Implementation.DFA)
            self._built = built
        _, strings, automaton = built
        found = automaton.find_matches_as_indexes(self._prepared(text), overlapping=True)
        return frozenset([strings[index] for index, _, _ in found])

    def present(self, text: str) -> frozenset[str]:
        """Return the strings that stand anywhere in a text."""
        return _present(self, len(self.strings), text)


@cache
def shared_pool() -> Pool:
    """Return the pool of all wordings, which are asked for the same sentences one after another."""
    return Pool(blanked)


@lru_cache(maxsize=256)
def _present(pool: Pool, size: int, text: str) -> frozenset[str]:
    """Return a pool's strings in a text, remembered while the pool has ``size`` strings."""
    return pool.search(text)


class Marks:
    """Several owners' strings, of which a text must hold one for the owner to be looked at."""

    __slots__ = ("_always", "_none", "_owners", "_pool", "_strings")

    def __init__(self, strings: Sequence[Sequence[str]], pool: Pool) -> None:
        """Take the strings of each owner into a pool; one without any is always looked at."""
        owners: dict[str, list[int]] = {}
        for place, each in enumerate(strings):
            for string in each:
                owners.setdefault(string, []).append(place)
        self._owners = owners
        self._strings = frozenset(owners)
        self._always = frozenset(place for place, each in enumerate(strings) if not each)
        self._none = sorted(self._always)
        self._pool = pool
        pool.strings |= self._strings

    def owners(self, text: str) -> list[int]:
        """Return the places, in order, of the owners of which a string stands in the text."""
        here = self._strings & self._pool.present(text)
        if not here:
            return self._none
        return sorted(self._always.union(*[self._owners[string] for string in here]))
