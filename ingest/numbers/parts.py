"""Turn a matched part of a group into quantities: counts with their whole, shares, fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ingest.numbers.expressions import Match, group_of, number_of, unit_of, whole_of
from ingest.numbers.fragments import compiled, load_fragments
from ingest.numbers.numerals import WORD, is_word, parse_number
from ingest.numbers.quantity import Quantity
from ingest.numbers.units import noun_name

_SCORED = re.compile(
    r"\b(?:vas|nrs|nprs|scale|scores?|scored|joa|strength|power|motor|mrc|points?|muscle|pain)\b"
)
# The strength of a muscle is told out of five, after the Medical Research Council (1943).
_STRENGTH = re.compile(
    r"\b(?:strength|power|motor|mrc|weak(?:ness)?|paresis|plegia|palsy|foot drop|graded?|(?:recovered|improved|returned|deteriorated|worsened) to|deltoid|biceps|triceps|quadriceps|iliopsoas|(?:dorsi|plantar ?)flex\w+|flexors?|extensors?)\b"
)
# "Assigned to | one of four arms", "with | one of nine tumours": no part of them is counted.
_ASSIGNED = re.compile(
    r"\b(?:to|into|with|on|by|at|from|under|receive|received|undergo|undergoing|underwent) $"
)
_PEOPLE = re.compile(
    r".*\b(?:patients|individuals|participants|cases|women|men|children|subjects)\b", re.IGNORECASE
)
_POOLED = re.compile(
    r"[;,] (?:n ?= ?\d|(?:a total of )?[\d,]+ (?:patients|individuals|participants|cases|subjects))"
)
_NONES = {"death": "deaths", "cell": "cells"}
_LED_BY_GROUP = re.compile(r"\W*(?:of|among|amongst|in|for)\b")
_GROUP_AHEAD = re.compile(
    r"\d|\b(?:of|among|in|these|all|both|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
# "Of the 35 with a deficit, 24 improved and none": some of the group are told already.
_SOME_AHEAD = re.compile(
    rf"\b(?:of|among|amongst|in|for) (?:the |these |those |our )?(?:\d+|{WORD})\b[^;:.]*?, (?:[a-z]+ )?(?:\d+|{WORD}) (?!(?:of|months?|years?|days?)\b)[^;:.]*(?:,|\band|\bbut|, while) $"
)
_WORDED = {"half": 50.0, "quarter": 25.0, "quarters": 75.0}


@cache
def _behind() -> re.Pattern[str]:
    rule = r" (?:of (?:the |these |our |all )?)?(?:[a-z-]+(?:al|ant|ic|ive|ous) )?(?P<noun>{nouns})\b(?! {nouns}\b)"
    return compiled(rule, load_fragments(), "parts.py")


def _unit_behind(match: Match) -> str | None:
    """Return what the noun right behind a part counts: 7 of 60 (12%) screws."""
    behind = _behind().match(match.string, match.end())
    return noun_name(behind["noun"]) if behind else None


def read_share(match: Match) -> Iterator[Quantity]:
    """Read a count with its percent, and its whole where that is printed."""
    count, whole = whole_of(match, "k"), whole_of(match, "m")
    if count is None or (whole is not None and (count > whole or not whole)):
        return
    percent = number_of(match, "a")
    if percent is not None and percent > 100:
        return
    bracket = match[0].find("(")
    if unit_of(match) == "studies" and bracket > 0 and _POOLED.match(match.string, match.end()):
        # "9% (6 studies, 411 patients)": so many told it, it is no share of them
        place, end = match.start() + bracket, match.start() + len(match[0][:bracket].rstrip())
        yield Quantity("percent", match.start(), end, percent=percent, unit="percent")
        yield Quantity(
            "count", place + 1, match.end(), value=count, numerator=count, unit="studies"
        )
        return
    yield Quantity(
        "share",
        match.start(),
        match.end(),
        numerator=count,
        denominator=whole,
        percent=percent,
        unit=unit_of(match) or _unit_behind(match) or "patients",
        word=is_word(group_of(match, "k") or ""),
        operator="~" if group_of(match, "op") else None,
    )


def _around(match: Match) -> str:
    """Return the words close to a match on both sides of it."""
    text, start, end = match.string, match.start(), match.end()
    return text[max(0, start - 60) : start] + text[end : end + 30]


def _ratio(match: Match, part: int, whole: int, percent: float | None = None) -> Quantity:
    return Quantity(
        "ratio",
        match.start(),
        match.end(),
        numerator=part,
        denominator=whole,
        percent=percent,
        unit=unit_of(match) or _unit_behind(match) or "patients",
        word=is_word(group_of(match, "k") or ""),
    )


def read_part_in(match: Match) -> Iterator[Quantity]:
    """Read 64 in 113 vertebrae (57%), where the percent bears it out."""
    part, whole, stated = whole_of(match, "k"), whole_of(match, "m"), number_of(match, "a")
    if part is None or not whole or stated is None or abs(100 * part / whole - stated) > 1:
        return
    yield _ratio(match, part, whole, stated)


def read_ratio(match: Match) -> Iterator[Quantity]:
    """Read k of n; a score out of its greatest value is no part of a group."""
    part, whole = whole_of(match, "k"), whole_of(match, "m")
    if part is None or whole is None or part > whole or whole == 0:
        return
    text, slash = match.string, match["by"].strip() == "/"
    if part == 1 and _ASSIGNED.search(text, 0, match.start()) and not _PEOPLE.match(match[0]):
        return  # "to one of four arms"
    plain = not group_of(match, "noun") and text[match.end() - 1] != ")"
    if slash and (1900 <= whole <= 2100 or (plain and text.startswith(" of ", match.end()))):
        return
    if slash and match["k"].startswith("0") and len(match["k"]) > 1:
        return  # "between 05/95 and 07/98": months
    if slash and part < whole <= 4 and plain:
        return  # "less than 1/3 of them" is a fraction
    if slash and group_of(match, "own") and group_of(match, "noun"):
        return  # "27 men/74 women" are two counts
    near = _around(match)
    stated = number_of(match, "a") if group_of(match, "a") else number_of(match, "b")
    scored = whole in {5, 10, 100} and _SCORED.search(near) and stated is None
    if scored and not group_of(match, "noun"):
        yield Quantity("score", match.start(), match.end(), value=float(part), unit="points")
        return
    yield _ratio(match, part, whole, stated)


def read_change_out_of(match: Match) -> Iterator[Quantity]:
    """Read two parts of the greatest that a scale allows, the first before and the second after."""
    low, high, top = (number_of(match, name) for name in ("a", "b", "m"))
    if low is None or high is None or top is None or max(low, high) > top:
        return
    ends = match.start("a"), match.end("a"), match.start("b"), match.end()
    strength = top == 5 and _STRENGTH.search(_around(match))
    unit = "grade" if strength else None
    yield Quantity("change", match.start(), match.end(), low=low, high=high, unit=unit, marks=ends)


def read_strength(match: Match) -> Iterator[Quantity]:
    """Read how strong a muscle is; so many of five patients are told in or of something."""
    text, value = match.string, number_of(match, "a")
    if value is None or text.endswith((" in ", " of "), 0, match.start()):
        return
    if _STRENGTH.search(_around(match)):
        yield from read_grade(match)


def read_grade(match: Match) -> Iterator[Quantity]:
    """Read the grade of a muscle's strength."""
    yield Quantity("score", match.start(), match.end(), value=number_of(match, "a"), unit="grade")


