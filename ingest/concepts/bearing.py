"""Tell what a concept named in a sentence is to what the sentence claims: its subject or an aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.concepts.mentions import SIDES
from ingest.language.anaphora import GENERAL
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Document, Mention
from ingest.vocabulary import above, load_concepts
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "bearing.yml"
_REACH = 48
# A word said once or twice may be an aside.
_AGAIN = 3
_DONE = frozenset({"procedures", "approaches"})
_BROKEN = frozenset({"pathological_fracture"})
_EVENTS = _BROKEN | {"MESCC"}
_AFTER = re.compile(r"s? (?:rates? )?(?:after|following|risk|rates?|occurred|developed)\b")
# "Without" stands before what was not done, and "with or without" before what was done in some.
_WITHOUT = re.compile(r"(?<!and )\bwithout(?: [\w-]+){0,2} $")
# A harm's own words end at its object: "lucency around the screws", "dislodgement of the cage".
_OBJECT = re.compile(r"\s*(?:of|around|in|at|within) (?:the |an? |one )?(?:\w+ )?")
# "During osteotomy and reconstruction": where something happened, up to the next clause.
_DURING = re.compile(
    r"\b(?:during|throughout|(?:just|immediately|right|shortly) (?:after|before)) [^;:.]*"
)
# What was not: "debridement rather than removal".
_PASSED_OVER = re.compile(
    r"\b(?:rather than|instead of|in place of|in lieu of) (?:the |an? |any )?(?:[\w-]+ )?$"
)
_UNTIL = re.compile(r"\b(?:before|until|till|prior to|up to) (?:the |his |her |their |its )?$")
# What may or may not be there beside, "deficits with or without pain", and a part of a longer
# name, "fracture-free | survival", tell no measure.
_EITHER_WAY = build_rule(
    r"\bwith(?:out)? or without (?:an? |any )?(?:[\w-]+ )?$|\b(?!event)[\w]+-free $"
)
# Nor does what only says of which kind or whose something is: "the gait-regained group".
_QUALIFIES = re.compile(
    r"-(?:appropriate|related|guided|dependent|adjusted|matched|directed|(?:(?:not|non)[- ])?(?:regained|improved|worsened|recovered|preserved|lost)|free (?:survival|intervals?|rates?|time|periods?))\b"
)
# "Complications, such as | leaks, were rarer": all of them were.
_FOR_ONE = build_rule(
    r"\b(?:complications?|morbidity|adverse events?|toxicit(?:y|ies))(?: \([^()]*\))?, (?:such as|like|including|e\.g\.,?) [^;:.()\d]*$",
    re.IGNORECASE,
)
_ALL_WERE = re.compile(r"[^;:.()\d]{0,60}, (?:was|were|had|did|is|are)\b")
_MEASURING = frozenset({"measures", "scales"})
# "Forty patients were assessed for | fusion": looked for, and not yet told.
_LOOKED_FOR = build_rule(
    r"\b(?:(?:was|were|been|be) (?:\w+ly )?(?:evaluated|assessed|examined|analy[sz]ed|tested|screened|monitored|studied|followed)|(?:was|were) (?:evaluable|assessable)) for (?!(?:inclusion|eligibility)\b)"
    r"(?:(?!which|whom)[\w-]+,? ){0,6}$",
    re.IGNORECASE,
)
_UNTOLD = re.compile(
    r"(?!.*\b(?:which|whom|these|them|it|no|none|was|were|had|has|have|showed|achieved|obtained|occurred|developed|improved|remained|follow-?up)\b)(?!.*%)",
    re.IGNORECASE,
)
_PASSING = (
    "rather than ",
    "instead of ",
    "place of ",
    "lieu of ",
    "death",
    "or without ",
    "-",
    ", such as",
    ", like",
    ", includ",
    "e.g.",
    "ed for ",
    "able for ",
)
_WHEN = ("during", "throughout", "just ", "immediately", "right ", "shortly")
_STEP = re.compile(
    r"\b(?:during|by|with|from|of|in|through|after|before|for|and|,)(?: an?| the)?(?: [\w-]+){0,3} $"
)
# "Pain after surgery" is on what surgery led to; "Surgical treatment of chordoma" is on chordoma.
_OPERATED = build_rule(
    r"\b(?:after|following|of|in|for|by|undergoing|underwent|with|from) (?:the )?(?:\w+ )?"
    r"(?:surger(?:y|ies)|surgical (?:treatment|intervention|therapy)|operati(?:on|ve treatment)s?)\b"
    r"|\bsurgical (?:outcomes?|results?|intervention)\b",
    re.IGNORECASE,
)
_COUNTING = {"aim", "methods", "results"}
_WHO_HAD = re.compile(
    r"\b(?:\d+|we|consecutive|all) [^.;]{0,60}?\b(?:patients|subjects|participants|cases|adults|individuals)\b(?: \([^)]*\))?[^.;]{0,60}?"
    r"\b(?:surgically treated|treated surgically|operated(?: on| for)?|(?:who |that )?(?:underwent|undergoing|had undergone|had) (?:\w+ ){0,2}(?:surgery|operation))\b"
    r"|\b(?:\d+|consecutive) (?:surgical|surgically treated|operated) (?:patients|individuals|subjects|participants|cases)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Rules:
    hints: tuple[str, ...]
    aside: re.Pattern[str]
    refused: re.Pattern[str]
    barred: re.Pattern[str]
    unfit: re.Pattern[str]
    whom: re.Pattern[str]
    resistant: re.Pattern[str]
    timing: re.Pattern[str]
    treated: re.Pattern[str]
    happened: re.Pattern[str]
    known: re.Pattern[str]
    learned: re.Pattern[str]


@cache
def _told() -> dict[str, Any]:
    loaded: dict[str, Any] = load_yaml(_CUES)
    return loaded


@cache
def _rules() -> _Rules:
    told = _told()
    lead = r"(?: the| an?| any| his| her| their)?(?: [\w-]+){0,2} $"
    return _Rules(
        (*told["aside"], *told["refused"]),
        build_rule(rf"\b(?:{'|'.join(told['aside'].values())}){lead}"),
        build_rule(rf"\b(?:{'|'.join(told['refused'].values())}){lead}"),
        build_rule(
            rf"\b(?:{told['instead']}(?:{told['refused']['candidate']})|{told['unable']}){lead}"
        ),
        build_rule(rf" {told['unfit']}\b"),
        build_rule(rf"\b(?:{told['whom']}) $"),
        build_rule(told["resistant"]),
        build_rule(rf"\b{told['timing']} $"),
        build_rule(rf"\b{told['treated']} $"),
        build_rule(rf"\b{told['happened']} $"),
        build_rule(rf"\W(?:\w+ )?{told['known']} "),
        build_rule(rf"\b{told['learned']} $"),
    )


@cache
def concepts_of(role: str) -> frozenset[str]:
    """Return the concepts that have a role beside others: steps, completing, later, manners."""
    return frozenset(_told()[role])


@cache
def _covers() -> dict[str, frozenset[str]]:
    return {concept: frozenset(others) for concept, others in _told()["covers"].items()}


def covered_by(found: Iterable[str]) -> frozenset[str]:
    """Return the operations that others say without naming them: cemented screws are screws."""
    return frozenset().union(*(_covers().get(each, frozenset()) for each in found))


def is_unoperated(concept: str) -> bool:
    """Tell whether a treatment is no operation: radiation, drugs, care."""
    return bool({concept, *above(concept)} & concepts_of("unoperated"))


def befell(mention: Mention, low: str) -> bool:
    """Tell whether a fracture or a compression is one that happened: "the risk of fracture"."""
    if mention.concept not in _EVENTS:
        return False
    begin = max(0, mention.start - _REACH)
    return bool(
        _rules().happened.search(low, begin, mention.start)
        or (mention.concept in _BROKEN and _AFTER.match(low, mention.end))
    )


def leading(title: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return a title's concepts without what only completes its operation or went before it."""
    low = lowered(title)
    mentions = [
        each
        for each in mentions
        if not befell(each, low)
        and not (
            each.facet == "procedures"
            and "without" in low
            and _WITHOUT.search(low, max(0, each.start - _REACH), each.start)
        )
    ]
    done = [each.concept for each in mentions if each.facet == "procedures"]
    minor = concepts_of("completing") | concepts_of("watching") | {"surgery"}
    main = [each for each in done if each not in minor]
    if not main:
        return tuple(mentions)
    # What is named before the operation is the title's own matter: "cages after corpectomy".
    dropped = {each for each in done if each not in main} - set(done[: done.index(main[0])])
    dropped |= covered_by(main) | concepts_of("manners") | concepts_of("watching")
    dropped |= concepts_of("later") if main[0] not in concepts_of("later") else frozenset()
    dropped |= {
        each.concept
        for each in mentions
        if each.facet == "procedures"
        and len(main) > 1
        and is_unoperated(each.concept)
        and _rules().treated.search(low, max(0, each.start - _REACH), each.start)
    }
    return tuple(each for each in mentions if each.concept not in dropped)


