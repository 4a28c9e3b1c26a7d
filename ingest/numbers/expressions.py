"""Turn a matched number expression into quantities: one function per form.

Each yields any number of quantities, none where the words around turn out to say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.numbers.numerals import DIGITS, NUMBER, is_word, parse_number
from ingest.numbers.quantity import Quantity
from ingest.numbers.units import noun_name, unit_name

Match = re.Match[str]
_OF_WHAT = re.compile(r"\s*(?:of|associated with|comparing) [a-z]")
# "HR 1)", "OR = 1.0 (reference)": no interval and no p goes with it
_REFERENCE = re.compile(r"\s*(?:[)\]]|[,;(\[]?\s*(?:reference|ref\b|referent))", re.IGNORECASE)


def group_of(match: Match, name: str) -> str | None:
    """Return a named group; ``a2`` is the same part at another place of the rule."""
    known = match.re.groupindex
    for each in (name, f"{name}2", f"{name}3"):
        if each in known and (found := match[each]):
            return str(found)
    return None


def number_of(match: Match, name: str) -> float | None:
    """Return a named number, None where its part did not match."""
    text = group_of(match, name)
    return None if text is None else parse_number(text)


def whole_of(match: Match, name: str) -> int | None:
    """Return a named number where it is whole, else None."""
    value = number_of(match, name)
    return int(value) if value is not None and value == int(value) else None


def unit_of(match: Match) -> str | None:
    """Return the unit of a match, or what its noun counts."""
    printed, noun = group_of(match, "unit"), group_of(match, "noun")
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
    low, high = number_of(match, "a"), number_of(match, "b")
    if low is None or high is None:
        return
    if high < low < 0:  # losses are told by their size as often: "-7.6 to -9.2"
        low, high = high, low
    if low <= high:
        level = number_of(match, "level") or number_of(match, "later")
        yield Quantity("interval", match.start(), match.end(), value=level, low=low, high=high)


def _ratio_of(name: str) -> str:
    if "hazard" in name or name.rstrip("s").endswith("hr"):
        return "hazard_ratio"
    return "odds_ratio" if "odds" in name or "ór" in name else "risk_ratio"


def read_effect_range(match: Match) -> Iterator[Quantity]:
    """Read the range of the ratios that several studies found."""
    low, high = number_of(match, "low"), number_of(match, "high")
    if low is not None and high is not None and low < high:
        start, end, statistic = match.start(), match.end(), _ratio_of(match["name"])
        yield Quantity("effect", start, end, low=low, high=high, statistic=statistic)


def read_effect(match: Match) -> Iterator[Quantity]:
    """Read a hazard, odds or risk ratio; "HR 1)" is that of those whom the others are set against."""
    low, high = number_of(match, "low"), number_of(match, "high")
    if number_of(match, "a") == 1 and _REFERENCE.match(match.string, match.end()):
        return
    # What a ratio is of may stand between its name and its number; it is no part of the number.
    apart = _OF_WHAT.match(match.string, match.end("name")) is not None
    yield Quantity(
        "effect",
        match.start("a") if apart else match.start(),
        match.end(),
        value=number_of(match, "a"),
        low=low,
        high=high,
        statistic=_ratio_of(match["name"]),
    )


def read_odds(match: Match) -> Iterator[Quantity]:
    """Read how many times the odds are: 2.4 times the odds."""
    yield Quantity(
        "effect",
        match.start(),
        match.end(),
        value=number_of(match, "a"),
        statistic="odds_ratio",
    )


def read_difference(match: Match) -> Iterator[Quantity]:
    """Read a difference between means, with its interval in brackets."""
    apart = re.search(r"\b(?:of|in|for) [a-z]", match.string[match.start() : match.start("a")])
    yield Quantity(
        "effect",
        match.start("a") if apart else match.start(),
        match.end(),
        value=number_of(match, "a"),
        low=number_of(match, "low"),
        high=number_of(match, "high"),
        unit=unit_of(match),
        statistic="difference",
    )


def read_listed(match: Match) -> Iterator[Quantity]:
    """Each number of a list that shares its unit, its noun or its percent sign."""
    unit = "percent" if group_of(match, "percent") else unit_of(match)
    noun = bool(group_of(match, "noun"))
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


_MONEY = {
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "eur": "euros",
    "usd": "dollars",
    "gbp": "pounds",
}


def read_money(match: Match) -> Iterator[Quantity]:
    """An amount of money; millions are written out, which is arithmetic."""
    value = number_of(match, "a")
    scale = {"million": 1e6, "m": 1e6, "k": 1e3, "billion": 1e9}.get(match["scale"] or "", 1.0)
    if value is not None:
        yield Quantity(
            "value",
            match.start(),
            match.end(),
            value=value * scale,
            spread=number_of(match, "s"),
            unit=_MONEY.get(match["sign"], match["sign"].upper()),
            derived=scale != 1.0,
        )


def read_change(match: Match) -> Iterator[Quantity]:
    """A value before and one after."""
    percent = group_of(match, "percent")
    yield Quantity(
        "change",
        match.start(),
        match.end(),
        low=number_of(match, "a"),
        high=number_of(match, "b"),
        unit="percent" if percent else unit_of(match),
        marks=(match.start("a"), match.end("a"), match.start("b"), match.end()),
    )


def read_values(match: Match) -> Iterator[Quantity]:
    """Read a range with a unit."""
    low, high = number_of(match, "a"), number_of(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("value", match.start(), match.end(), low=low, high=high, unit=unit_of(match))


def read_value(match: Match) -> Iterator[Quantity]:
    """Read a value with its unit, spread and range; without a unit it is a score."""
    yield Quantity(
        "value" if unit_of(match) else "score",
        match.start(),
        match.end(),
        value=number_of(match, "a"),
        spread=number_of(match, "s"),
        low=number_of(match, "low"),
        high=number_of(match, "high"),
        unit=unit_of(match),
        word=is_word(match["a"]),
    )


def read_sides(match: Match) -> Iterator[Quantity]:
    """Read the sides of a thing; the first printed is its value."""
    start, end, unit = match.start(), match.end(), unit_of(match)
    yield Quantity("sides", start, end, value=number_of(match, "a"), unit=unit)


def read_two_centres(match: Match) -> Iterator[Quantity]:
    """Read 12.4 (median 9, range 1-40) months: two centres, the range with the second."""
    unit = unit_of(match)
    yield Quantity(
        "value", match.start("a"), match.end("a"), value=number_of(match, "a"), unit=unit
    )
    yield Quantity(
        "value",
        match.start("b"),
        match.end(),
        value=number_of(match, "b"),
        low=number_of(match, "low"),
        high=number_of(match, "high"),
        unit=unit,
    )


def read_rate_per(match: Match) -> Iterator[Quantity]:
    """Read how many in so many: of what, and of how many of it, is the unit."""
    value, unit = number_of(match, "a"), f"per {match['per']}"
    yield Quantity("value", match.start(), match.end(), value=value, unit=unit)


def read_fold(match: Match) -> Iterator[Quantity]:
    """Read how many times as much: two-fold, 2.5 times higher."""
    yield Quantity("value", match.start(), match.end(), value=number_of(match, "a"), unit="fold")


def read_times(match: Match) -> Iterator[Quantity]:
    """Read how many times as much in a word: twice as likely."""
    value = 2.0 if match["a"] == "twice" else 3.0
    yield Quantity("value", match.start(), match.end(), value=value, unit="fold", word=True)


def read_accuracy(match: Match) -> Iterator[Quantity]:
    """Read how well a score tells what will be: the area under its curve, its concordance."""
    name = "c_statistic" if match["name"].startswith(("c", "h")) else "auc"
    yield Quantity(
        "effect",
        match.start(),
        match.end(),
        value=number_of(match, "a"),
        spread=number_of(match, "s"),
        statistic=name,
    )


def read_kappa(match: Match) -> Iterator[Quantity]:
    """Read how far two readers agree beyond chance."""
    start, end = match.start(), match.end()
    yield Quantity("effect", start, end, value=number_of(match, "a"), statistic="kappa")


def read_correlation(match: Match) -> Iterator[Quantity]:
    """Read how closely two things go together: a coefficient from -1 to 1."""
    yield Quantity(
        "effect",
        match.start(),
        match.end(),
        value=number_of(match, "a"),
        statistic="correlation_coefficient",
    )


def read_counts(match: Match) -> Iterator[Quantity]:
    """A count that is told as a range: one or two arteries."""
    low, high = number_of(match, "a"), number_of(match, "b")
    if low is not None and high is not None and low < high:
        yield Quantity("count", match.start(), match.end(), low=low, high=high, unit=unit_of(match))


def read_duration(match: Match) -> Iterator[Quantity]:
    """Hours and minutes, or years and months, in the smaller unit: arithmetic, and marked so."""
    large, small = number_of(match, "a"), number_of(match, "b")
    unit, times = ("months", 12) if group_of(match, "unit") else ("min", 60)
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
    count = whole_of(match, "k")
    if count is not None:
        yield Quantity(
            "count",
            match.start(),
            match.end(),
            value=float(count),
            unit=unit_of(match) or "patients",
            numerator=count,
            word=is_word(match["k"]),
        )


def read_score(match: Match) -> Iterator[Quantity]:
    """Read a number without a unit."""
    low, high = number_of(match, "low"), number_of(match, "high")
    yield Quantity(
        "score",
        match.start(),
        match.end(),
        value=number_of(match, "a"),
        spread=number_of(match, "s"),
        low=low,
        high=high,
    )


def read_scores(match: Match) -> Iterator[Quantity]:
    """Read a range without a unit."""
    low, high = number_of(match, "a"), number_of(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("score", match.start(), match.end(), low=low, high=high)


def read_bare(match: Match) -> Iterator[Quantity]:
    """Read a number in letters that stands alone."""
    count = whole_of(match, "a")
    if count is not None:
        yield Quantity(
            "bare", match.start(), match.end(), value=float(count), numerator=count, word=True
        )
