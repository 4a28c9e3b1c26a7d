"""Read the times that label a number or head a list, and carry one told once to all it is told of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Measurement, Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Scene
from ingest.numbers.times import says_after

# In their names an admission and a discharge are what befell the patients, no time.
_PLACES = frozenset(["intensive_care_stay", "discharge_home", "readmission"])
# "Postoperative complications included a leak in 3": the heading's time is that of each.
_HEADS_LIST = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:complications?|adverse events?|morbidit(?:y|ies)|toxicit(?:y|ies)|events?)(?: [a-z]+){0,2} (?:includ\w+|were|was|consisted|comprised)\b|[^.;()]{0,40}:"
)
# What may stand between a time and the measure that it qualifies: postoperative temporary deficits.
_OF_ITS_OWN = re.compile(
    r"\s(?:(?:mean|median|average|overall|total|temporary|transient|permanent|persistent|new|major|minor|severe|early|late|local|surgical|medical|systemic|technical|neurologic(?:al)?|motor|sensory|estimated|cumulative|30-day|90-day|(?:≥ ?)?grade \S{1,3}) ){0,3}(?:(?:level|amount|volume)s? of )?"
)
# "Preoperative embolization was performed in 5", "5 patients received postoperative radiotherapy".
_DONE_IN = re.compile(
    r" (?:[a-z-]+ ){1,4}(?:was|were) (?:[a-z]+ ){1,3}(?:in|on|for|to) (?:only |about |approximately |another |nearly )?"
)
_OPERATIVE = re.compile(r"operative|surgical|treatment|procedur|emboli|ablation")
_HAD = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:of (?:the |these )?)?(?:patients?|cases?)?\s*(?:\([^)]*\)\s*)?(?:also )?"
    r"(?:received|underwent|had|(?:was|were) treated (?:with|by)|(?:was|were) given|required|needed)\s(?:an? |the |additional |adjuvant )?"
)
# "ASIA B, C, or D": a list of grades, no new finding.
GRADES = re.compile(r"\b[a-e](?:, [a-e])+,? (?:and|or) [a-e]\b")
_HOLDS = re.compile(r"\s*[(\[][^()]*\d[^()]*[)\]]")
BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
# Words with which a list of items ends: another finding begins.
_NO_ITEM = re.compile(r"(?:improv|was|were|had|only|did|but|who|which|\W|\d)")
# What may stand between a label and its number: "preoperatively (mean, 48", "before surgery, 7.1".
_LABELS = re.compile(
    r"\s*(?:[:,=]\s*)?[(\[]?\s*(?:(?:mean|median|average|scores?|values?|of|was|were|is)[\s,:=]+)*"
)
# A label with a comma stands in brackets or behind a semicolon: "(before surgery, 7.1; after it, 2.4)".
_LISTED = re.compile(r"(?:[(\[;:]|\band)\s*(?:the\s+)?$")
# "Preoperative pain resolved in 14": what was so before is told to have changed.
_CHANGED = re.compile(
    r"[^,;.]{0,40}?\b(?:improv|resolv|recover|regain|reliev|disappear|subsid|worsen|deteriorat|remain|persist|unchanged|stable|abat)\w*\b"
)
_EARLIER = re.compile(r"pre|initial|baseline|admission")
# "9 improved from their preoperative grade", "kept their preoperative status": what it was before.
_BASE = re.compile(
    r"\b(?:from|than|over|to|with|regain\w*|recover\w*|kept|maintain\w*|retain\w*|preserv\w*) (?:their |its |his |her )(?:original |previous |full )?$"
    r"|\b(?:from|than|regained|retained|maintained) (?:the )?$"
)
# "The preoperative index of 70% fell to 30%": where it went to is not so any more.
_ARRIVED = re.compile(
    r"\b(?:improv|decreas|increas|fell|fall|rose|reduc|drop|declin|chang|went)\w*(?: [a-z]+ly)?(?: \([^()]*\))? to (?:an? |only )?(?:mean |median |average )?(?:of )?$"
)
# "Eight who could not walk before surgery were able to": the first verb tells who they were.
_WHO = re.compile(r"[^,;()\d]{0,40}\b(?:who|that)\b[^,;()]{3,90}")
_MAIN = re.compile(
    r" (?:were|was|had|have|has|are|is|did|could|remained|retained|regained|recovered|maintained|kept|improved|became|developed|experienced|showed|walked|achieved|underwent|died|deteriorated|worsened|required)\b"
)
# "The recurrence rate after surgery was 9%", "the main complication after surgery": after what, not when.
_HARM = re.compile(
    r"\b(?:complications?|(?:recurrence|complication|infection|failure|revision|reoperation|mortality|morbidity) rates?|recurrence|failure|loosening|breakage|infections?) $"
)
# "All lived at the last visit, with 3 (9%) having a recurrence".
_WORDS = re.compile(r"[a-z]{3,}")
_WITH = re.compile(r", with (?:only |another |just )?")
# "Emergency admission (1.8)": what befell the patients, no time.
_BEFALLEN = ("admission", "discharge", "presented", "final", "inpatient", "in-hospital")
_VALUED = frozenset(["score", "value", "percent", "effect", "change"])
# "The most common presenting symptoms were", "late complications occurred in ..., including".
_HEAD = re.compile(
    r"(?:the )?(?:most (?:common|frequent)(?:ly reported)? |commonest |main |leading |predominant |first )?$"
)
_SYMPTOM_IN = re.compile(
    r" (?:symptom|complaint|sign|feature|manifestation)s?(?:,? (?:that|which))?"
    r"(?: (?:was|were|occurred|present|seen|noted|reported|found|observed|recorded|occurring)){0,2}"
    r"(?: (?:in|of|for|among))?(?: (?:only|about|nearly))? ?[(\[]?(?:n ?= ?)?"
)
_BE = re.compile(r"\b(?:was|were)\b")
_HEADED = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:symptoms?|complaints?|signs?|features?|findings?|complications?|adverse events?|morbidit(?:y|ies)|toxicit(?:y|ies)|sequelae|events?)\b"
    r"(?=(?: [a-z]+){0,2} (?:includ\w+|were|was|consisted|comprised)\b|[^.;()]{0,40}:|[^.;:]*\b(?:including|such as|followed by)\b)"
)
# How it went on with those counted: what is told of all of them alike.
_WENT = (
    r"improv\w+|aggravat\w+|recover\w+|regain\w+|gained|better|worse\w*|deteriorat\w+|declin\w+|stable|unchanged|the same|no (?:\w+ )?change"
    r"|stabili[sz]ed|resolv\w+|persist\w+|continued to|remained|retained|maintained"
)
_COURSE = re.compile(rf"\b(?:{_WENT})\b")
_OUTCOME = re.compile(
    rf"\b(?:{_WENT}|died|dead|alive|recurr\w+|relapsed|developed|experienc\w+|exhibit\w+|progress\w+|disease-free|tumou?r-free)\b"
)
# What patients are like at a time, told of all alike where it is one before treatment.
_STATE = re.compile(
    r"\b(?:(?:un)?able to|could (?:not )?walk|(?:non-?)?ambula\w+|(?:in)?continen\w+|bedridden|wheelchair\S*|(?:para|tetra|quadri)(?:plegi|pare)\w+|weakness|deficits?|pain|palsy|paralysis|bowel|bladder|sphincter\w*|neurologically intact|symptoms?)\b"
)
_BEFORE_IT = re.compile(
    r"\b(?:pre-?op\w*|before|prior|previous\w*|history|initially|baseline|present(?:ed|ing|ation)|underwent|received|undergoing)\b"
)
_EARLY = re.compile(
    r"pre-?op|(?:before|prior to)\b|(?:at|on|upon) (?:\w+ )?(?:presentation|admission|diagnosis|baseline)"
)
_VAGUE = re.compile(
    r"(?:immediate|early|late)? ?post|after|following|(?:at|on|during|until)\b.*follow|at discharge"
)
_LISTS = re.compile(r"^(?:[^.;]*?(?:,|\band\b|\bwhile\b|\bwhereas\b|\bwith\b|\bbut\b))")
_OF_GROUP = re.compile(r"\s*(?:[(\[][^()\[\]]*[)\]])?\s*(?:in|for|of|among|with|after) ")
_INNER = re.compile(r"\([^()]*\)")
_ENDS = re.compile(r"[,;] |\b(?:and|while|whereas|but)\b")
_JOINED = re.compile(r" ?(?:,|and|or|,? and) ")
_SAYS = re.compile(r"[.;:]|\b(?:was|were|had|while|whereas|who|which|underwent|received)\b")
_APART = re.compile(r"\b(?:who|which|whom|whose|because|although|if|when)\b|;")


def proper(
    low: str, adverbs: Sequence[Quantity], times: Sequence[Quantity]
) -> tuple[Quantity, ...]:
    """Return the times in words that are no part of another, and those of no other finding.

    "One month after surgery" is one time; who "presented with pain at the last visit" did so then.
    """
    apart = [
        each
        for each in adverbs
        if not any(one.start < each.start and each.end <= one.end for one in times)
    ]
    alone = len(apart) + len(times) == 1
    return tuple(each for each in apart if alone or not low.startswith("presented", each.start))


def is_period(time: Quantity, low: str) -> bool:
    """Tell whether a time is the whole stretch that a report covers: during the study period."""
    return low.endswith("study period", time.start, time.end)


def labelled(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time that stands right before a number as its label: preoperatively (mean, 48)."""
    if quantity.form not in _VALUED:
        return None
    words = () if quantity.form == "effect" else (*scene.adverbs, *scene.adjectives)
    ends = [
        each
        for each in (*scene.times, *words)
        if quantity.start - 24 < each.end <= quantity.start
        and not scene.low.startswith(_BEFALLEN, each.start)
        and (each.form == "time" or not _tells_what(each, scene.low))
    ]
    if not ends:
        return None
    label = max(ends, key=lambda each: (each.end, -each.start))
    between = scene.low[label.end : quantity.start]
    if not _LABELS.fullmatch(between):
        return None
    listed = "," not in between.split("(")[0].split("[")[0]
    return label if listed or _LISTED.search(scene.low, 0, label.start) else None


