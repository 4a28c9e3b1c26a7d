"""Tell what an amount is of that no measure is named beside: hours of surgery, millilitres of cement."""

from __future__ import annotations

import re

from ingest.numbers.quantity import SPANS, Quantity

# "a combined resection (average duration, 8 h)"
_LASTED = re.compile(
    r"\b(?:mean|median|average) (?:total )?(?:durations?|time)(?: of (?:the )?(?:surgery|operations?|procedures?|resections?|interventions?))?,?(?: (?:was|were|of))? ?$"
)
# "the mass filled 60% of the canal"
_OF_CANAL = re.compile(r"\s+of the (?:[a-z-]+ )?(?:canal|(?:thecal|dural) sac|intradural space)\b")
_FILLS = re.compile(r"\b(?:occup|compromis|encroach|narrow|invad|fill|stenos|obliterat|block)")
# "the mean number of affected vertebrae was 2.4"
_LEVELS = re.compile(
    r"\b(?:number of|mean|median|average) (?:(?P<ill>involved|affected|diseased|metastatic|infiltrated|destroyed)|(?!rods?\b|screws?\b)[a-z]+)? ?(?:spinal |vertebral )?(?:levels|vertebrae|vertebras|segments|bodies)\b[^.;:()\d]{0,40}$"
)
_AS_LARGE = re.compile(r" as (?:large|big)\b")
_LENGTHS = frozenset(["cm", "mm"])
_OPERATION = re.compile(
    r"\b(?:surg|operat|resect|procedure|excision|decompress|fixation|fusion|instrumentation|stabili[sz]|(?:mis|tes|pvp|pkp|stage)\b|[a-z]+(?:ectom(?:y|ies)|plasty))"
)
# "2 to 5 ml of bone cement", "cement was injected: 3.5 ml"
_CEMENT = re.compile(r"\b(?:cement|pmma|polymethyl ?methacrylate)\b")
_FILLED = re.compile(r"\b(?:inject|volume|amount|fill|instill|deliver|use)")
# "12 ml of cement": of what an amount is, whatever else its sentence measures
_FLUID = re.compile(
    r"\s+of (?:the |bone |high-viscosity |acrylic |normal |iodinated |lipiodol )*(?:cement|pmma|polymethyl ?methacrylate|saline|contrast|alcohol|ethanol|fluid|lidocaine|bupivacaine|[a-z]+caine)\b(?! loss)"
)
# "1 % lidocaine": how strong a drug was.
_SOLUTION = re.compile(
    r"\s*(?:[a-z-]+ )?(?:[a-z]+caine|saline|sodium|chlorhexidine|povidone|iodine|formalin|formaldehyde|dextrose|glucose|mannitol|albumin|solution|cream|gel|ointment|alcohol|ethanol|phenol|peroxide|isoflurane|sevoflurane|oxygen|silver)\b"
)
# "patients lost a mean of 900 ml of blood"
# "fixation (185 minutes, | 350 ml of blood)"
_BESIDE_TIME = re.compile(r"\(\d[\d.]* (?:min(?:utes)?|h|hours?),? (?:and )?$")
_WITH_BLOOD = re.compile(r",? (?:and )?\d[\d.,]* (?:ml|l) of blood\b")
_WITH_LOSS = re.compile(
    r"\b(?:with|and|at) (?:an? |the )?(?:estimated |total |mean )?loss of (?:only |about )?$"
)
# "denosumab was given at 120 mg for | 5 months"
_GIVEN_FOR = re.compile(
    r"\b(?:was|were|been|be|then) (?:given|administered|taken|prescribed|continued|treated with|immobili[sz]ed)\b[^.;]{0,120}? for (?:an? )?(?:(?:mean|median|average|total) )?(?:of )?$"
)
_GREW = re.compile(
    r"\b(?:grow|grew|enlarg|shrank|shrunk|shrink|increas|decreas)\w*(?: in (?:size|diameter|length))? $"
)
_WAS_LOST = re.compile(r" of blood (?:was|were) lost\b")
_LOST = re.compile(r"\blo(?:st|ss|se|ses|sing)\b|\b(?:expense|cost) of (?:only |about )?$")
# "the second resection lasted 5 h", "it was removed in 5 h", "with a cage, taking 5 h"
_TOOK = re.compile(
    r"(?P<who>[^,;.]*)\b(?:lasted|lasting|took|taking)(?: for)? (?:about |only |almost |nearly )?$"
    r"|\b(?:removed|resected|excised|completed|finished|performed|carried out|done|accomplished)\b[^.;()\d]{0,40} in (?:about |only |almost |less than )?$"
)
# "fixation was | 28 minutes longer", "surgery was longer by | 28 minutes", "took longer in A (| 214 vs | 186 min)"
_WAS = re.compile(r"(?P<who>[^,;.()]*)\b(?:was|were|is) (?:about |only |on average |a mean of )*$")
_LONGER = re.compile(r" (?:longer|shorter)\b")
_BY = re.compile(
    r"(?P<who>[^,;.()]*)\b(?:was|were|took|lasted)\b[^,;.()]{0,40}\b(?:longer|shorter)\b(?: by (?:about |an? |mean |median |average |of )*|[^,;.()]{0,60}\([^()]*)$"
)
_IT = frozenset(["it", "and it", "which", "and this", "this", "that", "the latter", ""])
# "8 units of red cells"
_CELLS = re.compile(
    r"\s+of (?:(?:packed|allogeneic|autologous|whole|red|concentrated) )*(?:blood|red cells?|cells?|erythrocytes?|prbcs?|rbcs?|(?:red cell |erythrocyte )?concentrates?)\b"
)
_TUMOUR = r"(?:tumou?rs?|mass(?:es)?|lesions?|metastas[ei]s|cysts?|nodules?|(?!h(?:a|æ)?emat|serom|gran)[a-z]{3,}omas?)"
_LESION = re.compile(rf"\b{_TUMOUR}\b")
# "the diameters of schwannomas were 2 to 5 cm"
_ACROSS = re.compile(
    rf"\b(?:diameters?|sizes?) of (?:the |all |these )?(?:[a-z]+ )?{_TUMOUR} (?:was|were|ranged from|averaged|varied from) $"
)
# "a 3 x 2 cm dumbbell-shaped mass", "3.1 cm in largest diameter"
_SIZED = re.compile(
    rf"[- ]+(?:(?!wide|margin|from|of|to|and|between|away|apart|above|below|deep|long\b|incision|thick)[a-z-]+,? ){{0,5}}?{_TUMOUR}\b(?!-|[a-z ]* margin)"
)
_MEASURED = re.compile(
    rf"\b{_TUMOUR}\b[^.;()\d]{{0,70}}?\b(?:measur(?:ed|ing|es)|sized|size(?: of)?|diameter(?: of)?|dimensions(?: of)?|was|were|of|\() ?(?:about |approximately |up to |was |were |of )*$"
)


