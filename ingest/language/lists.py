"""Find the items of a list in a sentence: numbered ones, and those that only commas part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from ingest.language.clauses import CUES, Span, depths_of, trim
from ingest.language.starts import build_rule
from ingest.yamlfile import load_yaml

# The comma of "2,000 ml" parts no items.
_IN_NUMBER = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# "6% and 4%, respectively": how the items go with others, none of them.
_IN_TURN = re.compile(r"(?i)(?:and )?respectively")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def _consecutive(marks: Sequence[str]) -> bool:
    """Tell whether the marks count up one by one; "(n = 45) ... (n = 23)" is no list."""
    labels = ["".join(char for char in mark.lower() if char.isalnum()) for mark in marks]
    if all(label.isdigit() for label in labels):
        places = [int(label) for label in labels]
    elif labels[0] in _ROMAN and all(label in _ROMAN for label in labels):
        places = [_ROMAN.index(label) for label in labels]
    elif all(len(label) == 1 for label in labels):
        places = [ord(label) for label in labels]
    else:
        return False
    return all(after - before == 1 for before, after in pairwise(places))


# "cyst (3), lipoma (4) and others": the number counts what stands before it.
_COUNTS = re.compile(r"\s*(?:[,;.]|(?:and|or)\b|$)")


@cache
def _marks() -> re.Pattern[str]:
    return build_rule(load_yaml(CUES)["enumeration"])


def enumerated(text: str) -> list[Span]:
    """Return the items of a numbered list in the sentence, (1) ...; (2) ..., or nothing."""
    if text.count(")") < 2:
        return []
    enumeration = _marks()
    marks = list(enumeration.finditer(text))
    depths = depths_of(text)
    marks = [mark for mark in marks if depths[mark.start()] <= 1]
    marks = [mark for mark in marks if not text[: mark.start()].rstrip().endswith("=")]
    if len(marks) < 2 or not _consecutive([mark[0] for mark in marks]):
        return []
    if any(mark[0].startswith("(") and _COUNTS.match(text, mark.end()) for mark in marks):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    spans = []
    for mark, end in zip(marks, ends, strict=True):
        body = re.sub(r"[\s,;.]*(?:\band)?\s*$", "", text[mark.end() : end])
        spans.append((mark.end(), mark.end() + len(body)))
    return [span for span in spans if span[1] > span[0]]


def listed(text: str, start: int) -> list[Span]:
    """Return the items of a plain list that begins at ``start``: A, B, and C, or A; B; C."""
    depths = depths_of(text)
    end = len(text.rstrip(" .")) if text.rstrip().endswith(".") else len(text)
    separator = (
        ";"
        if any(char == ";" and depths[index] == 0 for index, char in enumerate(text[start:], start))
        else ","
    )
    cuts = [
        index
        for index in range(start, end)
        if text[index] == separator and depths[index] == 0 and not _IN_NUMBER.match(text, index)
    ]
    pieces = [start, *[cut + 1 for cut in cuts], end]
    spans = [trim(text, (pieces[i], pieces[i + 1])) for i in range(len(pieces) - 1)]
    if separator == "," and spans:
        spans[-1:] = _halves(text, spans[-1], pieces[-2])
    return [span for span in spans if span[1] - span[0] > 3 and not _IN_TURN.fullmatch(text, *span)]


def _halves(text: str, last: Span, begin: int) -> list[Span]:
    """Return the two items of "B and C" at a list's end; "and C" behind a comma is one."""
    if re.match(r"\s*(?:and|or)\b", text[begin : last[1]]):
        return [last]
    cut = text.find(" and ", *last)
    if cut < 0:
        return [last]
    return [trim(text, (last[0], cut)), trim(text, (cut + 5, last[1]))]