def heading(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time in the words that head a list of symptoms or complications, for all of it."""
    for each in scene.adjectives:
        if each.end > quantity.start:
            break
        if _SYMPTOM_IN.fullmatch(scene.low, each.end, quantity.start):
            return each
        if _HEAD.fullmatch(scene.low, 0, each.start) and (
            head := _HEADED.match(scene.low, each.end)
        ):
            between = scene.low[head.end() : quantity.start]
            return None if ";" in between or len(_BE.findall(between)) > 1 else each
    return None


def named_time(quantity: Quantity, mention: Mention | None, scene: Scene) -> Quantity | None:
    """Return the time that stands in a measure's name or right before it: postoperative infection."""
    if mention is None or not scene.adjectives:
        return None
    counted = quantity.form in COUNTED
    changed = counted and _CHANGED.match(scene.low, mention.end)
    changed = changed or _ARRIVED.search(scene.low, max(0, quantity.start - 60), quantity.start)
    for each in scene.adjectives:
        if (
            changed or (counted and _BASE.search(scene.low, quantity.end, each.start))
        ) and _EARLIER.match(scene.low, each.start):
            continue
        inside = mention.start <= each.start < mention.end
        if inside and mention.concept in _PLACES:
            continue
        between = scene.low[each.end : mention.start]
        if inside or (each.end <= mention.start and _OF_ITS_OWN.fullmatch(between)):
            return each
    return None


def adverbs_for(quantity: Quantity, scene: Scene) -> Sequence[Quantity]:
    """Return the times in words that may tell when a number was so, not who was counted or after what."""
    if not scene.adverbs or quantity.form not in COUNTED:
        return scene.adverbs
    low = scene.low
    return tuple(
        each
        for each in scene.adverbs
        if not _tells_what(each, low)
        and not (
            quantity.end < each.start
            and _MAIN.match(low, each.end)
            and _WHO.fullmatch(low, quantity.end, each.start)
        )
    )


def _tells_what(time: Quantity, low: str) -> bool:
    """Tell whether an operation says of what a harm is, which by its nature comes later."""
    behind = says_after(low, time.start)
    return behind and bool(_HARM.search(low, max(0, time.start - 40), time.start))


def accompanied(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time of what a number goes along with: all lived at the last visit, with 3 having pain."""
    if quantity.form not in COUNTED or not scene.low.endswith(
        ("with ", "only ", "just ", "another "), 0, quantity.start
    ):
        return None
    return next(
        (
            each
            for each in (*scene.adverbs, *scene.times)
            if _WITH.fullmatch(scene.low, each.end, quantity.start)
        ),
        None,
    )


def adjective_beside(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time in a count's own words, or in those that head its list: early complications were."""
    if quantity.form not in COUNTED:
        return None
    for each in scene.adjectives:
        if scene.low[quantity.end : each.start] == " " or (
            each.start < 3 and each.end <= quantity.start and _HEADS_LIST.match(scene.low, each.end)
        ):
            return each
    return None


def of_procedure(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    """Return the time in the name of what was done to those counted: preoperative embolization in 5."""
    if measure not in {None, "procedure_performed"} or quantity.form not in COUNTED:
        return None
    for each in scene.adjectives:
        if not _OPERATIVE.search(scene.low, each.start, each.end):
            continue
        if each.end <= quantity.start:
            found = _DONE_IN.fullmatch(scene.low, each.end, quantity.start)
        else:
            found = _HAD.fullmatch(scene.low, quantity.end, each.start)
        if found:
            return each
    return None


def is_aside(time: Quantity, quantity: Quantity, low: str) -> bool:
    """Tell whether a time is in a closed bracket of words ahead: one (leg weakness for 30 days) and one more."""
    closed = low.find(")", time.end, quantity.start)
    opened = low.rfind("(", 0, time.start) if closed > 0 else -1
    if opened < 0 or low.find(")", opened, time.start) > 0:
        return False
    lasted = low.startswith("for ", time.start)
    return lasted or len(_WORDS.findall(low, opened, time.start)) > 2


def listed_time(quantity: Quantity, before: Sequence[Quantity], scene: Scene) -> Quantity | None:
    """Return the time behind a list of numbers in brackets where the time ahead holds another.

    "Better pain at 1 month (3), better mood (2) and sleep (4) at 6 months."
    """
    low = scene.low
    if not before or low[quantity.start - 1] not in "([":
        return None
    other = _HOLDS.match(low, before[-1].end)
    later = next((each for each in scene.times if each.start >= quantity.end), None)
    if later is None or not other or other.end() >= quantity.start:
        return None
    between = low[low.find(")", quantity.end) + 1 : later.start]
    items = BRACKETS.sub(" ", between).replace(",", " ").split()
    listed = len(items) < 10 and not any(_NO_ITEM.match(each) for each in items)
    return later if listed else None


def with_shared_times(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, each part of one course with the time that is told of one part only.

    "Nine improved after surgery, three were unchanged": when is told once for all that are listed.
    A number of months is shared by those who got better, stayed or got worse alone.
    """
    found = _endpoints(_parallel(scene, found))
    counts = [each for each in found if each.statistic in {"count", "percent"}]
    timed = [each for each in counts if each.time_text]
    if not timed or len(timed) == len(counts) or len({each.time_text for each in timed}) > 1:
        return list(found)
    of = timed[0]
    words = (of.time_text or "").lower()
    vague = bool(_VAGUE.match(words)) and of.time_months is None
    rule = _OUTCOME if vague else _STATE if _EARLY.match(words) else _COURSE
    return [
        replace(each, time_text=of.time_text, time_months=of.time_months)
        if each.time_text is None
        and each in counts
        and _goes_with(scene, each, timed, rule, counts)
        else each
        for each in found
    ]


def _parallel(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return values with the one time that is told of the group before: 400 ml during surgery in A, and 700 ml in B."""
    kept = list(found)
    for at in range(1, len(kept)):
        one, other = kept[at - 1], kept[at]
        alike = one.measure == other.measure and one.unit == other.unit and one.unit is not None
        if not (alike and one.time_text and other.time_text is None) or (
            one.measure is None and one.percent is not None
        ):
            continue
        between = scene.low[one.end : other.start]
        of_group = _OF_GROUP.match(scene.low, other.end) and not _APART.search(between)
        if of_group and not _BEFORE_IT.search(one.time_text.lower()) and " to " not in between:
            kept[at] = replace(other, time_text=one.time_text, time_months=one.time_months)
    return kept


def _endpoints(found: Sequence[Measurement]) -> list[Measurement]:
    """Return rates with the one time ahead of several endpoints: 2-year control was 88% and survival 60%."""
    rates = [each for each in found if each.percent is not None and each.numerator is None]
    first = rates[0] if len(rates) > 1 else None
    if first is None or first.time_months is None or not _is_endpoint(first):
        return list(found)
    if any(each.time_text for each in found if each.time_text != first.time_text):
        return list(found)
    return [
        replace(each, time_text=first.time_text, time_months=first.time_months)
        if each in rates and each.time_text is None and _is_endpoint(each)
        else each
        for each in found
    ]


def _is_endpoint(each: Measurement) -> bool:
    """Tell whether a rate is of an endpoint that is told by its time: survival, local control."""
    return (each.measure or "").endswith(("survival", "local_control"))


def _goes_with(
    scene: Scene,
    each: Measurement,
    timed: Sequence[Measurement],
    rule: re.Pattern[str],
    counts: Sequence[Measurement],
) -> bool:
    """Tell whether a number is of the same list of outcomes as one with a time."""
    nearest = min(timed, key=lambda one: abs(one.start - each.start))
    first, last = sorted((each, nearest), key=lambda one: one.start)
    between = scene.low[first.end : last.start]
    if _of_those(scene, each, nearest):
        return True
    if not _LISTS.match(between) or _APART.search(between):
        return False
    said, of = _said(scene, each, counts), _said(scene, nearest, counts)
    if rule is _STATE:
        return all(_STATE.search(one) and not _OUTCOME.search(one) for one in (said, of))
    # What follows goes on at the time told; what comes before it may be how patients were at first.
    goes_on = rule is _OUTCOME and nearest.start < each.start
    return (
        bool(rule.search(said) or (goes_on and _STATE.search(said)))
        and bool(rule.search(of) or (rule is _OUTCOME and _STATE.search(of)))
        and not (_BEFORE_IT.search(said) or _BEFORE_IT.search(of))
    )


def _of_those(scene: Scene, each: Measurement, of: Measurement) -> bool:
    """Tell whether a number in brackets is a part of those counted before: 9 had a deficit from A (n = 4)."""
    low = scene.low
    bracketed = low[each.start - 1 : each.start] == "(" and low.startswith("n", each.start)
    between = _INNER.sub("", low[of.end : each.start])
    return bracketed and of.start < each.start and not _SAYS.search(between)


def _said(scene: Scene, each: Measurement, counts: Sequence[Measurement]) -> str:
    """Return the words of a number's own part of the sentence, up to the next number."""
    before = max((one.end for one in counts if one.end <= each.start), default=0)
    after = min((one.start for one in counts if one.start >= each.end), default=len(scene.low))
    row = next((one for one in counts if one.end == before), None)
    if row and _JOINED.fullmatch(scene.low, before, each.start):
        return _said(scene, row, counts)  # "improved in 56% and 57% of patients"
    own = _ENDS.split(GRADES.sub("", _INNER.sub("", scene.low[each.start : after])))[0]
    ahead = _ENDS.split(scene.low[before : each.start])[-1]
    return own if _OUTCOME.search(own) else f"{ahead[-140:]} {own}"
