"""Find the words of a text that tell which way a result went."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.language.wording import Wordings, compile_wordings, joined
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues"


@cache
def _rules() -> dict[str, str]:
    data: dict[str, list[str]] = load_yaml(_CUES / "direction.yml")
    return {way: joined(lines) for way, lines in data.items()}


@cache
def words_for() -> dict[str, Wordings]:
    """Return the wordings that tell of each way."""
    return {way: compile_wordings([rule]) for way, rule in _rules().items()}


@cache
def _all_ways() -> tuple[tuple[str, ...], Wordings]:
    return tuple(_rules()), compile_wordings(_rules().values())


def ways_told(low: str) -> set[str]:
    """Return the names of all ways of which words in lower case tell, asked for in one pass."""
    names, rules = _all_ways()
    return {names[place] for place in rules.places(low)}
