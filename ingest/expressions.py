"""Turn a matched number expression into quantities: one function per form.

Each yields any number of quantities, none where the words around turn out to say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.numerals import DIGITS, NUMBER, is_word, parse_number
from ingest.quantity import Quantity
from ingest.units import noun_name, unit_name

Match = re.Match[str]
_SCORED = re.compile(
    r"\b(?:vas|nrs|nprs|scale|scores?|scored|joa|strength|power|motor|mrc|points?|muscle|pain)\b"
)
_LISTED = re.compile(r"(?:^|\b(?:in|of|for|among|and|with|were|by) |[(\[])$")
# "three of the six criteria" counts no patients
_NOT_PEOPLE = re.compile(
    r"\s*(?:[a-z#-]+ ){0,3}(?:criteria|items|domains|components|variables|questions|databases|reviewers|surgeons|observers|scores|factors|parameters)\b"
)
_NONES = {"death": "deaths", "cell": "cells"}
_CHANGE = re.compile(
    r"\b(?:improv|decreas|increas|reduc|declin|fell|fall|ros|rise|drop|went|chang|recover|worsen"
    r"|diminish|correct|advanc|deteriorat|gain|lower|elevat)\w*"
)


def _group(match: Match, name: str) -> str | None:
    """Return a named group; ``a2`` is the same part at another place of the rule."""
    known = match.re.groupindex
    for each in (name, f"{name}2", f"{name}3"):
        if each in known and (found := match[each]):
            return str(found)
    return None


def _number(match: Match, name: str) -> float | None:
    text = _group(match, name)
    return None if text is None else parse_number(text)


def _whole(match: Match, name: str) -> int | None:
    value = _number(match, name)
    return int(value) if value is not None and value == int(value) else None


def _unit(match: Match) -> str | None:
    printed, noun = _group(match, "unit"), _group(match, "noun")
    if printed:
        return unit_name(printed)
    return noun_name(noun) if noun else None


def read_p(match: Match) -> Iterator[Quantity]:
    """Read a p value."""
    sign = {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">="}.get(match["op"], match["op"])
    value = parse_number(match["a"].replace(",", "."))
    yield Quantity("p", match.start(), match.end(), value=value, operator=sign)


def read_interval(match: Match) -> Iterator[Quantity]:
    """Read a confidence interval with its level."""
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        level = _number(match, "level") or _number(match, "later")
        yield Quantity("interval", match.start(), match.end(), value=level, low=low, high=high)


def read_effect(match: Match) -> Iterator[Quantity]:
    """Read a hazard, odds or risk ratio."""
    name = match["name"]
    statistic = "risk_ratio"
    if "hazard" in name or name.rstrip("s").endswith("hr"):
        statistic = "hazard_ratio"
    elif "odds" in name or "ór" in name:
        statistic = "odds_ratio"
    low, high = _number(match, "low"), _number(match, "high")
    yield Quantity(
        "effect",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        low=low,
        high=high,
        statistic=statistic,
    )


def read_difference(match: Match) -> Iterator[Quantity]:
    """Read a difference between means, with its interval in brackets."""
    yield Quantity(
        "effect",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        low=_number(match, "low"),
        high=_number(match, "high"),
        unit=_unit(match),
        statistic="difference",
    )


def read_with_deviation(match: Match) -> Iterator[Quantity]:
    """Read 61.7 (10.8) years as a mean with its spread where "mean (SD)" stands before it."""
    ahead = match.string[max(0, match.start() - 60) : match.start()]
    if re.search(r"\(\s*(?:s\.?d\.?|±|standard deviation)", ahead):
        yield from read_value(match)


def read_share(match: Match) -> Iterator[Quantity]:
    """Read a count with its percent, and its whole where that is printed."""
    count, whole = _whole(match, "k"), _whole(match, "m")
    if count is None or (whole is not None and (count > whole or not whole)):
        return
    if _number(match, "a") is not None and (_number(match, "a") or 0) > 100:
        return
    yield Quantity(
        "share",
        match.start(),
        match.end(),
        numerator=count,
        denominator=whole,
        percent=_number(match, "a"),
        unit=_unit(match) or "patients",
        word=is_word(_group(match, "k") or ""),
        operator="~" if _group(match, "op") else None,
    )


def read_ratio(match: Match) -> Iterator[Quantity]:
    """Read k of n; a score out of its greatest value is no part of a group."""
    part, whole = _whole(match, "k"), _whole(match, "m")
    if part is None or whole is None or part > whole or whole == 0:
        return
    text, slash = match.string, match["by"].strip() == "/"
    if slash and (1900 <= whole <= 2100 or text.startswith(" of ", match.end())):
        return
    if slash and part < whole <= 4 and not _group(match, "noun") and text[match.end() - 1] != ")":
        return  # "less than 1/3 of them" is a fraction
    if _NOT_PEOPLE.match(text, match.end()):
        return
    near = text[max(0, match.start() - 60) : match.start()] + text[match.end() : match.end() + 30]
    if whole in {5, 10, 100} and _SCORED.search(near) and not _group(match, "noun"):
        yield Quantity("score", match.start(), match.end(), value=float(part), unit="points")
        return
    stated = _number(match, "a") if _group(match, "a") else _number(match, "b")
    yield Quantity(
        "ratio",
        match.start(),
        match.end(),
        numerator=part,
        denominator=whole,
        percent=stated,
        unit=_unit(match) or "patients",
        word=is_word(match["k"]),
    )


def read_out_of(match: Match) -> Iterator[Quantity]:
    """A score with its greatest value: 7.2/10, which is no part of a group."""
    value, top = _number(match, "a"), _number(match, "m")
    if value is not None and top is not None and value <= top:
        yield Quantity("score", match.start(), match.end(), value=value, unit="points")


def read_all(match: Match) -> Iterator[Quantity]:
    """Read all, or none, of a stated group."""
    count, none = _whole(match, "k"), match[0].startswith("none")
    if count:
        yield Quantity(
            "ratio",
            match.start(),
            match.end(),
            numerator=0 if none else count,
            denominator=count,
            unit=_unit(match) or "patients",
            word=is_word(match["k"]),
        )


def read_none(match: Match) -> Iterator[Quantity]:
    """Read that it was no patient: a zero that the text states."""
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
        percent=_number(match, "a"),
        unit="percent",
        group=_whole(match, "m"),
    )


def read_percents(match: Match) -> Iterator[Quantity]:
    """Read a range of percents."""
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("percent", match.start(), match.end(), low=low, high=high, unit="percent")


def read_listed(match: Match) -> Iterator[Quantity]:
    """Each number of a list that shares its unit, its noun or its percent sign."""
    unit = "percent" if _group(match, "percent") else _unit(match)
    noun = bool(_group(match, "noun"))
    if noun and not _LISTED.search(match.string[: match.start()]):
        return  # "2 patients had 4, and 1 patient had 5"
    for each in re.finditer(DIGITS if not noun else NUMBER, match["list"]):
        value = parse_number(each[0])
        start = match.start("list") + each.start()
        last = each.end() == len(match["list"])
        end = match.end() if last else match.start("list") + each.end()
        if noun and value != int(value):
            continue
        yield Quantity(
            "percent" if unit == "percent" else "count" if noun else "value",
            start,
            end,
            value=None if unit == "percent" else value,
            percent=value if unit == "percent" else None,
            numerator=int(value) if noun else None,
            unit=unit,
            word=is_word(each[0]),
        )


def read_percent(match: Match) -> Iterator[Quantity]:
    """Read a percent with its spread or range."""
    yield Quantity(
        "percent",
        match.start(),
        match.end(),
        percent=_number(match, "a"),
        spread=_number(match, "s"),
        low=_number(match, "low"),
        high=_number(match, "high"),
        unit="percent",
        word=is_word(match["a"]),
    )


_WORDED = {"half": 50.0, "quarter": 25.0, "quarters": 75.0}


def read_money(match: Match) -> Iterator[Quantity]:
    """An amount of money; millions are written out, which is arithmetic."""
    value = _number(match, "a")
    scale = {"million": 1e6, "m": 1e6, "k": 1e3, "billion": 1e9}.get(match["scale"] or "", 1.0)
    if value is not None:
        yield Quantity(
            "value",
            match.start(),
            match.end(),
            value=value * scale,
            unit={"$": "dollars", "€": "euros", "£": "pounds"}[match["sign"]],
            derived=scale != 1.0,
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
    low = _group(match, "low")
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


def read_change(match: Match) -> Iterator[Quantity]:
    """A value before and one after; nothing where from-to is only a range."""
    if not _CHANGE.search(match.string[max(0, match.start() - 90) : match.start()]):
        return
    percent = _group(match, "percent")
    yield Quantity(
        "change",
        match.start(),
        match.end(),
        low=_number(match, "a"),
        high=_number(match, "b"),
        unit="percent" if percent else _unit(match),
        marks=(match.start("a"), match.end("a"), match.start("b"), match.end()),
    )


def read_values(match: Match) -> Iterator[Quantity]:
    """Read a range with a unit."""
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("value", match.start(), match.end(), low=low, high=high, unit=_unit(match))


def read_value(match: Match) -> Iterator[Quantity]:
    """Read a value with its unit, spread and range; without a unit it is a score."""
    yield Quantity(
        "value" if _unit(match) else "score",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        spread=_number(match, "s"),
        low=_number(match, "low"),
        high=_number(match, "high"),
        unit=_unit(match),
        word=is_word(match["a"]),
    )


def read_counts(match: Match) -> Iterator[Quantity]:
    """A count that is told as a range: one or two arteries."""
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low < high:
        yield Quantity("count", match.start(), match.end(), low=low, high=high, unit=_unit(match))


def read_duration(match: Match) -> Iterator[Quantity]:
    """Hours and minutes, or years and months, in the smaller unit: arithmetic, and marked so."""
    large, small = _number(match, "a"), _number(match, "b")
    unit, times = ("months", 12) if _group(match, "unit") else ("min", 60)
    if large is not None and small is not None:
        yield Quantity(
            "value",
            match.start(),
            match.end(),
            value=times * large + small,
            unit=unit,
            derived=True,
        )


def read_count(match: Match) -> Iterator[Quantity]:
    """Read a number of things."""
    count = _whole(match, "k")
    if count is not None:
        yield Quantity(
            "count",
            match.start(),
            match.end(),
            value=float(count),
            unit=_unit(match) or "patients",
            numerator=count,
            word=is_word(match["k"]),
        )


def read_score(match: Match) -> Iterator[Quantity]:
    """Read a number without a unit."""
    low, high = _number(match, "low"), _number(match, "high")
    yield Quantity(
        "score",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        spread=_number(match, "s"),
        low=low,
        high=high,
    )


def read_scores(match: Match) -> Iterator[Quantity]:
    """Read a range without a unit."""
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("score", match.start(), match.end(), low=low, high=high)


def read_bare(match: Match) -> Iterator[Quantity]:
    """Read a number in letters that stands alone."""
    count = _whole(match, "a")
    if count is not None:
        yield Quantity(
            "bare", match.start(), match.end(), value=float(count), numerator=count, word=True
        )
