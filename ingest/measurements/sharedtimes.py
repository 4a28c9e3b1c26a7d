"""Share the time that a sentence tells once with all that it is told of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.language.clauses import holds_verb
from ingest.language.wording import bracket_open
from ingest.measurements.effects import RATIOS
from ingest.measurements.elidedtimes import at_time_of, is_endpoint, with_elided
from ingest.measurements.itemtimes import with_item_times
from ingest.measurements.occasions import GRADES
from ingest.measurements.timing import tells_until
from ingest.measurements.wordtimes import IN_SO_MANY
from ingest.model import Measurement
from ingest.numbers.quantity import SPANS
from ingest.numbers.scene import Scene

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
    r"pre-?op|present|(?:before|prior to)\b|(?:at|on|upon) (?:\w+ )?(?:presentation|admission|diagnosis|baseline)"
)
_VAGUE = re.compile(
    r"(?:immediate|early|late)? ?post|after|following|(?:at|on|during|until)\b.*follow|at discharge"
)
_BLANKS = re.compile(r" {2,}")
_AND_OF_GROUP = re.compile(
    r"[)\]]?(?: of)?(?: the)?(?: patients| individuals| subjects| participants| cases)?(?: \([^()]*\))?(?: with(?:out)?(?: [a-z-]+){0,3})?(?:(?: (?:in|of|from) (?:the )?[^.;,()]{1,40}?)?,? and | (?:in|of) (?:the )?[^.;,()]{1,40}, )(?:in (?:(?:the )?[^.;,()\d]{1,30} )?)?(?:only |another )?"
)
_AGAINST = re.compile(r"^[^,;]{0,60},? (?:vs\.?|versus|compared (?:with|to)) (?:only )?$")
# "24 degrees compared with 6 a year later": no groups are named, the two may be of two times.
_ALONE = re.compile(r"^ ?[^\s]* compared (?:with|to) (?:only )?$")
_AND_LASTS = re.compile(r",? (?:and|while|whereas) [^.;()\d]{3,60} ")
_LISTS = re.compile(r"^(?:[^.;]*?(?:,|\band\b|\bwhile\b|\bwhereas\b|\bwith\b|\bbut\b))")
_OF_GROUP = re.compile(
    r"\s*(?:[(\[][^()\[\]]*[)\]])?\s*(?:in|for|of (?:the |those |these )?(?:[a-z-]+ )?(?:patients|individuals|subjects|participants|cases|women|men|children|group)|among|with|after) "
)
# "6 in group A and 4 | in group B | at 2 years"
_OF_ARM = re.compile(
    r" (?:in|of|from) (?:the )?(?:[\w-]+ ){0,4}(?:group|arm|cohort)(?: [a-z\d]{1,3})? "
)
# "1 at three months in A, and in B it was | 2", "..., which was lower than the | 3 in B"
_IN_OTHER = re.compile(
    r"(?:[^;:()\d]|group \d|\([^()]*\)){0,60}?(?:[,;] |\band |\bwhile |\bwhereas )+(?:in|for) (?:the )?(?:[\w/-]+ ){0,4}?(?:group|arm|cohort)(?: [a-z\d]{1,3})?,? (?:it|this|the (?:score|value|(?:mean|median|average)(?: (?:score|value))?)) (?:was|averaged|reached) (?:only )?"
    r"|\)? than (?:in|for|among|with) (?:the |those )?(?:[\w/-]+ ){0,4}?(?:group|arm|cohort|patients)(?: [a-z\d])? [(\[]"
    r"|(?:[^;:()\d]|group \d){0,60}?,? (?:which|this) (?:was|is) (?:\w+ly )?(?:lower|higher|less|more|better|worse|greater|shorter|longer|smaller|larger) than (?:the |that of )?"
)
# "43, 20 and 12", "six lung, one breast and two prostate cancers"
_ROW = re.compile(r"(?: (?!(?:to|of|in|at|than|with|versus|vs|or)\b)[a-z]+){0,2},? (?:and )?")
_INNER = re.compile(r"\([^()]*\)")
_ENDS = re.compile(r"[,;] |\b(?:and|while|whereas|but)\b")
_AND_IN = re.compile(r"; (?:and |but )?(?=in )")
# What is watched for through the whole of a follow-up.
_ENDS_AT = frozenset(
    [
        "mortality",
        "local_recurrence",
        "local_progression",
        "distant_metastasis",
        "recurrence_free",
        "alive_with_disease",
        "overall_survival",
    ]
)
_THROUGHOUT = ("during", "over ", "throughout", "within the")
_FIRST = (
    "present",
    "initial",
    "at presentation",
    "on presentation",
    "on admission",
    "at admission",
    "at diagnosis",
    "preop",
    "pre-op",
    "before surgery",
)
_TREATED = re.compile(
    r"\b(?:post-?op\w*|after|following|complicat\w+|new|surg\w+|operat\w+|treat\w*|received|underwent|transient|permanent)\b"
)
_JOINED = re.compile(r" ?(?:,|and|or|,? and) ")
_SAYS = re.compile(r"[.;:]|\b(?:was|were|had|while|whereas|who|which|underwent|received)\b")
_APART = re.compile(r"\b(?:who|which|whom|whose|because|although|if|when)\b|;")


def with_shared_times(text: str, scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, each part of one course with the time that is told of one part only.

    "Nine improved after surgery, three were unchanged": when is told once for all that are listed.
    A number of months is shared by those who got better, stayed or got worse alone.
    """
    found = with_item_times(scene, _compared(text, scene, _parallel(scene, found)))
    found = _in_rows(scene, with_elided(scene, _endpoints(found)))
    counts = [each for each in found if each.statistic in {"count", "percent"}]
    timed = [each for each in counts if each.time_text]
    if not timed or len(timed) == len(counts) or len({each.time_text for each in timed}) > 1:
        return list(found)
    of = timed[0]
    words = (of.time_text or "").lower()
    whole = (
        words.startswith(_THROUGHOUT) and of.measure in _ENDS_AT and "including " not in scene.low
    )
    vague = bool(_VAGUE.match(words)) and of.time_months is None
    rule = _OUTCOME if vague else _STATE if _EARLY.match(words) else _COURSE
    return [
        at_time_of(of, each)
        if each.time_text is None
        and each in counts
        and ((whole and _ends_too(scene, each, of)) or _goes_with(scene, each, timed, rule, counts))
        else each
        for each in found
    ]


