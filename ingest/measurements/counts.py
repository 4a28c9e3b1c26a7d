"""Read numbers without a noun as counts, and tell what a count counts where no measure is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.antecedents import OF_THEM, is_of_share, referred
from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.measurements.absence import is_event
from ingest.measurements.apiece import EACH_OF
from ingest.measurements.attachment import measure_of
from ingest.measurements.continuations import (
    ENDED,
    YEARS,
    adds_up,
    at_next_level,
    at_next_time,
    at_own_time,
    in_next_group,
    in_other_group,
    in_so_called,
    last_told,
)
from ingest.measurements.distance import UP_TO_CAUSE
from ingest.measurements.grading import BY_STEPS, moved_by_grade
from ingest.measurements.items import IN_SO_MANY, continued, died_of, elided, given, had
from ingest.measurements.parts import whole_led
from ingest.measurements.people import counts_people
from ingest.measurements.things import whole_of_things
from ingest.measurements.unnamed import count_marks, count_rules
from ingest.model import Measurement
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting
from ingest.numbers.screening import REVIEWED
from ingest.vocabulary import TAKEN_IN

_VERB = re.compile(
    r"\s*(?:\([^()]*\) )?(?:of (?:them|these|whom|which) |others? )?(?:\w+ly |also |then |later )?(?:improved|had|have|were|was|died|developed|experienced|showed|remained|required|underwent|survived"
    r"|regained|recovered|could|did|deteriorated|worsened|achieved|walked|reported|suffered|presented|received|with|sustained|needed|became|maintained|who|met|arose|occurred|originated|recurred|progressed|healed|fused|kept|lost|broke|failed|declined|gained|relapsed|stabili[sz]ed|returned)\b"
)
_SO = re.compile(r" (?:worse|better|unchanged|stable|the same)(?=[,;.)]| and\b|$)")
_DID = re.compile(r" (?:\w+ly )?(?:had|were|was|broke|[a-z]{3,}ed)\b")
# "no change in Frankel grade, 19 improved": the number begins another finding.
_APART = build_rule(r"[,;]|\band\b|\bbut\b")
_STEPS = re.compile(
    r"\s*(?:or (?:more|two) |full |entire )?(?:frankel |asia |ais |nurick |kps |ecog )?(?:grades?|steps?|categor(?:y|ies))\b"
)
# "recurrence occurred in 15 (p = 0.01)"
_OCCURRED = build_rule(
    r"\b(?:occurred|diagnosed|identified|documented|confirmed|developed|seen|noted|observed|found|recorded|detected|reported|encountered|present|accomplished|achieved|obtained|required|necessary|needed"
    r"|(?:improved|worsened|deteriorated|declined|increased|decreased)(?: by (?:at least )?(?:one|two|three|\d) (?:[a-z]+ )?(?:grades?|points?|steps?|levels?))?|unchanged|stable|recovered|resolved|decreased|increased|persisted|complete(?:ly)?|partial(?:ly)?|partly|absent|total|excellent|good|fair|poor|moderate|satisfactory|nil)"
    r" (?:postoperatively |intraoperatively )?(?:in|by) (?:only |another |the other |the remaining )?$"
)
# "done in 20: 12 with sarcoma; 8 with chordoma": items that part the count before them.
_ITEM = re.compile(r"[:;]\s*(?:and )?(?:in |of these )?$")
_OF_PART = re.compile(
    r"\s(?:after|with|from|following|in|on|at|by|had|were|underwent|received|without)\b"
)
# "nine infections: six | deep and three superficial"
_KIND_OF = re.compile(r" [a-z-]+(?=\s*(?:[,;.]|and\b|$))")
_AND = build_rule(r"(?:,|,? and) (?:in )?$")
_PARTS = build_rule(r"[;:]|\.(?:\s|$)|(?<=\d), (?=\d)")
# Units of what wordings tell the counts of.
_TOLD_OF = frozenset(
    ["patients", "specimens", "procedures", "percent", "tumours", "screws", "arteries", *REVIEWED]
)
_PARTED_BY = {
    "procedure_performed",
    "primary_site",
    "histology",
    "tumour_level",
    "gross_total_resection",
    "extent_of_resection",
    "metastatic_extent",
    "embolization_completeness",
}
# "Removal was total in 12"
_REMOVED = {"gross_total_resection", "extent_of_resection"}
# "in the thoracic spine in 51"
_LEVEL_IN = build_rule(
    r"\b(?:cervical|thoracic|lumbar|sacral|thoracolumbar|cervicothoracic|lumbosacral|spine|region|sacrum) in $"
)
_AND_OF = re.compile(r" (?:with|without) [^,;.:()\d]{3,60} and (?:in )?")
_OF_KIND = re.compile(r" (?:with|without) ")
_LINKED = re.compile(r"[\s,]*(?:and|or)?\s*")
_AGAIN = build_rule(r"\b(?P<k>\d+) [^()\d]{1,25}[(]$")
_NOT_SO = re.compile(
    r"\s*(?:patients|individuals|subjects|participants|others|cases)?\s*(?:were|was|did|had|have|could) not(?=[,.;)]|$)"
)
_RIGHT_IN = re.compile(r"\s+in (?:only |another )?")
_NAMED_BY = re.compile(r"\s(?:for|because of|due to|owing to)\b")
_PERSON = re.compile(r"\s(?:has|have|had|is|are|was|were|remains?) ")
_NOUN = re.compile(
    r"\s(?:(?!(?:of|in|to|and|or|for|with|after|on|by|at|from|associated)\b)[a-z#-]+ ){0,2}"
)
_BRACKET_OPENS = re.compile(r"s?\s*[(\[]\s*")
_OTHERS = re.compile(
    r"\s*(?:others?\b\s*)?(?:[,;.)]|\((?=[a-z])|each\b|and\b|the\b|in (?:the )?(?:[\w-]+ ){1,4}(?:group|arm|cohort)\b|(?:at|after|following|during|within|before|(?:pre|post)-?operatively)\b|$)"
)
_OF_PEOPLE = re.compile(
    r"\s*of (?:(?:the|our|these|those|all) )?(?:patients|individuals|subjects|participants|cases|children|those(?= (?:who|with|without|in whom|whose)\b))\b"
)
# Who operated or looked is none of the patients.
_OBSERVERS = re.compile(
    r"\s+(?:[a-z-]+ ){0,3}?(?:(?:neuro)?surgeons?|radiologists?|observers?|readers?|reviewers?|pathologists?|raters?|investigators?|examiners?|oncologists?|authors?|physicians?|specialists?|technicians?|operators?|residents?|nurses?)\b"
)
_STANDS_FOR = re.compile(
    r"\b(?:lost|gained|developed?|without|need(?:ed|ing)?|requir(?:ed?|ing)|received|underwent|got|have|having) $"
)
_ADDING = ("plus the ", "plus ", "in addition to the ", "besides the ")


def bare_count(sitting: Sitting, quantity: Quantity) -> Quantity | None:
    """Read a number without a noun as a count where its words say so: of the 32, 23 improved."""
    low, value = sitting.scene.low, quantity.value
    if value is None or value != int(value) or quantity.low is not None or quantity.unit:
        return None
    if _counts_none(low, quantity):
        return None
    size = int(value)
    count = replace(quantity, form="count", numerator=size, value=float(size), unit="patients")
    parted = _PARTED_BY if _lists_parts(low, quantity) else _REMOVED
    if (parted is _PARTED_BY or _is_in(low, quantity)) and counted_measure(
        sitting, count
    ) in parted:
        last = sitting.found[-1].unit if sitting.found else None
        return replace(count, unit="tumours") if last == "tumours" else count
    led_on = ":" in low or ";" in low
    if led_on and (_KIND_OF.match(low, quantity.end) or counted_measure(sitting, count) is None):
        led = whole_led(sitting, quantity)
        if led:
            return replace(count, form="ratio", denominator=led, value=None)
    if moved_by_grade(sitting, count):
        return count  # "six from C to E"
    if _is_step(sitting, quantity):
        return None
    if _tells_of_whom(sitting, quantity):
        return count
    before = [
        each for each in sitting.found if each.statistic == "count" and each.unit == "patients"
    ]
    if _DID.match(low, quantity.end) and whole_of_things(sitting, quantity):
        return count  # "of the 80 screws placed, 9 were loose"
    if is_of_share(sitting, quantity):
        return count
    if _VERB.match(low, quantity.end):
        whole = referred(sitting, quantity) or _last_group(sitting, quantity)
        if whole and size <= whole:
            return replace(count, form="ratio", denominator=whole, value=None)
        if before or (quantity.word and size > 1):
            return count
        if whole or quantity.word:
            return count if counts_people(sitting, count) else None
    return _counted_on(sitting, quantity, count, before)


_GIVEN_TO = build_rule(
    r"\b(?:given|administered|offered|delivered|provided) (?:[a-z]+ly )?to (?:only |another |the other )?$"
)


def _counts_none(low: str, quantity: Quantity) -> bool:
    """Tell whether the words around a number show that it counts no patients anew."""
    if low.endswith(("age of ", " aged "), 0, quantity.start):
        return True  # "children under the age of 9 came"
    if _OBSERVERS.match(low, quantity.end) or low.endswith(_ADDING, 0, quantity.start):
        return True  # "by two experienced surgeons", "these three, plus the two with a leak"
    # "none lost one", "the 59 without one": it stands for a thing named before
    one = quantity.value == 1 and quantity.word
    return one and _STANDS_FOR.search(low, 0, quantity.start) is not None


def _tells_of_whom(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether the words right behind a number say of whom or of what it counts some."""
    low, end = sitting.scene.low, quantity.end
    if quantity.word and EACH_OF.match(low, end):
        return True  # "one each of haematoma and ileus"
    if (quantity.value or 0) > 1 and (
        _OF_PEOPLE.match(low, end)
        or (_GIVEN_TO.search(low, 0, quantity.start) and ENDED.match(low, end))
    ):
        return True  # "given to 27 of the patients", "given to 16."
    if (quantity.value or 0) > 1 and low.startswith(" in whom ", end):
        return True
    return in_so_called(sitting.text, low, quantity)


