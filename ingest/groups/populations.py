"""Find which group of patients a number is about: its n, and the whole that a count is a part of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.antecedents import is_of_share, names_some, opens_with_these, referred
from ingest.groups.attrition import tells_losses
from ingest.groups.bracketed import counts_nobody, is_weighed, tells_ahead
from ingest.groups.cohortrules import AGAINST
from ingest.groups.pools import POOLED, is_pool, pooled_size
from ingest.groups.rounding import reconciled
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.model import Concept, Measurement
from ingest.numbers.numerals import WORD
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import BOUNDS, COUNTS, MEASURED, Quantity, is_bare, sizes_group
from ingest.numbers.scene import Population, Sitting

_LEAD = build_rule(
    r"\b(?:based on|known in|(?<!consisted )(?<!composed )of|among|amongst|for|from|the|these|those|our|all)"
    r"(?:\s+(?:the|these|our|those|any of the))?(?:\s+(?:first|last|remaining|other|same|(?:most|more) recent|latest|initial|next))?\s*$"
)
_TOTAL = build_rule(r"\btotal (?:of )?$")
# "In 12 patients, the mean ..." and "in 12 patients with paresis, ..." name a group.
_THEN = re.compile(r"[^.;()]{0,70}?(?:\([^)]*\))?,")
# "54 months (TES)", "12% in the control arm": a group of its own.
_OWN_GROUP = re.compile(
    r"\s*(?:\((?!range|iqr|sd|median|mean)[a-z][^)\d]*\)|(?:in|for|of|among) the (?:others|rest|remainder|other (?:patients|individuals|subjects|participants|cases))\b|(?:in|for|of|with|after) (?:the |those )?[\w\s-]{1,40}\b(?:group|arm|cohort)s?\b|(?:in|for|among|of) (?:the )?(?:patients|individuals|subjects|participants|cases|those|women|men|children) (?:with|without|who|whose|having|undergoing|receiving|treated|aged)\b)"
)
# "Thirty of the patients had a chordoma": those are a group too
_SOME = re.compile(r" of (?:the|these|our) (?:patients|individuals|subjects|participants|cases)\b")
_THIS = r"(?:in|for|among|amongst|of|within) (?:these|those|this) (?:(?:patients|subjects|participants|cases|women|men|individuals)\b(?! (?:with|who|whose|treated|in|of))|(?:sub)?(?:group|cohort|set)\b(?! of))"
_THIS_AHEAD = re.compile(rf"(?:overall, )?{_THIS}")
_THIS_CLAUSE = re.compile(rf"[;:,] (?:and )?{_THIS}|; their (?!own|first)")
_POINTING = (" these ", " those ", " this ", "; their ")
_THIS_BEHIND = re.compile(rf"(?:\s*[(\[][^()\[\]]*[)\]])*[^,;:]*\b{_THIS}[^,;]{{0,30}}\.?$")
_AVERAGED = frozenset(["percent", "value", "score", "change", "effect"])
# Where a number opens its sentence.
_OPENS = 25
# What a percent tells of one tumour though it may be told of patients, too.
_PARTS_OF_ONE = frozenset({"extent_of_resection"})
# What is told of patients, or of tests, though none are counted for it.
_SHARES = ("_survival", "_value", "_accuracy", "sensitivity", "specificity")
# "10 days for the entire group", "7% overall, 9% in metastatic and 5% in primary tumours"
ALL_OF_THEM = re.compile(
    r" overall\b(?! survival)|\s*(?:\([^()]*\)\s*)?(?:for|in|of|among) (?:(?:the|our|this) )?(?:(?:entire|whole|overall|total|complete) (?:group|cohort|series|population|sample|study (?:group|population))|all (?:the )?(?:patients|individuals|cases|subjects|participants)\b(?! (?:with|who|in|undergoing|without|treated)))"
)
# "The median survival of all patients was"
ALL_OF_THEM_AHEAD = re.compile(
    r"\b(?:of|in|for|among) (?:all (?:the |our )?(?:patients|individuals|cases|subjects|participants)|(?:the )?(?:entire|whole) (?:cohort|group|series|population))(?: (?:after|from|since) (?:[a-z]+ ){1,3}(?:surgery|operation|treatment))? (?:was|were|of|reached|amounted to) (?:[a-z]+ )?$"
)
_DIED = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:had |have )?died\b.*\b(?:os|survival)\b")
# What befalls some, whose count and rate are told together.
_BEFELL = frozenset(["mortality", "local_recurrence", "distant_metastasis", "local_progression"])
# What some of those studied were or had, not what was done to a group of them.
_STATE = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:died|developed|refused|declined|relapsed|smoked|had (?!(?:an? |the |undergone |received |been )?(?:[\w-]+ ){0,3}(?:surgery|operations?|resections?|fixation|fusion|radiotherapy|chemotherapy|treatment|follow-?up|\w+ectomy|\w+plasty)\b|undergone|received|been)"
    r"|were (?!\w*(?:treated|operated|included|studied|enrolled|followed|randomi|assigned|allocated|reviewed|analy|given|irradiated|evaluated|assessed|identified|managed|recruited|eligible|available|examined)))"
)
_NEW_SUBJECT = build_rule(
    r"(?:;|,|\band|\bbut|\bwhile|\bwhereas) (?:the |a |an |mean |median |overall )*(?:(?!in\b|with\b|of\b|who\b|which\b)[a-z-]+ ){1,4}(?:was|were|averaged|reached) [^;,]{0,15}$"
)
# "Pain decreased in 63 patients; VAS was 3"
_CLOSED = re.compile(
    r"(?: patients| individuals| subjects| participants| cases)?(?: \([^()]*\))?; (?:the |mean |median )*(?!their|the[sy]|those|this|it\b)(?:[a-z-]+ ){1,4}(?:was|were|averaged|reached|fell|rose|improved|decreased)\b"
)
_RECEIVED = re.compile(r" received\b")
_IN_BRACKET = re.compile(r"[^().;]*\((?:mean |median |average )?(?:age |aged )?(?:of )?")
_SEX = build_rule(r"\b(?:men|women|males?|females?)\b")
_OF_SEX = re.compile(
    r" (?:\([^)]*\) )?(?:were|was) (?:all )?(?:men|women|males?|females?|boys|girls)\b"
)
# "Recurrence was seen in 6 of 45": what is told, no group for other numbers
_FINITE = build_rule(r"(?<!there )\b(?:was|were|occurred|developed|recurred|improved|had|died)\b")
# "60 patients with 90 lesions: 30%, and 70% of lesions received": of the lesions
_OF_THINGS = re.compile(
    r"(?:(?:,|,? and| or) \d[\d.]* ?%)* (?:of (?:the |all |these )?)(?P<noun>lesions|tumou?rs|levels|vertebrae|segments|screws|procedures|operations|metastases)\b(?! (?:patients|individuals|subjects|participants|cases))"
)
# "There were 21 primary and 5 recurrent cases": of neither are the numbers behind them.
_AND_MORE = re.compile(r",? and (?:the |another |other )*")
_SUBJECT = re.compile(
    r"\s*(?:with [^,.;]{3,60} )?(?:who )?(?:were|was|underwent|had been|received|met)\b"
)
# "The number of walkers rose from 20 patients to 31": no group, but where it began.
_BEGAN = build_rule(
    r"\b(?:rose|increased|decreased|fell|dropped|declined|grew|changed|went|improved)(?: \w+ly)? from $"
)
# "84 were readmitted, most often for infection (31%)": that is a part of the 84.
_REASON = build_rule(
    r"\b(?:readmitted|re-?operated|revised|re-?explored|re-?hospitali[sz]ed|died)\b[^.;]{0,50}\bmost(?:ly)?(?: often| commonly| frequently)? (?:for|because of|due to|from|of)\b[^.;]*$"
)
_HAD_OWN = re.compile(
    r"\s*(?:with [^,.;()]{3,60} |who [^,.;()]{3,60} )?(?:reported|showed|developed|experienced|died|improved|recovered|demonstrated|achieved|regained|deteriorated)\b"
)
# "resection of 19 neuromas was achieved", "patients underwent surgery for 41 metastases"
_DONE_TO = build_rule(
    r"(?:^(?!after|following|for|in)(?:[a-z-]+ ){0,3}?(?:resections?|excisions?|removals?|ablations?|irradiation|emboli[sz]ations?) of"
    r"|\b(?:underwent|received|performed)\b[^.;,()]{3,90}? (?:of|for|to)) (?:a total of )?$"
)
_RELATIVE = build_rule(r"\b(?:who|whom|whose|that|which)\b")
_REST = re.compile(r"; (?:and )?the (?:remaining|other) ")
_GROUPED = {"patients", "animals", "procedures", "tumours", "specimens", "cadavers"}
_DONE = {"procedures", "tumours"}
_IN_THEM = re.compile(
    rf"\s*(?:in|on|of|from) (?:the |a total of )?(?:\d+|{WORD}) (?:[a-z-]+ ){{0,2}}(?:patients|individuals|subjects|participants|women|men|children|cases)\b"
)
# What parts a number from the size of another group: a comma, a number, the end of its bracket.
_AWAY = re.compile(r"[,;\d]|^[^(\[]*[)\]]")
_LISTED = re.compile(r"\s*[)\]],?(?: and| or|,)* [a-z][a-z' -]{2,60}[(\[]\s*n\s*=")


def is_group(low: str, quantity: Quantity, quantities: Sequence[Quantity]) -> bool:
    """Tell whether a count only names the group that other numbers are about."""
    # "In 50 patients, at least one leak occurred": that is no number of its own.
    others = [
        each
        for each in quantities
        if each is not quantity
        and each.form not in BOUNDS
        and (each.operator, each.value) != (">=", 1)
    ]
    if sizes_group(low, quantity.start) and (others or is_weighed(low, quantity, others)):
        return counts_nobody(low, quantity, quantities, others)
    if not others:
        return False
    later = [each for each in others if each.start >= quantity.end]
    if is_bare(quantity):
        return bool(later) and names_some(low, quantity)
    opens = quantity.start < _OPENS and not _FINITE.search(low, 0, quantity.start)
    if quantity.form == "ratio" and opens and quantity.percent is None:
        if later and _NEW_SUBJECT.search(low, quantity.end, later[0].start):
            return False  # "five of 60 died and the infection rate was 7%"
        # "43 of the 64 patients ... had a survival of 66 %": the subject of other numbers.
        # "11 of 60 patients with pain (18 %)": the percent is that of the count.
        share = 100 * (quantity.numerator or 0) / (quantity.denominator or 1)
        beside = bool(later) and low[quantity.end : later[0].start].rstrip()[-1:] in {"(", ","}
        own = beside and later[0].percent is not None and abs(share - later[0].percent) < 1
        return any(each.form == "percent" for each in later) and not own
    if quantity.form != "count" or quantity.numerator is None:
        return False
    if is_pool(low, quantity) and any(each.form in POOLED for each in others):
        return True
    ahead = low[max(0, quantity.start - 40) : quantity.start]
    if _TOTAL.search(ahead) or quantity.unit not in {*_GROUPED, "deaths"} or _BEGAN.search(ahead):
        return False
    if quantity.unit == "tumours" and _are_treated(low, quantity, later):
        return False
    if quantity.unit in _DONE and _IN_THEM.match(low, quantity.end):
        return False  # "a review of 41 operations in 39 patients": these are no part of those
    if re.fullmatch(r"(?:after \w+,? )?in ", low[: quantity.start]):
        then = _THEN.match(low, quantity.end) if later else None
        # "In four patients a tear occurred, and": what befell them is told of them already
        told = then and _FINITE.search(then[0]) and not _RELATIVE.search(then[0])
        return then is not None and not told
    if not later and ahead.endswith("the ") and _HAD_OWN.match(low, quantity.end):
        return False  # "the three patients with pain reported relief": they are what is told of
    return bool(_LEAD.search(ahead)) and not re.search(r"\bin\s*$", ahead)


def _are_treated(low: str, quantity: Quantity, later: Sequence[Quantity]) -> bool:
    """Tell whether tumours are what was operated on, not those that later numbers are of."""
    counted = all(each.form == "count" for each in later)
    return counted and _DONE_TO.search(low, 0, quantity.start) is not None


def read_populations(text: str, sentence: int) -> list[Population]:
    """Return the numbers of patients a sentence names, in order."""
    if not (quantities := find_quantities(text)):
        return []
    found: list[Population] = []
    low, total = text.lower(), _total_of(text)
    for quantity in quantities:
        if quantity.form == "bare" and _SOME.match(low, quantity.end):
            found.append(Population(int(quantity.value or 0), sentence, True))
        if quantity.unit not in _GROUPED:
            continue
        whole = quantity.denominator
        if whole:
            found.append(Population(whole, sentence, True, quantity.unit or "patients"))
        if quantity.numerator and quantity.form in COUNTS:
            ahead = low[max(0, quantity.start - 40) : quantity.start]
            named = quantity.form == "count" and (
                bool(_LEAD.search(ahead))
                or bool(_TOTAL.search(ahead))
                or (
                    quantity.start < _OPENS
                    and low[quantity.start - 1 : quantity.start] != "("
                    and not _SEX.search(low, quantity.start, quantity.end)
                )
                or _SUBJECT.match(low, quantity.end) is not None
            )
            found.append(
                Population(quantity.numerator, sentence, named, quantity.unit or "patients", total)
            )
    return found


def _total_of(text: str) -> int:
    """Return how many all are whom a sentence counts, none where it tells who was lost or left."""
    if tells_losses(text):
        return 0
    return sum(_counted(each) for each in find_quantities(text))


def _counted(each: Quantity) -> int:
    """Return how many patients a number may count."""
    if each.form in COUNTS and each.unit == "patients":
        return each.numerator or 0
    return int(each.value or 0) if is_bare(each) else 0


def counted_besides(
    text: str, measured: Sequence[Measurement], named: Sequence[Population], sentence: int
) -> list[Population]:
    """Return those whom a sentence counts by bare numbers besides those it names: 12 had a recurrence."""
    if not measured:
        return []
    known, total = {each.size for each in named}, _total_of(text)
    return [
        Population(each.numerator, sentence, False, total=total)
        for each in measured
        if each.unit == "patients" and each.numerator and each.numerator not in known
        if not each.derived
    ]


def group_of(
    sitting: Sitting, quantity: Quantity, measure: str | None
) -> tuple[int | None, int | None]:
    """Return (n, denominator) that the source gives a number; None where it gives none."""
    if quantity.denominator is not None:
        return quantity.denominator, quantity.denominator
    if quantity.group is not None:
        return quantity.group, None
    low = sitting.scene.low
    # (n = 41)
    sized = [each for each in sitting.groups if low.startswith("n", each.start)]
    beside = None if sizes_group(low, quantity.start) else _sized_beside(low, quantity, sized)
    if beside is not None and beside >= (quantity.numerator or 0):
        return beside, None
    if quantity.unit != "studies" and (pooled := pooled_size(sitting, quantity)) is not None:
        return pooled, None
    gathered = quantity.unit == "studies" or quantity in sitting.groups
    here = [
        Population(each.numerator, sitting.sentence, True)
        for each in sitting.groups
        if each.numerator and each.end <= quantity.start and each not in sized
        if not (gathered and is_pool(low, each))
    ]
    reason = quantity.form == "percent" and "most" in low and _REASON.search(low, 0, quantity.start)
    if reason or is_of_share(sitting, quantity):
        return None, None
    these = referred(sitting, quantity)
    if quantity.form == "share":
        named = read_populations(sitting.text[: quantity.start], sitting.sentence)
        known = [*sitting.populations, *named, *here]
        if these:
            known.append(Population(these, sitting.sentence, True))
        size = reconciled(quantity, known, sitting.text[quantity.start : quantity.end])
        return size, size
    if these and quantity.numerator is not None and quantity.numerator <= these:
        return these, these
    if these and measure and quantity.form in _AVERAGED and opens_with_these(sitting, quantity):
        return these, None
    return _of_all_told(sitting, quantity, measure, here)


def _of_all_told(
    sitting: Sitting, quantity: Quantity, measure: str | None, here: Sequence[Population]
) -> tuple[int | None, int | None]:
    """Return (n, denominator) of a number told of a group ``here``, of its subject, or of the one patient."""
    low = sitting.scene.low
    told = [each for each in sitting.found if each.statistic == "count" and each.numerator]
    averaged = quantity.form in _AVERAGED - {"percent"}
    if here and averaged and told:
        return None, None  # what is told of those with an event is not of the whole group
    apart = _OWN_GROUP.match(low, quantity.end) or ALL_OF_THEM.match(low, quantity.end)
    if here and not apart:
        return here[-1].size, None
    things = _OF_THINGS.match(low, quantity.end) if quantity.form == "percent" else None
    if things:
        return _size_of_things(sitting, quantity, things["noun"]), None
    if quantity.form in _AVERAGED:
        size = _subject_size(sitting, quantity, measure)
        if size is None and measure:
            size = _pointed(sitting, quantity)
        if size is not None:
            return size, None
    if not sitting.single:
        return None, None
    concept = sitting.scene.concepts.get(measure or "")
    rated = quantity.form == "percent" and not (concept and may_measure_one(concept))
    counted = quantity.form in COUNTS and quantity.numerator != 1
    return (None, None) if rated or counted else (1, None)


def may_measure_one(concept: Concept) -> bool:
    """Tell whether a percent of a measure may be of one patient: a score, how much a lesion shrank."""
    if concept.id.endswith(_SHARES):
        return False
    shared = "percent" in concept.units and "patients" not in concept.units
    return shared or concept.id in _PARTS_OF_ONE


def _sized_beside(low: str, quantity: Quantity, sized: Sequence[Quantity]) -> int | None:
    """Return the size in brackets of the group that a number is told of: 12 months in A (n = 20)."""
    ahead = [each for each in sized if each.end <= quantity.start and tells_ahead(low, each)]
    if ahead and quantity.form in MEASURED:
        return ahead[-1].numerator
    for each in sized:
        between = low[quantity.end : each.start] if quantity.end <= each.start else "-,"
        if _LISTED.match(low, each.end):
            continue  # "52 years with chordomas (n = 10), sarcomas (n = 8)": parts of all
        if len(between) < 60 and not _AWAY.search(between):
            return each.numerator
    return None


def _pointed(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return how many the sentence before has named to whom one points: in these patients, in this group."""
    low = sitting.scene.low
    pointing = holds_any(low, _POINTING)
    clause = [*_THIS_CLAUSE.finditer(low, 0, quantity.start)] if pointing else []
    if clause and not _OWN_GROUP.match(low, quantity.end):
        told = [each for each in sitting.scene.numbers if each.end <= clause[-1].start()]
        return next((each.numerator for each in told[::-1] if each.numerator), None)
    if not (_THIS_AHEAD.match(low) or _THIS_BEHIND.match(low, quantity.end)):
        return None
    before = [each for each in sitting.populations if each.sentence < sitting.sentence]
    last = {each.size for each in before if each.sentence == before[-1].sentence}
    return last.pop() if len(last) == 1 else None


