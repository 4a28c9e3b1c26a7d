"""Find the numbers of patients that an abstract names, and which wording makes each a group.

"We reviewed 53 patients" states the group studied, "of 90 screened, 64 were eligible" chooses one
of more, "three patients had a recurrence" only counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.groups.attrition import (
    are_rest,
    follows_alone,
    is_left,
    kept_inside,
    left_in_all,
    were_available,
)
from ingest.groups.cohortrules import rules
from ingest.groups.menandwomen import men_and_women, names_both
from ingest.groups.phrasing import (
    NEAR,
    POOL,
    heads_group,
    how_named,
    is_screened,
    is_topic,
    numbers_all,
)
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Document, Sentence
from ingest.numbers.numerals import WORD
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import COUNTS, PLAIN, Quantity

ELSEWHERE = frozenset(["background", "aim", "conclusion", "none", "discussion", "indication"])
"""Roles of what is known, sought and concluded: not told of the patients at hand."""
_UNTOLD = ELSEWHERE - {"aim"}
_PATIENT = build_rule(r"(?i)patient|case|child|subject|participant|adult|individual|men\b")
_SEX = build_rule(r"\b(?:men|women|males?|females?|boys|girls)\b")
_OF_A_LAND = build_rule(
    r"\b(?:annual(?:ly)?|worldwide|per year|each year|every year|a year|in the united states|estimated)\b"
)
# Wordings that make a number of patients a group.
NAMING = frozenset(["stated", "noted", "treated", "chosen"])
# "4700 patients with colonic and 2200 with rectal cancer": the noun is told once.
_WITH = re.compile(r" (?:with|who|had|undergoing|treated)\b")
# "two patient groups"
_NO_PEOPLE = re.compile(r"(?i)\s*-?\s*(?:groups?|arms?|cohorts?|subgroups?|series|populations?)\b")
# "20 patients with pain and 9 controls": two groups, of which neither is the whole.
_JOINED = re.compile(
    r"(?:(?!\b(?:were|was|had|underwent|received|including|whom|which|who)\b)[^,;:])*\band (?:the |other |another )*$"
)
# "62 patients who had an operation | and 56 who had none"
_JOINED_TOO = re.compile(
    r" (?:who|that) (?:had|underwent|received|were|was)\b(?:(?!\b(?:were|was|had|underwent|received|including|whom|which)\b)[^,;:])*\band (?:the |other |another )*$"
)
# "64 patients were treated by A | and 58 | by B", "64 underwent A and 58 B": the verb is told once.
_GAPPED = re.compile(
    r" (?:(?:were|was|had been) (?:\w+ly )?[a-z]+ed(?: on)?(?P<by>(?: \w+ly)? (?:by|with|via|through|using))|(?:treated |managed )?(?P<via>by|via|through|using)|underwent|received|had|(?P<at>in)(?= [^,;:.]{2,40} (?:group|arm|cohort),? and)) [^,;:.]{3,70},? and (?:the other |another )?$"
)
_IN_ANOTHER = re.compile(r" in (?:the |an? )?[^,;:.]{2,40}? (?:group|arm|cohort)\b")
_BY_ANOTHER = re.compile(r" (?:by|with|via|through|using)\b")
_ANOTHER = re.compile(
    r" (?!(?:patients|individuals|subjects|participants|cases|women|men|children|others?)\b)(?:an? )?(?:(?!(?:of|had|were|was|did|died|underwent|received|required|needed|developed|with|who|by|in|from|to|and|both|cases|patients|individuals|subjects|participants)\b)[a-z-]+ ?){1,4}(?:[.,;#(]|$|(?:between|from|during|in|at|alone)\b)"
)
_WHO = re.compile(r" (?:with|who|undergoing|receiving|treated|operated)\b")
# "of which 87 were eligible"
_OF_WHOM = build_rule(
    r"\b(?:of|from) (?:whom|which|these|them),? (?:only |the data of |data on )?$"
)
# "which left 52", "and the remaining 83 form", "48 of them, all who could be traced"
_REST_OF = build_rule(r"\b(?:left|remaining|other) (?:[a-z]+ ){0,3}$")
_OF_THEM = re.compile(
    r"[\w-]+ (?:patients |individuals |subjects |participants )?of (?:them|these|those)\b"
)
_PRESENTED = build_rule(
    r"\b(?:results|outcomes?|experience|management|treatment)\b[^.;]{0,60}\b(?:of|in|with|on) (?:a (?:series|total|cohort) of )?(?:\d+|[a-z-]+) (?:[a-z-]+ )?(?:patients|individuals|subjects|participants|cases|children)\b[^.;]{0,140}\b(?:is|are|was|were) (?:presented|reported|described|reviewed|discussed)\b"
    r"|\b(?:factors?|predictors?|survival)\b[^.;\d]{0,60} (?:was|were) (?:\w+ly )?(?:determined|evaluated|assessed|analy[sz]ed|studied|examined|investigated) (?:in|for|among) (?:a (?:series|total|cohort) of )?(?:\d+|[a-z-]+) (?:[a-z-]+ )?(?:patients|individuals|subjects|participants|cases|children)\b"
    r"|\b(?:results?|outcomes?)\b[^.;\d]{0,80} (?:has|have) been (?:\w+ly )?(?:evaluated|assessed|analy[sz]ed|studied|reviewed) in (?:a (?:series|total|cohort) of )?(?:\d+|[a-z-]+) (?:[a-z-]+ )?(?:patients|individuals|subjects|participants|cases|children)\b"
)
# "We report 40 patients", "the authors present their experience with 12 cases": of their own
_OWN = re.compile(
    r"(?:(?:here|herein|therefore|thus|in this \w+|in the present \w+),? )?(?:we|the authors?|this (?:\w+ )?(?:study|report|paper|article|series|review|work)|the present (?:\w+ )?(?:study|report|paper|article|series))\b(?! (?:have |had )?(?:previously|earlier|recently|once|already))"
)
# "Eleven patients had a haemangioma", "a total of 29 women (12 men)"
_LEADS = re.compile(
    rf"(?:a total of |the |overall, )?(?:\d+|(?:{WORD})(?:[ -](?:{WORD}))*) (?:[a-z-]+ )?(?:patients|participants|cases|children|women|men|adults|subjects|individuals)\b"
    # "Five patients died": how some fared tells not how many there were.
    r"(?! (?:\([^()]*\) )?(?:\w+ly )?(?:died|improved|recovered|relapsed|recurred|deteriorated|worsened|developed|experienced|required|needed|suffered|survived|achieved|regained|reported|remained|became"
    r"|had (?:an? |no |some )?(?:[\w-]+ )?(?:complicat|recurren|relapse|leak|infect|improve|deteriorat|progress|worsen)))"
)
# How far from its beginning a sentence or a section still opens.
_FIRST = 12
_PLANNED = ("sample size", "power calculation", "power analysis")
# "To report the results in 52 patients"
_AIMED = build_rule(
    r"\b(?:in|of|on|for|from|with|among) (?:the |our |a (?:series|cohort|total|group) of )*$"
)
# "a review of 90 operated thoracic cord tumour cases"
_LONG = build_rule(
    r"\b(?:review|analysis|study|series|cohort|sample|evaluation|total|data|records|charts|reviewed|analy[sz]ed|studied|included) (?:of |on |from |was performed (?:of|on) )?(?P<n>\d+) (?:(?!(?:and|or|of|in|with|were|was|had|who|underwent|vs|versus|from|for|by|to)\b)[a-z/-]+ |(?:male and female|female and male|men and women) ){2,7}(?:patients|individuals|subjects|participants|cases)\b"
)
# "Thirty of the patients had a chordoma": where the title is of chordoma the study is of those
_NARROWED = re.compile(
    r" of (?:the|these|those|our|all)(?: \d+)? (?:[a-z]+ )?(?:patients|subjects|participants|cases|individuals) (?:had|were (?:diagnosed with|found to have|treated for|operated (?:on )?for)|suffered from|presented with|harbou?red|underwent) (?P<what>[^.;,]{4,90})"
)
# "40 patients, including 12 children": some of those
_AMONG = build_rule(r"\b(?:including|includes?|included|comprising|of (?:whom|which|these|them))\b")
# "The number of patients was 113"
_NUMBERED = build_rule(
    r"\bnumber of (?:[a-z]+ )?(?:patients|individuals|subjects|participants|cases|children)(?: [a-z]+| operated on)? (?:was|were|amounted to|came to) $"
)
_CASES = build_rule(r"\bcases?\b")
_CASES_OF = re.compile(r" of (?!(?:the|our|these|those|all)\b)")
# Beside such words a number may be one of two groups, or of those whom others studied.
_AGAINST = build_rule(
    r"\b(?:controls|control (?:groups?|subjects|patients|participants|individuals)|healthy|volunteers|matched|versus|vs\.?|compared (?:to|with)|compare|case-control|meta-analys[ie]s|trials|articles|studies (?:with|of|on|in))\b"
)
# What befell some of them: no words that open a series.
_EVENT = build_rule(
    r"\b(?:died|developed|experienced|suffered|recurred|relapsed|improved|deteriorated|worsened|occurr\w+|complications?|recurrences?)\b"
)
_AND_SOME = build_rule(r"\d+ (?:[a-z-]+ ){0,3}(?:and|or) (?:the )?$")
# Fewer are told of singly, not as a group.
_SMALLEST = 4
# A point within a sentence ends nothing: of a decimal, of "st." and "approx."
# Of things that stand ahead of the bracket, with no patient between, is the number in it.
_THINGS_SIZED = re.compile(
    r"\b(?:fractures|lesions|levels|vertebrae|segments|tumou?rs|metastases|screws|procedures|operations|specimens)\b(?![^,;]*\b(?:patients|individuals|subjects|participants|cases|women|men|group|arm)\b)[^,;]*$"
)
# "patients with dumbbell tumours (n = 29)": those who have them are counted.
_BEARING = build_rule(
    r"\b(?:patients|individuals|subjects|participants|cases|women|men|children|adults) (?:with|having|harbou?ring|who had|(?:treated|operated|irradiated) (?:on )?for|presenting with) (?:[a-z-]+ ){0,5}$"
)
_POINT = re.compile(r"\.(?=[\d,;)]| [a-z#\d])")
_BRACKET = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Headcount:
    """A number of patients as a sentence names it; ``how`` is the wording that makes it a group.

    ``cases`` is true where they are called cases, which may be operations, ``share`` where they
    are told with a percent, as a part of more; ``whole`` is that of a part without its noun.
    """

    size: int
    start: int
    role: str
    how: str
    cases: bool = False
    share: bool = False
    whole: int = 0


def titled(title: str) -> Iterator[Headcount]:
    """Yield every number of patients that a title in lower case names."""
    for each in find_quantities(title) if _PATIENT.search(title) else ():
        if each.form == "count" and each.unit == "patients" and (each.numerator or 0) > 1:
            yield Headcount(each.numerator or 0, 0, "title", "title")


def find_headcounts(document: Document) -> Iterator[Headcount]:
    """Yield every number of patients that the abstract tells of its own study."""
    most = 0
    title = lowered(document.record.title or "")
    known = max((each.size for each in titled(title)), default=0)
    for sentence in document.sentences:
        text = document.masked[sentence.start : sentence.end]
        if not find_quantities(text):
            continue
        plain = plain_words(text)
        presented = _PRESENTED.search(plain)
        own = sentence.role == "background" and _OWN.match(plain)
        # Without headings the first sentence of a report of patients is but guessed to be known.
        opens = (
            not (own or presented)
            and sentence.role == "background"
            and _opens_report(document, sentence)
        )
        left_out = "excluded" in plain and sentence.role in {"none", "conclusion"}
        if sentence.role in _UNTOLD and not (presented or own or left_out or opens):
            continue
        if holds_any(plain, _PLANNED):
            continue
        found = _drawn(plain, [*_named_in(text, plain, sentence.role, max(most, known))])
        if opens:
            found = [each for each in found if each.how in NAMING] and found
        found += _narrowed(text, plain, title)
        for kept in kept_inside(lowered(text)):
            found = [replace(each, how="pool") for each in found if each.size > kept]
            found.append(Headcount(kept, 0, sentence.role, "chosen"))
        defining = sentence.role == "methods"
        both = None if most else men_and_women(plain, find_quantities(text), defining)
        if both:
            found = [Headcount(both, 0, sentence.role, "stated" if defining else "noted")]
        alone = not most and _is_alone(plain, found, find_quantities(text))
        heading = document.sections[sentence.section].heading
        for each in found:
            inside = presented and presented.start() < each.start < presented.end()
            how = "stated" if each.how == "count" and inside else each.how
            opens = how == "count" and not most and _LEADS.match(plain[:NEAR]) is not None
            if opens and each.start < _FIRST and _leads(document, sentence):
                how = "leads"
            elif alone and each is found[0] and how == "count" and heads_group(heading):
                how = "stated"
            elif how == "count" and alone and not most:
                told = sentence.role != "results" or _leads(document, sentence)
                told = told and (sentence.role != "results" or plain[each.start] != " ")
                how = "first" if told and each is found[0] else how
            most = max(most, each.size)
            yield replace(each, start=sentence.start, how=how)


def _opens_report(document: Document, sentence: Sentence) -> bool:
    """Tell whether a sentence that no heading calls known opens an abstract."""
    if document.sections[sentence.section].role == "background":
        return False
    told = sentence.opening - document.sections[sentence.section].start < _FIRST
    return told and not _OF_A_LAND.search(document.masked, sentence.start, sentence.end)


def _drawn(plain: str, found: list[Headcount]) -> list[Headcount]:
    """Return the numbers of a sentence, the one that others were chosen of as their pool.

    "It was done in 90 patients, of whom 64 were eligible".
    """
    for at, each in enumerate(found):
        left = "leaving " in plain or _OF_WHOM.search(plain, 0, each.start)
        left = left or _REST_OF.search(plain, 0, each.start) or _OF_THEM.match(plain, each.start)
        if each.how == "chosen" and left:
            return [*(replace(one, how="pool") for one in found[:at]), *found[at:]]
    return found


def _is_alone(plain: str, found: Sequence[Headcount], quantities: Sequence[Quantity]) -> bool:
    """Tell whether the first number of patients of a sentence is no part, and none of two groups.

    "Sixty patients were allocated to A (30) or B (30)", but not "20 patients and 15 others".
    """
    if not found or found[0].size < _SMALLEST or _AGAINST.search(plain):
        return False
    lead, others = found[0], [(each.start, each.size) for each in found[1:]]
    others += [
        (each.start, int(each.value or 0))
        for each in quantities
        if each.form in PLAIN and each.unit is None and each.start > lead.start and each.value != 1
    ]
    # "27 patients had primary and 17 recurrent tumours"
    others += [
        (each.start, each.numerator)
        for each in quantities
        if each.unit == "tumours" and each.numerator and each.start > lead.start
        if plain.endswith(" and ", 0, each.start)
    ]
    ahead = plain[: lead.start]
    if lead.share or _AND_SOME.search(ahead) or _OF_WHOM.search(ahead) or _EVENT.search(plain):
        return False
    if add_up([size for _, size in others], lead.size) or not others:
        return True
    inside = plain[lead.start] == " "  # both in brackets: one of two groups
    return not inside and all(
        plain[start] == " " or _AMONG.search(plain, lead.start, start) for start, _ in others
    )


def add_up(parts: Sequence[int], whole: int) -> bool:
    """Tell whether some of a row of numbers, told one behind the other, make up a whole."""
    return any(
        sum(parts[start:end]) == whole
        for start in range(len(parts))
        for end in range(start + 2, len(parts) + 1)
    )


def _leads(document: Document, sentence: Sentence) -> bool:
    """Tell whether a sentence is the first of the results."""
    section = document.sections[sentence.section]
    return section.role == "results" and sentence.opening - section.start < _FIRST


def _named_in(text: str, plain: str, role: str, most: int) -> Iterator[Headcount]:
    """Yield the numbers of patients of one sentence with their places in it.

    ``most`` is the largest number of them before it.
    """
    last: Quantity | None = None
    group: Quantity | None = None
    sizes: list[int] = []
    quantities = find_quantities(text)
    people = [each for each in quantities if each.unit == "patients"]
    things = quantities[0].unit not in {None, "patients"} and POOL.fullmatch(
        plain, 0, quantities[0].start
    )
    for each in quantities:
        if not _counts_people(plain, each, last, group):
            continue
        if things and not _PATIENT.search(text, each.start, each.end):
            continue  # "of 200 screws, 150 (75%) were in place"
        inside = plain[each.start] == " " and not _PATIENT.search(text, each.start, each.end)
        things_sized = _THINGS_SIZED.search(plain, 0, each.start) if inside else None
        if things_sized and not _BEARING.search(plain, 0, things_sized.start()):
            continue  # "in fractures of less than 3 months (n = 21)"
        whole, part = each.denominator or 0, each.numerator or int(each.value or 0)
        cases = _CASES.search(plain, each.start, each.end) is not None
        left = were_available(plain, each)
        if whole > 1 and _PATIENT.search(text, each.start, each.end):
            yield Headcount(whole, each.start, role, "pool" if left else "count", cases)
        if part > 1:
            how = how_named(plain, each, role, most)
            if how == "stated" and last and _AMONG.search(plain, last.end, each.start):
                how = "count"
            if cases and how in NAMING and 2 * part < most and _CASES_OF.match(plain, each.end):
                how = "count"  # "there were 5 cases of pneumonia"
            if left and how == "count":
                how = "lost" if part < most else "stated"
            elif how == "count" and role == "aim" and len(people) == 1:
                how = "stated" if _AIMED.search(plain, 0, each.start) else how
            beside = group and _is_joined(plain, group, each)
            if how in {"count", "control", "chosen"} and beside:
                how = "joined"
            elif how == "stated" and _SEX.search(plain, each.start, each.end):
                how = "count" if names_both(plain) else how
            share = each.percent is not None or whole > part
            if how in {"chosen", "count"} and is_left(plain, each):
                part = left_in_all(plain, each, max([most, *sizes]))
            sizes.append(part)
            noun = _PATIENT.search(text, each.start, each.end)
            yield Headcount(part, each.start, role, how, cases, share, 0 if noun else whole)
            last, group = each, each if how in NAMING else None
    long = None if people else _LONG.search(plain)
    if long and int(long["n"]) > 1:
        yield Headcount(int(long["n"]), long.start("n"), role, "stated", long[0].endswith("cases"))


def _narrowed(text: str, plain: str, title: str) -> Iterator[Headcount]:
    """Yield those of more who had what the title is of."""
    if " of the" not in plain:
        return
    for each in find_quantities(text):
        told = _NARROWED.match(plain, each.end) if each.form in {"bare", "score", "share"} else None
        size = int(each.numerator or each.value or 0)
        if told and size > 1 and is_topic(told["what"], title):
            yield Headcount(size, each.start, "methods", "chosen")


def _counts_people(
    plain: str, each: Quantity, last: Quantity | None, group: Quantity | None
) -> bool:
    if each.form in PLAIN:
        # "4700 patients with colonic and 2200 with rectal cancer"
        if group and each.unit is None and _WITH.match(plain, each.end):
            return _is_joined(plain, group, each)
        if group and each.unit is None and _is_gapped(plain, group, each):
            return True
        pool = last is not None and (
            POOL.fullmatch(plain, 0, last.start) or is_screened(plain, last)
        )
        chosen = pool and rules().chosen.match(plain, each.end)
        told = chosen or _OF_WHOM.search(plain, 0, each.start) or numbers_all(plain, each)
        told = told or is_left(plain, each) or follows_alone(plain, each) or are_rest(plain, each)
        return each.unit is None and bool(told)
    if each.form == "value" and each.unit == "patients":
        return _NUMBERED.search(plain, 0, each.start) is not None
    people = each.unit == "patients" and not _NO_PEOPLE.match(plain, each.end)
    return people and each.form in COUNTS


def _is_joined(plain: str, group: Quantity, each: Quantity) -> bool:
    """Tell whether a number is that of a second group beside the one ahead of it."""
    if _WHO.match(plain, each.end) and _JOINED_TOO.fullmatch(plain, group.end, each.start):
        return True
    if _is_gapped(plain, group, each):
        return True
    return _JOINED.fullmatch(plain, group.end, each.start) is not None


def told_beside(text: str, place: int) -> int:
    """Return how many those of a second group are whom a sentence sets beside the one at a place, 0 for none."""
    plain, quantities = plain_words(text), find_quantities(text)
    group = next((each for each in quantities if each.start == place), None)
    if group is None or not holds_any(plain, (" and ",)):
        return 0
    for each in quantities:
        later = each.start >= group.end and _counts_people(plain, each, group, group)
        if later and _is_joined(plain, group, each):
            return each.numerator or int(each.value or 0)
    return 0


def _is_gapped(plain: str, group: Quantity, each: Quantity) -> bool:
    """Tell whether a number is of those to whom the same was done by other means as to a group ahead."""
    ahead = _GAPPED.fullmatch(plain, group.end, each.start)
    if ahead is None:
        return False
    behind = _BY_ANOTHER if ahead["by"] or ahead["via"] else _ANOTHER
    behind = _IN_ANOTHER if ahead["at"] else behind
    return behind.match(plain, each.end) is not None


def plain_words(text: str) -> str:
    """Return text in lower case without what parts no clause: brackets and decimal points."""
    plain = _BRACKET.sub(lambda match: " " * len(match[0]), lowered(text))
    return _POINT.sub("#", plain) if "." in plain[:-1] else plain
