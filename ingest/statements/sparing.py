"""Find where a statement turns: good for pain but not for gait, no relapse and solid fusion."""

from __future__ import annotations

import re

from ingest import context
from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.measurements.absence import NONE_NEEDED
from ingest.model import Assertion
from ingest.reading import Reading

Span = tuple[int, int]
_LED = r"(?:for|in|at|on|with|to|by|of|after|before|during|from|among|within|when)"
_TAIL = build_rule(
    rf"(?:,? (?:but|though|although|yet|and|rather) not (?P<led>{_LED} )?"
    r"(?!(?:only|also|just|all|always|yet|necessarily|so|more|less|better|worse|than|as|every|everywhere|exclusively|enough|statistical|significant|\w+ly)\b)"
    rf"|(?:,|;|,? and|,? but|,? while|,? whereas) (?P<none>none) {_LED} )[^,;.:()]{{3,90}}(?=[.,;]*\s*$)",
    re.IGNORECASE,
)
# A tail with a verb of its own is a statement; "the irradiated" are people.
_TELLS = build_rule(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|could|may|might|must|should|will|would|died|developed|improved|worsened|recurred|occurred|underwent|required|needed|showed)\b",
    re.IGNORECASE,
)
_NAMED = frozenset({"measures", "scales", "procedures", "tumours", "approaches"})
# Advice that goes on with something to avoid: "that a brace be worn and steroids be avoided".
_AVOIDED = build_rule(
    r"(?:,? and|,? but|,? while|,|;) (?=(?:(?!that\b|which\b|can\b|could\b|may\b|might\b|to\b|and\b|be\b|should\b)[\w-]+ ){1,7}(?:should )?(?:be avoided|not be (?:used|performed|given|offered|done|routinely))\b"
    r"|(?:insufficient|inconclusive|inadequate|conflicting|no) (?:[\w-]+ )?evidence (?:for|to|in|on)\b|we (?:\w+ly |also |therefore )?(?:suggest|recommend|advise|advocate)\b)",
    re.IGNORECASE,
)
# "No relapse and solid fusion": what is told with a grade of its own beside what is denied.
_DENIED = build_rule(r"\b(?:no|neither|without) ", re.IGNORECASE)
_PRAISED = r"good|excellent|satisfactory|solid|successful|preserved|favou?rable|lasting|sustained|stable|improved|maintained|better"
_TROUBLED = r"mild|slight|residual|persistent|transient|occasional"
_GRADED = build_rule(
    rf"(?:,? (?:and|but|with)|,) (?=(?:an? |the )?(?:(?P<praise>{_PRAISED})|{_TROUBLED}) [a-z])",
    re.IGNORECASE,
)
# "No persistent and transient deficits" denies both: a name stands behind what is denied alone.
_NAMED_AHEAD = build_rule(r"\b(?:no|without) (?:[\w/-]+ )+[\w/-]+$", re.IGNORECASE)

_WITHOUT = re.compile(
    r"\bwithout (?:any |an? |further |major |serious |significant |subsequent )*(?:[a-z]+al |[a-z]+ic )?$"
)


def graded_beside(text: str, span: Span) -> tuple[Span, Span] | None:
    """Return what a clause denies and what it tells behind with a grade of its own, else none."""
    denied = _DENIED.search(text, *span)
    found = _GRADED.search(text, denied.end(), span[1]) if denied else None
    if found is None:
        return None
    ahead = text[span[0] : found.start()]
    if not found["praise"] and not _NAMED_AHEAD.search(ahead):
        return None
    return (span[0], found.start()), (found.end(), span[1])


def left_out(reading: Reading, span: Span) -> Span | None:
    """Return the words at a clause's end that deny of something else what the clause tells."""
    text = reading.text
    if " not " not in text and " none " not in text:
        return None
    found = _TAIL.search(text, *span)
    if found is None or found.start() < span[0] + 12 or _TELLS.search(found[0]):
        return None
    if "not " in text[span[0] : found.start()]:
        return None
    start, end = found.start() + len(found[0]) - len(found[0].lstrip(",; ")), found.end()
    numbered = any(
        start <= each.start < end for each in reading.measurements if each.statistic == "count"
    )
    told = found["led"] or found["none"]
    named = told or any(each.facet in _NAMED for each in reading.within((start, end)))
    return (start, end) if named and not numbered else None