def opens(time: str | None) -> bool:
    """Tell whether words are of the time when patients first came: presenting, on admission."""
    return (time or "").lower().startswith(_FIRST)


def tells_no_course(low: str) -> bool:
    """Tell whether a sentence only tells what patients are like, not what became of them."""
    return not (_OUTCOME.search(low) or _TREATED.search(low))


def is_later(time: str | None) -> bool:
    """Tell whether words are of a time after treatment: at the last visit, not at presentation."""
    words = (time or "").lower()
    return bool(words) and not (
        _EARLY.match(words) or words.startswith(("presen", "initial", "intra"))
    )


def _parallel(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return values with the one time that is told of the group before: 400 ml during surgery in A, and 700 ml in B.

    "Survival was 6 years after surgery and control 4": two stretches are counted from one event.
    """
    kept = list(found)
    for at in range(1, len(kept)):
        one, other = kept[at - 1], kept[at]
        if one.time_text and _lasts(one) and _lasts(other) and other.time_text is None:
            told = scene.low.find(one.time_text.lower(), one.end, other.start)
            behind = told >= 0 and _AND_LASTS.fullmatch(
                scene.low, told + len(one.time_text), other.start
            )
            if behind:
                kept[at] = at_time_of(one, other)
            continue
        alike = one.measure == other.measure and one.unit == other.unit
        if not (alike and one.time_text and other.time_text is None):
            continue
        between = scene.low[one.end : other.start]
        of_group = bool(_OF_GROUP.match(scene.low, other.end)) and not _APART.search(between)
        of_group = of_group or _IN_OTHER.fullmatch(between) is not None
        if (
            of_group
            and not _BEFORE_IT.search(one.time_text.lower())
            and not between.endswith(" to ")
        ):
            kept[at] = at_time_of(one, other)
    return kept


def _in_rows(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return counts of one row with the time of its last, and the ratio of two groups with the time of both.

    "43 died within 30 days, 11, 25 and 7 of them in A, B and C."
    """
    kept, low = list(found), scene.low
    for at in range(len(kept) - 2, -1, -1):
        one, other = kept[at], kept[at + 1]
        alike = one.measure == other.measure and one.statistic == other.statistic == "count"
        between = low[one.end : other.start]
        row = _ROW.fullmatch(between) and not (_is_part(low, one, other) or holds_verb(between))
        if alike and not one.time_text and row:
            kept[at] = at_time_of(other, one)
    for at in range(2, len(kept)):
        one, other, effect = kept[at - 2 : at + 1]
        same = len({each.measure for each in (one, other, effect)}) == 1
        timed = one.time_text and one.time_text == other.time_text and not effect.time_text
        bracketed = low.endswith("[", 0, effect.start) or bracket_open(low, effect.start) >= 0
        if same and timed and bracketed and effect.statistic in RATIOS:
            kept[at] = at_time_of(one, effect)
    return kept


def _is_part(low: str, one: Measurement, other: Measurement) -> bool:
    """Tell whether a count is a part of the one before it: it recurred in 12, 9 of them within two years."""
    whole = one.numerator is not None and other.n == one.numerator
    return whole or low.endswith("including ", one.end, other.start)


def _compared(text: str, scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what is set against a number with that one's time: more in A (60%) than in B (40%) walked then.

    "12 in A and 8 in B were alive at 1 year": the verb and its time stand behind both.
    """
    kept = list(found)
    for at in range(len(kept) - 1, 0, -1):
        kept[at] = _closed(text, scene, kept[at - 1], kept[at])
        one, other = kept[at - 1], kept[at]
        if one.measure != other.measure or one.unit != other.unit or not other.time_text:
            continue
        told = scene.low.find(other.time_text.lower(), other.end)
        # Who they were may have been blanked.
        between = _BLANKS.sub(" ", scene.low[one.end : other.start])
        # "5% after wide versus 20% after narrow excision": what was done makes the groups.
        named = other.time_text.lower().startswith(("after", "following"))
        set_against = not named and _AGAINST.search(between) and not _ALONE.match(between)
        against = " than " in between or set_against or _AND_OF_GROUP.fullmatch(between)
        timed = any(one.end <= each.start < other.start for each in scene.adverbs)
        if told < 0 or one.time_text or timed or not against:
            continue
        kept[at - 1] = at_time_of(other, one)
        effect = kept[at + 1] if at + 1 < len(kept) else None
        behind = told + len(other.time_text)
        if effect and not effect.time_text and scene.low[behind : effect.start] in {" (", " ["}:
            kept[at + 1] = at_time_of(other, effect)
    return kept


def _closed(text: str, scene: Scene, one: Measurement, other: Measurement) -> Measurement:
    """Return the last of two groups' counts with the one time that their verb or their names lead to."""
    times = (*scene.times, *scene.adverbs)
    alone = len(times) == 1 and not (one.time_text or other.time_text)
    if not alone or other.statistic != "count" or other.percent is not None:
        return other
    time = times[0]
    if time.start < other.end or one.measure != other.measure:
        return other
    between = scene.low[other.end : time.start]
    if not (_OF_ARM.fullmatch(between) or (time.form == "time" and tells_until(between))):
        return other
    told = text[time.start : time.end]
    return replace(other, time_text=told, time_months=time.months)


def _lasts(each: Measurement) -> bool:
    """Tell whether a number is how long patients lived, or lived without something."""
    return each.unit in SPANS and (each.measure or "").endswith("survival")


def _endpoints(found: Sequence[Measurement]) -> list[Measurement]:
    """Return rates with the one time ahead of several endpoints: 2-year control was 88% and survival 60%."""
    rates = [each for each in found if each.percent is not None and each.numerator is None]
    first = rates[0] if len(rates) > 1 else None
    if first is None or first.time_months is None or not is_endpoint(first):
        return list(found)
    if any(each.time_text for each in found if each.time_text != first.time_text):
        return list(found)
    return [
        at_time_of(first, each)
        if each in rates and each.time_text is None and is_endpoint(each)
        else each
        for each in found
    ]


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
    between = _AND_IN.sub(", ", scene.low[first.end : last.start])
    if _of_those(scene, each, nearest):
        return True
    if nearest is last and _is_part(scene.low, each, nearest):
        return False
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


def _ends_too(scene: Scene, each: Measurement, of: Measurement) -> bool:
    """Tell whether the whole follow-up is that of another end too: recurrence in 9%, death in 4% during it."""
    first, last = sorted((each, of), key=lambda one: one.start)
    between = scene.low[first.end : last.start]
    return each.measure in _ENDS_AT and bool(_LISTS.match(between)) and not _APART.search(between)


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
    parts = _ENDS.split(GRADES.sub("", _INNER.sub("", scene.low[each.start : after])))
    # "In 9 patients, pain was gone": what is said of them stands behind the comma.
    opens = len(parts) > 1 and IN_SO_MANY.search(scene.low, 0, each.start)
    own = parts[1] if opens and not _OUTCOME.search(parts[0]) else parts[0]
    ahead = _ENDS.split(scene.low[before : each.start])[-1]
    return own if _OUTCOME.search(own) else f"{ahead[-140:]} {own}"
