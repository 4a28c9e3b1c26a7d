"""Read the times that label a number, head a list or stand in a measure's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.measurements.deeds import heads_figures, is_other_arm, without_arms
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Scene
from ingest.numbers.times import EARLIER, says_after

# In their names an admission and a discharge are what befell the patients, no time.
_PLACES = frozenset(
    ["intensive_care_stay", "discharge_home", "discharge_to_facility", "readmission"]
)
# "Postoperative complications included a leak in 3": the heading's time is that of each.
_HEADS_LIST = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:complications?|adverse events?|morbidit(?:y|ies)|toxicit(?:y|ies)|events?)(?: [a-z]+){0,2} (?:includ\w+|were|was|consisted|comprised)\b|[^.;()]{0,40}:"
)
# What may stand between a time and the measure that it qualifies: postoperative temporary deficits.
_OF_ITS_OWN = re.compile(
    r"\s(?:(?:mean|median|average|overall|total|temporary|transient|permanent|persistent|new|major|minor|severe|early|late|local|surgical|medical|systemic|technical|neurologic(?:al)?|motor|sensory|estimated|cumulative|30-day|90-day|#+|(?:≥ ?)?grade \S{1,3}) ){0,3}(?:(?:level|amount|volume)s? of )?"
)
# "Preoperative embolization was performed in 5", "5 patients received postoperative radiotherapy".
_DONE_IN = re.compile(
    r" (?:[a-z-]+ ){1,4}(?:was|were) (?:[a-z]+ ){1,3}(?:in|on|for|to) (?:only |about |approximately |another |nearly )?"
)
_OPERATIVE = re.compile(r"operative|surgical|treatment|procedur|emboli|ablation")
_HAD = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:of (?:the |these )?)?(?:patients?|individuals|subjects|participants?|cases?)?\s*(?:\([^)]*\)\s*)?(?:also )?"
    r"(?:received|underwent|had|(?:was|were) treated (?:with|by)|(?:was|were) given|required|needed)\s(?:an? |the |additional |adjuvant )?"
)
# "12% of patients had late sequelae"
_HAD_THEN = re.compile(
    r"[)\]]? (?:of (?:the |these |all |our )?)?(?:(?:patients|individuals|subjects|participants|cases|women|men|children|survivors) )?(?:\([^()]*\) )?"
    r"(?:(?:in|of|from) (?:the )?(?:[\w-]+ ){0,3}(?:group|arm|cohort)(?: [a-z\d]{1,3}(?= ))? )?"
    r"(?:had|have|developed|experienced|suffered(?: from)?|showed|sustained|reported|were without|remained free of) (?:an? |the |no |some |new |worse |better |poor |transient |temporary |permanent |severe )?"
)
# "ASIA B, C, or D": a list of grades, no new finding.
GRADES = re.compile(r"\b[a-e](?:, [a-e])+,? (?:and|or) [a-e]\b")
_HOLDS = re.compile(r"\s*[(\[][^()]*\d[^()]*[)\]]")
BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
# "30-day complications included": a time that is an adjective has no word that leads it.
_LED = re.compile(r"(?:at|after|within|by|for|in|over|until|during|through|to|on|between|up)\b")
# Words with which a list of items ends: another finding begins.
_NO_ITEM = re.compile(r"(?:improv|was|were|had|only|did|but|who|which|\W|\d)")
# What may stand between a label and its number: "preoperatively (mean, 48", "before surgery, 7.1".
_LABELS = re.compile(
    r"\s*(?:(?:scores?|values?|ones?|levels?)\s*)?(?:[:,=]\s*)?[(\[]?\s*(?:(?:mean|median|average|scores?|values?|of|was|were|is)[\s,:=]+)*"
)
# A label with a comma stands in brackets or behind a semicolon: "(before surgery, 7.1; after it, 2.4)".
_LISTED = re.compile(r"(?:[(\[;:]|\band)\s*(?:the\s+)?$")
# "Preoperative pain resolved in 14": what was so before is told to have changed.
_CHANGED = re.compile(
    r"[^,;.]{0,40}?\b(?:improv|resolv|recover|regain|reliev|disappear|subsid|worsen|deteriorat|remain|persist|unchanged|stable|abat)\w*\b"
)
_EARLIER = re.compile(r"pre|initial|baseline|admission")
# "Patients who received postoperative radiotherapy lived longer": who they are.
_DONE_TO = re.compile(
    r"\b(?:(?:who|whom|that) (?:had |also |have )?(?:received|underwent|(?:was|were) (?:given|treated with))|receiving|undergoing) (?:an? |the |additional )?$"
)
_DONE_FAR = 50
# "9 improved from their preoperative grade", "kept their preoperative status": what it was before.
_BASE = re.compile(
    r"\b(?:from|than|over|to|with|regain\w*|recover\w*|kept|maintain\w*|retain\w*|preserv\w*) (?:their |its |his |her )(?:original |previous |full )?$"
    r"|\b(?:from|than|regained|retained|maintained) (?:the )?$"
)
# "A preoperative deficit was found in 12, of whom | 9 walked at the last visit"
_OF_WHOM = re.compile(r"\bof (?:whom|which|these|them) $")
# "The preoperative index of 70% fell to 30%": where it went to is not so any more.
ARRIVED = re.compile(
    r"\b(?:improv|decreas|increas|fell|fall|rose|reduc|drop|declin|chang|went)\w*(?: [a-z]+ly)?(?: \([^()]*\))? to (?:an? |only )?(?:mean |median |average )?(?:of )?$"
)
# "Eight who could not walk before surgery were able to": the first verb tells who they were.
_WHO = re.compile(r"[^,;()\d]{0,40}\b(?:who|that)\b[^,;()]{3,90}")
# "Women with pain at baseline had a higher rate": who they were at first.
_WHO_HAD = re.compile(r"(?:the )?[a-z-]+ (?:with|without|who|having) [^,;:()]{3,90} ")
_EARLIER_WHEN = re.compile(r"(?:at|on|before|prior to) ")
_MAIN = re.compile(
    r" (?:were|was|had|have|has|are|is|did|could|remained|retained|regained|recovered|maintained|kept|improved|became|developed|experienced|showed|walked|achieved|underwent|died|deteriorated|worsened|required)\b"
)
# "The recurrence rate after surgery was 9%", "the main complication after surgery": after what, not when.
_HARM = re.compile(
    r"\b(?:complications?|(?:recurrence|complication|infection|failure|revision|reoperation|mortality|morbidity) rates?|recurrences?|failures?|loosening|breakage|infections?) $"
)
# "All lived at the last visit, with 3 (9%) having a recurrence".
_WORDS = re.compile(r"[a-z]{3,}")
_WITH = re.compile(r", with (?:only |another |just )?")
# "Emergency admission (1.8)": what befell the patients, no time.
_BEFALLEN = ("admission", "discharge", "presented", "final", "inpatient", "in-hospital")
_VALUED = frozenset(["score", "value", "percent", "effect", "change"])
# "The most common presenting symptoms were", "late complications occurred in ..., including".
_HEAD = re.compile(
    r"(?:there (?:was|were) (?:only )?)?(?:(?!in\b|of\b)[\w-]+ )?(?:the )?(?:other )?(?:major |minor |serious |severe )?(?:(?:most )?(?:common|frequent)(?:ly reported)? |commonest |main |leading |predominant |first )?(?:major |minor |serious |severe )?$"
)
_SYMPTOM_IN = re.compile(
    r" (?:symptom|complaint|sign|feature|manifestation)s?(?:,? (?:that|which))?"
    r"(?: (?:was|were|occurred|present|seen|noted|reported|found|observed|recorded|occurring)){0,2}"
    r"(?: (?:in|of|for|among))?(?: (?:only|about|nearly))? ?[(\[]?(?:n ?= ?)?"
)
_AMONG = re.compile(r"(?:^|[,;] )(?:among|amongst|of|in|for) (?:the |these |those |all )?$")
_WHOM = re.compile(
    r"[)\]]?(?: patients| individuals| subjects| participants| cases)? (?:who|with|in whom|undergoing|having) [^,;:]+, "
)
_WERE_THE = re.compile(
    r"[)\]][^.;:]* were (?:the )?(?:only |main |other |(?:most )?(?:common|frequent) |major |minor )*$"
)
_LISTED_ARE = re.compile(
    r" (?:[a-z-]+ ){0,2}(?:complications|adverse events|morbidities|events|deaths|ones)\b"
)
_BE = re.compile(r"\b(?:was|were)\b")
_HEADED = re.compile(
    r"(?:(?<=presentation)|(?<=presentations)| (?:[a-z-]+ ){0,2}(?:symptoms?|complaints?|signs?|features?|findings?|complications?|adverse events?|morbidit(?:y|ies)|toxicit(?:y|ies)|sequelae|events?)\b)"
    r"(?=(?: [a-z]+){0,2} (?:includ\w+|were|was|consisted|comprised)\b|(?:[^.;:]|\.(?=\d)){0,70}:|(?:[^.;:]|\.(?=\d))*\b(?:including|such as|followed by)\b)"
)
# "Major complications | within 30 days | occurred in 10, including": so did each of them.
_LIST_OF = re.compile(
    r"(?:(?:there were |the )?(?:[\w-]+ ){0,2}(?:complications|adverse events|morbidities|toxicities|events)(?: (?:occurring|seen|that occurred))? )?"
)
_LISTS = re.compile(r"[^;:]*(?:\b(?:including|such as|namely|comprising)\b|:)[^;:]*")


def proper(
    low: str, adverbs: Sequence[Quantity], times: Sequence[Quantity]
) -> tuple[Quantity, ...]:
    """Return the times in words that are no part of another, and those of no other finding.

    "One month after surgery" is one time; who "presented with pain at the last visit" did so then.
    """
    apart = without_arms(low, outside(adverbs, times))
    alone = len(apart) + len(times) == 1
    dated = any(low.startswith(EARLIER, each.start) for each in apart)
    return tuple(
        each
        for each in apart
        if (alone or not low.startswith("presented", each.start))
        and (dated or not is_other_arm(low, each))
        and not heads_figures(low, each)
    )


def outside(told: Sequence[Quantity], times: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Return the times in words that are no part of one with a number: day 3 is postoperative."""
    return tuple(
        each
        for each in told
        if not any(one.start < each.start and each.end <= one.end for one in times)
    )


