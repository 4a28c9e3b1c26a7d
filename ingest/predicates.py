"""Tell which counts are the subject of a verb of their own, and so what is not told of them."""

from __future__ import annotations

import re

from ingest.model import Mention
from ingest.quantity import PARTS, Quantity
from ingest.scene import Scene

# What a count has of its own: "nine (56%) had metastases"; "twelve had complete" goes on.
_WHO = r"\s*(?:\([^)]*\)\s*)?(?:of (?:the |all )?)?(?:patients |cases |women |men )?"
_HAS = re.compile(
    rf"{_WHO}(?:had|developed|experienced|suffered|sustained|showed) "
    r"(?!(?:no|a|an|only|the|some|more|less|partial|complete|good|excellent|fair|poor|mild|moderate|severe|stable|unchanged|improved|worse|better|persistent|recurrent|none|one|two|it|this)\b|\w*\d|[^,;.]*\b(?:relief|grade|score)\b)[a-z]"
)
_SUBJECT_OF = re.compile(
    rf"{_WHO}(?:were|was|had|have|developed|experienced|required|underwent|showed|died|presented|received|remained|regained|reported)\b"
)
# "six patients (60%) relapsed": the measure is itself the verb.
_IS_VERB = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:patients |cases |women |men )?")
_PARTED = re.compile(r"[,;]|\b(?:and|but|while|whereas)\b")


def counted_subject(quantity: Quantity, low: str) -> bool:
    """Tell whether a number is the subject of a verb: "and 73% (n = 253) were at high risk"."""
    return quantity.form in PARTS and bool(_SUBJECT_OF.match(low, quantity.end))


def is_told_of_another(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure is what another count has: six had a leak, nine had a thing unnamed."""
    low = scene.low
    if not _HAS.match(low, quantity.end):
        return False
    if mention.start >= quantity.end:
        own = _PARTED.search(low, quantity.end, mention.start)
        return own is not None and any(
            own.start() <= each.start and each.end <= mention.start and counted_subject(each, low)
            for each in scene.numbers()
        )
    parted = _PARTED.search(low, mention.end, quantity.start)
    return parted is not None and any(
        each.end <= mention.start
        and (counted_subject(each, low) or _IS_VERB.fullmatch(low, each.end, mention.start))
        and not _PARTED.search(low, each.end, mention.start)
        for each in scene.numbers()
    )
