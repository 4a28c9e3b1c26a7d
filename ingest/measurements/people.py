"""Tell a bare number that can count none but patients: excised in five, 32 appeared later.

Where a text has told how many patients there were, a smaller number that ends "in so many", or that
has a verb of happening of its own, counts some of them.
"""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

_IN = build_rule(
    r"(?P<word>[a-z-]+)(?: [(\[][^()\[\]]*[)\]])? (?:in|by) (?:only |just |another |the (?:other|remaining) )?$"
)
# What such words end in is no number of patients: an increase in, grade 2 in, published in.
_NO_COUNT = re.compile(
    r"(?:increase|decrease|reduction|change|difference|improvement|gain|loss|published|version|table|figure|fig|born|began|started|ended|introduced|described|reported|divided|split|classified|grouped|located|only|as|up|once|twice|and|or|score|grade|stage|type|#+)"
)
_ENDS = re.compile(
    r"\s*(?:[,;:.)]|[(\[](?:p\b|\d)|(?:led|resulted|required|necessitated|was|were|and|but|while|whereas|with|after|before|at|during|because|due|who|of (?:whom|them|these))\b|$)(?! ?\d)"
)
_NEW = re.compile(
    r"(?:^|[;:]\s|, (?:and |but |while |whereas )?|\b(?:and|but|while|whereas) )(?:[a-z-]+ly,? |then |only |the other |another )?$"
)
_FARED = re.compile(
    r"\s(?:\([^()]*\) )?(?:(?:was|were|had|could|did|died|became|got|went|fell|rose|lost|kept|felt|underwent|arose)\b|(?!(?:need|speed|bleed|embed|sized|aged|based|related|fused|sided)\b)[a-z]{3,}ed (?!(?:levels?|vertebrae|segments?|screws?|rods?|cages?|tumou?rs?|lesions?|patients?|individuals|subjects|participants?|cases?|metastases)\b))"
)
_OTHER = build_rule(r"\b(?:the other|another)\b(?! \w+(?: \w+)? (?:patient|case))")
# Where it began so many years, or on so many scales, is told otherwise.
_MOST = 1900


def counts_people(sitting: Sitting, count: Quantity) -> bool:
    """Tell whether a number without a noun counts some of the patients told of before it."""
    size = count.numerator or 0
    sizes = [each.size for each in sitting.populations if each.unit == "patients"]
    sizes += [each.numerator or 0 for each in sitting.groups]
    if sitting.single or not 0 < size < min(max(sizes, default=0), _MOST):
        return False
    low = sitting.scene.low
    if size == 1 and _OTHER.search(low, count.end):
        return False  # "4 recurrences in one and 5 in the other"
    ahead = _IN.search(low, max(0, count.start - 90), count.start)
    if ahead and _ENDS.match(low, count.end):
        return _NO_COUNT.fullmatch(ahead["word"]) is None
    begins = _NEW.search(low, max(0, count.start - 30), count.start)
    return begins is not None and _FARED.match(low, count.end) is not None
