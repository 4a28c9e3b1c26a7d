"""Find the time points of clinical prose: "at 2 years", "2-year survival", "within two months"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ingest.numerals import DIGITS, NUMBER, parse_number
from ingest.quantity import Quantity

_MONTHS = {"day": 1 / 30.4375, "week": 7 / 30.4375, "month": 1.0, "year": 12.0}


_TIME = re.compile(
    rf"(?P<lead>\b(?:at|after|within|by|for|in|over|until|during)\s+(?:the\s+)?(?:first\s+|last\s+|mean\s+|median\s+)?"
    rf"(?:a (?:mean|median|minimum) (?:follow-?up )?of\s+)?)?"
    rf"(?P<many>(?:{DIGITS}\s*(?:-|‑|–)?\s*(?:(?:day|week|month|year)s?\s*)?(?:,|and|or|/)\s*(?:and\s+)?)*)(?P<a>{NUMBER})\s*(?P<hyphen>-|‑|–)?\s*"
    rf"(?P<unit>day|week|month|year)s?\b(?P<tail>\s+(?:of follow-?up|follow-?up|after (?:the )?(?:surgery|operation|treatment|index procedure)"
    rf"|post-?operatively|postoperative|after surgery|later))?",
    re.IGNORECASE,
)


_UNIT = re.compile(r"day|week|month|year", re.IGNORECASE)
_RATE_NOUN = re.compile(
    r"^\s*(?:overall |actuarial |cumulative |local |disease[- ]free |progression[- ]free |recurrence[- ]free |cancer[- ]specific |estimated |OS\b|PFS\b|LC\b)*"
    r"(?:survival|mortality|control|recurrence|progression|rate|OS|PFS|LC|complication|readmission|reoperation|follow-?up|free)",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def find_times(text: str) -> tuple[Quantity, ...]:
    """Return the time points of a sentence: "at 2 years", "2-year survival", "within two months".

    A duration that is itself the finding ("a mean of 22.1 months") is none; ``months`` is the
    time point in months of 30.4375 days.
    """
    return tuple(_found(text)) if _UNIT.search(text) else ()


def _found(text: str) -> Iterator[Quantity]:
    for match in _TIME.finditer(text):
        rate = bool(_RATE_NOUN.match(text[match.end("unit") + 1 :])) or bool(
            _RATE_NOUN.match(text[match.end() :])
        )
        lead = (match["lead"] or "").split(" ")[0].lower()
        if not (rate or match["tail"] or lead in {"at", "after", "within", "by", "until"}):
            continue
        if re.match(r"\s*(?:-?\s*old|of age)\b", text[match.end() :]):
            continue
        scale = _MONTHS[match["unit"].lower()]
        start = match.start("lead") if match["lead"] else match.start("many")
        for each in re.finditer(DIGITS, match["many"]):
            yield Quantity(
                "time",
                match.start("many"),
                match.end(),
                value=parse_number(each[0]),
                months=round(parse_number(each[0]) * scale, 3),
                unit=match["unit"].lower() + "s",
            )
        value = parse_number(match["a"])
        begin = match.start("a") if match["many"] else start
        yield Quantity(
            "time",
            begin,
            match.end(),
            value=value,
            months=round(value * scale, 3),
            unit=match["unit"].lower() + "s",
            operator="<=" if lead in {"within", "by"} else None,
        )
