"""Find words that any match of a regular expression must hold, so that most texts need no matching.

After the trigram and literal filters of Cox (2012, https://swtch.com/~rsc/regexp/regexp4.html):
looking for a plain substring costs tens of nanoseconds, an alternation of rules tens of
microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_SHORTEST = 2
_MOST = 64
# So many words let through as many texts as one word that is a letter shorter.
_ALIKE = 8
_COMMON = frozenset(
    (
        "a",
        "and",
        "are",
        "for",
        "has",
        "have",
        "in",
        "is",
        "of",
        "or",
        "the",
        "to",
        "was",
        "were",
        "with",
    )
)
_MOST_HEADS = 24


def required_literals(rule: str) -> tuple[str, ...]:
    """Return lower-case strings of which every match of a rule holds at least one.

    Nothing is returned where no such set is found: the rule then has to be tried on every text.
    """
    found = _of_sequence(parser.parse(rule, re.IGNORECASE))
    return tuple(sorted(_shortened(found))) if found else ()


def leading_literals(rule: str) -> tuple[str, ...]:
    """Return strings with one of which every match of a rule begins, in the rule's own case.

    Nothing is returned where no such set is found or letters match in either case: the rule then
    has to be tried at every place.
    """
    parsed = parser.parse(rule)
    found = None if parsed.state.flags & re.IGNORECASE else _heads(list(parsed))
    short = not found or len(found) > _MOST_HEADS or min(map(len, found)) < _SHORTEST
    return () if short else tuple(sorted(found or ()))


def _heads(items: Sequence[tuple[Any, Any]]) -> frozenset[str] | None:
    """Return the strings of which a sequence begins with one, None where they are not known."""
    run = ""
    for at, (code, value) in enumerate(items):
        if code is op.LITERAL:
            run += chr(value)
        elif code not in {op.AT, op.ASSERT, op.ASSERT_NOT}:
            return frozenset({run}) if run else _item_heads(code, value, items[at + 1 :])
    return frozenset({run}) if run else None


def _item_heads(code: Any, value: Any, rest: Sequence[tuple[Any, Any]]) -> frozenset[str] | None:
    if code is op.SUBPATTERN:
        _, added, dropped, items = value
        return None if added or dropped else _heads(list(items))
    if code is op.BRANCH:
        found = [_heads(list(branch)) for branch in value[1]]
        return frozenset().union(*(each or () for each in found)) if all(found) else None
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        repeated = _heads(list(value[2]))
        skipped = _heads(rest) if value[0] == 0 else repeated
        return repeated | skipped if repeated and skipped else None
    return None


def _shortened(words: Iterable[str]) -> set[str]:
    """Drop a word that holds another one of the set."""
    kept: set[str] = set()
    for word in sorted(set(words), key=len):
        if not any(each in word for each in kept):
            kept.add(word)
    return kept


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Return the set whose words are rarer: it is likely to let fewer texts through."""
    candidates = [each for each in (one, other) if each]
    return max(
        candidates, key=lambda each: min(map(_weight, each)) - len(each) / _ALIKE, default=None
    )


def _weight(word: str) -> int:
    """Return how far a word tells texts apart: the longer the rarer, unless all texts have it."""
    return 1 if word.strip() in _COMMON else len(word)


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    best: frozenset[str] | None = None
    run = ""
    for code, value in items:
        if code is op.LITERAL:
            run += chr(value).lower()
            continue
        if code in {op.AT, op.ASSERT_NOT}:
            continue  # of no width: the literal runs on across it
        best = _better(best, _of_run(run))
        run = ""
        best = _better(best, _of_item(code, value))
    return _better(best, _of_run(run))


def _of_run(run: str) -> frozenset[str] | None:
    # Long s and the Kelvin sign fold to letters in a search that ignores case; texts are lowered.
    return frozenset({run}) if len(run) >= _SHORTEST else None


def _of_item(code: Any, value: Any) -> frozenset[str] | None:
    if code is op.SUBPATTERN:
        return _of_sequence(value[-1])
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT} and value[0] >= 1:
        return _of_sequence(value[2])
    if code is op.BRANCH:
        return _of_branches(value[1])
    return None


def _of_branches(branches: Iterable[Any]) -> frozenset[str] | None:
    found: set[str] = set()
    for branch in branches:
        words = _of_sequence(branch)
        if not words:
            return None
        found |= words
    return frozenset(found) if len(found) <= _MOST else None