def of_result(told: Sequence[Quantity], low: str) -> tuple[Quantity, ...]:
    """Return the times in words that do not only say when something was done to those told of."""
    return tuple(
        each
        for each in told
        if not _DONE_TO.search(low, max(0, each.start - _DONE_FAR), each.start)
    )


def names_group(text: str, time: Quantity, groups: Sequence[str]) -> bool:
    """Tell whether words say after what the patients of a group are told of, not when: 9% after surgery, 4% without."""
    if not says_after(text.lower(), time.start):
        return False
    return any(time.start <= text.find(each, time.start) <= time.end + 1 for each in groups)


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
    times = [each for each in scene.times if not _LED.match(scene.low, each.start)]
    for each in (*scene.adjectives, *times):
        if each.end > quantity.start:
            continue
        if _SYMPTOM_IN.fullmatch(scene.low, each.end, quantity.start):
            return each
        if _HEAD.fullmatch(scene.low, 0, each.start) and (
            head := _HEADED.match(scene.low, each.end)
        ):
            between = scene.low[head.end() : quantity.start]
            parted = ";" in between or len(_BE.findall(between)) > 1
            return None if parted or _is_followed(each, quantity, scene) else each
    for each in scene.times:
        ahead = each.end < quantity.start and _LIST_OF.fullmatch(scene.low, 0, each.start)
        if ahead and _LISTS.fullmatch(scene.low, each.end, quantity.start):
            told = "complication" in scene.low or "event" in scene.low
            return each if told and not _is_followed(each, quantity, scene) else None
    return None