def read_out_of(match: Match) -> Iterator[Quantity]:
    """A score with its greatest value: 7.2/10, which is no part of a group."""
    value, top = number_of(match, "a"), number_of(match, "m")
    if value is None or top is None or value > top:
        return
    if top < 1000:
        yield Quantity("score", match.start(), match.end(), value=value, unit="points")
    else:  # "0.4/1000" is a rate: no scale goes that far
        yield Quantity("score", match.start(), match.end("a"), value=value)


def read_all(match: Match) -> Iterator[Quantity]:
    """Read all, or none, of a stated group."""
    count, none = whole_of(match, "k"), match[0].startswith("none")
    if count:
        yield _ratio(match, 0 if none else count, count)


def read_all_of(match: Match) -> Iterator[Quantity]:
    """Read all of a group whose size is stated ahead: of eight women with a sore, all."""
    told = _so_many().search(match.string[: match.start()])
    count = parse_number(told["k"]) if told else 0
    if count:
        yield replace(_ratio(match, int(count), int(count)), unit="patients", word=True)


@cache
def _so_many() -> re.Pattern[str]:
    rule = r"\b(?:of|among|in) (?:the |these |those |our )?(?P<k>{number})\s+(?:patients|individuals|subjects|participants|cases|children|women|men|girls|boys)\b(?:(?!\b{number}\b)[^.;:]){0,110}, $"
    return compiled(rule, load_fragments(), "parts.py")


