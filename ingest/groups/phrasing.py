"""Tell which wording makes a number of patients a group."""

from __future__ import annotations

import re

from ingest.groups.attrition import are_rest, how_followed, is_for_study, is_left
from ingest.groups.cohortrules import rules
from ingest.language.starts import build_rule
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantity import PLAIN, Quantity

NEAR = 200
"""How far from a number the words that make it a group may begin."""
# "The course of 40 patients is told", under whatever heading
_STUDY_HAD = re.compile(
    r"(?:the|our|this) (?:final |present |current )?(?:study|analysis|cohort|sample|study population|study group|study cohort) (?:\w+ly )?(?:included|comprised|consisted of|contained) (?:a total of )?"
)
# "Of the 58 patients, 12 had": they are the group where no other was named before.
_ALL_OF = re.compile(
    r"\s*(?:,|(?:who (?:were|had been) )?(?:identified|included|enrolled|analy[sz]ed|studied|evaluated|reviewed|treated|investigated),)"
)
_HEADING = re.compile(
    r"(?i)(?:study |patient )?(?:participants?|patients?|individuals|subjects|population|sample|cohort):?"
)
# "Of 90 patients screened, 64 met the criteria"
POOL = re.compile(r"\W*(?:of|from|among|out of) (?:the |all |a total of |these )*")
# "patients (n = 46) were reviewed", "the study population (n = 46)"
_SIZED = re.compile(
    r"\W*(?:[a-z]+ ){0,2}(?:patients|individuals|children|cases|subjects|adults|participants)\s*|.*\b(?:study|whole|entire|total|overall) (?:population|cohort|sample|group)\s*"
)
# "Of the 31 evaluable patients"
_FIT = build_rule(r"\b(?:evaluable|eligible|assessable|analy[sz]able|analy[sz]ed|included)\b")
# "Complications included 5 patients with pneumonia"
_EVENTS = build_rule(
    r"\b(?:complications?|events?|deaths?|morbidity|toxicit(?:y|ies)|failures?|reoperations?|recurrences?)\b[^.;:\d]{0,40}\b(?:includ(?:ed|ing|es?)|compris(?:ed|ing)|consist(?:ed|ing) of|were|was) (?:only )?$"
)
# "20 were treated with laminectomy, 24 with corpectomy": one of several groups
_NEXT = re.compile(
    rf"(?:[,;]| and) (?:and |another |the other )?(?P<n>\d+|{WORD}) (?:(?:patients |individuals |subjects |participants |others |cases )?(?:with|without|by|via|underwent|received|(?:did|had|were) not|had none|had no)\b|(?:(?!patients|individuals|subjects|participants|cases|of|had|were|was|months|years|days)[a-z-]+ ){{1,3}}(?:surgery|[a-z]+tion|[a-z]+ectomy|[a-z]+plasty)\b)"
)
# "fusion was done in 84 patients | and laminoplasty in 37"
_NEXT_DONE = re.compile(
    rf"(?:\s*\([^()]*\))?(?:,? (?:and|while|whereas|but)|,) [^.;:\d]{{2,70}}? (?:in|on) (?:another |the other )?(?P<n>\d+|{WORD})(?! ?%)\b"
)
# "The cohort numbered 101 (56 women)"
_COHORT_OF = build_rule(
    r"\b(?:cohort|series|study (?:group|population)|sample) (?:numbered|totall?ed|amounted to|comprised|included|consisted of) $"
)
# "after the exclusion of 4 patients"
_LEFT_OUT = build_rule(r"\b(?:exclusion of|excluding|having excluded) $")
# "A historical group of 21 patients"
_OTHERS = build_rule(
    r"\b(?:historical|historic|control|comparison|comparator|reference|second|other|another) (?:group|cohort|series|arm) (?:(?:consisting |composed )?of|consisted of|comprised|included|with) (?:a total of )?$"
)

# "90 patients were screened and 64 were included"
_SCREENED = re.compile(
    r"[^.;:,\d]{0,50}?\b(?:were|was|had been) (?:\w+ly |first |then )?(?:screened|(?:assessed|evaluated|considered|reviewed|checked|examined) for (?:eligibility|inclusion|enrolment|enrollment|entry|participation))\b"
)
_TAKEN = re.compile(
    r"\d (?:of (?:them|these|whom) |patients )?(?:were |was |had been )?(?:\w+ly |then )?(?:includ|enrol|randomi|recruit|select|analy|eligible)"
)

