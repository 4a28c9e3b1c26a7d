"""Find groups whose names stand between a number and its noun, or head the next: 8 MIS and 17 open patients."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.groups.arms import Arm
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.numbers.numerals import WORD

# "17 | open patients", where the name is known to be a group's
_PEOPLE_OF = re.compile(
    r"(?!(?:patients|individuals|those|cases|women|men|subjects|participants)\b)[^ ]+(?: [^ ]+)? (?:patients?|individuals|cases?|women|men|subjects?|participants?)"
)
# "two MIS patients"
_OF_NAME = re.compile(
    rf"(?i)(?:\d+|{WORD}|no) (?P<name>[^\W\d][^\d()]{{1,40}}?) (?:patients?|individuals|subjects|participants?|cases?)(?:\s*\([^()]*\))?"
)
# "8 MIS and 17 open patients"
_IN_TURN = build_rule(
    rf"\b(?:\d+|{WORD}) (?:\([^()]*\) )?(?P<one>[a-z][a-z-]+(?: (?!(?:patients|individuals|participants|cases|women|men|children|subjects)\b)[a-z-]+)?) (?:and|or|versus|vs\.?) (?:\d+|{WORD}) (?:\([^()]*\) )?(?P<two>[a-z][a-z-]+(?: [a-z-]+)?) (?:patients|individuals|participants|cases|women|men|children|subjects)\b"
)
_PEOPLE = (" patients", " cases", " women", " men", " children", " subjects")
# "88%, in group B 59%"
_PARTS = re.compile(r"\s*(?:[(\[][^()\[\]]*[)\]])?(?:,|,? and) (?:in|for|with|after|among) ")


def heads_next(
    flat: str, span: tuple[int, int], arms: Sequence[Arm], starts: Sequence[int]
) -> bool:
    """Tell whether a group behind a number is that of the next one: in A it was 88%, in B | 59%."""
    start, end = span
    arm = next((each for each in arms if each.start >= end), None)
    if arm is None or not any(each.end <= start for each in arms):
        return False
    beyond = next((each for each in starts if each >= arm.end), arm.end)
    return flat[arm.end : beyond].isspace() and _PARTS.match(flat, end, arm.start) is not None


def holds_name(flat: str, start: int, arm: Arm, end: int) -> bool:
    """Tell whether a count that spans a group's name counts its patients: 17 open patients."""
    numeral = " " not in flat[start : arm.start].strip()
    return numeral and _PEOPLE_OF.fullmatch(flat, arm.start, end) is not None


def name_inside(text: str, start: int, end: int) -> Arm | None:
    """Return what may be the name of a group inside a count of patients: 2 MIS patients."""
    told = _OF_NAME.fullmatch(text, start, end)
    return Arm(*told.span("name"), told["name"]) if told else None


def names_in_turn(low: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where two names stand between their numbers and one noun: 8 MIS and 17 open patients."""
    for match in _IN_TURN.finditer(low) if holds_any(low, _PEOPLE) else ():
        yield match.span("one"), match.span("two")
