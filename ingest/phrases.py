"""Find many strings in a text in one pass: the home of ahocorasick_rs.

An automaton costs the same for ten strings and for ten thousand, and remembers nothing between
texts (Aho and Corasick 1975, doi:10.1145/360825.360855).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation

# A table of every state is twice as fast, but one of the whole vocabulary takes too much memory.
_SMALL = 20_000
# Up to so many strings are looked for one by one; an automaton costs more than a few of them.
_FEW = 8


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


class Marks:
    """Several owners' strings, of which a text must hold one for the owner to be looked at."""

    __slots__ = ("_always", "_few", "_none", "_owners", "_phrases")

    def __init__(self, strings: Sequence[Sequence[str]]) -> None:
        """Take the strings of each owner; one without any is always looked at."""
        held = [(string, place) for place, each in enumerate(strings) for string in each]
        self._always = frozenset(place for place, each in enumerate(strings) if not each)
        self._none = sorted(self._always)
        self._owners = [place for _, place in held]
        self._few = held if len(held) <= _FEW else []
        self._phrases = None if self._few else Phrases([string for string, _ in held])

    def owners(self, text: str) -> list[int]:
        """Return the places, in order, of the owners of which a string stands in the text."""
        if self._phrases is None:
            here = {place for string, place in self._few if string in text}
        else:
            here = {self._owners[at] for at in self._phrases.present(text)}
        return sorted(here | self._always) if here else self._none