def _size_of_things(sitting: Sitting, quantity: Quantity, noun: str) -> int | None:
    """Return how many lesions or levels a sentence has counted of which a percent is told."""
    counted = [
        each.numerator
        for each in sitting.scene.numbers
        if each.form == "count" and each.end <= quantity.start
        if noun in sitting.scene.low[each.start : each.end]
    ]
    return counted[-1] if counted else None


def _is_of_all(sitting: Sitting, subject: int, measure: str) -> bool:
    """Tell whether a rate of what befalls patients is told behind the count of those whom something befell."""
    befell = any(
        each.start == subject and each.measure and sitting.scene.concepts[each.measure].harm
        for each in sitting.found
    )
    return befell and (measure in _BEFELL or measure.endswith(("_survival", "local_control")))


def _is_aside(sitting: Sitting, first: Quantity, quantity: Quantity) -> bool:
    """Tell whether a sentence first counts some, then tells another thing: 12 smoked, and mortality was 8%."""
    low = sitting.scene.low
    fewer = any(each.size > (first.numerator or 0) for each in sitting.populations)
    if fewer and _CLOSED.match(low, first.end, quantity.start):
        return True
    if not _NEW_SUBJECT.search(low, first.end, quantity.start):
        return False
    return bool(first.denominator) or (fewer and _STATE.match(low, first.end) is not None)


