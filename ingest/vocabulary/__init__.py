"""Load the vocabulary: one concept a file, its folder the facet and its name the id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingest.model import Concept
from ingest.vocabulary.levels import level_concepts
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
# What is measured again of the same patients to see how it went on, besides all scales.
_FOLLOWED = frozenset(["pain", "kyphosis", "vertebral_height", "quality_of_life"])
TAKEN_IN = frozenset(["patients_included", "patients_treated", "procedure_performed"])
"""Measures that tell whom a study took in and what was done to them: no result of theirs."""
_LISTS = (
    "synonyms",
    "abbreviations",
    "broader",
    "units",
    "near",
    "amid",
    "not_after",
    "not_before",
    "examples",
    "counter_examples",
)
_KEYS = {*_LISTS, "label", "mesh", "harm", "opposite"}


class VocabularyError(ValueError):
    """Vocabulary files that cannot be used; every fault found is listed."""


def _spelled_out(phrase: str) -> Iterator[str]:
    """Yield the phrases that "{tumour,lesion} grew" stands for, as a shell reads braces."""
    opened, closed = phrase.find("{"), phrase.find("}")
    if opened < 0:
        yield phrase
        return
    for each in phrase[opened + 1 : closed].split(","):
        yield from _spelled_out(phrase[:opened] + each + phrase[closed + 1 :])


def _concept(path: Path) -> Concept:
    data: dict[str, Any] = load_yaml(path)
    where = f"{path.parent.name}/{path.name}"
    if set(data) - _KEYS:
        raise VocabularyError(
            f"{where}: unknown keys {sorted(set(data) - _KEYS)}; {sorted(_KEYS)} expected"
        )
    if not data.get("label") or not data.get("examples"):
        raise VocabularyError(f"{where}: label or examples missing; every concept has both")
    lists = {key: tuple(data.get(key, ())) for key in _LISTS}
    lists["synonyms"] = tuple(chain.from_iterable(map(_spelled_out, lists["synonyms"])))
    return Concept(
        id=path.stem,
        facet=path.parent.name,
        label=data["label"],
        mesh=data.get("mesh"),
        harm=data.get("harm"),
        opposite=data.get("opposite"),
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
        f"{concept.facet}/{concept.id}.yml: {word} {other} is no concept; an id expected"
        for concept in found.values()
        for word, others in (
            ("broader", concept.broader),
            ("opposite", (concept.opposite,) if concept.opposite else ()),
        )
        for other in others
        if other not in found
    ]
    if faults:
        raise VocabularyError("\n".join(faults))
    return MappingProxyType(found)


def is_followed(concept: Concept | None) -> bool:
    """Tell whether a measure is taken again and again of one patient: a score, an angle."""
    return concept is not None and (concept.facet == "scales" or concept.id in _FOLLOWED)


def is_complication(concept: Concept) -> bool:
    """Tell whether a measure is a complication, or complications as such."""
    return concept.id == "complications" or "complications" in concept.broader


@cache
def above(concept: str) -> frozenset[str]:
    """Return every concept that is broader than one, however far."""
    direct = load_concepts()[concept].broader
    return frozenset(direct).union(*(above(each) for each in direct))
