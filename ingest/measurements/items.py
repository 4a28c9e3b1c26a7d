"""Tell what the items of a list count that name no measure: subtotal in 6, respiratory in 4."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import bracket_open, holds_any
from ingest.model import Measurement, Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Sitting
from ingest.vocabulary import TAKEN_IN
from ingest.yamlfile import load_yaml

_KINDS = Path(__file__).parents[1] / "cues" / "kinds.yml"
IN_SO_MANY = build_rule(r"\b(?:in|for) (?:another |the other |the remaining |only |just )?$")
# "radiotherapy was given to 30 and chemotherapy to 12"
_GIVEN = build_rule(r"\band (?:[a-z-]+ ){1,3}to (?:another |the other |only )?$")
JOINED = build_rule(r"(?:,|\band)\s+$")
_OBJECT = re.compile(
    r"\s+(?:patients? |individuals |subjects |participants? )?(?:an? |through |via |by )"
)
# What is told of one part after the other: after a total removal the others are less than total.
_NEXT = {
    "procedure_performed": "procedure_performed",
    "gross_total_resection": "extent_of_resection",
    "extent_of_resection": "extent_of_resection",
    "embolization_completeness": "embolization_completeness",
    "tumour_level": "tumour_level",
    "levels_involved": "levels_involved",
    "histology": "histology",
    "primary_site": "primary_site",
    "surgical_margin": "surgical_margin",
}
_ITEM = re.compile(
    r"(?:\s*\([^()]*\))?,?\s*(?:and |or |with )?(?:an? |the |in the |at the )?(?:[a-z-]+ ){1,5}(?:in|for) (?:only |another |the remaining |the other )?"
)
_REMOVED = build_rule(r"\b(?:removed|resected|excised) ")
_BRACKETED_ITEM = re.compile(r"\s*[%)]*\)?,?\s*(?:and |or )?(?:[a-z-]+ ){1,4}\(")
_PARTS = frozenset(["count", "percent"])
_WHOLES = TAKEN_IN | {None}
_WITH = re.compile(r"[^().;:,\d]{0,60}")
_KIND = build_rule(
    r"(?:^|[,:;(]|\b(?:and|or|were|was|included|including|follows:?|with|mainly|mostly))\s*(?P<kind>[a-z-]+)(?: (?:complications?|events?|problems?|ones?))?(?: (?:occurred|developed))? (?:in (?:only |another )?|[(\[](?:n ?= ?)?)$"
)
# "Complications included 4 patients | with a leak, two | with an ileus and 1 | with pneumonia."
_LIST_AHEAD = build_rule(r"(?:\b(?:includ(?:ed|ing|es?)|were|of|by|and|comprised)|[,;:]) $|\($")
_HAVING = re.compile(
    r"(?: (?:patients?|individuals|subjects|participants?|cases?|others?))? with (?:an? )?"
)
_ITEM_ENDS = re.compile(r"s?(?: \([^()]*\))?(?:[,;.)]|,? and\b|$)")
_WORDS = re.compile(r"(?:(?!and\b|or\b|with\b|in\b)[a-z-]+ ){0,3}")
# "1 case | of sarcoma recurred": what they had, not what they died of
_OF_KIND = re.compile(
    r" of (?:[a-z-]+ ){1,4}?(?:developed|had|suffered|experienced|recurred|relapsed|survived|showed|underwent)\b"
)
# "Five died: three | of pneumonia and two | from sepsis"
_OF_CAUSE = re.compile(
    r"\s(?:of|from|due to|because of|owing to|as a result of) (?!(?:them|these|those|whom|which|the|all|our)\b)[a-z]"
)
# "five | died of disease and | eight of other causes"
_DIED_OF_AND = re.compile(r"(?: \([^()]*\))? died (?:of|from) [^,;:()]{3,40},? and ")
_LISTED_ON = build_rule(r"(?:[:;,(]|\band)\s*(?:and )?$")
_COMMONEST = re.compile(
    r" (?:was|were) (?:the )?(?:second |third )?(?:most (?:common|frequent)|commonest|main|leading)(?:ly \w+)? (?:[a-z-]+ )?(?:complications?|adverse events?),?"
    r"(?: (?:and )?(?:occurr(?:ed|ing)|seen|observed|noted|found)(?: in)?| in)? ?[(\[]?(?:n ?= ?)?$"
)
# "in 4 women, | persistent drainage in 2", "(n = 3), | chyle fistula (n = 2)"
_OWN_ITEM = re.compile(
    r"\)?(?: (?:patients?|individuals|subjects|participants?|cases?|women|men|levels?|others?))?(?: ?\([^()]*\))?(?:,? and|[,;]) (?:an? )?(?:(?!(?:in|of|at|with|for|after|and|or)\b)[a-z-]+ ){0,3}(?P<noun>(?!(?:in|of|at|with|for|after|and|or)\b)[a-z-]{4,}) (?:in (?:only |another )?|\((?:n ?= ?)?)"
)
# What tells more of the same harm, or where it was: superficial in 3, bilateral in 2, lumbar in 4.
_NO_HARM = re.compile(
    r"[a-z-]+(?:al|ar|ic|ive|ous|ed|ent|ant|[ai]ble|ary|less|ful|ior|est|ate|ly|ory|oid)|deep|mild|severe|minor|major|late|early|acute|again|once|twice|spine|spines|level|levels|region|regions|segments?|side|both|right|left|others?|one|two|men|women|children|patients|individuals|subjects|participants|cases|group|groups|arms?|cohorts?|sacrum|neck|body|pedicles?|bodies|sites?|screws?|rods?|cages?|vertebrae?|none|grade|type|stage|anterior|posterior|infections?|fractures?|leaks?|failures?|complications?|events?|ones?|weak|stable|worse|better|complete|intermediate|unclear|unknown|types?|positive|negative|death|deaths"
)
_HEADED = ("complication", "adverse event", "morbidit")


def elided(low: str, quantity: Quantity) -> bool:
    """Tell whether a count leaves out its verb: three underwent A, one a B."""
    begin = max(0, quantity.start - 24)
    return bool(JOINED.search(low, begin, quantity.start) and _OBJECT.match(low, quantity.end))


def given(low: str, quantity: Quantity) -> bool:
    """Tell whether a number is of those to whom something else was given as well: and drugs to 12."""
    return bool(_GIVEN.search(low, max(0, quantity.start - 60), quantity.start))


def continued(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what a count goes on with that is the next item of the list its last one began."""
    low = sitting.scene.low
    # A dose in brackets between two counts is no item of the list.
    last = next((each for each in reversed(sitting.found) if each.statistic in _PARTS), None)
    if last is not None and quantity.form == "ratio" and (whole := _bracketed(sitting, quantity)):
        return whole.measure
    if last is None or last.measure not in _NEXT:
        return None
    between = low[last.end : quantity.start]
    bracketed = low[last.start - 1 : last.start] == "(" and _BRACKETED_ITEM.fullmatch(between)
    if last.measure == "procedure_performed":
        # "performed in 70 patients and radiotherapy in 64 patients"
        begin = max(0, quantity.start - 24)
        listed = IN_SO_MANY.search(low, begin, quantity.start) and not holds_verb(between)
        listed = listed or elided(low, quantity) or given(low, quantity)
        return last.measure if listed or bracketed else None
    if holds_verb(_REMOVED.sub("", between)):
        return None
    return _NEXT[last.measure] if bracketed or _ITEM.fullmatch(between) else None


