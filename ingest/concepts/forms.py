"""Write out the forms in which a concept may be printed: plurals, spellings, hyphens."""

from __future__ import annotations

from ingest.model import Concept

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


def _plurals(phrase: str) -> set[str]:
    if phrase.endswith("sis"):
        return {phrase, phrase[:-2] + "es"}
    # Those who hold their water have no plural: continents are elsewhere.
    if phrase.endswith(("s", "continent")):
        return {phrase}
    if phrase.endswith(("x", "ch")):
        return {phrase, phrase + "es"}
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