def _counted_on(
    sitting: Sitting, quantity: Quantity, count: Quantity, before: Sequence[Measurement]
) -> Quantity | None:
    """Return a number as a count where it goes on with those ``before`` it or stands beside a measure."""
    low = sitting.scene.low
    if _names_complication(sitting, quantity):
        return count
    if before and _SO.match(low, quantity.end):
        return count  # "12 improved and 9 worse"
    if before and (OF_THEM.match(low, quantity.end) or BY_STEPS.match(low, quantity.end)):
        return count  # "ten died, two of them of pneumonia"
    if before and _continues(sitting, count, before[-1]):
        return count
    if again := _counted_next(sitting, count):
        return again
    if then := at_next_time(sitting, count):
        whole = then.denominator
        return replace(count, form="ratio", denominator=whole, value=None) if whole else count
    if before and before[-1].measure == "procedure_performed" and given(low, quantity):
        return count if _OTHERS.match(low, quantity.end) else None
    if before and (_has_cause(sitting, quantity) or died_of(sitting, quantity)):
        return count
    if sitting.found and ":" in low and _has_cause(sitting, quantity):
        return count  # "the rate of reoperation was 9%: four for a leak"
    return _beside_measure(sitting, count) or (count if counts_people(sitting, count) else None)


def _counted_next(sitting: Sitting, count: Quantity) -> Quantity | None:
    """Return a number as a count of what the last one counted, in the next group or at the next level."""
    low = sitting.scene.low
    told = [each for each in sitting.found if each.statistic == "count"]
    if told and in_other_group(sitting.text, low, count, told[-1]):
        return count
    last = sitting.found[-1] if sitting.found else None
    if last and any(rule(low, last, count) for rule in (at_next_level, in_next_group)):
        return replace(count, unit=last.unit)
    return None


