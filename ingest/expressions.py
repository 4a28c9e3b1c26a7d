"""Hold the rules that read number expressions: how each is worded and what it yields.

Rules match text in lower case in which names that hold numbers and earlier finds are blanked by
``#``. A rule yields any number of quantities, none where the words turn out to say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ingest.numerals import DIGITS, NUMBER, WORD, is_word, parse_number
from ingest.quantity import Quantity
from ingest.units import load_spellings, noun_name, unit_name

Match = re.Match[str]
Maker = Callable[[Match], Iterator[Quantity]]
_TO = r"\s*(?:-|–|—|‑|−|to|till|through)\s*"
_PERCENT = r"(?:%|per ?cent\b)"
# A hyphen is a minus only where no dash can stand.
_MINUS = (
    r"(?:(?<![\w)\]%])[−–](?=[\d.·])|(?:(?<=[(\[=:])|(?<=[=:] )|(?<=of )|(?<=by ))-(?=[\d.·]))?"
)
_OPEN, _CLOSE = r"\s*[(\[]\s*", r"\s*[)\]]"
_DOUBT = r"(?:~|∼|≈|approximately|about)?\s*"
# Words that no adjective between a number and its noun is.
_NO_ADJECTIVE = (
    "of|in|to|and|or|with|the|a|at|had|were|was|for|by|on|from|as|than|per|after|before|during"
    "|versus|vs|patients|cases|is|are|has|have|who|which|that|between|within|without|underwent"
    "|using|months|month|years|year|days|day|weeks|week|hours|minutes|points|percent"
)
_SCORED = re.compile(
    r"\b(?:vas|nrs|nprs|scale|scores?|scored|joa|strength|power|motor|mrc|points?|muscle|pain)\b"
)
_CHANGE = re.compile(
    r"\b(?:improv|decreas|increas|reduc|declin|fell|fall|ros|rise|drop|went|chang|recover|worsen"
    r"|diminish|correct|advanc|deteriorat|gain|lower|elevat)\w*"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording; ``marks`` are strings of which a text must hold one for it to be tried."""

    rule: re.Pattern[str]
    make: Maker
    marks: tuple[str, ...] = ()


def _group(match: Match, name: str) -> str | None:
    """Return a named group; ``a2`` is the same part in a rule's second wording."""
    groups = match.groupdict()
    return groups.get(name) or groups.get(f"{name}2")


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


def _p(match: Match) -> Iterator[Quantity]:
    sign = {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">="}.get(match["op"], match["op"])
    yield Quantity("p", match.start(), match.end(), value=_number(match, "a"), operator=sign)


def _interval(match: Match) -> Iterator[Quantity]:
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        level = _number(match, "level") or _number(match, "later")
        yield Quantity("interval", match.start(), match.end(), value=level, low=low, high=high)


def _effect(match: Match) -> Iterator[Quantity]:
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


def _share(match: Match) -> Iterator[Quantity]:
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


def _ratio(match: Match) -> Iterator[Quantity]:
    part, whole = _whole(match, "k"), _whole(match, "m")
    if part is None or whole is None or part > whole or whole == 0:
        return
    text, slash = match.string, match["by"].strip() == "/"
    if slash and (1900 <= whole <= 2100 or text.startswith(" of ", match.end())):
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


def _out_of(match: Match) -> Iterator[Quantity]:
    """A score with its greatest value: 7.2/10, which is no part of a group."""
    value, top = _number(match, "a"), _number(match, "m")
    if value is not None and top is not None and value <= top:
        yield Quantity("score", match.start(), match.end(), value=value, unit="points")


def _all(match: Match) -> Iterator[Quantity]:
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


def _share_of(match: Match) -> Iterator[Quantity]:
    """A percent of a stated group: 40% of 50 patients."""
    yield Quantity(
        "percent",
        match.start(),
        match.end(),
        percent=_number(match, "a"),
        unit="percent",
        group=_whole(match, "m"),
    )


def _percents(match: Match) -> Iterator[Quantity]:
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("percent", match.start(), match.end(), low=low, high=high, unit="percent")


def _listed(match: Match) -> Iterator[Quantity]:
    """Each number of a list that shares its unit, its noun or its percent sign."""
    unit = "percent" if _group(match, "percent") else _unit(match)
    noun = bool(_group(match, "noun"))
    for each in re.finditer(DIGITS if not noun else NUMBER, match["list"]):
        value = parse_number(each[0])
        start = match.start("list") + each.start()
        end = match.start("list") + each.end()
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


def _percent(match: Match) -> Iterator[Quantity]:
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


def _words(match: Match) -> Iterator[Quantity]:
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