_TOPIC = build_rule(r"[a-z-]{7,}")
# Words of what was done, not of what they had.
_DONE = frozenset(["surgery", "surgical", "operation", "operations", "treatment", "results"])


def heads_group(heading: str) -> bool:
    """Tell whether a heading says that what stands under it tells whom the study was of: PATIENT SAMPLE."""
    return _HEADING.fullmatch(heading.strip()) is not None


def numbers_all(plain: str, each: Quantity) -> bool:
    """Tell whether a number without a noun is said to be that of the whole group."""
    ends = plain[each.end : each.end + 2].strip()[:1] in {"", ".", ",", ";"}
    return ends and _COHORT_OF.search(plain, 0, each.start) is not None


def is_screened(low: str, count: Quantity) -> bool:
    """Tell whether patients were looked at of whom the same sentence says how many were taken."""
    screened = _SCREENED.match(low, count.end)
    return screened is not None and _TAKEN.search(low, screened.end()) is not None


def _deals_out(low: str, place: int, size: int) -> bool:
    """Tell whether a sentence goes on from patients treated to others who were treated otherwise."""
    if low[place : place + 1] == ":":
        return False  # "in 30 patients: 18 with pain, 12 with a deficit": parts of them
    if any(3 * parse_number(each["n"]) >= size for each in _NEXT.finditer(low, place)):
        return True
    beside = _NEXT_DONE.match(low, place)
    return beside is not None and 3 * parse_number(beside["n"]) >= size


def how_named(low: str, count: Quantity, role: str, most: int) -> str:
    """Return which wording makes a number of patients a group; "count" where none does."""
    cues = rules()
    if cues.excluded.match(low, count.end) or _LEFT_OUT.search(low, 0, count.start):
        return "excluded"
    if is_left(low, count):
        return "chosen" if role == "methods" or is_for_study(low, count) else "count"
    if count.form in PLAIN and are_rest(low, count):
        return "chosen"
    if cues.control.search(low, count.start) or _OTHERS.search(low, 0, count.start):
        return "control"
    size = count.numerator or int(count.value or 0)
    if low[count.start] == " ":  # in brackets
        named = _SIZED.fullmatch(low, 0, count.start) and cues.behind.match(low, count.end)
        return "stated" if named else "count"
    if POOL.fullmatch(low, 0, count.start):
        fit = role == "methods" and size < most and _FIT.search(low, count.start, count.end)
        first = not most and role == "results" and "control" not in low
        whole = first and _ALL_OF.match(low, count.end)
        return "chosen" if fit else "noted" if whole else "pool"
    if is_screened(low, count):
        return "pool"
    # Of whom nobody was named before nobody is lost.
    stayed = how_followed(low, count) if most > size else None
    if stayed:
        return stayed
    if count.form in PLAIN and numbers_all(low, count):
        return "stated"
    if count.form not in {"count", "bare", "score", "value"}:
        return "chosen" if cues.chosen.match(low, count.end) else "count"
    # "The cohort included 22 patients with ependymoma and 13 with" parts it.
    alone = role == "results" and not low.startswith(" with", count.end)
    if alone and _STUDY_HAD.fullmatch(low, 0, count.start):
        return "chosen"
    ahead = max(0, count.start - NEAR)
    if _EVENTS.search(low, ahead, count.start):
        return "count"
    if cues.ahead.search(low, ahead, count.start):
        return "stated"
    # A clause behind a semicolon opens anew: "the registry was searched; 90 patients were identified"
    broken = low.rfind("; ", 0, count.start)
    opened = cues.opens.fullmatch(low, broken + 2 if broken >= 0 else 0, count.start)
    if cues.chosen.match(low, count.end):
        # Of more who were found before, those whom the results open with were chosen.
        return "stated" if opened and not (role == "results" and size < most) else "chosen"
    if opened and cues.behind.match(low, count.end):
        return "stated"
    if cues.noted.search(low, ahead, count.start):
        return "noted" if role == "results" else "stated"
    if opened and cues.treated.match(low, count.end):
        return "dealt" if _deals_out(low, count.end, size) else "treated"
    if cues.done.search(low, ahead, count.start):
        return "dealt" if _deals_out(low, count.end, size) else "treated"
    return "count"


def is_topic(what: str, title: str) -> bool:
    """Tell whether what some patients had is what a title names, in the singular or plural."""
    words = [each.rstrip("s") for each in _TOPIC.findall(what) if each not in _DONE]
    return len(words) > 0 and all(each in title for each in words[:3])
