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


_Owner = tuple[int, tuple[int, ...]]
"""A member of a pool and the places of its owners of one string."""


class Pool:
    """The strings of all who ask for the same texts: one pass through a text serves every one."""

    __slots__ = ("_built", "_owners", "_prepared", "members")

    def __init__(self, prepared: Callable[[str], str]) -> None:
        """Begin with no strings, for texts as ``prepared``; whoever asks later adds its own."""
        self._prepared = prepared
        self.members = 0
        self._owners: dict[str, dict[int, tuple[int, ...]]] = {}
        self._built: tuple[int, list[tuple[_Owner, ...]], AhoCorasick] | None = None

    def join(self, strings: Sequence[Sequence[str]]) -> int:
        """Take in the strings of the owners of one member, and return its number in the pool."""
        member = self.members
        self.members += 1
        for place, each in enumerate(strings):
            for string in dict.fromkeys(each):
                owners = self._owners.setdefault(string, {})
                owners[member] = (*owners.get(member, ()), place)
        return member

    def search(self, text: str) -> dict[int, tuple[int, ...]]:
        """Return, by member, the places of its owners in a text, once for each of their strings."""
        built = self._built
        # None ever leaves: their number tells whether some came in since.
        if built is None or built[0] != self.members:
            held = AhoCorasick(list(self._owners), implementation=Implementation.DFA)
            listed = [tuple(each.items()) for each in self._owners.values()]
            built = self._built = self.members, listed, held
        _, owners, automaton = built
        matches = automaton.find_matches_as_indexes(self._prepared(text), overlapping=True)
        found: dict[int, tuple[int, ...]] = {}
        for index in {match[0] for match in matches}:
            for member, places in owners[index]:
                found[member] = found[member] + places if member in found else places
        return found


@cache
def shared_pool() -> Pool:
    """Return the pool of all wordings, which are asked for the same sentences one after another."""
    return Pool(blanked)


@lru_cache(maxsize=256)
def _owners(pool: Pool, members: int, text: str) -> dict[int, tuple[int, ...]]:
    """Return a pool's owners in a text, remembered while the pool has so many ``members``."""
    return pool.search(text)


class Marks:
    """Several owners' strings, of which a text must hold one for the owner to be looked at."""

    __slots__ = ("_always", "_member", "_pool")

    def __init__(self, strings: Sequence[Sequence[str]], pool: Pool) -> None:
        """Take the strings of each owner into a pool; one without any is always looked at."""
        self._always = tuple(place for place, each in enumerate(strings) if not each)
        self._member = pool.join(strings)
        self._pool = pool

    def owners(self, text: str) -> Sequence[int]:
        """Return the places, in order, of the owners of which a string stands in the text."""
        found = _owners(self._pool, self._pool.members, text).get(self._member)
        if found is None:
            return self._always
        if len(found) == 1 and not self._always:
            return found
        return sorted({*found, *self._always})
