"""Tell sentences that only talk of the article, its methods or what is not known from findings."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.yamlfile import load_yaml


@cache
def _cues() -> Wordings:
    rules: dict[str, Any] = load_yaml(Path(__file__).parents[1] / "cues" / "narrative.yml")
    return compile_wordings(rules["cues"])


def tells_no_finding(text: str) -> bool:
    """Tell whether a sentence only talks of the article, its methods or what is not known."""
    return _cues().found(lowered(text))