def _fraction(match: Match) -> Iterator[Quantity]:
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


def _change(match: Match) -> Iterator[Quantity]:
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


def _values(match: Match) -> Iterator[Quantity]:
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("value", match.start(), match.end(), low=low, high=high, unit=_unit(match))


def _value(match: Match) -> Iterator[Quantity]:
    yield Quantity(
        "value",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        spread=_number(match, "s"),
        low=_number(match, "low"),
        high=_number(match, "high"),
        unit=_unit(match),
        word=is_word(match["a"]),
    )


def _counts(match: Match) -> Iterator[Quantity]:
    """A count that is told as a range: one or two arteries."""
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low < high:
        yield Quantity("count", match.start(), match.end(), low=low, high=high, unit=_unit(match))


def _duration(match: Match) -> Iterator[Quantity]:
    """Hours and minutes together, in minutes: arithmetic, and marked so."""
    hours, minutes = _number(match, "a"), _number(match, "b")
    if hours is not None and minutes is not None:
        yield Quantity(
            "value",
            match.start(),
            match.end(),
            value=60 * hours + minutes,
            unit="min",
            derived=True,
        )


def _count(match: Match) -> Iterator[Quantity]:
    count = _whole(match, "k")
    if count is not None:
        yield Quantity(
            "count",
            match.start(),
            match.end(),
            value=float(count),
            unit=_unit(match),
            numerator=count,
            word=is_word(match["k"]),
        )


def _score(match: Match) -> Iterator[Quantity]:
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


def _scores(match: Match) -> Iterator[Quantity]:
    low, high = _number(match, "a"), _number(match, "b")
    if low is not None and high is not None and low <= high:
        yield Quantity("score", match.start(), match.end(), low=low, high=high)


