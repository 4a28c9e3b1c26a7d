"""Count "all patients" where the text says how many they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.cohortrules import rules
from ingest.groups.cohorts import Cohort
from ingest.groups.headcounts import ELSEWHERE
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Sentence
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantity import SPANS, Quantity

_NOUN = r"(?:patients?|cases?|subjects|participants|children|women|men|individuals)"
_DID = r"(?:of them )?(?:were|had|could|did|underwent|received|survived|recovered|improved|presented|showed|experienced|achieved|regained|maintained|retained|returned|tolerated|walked)\b"
# "All patients", "all but two patients", and where nobody else was told of "all were", "in all but two"
_ALL = build_rule(
    rf"\b(?:all(?: of)?(?: the| our| these)?|every|each|both)(?: of the| of our)? {_NOUN}\b"
    rf"|\ball but (?P<but>\d+|{WORD})(?:(?: of (?:the|our))? {_NOUN}\b|(?=[.,;]|$| {_DID}))"
    rf"|(?:^|(?<=[;:] ))all(?= {_DID})"
)
# Of fewer these may be where fewer were told of before.
_BARE = re.compile(rf"(?:all|all but (?:\d+|{WORD})) {_DID}")
# Without one of these nobody is everybody.
_WORDS = ("All", "all ", "very ", "ach ", "oth ")
# "Nearly all", "not all", and "the survival of all patients", which counts nobody.
_NOT_AHEAD = re.compile(
    r"\b(?:not|nearly|almost|virtually|practically|of|for|from|among|amongst|than|by|between|with|to|on) $"
)
# "All patients with a leak" are some; to follow or to ask them is no finding.
_SOME = re.compile(
    r",? (?:who|whose|whom|in whom|with(?! (?:no|good|excellent)\b)|without|having|undergoing|receiving|treated|aged|except|but|that|from|presenting|under|over|in (?:the|this|our|both|each|either) [a-z]+ (?:groups?|arms?))\b"
)
# "All patients lost their continence when both roots were cut": those in whom they were.
_WHENEVER = re.compile(
    r"[^.,;]{3,80} (?:when|whenever|if|once|unless) (?:both|either|neither|all|the|one|an?|more|only|less) "
)
_HANDLED = re.compile(
    r"(?: (?:in (?:this|our|the) \w+|had|have|has|were|was|been|are|is|then|also|\w+ly))* "
    r"(?:follow\w*|review\w*|evaluat\w+|includ\w+|enrol\w+|assess\w+|examin\w+|analy[sz]\w+|consent\w*|inform\w+|invit\w+|ask\w*|studied|interview\w+"
    r"|seen|identified|select\w+|recruit\w+|contact\w+|consider\w+|regist\w+|monitor\w+|available|eligible|gave|given|provid\w+|sign\w+|complet(?:ed|ing) (?:the |an? )?(?:questionnaire|survey|form|study|follow)"
    r"|scored|graded|classified|rated|stag\w+|measur\w+|discuss\w+|divided|assigned|allocated|randomi[sz]ed|matched|stratified|grouped)\b"
)
_WHEN = re.compile(r"\b(?:within|after|at|during|by|over)(?: the)?(?: first)? $")
# What is denied of all of them is told of none.
_DENIED = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|un(?:changed|affected))\b|n[’']t\b"
)
# "Two had a paresis; it had resolved in all patients": of those who had it.
_PASSED = re.compile(
    r"\b(?:abated|resolved|subsided|disappeared|cleared|healed|recovered|reversed|regressed)\b"
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def names_everyone(text: str) -> bool:
    """Tell whether a sentence names all the patients."""
    return holds_any(text, _WORDS) and _ALL.search(lowered(text)) is not None


def whole_of(
    cohort: Cohort, sentence: Sentence, low: str, before: tuple[Sentence, str] | None
) -> int | None:
    """Return how many "all patients" of a sentence are, None where it may mean fewer.

    ``before`` is the sentence ahead with its text. A bare "all" is everybody behind the one alone
    that names them, or where a section begins.
    """
    if cohort.pooled or sentence.role in ELSEWHERE:
        return None
    if before and rules().part.found(lowered(before[1])):
        return None
    last = before[0] if before and before[0].section == sentence.section else None
    named = last is None or last.start in {cohort.start, *cohort.told}
    if not named and (_BARE.match(low) or "all but " in low):
        return None
    told = cohort.start <= sentence.start < cohort.end
    return cohort.size if told and not rules().part.found(low) else None


def with_everyone(
    low: str,
    quantities: Sequence[Quantity],
    times: Sequence[Quantity],
    spans: Sequence[tuple[int, int]],
    whole: int,
) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence with a count for "all patients" where it tells a finding.

    A clause that tells another number tells that of them, not how many they are.
    """
    others = [
        each
        for each in quantities
        if not (
            any(_overlap(each, one) for one in times)
            or (each.unit in SPANS and _WHEN.search(low, 0, each.start))
        )
    ]
    found = [
        _count_of(each, whole)
        for each in _ALL.finditer(low)
        if _is_count(low, each, whole) and not _is_taken(low, each, others, spans)
    ]
    # "All but two patients": the two are no others.
    kept = [each for each in quantities if not any(_overlap(each, one) for one in found)]
    return tuple(sorted([*kept, *found], key=lambda each: each.start))


def _count_of(each: re.Match[str], whole: int) -> Quantity:
    """Return "all patients", or all but a few, as a count."""
    count = whole - int(parse_number(each["but"] or "0"))
    return Quantity(
        "count",
        each.start(),
        each.end(),
        float(count),
        unit="patients",
        numerator=count,
        word=True,
        group=whole,
        derived=True,
    )


def _is_count(low: str, each: re.Match[str], whole: int) -> bool:
    """Tell whether "all patients" are those of whom a finding is told."""
    if each[0].startswith("both") and whole != 2:
        return False
    if each["but"] and not 0 < parse_number(each["but"]) < whole:
        return False
    if _NOT_AHEAD.search(low, max(0, each.start() - 24), each.start()):
        return False
    return not any(rule.match(low, each.end()) for rule in (_SOME, _HANDLED, _WHENEVER))


def _overlap(one: Quantity, other: Quantity) -> bool:
    return one.start < other.end and other.start < one.end


def _is_taken(
    low: str,
    each: re.Match[str],
    quantities: Sequence[Quantity],
    spans: Sequence[tuple[int, int]],
) -> bool:
    """Tell whether the clause tells another number of them, or denies something."""
    home = next((span for span in spans if span[0] <= each.start() < span[1]), (0, len(low)))
    if _DENIED.search(low, *home):
        return True
    if _PASSED.search(low, *home) and any(one.unit == "patients" for one in quantities):
        return True
    aside = [one.span() for one in _BRACKETED.finditer(low)]
    return any(
        home[0] <= one.start < home[1]
        and not each.start() <= one.start < each.end()
        and not any(begin <= one.start < end for begin, end in aside)
        for one in quantities
    )
