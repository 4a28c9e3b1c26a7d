"""Tell what a claim advises: for or against, how strongly, in which words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.language.lists import enumerated
from ingest.model import Assertion, Kind, Measurement, Polarity
from ingest.reading import Reading
from ingest.statements.draft import Draft
from ingest.statements.strength import strength_of

# "While most papers recommend X, Y may be an option": what is conceded is not what is advised.
_CONCEDED = re.compile(r"^(?:while|although|though|whereas) [^,]*, ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether a claim advises for or against, how strongly, and in which words."""

    polarity: Polarity | None = None
    strength: str | None = None
    wording: str | None = None


# "Radiosurgery should be given within a month (93%)", "(agreement 93%)"
_AGREED = re.compile(
    r"\((?:(?:level of |rate of )?(?:agreement|consensus)(?: rate| level)?(?: of|:|,)? )?$",
    re.IGNORECASE,
)


def by_vote(each: Measurement, reading: Reading, kind: Kind) -> Measurement:
    """Return the bare share behind a result that is advice as that of the experts who agreed to it."""
    alone = kind == "indication" and each.statistic == "percent" and each.n is None
    if not alone or each.measure or reading.sentence.role != "results":
        return each
    before = reading.text[max(0, each.start - 30) : each.start]
    if not _AGREED.search(before) or not reading.text.startswith(")", each.end):
        return each
    return replace(each, measure="expert_consensus", time_text=None, time_months=None, group=None)


def advice_of(reading: Reading, draft: Draft, kind: Kind, asserted: Assertion) -> Advice:
    """Return what a claim advises; a finding advises nothing."""
    pattern = draft.pattern
    advising = kind == "indication" and pattern.subkind is None
    if pattern.subkind == "background":
        return Advice()  # "six trials were eligible": of what a study is made advises nothing
    if not (advising or pattern.subkind == "mitigation" or kind == "approach"):
        return Advice()
    begin, end = draft.clause
    items = [start for start, _ in enumerated(reading.text)] if draft.listed else []
    if items and items[0] <= draft.focus[0]:
        # Of a list each item says for itself what it advises, where its head does not.
        head = strength_of(reading.text[: items[0]])
        if head is None and strength_of(reading.text[slice(*draft.focus)]) is None:
            return Advice("against" if asserted == "negated" else "for") if advising else Advice()
    if draft.spared and advising:
        return Advice("against", "not_recommended")
    words = reading.text[begin:end]
    own = _CONCEDED.sub("", words)
    found = strength_of(own) or (strength_of(words) if "some " not in words[: -len(own)] else None)
    if found is None and advising:
        found = strength_of(reading.text)
    if found is None and pattern.strength is None:
        return Advice("against" if asserted == "negated" else "for") if advising else Advice()
    if kind == "approach" and pattern.polarity is None:
        return Advice(None, found.strength if found else pattern.strength)
    polarity = found.polarity if found else pattern.polarity or "for"
    if pattern.polarity == "against":
        polarity = "against"
    return Advice(
        polarity, found.strength if found else pattern.strength, found.wording if found else None
    )
