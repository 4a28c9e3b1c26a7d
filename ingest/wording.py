"""Compile the wordings of cues and patterns so that they match text in lower case quickly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ingest.literals import required_literals
from ingest.phrases import Phrases

_CAPITAL = re.compile(r"(?<!\\)[A-Z]")
_EDGE = r"\b"
_FAR = 1 << 60
# Up to so many strings are looked for one by one; an automaton costs more than a few of them.
_FEW = 8


Rule = tuple[tuple[str, ...], re.Pattern[str]]
"""A wording's pattern behind the plain strings of which a text must hold one; none: always tried."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """Alternative wordings of one idea, searched as one pattern in text in lower case."""

    rules: tuple[Rule, ...]
    joined: re.Pattern[str]
    literals: Phrases | None
    owners: tuple[int, ...]
    always: frozenset[int]

    def _fitting(self, text: str) -> list[tuple[int, re.Pattern[str]]]:
        """Return place and pattern of the rules that can match at all in a text in lower case."""
        if self.literals is not None:
            present = self.literals.present(text)
            if not present and not self.always:
                return []
            here = {self.owners[index] for index in present}
            return [(place, self.rules[place][1]) for place in sorted(here.union(self.always))]
        found = []
        for place, (literals, pattern) in enumerate(self.rules):
            for literal in literals:
                if literal in text:
                    break
            else:
                if literals:
                    continue
            found.append((place, pattern))
        return found

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """Return the place and match of the first rule in order that matches anywhere."""
        for place, pattern in self._fitting(text):
            match = pattern.search(text)
            if match:
                return place, match
        return None

    def places(self, text: str) -> set[int]:
        """Return the places of all rules that match a text in lower case."""
        return {place for place, pattern in self._fitting(text) if pattern.search(text)}

    def search(
        self, text: str, start: int = 0, end: int = _FAR, low: str | None = None
    ) -> re.Match[str] | None:
        """Return the first match in place, the earlier rule where two begin together.

        ``low`` is the text in lower case where the wordings are to be matched in their own case.
        """
        best: re.Match[str] | None = None
        for _, pattern in self._fitting(text if low is None else low):
            match = pattern.search(text, start, end)
            if match and (best is None or match.start() < best.start()):
                best = match
        return best

    def found(self, text: str) -> bool:
        """Tell whether any wording stands in the text."""
        return self.first(text) is not None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches of all wordings, none overlapping, as one pattern would."""
        fitting = self._fitting(text)
        if fitting:
            rule = fitting[0][1] if len(fitting) == 1 else self.joined
            yield from rule.finditer(text)

    def sub(self, new: Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with every match replaced."""
        fitting = self._fitting(text)
        if not fitting:
            return text
        return (fitting[0][1] if len(fitting) == 1 else self.joined).sub(new, text)


def compile_wordings(rules: Iterable[str], flags: int = 0, exact: bool = False) -> Wordings:
    """Return the wordings of all rules, to be matched against ``lowered`` text.

    Ignoring case makes Python's matcher several times slower: it is kept for rules that are
    written with capitals, unless those are ``exact``. A word edge that neighbouring alternatives
    share is asked for once.
    """
    listed = list(rules)

    def compiled(rule: str) -> re.Pattern[str]:
        ignoring = _CAPITAL.search(rule) and not exact
        return re.compile(factored(rule), flags | (re.IGNORECASE if ignoring else 0))

    each = tuple((required_literals(rule), compiled(rule)) for rule in listed)
    words = [(word, place) for place, (literals, _) in enumerate(each) for word in literals]
    return Wordings(
        each,
        compiled("|".join(listed)),
        Phrases([word for word, _ in words]) if len(words) > _FEW else None,
        tuple(place for _, place in words),
        frozenset(place for place, (literals, _) in enumerate(each) if not literals),
    )


def factored(rule: str) -> str:
    r"""Return the rule with ``\ba|\bb`` written as ``\b(?:a|b)``: the same matches in the same order.

    Python tries every alternative at every letter; with the edge in front it does so at words
    alone, which is several times faster for long rules.
    """
    written = []
    for edged, group in groupby(alternatives(rule), key=lambda each: each.startswith(_EDGE)):
        if edged:
            written.append(rf"\b(?:{'|'.join(each[len(_EDGE) :] for each in group)})")
        else:
            written += group
    return "|".join(written)


def alternatives(rule: str) -> list[str]:
    """Return the alternatives at the top of a rule, outside brackets and classes."""
    found, start, depth, classed = [], 0, 0, False
    for match in re.finditer(r"\\.|[|()\[\]]", rule, re.DOTALL):
        sign = match[0]
        if classed:
            classed = sign != "]"
        elif sign == "[":
            classed = True
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign == "|" and not depth:
            found.append(rule[start : match.start()])
            start = match.end()
    return [*found, rule[start:]]


def lowered(text: str) -> str:
    """Return text in lower case with every offset kept."""
    low = text.lower()
    # A few letters (İ) grow when lowered; offsets matter more than their case.
    return low if len(low) == len(text) else text
