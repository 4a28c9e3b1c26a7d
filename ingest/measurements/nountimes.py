"""Find the time in the noun phrase that a number is told of: postoperative urine leakage occurred in 5."""

from __future__ import annotations

import re

from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Scene

# Words that end a noun phrase: "postoperative pain | and infection", "early death | of 3".
_STOP = (
    r"and|or|the|of|with|without|was|were|is|are|be|had|has|have|in|on|to|by|for|from|than|at|as|after|before|during|while"
    r"|who|which|that|but|not|no|did|could|patients?|individuals|subjects|participants?|cases?|given|received|underwent"
)
_PHRASE = rf"(?:[ -](?!(?:{_STOP})\b)[a-z][a-z'’/-]*){{1,6}}(?: ?\([^()\d]*\))?"
_OF_IT = r"(?: (?:of|for|in|among|with|from|after|on) (?!whom|which)[^,;:.()\d]{1,45}?)?"
_ONLY = r"(?: (?:only|just|about|approximately|around|nearly|almost|another))?"
_SEEN = (
    r"(?:occurred|developed|appeared|arose|happened|ensued"
    r"|(?:was|were)(?: also)? (?:\w+ly )?(?:seen|noted|observed|found|recorded|reported|identified|detected|diagnosed|present|documented|encountered|required|needed|necessary|evident|confirmed|experienced))"
)
# "Postoperative urine leakage | occurred in", "early wound dehiscence | in", "a late stricture | (n = ".
_OCCURRED = re.compile(rf"{_PHRASE}{_OF_IT} (?:also )?{_SEEN}(?: (?:in|by|for|among))?{_ONLY} ")
_IN = re.compile(rf"{_PHRASE}(?: in{_ONLY} | ?[(\[](?:n ?= ?)?)")
# "The early patency rate was", "a postoperative shunt fraction of".
_AMOUNTS = re.compile(
    rf"{_PHRASE}{_OF_IT}(?:,? (?:was|were|is|averaged|reached|amounted to|of)|[:=])(?: (?:only|about|approximately|estimated at|around)){{0,2}}(?: an?| the)?(?: (?:mean|median|average))?(?: of)? ?"
)
# "Postoperative bleeding was less frequent in the stapled group | (4% vs 11%)".
_COMPARED_IN = re.compile(
    rf"{_PHRASE}(?P<gap>(?: [^,;:()\d]{{0,110}})?(?:[(\[][^()]*[)\]][^,;:()\d]{{3,60}})?)\s*[(\[](?:mean|median)?[ =:]*"
)
# "Early relief was similar in the first group (81%) | and the second (79%)".
_AND_BRACKET = re.compile(r"[^()\[\]]*[)\]] and [^,;:()\d]{3,60}[(\[]")
_ALIKE = re.compile(r"\b(?:similar\w*|comparable|same|equal\w*|differ\w*)\b")
_AGAINST = re.compile(r"\b(?:vs|versus)\b")
_THAN = re.compile(r"[)\]] (?:than|vs\.?|versus|compared (?:with|to)) ")
_COMPARATIVE = re.compile(
    r"\b(?:(?:low|high|great|few|short|long|small|larg|clos|rar|near|fast|slow|old|young)er|less|more|better|worse|similar\w*|comparable|differ\w*|equal\w*|same|reduced|increased|decreased|versus|vs)\b"
)
_SET_AGAINST = re.compile(
    r"[^()\[\]]*(?:\b(?:vs|versus|v|compared (?:with|to))\b|[)\]] (?:than|vs|versus|compared (?:with|to)) )"
)
# What was so before may only tell who was counted: the patients with preoperative radiotherapy (n = 9).
_EARLIER = re.compile(r"pre|initial|baseline")
# "The admission rate was": what befell the patients, no time.
_BEFELL = ("admission", "discharge", "inpatient")


def _is_compared(quantity: Quantity, time: Quantity, low: str) -> bool:
    """Tell whether a bracket sets against each other what the words ahead compare: less postoperative pain (2.1 vs 3.4)."""
    told = _COMPARED_IN.fullmatch(low, time.end, quantity.start)
    if told is None or not _COMPARATIVE.search(low, max(0, time.start - 60), quantity.start):
        return False
    gap = told["gap"]
    if "(" in gap:
        # "Less pain (2.1 vs 3.4) and fever (4% vs 9%)": the second bracket is of another thing.
        alone = not _AGAINST.search(gap)
        return bool(_THAN.search(gap) or (alone and _ALIKE.search(gap)))
    alike = _ALIKE.search(gap) and _AND_BRACKET.match(low, quantity.end)
    return bool(alike or _SET_AGAINST.match(low, quantity.end))


def noun_time(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time that an adjective tells of the thing counted or measured, whatever that is."""
    if quantity.form == "effect":
        return None
    counted = quantity.form in COUNTED
    for each in reversed(scene.adjectives):
        if each.end > quantity.start or scene.low.startswith(_BEFELL, each.start):
            continue
        if counted and scene.low.startswith("initial", each.start):
            continue  # "initial mastectomy in 9": the first of several
        place = (scene.low, each.end, quantity.start)
        if counted and _OCCURRED.fullmatch(*place):
            return each
        if counted and not _EARLIER.match(scene.low, each.start) and _IN.fullmatch(*place):
            return each
        if quantity.form != "count" and _AMOUNTS.fullmatch(*place):
            return each
        if _is_compared(quantity, each, scene.low):
            return each
    return None