def advised_against(text: str, span: Span) -> tuple[Span, Span] | None:
    """Return the two halves of an advice that goes on with what is to be avoided."""
    if not holds_any(text, ("avoided", "not be", " evidence ", " we ")):
        return None
    found = _AVOIDED.search(text, *span)
    if found is None or found.start() < span[0] + 12:
        return None
    return (span[0], found.start()), (found.end(), span[1])


# "The leaks did not require drainage": they did occur.
_UNTREATED = re.compile(
    r"(?:\s*\([^()]*\))?(?: (?:in|at|of) [^,;.()]{2,40})? (?:(?:(?:did|do|does) not|never) (?:\w+ly )?(?:need|requir|necessitat|warrant|caus|produc|led to|lead to|result|affect|impair|compromis)|(?:required|needed|caused) no\b|(?:was|were) (?:\w+ly |all |both )?(?:repaired|closed|managed|treated|sutured|drained|evacuated|sealed|corrected|revised)\b)",
    re.IGNORECASE,
)


_DENIES = re.compile(r"\b(?:no|not|none|never|neither|nor|without)\b", re.IGNORECASE)


def left_alone(reading: Reading, said: Span, measure: str | None, counted: bool) -> bool:
    """Tell whether all that words deny of a harm is that anything was done for it or came of it.

    ``counted`` is true where some had it: two leaks without symptoms were leaks.
    """
    text = reading.text
    named = [each for each in reading.within(said) if each.concept == measure]
    sequels = (_UNTREATED, NONE_NEEDED)
    if any(rule.match(text, each.end, said[1]) for each in named for rule in sequels):
        return True
    # "A leak on day 3 healed without revision": the harm is ahead of the verb and did occur.
    denies = _DENIES.search(text, *said)
    if not named or denies is None:
        return False
    if counted and _is_of_next(text, said, named[0].end, denies):
        return True
    if denies[0].lower() != "without":
        return False
    return all(
        each.end <= denies.start() and (counted or holds_verb(text[each.end : denies.start()]))
        for each in named
    )


# "One leak | and no infection", "she could walk | and had no relapse": what is denied is the next.
_AND_NO = re.compile(
    r"(?s:.*),? (?:and|but|yet) (?:(?:had|has|showed|there (?:was|were)|experienced|developed) )?"
)


def _is_of_next(text: str, said: Span, end: int, denies: re.Match[str]) -> bool:
    """Tell whether words behind "and" deny something else than what was named up to a place."""
    joined = denies[0].lower() == "no" and _AND_NO.fullmatch(text, said[0], denies.start())
    return bool(joined) and end <= denies.start()


def is_told_ahead(reading: Reading, said: Span, measure: str | None) -> bool:
    """Tell whether a gain is told ahead of what is denied behind "and": walked and had no relapse."""
    named = [each for each in reading.within(said) if each.concept == measure]
    denies = _DENIES.search(reading.text, *said)
    told = bool(named) and holds_verb(reading.text[said[0] : named[0].end])
    return told and denies is not None and _is_of_next(reading.text, said, named[-1].end, denies)


# "They were not operated on because of relapse": why it was left undone is told, and how they fared.
_UNDONE = build_rule(
    r"\b(?:(?:did|could) not (?:\w+ly )?(?:undergo|receive|have|complete|proceed)|(?:was|were) (?:not|never) (?:\w+ly )?(?:operated|treated|irradiated|offered|given|submitted|subjected|referred|resected|performed|done|fit|suitable|eligible|considered))\b"
    r"[^,;.]{0,80}?\b(?:due to|because(?: of)?|owing to|on account of|and(?= (?:\w+ )?(?:is|are|was|were|has|have|had|died|survived|lived|remained|developed|progressed|showed)\b))",
    re.IGNORECASE,
)


def told_besides(reading: Reading, said: Span, measure: str | None, harm: bool) -> Assertion | None:
    """Return how a measure is meant that stands behind what was left undone, None where none does."""
    undone = _UNDONE.search(reading.text, *said) if measure and " n" in reading.text else None
    behind = undone and any(
        each.concept == measure and each.start >= undone.end() for each in reading.within(said)
    )
    return (
        context.assertion(reading.text, (undone.end(), said[1]), harm)
        if undone and behind
        else None
    )


def goes_without(reading: Reading, said: Span, measure: str | None) -> bool:
    """Tell whether a harm is only said to be lacking: done in 31 patients without infections."""
    if measure is None or "without " not in reading.text:
        return False
    named = [each for each in reading.within(said) if each.concept == measure]
    return bool(named) and all(_WITHOUT.search(reading.text, 0, each.start) for each in named)
