"""Compile the wordings of cues and patterns so that they match text in lower case quickly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from ingest.language.literals import required_literals, required_sets
from ingest.language.phrases import Marks, Pool, shared_pool
from ingest.language.starts import build_rule
from ingest.yamlfile import load_yaml

_CAPITAL = re.compile(r"(?<!\\)[A-Z]")
_EDGE = r"\b"
_DIGITS = "0123456789"
_FAR = 1 << 60
# The noun: whoever is "to follow up" patients needs no hyphen.
_FOLLOW_UP = re.compile(r"(?<!to )(?<!we )(?<!will )\bfollow up\b")
# Several words behind one edge, with nothing else: their alternatives stand alone as well.
_BRACKETED = re.compile(
    r"(?P<lead>(?:\\b)?)(?P<open>\(\?(?::|P<\w+>))(?P<inner>.*?)\)"
    r"(?P<tail>(?:\\b(?:\(\?![\w ]+\))?|\\w\*(?:\\b)?)?)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Alternative wordings of one idea, searched as one pattern in text in lower case.

    ``needed`` are the strings of each rule of which a text must hold one, ``parts`` the
    alternatives of all, ``rules`` the place of the rule that each is of, and ``marks`` their
    strings: an alternative is tried only where one of its strings stands.
    """

    needed: tuple[tuple[str, ...], ...]
    parts: tuple[re.Pattern[str], ...]
    rules: tuple[int, ...]
    marks: Marks

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """Return the place and first match of the first rule in order that matches anywhere."""
        found: tuple[int, re.Match[str]] | None = None
        for at in self.marks.owners(text):
            place = self.rules[at]
            if found and place > found[0]:
                break
            match = self.parts[at].search(text)
            if match and (found is None or match.start() < found[1].start()):
                found = place, match
        return found

    def places(self, text: str) -> set[int]:
        """Return the places of all rules that match a text in lower case."""
        return {self.rules[at] for at in self.marks.owners(text) if self.parts[at].search(text)}

    def search(
        self, text: str, start: int = 0, end: int = _FAR, low: str | None = None
    ) -> re.Match[str] | None:
        """Return the first match in place, the earlier wording where two begin together.

        ``low`` is the text in lower case where the wordings are to be matched in their own case.
        """
        best: re.Match[str] | None = None
        for at in self.marks.owners(text if low is None else low):
            match = self.parts[at].search(text, start, end)
            if match and (best is None or match.start() < best.start()):
                best = match
        return best

    def found(self, text: str) -> bool:
        """Tell whether any wording stands in the text."""
        for at in self.marks.owners(text):  # noqa: SIM110 - most texts have no owner, and any() is slow to begin
            if self.parts[at].search(text):
                return True
        return False

    def standing(self, text: str) -> list[re.Pattern[str]]:
        """Return the alternatives of which a string stands in a text, in order: those to be tried."""
        return [self.parts[at] for at in self.marks.owners(text)]

    def finditer(self, text: str, low: str | None = None) -> Iterator[re.Match[str]]:
        """Return the matches of all wordings, none overlapping, as one pattern would."""
        return found_by(self.standing(text if low is None else low), text)

    def sub(self, new: Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with every match replaced."""
        parts = self.standing(text)
        if not parts:
            return text
        written, end = [], 0
        for match in found_by(parts, text):
            written += [text[end : match.start()], new(match)]
            end = match.end()
        return "".join([*written, text[end:]]) if written else text


def found_by(parts: Sequence[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """Return the matches of several parts, none overlapping, as one pattern would."""
    if len(parts) < 2:
        return parts[0].finditer(text) if parts else iter(())
    return _found_in_turn(parts, text)


def _found_in_turn(parts: Sequence[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    tried, start = parts, 0
    while len(tried) > 1:
        found = [(each, match) for each in tried if (match := each.search(text, start))]
        if not found:
            return
        first = min([match for _, match in found], key=re.Match.start)
        yield first
        start = max(first.end(), first.start() + 1)
        tried = [each for each, _ in found]
    yield from tried[0].finditer(text, start)


def compile_wordings(
    rules: Iterable[str], exact: bool = False, pool: Pool | None = None
) -> Wordings:
    """Return the wordings of all rules, to be matched against ``lowered`` text.

    Ignoring case makes Python's matcher several times slower: it is kept for rules that are
    written with capitals, unless those are ``exact``. A word edge that neighbouring alternatives
    share is asked for once. Those of which nobody else asks the same texts have a ``pool`` of
    their own.
    """
    listed = list(rules)

    def compiled(rule: str) -> re.Pattern[str]:
        ignoring = _CAPITAL.search(rule) and not exact
        return build_rule(plain_digits(factored(rule)), re.IGNORECASE if ignoring else 0)

    parts = [(place, part) for place, rule in enumerate(listed) for part in _parts(rule)]
    needed = [(*required_sets(part)[:2], (), ())[:2] for _, part in parts]
    return Wordings(
        tuple(map(required_literals, listed)),
        tuple(compiled(part) for _, part in parts),
        tuple(place for place, _ in parts),
        Marks(
            [each[0] for each in needed],
            shared_pool() if pool is None else pool,
            [each[1] for each in needed],
        ),
    )


def joined(rule: str | Sequence[str]) -> str:
    """Return a rule that a YAML file may write as a list, one idea a line, as one pattern."""
    return rule if isinstance(rule, str) else "|".join(rule)


@cache
def compiled_cues(path: Path) -> Mapping[str, re.Pattern[str]]:
    """Return the rules of a YAML file that names each one wording, compiled as they are."""
    return {name: build_rule(joined(wording)) for name, wording in load_yaml(path).items()}


def _parts(rule: str) -> list[str]:
    r"""Return the alternatives of a rule, those within one bracket behind an edge too: \b(?:a|b)\b."""
    found: list[str] = []
    for each in alternatives(rule):
        bracket = _BRACKETED.fullmatch(each)
        inner = alternatives(bracket["inner"]) if bracket else []
        whole = bracket and len(alternatives(each)) == 1 and _balanced(bracket["inner"])
        if bracket and whole:
            found += [f"{bracket['lead']}{bracket['open']}{one}){bracket['tail']}" for one in inner]
        else:
            found.append(each)
    return found


def _balanced(rule: str) -> bool:
    """Tell whether every bracket of a rule is closed within it, and none before it was opened."""
    depth = 0
    for match in re.finditer(r"\\.|\[(?:\\.|[^\]\\])*\]|[()]", rule, re.DOTALL):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth < 0:
            return False
    return depth == 0


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


def plain_digits(rule: str) -> str:
    r"""Return the rule with ``[0-9]`` for ``\d``, which asks of every sign whether any script counts by it."""
    written, classed = "", False
    for part in re.split(r"(\\.|[\[\]])", rule, flags=re.DOTALL):
        if part in {"[", "]"}:
            classed = part == "["
        written += ("0-9" if classed else "[0-9]") if part == r"\d" else part
    return written


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


@lru_cache(maxsize=256)  # the same sentence is asked for by one reader after another
def lowered(text: str) -> str:
    """Return text in lower case with one kind of hyphen, in follow-up too, and every offset kept."""
    low = text.lower()
    if "follow up" in low:
        low = _FOLLOW_UP.sub("follow-up", low)
    if low.isascii():
        return low
    low = low.replace("\u2010", "-").replace("\u2011", "-")
    # A few letters (İ) grow when lowered; offsets matter more than their case.
    return low if len(low) == len(text) else text


def holds_any(text: str, strings: Iterable[str]) -> bool:
    """Tell whether any of some strings stands in a text: of few, quicker than a pattern."""
    return any(map(text.__contains__, strings))


def holds_digit(text: str) -> bool:
    """Tell whether a digit stands in a text."""
    return any(map(text.__contains__, _DIGITS))


def bracket_open(text: str, place: int) -> int:
    """Return where the round bracket opens that a place stands in, -1 where it stands in none."""
    opens = text.rfind("(", 0, place)
    return -1 if opens >= 0 and ")" in text[opens:place] else opens
