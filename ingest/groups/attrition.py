"""Tell which numbers of patients are of those left: for the study, at follow-up, with an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.cohortrules import rules
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantity import Quantity
from ingest.numbers.times import find_times

# "Scans were available for 14 of 16 patients": those are the ones told of.
_AVAILABLE = build_rule(
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
    r" (?:patients? |individuals |subjects |participants? )?(?:\w+ly )?(?:completed|returned|answered|responded|replied|were)\b"
)
# "leaving 52 patients for analysis"
_FOR_STUDY = re.compile(
    r" (?:[a-z]+ ){0,3}(?:for|in) (?:the |this |our |further |final )*(?:analysis|analyses|study|review|evaluation|inclusion|series|sample|cohort)\b"
)
# "the remaining 83 form the study population"
_REST = build_rule(r"\b(?:the|our) (?:remaining|other) $")
# "the remaining 40 were evaluated by MRI": what was done to them
_BY = re.compile(
    r" (?:with|by|using|on|for (?!(?:the |this |our |final |further )*(?:analysis|study|review)))"
)
# "and 48 of them, all who could be traced, were followed up"
_TRACED = re.compile(
    r"(?: patients| individuals| subjects| participants)? of (?:them|these|those|whom),? [^.;:]{0,30}?\b(?:all|those|the (?:ones|only ones|patients)) (?:who|that|whom we) (?:could (?:still )?(?:be )?|were (?:still )?(?:to be )?)(?:traced?|found|find|located?|reach(?:ed)?|contact(?:ed)?|identif(?:y|ied)|alive|available)\b"
)
# "52 in each arm"
_IN_EACH = re.compile(
    r"(?: patients| individuals| subjects| participants| women| men| cases| children)? (?:in|per|for) (?:each|either)\b"
)
# "when 38 and 35 patients could be examined": so many of two groups, in the order of these
# "radiographs were available in 38 and 31 patients"
_OF_TWO = rf"(?P<one>\d+|{WORD}) (?:and|versus|vs\.?) (?P<two>\d+|{WORD})"
_SEEN = r"(?: (?:patients|individuals|participants|cases|women|men|children|subjects))?(?:,? respectively,?)?"
_OF_EACH = (
    build_rule(
        rf"\b(?:when|while|with|where|as) (?:only |still )?{_OF_TWO}{_SEEN} (?:were |was |could |had |being |remain(?:ed|ing) )?(?:still |be |been |to be )*(?:available|examined|evaluated|evaluable|followed|assessed|alive|seen|reached|questioned|left|present|under follow-?up|attended)\b"
    ),
    build_rule(
        rf"\b(?:available|obtained|complete) (?:in|for|from|of) (?:only )?{_OF_TWO} (?:patients|individuals|participants|cases|women|men|children|subjects)\b"
    ),
)
# "288 patients at baseline, 221 | at 6 weeks", "71 followed | for 1 year"
_SEEN_AT = build_rule(
    rf"(?<![\d.,%(])\b(?P<n>\d+|{WORD}) (?:of (?:the |these )?\d+ )?(?:patients |individuals |subjects |participants |women |men |children |survivors )?(?:\([^()]*\) )?(?:were |was )?(?:available |followed (?:up )?|left |seen |examined )?$"
)
# "66, 61, 54 and 40 patients attended, respectively"
_IN_TURN = re.compile(
    r"(?<![\d.])\d+(?:, \d+)+,? and \d+(?= (?:patients|individuals|subjects|participants|cases|women|men|children)\b)"
)
_WATCHED = (
    "follow",
    "available",
    "completed",
    "returned",
    "responded",
    "attended",
    "questionnaire",
)
_LOSSES = build_rule(
    r"\b(?:lost|losses|left|leaving|remain\w*|withdr[ae]w\w*|exclu\w+|dropp?ed|completed|analy[sz]ed|evaluable|available|followed|follow-?up|matching|matched)\b"
)


def are_parts(text: str, sizes: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a sentence sizes parts of groups told before: renal in 41, 22 in A and 19 in B.

    ``sizes`` are what it tells of each and what was told. Where all are fewer they are parts, if it
    does not tell who was lost.
    """
    return all(size < known for size, known in sizes) and not tells_losses(text)


