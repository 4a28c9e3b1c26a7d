"""Tell what a sentence's "it", "this technique" or "these lesions" may stand for."""

from __future__ import annotations

import re
from functools import cache

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Mention

GENERAL = frozenset({"surgery", "metastasis", "vertebral_tumour"})
"""Words that name no operation and no disease of their own."""
_OPENING = re.compile(
    r"^(?:(?:however|moreover|furthermore|thus|hence|therefore|after|in addition),?\s+)?(?:it|its|this|these|they|such|the (?:procedure|technique|approach|operation|method|same))\b",
    re.IGNORECASE,
)
# "For small lesions it is preferred": the pronoun stands behind a phrase.
_PRONOUN = r"\b(?:it|they|this (?:procedure|technique|operation|approach|method|surgery|treatment)) (?:is|are|was|were|should|may|might|can|could|must|has|have)\b|\b(?:recommend|advise|advocate|prefer|favou?r|use|employ) (?:it|them)\b(?! (?:be|to|is|are)\b)"
# "The drawbacks of these approaches", "regrettably, this approach needs".
_POINTED = r"\b(?:this|these|such|the (?:above|same)) (?:[\w-]+ ){0,2}(?:procedures?|techniques?|approach(?:es)?|operations?|methods?|surger(?:y|ies)|treatments?|interventions?|process(?:es)?|man(?:o?eu)vers?|manoeuvres?|strateg(?:y|ies)|modalit(?:y|ies)|tumou?rs|lesions?|patients)\b"
_HEAD = build_rule(
    r"\b(?:this|these|such|the (?:above|same)|the(?= (?:procedure|technique|approach|operation|method)))(?P<named>(?: [\w-]+){1,4})",
    re.IGNORECASE,
)
_OPERATION = build_rule(
    r"\b(?:procedures?|techniques?|approach(?:es)?|operations?|methods?|surger(?:y|ies)|treatments?|interventions?|strateg(?:y|ies)|resections?|man(?:eu|oeu)vers?|manoeuvres?|steps?|process(?:es)?|therap(?:y|ies)|combinations?|constructs?|instrumentation|modalit(?:y|ies)|routes?)\b",
    re.IGNORECASE,
)
_TUMOUR = build_rule(
    r"\b(?:tumou?rs?|lesions?|metastas[ei]s|diseases?|malignanc(?:y|ies)|neoplasms?|sarcomas?|cancers?)\b",
    re.IGNORECASE,
)
_NEITHER = build_rule(
    r"\b(?:scor(?:es?|ing)|systems?|classifications?|models?|findings?|results?|data|stud(?:y|ies)|series|reports?|factors?|complications?|symptoms?|values?|scales?|rates?|guidelines?)\b",
    re.IGNORECASE,
)
# Any of these stands at the beginning of a sentence that opens with a pointing word.
_OPENERS = (
    "it",
    "th",
    "such",
    "however",
    "moreover",
    "further",
    "hence",
    "after",
    "in add",
    ",",
    " ",
)
_ROUTE = build_rule(r"\b(?:approach(?:es)?|routes?|access|exposures?)\b", re.IGNORECASE)
# "It is known that", "it was possible to": the "it" stands for what follows.
_EXPLETIVE = re.compile(
    r"(?:however|moreover|furthermore|thus|hence|therefore|in addition)?,?\s*it (?:is|was|has been|has become|had been|became|becomes|may be|might be|can be|could be|should be|must be|will be|would be|seems|appears)"
    r" (?:[\w-]+ ){0,4}?(?:that|to)\b",
    re.IGNORECASE,
)
_ALL = frozenset({"procedures", "approaches", "levels", "tumours"})
_DONE = frozenset({"procedures", "approaches"})


@cache
def _pointers() -> tuple[Wordings, Wordings]:
    return compile_wordings([_PRONOUN, _POINTED]), compile_wordings([_POINTED])


def points_back(text: str) -> bool:
    """Tell whether a sentence speaks of something that one before it named."""
    low = lowered(text)
    opened = low.startswith(_OPENERS)
    if opened and _EXPLETIVE.match(text):
        return _points(text)
    return (opened and bool(_OPENING.match(text))) or _pointers()[0].found(low)


def begins_back(text: str) -> bool:
    """Tell whether what a sentence points back to is what it speaks of first.

    "It fell by half" does; in "the lesion shrank, and at one year it was gone" the pronoun stands
    for what the sentence itself named.
    """
    if _OPENING.match(text):
        return True
    pointer = _pointers()[0].search(lowered(text))
    return pointer is not None and not holds_verb(text[: pointer.start()])


def _points(text: str) -> bool:
    return _pointers()[1].found(lowered(text))


def names_operation(text: str) -> bool:
    """Tell whether a sentence points to an operation before it by a word for one: "this approach"."""
    if not _points(text):
        return False
    return any(_OPERATION.search(head["named"]) for head in _HEAD.finditer(text))


def names_route(text: str) -> bool:
    """Tell whether a sentence points to a way in before it: "this approach"."""
    return any(_ROUTE.search(head["named"]) for head in _HEAD.finditer(text))


def meant_facets(text: str) -> frozenset[str]:
    """Return the facets that a sentence's pronoun or pointing word can stand for.

    "This technique" is an operation and "these lesions" are tumours; of "this score" neither is
    meant; "it" and "these patients" take all.
    """
    heads = [head["named"] for head in _HEAD.finditer(text)]
    if not heads:
        return _ALL
    # "In this series it was seen with this procedure": the operation is what is meant.
    if any(_OPERATION.search(each) and not _NEITHER.search(each) for each in heads):
        return _DONE
    if _NEITHER.search(heads[0]):
        return frozenset()
    if _TUMOUR.search(heads[0]):
        return frozenset({"tumours"})
    return _ALL


def chained(mentions: tuple[Mention, ...], carried: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return what a sentence names, and of the facets it names nothing of what it takes itself."""
    own = {each.facet for each in mentions if each.concept not in GENERAL}
    return (*mentions, *(each for each in carried if each.facet not in own))
