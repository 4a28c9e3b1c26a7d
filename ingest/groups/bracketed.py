"""Tell whether a size in brackets, (n = 28), is of a group that the numbers beside it are about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.pools import is_pool
from ingest.language.starts import build_rule
from ingest.numbers.quantity import BOUNDS, MEASURED, Quantity, sizes_group

# "those in A (n = 71) had a higher rate of infection"
_COMPARES = re.compile(
    r"[)\]]?,? (?:had|showed|experienced|were|was) (?:an? |more )?(?:\w+ly )?(?:higher|lower|more|less|fewer|longer|shorter|better|worse|greater|smaller)\b"
)
# "The stay for posterior procedures (n = 28) was 9 days", "9 days for posterior procedures (n = 28)"
_NAMED = re.compile(
    r"(?:^|\b)(?:for|in|among|after|following|with|of) (?:the )?(?!n\b)[a-z][^,.;:()\[\]\d]{2,60}[(\[]\s*$"
)
_GROUP = re.compile(
    r"\b(?:(?:groups?|arms?|cohorts?)(?: (?:[a-d]|[1-4]|i{1,3}|iv))?|patients|controls?|cases|surger(?:y|ies)|alone|only)\s*[(\[]\s*$"
)
_SUBJECT = re.compile(
    r"(?:in |for )?(?:the )?(?:patients|individuals|participants|those|women|men|subjects)\b"
)
_TOLD_OF = re.compile(
    r"\s*[)\]],?\s+(?:it |this |that )?(?:was|were|is|are|had|reached|averaged|amounted to|showed)\b"
)
# "The registry (n = 795) had a rate of": what it sizes is all that its rates are of
_SERIES = re.compile(
    r"(?:the )?(?:[a-z-]+ ){0,4}(?:databases?|registr(?:y|ies)|series|data ?sets?|sets?|samples?|operations?|procedures?|resections?|approach(?:es)?|[a-z]{3,}omas)\s*[(\[]\s*"
)
# "After corpectomy (n = 30), the mean loss was": all that follows is of those.
_OPENED = re.compile(r"(?:after|following|in|for|among|with|of) [^,.;:()]{3,60}[(\[]")
_CALLED = re.compile(r"\b(?:groups?|arms?|cohorts?)(?: \w{1,3})?\s?[(\[]$")
# "Men (n = 40) and women (n = 31) were alike": they are whom a finding without a number is of.
_WEIGHED = build_rule(
    r"\b(?:differ(?:s|ed|ences?)?|similar|comparable|alike|tended|increased|decreased|improved|worsened|rose|fell|declined|correlat(?:ed|es|ions?)|(?:was|were) (?:\w+ly )?(?:higher|lower|longer|shorter|better|worse|more|less|equal))\b"
)
_PEOPLE = re.compile(
    r"\b(?:patients|individuals|men|women|boys|girls|children|subjects|participants|controls|adults|volunteers|those|groups?) ?[(\[]$"
)
_PAIR = re.compile(r"\bbetween [^.;:]*[(\[]$|\bbetween [^.;:]*[)\]] and [^.;:()]*[(\[]$")
# "The form was similar for A (n = 45) or B (n = 66)"
_ALIKE_IN = re.compile(
    r"\b(?:similar|comparable|alike|equal|no (?:\w+ )?differences?) (?:in|for|between|among) (?:the )?[^.;:]*[(\[]$"
)
# "(rho = 0.4, p = 0.02, n = 47)": of how many that is.
_BEHIND_P = re.compile(r"\bp\s*[<=>≤]\s*0?[.·]\d+[,;]\s*$")
_COMMA = re.compile(r"\s*[)\]],")


def is_weighed(low: str, size: Quantity, others: Sequence[Quantity]) -> bool:
    """Tell whether a size in brackets is of people whom a sentence only compares or tells to have changed."""
    if _BEHIND_P.search(low, 0, size.start):
        return True
    opened = _OPENED.fullmatch(low, 0, size.start) or _PEOPLE.search(low, 0, size.start)
    if opened and _WEIGHED.search(low, size.end):
        return True
    # "A leak befell nine, with no difference between A (n = 5) and B (n = 4)": those with one.
    alone = all(sizes_group(low, each.start) for each in others)
    pair = _PAIR.search(low, 0, size.start) if alone else None
    if alone and _ALIKE_IN.search(low, 0, size.start):
        return True
    return pair is not None and _WEIGHED.search(low) is not None


def counts_nobody(
    low: str, size: Quantity, quantities: Sequence[Quantity], others: Sequence[Quantity]
) -> bool:
    """Tell whether (n = 41) is the size of a group and counts nobody for what is told."""
    if is_weighed(low, size, others) or is_pool(low, size):
        return True
    # Sizes alone are told: "received fixation (n = 41) or radiotherapy alone (n = 44)".
    if all(sizes_group(low, each.start) for each in others):
        return _CALLED.search(low, 0, size.start) is not None
    return is_named_group(low, size, quantities)


def is_named_group(low: str, quantity: Quantity, quantities: Sequence[Quantity]) -> bool:
    """Tell whether (n = 41) sizes a group of patients that other numbers compare."""
    later = [each for each in quantities if each.start >= quantity.end and each.form not in BOUNDS]
    if _COMPARES.match(low, quantity.end) or _is_told_of(low, quantity, quantities):
        return True
    if _GROUP.search(low, 0, quantity.start):
        return True
    others = any(each.form != "count" for each in later)
    if others and _SERIES.fullmatch(low, 0, quantity.start) and _TOLD_OF.match(low, quantity.end):
        return True
    return others and "," not in low[: quantity.start] and _SUBJECT.match(low) is not None


def _is_told_of(low: str, quantity: Quantity, quantities: Sequence[Quantity]) -> bool:
    """Tell whether a size in brackets is of those in whom a number beside it was measured."""
    named = _NAMED.search(low, 0, quantity.start)
    if named is None:
        return False
    at = quantities.index(quantity)
    before, behind = quantities[max(0, at - 1) : at], quantities[at + 1 : at + 2]
    if behind and behind[0].form in MEASURED and tells_ahead(low, quantity):
        return True
    return any(
        each.form in MEASURED and not low[each.end : named.start()].strip(" )]") for each in before
    )


def tells_ahead(low: str, size: Quantity) -> bool:
    """Tell whether what follows a size in brackets is told of the group that it sizes."""
    if _TOLD_OF.match(low, size.end):
        return True
    opened = _OPENED.fullmatch(low, 0, size.start)
    return opened is not None and _COMMA.match(low, size.end) is not None
