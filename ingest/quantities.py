"""Find number expressions of clinical prose, each with its form; attach nothing yet.

Offsets are those of the text given. Forms: p, interval, effect, ratio (k of n), share (k and its
percent), percent, value (with a unit), count (with a noun), score (bare), time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.numerals import DIGITS, NUMBER, WORD, is_word, parse_number
from ingest.quantity import Quantity
from ingest.times import find_times
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parent / "cues" / "units.yml"
_DASH = r"\s*(?:-|–|—|‑|−|to|and)\s*"
_SPAN = r"\s*(?:-|–|—|‑|−|to)\s*"
_PERCENT = r"(?:%|per ?cent\b)"
_OPERATORS = {
    "<": r"(?:<|less than|fewer than|under|below)",
    ">": r"(?:>|more than|greater than|over|in excess of|exceeding|above)",
    "<=": r"(?:≤|<=|at most|up to|no more than|not more than|a maximum of|within)",
    ">=": r"(?:≥|>=|at least|no less than|not less than|a minimum of|minimum)",
    "~": r"(?:~|approximately|about|around|nearly|almost|roughly|some|circa|ca\.)",
}
_OPERATOR = "|".join(f"(?P<op{index}>{rule})" for index, rule in enumerate(_OPERATORS.values()))
_BEFORE = re.compile(rf"(?:{_OPERATOR})\s*$", re.IGNORECASE)
_AFTER = re.compile(
    r"^[\s-]*(?:points?|%|years?|months?)?\s*(?P<mark>or (?:more|greater|higher|older|above)"
    r"|or (?:less|lower|fewer|below|younger))\b",
    re.IGNORECASE,
)


_TYPES = re.compile(
    r"\b(?:types?|grades?|stages?|fig\.?|figs?\.?|figure|table|phases?|no\.|class|group)\s*(?:[\divx]+[\s,]*|and\s|or\s)*$",
    re.IGNORECASE,
)
# Most sentences hold no number: they are told apart before twenty patterns try.
_ANY = re.compile(rf"\d|\b{WORD}\b|\bhalf\b|quarter", re.IGNORECASE)


@cache
def _spellings() -> tuple[str, dict[str, re.Pattern[str]], str, dict[str, re.Pattern[str]]]:
    cues: dict[str, Any] = load_yaml(_CUES)

    def compiled(table: dict[str, list[str]]) -> tuple[str, dict[str, re.Pattern[str]]]:
        names = {name: re.compile("|".join(rules)) for name, rules in table.items()}
        return "|".join(rule for rules in table.values() for rule in rules), names

    return (*compiled(cues["units"]), *compiled(cues["nouns"]))


def _name(spelling: str, names: dict[str, re.Pattern[str]]) -> str | None:
    return next((name for name, rule in names.items() if rule.fullmatch(spelling)), None)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None]], ...]:
    units, _, nouns, _ = _spellings()
    n, d = NUMBER, DIGITS
    adjectives = r"(?:(?!(?:of|in|to|and|or|with|the|a|at|had|were|was)\b)[A-Za-z-]+\s+){0,3}?"
    noun = rf"(?:{adjectives}(?P<noun>{nouns})\b)"
    unit = rf"\s*-?\s*(?P<unit>{units})(?![A-Za-z])"
    table: list[tuple[str, Callable[[re.Match[str]], Quantity | None]]] = [
        (
            r"\b[Pp](?:[- ]?values?)?\s*(?:of|was|were|:)?\s*(?P<op>[<>=≤≥])\s*(?P<a>0?[.·]\d+|1(?:[.·]0+)?)",
            _p,
        ),
        (
            rf"(?P<level>9\d(?:[.·]\d)?)\s*%\s*(?:CIs?|confidence intervals?|credible intervals?)(?:\s*\(CI\))?"
            rf"[\s,:=\[(]*(?:of|from|was)?\s*(?P<a>-?{d})\s*%?\s*(?:-|–|—|−|to|,|;)\s*(?P<b>-?{d})\s*%?",
            _interval,
        ),
        (
            rf"\b(?P<name>(?:adjusted |sub)?(?:hazards? ratio|odds ratio|relative risk|risk ratio)|a?HR|a?OR|RR)\b(?:\s*[(\[](?:HR|OR|RR)[)\]])?"
            rf"\s*(?:of|was|is|:|=|,|\[|\()?\s*(?P<a>{d})",
            _effect,
        ),
        (rf"\ball (?:of (?:the|our|these) |the |our )?(?P<k>{n})\s+{noun}", _all),
        (
            rf"(?P<a>{d})\s*{_PERCENT}\s*[(\[]\s*(?P<k>{d})\s*(?:/|of|out of)\s*(?:the\s+)?(?P<m>{d})(?:\s+[a-z]+)?\s*[)\]]",
            _share,
        ),
        (rf"(?P<a>{d})\s*{_PERCENT}\s*[(\[]\s*n\s*=\s*(?P<k>\d+)\s*[)\]]", _share),
        (
            rf"(?<![\w.,/–-])(?P<k>{n})(?:\s+{adjectives}(?:{nouns}))?(?:\s*[(\[]\s*(?P<a>{d})\s*{_PERCENT}\s*[)\]])?\s*(?:/|(?:out )?of)\s*"
            rf"(?:(?:the|our|these|those|all|a total of)\s+){{0,2}}(?P<m>{n})(?![\w/]|[.·]\d)(?:\s+{noun})?"
            rf"(?:\s*[(\[,]\s*(?P<b>{d})\s*{_PERCENT}\s*[)\]]?)?",
            _ratio,
        ),
        (
            rf"(?<![\w.,/–-])(?P<k>{n})(?:\s+{noun})?\s*[(\[]\s*(?P<op>~|approximately|about)?\s*(?P<a>{d})\s*{_PERCENT}\s*[)\]]",
            _share,
        ),
        (rf"\bn\s*=\s*(?P<k>\d+)(?:\s*[,;(]\s*(?P<a>{d})\s*{_PERCENT}\)?)?", _share),
        (rf"(?<![\w.])(?P<a>{d})\s*{_PERCENT}?{_SPAN}(?P<b>{d})\s*{_PERCENT}", _percents),
        (rf"(?<![\w.])(?P<a>{n})\s*{_PERCENT}", _percent),
        (
            r"\b(?P<a>(?:a |one[- ])?half|(?:a|one)[- ]third|two[- ]thirds|(?:a|one)[- ]quarter|three[- ]quarters) (?=of |were\b|had\b)",
            _words,
        ),
        (
            rf"\bfrom\s+(?:a (?:mean|median|baseline) (?:score )?of\s+)?(?P<a>{d})(?:\s*(?:±|\+/-)\s*{d})?\s*(?:{units}|%)?"
            rf"(?:\s+(?:\([^)]*\)|(?:pre-?operatively|before surgery|at baseline|preoperative|at presentation|points?)))?\s*,?\s+to\s+"
            rf"(?:a (?:mean|median) (?:score )?of\s+)?(?P<b>{d})(?:\s*(?:±|\+/-)\s*{d})?(?:{unit}|\s*(?P<percent>%))?",
            _change,
        ),
        (rf"(?<![\w.])(?P<a>{d})(?:\s*(?:±|\+/-|\+/−)\s*(?P<s>{d}))(?:{unit})?", _spread),
        (
            rf"(?<![\w.])(?P<a>{d})\s*[(\[](?:range|IQR|inter-?quartile range)?[,:;]?\s*(?P<low>{d}){_SPAN}(?P<high>{d})[)\]]{unit}",
            _ranged,
        ),
        (rf"(?<![\w.])(?:from\s+)?(?P<a>{d})(?:\s*(?:{units}))?{_SPAN}(?P<b>{d}){unit}", _values),
        # "14.2 vs 13.8 months": the first of two takes its unit from the second.
        (
            rf"(?<![\w.])(?P<a>{d})(?=\s*(?:vs\.?|versus|and|compared (?:with|to))\s*{d}{unit})",
            _value,
        ),
        (rf"(?<![\w.])(?P<a>{n}){unit}", _value),
        (rf"(?<![\w.,/–-])(?P<k>{n})\s+{noun}", _count),
        (r"\b(?:n|N)\s*=\s*(?P<k>\d+)", _count),
        (rf"(?<![\w.,/–-])(?P<a>{d}){_SPAN}(?P<b>{d})(?![\w/]|[.,·]\d|\s*{_PERCENT})", _scores),
        (rf"(?<![\w.,/–-])(?P<a>{d})(?![\w/]|[.,·]\d|\s*{_PERCENT})", _score),
    ]
    return tuple((re.compile(rule, re.IGNORECASE), make) for rule, make in table)


def _group(match: re.Match[str], name: str) -> str | None:
    return match.groupdict().get(name)


def _number(match: re.Match[str], name: str) -> float | None:
    text = _group(match, name)
    return None if text is None else parse_number(text.lstrip("-")) * (-1 if text[0] == "-" else 1)


def _whole(match: re.Match[str], name: str) -> int | None:
    value = _number(match, name)
    return int(value) if value is not None and value == int(value) else None


def _unit(match: re.Match[str]) -> str | None:
    _, units, _, nouns = _spellings()
    printed = _group(match, "unit")
    if printed:
        return _name(printed, units) or next(
            (name for name, rule in units.items() if rule.fullmatch(printed.lower())), None
        )
    noun = _group(match, "noun")
    return _name(noun.lower(), nouns) if noun else None


def _p(match: re.Match[str]) -> Quantity:
    sign = {"≤": "<=", "≥": ">="}.get(match["op"], match["op"])
    value = parse_number("0" + match["a"] if match["a"][0] in ".·" else match["a"])
    return Quantity("p", match.start(), match.end(), value=value, operator=sign)


def _interval(match: re.Match[str]) -> Quantity:
    return Quantity(
        "interval",
        match.start(),
        match.end(),
        value=_number(match, "level"),
        low=_number(match, "a"),
        high=_number(match, "b"),
    )


def _effect(match: re.Match[str]) -> Quantity | None:
    name = match["name"]
    short = {"HR": "hazard_ratio", "OR": "odds_ratio", "RR": "risk_ratio"}
    if name.lower() == "or" and name != "OR":
        return None
    statistic = short.get(name.lstrip("a")) or next(
        (
            label
            for word, label in (("hazard", "hazard_ratio"), ("odds", "odds_ratio"))
            if word in name.lower()
        ),
        "risk_ratio",
    )
    return Quantity(
        "effect", match.start(), match.end(), value=_number(match, "a"), statistic=statistic
    )


def _share(match: re.Match[str]) -> Quantity | None:
    count, printed = _whole(match, "k"), _group(match, "k") or ""
    return Quantity(
        "share",
        match.start(),
        match.end(),
        numerator=count,
        denominator=_whole(match, "m"),
        percent=_number(match, "a"),
        unit=_unit(match) or "patients",
        word=is_word(printed),
        operator="~" if _group(match, "op") else None,
    )


def _ratio(match: re.Match[str]) -> Quantity | None:
    part, whole = _whole(match, "k"), _whole(match, "m")
    if part is None or whole is None or part > whole or whole == 0:
        return None
    return Quantity(
        "ratio",
        match.start(),
        match.end(),
        numerator=part,
        denominator=whole,
        percent=_number(match, "a") if _group(match, "a") else _number(match, "b"),
        unit=_unit(match) or "patients",
        word=is_word(match["k"]),
    )


def _all(match: re.Match[str]) -> Quantity:
    count = _whole(match, "k")
    return Quantity(
        "ratio",
        match.start(),
        match.end(),
        numerator=count,
        denominator=count,
        unit=_unit(match),
        word=is_word(match["k"]),
    )


def _percents(match: re.Match[str]) -> Quantity:
    return Quantity(
        "percent",
        match.start(),
        match.end(),
        low=_number(match, "a"),
        high=_number(match, "b"),
        unit="percent",
    )


def _percent(match: re.Match[str]) -> Quantity:
    return Quantity(
        "percent",
        match.start(),
        match.end(),
        percent=_number(match, "a"),
        unit="percent",
        word=is_word(match["a"]),
    )


def _words(match: re.Match[str]) -> Quantity | None:
    exact = {"half": 50.0, "quarter": 25.0, "quarters": 75.0}
    last = re.split(r"[- ]", match["a"].lower())[-1]
    if last not in exact:
        return None  # a third is no percent that the source states
    return Quantity(
        "percent",
        match.start(),
        match.end("a"),
        percent=exact[last],
        unit="percent",
        word=True,
        operator="~",
    )


def _spread(match: re.Match[str]) -> Quantity:
    return Quantity(
        "value",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        spread=_number(match, "s"),
        unit=_unit(match),
    )


_CHANGE = re.compile(
    r"\b(?:improv|decreas|increas|reduc|declin|fell|fall|rose|drop|went|chang|recover)\w*",
    re.IGNORECASE,
)


def _change(match: re.Match[str]) -> Quantity | None:
    """Return a value before and one after; None where from-to is only a range."""
    if not _CHANGE.search(match.string[max(0, match.start() - 80) : match.start()]):
        return None
    return Quantity(
        "change",
        match.start(),
        match.end(),
        low=_number(match, "a"),
        high=_number(match, "b"),
        unit="percent" if _group(match, "percent") else _unit(match),
    )


def _values(match: re.Match[str]) -> Quantity:
    return Quantity(
        "value",
        match.start(),
        match.end(),
        low=_number(match, "a"),
        high=_number(match, "b"),
        unit=_unit(match),
    )


def _ranged(match: re.Match[str]) -> Quantity:
    return Quantity(
        "value",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        low=_number(match, "low"),
        high=_number(match, "high"),
        unit=_unit(match),
    )


def _value(match: re.Match[str]) -> Quantity:
    return Quantity(
        "value",
        match.start(),
        match.end(),
        value=_number(match, "a"),
        unit=_unit(match),
        word=is_word(match["a"]),
    )


def _count(match: re.Match[str]) -> Quantity:
    return Quantity(
        "count",
        match.start(),
        match.end(),
        value=_number(match, "k"),
        unit=_unit(match),
        numerator=_whole(match, "k"),
        word=is_word(match["k"]),
    )


def _scores(match: re.Match[str]) -> Quantity:
    return Quantity(
        "score", match.start(), match.end(), low=_number(match, "a"), high=_number(match, "b")
    )


def _score(match: re.Match[str]) -> Quantity:
    return Quantity("score", match.start(), match.end(), value=_number(match, "a"))


def _operator(text: str, quantity: Quantity) -> str | None:
    before = _BEFORE.search(text[max(0, quantity.start - 24) : quantity.start])
    after = _AFTER.match(text[quantity.end : quantity.end + 30])
    if after:
        word = after["mark"].lower().split()[1]
        return "<=" if word in {"less", "lower", "fewer", "below", "younger"} else ">="
    if before:
        index = next(key for key, group in before.groupdict().items() if group)
        return list(_OPERATORS)[int(index[2:])]
    return quantity.operator


@lru_cache(maxsize=2048)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the number expressions of a sentence, in order, none overlapping another.

    Time points are not among them; levels (L4), identifiers and years of the calendar neither.
    """
    if not _ANY.search(text):
        return ()
    taken = bytearray(len(text))
    found: list[Quantity] = []
    for time in find_times(text):
        taken[time.start : time.end] = b"\1" * (time.end - time.start)
    for rule, make in _rules():
        for match in rule.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            quantity = make(match)
            if quantity is None or _calendar(text, quantity):
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(quantity)
    return tuple(sorted((_finish(text, each) for each in found), key=lambda each: each.start))


def _finish(text: str, quantity: Quantity) -> Quantity:
    operator = _operator(text, quantity)
    return quantity if operator == quantity.operator else replace(quantity, operator=operator)


def _calendar(text: str, quantity: Quantity) -> bool:
    if (
        quantity.form == "count"
        and quantity.unit == "tumours"
        and _TYPES.search(text[max(0, quantity.start - 40) : quantity.start])
    ):
        return True  # "type 3, 4, and 5 lesions" counts no lesions
    if quantity.form != "score":
        return False
    numbers = [each for each in (quantity.value, quantity.low, quantity.high) if each is not None]
    if all(1900 <= each <= 2100 and each == int(each) for each in numbers):
        return True
    # "types 3, 4, and 5", "stage 2", "Fig. 3": names, not measurements.
    return bool(_TYPES.search(text[max(0, quantity.start - 40) : quantity.start]))
