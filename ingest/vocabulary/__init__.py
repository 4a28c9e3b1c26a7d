"""Load the vocabulary (one concept a file) and find its concepts in text: a home of spaCy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from ingest.levels import find_levels, level_concepts
from ingest.model import Concept, Mention
from ingest.yamlfile import load_yaml

FOLDER = Path(__file__).parent
FACETS = (
    "procedures",
    "approaches",
    "levels",
    "tumours",
    "sites",
    "populations",
    "measures",
    "scales",
    "anatomy",
    # Ideas that decisions turn on; no pattern asks for them.
    "topics",
)
_KEYS = {
    "label",
    "synonyms",
    "abbreviations",
    "mesh",
    "broader",
    "harm",
    "units",
    "examples",
    "counter_examples",
}
# British and American spellings of the field, both ways.
_SPELLINGS = (
    ("tumour", "tumor"),
    ("haem", "hem"),
    ("anaesth", "anesth"),
    ("ischaem", "ischem"),
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("fibre", "fiber"),
    ("paed", "ped"),
    ("oesoph", "esoph"),
    ("oedema", "edema"),
    ("neurologic ", "neurological "),
)


# Words that are approaches only before a word for going in or operating.
_SIDES = frozenset({"anterior", "posterior", "lateral", "anterolateral", "posterolateral"})
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
        "only",
    }
)


class VocabularyError(ValueError):
    """Vocabulary files that cannot be used; every fault found is listed."""


def _concept(path: Path) -> Concept:
    data: dict[str, Any] = load_yaml(path)
    where = f"{path.parent.name}/{path.name}"
    if set(data) - _KEYS:
        raise VocabularyError(
            f"{where}: unknown keys {sorted(set(data) - _KEYS)}; {sorted(_KEYS)} expected"
        )
    if not data.get("label") or not data.get("examples"):
        raise VocabularyError(f"{where}: label or examples missing; every concept has both")
    lists = {
        key: tuple(data.get(key, ()))
        for key in ("synonyms", "abbreviations", "broader", "units", "examples", "counter_examples")
    }
    return Concept(
        id=path.stem,
        facet=path.parent.name,
        label=data["label"],
        mesh=data.get("mesh"),
        harm=data.get("harm"),
        **lists,
    )


@cache
def load_concepts() -> Mapping[str, Concept]:
    """Return every concept by id; raise ``VocabularyError`` listing all that is wrong."""
    found: dict[str, Concept] = {}
    faults: list[str] = []
    for facet in FACETS:
        for path in sorted((FOLDER / facet).glob("*.yml")):
            try:
                concept = _concept(path)
            except ValueError as error:
                faults.append(str(error))
                continue
            if concept.id in found:
                faults.append(
                    f"{facet}/{path.name}: the id {concept.id} is taken by {found[concept.id].facet}; ids are unique"
                )
            found[concept.id] = concept
    found.update({concept.id: concept for concept in level_concepts()})
    faults += [
        f"{concept.facet}/{concept.id}.yml: broader {parent} is no concept; an id expected"
        for concept in found.values()
        for parent in concept.broader
        if parent not in found
    ]
    if faults:
        raise VocabularyError("\n".join(faults))
    return MappingProxyType(found)


def _plurals(phrase: str) -> set[str]:
    if phrase.endswith("sis"):
        return {phrase, phrase[:-2] + "es"}
    if phrase.endswith(("s", "x", "ch")):
        return {phrase} if phrase.endswith("s") else {phrase, phrase + "es"}
    if phrase.endswith("y") and phrase[-2:-1] not in "aeiou":
        return {phrase, phrase[:-1] + "ies"}
    return {phrase, phrase + "s"}


def _spelled(phrase: str) -> set[str]:
    found = {phrase}
    for pair in _SPELLINGS:
        for one, other in (pair, pair[::-1]):
            found |= {
                each.replace(one, other)
                for each in found
                if one in each and other not in each.replace(one, "")
            }
    return found


def _hyphenated(phrase: str) -> set[str]:
    found = {phrase, phrase.replace("-", " ")}
    if phrase.count(" ") >= 1:
        found |= {phrase.replace(" ", "-", 1), phrase.replace(" ", "-")}
    return found


def surface_forms(concept: Concept) -> tuple[str, ...]:
    """Return label and synonyms in lower case with plural, spelling and hyphen variants."""
    forms: set[str] = set()
    for phrase in (concept.label, *concept.synonyms):
        for spelled in _spelled(phrase.lower()):
            for number in _plurals(spelled):
                forms |= _hyphenated(number)
    return tuple(sorted(forms))


@cache
def language() -> Language:
    """Return the blank English pipeline, whose tokeniser all matching uses."""
    return spacy.blank("en")


@cache
def _matchers() -> tuple[PhraseMatcher, PhraseMatcher, Mapping[str, str]]:
    nlp = language()
    words, letters = PhraseMatcher(nlp.vocab, attr="LOWER"), PhraseMatcher(nlp.vocab, attr="ORTH")
    long_forms: dict[str, str] = {}
    for concept in load_concepts().values():
        if concept.facet == "levels" and not concept.synonyms:
            continue
        forms = surface_forms(concept)
        words.add(concept.id, [nlp.make_doc(form) for form in forms])
        long_forms.update(dict.fromkeys(forms, concept.id))
        short = [each + end for each in concept.abbreviations for end in ("", "s")]
        if short:
            letters.add(concept.id, [nlp.make_doc(form) for form in short])
    return words, letters, long_forms


_DEFINITION = re.compile(r"\(\s*([A-Z][A-Za-z0-9-]{1,9})s?\s*[);,]")


def find_abbreviations(text: str) -> dict[str, str]:
    """Return the abbreviations a text defines, "long form (ABBR)", with their long forms.

    The rule of Schwartz and Hearst (2003, PSB 8:451): letters are matched from the right, the
    first must begin a word, and the long form has at most min(len + 5, 2 len) words.
    """
    found: dict[str, str] = {}
    for match in _DEFINITION.finditer(text):
        short = match[1]
        before = text[max(0, match.start() - 120) : match.start()].rstrip()
        words = before.split()[-min(len(short) + 5, 2 * len(short)) :]
        long = _long_form(short, " ".join(words))
        if long:
            found.setdefault(short, long)
    return found


def _long_form(short: str, before: str) -> str | None:
    at = len(before) - 1
    for index in range(len(short) - 1, -1, -1):
        char = short[index].lower()
        if not char.isalnum():
            continue
        while at >= 0 and (
            before[at].lower() != char or (index == 0 and at > 0 and before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
        at -= 1
    return before[at + 1 :]


def match(text: str, abbreviations: Mapping[str, str] | None = None) -> tuple[Mention, ...]:
    """Return the concepts named in a text, the longest per facet, in order of place.

    ``abbreviations`` are those the document defines: an abbreviation with another long form
    than the vocabulary's stands for that long form's concept, or for none.
    """
    words, letters, long_forms = _matchers()
    concepts = load_concepts()
    doc = language().make_doc(text)
    strings = doc.vocab.strings
    spans: list[tuple[str, str, int, int]] = []
    for key, start, end in words(doc):
        concept = strings[key]
        if end - start == 1 and concept in _SIDES and not _is_route(doc, end):
            continue
        spans.append((concepts[concept].facet, concept, start, end))
    for key, start, end in letters(doc):
        resolved = _resolve(strings[key], doc[start:end].text, abbreviations or {}, long_forms)
        if resolved:
            spans.append((concepts[resolved].facet, resolved, start, end))
    mentions = [
        Mention(concept, facet, doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
        for facet, concept, start, end in _longest(spans)
    ]
    return tuple(
        sorted(
            (*mentions, *find_levels(text)), key=lambda each: (each.start, -each.end, each.concept)
        )
    )


def _is_route(doc: Doc, end: int) -> bool:
    """Tell whether a bare "anterior" is a way in: a route or an operation follows, not anatomy."""
    return any(
        token.lower_ in _ROUTES or token.lower_.rstrip("s") in _ROUTES
        for token in doc[end : end + 5]
    )


def _resolve(
    concept: str, short: str, defined: Mapping[str, str], long_forms: Mapping[str, str]
) -> str | None:
    long = defined.get(short) or defined.get(short.removesuffix("s"))
    if long is None:
        return concept
    phrase = long.lower()
    while phrase:
        if phrase in long_forms:
            return long_forms[phrase]
        phrase = phrase.partition(" ")[2]
    # The long form is unknown to the vocabulary: keep the concept only if they share their words.
    known = set(
        re.findall(
            r"[a-z]{4,}", " ".join(form for form, each in long_forms.items() if each == concept)
        )
    )
    own = set(re.findall(r"[a-z]{4,}", long.lower()))
    return concept if own and len(own & known) * 2 > len(own) else None


def _longest(spans: Iterable[tuple[str, str, int, int]]) -> list[tuple[str, str, int, int]]:
    kept: list[tuple[str, str, int, int]] = []
    taken: set[tuple[str, int]] = set()
    for span in sorted(spans, key=lambda each: (each[2] - each[3], each[2], each[1])):
        places = {(span[0], place) for place in range(span[2], span[3])}
        if not places & taken:
            taken |= places
            kept.append(span)
    return kept
