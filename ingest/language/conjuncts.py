"""Tell how far a denial or a guess reaches among the parts of a sentence."""

from __future__ import annotations

import re

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, lowered

Span = tuple[int, int]
_DENIAL = build_rule(r"\b(?:no|none|neither|nobody|without|not (?:a single|one))\b")
# What is denied of all parts alike: a difference between them, an effect on each of them.
_ALIKE = re.compile(
    r"\b(?:differ\w*|correlat\w*|associat\w*|relation\w*|between|versus|vs|than|compared|effects?|impact|influence)\b"
)
JOINED = re.compile(r"(?:[,;]|\b(?:and|but))\s*$")
"""What ends the words ahead of another part of a clause."""
_NUMERAL = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# A part that begins with its own article or number: "and a leak in 3", "two bled".
_OWN = re.compile(
    r"(?:and |but )?(?:only )?(?:an?|several|some|a few|"
    + _NUMERAL
    + r"(?! (?:years?|months?|weeks?|days?|hours?|or|to|and|of (?:the )?(?:\d+|these|them)\b)|[-–.]\d|-))\s"
)
# A part ahead that is closed by its own group: "no change in 12 patients, ...".
_CLOSED = re.compile(
    rf"\b(?:in|of|for|among) (?:the (?:other |remaining )?)?{_NUMERAL}\b(?![-–.]\d)"
)
# None of one group, and so many in another: "in none of the men and in 4 of the women".
_OF_NONE = re.compile(
    r"\b(?:none|nobody|no (?:patients?|individuals|subjects|participants?|cases?|wom[ae]n|m[ae]n|one|child(?:ren)?))\b"
)
_IN_SOME = re.compile(rf"(?:and |but )?in (?:only )?(?:\d|{_NUMERAL}\b)")
# How what is told of the first part ends where the next one denies something else.
_NEXT_DENIED = re.compile(
    r"\s*(?:[,;]\s*)?(?:and |but )?(?:(?:in|with) )?(?:no|none|neither|without|nobody|(?:did|was|were|had|has) (?:not|no))\b"
)
# "There was no relapse, morbidity was 9 %": what is denied ahead has ended.
_NONE_AHEAD = re.compile(
    r"(?:there (?:was|were) )?no [^,;.]{3,60}[,;] (?:and )?(?=[\w -]{3,60}\b(?:was|were|occurred)\b)",
    re.IGNORECASE,
)
# "In no girl and in 4 boys", "no deaths, only minor leaks in 3": what is denied ahead of a number.
_BUT_SOME = build_rule(
    rf"\b(?:no|none|nobody)\b(?P<denied>(?:(?!\b{_NUMERAL}\b)[^;.\d])*?)(?:,? (?:and|but) (?:only )?(?:in )?(?:only )?|, (?:but )?(?:only|just) (?:[\w-]+ ){{0,9}})$"
)
# "May relieve pain, and improve gait": a bare verb behind a comma shares the one that guesses.
_BARE = re.compile(
    r"(?:also |thereby |thus |ultimately |\w+ly )?(?:improve|reduce|decrease|increase|cause|require|provide|allow|offer|lead|result|help|prolong"
    r"|prevent|restore|preserve|lower|shorten|minimi[sz]e|lessen|enhance|avoid|limit|relieve|alleviate|delay|maintain|promote|produce|achieve"
    r"|contribute|worsen|facilitate|enable|yield|remain|occur|become|represent|involve)\b"
)
_GUESS = re.compile(r"\b(?:may|might|could|would)\b(?! be\b)(?: \w+ly| also)? [a-z]+\b")
_OTHERWISE = re.compile(
    r"[.;:]|\b(?:but|which|that|who|because|although|however|is|are|was|were|has|have|had|can|does|did)\b"
)


def shares_guess(text: str, begin: int) -> bool:
    """Tell whether a clause begins with a bare verb that a guess ahead governs, too."""
    low = lowered(text)
    if not begin or not _BARE.match(low, begin):
        return False
    guesses = list(_GUESS.finditer(low, 0, begin))
    return bool(guesses) and not _OTHERWISE.search(low, guesses[-1].end(), begin)


def none_ahead(text: str, begin: int, number: int) -> int:
    """Return where a number's own words begin, behind what is denied without a number."""
    found = _NONE_AHEAD.match(text, begin, number)
    if found:
        return found.end()
    low = lowered(text)
    some = _BUT_SOME.search(low[begin:number]) if "no" in low else None
    return number if some and not _ALIKE.search(some["denied"]) else begin


def stands_apart(text: str, clause: Span, focus: Span) -> bool:
    """Tell whether a number's words are denied or told for themselves, whatever the others are."""
    (start, end), (begin, stop) = focus, clause
    low = lowered(text)
    ahead, behind = low[begin:start], low[end:stop]
    if start == begin:
        own = low[start:end]
        return holds_verb(own) and not _ALIKE.search(behind) and bool(_NEXT_DENIED.match(behind))
    denials = list(_DENIAL.finditer(ahead))
    if not denials or not JOINED.search(ahead):
        return False
    denied = ahead[denials[-1].start() :]
    if _ALIKE.search(denied):
        return False
    if _OF_NONE.match(denied) and _IN_SOME.match(low[start:end]):
        return True
    return bool(_OWN.match(low[start:end]) or _CLOSED.search(denied))


# What is denied of patients is not of what else they are told to have: "is free of relapse, takes
# no drugs | and has a score of 18".
_AND_HAS = build_rule(
    r"(?:,? and|,? but|[,;])(?= (?:(?:still|now|also|then|again) )?(?:has|had|have|was|were|is|are|shows|showed|scores|scored|walks|walked|regained|reached|resumed|underwent|received|required|needed|developed)\b(?! (?:no|not|never|free)\b))"
)


def own_verb(text: str, start: int, first: int, denial: Wordings, verb: re.Pattern[str]) -> int:
    """Return where the verb begins that tells a number, where another ahead of it denies its own."""
    *_, mark = (None, *_AND_HAS.finditer(text, start, first))
    denied = denial.search(text[start : mark.start()]) if mark else None
    told = denied and verb.search(text, start, start + denied.start())
    return mark.end() if mark and told else start