def _bare(match: Match) -> Iterator[Quantity]:
    count = _whole(match, "a")
    if count is not None:
        yield Quantity(
            "bare", match.start(), match.end(), value=float(count), numerator=count, word=True
        )


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are to be tried."""
    spelt = load_spellings()
    n, d = NUMBER, DIGITS
    x = _MINUS + DIGITS
    alone = r"(?<![\w.,/#·])(?<![\d%)][-–—−])(?<![a-z][-–‑])"
    adjective = rf"(?:(?!(?:{_NO_ADJECTIVE})\b)[a-z][a-z'’-]*\s+){{0,3}}?"
    noun = rf"(?:{adjective}(?P<noun>{spelt.noun})\b(?! (?:{spelt.noun})\b))"
    unnamed = rf"(?:{adjective}(?:{spelt.noun})\b(?! (?:{spelt.noun})\b))"
    unit = rf"\s*[-‑–]?\s*(?P<unit>{spelt.unit})(?![a-z])"
    same = rf"(?:\s*[-‑]?\s*(?:{spelt.unit})(?![a-z]))?"
    label = (
        r"(?:(?:total |overall |full )?range[ds]?|iqr|inter-?quartile (?:range|interval)s?(?:\s*[(\[]iqr[)\]])?"
        r"|q1\s*[-–]\s*q3|min(?:imum)?\s*[-–]\s*max(?:imum)?|interval)?[\s,:;=]*(?:of |from |was |between )?"
    )
    span = rf"{label}(?P<low>{x}){same}(?:{_TO}|\s+and\s+|,\s+)(?P<high>{x}){same}"
    spread = rf"(?:\s*(?:±|\+/[-−]|\+-)\s*(?P<s>{d})|{_OPEN}(?:s\.?d\.?|standard deviation|±|\+/-)[\s,:=±]*(?P<s2>{d}){same}{_CLOSE})"
    plain = rf"(?:\s*(?:±|\+/[-−]|\+-)\s*{d})?"
    several = r"(?:\s*,?\s*(?:and|or|vs\.?|versus|compared (?:with|to)|&)\s+)"
    the = r"(?:(?:the|our|these|those|all|a total of|a|his|her)\s+){0,2}"
    whole = rf"(?P<m>{n})(?![\w/]|[.·]\d|\s*(?:{_PERCENT}|points?\b|ml\b|mm\b|cm\b|months?\b|years?\b|days?\b|weeks?\b))"
    table: list[tuple[str, Maker, tuple[str, ...]]] = [
        (
            r"(?<![a-z])p(?:[- ]?values?)?\s*(?:of|was|were|is|:|,)?\s*(?:all\s+)?(?P<op>[<>=≤≥⩽⩾])\s*(?P<a>\d?[.·]\d+|[01](?:[.·]0+)?(?!\d))",
            _p,
            ("p",),
        ),
        (
            rf"(?:(?P<level>9\d(?:[.·]\d)?)\s*%\s*(?:-\s*)?)?(?:\bc\.?i\.?s?\b|(?:confidence|credible|credibility) (?:intervals?|limits?))(?:\s*[(\[]\s*cis?\s*[)\]])?"
            rf"(?:\s*(?P<later>9\d)\s*%)?[\s,:;=[(]*(?:of|from|was|between|range)?\s*(?P<a>{x})\s*%?{same}\s*(?:{_TO}|,\s*|;\s*|\s+and\s+)(?P<b>{x})\s*%?(?:{same})",
            _interval,
            ("ci", "interval", "c.i", "limit"),
        ),
        (
            rf"\b(?P<name>(?:adjusted |sub-?(?:distribution )?)?hazards? ratios?|(?:adjusted )?odds ratios?|(?:adjusted )?relative risks?|(?:adjusted )?risk ratios?|(?:incidence )?rate ratios?|[as]?hrs?|a?órs?|a?rrs?|irr|shr)\b"
            rf"(?:\s*[(\[]\s*[as]?(?:hr|ór|rr|irr)s?\s*[)\]])?\s*(?:of|was|is|were|:|=|,|\[|\(|for [a-z ]{{3,30}}(?:,|was|=|:))?\s*(?P<a>{d})(?!\s*%|\s*(?:patients|cases|months|years|of)\b|[\d.])"
            rf"(?:{_OPEN}(?P<low>{d})\s*[-–−]\s*(?P<high>{d})(?={_CLOSE}|[,;]))?",
            _effect,
            ("ratio", "risk", "hr", "ór", "rr"),
        ),
        (
            rf"\b(?:all|none)(?: of)? (?:the |our |these |those )?(?P<k>{n})\s+{noun}",
            _all,
            ("all", "none"),
        ),
        (
            rf"(?P<a>{d})\s*{_PERCENT}(?:\s+of\s+(?:the\s+)?{unnamed})?(?:{_OPEN}|,\s*)(?:n\s*=\s*)?(?P<k>{d})\s*(?:/|out of|of)\s*{the}(?P<m>{d})(?:\s+[a-z]+)?",
            _share,
            ("%", "percent"),
        ),
        (
            rf"(?P<a>{d})\s*{_PERCENT}{_OPEN}(?:n\s*=\s*)?(?P<k>{d})(?:\s+{noun})?(?=\s*[)\],;])(?:{_CLOSE})?",
            _share,
            ("%", "percent"),
        ),
        (
            rf"{alone}(?P<a>\d+[.·]\d+)\s*(?:/|(?:out )?of)\s*(?P<m>\d+)\b(?![.·]\d|\s*{_PERCENT})",
            _out_of,
            ("/", "out of"),
        ),
        (
            rf"{alone}(?P<k>{n})(?:\s+{unnamed})?(?:{_OPEN}(?P<a>{d})\s*{_PERCENT}{_CLOSE})?(?P<by>\s*/\s*|\s+(?:out )?of\s+)"
            rf"{the}{whole}(?:\s+{noun})?(?:(?:\s*[(\[,;]\s*|\s*=\s*)(?P<b>{d})\s*{_PERCENT}(?:{_CLOSE})?)?",
            _ratio,
            ("/", "of"),
        ),
        (
            rf"{alone}(?P<k>{n})(?:\s+{noun})?(?:{_OPEN}|\s*;\s*|,\s*)(?P<op>~|∼|≈|approximately|about)?\s*(?P<a>{d})\s*{_PERCENT}(?={_CLOSE}|[;,])(?:{_CLOSE})?",
            _share,
            ("%", "percent"),
        ),
        (
            rf"\bn\s*=\s*(?P<k>\d+)\s*(?:/\s*(?P<m>\d+)\s*)?(?:[,;(\[:]|or)\s*(?P<a>{d})\s*{_PERCENT}{_CLOSE}?",
            _share,
            ("n=", "n ="),
        ),
        (r"\bn\s*=\s*(?P<k>\d+)\s*/\s*(?P<m>\d+)", _share, ("n=", "n =")),
        (rf"(?P<a>{n})\s*{_PERCENT}\s+of\s+{the}(?P<m>\d+)\s+{noun}", _share_of, ("%", "percent")),
        (
            rf"(?:\bbetween\s+(?P<a>{x})\s*{_PERCENT}?\s+and\s+(?P<b>{x})|{alone}(?:from\s+)?(?P<a2>{x})\s*{_PERCENT}?{_TO}(?P<b2>{d}))\s*{_PERCENT}",
            _percents,
            ("%", "percent"),
        ),
        (
            rf"{alone}(?P<list>{d}(?:\s*,\s*{d})*{several}{d})\s*(?P<percent>{_PERCENT})",
            _listed,
            ("%", "percent"),
        ),
        (
            rf"\bfrom\s+(?:an? (?:mean|median|baseline|average|preoperative)(?: (?:mean|median|value|score))? (?:score )?of\s+)?(?P<a>{x}){plain}\s*(?:%|{same})?(?:\s+points?)?"
            rf"(?:\s*[(\[][^)\]]*[)\]]|\s+(?:pre-?operatively|before (?:the )?(?:surgery|operation|treatment)|at baseline|pre-?operative|at presentation|at admission|#+))*\s*,?\s+to\s+"
            rf"(?:an? (?:mean|median|average|postoperative)(?: (?:mean|median|value|score))? (?:score )?of\s+)?(?P<b>{x}){plain}(?:{unit}|\s*(?P<percent>%))?",
            _change,
            ("from",),
        ),
        (
            rf"{alone}(?P<a>{_MINUS}{n})\s*{_PERCENT}(?:\s*(?:±|\+/-)\s*(?P<s>{d})\s*%?)?(?:{_OPEN}(?:range|iqr)[\s,:]*(?P<low>{d})\s*%?{_TO}(?P<high>{d})\s*%?{_CLOSE})?",
            _percent,
            ("%", "percent"),
        ),
        (
            r"\b(?P<a>(?:a |one[- ])?half|(?:a|one)[- ]quarter|three[- ]quarters)(?= of |,? were\b| had\b)",
            _words,
            ("half", "quarter"),
        ),
        (
            r"\b(?:between\s+)?(?:(?P<low>(?:a|one|two)[- ]thirds?)\s+(?:and|to)\s+)?(?P<a>(?:a|one|two)[- ]thirds?)\b(?= of )",
            _fraction,
            ("third",),
        ),
        (
            rf"{alone}(?P<a>{d})\s*(?:hours?|hrs?|h)\s*(?:,|and)?\s*(?P<b>\d{{1,2}})\s*(?:minutes?|mins?|min|m)\b",
            _duration,
            ("h",),
        ),
        (
            rf"{alone}(?P<a>{x}){same}{spread}(?:{unit})?(?:{_OPEN}{span}{_CLOSE}(?:\s*(?P<unit2>{spelt.unit})(?![a-z]))?)?",
            _value,
            ("±", "+/", "+-", "sd", "s.d", "standard deviation"),
        ),
        (
            rf"{alone}(?P<a>{x}){unit}(?:{_OPEN}|,\s+(?=range|iqr|inter)){span}(?=\s*[)\];,.]|\s*$)(?:{_CLOSE})?",
            _value,
            ("(", "[", "range", "iqr"),
        ),
        (rf"{alone}(?P<a>{x}){_OPEN}{span}{_CLOSE}{unit}", _value, ("(", "[")),
        (
            rf"(?:\bbetween\s+(?P<a>{x}){same}\s+and\s+|{alone}(?:from\s+)?(?P<a2>{x}){same}{_TO})(?P<b>{x}){unit}",
            _values,
            (),
        ),
        (
            rf"\b(?P<a>{n})\s+(?:to|or)\s+(?P<b>{n})\s+(?:(?:adjacent|consecutive)\s+)?{noun}",
            _counts,
            ("to", "or"),
        ),
        (rf"{alone}(?P<list>{d}(?:\s*,\s*{d})*{several}{d}){unit}", _listed, ()),
        (rf"{alone}(?P<a>{_MINUS}{n}){unit}", _value, ()),
        (
            rf"{alone}(?P<list>{n}(?:\s*,\s*{n})*{several}{n})\s+(?P<noun>{spelt.noun})\b",
            _listed,
            (),
        ),
        (rf"{alone}(?P<k>{n})\s+{noun}", _count, ()),
        (r"\bn\s*=\s*(?P<k>\d+)", _count, ("n=", "n =")),
        (rf"{alone}(?P<a>{x}){_OPEN}{span}{_CLOSE}", _score, ("(", "[")),
        (rf"{alone}(?P<a>{x}){_TO}(?P<b>{d})(?![\w/]|[.·]\d|\s*{_PERCENT})", _scores, ()),
        (rf"{alone}(?P<a>{x})(?![\w/]|[.·]\d|\s*{_PERCENT})", _score, ()),
        (rf"(?<![\w#-])(?P<a>{WORD})(?![\w#-])", _bare, ()),
    ]
    return tuple(Rule(re.compile(rule), make, marks) for rule, make, marks in table)
