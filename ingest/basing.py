"""Tell what a finding was observed in: patients, animals, cadavers, cells or models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from ingest.context import CUES, PAST_MAIN, cues_of
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Basis, Document, Sentence
from ingest.yamlfile import load_yaml

# What an experiment is taken to show is no return from it: "..., indicating that it is stable".
_CONCLUDED = build_rule(
    r",? (?:thus |thereby )?(?:indicating|suggesting|implying|demonstrating|showing|confirming)\b.*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Basing:
    """What a finding was observed in, and the species where it is an animal."""

    basis: Basis
    species: str | None = None


PATIENTS = Basing("patients")
_TISSUES = frozenset(["cadaver", "animal", "in_vitro"])
_IN_PATIENTS = re.compile(r"^[Ii]n (?:the|our|all|these|both) (?:[a-z-]+ )?patients?\b")


@dataclass(slots=True)
class Course:
    """What findings were observed in, sentence by sentence: what was so before goes on.

    ``home`` is what the document's own results were observed in.
    """

    home: Basing
    before: Basing = PATIENTS
    experiment: Basing = PATIENTS
    text: str = ""
    section: int = -1

    def follow(self, sentence: Sentence, text: str, fresh: bool, found: bool) -> Basing:
        """Return what the next sentence's finding was observed in.

        ``fresh`` is true where a paragraph begins, ``found`` where the sentence tells what was found.
        """
        if fresh and self.before.basis != "patients":
            self.experiment = self.before
        if fresh and self.section != sentence.section:
            self.experiment = PATIENTS
        carried_on = self.experiment if fresh and continues_experiment(text) else PATIENTS
        based = basing(text, carried_on if fresh else self.before)
        people = based.basis == "patients" and found and not names_patients(text)
        # Behind what was told of patients more is told of them.
        clinical = not fresh and _IN_PATIENTS.search(self.text)
        people = people and not (clinical and sentence.role == "results")
        # What a testing machine loads are the specimens of the study.
        loaded = based.basis == "model" and self.home.basis in _TISSUES and "finite" not in text
        self.before = self.home if people or loaded else based
        self.text, self.section = text, sentence.section
        return self.before


@cache
def _experimental() -> Wordings:
    """Return the cues of every experiment in one, since most sentences tell of none."""
    table: dict[str, Any] = load_yaml(CUES / "basis.yml")
    return compile_wordings(
        rule for name in ("in_vitro", "animal", "cadaver", "model") for rule in table[name]
    )


def basing(text: str, before: Basing) -> Basing:
    """Return what a sentence's finding was observed in.

    ``before`` is the basing of the previous sentence of the paragraph, which an experiment's
    next sentence inherits until the text returns to patients.
    """
    cues = cues_of("basis")
    text = lowered(text)
    if before.basis == "patients" and not _experimental().found(text):
        return PATIENTS
    experimental: tuple[Literal["in_vitro", "animal", "cadaver", "model"], ...] = (
        "in_vitro",
        "animal",
        "cadaver",
        "model",
    )
    for name in experimental:
        if match := cues[name].search(text):
            species = match.groupdict().get("species")
            return Basing(cast(Basis, name), species.lower() if species else None)
    if before.basis == "patients" or cues["patients"].search(text):
        return PATIENTS
    # Advice and general knowledge amid an experiment are not its findings.
    told = _CONCLUDED.sub("", text)
    narrated = bool(PAST_MAIN.search(told)) and not re.search(r"\b(?:is|are|should|must)\b", told)
    return before if narrated or cues["continues"].search(text) else PATIENTS


def names_patients(text: str) -> bool:
    """Tell whether a sentence speaks of patients or of clinical work."""
    return cues_of("basis")["patients"].found(lowered(text))


def continues_experiment(text: str) -> bool:
    """Tell whether a paragraph's first words go on with an experiment told before."""
    return bool(cues_of("basis")["continues"].search(lowered(text)))


def home_of(document: Document) -> Basing:
    """Return what an abstract's results were observed in: an experiment by its title or methods."""
    people = PATIENTS
    if document.record.content_level != "abstract":
        return people
    titled = basing(document.record.title or "", people)
    if titled.basis != "patients":
        return titled
    texts = [
        document.masked[each.start : each.end]
        for each in document.sentences
        if each.role in {"methods", "aim"}
    ]
    told = [each for each in (basing(text, people) for text in texts) if each != people]
    return told[0] if told and not any(map(names_patients, texts)) else people