def named_time(quantity: Quantity, mention: Mention | None, scene: Scene) -> Quantity | None:
    """Return the time that stands in a measure's name or right before it: postoperative infection."""
    if mention is None or not scene.adjectives:
        return None
    counted = quantity.form in COUNTED
    changed = counted and _CHANGED.match(scene.low, mention.end)
    changed = changed or ARRIVED.search(scene.low, max(0, quantity.start - 60), quantity.start)
    for each in scene.adjectives:
        if (
            changed
            or (counted and _BASE.search(scene.low, quantity.end, each.start))
            or (counted and _OF_WHOM.search(scene.low, each.end, quantity.start))
        ) and _EARLIER.match(scene.low, each.start):
            continue
        # "Intra-operative blood loss": the hyphen may let the measure's name begin within the time.
        inside = each.start < mention.end and mention.start < each.end
        if inside and mention.concept in _PLACES:
            continue
        between = scene.low[each.end : mention.start]
        if inside or (each.end <= mention.start and _OF_ITS_OWN.fullmatch(between)):
            return each
    return None


def adverbs_for(quantity: Quantity, scene: Scene) -> Sequence[Quantity]:
    """Return the times in words that may tell when a number was so, not who was counted or after what.

    Those with which one is compared are another's: "8 were better than before surgery".
    """
    if not scene.adverbs or quantity.form not in COUNTED:
        return scene.adverbs
    low = scene.low
    return tuple(
        each
        for each in scene.adverbs
        if not _tells_what(each, low)
        and not low.endswith(("than ", "compared with ", "compared to "), 0, each.start)
        and not (
            _EARLIER_WHEN.match(low, each.start)
            and _MAIN.match(low, each.end)
            and _WHO_HAD.fullmatch(low, 0, each.start)
        )
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
        had = _HAD_THEN.fullmatch(scene.low, quantity.end, each.start)
        if (
            scene.low[quantity.end : each.start] == " "
            or (had and not _EARLIER.match(scene.low, each.start))
            or (
                (each.start < 3 or scene.low.endswith("; ", 0, each.start))
                and each.end <= quantity.start
                and _HEADS_LIST.match(scene.low, each.end)
                and not _is_followed(each, quantity, scene)
            )
        ):
            return each
    return None


def _is_followed(time: Quantity, quantity: Quantity, scene: Scene) -> bool:
    """Tell whether another time is told between one and a number: early complications in 9 and late ones in 5."""
    return any(time.end <= each.start and each.end <= quantity.start for each in scene.adjectives)


def closing(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time of a list that ends by saying what it lists: a tear (n = 4) and bleeding (n = 2) were the early complications."""
    if not scene.adjectives or quantity.form not in COUNTED:
        return None
    last, low = scene.adjectives[-1], scene.low
    listed = last.start >= quantity.end and _WERE_THE.fullmatch(low, quantity.end, last.start)
    return last if listed and _LISTED_ARE.match(low, last.end) else None


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


def is_of_others(quantity: Quantity, time: Quantity, low: str) -> bool:
    """Tell whether a time is of what is told of a group, not of its size: among the 74 (20%) who relapsed, survival at 5 years."""
    group = _WHOM.match(low, quantity.end) if time.start > quantity.end else None
    return bool(group and group.end() <= time.start and _AMONG.search(low, 0, quantity.start))


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
