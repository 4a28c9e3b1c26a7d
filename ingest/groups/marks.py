"""Size groups by the mark in brackets behind what was done in them, and find the marks again.

"Sixty had laminectomy alone (D), 201 laminectomy and fixation (DS)"; "in 19 a decompression was
added (group D), the other 38 received only fixation (group F)": each mark is of the one number in
the words ahead of it. Later "in D" or "groups D, DS and C" name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ingest.groups.arms import Arm
from ingest.groups.descriptions import Allotted, headcount_of, words_of
from ingest.groups.labels import core_of
from ingest.numbers.quantity import Quantity

_MARK = re.compile(
    r"[(\[](?:the )?(?P<name>(?:(?i:groups?|arm|cohort) )?(?P<mark>[A-Z](?:[A-Z]{0,4}|[A-Z]{0,3}[1-4]|[a-z]{1,2}[A-Z])(?: ?\+ ?[A-Z]{1,4})?)(?: (?:group|arm|cohort))?)[)\]]"
)
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# Where the words about a group begin at the earliest.
_FRESH = re.compile(r"[;:.] ")
# What else stands in brackets in capitals.
_NO_MARKS = frozenset(["CI", "SD", "IQR", "SEM", "OR", "HR", "RR", "MRI", "CT", "PET"])
_HEAD = r"(?:(?:[Gg]roups?|[Aa]rms?|[Cc]ohorts?) )"
_AHEAD = r"(?:\b(?:in|for|of|with|than|to|after|between|and|or|versus|vs\.?) )(?:the )?"
_NEXT = (
    r"(?:,? (?:and|or|versus|vs\.?|but not)(?: (?:in|for|of|with|after))? (?:(?:group|arm) )?|, )"
)
# "D = 12", "D 3 weeks": what follows shows that it names no group.
_TAIL = r"(?![\w'’+/-]|\.\d| ?[=%]| (?:vitamin|cell|level)| in \d)"


def marked(
    text: str, low: str, quantities: Sequence[Quantity], wholes: Set[int], defining: bool
) -> list[Allotted]:
    """Return the groups that a sentence marks with letters in brackets, each with its number.

    ``wholes`` are the numbers of patients told before, ``defining`` is true ahead of the results.
    """
    found: list[Allotted] = []
    floor, drawn = 0, False  # "of 96 patients 41 were embolized (E)": the nearest, if they add up
    brackets = [each.span() for each in _BRACKET.finditer(text)]
    for match in _MARK.finditer(text):
        if match["mark"] in _NO_MARKS:
            continue
        fresh = max((each.end() for each in _FRESH.finditer(low, floor, match.start())), default=0)
        begin, floor = max(floor, fresh), match.end()
        sizes = [
            headcount_of(each)
            for each in quantities
            if begin <= each.start and each.end <= match.start() and headcount_of(each) > 1
            if not any(one <= each.start < two for one, two in brackets)
        ]
        if not sizes:
            return []
        drawn = drawn or len(sizes) > 1
        name, span = core_of(match["name"]), match.span("name")
        found.append(
            Allotted((name,), (match["name"],), sizes[-1], *span, None, words_of(low[begin:floor]))
        )
    found = _with_denied(found)
    told = {whole for each in quantities for whole in (each.numerator, each.denominator)}
    whole = sum(each.size for each in found) in told | wholes
    apart = len({each.names for each in found}) == len(found) > 1
    return found if apart and are_marks(found) and (whole or (defining and not drawn)) else []


def _with_denied(found: list[Allotted]) -> list[Allotted]:
    """Return two groups with the words of the first denied in the second: 41 had it (E) and 55 had not (N)."""
    if len(found) != 2 or found[1].words - {"not", *found[1].names}:
        return found
    one, other = found
    return [one, replace(other, words=frozenset(one.words | other.words) - set(one.names))]


def are_marks(told: Sequence[Allotted]) -> bool:
    """Tell whether groups are called by letters, of which one stands for no more than a group: D, DS.

    Abbreviations of what was done are names that need no such word ahead of them.
    """
    shown = [each.shown[0] for each in told]
    marks = all(_MARK.fullmatch(f"({each})") for each in shown)
    return marks and any(len(mark_of(each)) == 1 for each in shown)


def mark_of(shown: str) -> str:
    """Return the letters of a group's name: F of group F."""
    match = _MARK.fullmatch(f"({shown})")
    return match["mark"] if match else shown


def find_marks(text: str, marks: Sequence[str]) -> Iterator[Arm]:
    """Yield where a sentence names groups by their marks: groups D, DS and C; in D."""
    one = rf"(?:{'|'.join(sorted(map(re.escape, marks), key=len, reverse=True))}){_TAIL}"
    first = re.compile(rf"(?:(?P<head>{_HEAD})|{_AHEAD})(?P<mark>{one})")
    following = re.compile(rf"{_NEXT}(?P<mark>{one})")
    at = 0
    while match := first.search(text, at):
        row = [match]
        while again := following.match(text, row[-1].end()):
            row.append(again)
        at = row[-1].end()
        turn = match.start() if len(row) > 1 else -1
        for each in row:
            start = each.start("head" if each is match and match["head"] else "mark")
            yield Arm(start, each.end("mark"), f"group {each['mark']}", turn)
