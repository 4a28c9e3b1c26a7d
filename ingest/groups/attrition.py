"""Tell which numbers of patients are of those left: for the study, at follow-up, with an answer."""

from __future__ import annotations

import re

from ingest.groups.cohortrules import rules
from ingest.numbers.quantity import Quantity

# "Scans were available for 14 of 16 patients": those are the ones told of.
_AVAILABLE = re.compile(
    r"\b(?<!loss )(?<!time )(?<!stay )(?<!survival )(?:data|follow-?ups?|records?|scans?|imaging|images|radiographs|information|questionnaires?|studies|mri|ct|specimens|evaluations?|assessments?)\b(?! (?:on|about|regarding|concerning|as to)\b)[^.;]{0,60}\b(?:available|obtained|complete|possible) (?:for|in|from|on|of) (?:the |only |a total of )*$"
)
# "Fusion was seen in 12 patients with a complete follow-up": those tell of nothing else.
_IN_SOME = re.compile(
    r"(?<!data )(?<!records )(?<!up )(?<!data available )\b(?:in|for|of|among|amongst|on|from)(?: (?:the|these|those|our|only))* $"
)
# "Twenty patients completed the questionnaire": what they were asked is of those.
_ASKED = re.compile(
    r"[^.;:]{0,60}?\b(?:questionnaires?|surveys?|forms?|interviews?|instruments?|responded|returned|answered|replied)\b"
)
# A number that opens a clause has its verb right behind it: "Twenty completed the survey".
_OPENS = re.compile(
    r"(?:.*[;:] |.*, (?:and |but )|(?:overall|in total|at \d[a-z\d ]*), )?(?:only )?"
)
_DID = re.compile(
    r" (?:patients? )?(?:\w+ly )?(?:completed|returned|answered|responded|replied|were)\b"
)
# "leaving 52 patients for analysis"
_FOR_STUDY = re.compile(
    r" (?:[a-z]+ ){0,3}(?:for|in) (?:the |this |our |further |final )*(?:analysis|analyses|study|review|evaluation|inclusion|series|sample|cohort)\b"
)


def is_left(low: str, count: Quantity) -> bool:
    """Tell whether a number is of those left where others were taken off: leaving 75 patients."""
    return "leaving " in low and rules().leaving.search(low, 0, count.start) is not None


def is_for_study(low: str, count: Quantity) -> bool:
    """Tell whether those left are left for the study: 75 patients for analysis."""
    return _FOR_STUDY.match(low, count.end) is not None


def were_available(low: str, count: Quantity) -> bool:
    """Tell whether records were there of so many: scans were available for 14 patients."""
    return _AVAILABLE.search(low, 0, count.start) is not None


def how_followed(low: str, count: Quantity) -> str | None:
    """Return "lost" for those who were left at follow-up, "asked" for those who answered, else None."""
    if not rules().lost.match(low, count.end) or _IN_SOME.search(low, 0, count.start):
        return None
    return "asked" if _ASKED.match(low, count.end) else "lost"


def follows_alone(low: str, count: Quantity) -> bool:
    """Tell whether a number without a noun is of those left: thirty completed the questionnaire."""
    if not _DID.match(low, count.end) or not _OPENS.fullmatch(low, 0, count.start):
        return False
    return how_followed(low, count) is not None
