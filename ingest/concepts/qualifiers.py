"""Read the adjectives that say more of a named treatment or tumour: adjuvant, recurrent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.model import Mention
from ingest.vocabulary import above

_ADJUVANT = re.compile(r"\b(?:neo-?)?adjuvant (?:[\w-]+ ){0,2}$")
_NEWLY = ("new ", "new-", "de novo ", "iatrogenic ")
_NAMES = ("adjuvant ", "neoadjuvant ", "neo-adjuvant ")
_RECURRENT = re.compile(
    r"\b(?:recurrent|relapsed|relapsing|recurring) (?:(?:spinal|vertebral|spine|sacral|cervical|thoracic|lumbar|intramedullary|intradural|local|primary)(?: |-))*$"
)
_MULTIPLE = re.compile(
    r"\b(?:multiple|multilevel|multi-level) (?:(?:spinal|vertebral|thoracic|lumbar|cervical|bone|spine|thoracolumbar|level)(?: |-))*$"
)
# "New postoperative leg weakness", "developed a paresis": it came after the operation.
_NEW = re.compile(
    r"\b(?:new(?:-onset)?|de novo|iatrogenic) (?:or worsen(?:ed|ing) )?(?:(?:(?!and\b|or\b|with\b|of\b)[a-z-]+) ){0,3}$"
)
_REACH = 44
_GIVEN = frozenset({"radiotherapy", "systemic_treatment", "chemotherapy"})
_SPREAD = frozenset(
    {"metastasis", "bone_metastasis", "spinal_metastasis", "recurrent_spinal_tumour"}
)


def qualified(low: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield what an adjective in front of a mention adds: adjuvant therapy, a recurrent tumour.

    ``low`` is the text in lower case. A metastasis that is said to recur is one that goes on.
    """
    adjuvant, recurrent = "adjuvant " in low, "recurr" in low or "relaps" in low
    multiple, new = "multi" in low, any(word in low for word in _NEWLY)
    if not (adjuvant or recurrent or multiple or new):
        return
    for each in mentions:
        ahead = low[max(0, each.start - _REACH) : each.start]
        family = {each.concept, *above(each.concept)}
        if adjuvant and each.facet == "procedures" and not family.isdisjoint(_GIVEN):
            found = _ADJUVANT.search(ahead)
            named = low.startswith(_NAMES, each.start)
            if found or named:
                begin = each.start - (len(found[0]) if found else 0)
                yield Mention("adjuvant_therapy", "procedures", begin, each.end)
        elif new and each.concept == "neurological_deficit":
            found = _NEW.search(ahead)
            if found:
                begin = each.start - len(found[0])
                yield Mention("neurological_deterioration", "measures", begin, each.end)
        elif multiple and each.concept == "spinal_metastasis":
            found = _MULTIPLE.search(ahead)
            if found:
                begin = each.start - len(found[0])
                yield Mention("multiple_vertebral_metastases", "tumours", begin, each.end)
        elif recurrent and each.facet == "tumours" and family.isdisjoint(_SPREAD):
            found = _RECURRENT.search(ahead)
            if found:
                begin = each.start - len(found[0])
                yield Mention("recurrent_spinal_tumour", "tumours", begin, each.end)
