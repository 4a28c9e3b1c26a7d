"""Find words that any match of a regular expression must hold, so that most texts need no matching.

After the trigram and literal filters of Cox (2012, https://swtch.com/~rsc/regexp/regexp4.html):
looking for a plain substring costs tens of nanoseconds, an alternation of rules tens of
microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_SHORTEST = 2
_MOST = 64
# So many words let through as many texts as one word that is a letter shorter.
_ALIKE = 8
# The commonest words of English, which nearly every sentence has one of.
_COMMON = frozenset(
    (
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "can",
        "for",
        "from",
        "had",
        "has",
        "have",
        "if",
        "in",
        "is",
        "it",
        "its",
        "may",
        "more",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "than",
        "that",
        "the",
        "their",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "which",
        "who",
        "with",
    )
)
# So many words a class of signs may make of one: "randomi[sz]ed" makes two.
_MANY = 12
# So rare must be what is asked for beside the rarest of all.
_RARE = 4
_NO_WORD = re.compile(r"\W")
# Of UTF-8 the signs of one byte; the others are few, and looked for one by one.
_BLANKS = bytes(32 if sign < 128 and _NO_WORD.match(chr(sign)) else sign for sign in range(256))
_NO_LETTER = re.compile(r"[^\x00-\x7f](?<=\W)")
_BEGINNINGS = frozenset({op.AT_BEGINNING, op.AT_BEGINNING_STRING})
_ENDS = frozenset({op.AT_END, op.AT_END_STRING})
WIDTHLESS = frozenset({op.AT, op.ASSERT, op.ASSERT_NOT})
"""Parts of a rule that match no letter."""
REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})
"""Parts of a rule that match again and again."""
Item = tuple[Any, Any]


def blanked(text: str) -> str:
    """Return text with a blank for every sign that is of no word, and one at each end.

    A string with a blank before it then stands there only where a word begins.
    """
    plain = text.encode(errors="surrogatepass").translate(_BLANKS).decode(errors="surrogatepass")
    return f" {plain if plain.isascii() else _NO_LETTER.sub(' ', plain)} "


def required_literals(rule: str) -> tuple[str, ...]:
    """Return strings of which the ``blanked`` text in lower case holds one wherever a rule matches.

    Nothing is returned where no such set is found: the rule then has to be tried on every text.
    """
    return next(iter(required_sets(rule)), ())


def required_sets(rule: str) -> list[tuple[str, ...]]:
    """Return every set of strings of which such a text holds one, that with the rarest first."""
    found = sorted(
        _sets(list(parser.parse(rule, re.IGNORECASE)), False, False), key=_rarity, reverse=True
    )
    return [
        tuple(sorted(_shortened(each)))
        for at, each in enumerate(found)
        if not at or _rarity(each) >= _RARE
    ]


def all_required(needed: Iterable[Sequence[str]]) -> list[str]:
    """Return strings of which a text must hold one for any of several rules to match.

    ``needed`` are those of each rule; nothing is returned where one of the rules needs none.
    """
    listed = list(needed)
    return [each for strings in listed for each in strings] if all(listed) else []


def openings(rule: str, size: int = 3) -> frozenset[str]:
    """Return strings of at most ``size`` letters, one of which stands wherever a rule matches.

    What a rule only looks ahead for counts. Nothing is returned where no such set is found.
    """
    return _opened([*parser.parse(rule)], size) or frozenset()


def _opened(items: Sequence[Item], size: int) -> frozenset[str] | None:
    """Return the first letters of a sequence's matches, None where they are not known."""
    for at, (code, value) in enumerate(items):
        rest = items[at + 1 :]
        if code is op.LITERAL:
            behind = _opened(rest, size - 1) if size > 1 else None
            return frozenset(chr(value) + each for each in behind or ("",))
        if code is op.ASSERT and value[0] > 0:
            return _opened([*value[1]], size)
        if code is op.SUBPATTERN:
            return None if value[1] or value[2] else _opened([*value[-1], *rest], size)
        if code is op.BRANCH:
            found = [_opened([*branch, *rest], size) for branch in value[1]]
            return frozenset().union(*(each or () for each in found)) if all(found) else None
        if code not in {op.AT, op.ASSERT, op.ASSERT_NOT}:
            return None
    return None


def _shortened(words: Iterable[str]) -> set[str]:
    """Drop a word that holds another one of the set."""
    kept: set[str] = set()
    for word in sorted(set(words), key=len):
        if not any(each in word for each in kept):
            kept.add(word)
    return kept


def _rarity(words: Iterable[str]) -> float:
    """Return how few texts a set of words is likely to let through: many let through as many more."""
    weights = [_weight(each) for each in words]
    return min(weights) - len(weights) / _ALIKE


def _weight(word: str) -> int:
    """Return how far a word tells texts apart: the longer the rarer, unless all texts have it."""
    return 1 if all(each in _COMMON for each in word.split()) else len(word)


def _of_sequence(items: Sequence[Item], begins: bool, ends: bool) -> frozenset[str] | None:
    """Return the set of strings of a sequence that is likely to let the fewest texts through."""
    return max(_sets(items, begins, ends), key=_rarity, default=None)


