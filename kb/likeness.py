"""Tell whether what an annotation gives of a number and what we give of it are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UNITS = {"case": "patient", "cases": "patient", "individual": "patient"}
# Words of a time point that tell no time.
_EMPTY = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "at",
        "in",
        "on",
        "to",
        "and",
        "or",
        "our",
        "for",
        "from",
        "its",
        "with",
        "introduction",
    ]
)
_MONTHS = {"day": 1 / 30.4375, "week": 7 / 30.4375, "month": 1.0, "year": 12.0}
_DURATION = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)[ -](day|week|month|year)s?")
_SPLIT = re.compile(r"\b(pre|post|intra|peri)-")
# "Before the operation" and "preoperative" are one time, as are those after and during it.
_OPERATED = re.compile(
    r"\b(?P<when>before|after|following|during|prior to) (?:the |an? )?(?:surgery|operation|procedure|intervention)\b"
)
_OPERATIVE = {"before": "preoperative", "prior to": "preoperative", "during": "intraoperative"}


def agrees(name: str, expected: Any, given: Any, names: Mapping[str, set[str]]) -> bool:
    """Tell whether the values of a field agree; ``names`` are those that each measure goes by."""
    if name == "time":
        return _same_time(expected, given)
    if name == "unit":
        return _same_unit(expected, given)
    if name == "measure":
        return _same_measure(expected, given, names)
    if name == "range":
        return all(
            one is None or (other is not None and abs(one - other) < 0.01)
            for one, other in zip(expected, given, strict=True)
            if one != 0
        )
    if isinstance(expected, (int, float)):
        return abs(float(expected) - float(given)) < 0.06
    return str(expected) == str(given)


def shares_words(expected: str, given: str) -> bool:
    """Tell whether the shorter of two wordings has half of its words in the other."""
    wanted, got = _words(expected), _words(given)
    return bool(wanted & got) and 2 * len(wanted & got) >= min(len(wanted), len(got))


def _same_time(expected: str, given: tuple[str, float | None]) -> bool:
    stated = _months(expected)
    if stated is not None:
        return given[1] is not None and abs(stated - given[1]) < 0.05
    return shares_words(expected, given[0])


def _same_unit(expected: str, given: str) -> bool:
    """Tell whether two units are one; an annotated one may say more: levels above and below."""

    def stems(unit: str) -> list[str]:
        return [_stem(_UNITS.get(word, word)) for word in unit.lower().split()]

    return stems(given)[0] in stems(expected)


def _same_measure(expected: str, given: str, names: Mapping[str, set[str]]) -> bool:
    spoken = expected.lower().replace("_", " ")
    if spoken.endswith(" performed") and given == "procedure_performed":
        return True  # which procedure is a slot of its own
    # An annotated name may go on with the statistic or the scope: survival, median difference.
    narrower = spoken.startswith(given.replace("_", " ") + " ")
    return expected == given or narrower or spoken in names.get(given, set())


def _words(text: str) -> set[str]:
    low = _SPLIT.sub(r"\1", text.lower())
    low = _OPERATED.sub(lambda told: _OPERATIVE.get(told["when"], "postoperative"), low)
    return {_stem(each) for each in re.findall(r"[a-z]+", low) if each not in _EMPTY}


def _stem(word: str) -> str:
    return re.sub(r"(?<=present)(?:ation|ed|ing)$|(?:ively|ive|ly|s)$", "", word)


def _months(text: str) -> float | None:
    found = _DURATION.search(text)
    return round(float(found[1]) * _MONTHS[found[2]], 3) if found else None
