"""Read the verdict behind results that their difference was not significant: theirs, no claim apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.starts import build_rule
from ingest.measurements.effects import RATIOS
from ingest.model import Measurement
from ingest.reading import Reading
from ingest.statements.draft import Draft, number_span

_SIGN = "significan"
_NONE = build_rule(
    r"(?:\b(?:although|though|albeit|but|however|yet|and)\b,? ?)?"
    r"\b(?:(?:this|that|these|those|the latter|the|which|it|a) ?(?:(?:(?<!the )\w+ |observed |latter |absolute )?(?:differences?|trends?|reductions?|increases?|decreases?|improvements?|changes?|gains?|advantages?|benefits?|effects?|findings?|results?|comparisons?)(?: [a-z ]{1,40}?)? )?"
    r"(?:that |which )?(?:(?:was|were|is|are) (?:not|non-?)|(?:did not|failed to|never|(?:was|were) not able to) (?:reach|attain|achieve|gain)(?:ed)?|lacked|fell short of)"
    r"|(?:although|though|albeit|but) (?:not|non-?)|(?P<all>(?:none|neither) of (?:which|these|them|those)(?: [a-z]+){0,3} (?:was|were|is|are|reached|attained))) ?(?:\w+ly |quite |any )?(?:statistical )?significan(?:t|ce|tly (?:so|different))\b"
    r"|\bwithout (?:an? |any )?(?:statistically )?significant differences?\b",
    re.IGNORECASE,
)
_LIMIT = 0.05
_IN_TURN = re.compile(r" ?\([^()]*\brespectively\)", re.IGNORECASE)
_ELIDED = re.compile(r"\b(?:was|were|is|are|did|do|does|had|has) not\W*$")
_FORETOLD = build_rule(
    r"\b(?:predict\w*|foret(?:ell|old)\w*|associated|correlated|linked|(?:risk|prognostic) factors?|influenced|affected)\b"
)
# "5 and 9%, and the difference was significant"
_SOME = build_rule(
    r"(?:[,;] ?(?:and )?|\band )(?:the|this|these|with) (?:differences?|(?:inter|between)-?group differences?)(?: [a-z ]{1,40}?)? (?:(?:was|were|is|are|being) )?(?:\w+ly )?significant\b",
    re.IGNORECASE,
)


def without_verdicts(reading: Reading, drafts: list[Draft]) -> list[Draft]:
    """Return the drafts of a sentence without those that only judge the difference that others tell."""
    text = reading.text
    if _SIGN not in text or len(drafts) < 2:
        return drafts
    found = _NONE.search(text) or _SOME.search(text)
    if found is None:
        return drafts
    kept = [each for each in drafts if each.measurements or each.own[0] + 2 < found.start()]
    return kept or drafts


def is_chance(measured: Sequence[Measurement]) -> bool:
    """Tell whether the p or the interval of each number says that its difference was chance: 9 versus 7% (p = 0.6)."""
    return bool(measured) and all(_is_by_chance(each) for each in measured)


def _is_by_chance(each: Measurement) -> bool:
    if each.p_value is not None:
        return each.p_value > _LIMIT and each.p_operator in {"=", ">", ">="}
    if each.statistic not in RATIOS or each.ci_low is None or each.ci_high is None:
        return False
    return each.ci_low < 1 < each.ci_high


def foretold_not(reading: Reading, draft: Draft) -> bool:
    """Tell whether a claim only says that one more thing foretold nothing: "age did, but frailty was not"."""
    start, end = draft.own
    return bool(
        _ELIDED.search(reading.text, start, end) and _FORETOLD.search(reading.text, 0, start)
    )


def was_chance(reading: Reading, draft: Draft) -> bool:
    """Tell whether a sentence says behind a draft's result that the difference was not significant."""
    text = reading.text
    if _SIGN not in text:
        return False
    _, told = number_span(draft) or draft.focus
    found = _NONE.search(text, min(told, draft.clause[1]))
    if found is None or found["all"]:
        return found is not None
    if _IN_TURN.match(text, found.end()):
        return True  # "longer gait and life, without significant difference (p = 0.8 and 0.9, respectively)"
    between = [each for each in reading.measurements if told < each.start < found.start()]
    own = {each.measure for each in draft.measurements}
    return all(each.measure in own for each in between)
