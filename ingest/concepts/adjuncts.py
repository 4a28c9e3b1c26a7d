"""Know the procedures that lower a risk of another operation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ingest.yamlfile import load_yaml

_TABLE = Path(__file__).parents[1] / "cues" / "mitigations.yml"


@cache
def lowered_risks() -> Mapping[str, tuple[str, ...]]:
    """Return the measures of the risks that each such procedure lowers, by its id."""
    table: dict[str, Any] = load_yaml(_TABLE)
    return {key: tuple(value) for key, value in table.items()}


def adjuncts() -> frozenset[str]:
    """Return the ids of the procedures."""
    return frozenset(lowered_risks())
