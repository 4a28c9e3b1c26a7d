"""Tell on how many patients a report is built: the records of 54 patients were reviewed."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.language.wording import compiled_cues, holds_any
from ingest.measurements.unnamed import count_rules
from ingest.numbers.quantity import Quantity

_CUES = Path(__file__).parents[1] / "cues" / "studied.yml"
_THEN = re.compile(r"[^,;.#]{0,90},")
_SEXED = re.compile(r"men$|males?$")
_DESIGNS = ("spective", "observational", "sectional", "control", "cohort", "compar", "random")
_AUTHORS = ("we ", "the authors ", "this study ", "this paper ", "this report ")


def is_studied(low: str, quantity: Quantity) -> bool:
    """Tell whether a count is of those a study is built on: the records of 54 patients were reviewed."""
    if quantity.form != "count" or quantity.unit != "patients":
        return False
    ahead, cues = low[max(0, quantity.start - 200) : quantity.start], compiled_cues(_CUES)
    told = (
        cues["sums"].search(ahead)
        or cues["looked_in"].search(ahead)
        or cues["enrolled"].match(low, quantity.end)
        or cues["looked_for"].match(low, quantity.end)
    )
    if told and not _SEXED.search(low, quantity.start, quantity.end):
        return True
    if cues["in_them"].search(ahead) and cues["was_studied"].match(low, quantity.end):
        return True
    if holds_any(low, _DESIGNS) and cues["review_of"].search(ahead):
        return True
    if low.startswith("in ") and cues["series_of"].fullmatch(low, 0, quantity.start):
        return _THEN.match(low, quantity.end) is not None
    if low.startswith(_AUTHORS) and cues["we_studied"].fullmatch(low, 0, quantity.start):
        return True
    return any(
        rule.measure == "patients_included"
        and rule.before is not None
        and rule.after is not None
        and rule.before.search(ahead)
        and (
            rule.after.match(low, quantity.end)
            or cues["study"].search(low)
            or cues["of_average"].match(low, quantity.end)
        )
        for rule in count_rules()
    )