def short_for(
    operations: Sequence[Mention], mentions: Sequence[Mention], behind: int
) -> dict[str, str]:
    """Return the narrower operation that a text tells of wherever its title has a wider word.

    "Total spondylectomy" over a text on total en bloc spondylectomy and no other is that.
    """
    told = Counter(
        each.concept for each in mentions if each.facet == "procedures" and each.start >= behind
    )
    found: dict[str, str] = {}
    for each in operations:
        narrower = [one for one in told if each.concept in above(one)]
        alone = each.concept not in GENERAL and not told[each.concept] and len(narrower) == 1
        if alone and told[narrower[0]] >= _AGAIN:
            found[each.concept] = narrower[0]
    return found


def tells_surgery(title: str) -> bool:
    """Tell whether a title is on what plain surgery led to: pain after surgery."""
    return bool(_OPERATED.search(title))


def had_surgery(document: Document) -> bool:
    """Tell whether those whom a report counts were operated on, by its aim, methods or results."""
    for each in document.sentences:
        if each.role in _COUNTING:
            text = document.masked[each.start : each.end]
            if ("surg" in text or "operat" in text) and _WHO_HAD.search(text):
                return True
    return False


def set_aside(mention: Mention, low: str, advised: bool = False) -> bool:
    """Tell whether an operation or a route is one not taken, not borne, or of the past.

    ``advised`` is true of advice: who cannot have an operation is then what the claim may say.
    """
    if mention.facet not in _DONE and mention.concept != "operative_treatment":
        return False
    rules = _rules()
    begin, end = max(0, mention.start - _REACH), mention.start
    if holds_any(low, rules.hints) and (
        rules.aside.search(low, begin, end)
        or (rules.barred if advised else rules.refused).search(low, begin, end)
    ):
        return True
    if rules.resistant.match(low, mention.end):
        return True
    whom = not advised or rules.whom.search(low, begin, end)
    return bool(whom and rules.unfit.match(low, mention.end))


