"""Find citation marks: superscripts glued to words, superscript digits, bracketed numbers.

Glued marks lost their typography in plain text: "tumors.13" is reference 13, or 1-3 with the
dash lost. Citations are numbered in order of appearance, which tells the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model import Marker

_GLUED = re.compile(
    r"(?:(?<=[a-z]{2})|(?<=[)\]\"”’])|(?<=[^\d\s<>=≤≥~±][.,;])|(?<=[.,;][”\"’)]))"
    r"(?P<raw>\d{1,4}(?:[,–-]\d{1,4})*)(?![\d%°]|[.,]\d|[A-Za-z/])"
)
_RAISED = re.compile(r"(?P<raw>[⁰¹²³⁴-⁹]+(?:[,⁻–-][⁰¹²³⁴-⁹]+)*⁾?)")
_BRACKETED = re.compile(r"\s?\[(?P<raw>\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\](?!\()")
_EXPONENT = re.compile(r"[+−–-]?\d{1,3}")
_UPWARDS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
# Bases of an exponent: a figure; a unit by itself with 2 to 4; a statistic with 2 (R², I², χ²).
_FIGURE = re.compile(r"\d[)\]]?$")
_MEASURE = re.compile(r"(?:^|[\s\d/(·×.,])(?:[cdkmnµμ]?m|s|h|min|kg|g|L|in|ft)$")
_STATISTIC = re.compile(r"(?:^|[\s(,=])(?:[RrIXxχΧ]|Chi|chi)$")
# "F [1,306] = 0.56": degrees of freedom.
_DEGREES = re.compile(r"(?<![A-Za-z])[FtTχ]$")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UNIT = re.compile(r"(?:\b(?:cm|mm|km|m|dm|kg/m|nm|H|CO|SpO|PaO|O|pp?)|10|\d)$")
_TYPED = re.compile(
    r"(?:type|grade|stage|level|phase|table|figure|fig\.?|score|day)$", re.IGNORECASE
)


def raised(text: str, ahead: str) -> str | None:
    """Return an exponent in superscript figures, None where what is raised is none.

    ``ahead`` is the text before it: 10 and 5 raised is 10⁵, never 105; cm and 2 raised is cm².
    Figures with a minus are an exponent behind any word: year⁻¹.
    """
    printed = text.strip()
    if not _EXPONENT.fullmatch(printed):
        return None
    negative = printed[0] in "−–-" and ahead[-1:].isalpha()
    small = printed.lstrip("+") in {"2", "3", "4"} and bool(_MEASURE.search(ahead))
    squared = printed == "2" and bool(_STATISTIC.search(ahead))
    if _FIGURE.search(ahead) or negative or small or squared:
        return printed.translate(_UPWARDS)
    return None


def _numbers(raw: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"[,;]\s*", raw):
        ends = [int(each) for each in re.findall(r"\d+", part)]
        found += (
            range(ends[0], ends[-1] + 1)
            if len(ends) == 2 and ends[0] < ends[1] < ends[0] + 60
            else ends
        )
    return tuple(found)


def _split(part: str, highest: int) -> tuple[int, int] | None:
    """Return the tightest ascending pair a glued range can be cut into."""
    pairs = [(int(part[:cut]), int(part[cut:])) for cut in range(1, len(part)) if part[cut] != "0"]
    fitting = [(a, b) for a, b in pairs if a < b <= a + 30 and a <= highest + 1]
    return min(fitting, key=lambda pair: pair[1] - pair[0], default=None)


def expand(raw: str, highest: int) -> tuple[int, ...] | None:
    """Return the reference numbers of a glued mark, None where it cannot be one.

    ``highest`` is the highest reference number seen before.
    """
    parts = raw.split(",")
    spans: list[tuple[int, int]] = []
    top = highest
    for part in parts:
        ends = [int(each) for each in re.split(r"[–-]", part)]
        if len(ends) > 2:
            # A date, and no range of references.
            return None
        if len(ends) == 2:
            span: tuple[int, int] | None = (ends[0], ends[1])
        else:
            span = (ends[0], ends[0]) if 0 < ends[0] <= top + 1 else _split(part, top)
        if span is None or span[0] > top + 1 or span[0] == 0 or span[0] > span[1]:
            return None
        spans.append(span)
        top = max(top, span[1])
    for index, (first, last) in enumerate(spans[:-1]):
        following = spans[index + 1]
        # A number that the next range covers again was itself a range: 13,13-16 is 1-3,13-16.
        if first == last and following[0] <= first <= following[1]:
            pair = _split(parts[index], highest)
            spans[index] = pair or (first, last)
    return tuple(number for first, last in spans for number in range(first, last + 1))


def _glued(text: str, spans: list[tuple[int, int]]) -> Iterator[Marker]:
    highest = 0
    for start, end in spans:
        for match in _GLUED.finditer(text, start, end):
            before = text[max(start, match.start() - 12) : match.start()]
            word = re.sub(r"[^A-Za-z0-9/]+$", "", before)
            if _UNIT.search(before) or (word and before.endswith(word) and _TYPED.search(word)):
                continue
            numbers = expand(match["raw"], highest)
            if numbers is None:
                continue
            highest = max(highest, *numbers)
            yield Marker(match.start(), match.end(), match["raw"], "citation", numbers)


def find_citations(text: str, spans: list[tuple[int, int]]) -> tuple[Marker, ...]:
    """Return the citation marks inside the spans of a text, in order.

    Glued marks are believed only where they form a sequence: three or more, beginning at 1.
    """
    found: list[Marker] = []
    for start, end in spans:
        for match in _RAISED.finditer(text, start, end):
            before = text[max(start, match.start() - 4) : match.start()]
            if not (_UNIT.search(before) or _STATISTIC.search(before)):
                plain = match["raw"].translate(_DIGITS).rstrip("⁾")
                found.append(
                    Marker(match.start(), match.end(), match["raw"], "citation", _numbers(plain))
                )
        for match in _BRACKETED.finditer(text, start, end):
            if _DEGREES.search(text, max(start, match.start() - 3), match.start()):
                continue
            found.append(
                Marker(match.start(), match.end(), match[0], "citation", _numbers(match["raw"]))
            )
    glued = [] if len(found) > 2 else list(_glued(text, spans))
    if len(glued) >= 3 and 1 in glued[0].references:
        found += glued
    return tuple(sorted(found, key=lambda marker: marker.start))
