"""Find the concepts of the vocabulary in text, and the abbreviations that a document defines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.concepts.coordination import SHARED, halves, side_shared
from ingest.concepts.forms import surface_forms
from ingest.concepts.qualifiers import qualified
from ingest.concepts.seats import Span, is_spinal, without_spread
from ingest.language.abbreviations import occurrences
from ingest.language.phrases import Phrases
from ingest.language.wording import holds_any, lowered
from ingest.model import Concept, Mention
from ingest.vocabulary import above, load_concepts
from ingest.vocabulary.levels import find_levels

SIDES = frozenset({"anterior", "posterior", "lateral", "anterolateral", "posterolateral"})
"""Words for a side of the body: approaches only before one for going in or operating."""
_ROUTES = frozenset(
    {
        "approach",
        "approaches",
        "route",
        "access",
        "surgery",
        "surgeries",
        "operation",
        "procedure",
        "decompression",
        "resection",
        "corpectomy",
        "corpectomies",
        "spondylectomy",
        "vertebrectomy",
        "stabilization",
        "stabilisation",
        "fixation",
        "fusion",
        "instrumentation",
        "laminectomy",
        "dissection",
        "exposure",
        "reconstruction",
        "thoracotomy",
        "excision",
        "debridement",
        "debulking",
        "curettage",
        "discectomy",
        "foraminotomy",
        "laminoplasty",
        "hemilaminectomy",
        "osteotomy",
        "sacrectomy",
        "plating",
        "removal",
        "only",
    }
)
# Every white space is one, and every hyphen: a line's end inside a name does not hide it.
_BLANKS = {"\n": " ", "\r": " ", "\t": " "}
_SAME = (
    _BLANKS
    | {"\xa0": " ", "\u2009": " ", "\u202f": " ", "\u2019": "'"}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_GLUED = re.compile(r"(Me(?<=\bMe)(?:dia|a))n(?=[A-Z]{2})")  # "MeanVAS": a blank was lost
_FORWARD = re.compile(r"[a-z]+")
# "The anterior and posterior column": what follows is a place in the body and no way in.
_PLACE = re.compile(
    r"(?:column|element|portion|part|wall|aspect|side|structure|surface|ligament|implant|cage|graft)s?|prosthes[ei]s|arch|body|bodies|cord|longitudinal|mediastinum|half|third|of|in|at|with|by|from"
)
# "Lumbar arteries", "the lumbosacral plexus": a part of the body of that name, not the vertebrae.
_NAMESAKE = re.compile(
    r"[ -](?:(?:segmental|spinal|sympathetic) )?(?:plexus|arter(?:y|ies)|veins?|vessels?|aorta|aortic|ducts?|cavity|lymph|punctures?"
    r"|drain(?:s|age)?|surgeons?|surgery|muscles?|fascia|wall|cage)\b"
)
# Tumours named in general words: one of a kind of its own that shares the words goes first.
_GENERIC = frozenset({"metastasis", "vertebral_tumour", "surgery"})
# A dose in gray is given by radiation.
_DOSE = re.compile(r"(?<![\w.])\d+(?:\.\d+)? ?c?Gy\b")
# An infection-free interval is none of infection, a survival analysis no survival.
_NO_EVENT = re.compile(
    r"-free\b| (?:analys[ei]s|curves?) (?:also |further )?(?:reveal|show|demonstrat|identif|found|suggest|indicat|confirm|was\b|were\b)"
)
_FREE = re.compile(r"-free\b")
_JOINED = re.compile(r"\b(?:and|plus|with|combined|followed by)\b")
_METASTASES = re.compile(r"(?: \([^)]*\))?(?:,? (?:and|or) \w+)? metast")


@dataclass(frozen=True, slots=True)
class _Forms:
    """The surface forms of all concepts in one automaton, with the concept of each form."""

    phrases: Phrases
    concepts: tuple[Concept, ...]

    def whole(self, text: str) -> Iterator[tuple[Concept, int, int]]:
        """Yield every form that stands in a text as whole words."""
        for index, start, end in self.phrases.whole(text):
            yield self.concepts[index], start, end


# "Tomita introduced it in 1994": who gave a score its name is no score.
_DID = re.compile(
    r",? (?:et al\b|and (?:colleagues|co-?workers|associates)\b|(?:first )?(?:introduced|described|proposed|developed|reported|published|advocated|performed|pioneered|populari[sz]ed|devised|suggested|modified)\b)"
)


@cache
def _vocabulary() -> tuple[_Forms, _Forms, Mapping[str, str]]:
    """Return the words (in lower case), the abbreviations (in their own) and the id of each form."""
    words: list[tuple[str, Concept]] = []
    letters: list[tuple[str, Concept]] = []
    long_forms: dict[str, str] = {}
    for concept in load_concepts().values():
        if concept.facet == "levels" and not concept.synonyms:
            continue
        forms = surface_forms(concept)
        words += [(form, concept) for form in forms]
        long_forms.update(dict.fromkeys(forms, concept.id))
        letters += [(each + end, concept) for each in concept.abbreviations for end in ("", "s")]
    return _forms(words), _forms(letters), long_forms


def _forms(listed: Sequence[tuple[str, Concept]]) -> _Forms:
    return _Forms(Phrases([form for form, _ in listed]), tuple(concept for _, concept in listed))


def _plain(text: str) -> str:
    """Return a text with one kind of blank and of hyphen, every offset kept."""
    # Even a dozen replacements take a fifth of the time of a table.
    for sign, plain in (_BLANKS if text.isascii() else _SAME).items():
        text = text.replace(sign, plain)
    return _GLUED.sub(r"\1 ", text) if "Me" in text else text


# What right behind a name makes it no name of its facet.
_ELSE = {"levels": _NAMESAKE, "measures": _NO_EVENT, "scales": _DID}
# How far a word may stand that tells what a general name is of.
_CLOSE = 60


def _is_else(concept: Concept, low: str, start: int, end: int) -> bool:
    """Tell whether the words right beside a name make it mean something else."""
    behind = concept.not_before and low[end : end + _CLOSE].lstrip(" -")
    if behind and behind.startswith(concept.not_before):
        return True
    ahead = concept.not_after and low[max(0, start - _CLOSE) : start].rstrip()
    return bool(ahead and ahead.endswith(concept.not_after))


def _is_meant(concept: Concept, low: str, start: int, end: int) -> bool:
    """Tell whether the words around a name of several meanings leave it that of the concept."""
    if _is_else(concept, low, start, end):
        return False
    if concept.near:
        close = low[max(0, start - _CLOSE) : end + _CLOSE]
        if not holds_any(close, concept.near):
            return False
    return not concept.amid or holds_any(low, concept.amid)


def match(text: str, abbreviations: Mapping[str, str] | None = None) -> tuple[Mention, ...]:
    """Return the concepts named in a text, the longest per facet, in order of place.

    ``abbreviations`` are those the document defines: an abbreviation with another long form
    than the vocabulary's stands for that long form's concept, or for none.
    """
    words, letters, long_forms = _vocabulary()
    concepts = load_concepts()
    plain = _plain(text)
    low = lowered(plain)
    spans: list[Span] = []
    spread = "metast" in low
    for concept, start, end in words.whole(low):
        name, facet = concept.id, concept.facet
        if name in SIDES and low[start:end] in SIDES and not _is_route(low, end):
            continue
        if name == "open_surgery" and low.endswith("mini-", 0, start):
            continue  # a mini-open approach is no open one
        if facet in _ELSE and _ELSE[facet].match(low, end):
            continue
        if not _is_meant(concept, low, start, end):
            continue
        if spread and facet == "sites" and _METASTASES.match(low, end):
            continue  # "lung metastases" are in the lung, not from it
        if spread and facet == "tumours" and low.endswith(("non-", "non "), 0, start):
            continue
        if spread and name == "metastasis" and is_spinal(low, start, end):
            name = "spinal_metastasis"
        spans.append((facet, name, start, end))
    spans = _without_names(spans)
    for concept, start, end in letters.whole(plain):
        resolved = _resolve(concept.id, plain[start:end], abbreviations or {}, long_forms)
        if resolved and not _is_else(concepts[resolved], low, start, end):
            spans.append((concepts[resolved].facet, resolved, start, end))
    spans += _defined(plain, abbreviations or {})
    if "-free" in low:
        # "The VCF-free rate": an abbreviation too names no event there.
        free = [each for each in spans if each[0] == "measures" and _FREE.match(low, each[3])]
        spans = [each for each in spans if each not in free]
    if "Gy" in plain:
        spans += [("procedures", "radiotherapy", *each.span()) for each in _DOSE.finditer(plain)]
    spans += halves(low)
    kept = _longest(spans)
    kept += _joined(plain, abbreviations or {}, kept)
    kept = [(each[0], *side_shared(low, *each[1:])) if each[1] in SHARED else each for each in kept]
    if not spread:
        kept = without_spread(low, kept)
    mentions = [Mention(concept, facet, start, end) for facet, concept, start, end in kept]
    return tuple(
        sorted(
            (*mentions, *qualified(low, mentions), *find_levels(text)),
            key=lambda each: (each.start, -each.end, each.concept),
        )
    )


@cache
def _of_concept(concept: str) -> tuple[Phrases, Phrases]:
    """Return the forms of one concept: its words in lower case, its abbreviations in their own."""
    known = load_concepts()[concept]
    return Phrases(surface_forms(known)), Phrases(known.abbreviations)


def names(text: str, concept: str) -> bool:
    """Tell whether a text can name a concept: whether any of its forms stands in the text at all."""
    words, letters = _of_concept(concept)
    plain = _plain(text)
    return bool(words.present(lowered(plain)) or letters.present(plain))


def _defined(text: str, abbreviations: Mapping[str, str]) -> Iterator[Span]:
    """Yield the concepts of abbreviations that the document alone defines.

    The long form's last words decide: "intraoperative blood loss (IBL)" is blood loss, and
    "non-embolization (NE)" is no embolization.
    """
    words, _, _ = _vocabulary()
    for short, long in abbreviations.items():
        phrase = lowered(_plain(long)).rstrip()
        last = [
            (concept.facet, concept.id, start, end)
            for concept, start, end in words.whole(phrase)
            if end == len(phrase)
            and not phrase[:start].endswith(("non-", "non "))
            and not _is_else(concept, phrase, start, end)
        ]
        named = [(facet, concept) for facet, concept, _, _ in _longest(last)]
        if any(facet == "tumours" for facet, _ in named):
            # "Breast cancer spinal metastases (BCSM)" tells where from.
            named += [
                (concept.facet, concept.id)
                for concept, _, end in words.whole(phrase)
                if concept.facet == "sites" and not _METASTASES.match(phrase, end)
            ]
        if named:
            for start, end in occurrences(short, text):
                for facet, concept in named:
                    yield facet, concept, start, end


def _joined(text: str, abbreviations: Mapping[str, str], kept: Sequence[Span]) -> Iterator[Span]:
    """Yield the other operations of an abbreviation: corpectomy with instrumentation (CWI)."""
    words, _, _ = _vocabulary()
    done = {each[2:]: each[1] for each in kept if abbreviations and each[0] == "procedures"}
    for short, long in abbreviations.items():
        if not _JOINED.search(long):
            continue
        phrase = lowered(_plain(long))
        spans = [
            (concept.facet, concept.id, start, end)
            for concept, start, end in words.whole(phrase)
            if concept.facet == "procedures" and concept.id not in _GENERIC
        ]
        for place in occurrences(short, text):
            own = done.get(place)
            for _, name, _, _ in _longest(spans) if own else ():
                if name != own:
                    yield "procedures", name, *place


def _is_route(low: str, end: int) -> bool:
    """Tell whether a bare "anterior" is a way in: a route or an operation follows, not anatomy."""
    for word in _FORWARD.findall(low[end : end + 80])[:5]:
        if _PLACE.fullmatch(word):
            return False
        if word in _ROUTES or word.rstrip("s") in _ROUTES:
            return True
    return False


@cache
def _known_words() -> Mapping[str, frozenset[str]]:
    """Return the longer words of each concept's forms."""
    found: dict[str, set[str]] = {}
    for form, concept in _vocabulary()[2].items():
        found.setdefault(concept, set()).update(re.findall(r"[a-z]{4,}", form))
    return {concept: frozenset(words) for concept, words in found.items()}


