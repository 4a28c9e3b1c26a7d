"""Tell what those are counted for who got worse or better where the text is on the nerves' function."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.model import Document, Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Sitting

_NERVES = (
    "neurological_",
    "frankel",
    "asia_",
    "nurick",
    "mccormick",
    "mjoa",
    "spinal_cord_function",
)
_OTHER = frozenset(["pain", "vas", "nrs", "odi", "quality_of_life", "eq5d", "symptom_relief"])
_TITLE = re.compile(
    r"(?i)neurologic|functional (?:outcome|recovery)|intramedullary|cord tumou?r|myelopath|frankel|mccormick|nurick"
)
_WAYS = ("worse", "deteriorated", "improved", "recovered", "unchanged", "stable")
_WENT = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:(?:of (?:these|them)|patients?|individuals|subjects|participants?|cases?|women|men|children|others?)\s+)?(?:in (?:the )?[\w-]+ group )?(?:(?:also|then|\w+ly) )?"
    r"(?:(?:had |were |was |got |became |felt |remained |stayed )?(?:\w+ly )?)"
    r"(?:(?P<worse>worsened|worse|deteriorated)|(?P<better>improved|recovered|better)|(?P<same>unchanged|stable|the same))\b(?! (?:in|from|on|by|with|if|when|than|disease|fixation)\b)"
)


def tells_way(text: str) -> bool:
    """Tell whether a text may say of anybody that he got worse or better."""
    return any(map(text.__contains__, _WAYS))


def is_of_nerves(document: Document, before: Iterable[Mention]) -> bool:
    """Tell whether what comes next is on the function of the nerves: the sentence before, else the title says."""
    told = {each.concept for each in before}
    if any(each.startswith(_NERVES) for each in told):
        return True
    return not told & _OTHER and _TITLE.search(document.record.title or "") is not None


def went(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the course of so many who worsened or improved, nothing else said: three patients worsened."""
    if (
        not sitting.nerves
        or quantity.form not in COUNTED
        or quantity.unit not in {"patients", "percent"}
    ):
        return None
    way = _WENT.match(sitting.scene.low, quantity.end)
    if way is None:
        return None
    if way["same"]:
        return "neurological_status"
    return "neurological_deterioration" if way["worse"] else "neurological_improvement"