def amount_of(low: str, quantity: Quantity) -> str | None:
    """Return what an amount is of by the words around, None where they do not say."""
    if quantity.form == "percent":
        if low.startswith((" necrosis", " tumour necrosis", " tumor necrosis"), quantity.end):
            return "tumour_necrosis"
        filled = _OF_CANAL.match(low, quantity.end) and _FILLS.search(low)
        return "canal_compromise" if filled else None
    if quantity.unit == "levels":
        head = _LEVELS.search(low, 0, quantity.start) if quantity.form == "value" else None
        return "levels_involved" if head and head["ill"] else "levels_treated" if head else None
    if quantity.unit == "fold":
        return "tumour_size" if _AS_LARGE.match(low, quantity.end) and "tumo" in low else None
    if quantity.unit in _LENGTHS:
        return _size_of(low, quantity)
    if quantity.unit in {"ml", "l"} and _is_lost(low, quantity):
        return "blood_loss"
    if quantity.unit in SPANS:
        return "treatment_duration" if _GIVEN_FOR.search(low, 0, quantity.start) else None
    if quantity.unit == "ml":
        own = _FLUID.match(low, quantity.end)
        if own and _CEMENT.search(own[0]):
            return "cement_volume"
        cement = _CEMENT.search(low) and _FILLED.search(low)
        return "cement_volume" if cement and "blood" not in low else None
    if quantity.unit == "units":
        return "transfusion" if _CELLS.match(low, quantity.end) else None
    return "operative_time" if _lasted(low, quantity) else None


def _is_lost(low: str, quantity: Quantity) -> bool:
    """Tell whether an amount is of blood that was lost: 900 ml of blood were lost, with a loss of 900 ml."""
    if low.startswith(" of blood", quantity.end):
        beside = quantity.unit == "ml" and _BESIDE_TIME.search(low, 0, quantity.start)
        return bool(
            beside or _LOST.search(low, 0, quantity.start) or _WAS_LOST.match(low, quantity.end)
        )
    loss = _WITH_LOSS.search(low, max(0, quantity.start - 40), quantity.start)
    return loss is not None and _OPERATION.search(low) is not None


def _lasted(low: str, quantity: Quantity) -> bool:
    """Tell whether hours or minutes are how long an operation took."""
    if quantity.unit not in {"h", "min"}:
        return False
    took = _TOOK.search(low, 0, quantity.start)
    if took is None and _LONGER.match(low, quantity.end):
        took = _WAS.search(low, 0, quantity.start)
    took = took or _BY.search(low, 0, quantity.start)
    who = took["who"] if took else None
    if who and _OPERATION.search(who):
        return True
    told = _OPERATION.search(low) is not None
    if told and low.endswith("(", 0, quantity.start) and _WITH_BLOOD.match(low, quantity.end):
        return True
    if took is None:
        return told and _LASTED.search(low, 0, quantity.start) is not None
    return who is None or (told and who.strip() in _IT)


def names_fluid(low: str, quantity: Quantity) -> bool:
    """Tell whether an amount says what fluid it is of, so that no other amount's name is its own."""
    if quantity.unit == "units":
        return _CELLS.match(low, quantity.end) is not None
    return quantity.unit in {"ml", "l"} and _FLUID.match(low, quantity.end) is not None


def is_strength(low: str, quantity: Quantity) -> bool:
    """Tell whether a percent is how strong a drug or a solution was."""
    return _SOLUTION.match(low, quantity.end) is not None


def _size_of(low: str, quantity: Quantity) -> str | None:
    """Return the size of a tumour where a length is told as one: a 4-cm mass, it measured 4 x 3 cm."""
    # "2-4 mm melanomas": what makes a class of them.
    told = _SIZED.match(low, quantity.end) if quantity.value is not None else None
    told = told or _ACROSS.search(low, 0, quantity.start)
    if quantity.form == "change" and _GREW.search(low, 0, quantity.start):
        told = told or _LESION.search(low, 0, quantity.start)
    if told is None and quantity.form == "sides":
        told = _MEASURED.search(low, 0, quantity.start)
    return "tumour_size" if told else None
