"""Find of whom a sentence tells, where it opens with them: in patients with pain, surgery helped."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.language.clauses import holds_verb

_WHOM = re.compile(
    r"(?:(?:we|our|this|these|the|it)\b[^,;.]{0,50}\bthat )?(?:in|for|among) (?:[\w-]+ ){0,4}?(?:patients|individuals|subjects|participants|those|cases|women|men|children|adults|people) (?:\w+ly )?(?:with|without|who|whose|presenting|suffering|having|at risk of)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r", (?!(?:and|or|but|which|who|respectively)\b)")
# Texts of which the same is asked again and again: the clauses of one sentence.
_TEXTS = 64


@lru_cache(maxsize=_TEXTS)
def whom_until(text: str) -> int:
    """Return where the words end with which a sentence tells of whom it is, 0 where there are none.

    They end at the first comma behind which a verb stands ahead of the next.
    """
    if not _WHOM.match(text):
        return 0
    commas = [each.start() for each in _COMMA.finditer(text)]
    for at, comma in enumerate(commas):
        end = commas[at + 1] if at + 1 < len(commas) else len(text)
        if holds_verb(text[comma:end].lower()):
            return comma
    return 0