def chosen(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return what a sentence names without the measures set aside: washed rather than removed."""
    if not mentions or not holds_any(text, _PASSING):
        return mentions
    return tuple(
        each
        for each in mentions
        if not _qualifies(text, each)
        and (
            load_concepts()[each.concept].harm is None
            or not (_PASSED_OVER.search(text, 0, each.start) or _is_end(text, each))
        )
    )


def _qualifies(text: str, mention: Mention) -> bool:
    """Tell whether a measure only says of which kind something is, or what may come with it."""
    if mention.facet not in _MEASURING:
        return False
    begin = max(0, mention.start - 110)
    return bool(
        _EITHER_WAY.search(text, begin, mention.start)
        or (_LOOKED_FOR.search(text, begin, mention.start) and _UNTOLD.match(text, mention.end))
        or _QUALIFIES.match(text, mention.end)
        or (_FOR_ONE.search(text, begin, mention.start) and _ALL_WERE.match(text, mention.end))
    )


def _is_end(text: str, mention: Mention) -> bool:
    """Tell whether a death only ends a time: "he had no pain until his death"."""
    return mention.concept == "mortality" and bool(_UNTIL.search(text, 0, mention.start))


def in_view(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return what a sentence names without asides: what a later one may point back to."""
    low = lowered(text)
    done = [each for each in mentions if each.facet == "procedures"]
    return tuple(
        each
        for each in mentions
        if not (
            each.concept in SIDES
            and any(one.start <= each.start and each.end <= one.end for one in done)
        )
        and not set_aside(each, low)
        and not only_watches(each, low)
    )


def within_name(mention: Mention, operations: Iterable[Mention]) -> bool:
    """Tell whether a side is only part of an operation's name: posterior fixation."""
    return mention.concept in SIDES and any(
        one.start <= mention.start and mention.end <= one.end and mention.concept in one.concept
        for one in operations
    )


def only_watches(mention: Mention, low: str) -> bool:
    """Tell whether what is named is how something became known: "monitoring showed that ..."."""
    if mention.concept not in concepts_of("watching"):
        return False
    rules = _rules()
    begin = max(0, mention.start - _REACH)
    return bool(
        rules.known.match(low, mention.end) or rules.learned.search(low, begin, mention.start)
    )


_BENEFIT = tuple(
    f"{word} from {each}" for word in ("benefit", "benefits", "benefited") for each in ("", "the ")
)
_GIVEN = re.compile(
    r" (?:alone|only|plus|combined with|in addition to|versus|vs)\b| \+ ?| (?:and|with|followed by|without) (?:\w+ )?(?:rt\b|radioth|radiat|chemoth|embol|sbrt|srs)"
)


def only_times(mention: Mention, low: str) -> bool:
    """Tell whether plain surgery is only a point in time: "at six weeks after surgery"."""
    if mention.concept != "surgery":
        return False
    # Who benefits from surgery had it, and so had those after surgery alone or with radiotherapy.
    if low.endswith(_BENEFIT, 0, mention.start) or _GIVEN.match(low, mention.end):
        return False
    return bool(_rules().timing.search(low, max(0, mention.start - _REACH), mention.start))


def is_object(mention: Mention, harms: Iterable[Mention], low: str) -> bool:
    """Tell whether an implant is what a harm befell: the cage of its dislodgement."""
    return mention.concept in concepts_of("completing") and any(
        one.end <= mention.start and _OBJECT.fullmatch(low, one.end, mention.start) for one in harms
    )


def tells_when(low: str) -> bool:
    """Tell whether a sentence may say during what something happened."""
    return holds_any(low, _WHEN)


def circumstances(operations: Sequence[Mention], low: str, pointed: bool) -> set[str]:
    """Return the operations that only tell when: those behind "during", where one is the subject.

    ``pointed`` is true where the sentence points back to an operation.
    """
    within = _DURING.search(low)
    if within is None:
        return set()
    minor = concepts_of("steps") | concepts_of("watching")
    before = {each.concept for each in operations if each.end <= within.start()} - minor
    if not (pointed or before - {"surgery"}):
        return set()
    return {
        each.concept for each in operations if within.start() <= each.start < within.end()
    } - before


def moves(mentions: Iterable[Mention], low: str) -> set[str]:
    """Return the steps of an operation that stand in a phrase: "bleeding during the osteotomy"."""
    steps = concepts_of("steps")
    return {
        each.concept
        for each in mentions
        if each.concept in steps and _STEP.search(low, max(0, each.start - _REACH), each.start)
    }
