"""Hold the rules, saved queries and questions of the running server: their files are read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kb import places
from kb.answers import ClinicalQuestion, load_questions
from kb.holdings import held_rules
from kb.rules import Rule
from kb.saved import SavedQuery, all_queries


@cache
def served_rules() -> Mapping[str, Rule]:
    """Return the rules by id."""
    return {each.id: each for each in held_rules(places.rules())}


@cache
def served_queries() -> Mapping[str, SavedQuery]:
    """Return the saved queries by name, those of the rules among them."""
    return all_queries(places.queries(), tuple(served_rules().values()))


@cache
def served_questions() -> Mapping[str, ClinicalQuestion]:
    """Return the clinical questions by name."""
    return load_questions(places.questions(), served_queries(), tuple(served_rules().values()))
