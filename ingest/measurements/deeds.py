"""Tell when an operation that stands like a time says of which group a number is: 5% after excision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.numbers.quantity import Quantity
from ingest.numbers.times import says_after

_AGAINST = ("than ", "versus ", "vs ", "vs. ")
# "12% after wide excision and 30% after curettage": what was done makes two groups, no times.
_AFTER = re.compile(
    r"(?<!immediately )(?<!early )(?<!shortly )(?<!late )\b(?:after|following) (?:the |an? )?"
    r"(?P<what>[a-z](?:[^,;:()\[\].\d](?!(?:and|but|while|whereas|versus|vs|than|against|compared|in|for|was|were|had)\b))*)"
)
_SET = re.compile(r"\b(?:and|but|while|whereas|versus|vs|than|against|compared|opposed)\b")
_COMPARED = re.compile(
    r"\b(?:higher|lower|greater|smaller|longer|shorter|fewer|larger|rarer|(?:more|less)(?: [a-z]+)?) $"
)
_ALL_HAD = re.compile(
    r"(?:after|following) (?:the |this |an? |their )?(?:surgery|operation|(?:surgical )?(?:treatment|procedure|intervention)|therapy|radiotherapy|discharge|recurrence|relapse|diagnosis|injury|onset)\b"
)
_BEFELL = re.compile(
    r"\b(?:last|final|mean|median|few|discharge|admission|recurrence|relapse|progression|diagnosis|presentation|onset|injury|rehabilitation|treatment|randomi[sz]ation|enrol|failure|which|that|whom|follow|a?while)"
)
_DONE_TO = re.compile(
    r"\b(?:patients|those|women|men|children|cases|subjects) (?:who (?:were |had )?)?(?:given|treated|receiving|undergoing|operated|admitted|diagnosed|irradiated|referred|(?<=who )received|(?<=who )underwent)\b[^,;:()\d]{0,60}$|\bthose (?:who (?:had )?)?(?:died|dying) $"
)
# "less when surgery followed | within 24 hours"
_WHEN_DONE = re.compile(
    r"\b(?:when|if|where|provided that) (?:the )?(?:[a-z-]+ ){0,2}?(?:surgery|operation|decompression|resection|radiotherapy|irradiation|treatment|emboli[sz]ation)(?: [a-z]+){1,4} $"
)
_SIDE = 70
_FIGURES = re.compile(
    r",? (?:the|these|those) (?:corresponding )?(?:figures|rates?|values|percentages)\b"
)


def without_arms(low: str, adverbs: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Return times in words without the operations by which a sentence parts its groups.

    What was so before tells of a course instead: 7 before surgery, 3 after it and 2 after radiation.
    """
    if low.count("after ") + low.count("following ") < 2 or "before" in low or "preop" in low:
        return tuple(adverbs)
    told = [each for each in _AFTER.finditer(low) if not _BEFELL.match(each["what"])]
    arms: set[int] = set()
    for one, other in pairwise(told):
        between = low[one.end() : other.start()]
        if one["what"] != other["what"] and len(between) < _SIDE and _SET.search(between):
            arms |= {one.start(), other.start()}
    return tuple(each for each in adverbs if each.start not in arms)


def heads_figures(low: str, time: Quantity) -> bool:
    """Tell whether an operation says of whom a second row of figures is: ...; after resection the rates were."""
    return bool(
        says_after(low, time.start)
        and low.endswith("; ", 0, time.start)
        and _FIGURES.match(low, time.end)
    )


def is_other_arm(low: str, time: Quantity) -> bool:
    """Tell whether an operation is that of a group: lower than after resection, greater after kyphoplasty.

    "Less after surgery" is told of a course.
    """
    if not says_after(low, time.start):
        return False
    compared = _COMPARED.search(low, max(0, time.start - 30), time.start)
    return low.endswith(_AGAINST, 0, time.start) or bool(
        compared and not _ALL_HAD.match(low, time.start)
    )


def tells_whom(time: Quantity, low: str) -> bool:
    """Tell whether a deadline says to whom or when something was done: in those operated on within 2 days (12%)."""
    if not low.startswith(("within", "after", "later"), time.start):
        return False
    whom = low.startswith("within", time.start) and _DONE_TO.search(low, 0, time.start)
    return bool(whom or _WHEN_DONE.search(low, 0, time.start))
