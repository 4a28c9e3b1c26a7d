"""Tell when an operation stands like a time, of a group (5% after excision), or a time is that of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.language.starts import build_rule
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
    r"(?:\b(?:patients|individuals|participants|those|women|men|children|cases|subjects)|\(\d[^()]*\)) (?:who (?:were |had )?)?(?:given|treated|receiving|undergoing|operated|admitted|diagnosed|irradiated|referred|(?<=who )received|(?<=who )underwent)\b(?:(?!\b(?:died|relapsed|recurred|survived|lived|had|were|was|could|walked|improved|developed|showed|experienced|progressed|deteriorated|worsened|recovered|regained|achieved|required)\b)[^,;:()\d]){0,60}$|\bthose (?:who (?:had )?)?(?:died|dying) $"
)
# "9 (11%) operated on | after 48 hours"
_BEHIND_DEED = re.compile(r"\b(?:operated on|treated|admitted|referred|irradiated) $")
# "21 (32%) with a brace and 6 (12%) | after surgery"
_BESIDE_OTHERS = re.compile(
    r"\(\d[^()]*\) (?:with|without|under) [^,;:.()\d]{3,40} (?:and|versus|vs\.?|but|compared with) (?:in )?(?:only )?\d+ (?:patients |individuals |subjects |participants )?\(\d[^()]*\) $"
)
# "less when surgery followed | within 24 hours"
_WHEN_DONE = re.compile(
    r"\b(?:when|if|where|provided that) (?:the )?(?:[a-z-]+ ){0,2}?(?:surgery|operation|decompression|resection|radiotherapy|irradiation|treatment|emboli[sz]ation)(?: [a-z]+){1,4} $"
)
_SIDE = 70
_FIGURES = re.compile(
    r",? (?:the|these|those) (?:corresponding )?(?:figures|rates?|values|percentages)\b"
)
# "Early decompression | within 6 hours | led to recovery in 9": how soon it was done.
_DEED = build_rule(
    r"(?:(?!after\b|following\b|of\b|for\b|in\b|to\b)[\w-]+ ){0,3}(?:surgery|operation|decompression|evacuation|resection|[a-z]+ectomy|irradiation|radiotherapy|treatment|referral|stabili[sz]ation|fixation|emboli[sz]ation|intervention|mobili[sz]ation|removal|drainage|administration) "
)
_DID = re.compile(
    r" (?:was|were|is|are|led|leads|resulted|gave|had|did|can|could|may|made|(?!followed)[a-z]+ed)\b"
)
# Where the second half of a sentence begins.
_TURNS = re.compile(r"(?:; |,? (?:whereas|while|but|and) )(?:the )?")


def without_arms(low: str, adverbs: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Return times in words without the operations by which a sentence parts its groups.

    What was so before tells of a course instead: 7 before surgery, 3 after it and 2 after radiation.
    """
    if low.count("after ") + low.count("following ") < 2 or "before" in low or "preop" in low:
        return tuple(adverbs)
    told = [each for each in _AFTER.finditer(low) if not _BEFELL.match(each["what"])]
    arms: set[int] = set()
    for one, other in reversed([*pairwise(told)]):
        between = low[one.end() : other.start()]
        # "5 after A, 6 after B and 9 after C": the last two tell what the first is.
        linked = _SET.search(between) or (other.start() in arms and between.startswith(","))
        if one["what"] != other["what"] and len(between) < _SIDE and linked:
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
    if low.endswith(_AGAINST, 0, time.start) or _BESIDE_OTHERS.search(low, 0, time.start):
        return True
    return bool(compared and not _ALL_HAD.match(low, time.start))


def tells_whom(time: Quantity, low: str) -> bool:
    """Tell whether a deadline says to whom or when something was done: in those operated on within 2 days (12%)."""
    if not low.startswith(("within", "after", "later"), time.start):
        return False
    done = _DONE_TO.search(low, 0, time.start)
    whom = done and (low.startswith("within", time.start) or _BEHIND_DEED.search(done[0]))
    return bool(whom or _WHEN_DONE.search(low, 0, time.start))


def times_deed(time: Quantity, low: str) -> bool:
    """Tell whether a time says how soon what a sentence opens with was done: surgery within 2 days restored."""
    if not (low.startswith("within ", time.start) and _DID.match(low, time.end)):
        return False
    begin = max((each.end() for each in _TURNS.finditer(low, 0, time.start)), default=0)
    return _DEED.fullmatch(low, begin, time.start) is not None