def read_both(match: Match) -> Iterator[Quantity]:
    """Read both, or neither, of two patients."""
    yield replace(_ratio(match, 0 if match[0].startswith("neither") else 2, 2), word=True)


def read_all_but(match: Match) -> Iterator[Quantity]:
    """Read all but so many of a stated group: those left, which is arithmetic."""
    spared, whole = whole_of(match, "k"), whole_of(match, "m")
    if spared is not None and whole and spared < whole:
        word = is_word(group_of(match, "k") or "")
        yield replace(_ratio(match, whole - spared, whole), word=word, derived=True)


def read_rate(match: Match) -> Iterator[Quantity]:
    """Read one in so many: about a percent, not a number of people."""
    part, whole = whole_of(match, "k"), whole_of(match, "m")
    if part and whole and part < whole:
        percent = round(100 * part / whole, 1)
        start, end = match.start(), match.end("m")
        yield Quantity(
            "percent",
            start,
            end,
            percent=percent,
            unit="percent",
            operator="~",
            word=True,
            derived=True,
        )


_IN_GROUP = re.compile(r" in (?:the )?(?:(?:[\w-]+ ){0,3}(?:group|arm|cohort)\b|#{7})")


def read_none(match: Match) -> Iterator[Quantity]:
    """Read that it was no patient: a zero that the text states."""
    ahead = match.string[: match.start()]
    if not _LED_BY_GROUP.match(ahead):
        ahead = ahead[ahead.rfind(";") + 1 :]  # "one died at 9 months; none relapsed"
    item = ahead.endswith("in ") or match.string[match.end() : match.end() + 1] in set(";.),")
    item = item or _IN_GROUP.match(match.string, match.end()) is not None
    grouped = match[0] == "none" and not item and _GROUP_AHEAD.search(ahead)
    if grouped and not _SOME_AHEAD.search(ahead):
        return  # "of the 31, none died": the group is told as none of it
    unit = next((name for word, name in _NONES.items() if word in match[0]), "patients")
    yield Quantity(
        "count", match.start(), match.end(), value=0.0, numerator=0, unit=unit, word=True
    )


def read_share_of(match: Match) -> Iterator[Quantity]:
    """A percent of a stated group: 40% of 50 patients."""
    yield Quantity(
        "percent",
        match.start(),
        match.end(),
        percent=number_of(match, "a"),
        unit="percent",
        group=whole_of(match, "m"),
    )


def read_percents(match: Match) -> Iterator[Quantity]:
    """Read a range of percents."""
    low, high = number_of(match, "a"), number_of(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("percent", match.start(), match.end(), low=low, high=high, unit="percent")


def read_percent(match: Match) -> Iterator[Quantity]:
    """Read a percent with its spread or range."""
    yield Quantity(
        "percent",
        match.start(),
        match.end(),
        percent=number_of(match, "a"),
        spread=number_of(match, "s"),
        low=number_of(match, "low"),
        high=number_of(match, "high"),
        unit="percent",
        word=is_word(match["a"]),
    )


def read_words(match: Match) -> Iterator[Quantity]:
    """Read half and quarter as percents."""
    last = re.split(r"[- ]", match["a"])[-1]
    if last in _WORDED:
        yield Quantity(
            "percent",
            match.start(),
            match.end("a"),
            percent=_WORDED[last],
            unit="percent",
            word=True,
            operator="~",
        )


def _thirds(words: str) -> float:
    return {"one": 0.333, "a": 0.333, "two": 0.667}[re.split(r"[- ]", words)[0]]


def read_fraction(match: Match) -> Iterator[Quantity]:
    """A part told in words: a third is no percent that the source states."""
    low = group_of(match, "low")
    yield Quantity(
        "fraction",
        match.start("low") if low else match.start("a"),
        match.end("a"),
        value=None if low else _thirds(match["a"]),
        low=_thirds(low) if low else None,
        high=_thirds(match["a"]) if low else None,
        unit="fraction",
        word=True,
    )