def tells_losses(text: str) -> bool:
    """Tell whether a sentence tells who was lost or left out, or who was left."""
    return _LOSSES.search(lowered(text)) is not None


def left_of_each(low: str, groups: int) -> tuple[int, ...]:
    """Return how many of each of two groups were left when a sentence's values were taken."""
    told = _left_of_two(low) if groups == 2 and " and " in low else None
    return tuple(int(parse_number(told[part])) for part in ("one", "two")) if told else ()


def _left_of_two(low: str) -> re.Match[str] | None:
    return next((told for rule in _OF_EACH if (told := rule.search(low))), None)


def sizes_visit(low: str, place: int) -> bool:
    """Tell whether a number is one of those who were left of two groups at a visit."""
    told = _left_of_two(low)
    return told is not None and told.start() <= place < told.end()


def seen_at(text: str, most: int) -> dict[float, int]:
    """Return how many of ``most`` a sentence says were seen at each of its visits, by their months.

    None are read where it tells of one visit alone, or of more at a later one than before.
    """
    low = lowered(text)
    if not holds_any(low, _WATCHED):
        return {}
    times = find_times(text)
    told = [(each.months, _SEEN_AT.search(low, 0, each.start)) for each in times]
    found = {months: int(parse_number(seen["n"])) for months, seen in told if months and seen}
    row = _IN_TURN.search(low) if not found and "respectively" in low else None
    if row and len(sizes := re.findall(r"\d+", row[0])) == len(times):
        found = {
            each.months: int(size) for each, size in zip(times, sizes, strict=True) if each.months
        }
    sizes = [found[months] for months in sorted(found)]
    fewer = sizes == sorted(sizes, reverse=True) and len(set(sizes)) > 1
    return found if fewer and sizes[0] <= most else {}


def is_left(low: str, count: Quantity) -> bool:
    """Tell whether a number is of those left where others were taken off: leaving 75 patients."""
    told = "leaving " in low or " left " in low
    return told and rules().leaving.search(low, 0, count.start) is not None


def are_rest(low: str, count: Quantity) -> bool:
    """Tell whether a number without a noun is of those kept for the study: the remaining 83 form it."""
    if _TRACED.match(low, count.end):
        return True
    # A bracket was taken out; it may be longer than the words that make them the study's.
    behind = max(count.end, len(low) - len(low[count.end :].lstrip()) - 1)
    rest = _REST.search(low, 0, count.start)
    kept = rules().chosen.match(low, behind) if rest else None
    return kept is not None and not _BY.match(low, kept.end())


def left_in_all(low: str, count: Quantity, most: int) -> int:
    """Return how many were left of ``most`` where so many are told of each arm: 52 in each arm."""
    size = count.numerator or int(count.value or 0)
    arms = most // size if size and _IN_EACH.match(low, count.end) else 1
    return arms * size


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


# "288 patients (246 for the final analysis)"
_KEPT_INSIDE = re.compile(
    r"\b(?:patients|individuals|participants|cases|women|men|children|subjects) \((?:of (?:whom|which) )?(?P<n>\d+) (?:(?:patients |individuals |subjects |participants |cases )?(?:were )?(?:(?:included |available |eligible |suitable |used |left )?(?:for|in) (?:the |our |this )?(?:final |present |statistical )?(?:analys[ei]s|study|evaluation)|analy[sz]ed|evaluable|eligible|included))\)"
)


def kept_inside(low: str) -> list[int]:
    """Return how many of those counted a bracket says were left for the study, nothing where none does."""
    return [int(each["n"]) for each in _KEPT_INSIDE.finditer(low)][:1]