def _subject_size(sitting: Sitting, quantity: Quantity, measure: str | None) -> int | None:
    """Return the number of patients that opens the sentence and so is what the rest is about."""
    subjects = [
        each
        for each in sitting.scene.numbers
        if each.form in COUNTS
        and each.unit == "patients"
        and each.end <= quantity.start
        and each.numerator
        and not _SEX.search(sitting.scene.low[each.start : each.end])
    ]
    # Another finding's count is no group: only a number that opens the sentence is.
    if not subjects or subjects[0].start >= _OPENS or sitting.scene.low.startswith(AGAINST):
        return None
    low, end = sitting.scene.low, subjects[0].end
    if _FINITE.search(low, 0, subjects[0].start) or _OWN_GROUP.match(low, quantity.end):
        return None
    if measure == "age" and _IN_BRACKET.fullmatch(low, subjects[-1].end, quantity.start):
        return subjects[-1].numerator  # "40 were under 70 (mean 60) and 20 over 70 (mean 75)"
    # Of two groups set beside each other neither is the one that all numbers are of.
    if any(
        each.denominator or _AND_MORE.fullmatch(low, end, each.start) for each in subjects[1:]
    ) or _OF_SEX.match(low, end):
        return None
    if _DIED.match(low, end, quantity.start):
        return None  # "seven died, with a median survival of": of all, or of the seven
    if quantity.form == "percent" and _is_of_all(sitting, subjects[0].start, measure or ""):
        return None  # "five patients died (mortality 8%)", "five had a fracture, and survival was"
    if _is_aside(sitting, subjects[0], quantity):
        return None
    fresh = low.rfind("; ", end, quantity.start)
    later = [each for each in sitting.scene.numbers if fresh < each.start < quantity.start]
    if fresh > 0 and later and is_bare(later[0]) and _REST.fullmatch(low, fresh, later[0].start):
        return int(later[0].value or 0)  # "two withdrew; the other 28 were followed for a year"
    if subjects[1:] and _RECEIVED.match(sitting.scene.low, subjects[-1].end):
        return subjects[-1].numerator  # "60 received 24 Gy, 30 patients received 27 Gy"
    if subjects[0].form == "share" and not (measure or "").startswith("time_to"):
        return None
    return subjects[0].numerator
