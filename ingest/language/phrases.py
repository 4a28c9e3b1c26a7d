"""Find many strings in a text in one pass: the home of ahocorasick_rs.

An automaton costs the same for ten strings and for ten thousand, and remembers nothing between
texts (Aho and Corasick 1975, doi:10.1145/360825.360855).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

from ahocorasick_rs import AhoCorasick, Implementation

from ingest.language.literals import blanked

# A table of every state is twice as fast, but one of the whole vocabulary takes too much memory.
_SMALL = 20_000
# The texts of one document, of which one reader asks after another.
_TEXTS = 256


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


class Pool(dict[str, set[str]]):
    """The strings of all who ask for the same texts: one pass through a text serves every one.

    It is the table of what stands in each text, worked out when first asked for; it begins anew
    before it grows large, and when it takes in more strings.
    """

    def __init__(self, prepared: Callable[[str], str]) -> None:
        """Begin with no strings, for texts as ``prepared``; whoever asks later adds its own."""
        super().__init__()
        self._prepared = prepared
        self._strings: dict[str, None] = {}
        self._automaton: AhoCorasick | None = None

    def join(self, strings: Iterable[str]) -> None:
        """Take in the strings of one member."""
        self._strings.update(dict.fromkeys(strings))
        self._automaton = None
        self.clear()

    def search(self, text: str) -> set[str]:
        """Return the strings that stand anywhere in a text."""
        if self._automaton is None:
            # Handing out the strings themselves is quicker than making numbers of their places. A
            # table of every state is too large for a processor's cache, which others need, too.
            self._automaton = AhoCorasick(
                list(self._strings),
                implementation=Implementation.ContiguousNFA,
                store_patterns=True,
            )
        return set(self._automaton.find_matches_as_strings(self._prepared(text), overlapping=True))

    def __missing__(self, text: str) -> set[str]:
        """Return what stands in a text that was not asked for lately, and keep it."""
        if len(self) >= _TEXTS:
            self.clear()
        return self.setdefault(text, self.search(text))


@cache
def shared_pool() -> Pool:
    """Return the pool of all wordings, which are asked for the same sentences one after another."""
    return Pool(blanked)


class Marks:
    """Several owners' strings, of which a text must hold one for the owner to be looked at."""

    __slots__ = ("_also", "_always", "_owners", "_pool", "_strings")

    def __init__(
        self, strings: Sequence[Sequence[str]], pool: Pool, also: Sequence[Sequence[str]] = ()
    ) -> None:
        """Take the strings of each owner into a pool; one without any is always looked at.

        Where an owner has other strings in ``also`` a text must hold one of those as well.
        """
        self._always = tuple(place for place, each in enumerate(strings) if not each)
        owners: dict[str, list[int]] = {}
        for place, each in enumerate(strings):
            for string in dict.fromkeys(each):
                owners.setdefault(string, []).append(place)
        self._owners = {string: tuple(places) for string, places in owners.items()}
        self._strings = set(owners)
        self._also = tuple(map(frozenset, also)) if any(also) else ()
        self._pool = pool
        pool.join({*owners, *chain.from_iterable(also)})

    def owners(self, text: str) -> Sequence[int]:
        """Return the places, in order, of the owners of which a string stands in the text."""
        present = self._pool[text]
        held = self._strings & present
        if not held:
            return self._always
        places: Sequence[int]
        if len(held) == 1 and not self._always:
            places = self._owners[held.pop()]
        else:
            found = chain.from_iterable(map(self._owners.__getitem__, held))
            places = sorted({*self._always, *found})
        also = self._also
        if not also:
            return places
        return [each for each in places if not also[each] or not also[each].isdisjoint(present)]
