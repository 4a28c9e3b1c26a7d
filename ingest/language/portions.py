"""Find the words that tell one of several parts of a group: absent in 12, mild in 8, severe in 5."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ingest.language.starts import build_rule
from ingest.language.wording import joined
from ingest.yamlfile import load_yaml

Span = tuple[int, int]
_CUES = Path(__file__).parents[1] / "cues" / "portions.yml"


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    cues = {name: joined(wording) for name, wording in load_yaml(_CUES).items()}
    number, words = rf"\b(?:{cues['number']})", r"(?:(?!\b(?:and|or)\b)[^,;.\d]){0,40}?"
    joint = r"(?:, (?:and |or )?| and | or )"
    # What a part is stands ahead of its number, and another number ahead of that ...
    behind = rf"{number}(?: ?\([^()]*\))?{words}{joint}(?P<own>(?:an? |the )?\b(?:{cues['grade']})\b[^,;.\d]{{0,30}})$"
    # ... or behind its number: "12 were not weak, 8 slightly weak".
    ahead = rf"\s*(?:\([^()]*\)\s*)?(?:(?:patients?|individuals|subjects|participants?|cases?|wom[ae]n|m[ae]n|others?|levels?) )?(?:had |were |was |showed )?(?:an? |the )?(?:{cues['grade']})\b"
    instead = rf"\b(?P<own>{cues['instead']}) (?:only |another |the )?(?:[a-z]+ )?$"
    return (
        build_rule(rf"{behind}|{instead.replace('own', 'set')}"),
        re.compile(ahead),
        build_rule(number),
    )


def part_told(text: str, span: Span, number: Span) -> int:
    """Return where the words begin that tell a number's own part, a span's start where it tells one.

    ``text`` is in lower case. "Pain was absent in 12, mild in 8": what denies the first part says
    nothing of the second.
    """
    behind, ahead, other = _rules()
    start, end = span
    own = behind.search(text, start, number[0])
    if own:
        return own.start("own") if own["own"] else own.start("set")
    if other.search(text, start, number[0]) and ahead.match(text, number[1], end):
        return number[0]
    return start
