"""Read how many patients each group of a study had where a sentence tells of them all in turn.

"Twenty patients received TES and 35 had curettage" sizes two groups by what was done in them;
"fusion was done in 20 patients (fusion group)" sizes one by the name it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ingest.groups.arms import find_arms
from ingest.groups.attrition import are_parts
from ingest.groups.descriptions import (
    DONE,
    NAME,
    TOKEN,
    Allotted,
    allot,
    described,
    headcount_of,
    is_acronym,
    is_event,
    set_against,
    size_of_count,
    tells_share,
    words_of,
)
from ingest.groups.enrolment import enrolled, things_in
from ingest.groups.labels import core_of
from ingest.groups.makeup import in_bracket, matched
from ingest.groups.marks import marked
from ingest.groups.rows import in_row
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Mention
from ingest.numbers.numerals import WORD
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity, with_sizes

_CALLED = (
    rf"(?P<name>(?![\d#]){TOKEN}(?: {TOKEN}){{0,4}}?)"
    r"(?=\s*\((?P<short>[^)=\d]{1,30}\d?)\)|\s*[,.;:(]|\s+(?:and|while|whereas|versus|vs|but|in|after|for|with|during|at|of|because|due)\b|\s*$)"
)
_GOT = re.compile(
    rf"\s*(?:of (?:them|these|whom|those) )?(?:\([^)]*\)\s*)?(?:(?:patients|individuals|subjects|participants|cases) )?(?:who )?{DONE}(?: to)?(?: (?:receive|undergo|the|an?|only))* "
    rf"(?:(?:{TOKEN} ){{1,4}}?(?:via|through|using|by|by means of) (?:the |an? ))?{_CALLED}"
)
# "20 were treated by resection | and 30 by curettage": the verb is told once.
_LIKEWISE = re.compile(
    rf"\s*(?:patients |individuals |subjects |participants |cases )?(?P<by>by|with|via|through|using) (?:an? |the )?{_CALLED}"
)
_ALSO = re.compile(
    rf"\s*(?:patients |individuals |subjects |participants |cases )?(?:an? |the ){_CALLED}"
)
# "20 were treated surgically and 30 conservatively"
_HOW = re.compile(
    r"\s*(?:patients |individuals |subjects |participants |cases )?(?:who )?(?:(?:were|was) )?(?:(?:treated|managed|operated on) )?(?P<name>(?:non-?)?(?:surgically|operatively|conservatively|medically|endoscopically|percutaneously))(?: \((?P<short>[^)=\d]{1,30}\d?)\))?(?=[\s.,;)]|$)"
)
_NAMED = re.compile(
    r"[^.;,()]{0,90}?\((?:the )?(?P<name>(?!\d)[^(),;%]{1,30}? (?:group|arm|cohort))(?:[);]|,(?! (?:n ?= ?)?\d))"
    r"|[^.;()]{0,200}?\b(?:(?:set|served|used|acted|enrolled|taken|selected|defined|included) as|formed|constituted|made up) (?:the |an? )?(?P<other>(?!\d)[^(),;%]{1,30}? (?:group|arm|cohort))\b"
)
# Sentences that put the patients of a study into groups.
_FORMS = build_rule(
    r"\b(?:divided|split|assigned|allocated|randomi[sz]ed|stratified|grouped|categori[sz]ed|classified|separated|dichotomi[sz]ed|includ\w+|enrolled|comprised|comprising|identified|consisted|recruited)\b|groups (?:were|was) [a-z]+ed\b"
)
# Patients are put into groups of which the size is told, not how many of them all were treated so.
_PUT = build_rule(
    r"\b(?:divided|split|assigned|allocated|randomi[sz]ed|stratified|grouped|categori[sz]ed|classified|separated|dichotomi[sz]ed|either)\b|groups (?:were|was) (?:\w+ly )?(?:designed|defined|formed|created|established|generated|constructed|derived|designated|distinguished|built)\b|\bin (?:two|three|four|five|\d) (?:[a-z]+ )?(?:groups|cohorts|arms|levels)\b"
)
# "0-3 points (n = 18)", "scores of 9 or more": what makes a group may be its name.
_BAND = re.compile(
    r"(?![\d.]+$)(?:(?:scores?|grades?|stages?|types?|class|classes|ages?|aged) (?:of )?)?(?:[<>≤≥]=? ?)?\d[\d.]*(?: ?(?:-|–|to) ?\d[\d.]*)?(?: (?:or|and) (?:more|less|fewer|over|above|below|older|younger))?(?: ?(?:points?|years?|gy|months?|levels?|segments?))?(?: or (?:more|less|fewer))?"
)
_OR = re.compile(r"[)\]] or\b")
# "Grade 0 (n = 20), 1 (n = 30)": the grades of a scale are groups by its name.
_GRADE = re.compile(r"\b(?:grade|stage|type) \S{1,3}$")
# What was done to them does as much where two groups at least are sized.
_GIVEN = build_rule(
    r"\b(?:patients had\b(?=[^.;]* or )|receiv\w+|given|under(?:went|go|going|gone)|treated|operated|managed|irradiated|compar\w+|either|versus|vs|groups|arms|cohorts)\b"
)
_BEFELL = build_rule(
    r"\b(?:died|developed|recurr\w+|improved|complications?|survived|infections?|deteriorated)\b"
)
# "to bracing (n = 31) or to a control arm (n = 29)"
_SIZE = build_rule(
    r"(?:\s?[(\[]|[;,] (?:and )?(?=[^()\[\]=\d,;]*\b(?:group|arm|cohort),? n))(?:(?:group )?(?P<short>[^()\[\]=\d,;]{1,30})[,;:]\s*|[^()\[\]=]{1,60}[,;]\s*)?n\s*=\s*(?P<n>\d+)\b"
)
# "(group 1, titanium, n = 29; group 2, carbon, n = 27)": two names in one bracket with the size
_INSIDE = build_rule(
    r"(?:[(\[;]|\band) ?(?:the )?(?P<name>(?:group|arm|cohort) [a-z\d]{1,3})(?:[,:] ?| ?= ?| )(?P<short>[^()=;,\d]{2,50}), n ?= ?(?P<n>\d+)"
)
_BARE_SIZE = re.compile(r"[(\[]n\s*=\s*(?P<n>\d+)[)\]]")
_LETTERED = build_rule(r"\b(?:groups?|arms?|cohorts?) (?:[a-z]{1,2}|\d|i{1,3})\s*$")
_CLAUSE = re.compile(r"[,;:()]|\b(?:or|and|either|versus|vs|to|between)\b")
_NOBODY = frozenset(["n", "participants", "subjects", "individuals", "women", "men", "children"])
_GLOSS = re.compile(r"[(\[](?P<gloss>[^()\[\]\d]{1,40})[)\]]\s*$")
# What a group's name begins behind.
_BEGINS = build_rule(
    r"\b(?:as|to|compared|between|either|or|and|versus|vs|receive|received|undergo|underwent|undergoing|with|by|into|in|of|had|an?|the|only|patients|individuals|subjects|participants|cases|who|were|was)\b(?<!followed by)(?<!combined with)(?<!together with)|[,.;:()]"
)
# "21 laminectomy and 28 fusion patients", "36 cases of vertebroplasty and 43 cases of surgery"
_BESIDE = re.compile(
    rf"\s*(?:(?:patients|individuals|participants|cases|subjects) )?(?:(?:of|with|for|by|via|through|using) (?:an? )?)?(?P<name>(?![\d#]){TOKEN}(?: {TOKEN}){{0,4}}?)(?: (?:patients|individuals|participants|cases|subjects))?(?=\s*[,.;:()]|\s+(?:and|or|versus|vs|were|was|who|in|have|underwent)\b|\s*$)"
)
# "22 laminectomy patients", all of it a count
_HELD = re.compile(
    rf"(?:\d+|{WORD}) (?P<name>{TOKEN}(?: {TOKEN}){{0,3}}?) (?:patients|individuals|participants|cases|subjects)"
)
# "embolization was performed in 20 patients and resection in 15"
_BEFORE = re.compile(
    rf"(?:^|[,;:.(] |\b(?:and|was|were|by|with|or|while|whereas|the|both) )(?P<name>(?![\d#]){TOKEN}(?: {TOKEN}){{0,4}}(?: with(?:out)? {TOKEN}(?: {TOKEN})?)?) (?:alone |only )?(?:(?:was|were|had been|being) (?:[a-z]+ly )?[a-z]+ed |(?:was|were) (?:done|undertaken|chosen|given) )?(?:in|on|for|to) (?:only |another |the other |the remaining |the rest, |a total of )?$"
)
# "20 and 25 received early and late irradiation, respectively": both names are of both sizes.
_ROWED = re.compile(r" and [^.;,()]*,? respectively\b")
_HINTS = (
    "matched",
    "ceiv",
    "under",
    " had ",
    "treated",
    "managed",
    "operated",
    "roup)",
    "arm)",
    "ohort)",
    "igned",
    "ocated",
    "mized",
    "mised",
    "n=",
    "n =",
    "N=",
    "N =",
    "roup ",
    " arm",
    " cohort",
    " each",
    "espectively",
    " and ",
    ", ",
)
# "patients with early disease (62 SM, 17 GM)"
_OF_PEOPLE = build_rule(
    r"\b(?:patients|individuals|participants|cases|subjects)\b[^.;,()]{0,60}\($"
)
# Behind these stand the parts of what stands ahead.
_OF_WHICH = build_rule(
    r"\b(?:including|comprising|consisting|of which|of whom|among whom|of these)\b"
)
_AMID = build_rule(r"\b(?:and|while|whereas|versus|vs\.?|but)\b|[,;]|^ (?:with|to|against) ")


def note_sizes(
    text: str,
    known: dict[str, int | None],
    mentions: Sequence[Mention] = (),
    wholes: Set[int] = frozenset(),
    defining: bool = False,
) -> list[list[Allotted]]:
    """Add the sizes of the groups that a sentence tells in turn; under one name two are none.

    ``mentions`` are the sentence's, ``wholes`` the numbers of patients told before it,
    ``defining`` is true where it stands ahead of the results. Return the groups told together.
    """
    found = [each for each in allotted(text, mentions, wholes, defining) if each]
    if found and (things := things_in(lowered(text), find_quantities(text))):
        # "412 screws were placed (214 with a robot, 198 without)"
        found = [each for each in found if sum(one.size for one in each) not in things]
    told = [(name, one.size) for each in found for one in each for name in one.names]
    if told and are_parts(text, [(size, known.get(name) or 0) for name, size in told]):
        return found
    for name, size in dict.fromkeys(told):
        if defining or (known.get(name) or 0) <= size:  # "in 9 TES patients" of those told before
            known[name] = size if known.get(name, size) == size else None
    return found


def allotted(
    text: str, mentions: Sequence[Mention], wholes: Set[int], defining: bool
) -> Iterator[list[Allotted]]:
    """Yield the groups of patients that a sentence sizes, those told together at once."""
    quantities = find_quantities(text)
    # Most sentences hold no number at all.
    if not (quantities or "=" in text) or not holds_any(text, _HINTS):
        return
    text = with_sizes(text)
    counts = [each for each in quantities if size_of_count(each) > 1]
    sizes = counts or [each for each in quantities if (each.numerator or 0) > 1]
    if not sizes and "=" not in text:
        return
    low = lowered(text)
    befell = _BEFELL.search(low) is not None
    forms = _FORMS.search(low) is not None
    sized = [*_sized(text, low, counts)] if "=" in text else []
    whole = defining and sum(each.size for each in sized) in map(size_of_count, counts)
    graded = len(sized) > 2 and all(map(_GRADE.search, (each.shown[0] for each in sized)))
    given = len(sized) > 1 and (whole or graded or _GIVEN.search(low))
    if sized and not befell and (forms or given):
        yield sized
    inside = [] if befell else [*_enrolled(text, low, quantities, wholes, defining)]
    if inside:
        yield inside
    lettered = [] if befell or "(" not in text else marked(text, low, quantities, wholes, defining)
    if lettered:
        yield lettered
        return
    against = [*set_against(text, low, quantities)] if defining and not sized else []
    if against:
        yield against
        return
    listed = [] if befell or "(" not in text else [*in_bracket(text, low, quantities, mentions)]
    if defining and "matched" in low:
        listed = listed or [*matched(text, low, quantities)]
    if listed:
        yield listed
        return
    turns = [*_told_in_turn(text, low, counts, mentions if not defining else ())]
    if turns:
        yield _apart(turns, inside)
    named = [*_named(text, low, [each for each in quantities if headcount_of(each) > 1])]
    if named:
        yield _apart(named, inside)
    if sized or inside or befell:
        return
    yield [*described(text, low, quantities, mentions)]
    if turns or len(counts) < 2:
        return
    row = [*in_row(text, low, counts)]
    yield row
    if not row:
        yield [*_beside(text, low, quantities, mentions, wholes, _BESIDE)]
        yield [*_beside(text, low, quantities, mentions, wholes, _BEFORE)]


def _apart(found: list[Allotted], told: Sequence[Allotted]) -> list[Allotted]:
    """Return groups without those that were read by their number already."""
    names = {name for each in told for name in each.names}
    return [each for each in found if names.isdisjoint(each.names)]


def _sized(text: str, low: str, counts: Sequence[Quantity]) -> Iterator[Allotted]:
    inside = [*_INSIDE.finditer(low)]
    if len(inside) > 1:
        for each in inside:
            spans = [each.span("name"), each.span("short")]
            yield allot(text, low, spans, int(each["n"]), each.start("n"))
        return
    sizes = [int(each["n"]) for each in _SIZE.finditer(low)]
    # "21 had a fusion, anterior (n = 9) or posterior (n = 12)" parts those told of.
    one_of = _OR.search(low) and sum(sizes) not in {size_of_count(each) for each in counts}
    put = _PUT.search(low) or one_of
    headed = {arm.end: arm for arm in find_arms(text, low) if arm.turn >= 0}
    for match in _SIZE.finditer(low):
        start = max(0, match.start() - NAME)
        gloss = _GLOSS.search(low, start, match.start())
        end = gloss.start() if gloss else match.start()
        begin = max((each.end() for each in _BEGINS.finditer(low, start, end)), default=start)
        lettered = _LETTERED.search(low, start, end)  # the "a" of "group a" is no article
        begin = lettered.start() if lettered else begin
        name = low[begin:end].strip()
        plain = not name[:1].isdigit() or (put and _BAND.fullmatch(name) is not None)
        fit = name and len(name.split()) < 6 and plain and name not in _NOBODY
        short = (match["short"] or (gloss["gloss"] if gloss else "")).strip()
        place = match.start("n") if put else None
        joint = headed.get(len(low[: match.start()].rstrip()))
        if (
            joint
            and (lettered or " " not in name or _GRADE.search(joint.label))
            and int(match["n"]) > 1
        ):  # groups I (n = 20) and II (n = 24)
            told, size = (core_of(joint.label),), int(match["n"])
            yield Allotted(
                told, (joint.label,), size, joint.start, joint.end, place, words_of(name)
            )
        elif int(match["n"]) > 1 and (fit or short):
            spans = [(begin, begin + len(low[begin:end].rstrip()))] if fit else []
            if short:
                spans.append(
                    match.span("short")
                    if match["short"]
                    else gloss.span("gloss")
                    if gloss
                    else match.span()
                )
            group = allot(text, low, spans, int(match["n"]), place)
            # "As a single fraction of 24 Gy (n = 38)": the single-fraction group.
            lead = max((e.end() for e in _CLAUSE.finditer(low, start, end)), default=start)
            yield replace(group, words=group.words | words_of(low[lead:end]))


def _enrolled(
    text: str, low: str, quantities: Sequence[Quantity], wholes: Set[int], defining: bool
) -> Iterator[Allotted]:
    """Yield the groups that a sentence names with their numbers of patients."""
    for arm, size in enrolled(low, find_arms(text, low), quantities, wholes, defining):
        name = core_of(arm.label)
        yield Allotted((name,), (arm.label,), size, arm.start, arm.end, None, words_of(name))


def _told_in_turn(
    text: str, low: str, counts: list[Quantity], mentions: Sequence[Mention]
) -> Iterator[Allotted]:
    found: list[tuple[Quantity, re.Match[str]]] = []
    for each in counts:
        match = _GOT.match(low, each.end) or _HOW.match(low, each.end)
        if found and match is None:
            match = _elided(low, each, found[-1][1])
        if match and not _ROWED.match(low, match.end()):
            found.append((each, match))
    if "=" in low:  # "half of them (n = 30) were assigned to bracing"
        for size in _BARE_SIZE.finditer(low):
            got = _GOT.match(low, size.end())
            if got:
                told = Quantity("bare", *size.span("n"), float(size["n"]))
                found.append((told, got))
    names = {match["name"].strip() for _, match in found}
    if len(found) < 2 or len(names) < len(found):
        return
    if any(is_event(match.span("name"), mentions) for _, match in found):
        return  # "9 had a recurrence and 4 an air leak": what befell them
    starts = [each.start for each, _ in found[1:]]
    ends = [match.end() for _, match in found[:-1]]
    gaps = [low[end:start] for end, start in zip(ends, starts, strict=True)]
    if not all(_AMID.search(gap) for gap in gaps):
        return
    while gaps and any(_OF_WHICH.search(gap) for gap in gaps):
        found, gaps = found[1:], gaps[1:]  # what they are parts of stands ahead
    sizes = [size_of_count(each) for each, _ in found]
    found = found[1:] if len(found) > 2 and sizes[0] == sum(sizes[1:]) else found
    if len(found) < 2:
        return
    for each, match in found:
        spans = [match.span(part) for part in ("name", "short") if match[part]]
        yield allot(text, low, spans, size_of_count(each))


def _elided(low: str, each: Quantity, last: re.Match[str]) -> re.Match[str] | None:
    """Return what was done to some where the verb is told once: 20 were treated by A and 30 | by B."""
    if also := _ALSO.match(low, each.end):
        return also if last.re in {_GOT, _ALSO} else None
    again = _LIKEWISE.match(low, each.end)
    told = again and (last.re is _LIKEWISE or re.search(rf"ed (?:on )?{again['by']} ", last[0]))
    return again if told else None


def _named(text: str, low: str, counts: list[Quantity]) -> Iterator[Allotted]:
    for at, each in enumerate(counts):
        match = _NAMED.match(low, each.end)
        later = counts[at + 1].start if at + 1 < len(counts) else len(low)
        if match and match.end() <= later and "=" not in match[0]:
            part = "name" if match["name"] else "other"
            yield allot(text, low, [match.span(part)], headcount_of(each))


def _beside(
    text: str,
    low: str,
    quantities: Sequence[Quantity],
    mentions: Sequence[Mention],
    wholes: Set[int],
    rule: re.Pattern[str],
) -> Iterator[Allotted]:
    """Yield two groups or more that each stand beside their number.

    They are told by what was done in them, or make up a number of patients told before.
    """
    found = []
    for each in quantities:
        if size_of_count(each) < 2 or tells_share(low, each, mentions):
            continue
        if rule is _BEFORE:
            match = rule.search(low, max(0, each.start - NAME), each.start)
        else:
            match = _HELD.fullmatch(low, each.start, each.end) or rule.match(low, each.end)
        span = match.span("name") if match else (0, 0)
        if match and (not is_event(span, mentions) or _is_done(text, span, mentions)):
            found.append((each, match))
    taken = {each.start for each, _ in found}
    others = {headcount_of(each) for each in quantities if each.start not in taken}
    if sum(size_of_count(each) for each, _ in found) not in others | wholes:
        found = [each for each in found if _is_done(text, each[1].span("name"), mentions)]
        people = found and _OF_PEOPLE.search(low, 0, found[0][0].start)
        if not (people or any(each.unit == "patients" for each in quantities)):
            return
    labels = {match["name"] for _, match in found}
    if len(found) > 1 and len(labels) == len(found):
        for each, match in found:
            yield allot(text, low, [match.span("name")], size_of_count(each))


def _is_done(text: str, span: tuple[int, int], mentions: Sequence[Mention]) -> bool:
    """Tell whether a name is an operation's or an abbreviation: no tumour, no event."""
    inside = any(
        each.facet in {"procedures", "approaches"} and span[0] <= each.start and each.end <= span[1]
        for each in mentions
    )
    return inside or is_acronym(text, *span)
