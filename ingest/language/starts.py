"""Compile rules so that they are tried only where a match can begin.

Python's matcher looks for a rule's first signs by itself, which is three times faster than trying
the rule at every letter; it does so for no rule that begins with what has no width, such as a
word's edge, and for none that ignores case. What matches, and where, stays the same.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re
from collections.abc import Sequence
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ingest.language.literals import REPEATS, WIDTHLESS

# The matchers of Python 3.11 to 3.13, whose code this module knows; any other gets plain rules.
_KNOWN = frozenset({20220615, 20221023, 20230612})
# Signs that a search ignoring case takes for a letter beside its capital.
_ALIKE = {"s": "\u017f", "k": "\u212a", "i": "\u0130\u0131"}
Item = tuple[Any, Any]


def build_rule(rule: str, flags: int = 0) -> re.Pattern[str]:
    """Return a compiled rule that is tried only at the signs with which a match can begin.

    Raise ``re.error`` where the rule is none. The layout of the code is that of CPython's
    ``re/_compiler.py``; of a matcher that is not known the rule is compiled as ever.
    """
    if _sre.MAGIC not in _KNOWN:
        return re.compile(rule, flags)
    parsed = parser.parse(rule, flags)
    flags |= parsed.state.flags
    shortest, longest = parsed.getwidth()
    signs = _first([*parsed], flags) if shortest and not _is_fixed(parsed) else None
    code = compiler._code(parsed, flags) if signs else []
    # What Python looks for by itself is told ahead of the rule's code, behind the size of the telling.
    if not code or code[0] is not op.INFO or code[2]:
        return re.compile(rule, flags)
    told = [op.SRE_INFO_CHARSET, *(min(each, compiler.MAXCODE) for each in (shortest, longest))]
    compiler._compile_charset(compiler._optimize_charset(signs)[0], flags, told)
    code[: 1 + code[1]] = [op.INFO, 1 + len(told), *told]
    places = parsed.state.groupdict
    names = {place: name for name, place in places.items()}
    listed = tuple(map(names.get, range(parsed.state.groups)))
    found: re.Pattern[str] = _sre.compile(
        rule, flags, code, parsed.state.groups - 1, places, listed
    )
    return found


def _is_fixed(items: Sequence[Item]) -> bool:
    """Tell whether a rule is for a text's beginning alone: there it is tried once."""
    return items[0][0] is op.AT and items[0][1] in {op.AT_BEGINNING, op.AT_BEGINNING_STRING}


def _first(items: Sequence[Item], flags: int) -> list[Item] | None:
    """Return the signs with one of which a sequence begins, None where they are not known."""
    for at, (code, value) in enumerate(items):
        if code in WIDTHLESS:
            continue
        if code is op.LITERAL or code is op.IN:
            return _signs([(code, value)] if code is op.LITERAL else value, flags)
        if code is op.SUBPATTERN:
            _, added, dropped, inner = value
            return None if added or dropped else _first([*inner, *items[at + 1 :]], flags)
        if code is op.BRANCH:
            return _joined([_first([*each, *items[at + 1 :]], flags) for each in value[1]])
        if code in REPEATS:
            once = _first([*value[2], *items[at + 1 :]], flags)
            return once if value[0] else _joined([once, _first(items[at + 1 :], flags)])
        return None
    return None


def _joined(found: Sequence[list[Item] | None]) -> list[Item] | None:
    known = [each for each in found if each is not None]
    return [one for each in known for one in each] if len(known) == len(found) else None


def _signs(members: Sequence[Item], flags: int) -> list[Item] | None:
    """Return the signs of a class, with those that are alike where case is ignored."""
    found: list[Item] = []
    for code, value in members:
        if code is op.LITERAL and flags & re.IGNORECASE:
            sign = chr(value)
            alike = {sign, *sign.lower(), *sign.upper(), *_ALIKE.get(sign.lower(), "")}
            found += [(op.LITERAL, ord(each)) for each in alike]
        elif (
            code is op.LITERAL
            or (code is op.RANGE and not flags & re.IGNORECASE)
            or (code is op.CATEGORY and value in {op.CATEGORY_DIGIT, op.CATEGORY_SPACE})
        ):
            found.append((code, value))
        else:
            return None
    return found