def _is_topic(concept: str) -> bool:
    return load_concepts()[concept].facet == "topics"


def _resolve(
    concept: str, short: str, defined: Mapping[str, str], long_forms: Mapping[str, str]
) -> str | None:
    long = defined.get(short) or defined.get(short.removesuffix("s"))
    if long is None:
        return concept
    phrase = long.lower()
    while phrase:
        found = long_forms.get(phrase)
        # The last word of "minimal invasive spine surgery" alone says too little.
        vague = above(concept) | _GENERIC
        if found and (phrase == long.lower() or not (found in vague or _is_topic(found))):
            return found
        phrase = phrase.partition(" ")[2]
    # The long form is unknown to the vocabulary: keep the concept only if they share their words.
    known = _known_words().get(concept, frozenset())
    own = set(re.findall(r"[a-z]{4,}", long.lower()))
    return concept if own and len(own & known) * 2 > len(own) else None


def _longest(spans: Sequence[Span]) -> list[Span]:
    """Return the spans that no longer one of their facet overlaps, nor one of a kind of its own.

    "Giant cell tumours of the spine" are giant cell tumours; "malignant tumours of the spine" need
    not be primary ones.
    """
    whole = [each for each in spans if each[1] == "vertebral_tumour"]
    if whole:
        spans = [
            each
            for each in spans
            if each[1] != "primary_malignant"
            or not any(one[2] <= each[2] and each[3] < one[3] for one in whole)
        ]
    kept: dict[str, list[Span]] = {}
    order = sorted(
        spans, key=lambda each: (each[1] in _GENERIC, each[2] - each[3], each[2], each[1])
    )
    for span in order:
        others = kept.setdefault(span[0], [])
        if not any(span[2] < other[3] and other[2] < span[3] for other in others):
            others.append(span)
    # "Oswestry Disability Index": of the scale alone, whatever its name has a word for.
    scales = kept.get("scales", [])
    kept["measures"] = [
        each
        for each in kept.get("measures", [])
        if not any(one[2] <= each[2] and each[3] < one[3] for one in scales)
    ]
    return [span for found in kept.values() for span in found]


def _without_names(spans: Sequence[Span]) -> list[Span]:
    """Return the spans without the measures in a scale's name: the disability of the Oswestry Disability Index."""
    names = [each[2:] for each in spans if each[0] == "scales"]
    return [
        each
        for each in spans
        if each[0] != "measures"
        or not any(
            one[0] <= each[2] and each[3] <= one[1] and one[1] - one[0] > each[3] - each[2]
            for one in names
        )
    ]