def _bracketed(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return the count right behind which a part of it stands in brackets: 3 of 12 (2/6 with a graft)."""
    low = sitting.scene.low
    opens = bracket_open(low, quantity.start)
    if opens < 0:
        return None
    whole = next((each for each in reversed(sitting.found) if each.end <= opens), None)
    near = whole is not None and _WITH.fullmatch(low, whole.end, opens)
    parts = (
        near
        and whole
        and whole.measure not in _WHOLES
        and (quantity.numerator or 0) <= (whole.numerator or 0)
    )
    return whole if parts else None


def had(sitting: Sitting, quantity: Quantity) -> Mention | None:
    """Return the harm that those have whom an item of a list counts: 4 patients with a leak, 2 with an ileus."""
    low = sitting.scene.low
    having = _LIST_AHEAD.search(low, 0, quantity.start) and _HAVING.match(low, quantity.end)
    harm = harm_from(sitting, having.end()) if having else None
    return harm if harm and _ITEM_ENDS.match(low, harm.end) else None


def harm_from(sitting: Sitting, place: int) -> Mention | None:
    """Return the harm to a patient that is named from a place on, None where other words stand there."""
    for each in sitting.scene.mentions:
        concept = sitting.scene.concepts[each.concept]
        if each.start >= place and concept.harm and "patients" in concept.units:
            return each if _WORDS.fullmatch(sitting.scene.low, place, each.start) else None
    return None


def is_other_item(sitting: Sitting, quantity: Quantity, mention: Mention | None) -> bool:
    """Tell whether a list's item names a harm of its own for which no measure is known.

    "Nonunion was seen in 4, persistent drainage in | 2": the two had none of the first harm.
    """
    last = next((each for each in reversed(sitting.found) if each.statistic in _PARTS), None)
    if last is None or mention is None or not mention.end <= last.start:
        return False
    if "complications" not in sitting.scene.concepts[mention.concept].broader:
        return False
    item = _OWN_ITEM.fullmatch(sitting.scene.low, last.end, quantity.start)
    return item is not None and not _NO_HARM.fullmatch(item["noun"])


def died_of(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number counts some of those told to have died by what they died of."""
    low, last = sitting.scene.low, sitting.found[-1] if sitting.found else None
    if last is None or last.measure != "mortality" or last.statistic != "count":
        return False
    part = 0 < (quantity.value or 0) <= (last.numerator or 0) or last.denominator
    listed = part and _LISTED_ON.search(low, last.end, quantity.start)
    listed = listed or _DIED_OF_AND.fullmatch(low, last.end, quantity.start)
    cause = _OF_CAUSE.match(low, quantity.end) and not _OF_KIND.match(low, quantity.end)
    return bool(listed and cause)


def _commonest(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what was the commonest complication where a number stands behind that: X was the commonest (6%)."""
    low = sitting.scene.low
    told = _COMMONEST.search(low, max(0, quantity.start - 90), quantity.start)
    if told is None:
        return None
    return next(
        (
            each.concept
            for each in sitting.scene.mentions
            if each.end <= told.start() and not low[each.end : told.start()].strip("s")
        ),
        None,
    )


@cache
def _kinds() -> dict[str, str]:
    """Return the measure of each adjective that alone names a complication."""
    found: dict[str, str] = load_yaml(_KINDS)
    return found


def kind_of(sitting: Sitting, quantity: Quantity, measure: str | None) -> str | None:
    """Return the complication that an adjective alone names before a count, else the measure."""
    if measure not in {None, "complications"} or quantity.form not in COUNTED:
        return measure
    low = sitting.scene.low
    if first := _commonest(sitting, quantity):
        return first
    if not holds_any(low, _HEADED):
        return measure
    match = _KIND.search(low, max(0, quantity.start - 48), quantity.start)
    return _kinds().get(match["kind"], measure) if match else measure