def _sets(items: Sequence[Item], begins: bool, ends: bool) -> Iterator[frozenset[str]]:
    """Yield the sets of a sequence; whether a word's edge is sure before and behind it is told."""
    runs, edge, closed = [""], begins, False
    for at, (code, value) in enumerate(items):
        signs = _signs(code, value)
        if signs:
            if len(runs) * len(signs) > _MANY:
                yield from _of_runs(runs, False)
                runs, edge = [""], False
            ahead = [each or (" " if edge else "") for each in runs]
            runs = [f"{run}{'' if run == sign == ' ' else sign}" for run in ahead for sign in signs]
            closed = False
        elif code in WIDTHLESS:  # the literal runs on across it
            closed = closed or _leads([(code, value)], False)
            yield from _sets(list(value[1]), False, False) if code is op.ASSERT else ()
        else:
            yield from _of_runs(runs, closed or _leads(items[at:], ends))
            # "s(?:em|hort)" is how words with one beginning are parsed.
            if code is op.BRANCH and 0 < len(runs[0].strip()) < _RARE:
                yield from _of_runs(
                    [run + _begun(each) for run in runs for each in value[1]], False
                )
            runs, closed = [""], False
            yield from _of_item(code, value, edge, _leads(items[at + 1 :], ends))
        edge = _edge_behind(code, value, edge)
    yield from _of_runs(runs, closed or ends)


def _begun(items: Iterable[Item]) -> str:
    """Return the letters that a sequence begins with for sure, in a blanked text."""
    signs = (_signs(code, value) for code, value in items)
    return "".join(each[0] for each in takewhile(lambda each: len(each) == 1, signs))


def _signs(code: Any, value: Any) -> tuple[str, ...]:
    """Return the signs of which an item is one in a blanked text, none where they are not few."""
    found: set[str] = set()
    for kind, each in value if code is op.IN else [(code, value)]:
        if _is_blank(kind, each):
            found.add(" ")
        elif kind is op.LITERAL:
            found.add(chr(each).lower())
        elif kind is op.RANGE and each[1] - each[0] < _MANY:
            found.update(_NO_WORD.sub(" ", chr(one).lower()) for one in range(each[0], each[1] + 1))
        else:
            return ()
    return tuple(sorted(found)) if len(found) <= _MANY else ()


def _is_blank(code: Any, value: Any) -> bool:
    """Tell whether a member of a class is of no word: a sign, or any white space."""
    if code is op.LITERAL:
        return bool(_NO_WORD.match(chr(value)))
    return code is op.CATEGORY and value in {op.CATEGORY_SPACE, op.CATEGORY_NOT_WORD}


def _edge_behind(code: Any, value: Any, edge: bool) -> bool:
    """Tell whether behind an item a word can only begin, told whether it can before it."""
    if code is op.AT:
        return edge or value in _BEGINNINGS or value is op.AT_BOUNDARY
    if code in {op.ASSERT, op.ASSERT_NOT}:
        return edge
    if code is op.SUBPATTERN:
        return _edge_after(value[-1], edge)
    if code is op.BRANCH:
        return all(_edge_after(branch, edge) for branch in value[1])
    if code in REPEATS:
        once = _edge_after(value[2], edge)
        return once and (edge or value[0] > 0)
    return _signs(code, value) == (" ",)


def _edge_after(items: Iterable[Item], edge: bool) -> bool:
    for code, value in items:
        edge = _edge_behind(code, value, edge)
    return edge


def _leads(items: Sequence[Item], ends: bool) -> bool:
    """Tell whether a word before a sequence can only end: no letter may come first."""
    for at, (code, value) in enumerate(items):
        if code is op.AT:
            return value in _ENDS or value is op.AT_BOUNDARY
        if code in {op.ASSERT, op.ASSERT_NOT}:
            continue
        rest = items[at + 1 :]
        if code is op.SUBPATTERN:
            return _leads([*value[-1], *rest], ends)
        if code is op.BRANCH:
            return all(_leads([*branch, *rest], ends) for branch in value[1])
        if code in REPEATS:
            return _leads([*value[2], *rest], ends) and (value[0] > 0 or _leads(rest, ends))
        return _signs(code, value) == (" ",)
    return ends


def _of_runs(runs: Sequence[str], ends: bool) -> Iterator[frozenset[str]]:
    # Long s and the Kelvin sign fold to letters in a search that ignores case; texts are lowered.
    whole = [f"{run} " if ends and run and run[-1] != " " else run for run in runs]
    if all(each.strip() and len(each) >= _SHORTEST for each in whole):
        yield frozenset(whole)


def _of_item(code: Any, value: Any, begins: bool, ends: bool) -> Iterator[frozenset[str]]:
    if code is op.SUBPATTERN:
        yield from _sets(list(value[-1]), begins, ends)
    elif code in REPEATS and value[0] >= 1:
        # Between two rounds there need be no edge.
        once = value[1] == 1
        yield from _sets(list(value[2]), begins and once, ends and once)
    elif code is op.BRANCH:
        yield from _of_branches(value[1], begins, ends)


def _of_branches(branches: Iterable[Any], begins: bool, ends: bool) -> Iterator[frozenset[str]]:
    found: set[str] = set()
    for branch in branches:
        words = _of_sequence(list(branch), begins, ends)
        if not words:
            return
        found |= words
    if len(found) <= _MOST:
        yield frozenset(found)
