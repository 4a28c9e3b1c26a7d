"""Tell whether a text is about one patient alone, and which cases are but reported ones."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.numbers.numerals import WORD, parse_number

_CASE = build_rule(
    r"\b(?:a|an|one|our) (?:\d+-years?-old |\w+ )?(?:patient|man|woman|boy|girl)\b(?!-|['\u2019]s)"
    r"|\ba \d+[ \u2010-]?(?:year|month|week)s?[ \u2010-]old (?:[a-z-]+ ){0,3}?(?:patient|man|woman|boy|girl|male|female|child|infant)\b"
    r"|\ba \d+-year-old [a-z]+ (?:presented|complained|developed|was|had|with|who|underwent)\b"
    r"|\b(?:in )?an? (?:[a-z-]+ ){0,3}\d+[ \u2010-]?(?:year|month)s?[ \u2010-]old\b"
    r"|\bthe (?:\d+-years?-old |\w+ )?(?:patient|man|woman|boy|girl) (?:\w+ly )?(?:was|is|had|has|did|could|who|with|underwent|[a-z]+ed)\b"
)
# What such a wording holds, found ten times faster than it is.
_ALONE = build_rule(r" (?:patient|man|woman|boy|girl|male|female|child|infant)\b|[ \u2010-]old\b")
_COUNTED = build_rule(
    rf"\b(?P<n>\d{{2,}}|[2-9]|(?!one\b){WORD}) (?:[a-z-]+ )?(?:patients|individuals|cases|participants|volunteers|respondents|subjects|siblings|brothers|sisters|twins|specimens)\b|\bmeta-analysis\b|\bsystematic review\b"
    r"|\b\d[\d,]*\d (?:[a-z-]+ )?(?:women|men|adults|pairs|persons|individuals|deaths|recipients)\b|\bcohort study\b|\bpopulation-based\b"
    r"|\b(?:both|these|the|study|treatment|two|three|four|between) groups\b|\brandomi[sz]ed (?:to|into)\b|\bmedian (?:\w+ )?(?:age|volumes?|time|survival|follow-?up|values?)\b"
)
# "In a 79-year-old woman" of a model of decisions: of nobody.
_MODELLED = build_rule(r"\bmarkov\b|\bfinite[ -]element\b|\bdecision(?:[- ]analy\w+)? model")
REPORTED = re.compile(
    r"[^.;]{0,60}?\b(?:(?:have|has|had) (?:\w+ )?been (?:\w+ly )?(?:reported|described|published|documented)|(?:reported|described|published|found) in (?:the )?(?:\w+ )*literature)\b"
    # "we found only seven similar patients in the literature"
    r"| in the (?:\w+ )?literature\b"
)
"""Behind a number, what tells of cases that others have reported: "only three have been published"."""
# "A review of the literature disclosed 41 patients"
_SEARCHED = build_rule(
    r"\b(?:(?:review|search|survey) of the (?:[\w-]+ )?literature|literature (?:review|search))\b[^.;]{0,40}$"
)


def _is_of_others(low: str, each: re.Match[str]) -> bool:
    """Tell whether patients that a text counts are those of others: published before, or searched for."""
    if holds_any(each[0], ("previous", "published", "reported")) or REPORTED.match(low, each.end()):
        return True
    ahead = max(0, each.start() - 90)
    return bool(
        _SEARCHED.search(low, ahead, each.start()) or _EARLIER.search(low, ahead, each.start())
    )


# "In a previous series of | 12 patients"
_EARLIER = build_rule(
    r"\b(?:previous|earlier|prior|published|former|recent|large|largest|another) (?:[a-z-]+ )?(?:series|stud(?:y|ies)|reports?|trials?|cohorts?|reviews?|analys[ie]s|publications?) (?:of|on|in|with|including|comprising) (?:a total of |only )?$"
)


def is_single_case(text: str) -> bool:
    """Tell whether a text is about one patient: it presents one and counts no more."""
    low = text.lower()
    if not (_ALONE.search(low) and _CASE.search(low)) or _MODELLED.search(low):
        return False
    counted = list(_COUNTED.finditer(low))
    others = [each for each in counted if _is_of_others(low, each)]
    # "Eleven cases have been reported; three of the eleven patients died": of the same others.
    sizes = {parse_number(each["n"]) for each in others if each["n"]}
    return all(
        each in others or (each["n"] and parse_number(each["n"]) in sizes) for each in counted
    )
