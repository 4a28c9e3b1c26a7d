"""Tell whether men and women are counted as such, or as those whom something befell."""

from __future__ import annotations

import re

from ingest.numbers.quantity import PARTS, Quantity
from ingest.numbers.scene import Sitting

_SEX = re.compile(r"\b(?:men|women|males?|females?|boys?|girls?)\b")
_AND_SEX = re.compile(r" and (?:\d+|[a-z-]+) (?:men|women|males?|females?|boys?|girls?)\b")
# "90 men and women": of both together
_AMONG = re.compile(r"\b(?:among|in)\b")
_BOTH = re.compile(r" (?:and|or) (?:wo)?men\b")
_OF_SEX = re.compile(
    r"\s*(?:of (?:the )?(?:patients|individuals|subjects|participants) were |were |of )?(?:fe)?males?\b|\s*(?:were )?(?:wo)?men\b"
)
_OF_WHOM = re.compile(r"(?: of whom)? (?:was|were) (?:(?:fe)?males?|(?:wo)?m[ae]n|boys?|girls?)\b")
_BEFELL = re.compile(r"\b(?:in|for|by) (?:only |another |\d+|,? and |,? or |, )*$")
_DESCRIBED = re.compile(r"\s*(?:[,;:./)]|and\b|\(|$)")


def counts_sex(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number is of one sex: 40 men and 32 women, 59% were male."""
    low = sitting.scene.low
    if quantity.form in {"percent", "share"} and _OF_SEX.match(low, quantity.end):
        return True
    if quantity.form in PARTS and " whom " in low and _OF_WHOM.match(low, quantity.end):
        return True
    named = quantity.form in {"count", "share"} and _SEX.search(low, quantity.start, quantity.end)
    return bool(named) and _is_sex(sitting, quantity)


def _is_sex(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether women or men are counted as such: "in nine women" alone tells whom it befell."""
    low = sitting.scene.low
    last = sitting.found[-1] if sitting.found else None
    if last and last.measure == "sex" and low[last.end : quantity.start] in {" and ", ", "}:
        return True
    if _BOTH.match(low, quantity.end) or _AMONG.search(low, quantity.start, quantity.end):
        return False
    if not _DESCRIBED.match(low, quantity.end) and not _AND_SEX.match(low, quantity.end):
        return False
    others = any(
        each is not quantity and _SEX.search(low[each.start : each.end])
        for each in sitting.scene.quantities
    )
    return others or not _BEFELL.search(low[: quantity.start])