def _names_complication(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a bare number counts those who had a complication: 3 with pneumonia."""
    harm = had(sitting, quantity)
    return harm is not None and is_event(sitting.scene.concepts, harm)


def _is_step(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number is a category or a value of a scale, or steps on one."""
    low = sitting.scene.low
    named = any(
        each.facet == "scales"
        and 0 <= quantity.start - each.end < 14
        and not _APART.search(low[each.end : quantity.start])
        and not _OCCURRED.search(low, each.end, quantity.start)
        for each in sitting.scene.mentions
    )
    return named or _STEPS.match(low, quantity.end) is not None


def _last_group(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return the size of the last group ahead of a number in its sentence."""
    groups = [each for each in sitting.groups if each.end <= quantity.start and each.numerator]
    return groups[-1].numerator if groups else None


def _continues(sitting: Sitting, count: Quantity, last: Measurement) -> bool:
    """Tell whether a number goes on with the counts of patients before it, of which one is the last."""
    low = sitting.scene.low
    if _OF_PART.match(low, count.end) and _parts(sitting, count):
        return True  # "recurred in 6: 2 after curettage and 4 after excision"
    if IN_SO_MANY.search(low[: count.start]) and _OTHERS.match(low, count.end):
        return True
    if at_own_time(sitting, count) or adds_up(sitting, count):
        return True
    # "in 1 and 7, respectively"
    if _AND.fullmatch(low, last.end, count.start) and low.startswith(", respectively", count.end):
        return True
    return last.measure in TAKEN_IN and elided(low, count)


def _has_cause(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether the cause of a number's event is named: reoperation in seven: four for infection."""
    low, behind = sitting.scene.low, quantity.end
    if not _NAMED_BY.match(low, behind):
        return False
    following = [each.start for each in sitting.scene.mentions if each.start > behind]
    return bool(following) and UP_TO_CAUSE.fullmatch(low[behind : min(following)]) is not None


def _beside_measure(sitting: Sitting, count: Quantity) -> Quantity | None:
    """Return a number as the count of the measure that it stands right beside, else None."""
    low, behind = sitting.scene.low, count.end
    mention = measure_of(count, sitting.scene)
    if mention is None:
        level = _LEVEL_IN.search(low, 0, count.start) and ENDED.match(low, behind)
        fits = level and (count.numerator or 0) < YEARS
        return count if fits and counted_measure(sitting, count) == "tumour_level" else None
    if mention.start >= behind:
        if not _NOUN.fullmatch(low[behind : mention.start]):
            return None
        # "three dural tears": the measure is the noun; "one has died" is of a patient.
        person = _PERSON.match(low, behind) or _VERB.match(low, behind)
        return count if person else replace(count, unit=None)
    told = low[mention.end : count.start]
    if _OCCURRED.search(told) or _RIGHT_IN.fullmatch(told):
        timed = (
            each.start == behind + 1 for each in (*sitting.scene.times, *sitting.scene.adverbs)
        )
        return count if ENDED.match(low, behind) or any(timed) else None
    # "wound infection (3)"
    bracketed = _BRACKET_OPENS.fullmatch(told) and low[behind : behind + 1] in {")", "]", ","}
    return count if bracketed else None


def _lists_parts(low: str, quantity: Quantity) -> bool:
    """Tell whether a number stands in brackets of its own behind what it counts: lung (3)."""
    return (
        low[quantity.start - 1 : quantity.start] == "("
        and low[quantity.end : quantity.end + 1] == ")"
    )


def _is_in(low: str, quantity: Quantity) -> bool:
    """Tell whether a number is of those in whom something was so: in 12, in only 3."""
    return low.endswith((" in ", " in only "), 0, quantity.start)


def _parts(sitting: Sitting, count: Quantity) -> bool:
    """Tell whether a number opens a list of parts behind a colon or goes on with one."""
    if itemises(sitting, count):
        return True
    last, told = last_told(sitting), sitting.found[0]
    if last is None:
        return False
    between = sitting.scene.low[last.end : count.start]
    parted = re.search(r"[:;]", sitting.scene.low[told.end : last.start])
    return bool(parted) and bool(_AND.search(between)) and not holds_verb(between)


def itemises(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a count without a verb of its own is a part of the count told before it."""
    low = sitting.scene.low
    told = [each for each in sitting.found if each.statistic == "count" and each.measure]
    if not told or not _ITEM.search(low[: quantity.start]):
        return False
    end = _PARTS.search(low, quantity.end)
    part = quantity.numerator or 0
    whole = told[0].numerator or 0
    return part < whole and not holds_verb(low[quantity.end : end.start() if end else len(low)])


def counted_measure(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what a count without a named measure counts, by the words beside it."""
    if quantity.unit not in _TOLD_OF:
        return None
    low = sitting.scene.low
    home = sitting.scene.clauses[sitting.scene.clause(quantity.start)]
    ahead = low[max(0, quantity.start - 200) : quantity.start]
    again = _AGAIN.search(ahead)
    if again and quantity.numerator is not None and float(again["k"]) == quantity.numerator:
        ahead = ahead[: again.start()]  # "in 70 lesions (70/99)"
    last = last_told(sitting)
    if last and last.measure and _sized(last.measure, quantity) and _parts(sitting, quantity):
        return last.measure
    none = quantity.numerator == 0 and last and in_other_group(sitting.text, low, quantity, last)
    if last and (none or at_next_level(low, last, quantity)):
        return last.measure  # "in 4 of group A versus none in group B"
    if then := at_next_time(sitting, quantity):
        return then.measure
    if listed := continued(sitting, quantity):
        return listed
    linked = last and _LINKED.fullmatch(low[last.end : quantity.start])
    if (
        last
        and linked
        and last.measure in TAKEN_IN | _PARTED_BY
        and _sized(last.measure, quantity)
        and not _VERB.match(low, quantity.end)
    ):
        return last.measure  # "in 20, 6 and 4 patients"
    if last and last.unit == quantity.unit and _goes_on_with(low, last, quantity):
        return last.measure
    if last and last.measure in TAKEN_IN and _NOT_SO.match(low, quantity.end):
        return last.measure  # "12 were embolised and 9 were not": its claim denies it
    rules = count_rules()
    # "20%, 35% and 45% received A, B and C": the verb behind the last tells all of a row.
    rowed = quantity.form in {"percent", "share"}
    row = next((each for each in sitting.rows if rowed and quantity in each), [quantity])
    for place in count_marks().owners(low):
        rule = rules[place]
        if rule.unit not in {None, quantity.unit} or not _sized(rule.measure, quantity):
            continue
        if (
            (rule.clause and rule.clause.search(low[home[0] : home[1]]))
            or (rule.after and rule.after.match(low, quantity.end))
            or (rule.after and len(row) > 1 and rule.after.match(low, row[-1].end))
            or (rule.before and rule.before.search(ahead))
        ):
            return rule.measure
    return None


def _goes_on_with(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count is of another kind of patient: in 8 with a sarcoma and 29 patients with metastases."""
    joined = last.statistic == "count" and _AND_OF.fullmatch(low, last.end, quantity.start)
    return bool(joined and _OF_KIND.match(low, quantity.end) and not holds_verb(joined[0]))


def _sized(measure: str, quantity: Quantity) -> bool:
    """Tell whether a part can be told of a measure: a percent is of what was done, no size of a group."""
    if quantity.unit in REVIEWED:
        return measure in REVIEWED[quantity.unit]
    if quantity.unit in {"screws", "arteries"}:
        return measure in {"implants_placed", "procedure_performed"} or measure.startswith("screw_")
    if quantity.unit == "tumours":
        return measure in _PARTED_BY or measure in {"lesions_treated", "local_progression"}
    people = quantity.unit in {"patients", "specimens", "procedures"}
    return people or measure in _PARTED_BY
