"""Find the group that "of these" or "of whom" beside a number stands for."""

from __future__ import annotations

import re

from ingest.groups.rounding import agrees
from ingest.language.starts import build_rule
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

# "Of those with a mesh" names them itself.
_THESE = re.compile(
    r"^(?:of|among|amongst|in) (?:these|them|those(?=,| \d|$| (?:patients|individuals|subjects|participants|cases|women|men|children|ones|two|three|four|five|six|seven|eight|nine|ten|only|all)\b))(?:\b|(?=,|$))|^all of (?:these|them)\b"
)
# "Of these 8, 3 had": as many as it says.
_THESE_MANY = re.compile(
    rf"(?:of|among|amongst|in) (?:these|them|those) (?P<n>\d+|{WORD}),? (?!of\b)"
)
_FEW_WORDS = re.compile(r" (?:(?!(?:with|had|who|in)\b)[a-z-]+ ){0,3}")
_OF_WHOM = build_rule(
    r"\b(?:of|among|amongst) (?:whom|which|these|them|those)\b,?(?:[^,;]{0,25}|[^,;\d]{0,60} in (?:only )?)$"
)
# "Six of these patients had": those of the sentence before
_OF_THESE = re.compile(
    r"\s*(?:\([^)]*\) )?of (?:(?:these|those) (?:\d+ )?(?:patients|individuals|subjects|participants|cases)\b|(?:these|them)(?:\.|$|,? (?!(?:[a-z-]+ )?(?!was\b)[a-z-]+s\b)))"
)
# "In 35, it was removed: 14 had a leak", but not "14 had a leak, with a revision in 6".
_IN_SO_MANY = re.compile(
    rf"in (?P<n>\d+|{WORD})(?: (?:patients|individuals|subjects|participants|cases))?, (?!\d)[^.:;\d]{{3,90}}: "
)
# "14 had wide margins, with recurrence in two": of the fourteen.
_NESTED = re.compile(
    r",? (?:with|and) (?:(?:an?|the|local|distant|further|tumou?r|wound|disease) )*"
    r"(?:recurrences?|relapses?|metastas[ei]s|deaths?|infections?|complications?|revisions?|reoperations?|lr)"
    r"(?: \([a-z]+\))? (?P<verb>followed |occurred |developed |ensued |(?:was|were) (?:seen|noted|observed|found|recorded|detected) )?in (?:only )?$"
)
# Of those who were given something, or in whom it was reached, some may be told to have relapsed;
# "infection occurred in 9 and relapse in 6" tells of two events beside each other.
_GIVEN = build_rule(
    r"\b(?:underwent|received|treated|operated|given|resected|margins?|achieved|accomplished|obtained|performed|done|carried out|excised|irradiated|embolized|the (?:other|remaining))\b"
)
_EVENT = build_rule(
    r"\b(?:occurred|developed|ensued|arose|happened|seen|noted|observed|found|recorded|detected|diagnosed|present) in (?:only )?[\w-]+(?: (?:patients|individuals|subjects|participants|cases))?$"
)
# "A leak arose in 9; it persisted | in 2", "9 had a leak, but it was permanent in 1": of the nine.
_WENT_ON = re.compile(
    r"(?:; (?:and |but )?(?:it|this|these|they)|,? (?:and|but)(?: (?:it|this|these|they))?|, which) (?:had |have |has )?(?:been )?(?:\w+ly )?"
    r"(?:persisted|resolved|subsided|disappeared|cleared|healed|required|needed|necessitated|led to|(?:was|were|remained|proved|became) (?:\w+ly )?(?:permanent|persistent|transient|temporary|fatal|symptomatic|superficial|deep|severe|mild|minor|reversible))"
    r"\b[^,;:.()\d]{0,40}\bin (?:only |all but |just )?$"
)
_BRACKETED = re.compile(r"\([^()]*\)")
_NOUN_OF_SOME = re.compile(r"^[^,;]{0,60}?(?=[,;] | (?:and|but) )")
# "Weakness was transient in 11 and was permanent in 3": a course of others.
_COURSE = re.compile(
    r"\b(?:transient|temporar|permanent|persist|resolv|recover|improv|remain|unchanged|worse|superficial|deep|severe|mild|minor|major)"
)
# "It was done in 35: 14 had a leak; 21 had none": so many in so many ways.
_PARTED = re.compile(
    r"[^:]*?(?: (?:patients|individuals|subjects|participants|cases))?(?: \([^()]*\))?: (?:[^:]*; (?:and )?)?$"
)
_FARED = re.compile(
    r"\s(?:had|were|was|did|could|died|underwent|received|appeared|(?!(?:need|aged|sized)\b)[a-z]{3,}ed)\b"
)
_AND_SO_MANY = re.compile(r",? (?:and|or) |, ")
# "11 and 25 of them in groups A and B": each is of its own group
_IN_GROUPS = re.compile(
    r",? (?:were |was |occurred )?(?:in|from|of) (?:the )?(?:[a-z-]+ ){0,3}(?:groups?|arms?|cohorts?)\b"
)
# "three of them", "five and seven of these": of those whom the sentence has told of
OF_THEM = re.compile(
    rf"(?: (?:and|or) (?:\d+|{WORD}))?\s*(?:patients |individuals |subjects |participants |cases )?(?:\([^)]*\) )?of (?:whom|which|them|(?:these|those(?! (?:who|whose|with|without|in whom|treated|given|undergoing|operated|having|after)\b))(?! (?:[a-z-]+ )?(?!was\b)(?:[a-z-]+s|women|men|children)\b))\b"
)
_AND_OF_THEM = re.compile(rf"{OF_THEM.pattern}[^;]*\b(?:and|while|whereas|but)\b[^,;]{{0,20}}$")
_PATIENTS = re.compile(
    r"^[^,]{0,20},? (?:\w+ )?(?:\([^)]*\) )?(?:patients|individuals|subjects|participants)\b"
)
# "Of the 8 patients (25%) who relapsed, 2 died and 3"
_OF_SO_MANY = re.compile(r"(?:of|among|amongst|in) (?:the |these |those )?")
_WHO = re.compile(r"\s(?:who|with|without|whose|in whom|having)\b[^,:;]{3,90}[,:].*")
# "Of the 46 who could not walk, 30", "and among the 59 without one, 3": of those counted there.
# Where what is said of them was taken out, blanks are left.
_SOME_WHO = build_rule(
    rf"(?:^|[;,:] (?:(?:and|but|while|whereas) )?|\b(?:and|but|while|whereas) )(?:of|(?:among|amongst|in|for)(?= (?:the|these|those)\b)) (?:the |these |those )?(?P<rest>other |remaining )?(?P<n>\d+|{WORD})(?: (?:other |remaining )?(?:patients|individuals|cases|women|men|children|subjects|participants))?(?:(?(rest)|(?!))| (?:who|with|without|whose|in whom|having)\b(?:[^,:;()]|\([^()]*\)){{2,90}}| {{6,}})(?:[,:] | (?=(?:\d+|{WORD}) (?:had|were|was|could|died|[a-z]{{3,}}ed)\b)| $)"
)
# Behind such words a number may be of others: "and of all patients", "overall".
_OF_MORE = re.compile(
    r"[;:]|\b(?:overall|altogether|in all|in total|of (?:the|all)|among|in the)\b"
)
# Where a number opens its sentence.
_OPENS = 25


def names_some(low: str, quantity: Quantity) -> bool:
    """Tell whether a number without a noun is of those of whom its sentence goes on to tell."""
    if not low.endswith(
        (" the ", "of ", " these ", " those ", " other ", " remaining "), 0, quantity.start
    ):
        return False
    return any(each.start("n") == quantity.start for each in _SOME_WHO.finditer(low))


def _among(low: str, quantity: Quantity) -> int | None:
    """Return how many they are of whom a count is told: of the 46 who could not walk, 30 could."""
    told = [*_SOME_WHO.finditer(low, 0, quantity.start)] if quantity.operator is None else []
    if not told or _OF_MORE.search(low, told[-1].end(), quantity.start):
        return None
    # "Of the eight with a follow-up | six had died"
    if told[-1][0][-2] not in ",:" and not _FARED.match(low, quantity.end):
        return None
    return int(parse_number(told[-1]["n"]))


def _people_of(quantity: Quantity) -> int | None:
    """Return whom "of whom" behind a number means: the three, and the ten in "none of the ten"."""
    return quantity.numerator or quantity.denominator


def _opening(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return how many of a group open the sentence, of whom it goes on to tell: of the 8 (25%) who relapsed, 2 died."""
    low = sitting.scene.low
    first = next((each for each in sitting.scene.numbers if each.form == "share"), None)
    if first is None or first.end > quantity.start or first.unit != "patients":
        return None
    opens = _OF_SO_MANY.fullmatch(low, 0, first.start)
    return first.numerator if opens and _WHO.fullmatch(low, first.end, quantity.start) else None


def _counted_ahead(sitting: Sitting, place: int) -> tuple[int, int] | None:
    """Return the last count that ends ahead of a place, with its end."""
    told = [(each.end, each.numerator) for each in sitting.found if each.end <= place]
    told += [
        (each.end, each.numerator)
        for each in sitting.scene.numbers
        if each.end <= place and each.unit == "patients"
    ]
    counts = [(end, size) for end, size in told if size]
    # "310 patients (189 men): 63 had": a bracket that is closed tells of some of them by the way.
    open_ = [each for each in counts if not _closed_behind(sitting.scene.low, each[0], place)]
    return max(open_ or counts) if counts else None


def _closed_behind(low: str, end: int, place: int) -> bool:
    """Tell whether a number stands in a bracket that closes ahead of a place."""
    close = low.find(")", end - 1, place)
    return close >= 0 and "(" not in low[end:close]


def _nested(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return of how many a part within a part is, or one of the parts behind a colon."""
    low = sitting.scene.low
    within = _NESTED.search(low, 0, quantity.start)
    if within and (within["verb"] or low.startswith((", with", " with"), within.start())):
        ahead = _counted_ahead(sitting, within.start())
        given = _GIVEN.search(low, 0, within.start()) and not (
            ahead and _EVENT.search(low, 0, ahead[0])
        )
        if (
            ahead
            and (given or not within["verb"])
            and not any(each in low[ahead[0] : within.start()] for each in ";:")
        ):
            return ahead[1]
    colon = low.find(": ", 0, quantity.start)
    if colon < 0 or not _FARED.match(low, quantity.end):
        return None
    ahead = _counted_ahead(sitting, colon)
    return ahead[1] if ahead and _PARTED.fullmatch(low, ahead[0], quantity.start) else None


def _gone_on(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return of how many a part is who are told to have had an event in a certain way: it persisted in 2."""
    low, told = sitting.scene.low, [each for each in sitting.found if each.numerator]
    if not (low.endswith((" in ", " only ", " just ", " but "), 0, quantity.start) and told):
        return None
    last = told[-1]
    plain = _BRACKETED.sub("", low[last.end : quantity.start])
    behind = _NOUN_OF_SOME.sub("", plain)
    size = last.numerator if last.statistic == "count" else None
    if size is None or not _WENT_ON.fullmatch(behind) or _COURSE.search(low, 0, last.start):
        return None
    percent, part = quantity.percent, quantity.numerator or int(quantity.value or 0)
    return size if part <= size and (percent is None or agrees(part, size, percent)) else None


def _are_events(sitting: Sitting, quantity: Quantity, place: int) -> bool:
    """Tell whether "them" are complications: 52 of them occurred in 37 patients, among them six | infections."""
    low, mentions = sitting.scene.low, sitting.scene.mentions
    told = any(each.concept == "complications" and each.end <= place for each in mentions)
    item = next((each for each in mentions if each.start >= quantity.end), None)
    if not (told and item and sitting.scene.concepts[item.concept].harm):
        return False
    return _FEW_WORDS.fullmatch(low, quantity.end, item.start) is not None


def referred(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return the group that "of these" or "of whom" before a number stands for."""
    if opened := _opening(sitting, quantity) or _nested(sitting, quantity):
        return opened
    if some := _gone_on(sitting, quantity):
        return some
    low, groups = sitting.scene.low, sitting.scene.numbers
    if some := _among(low, quantity):
        return some
    whom = _OF_WHOM.search(low[: quantity.start])
    if whom and any(
        not low[each.end : whom.start()].strip() for each in groups if each.end < whom.start()
    ):
        whom = None  # "one of whom bled and 3 died": the three are not of those
    if whom and whom[0].startswith("among them") and _are_events(sitting, quantity, whom.start()):
        return None
    if whom:
        # A bare number may have proved to count: "of those, 70 were followed, of whom 12 relapsed".
        end = whom.start()
        counts = [(each.start, each.numerator) for each in groups if each.end <= end]
        counts += [(each.start, each.numerator) for each in sitting.found if each.end <= end]
        if ahead := [each for each in counts if each[1]]:
            return max(ahead)[1]
    among = _IN_SO_MANY.match(low, 0, quantity.start) if ": " in low else None
    if among:
        return int(parse_number(among["n"]))
    behind = OF_THEM.match(low, quantity.end)
    if behind:
        if _IN_GROUPS.match(low, behind.end()) or _deals_out(sitting, quantity, behind[0]):
            return None
        if them := _them(sitting, quantity):
            return them
    # "Pain was relieved in 16 of them": of those whom the sentence before told of.
    near = quantity.start < _OPENS or behind
    these = _OF_THESE.match(low, quantity.end) if near else None
    many = _THESE_MANY.match(low)
    if many and many.end() <= quantity.start:
        return int(parse_number(many["n"]))
    if these or _THESE.match(low) or whom:
        last = [each for each in sitting.populations if each.sentence < sitting.sentence]
        if these or _PATIENTS.search(low):
            # "Among them, 42 patients": they are of patients, not of tumours told of since.
            last = [each for each in last if each.unit == "patients"]
        # "36 were treated at once and 20 later. Nine of these": of all 56
        parted = last and last[-1].total in {each.size for each in last[:-1]}
        return (last[-1].total if parted else last[-1].size) if last else None
    return None


def opens_with_these(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a rate or an average is of those to whom its sentence points first: of these, 45% walked."""
    low = sitting.scene.low
    opens = _THESE.match(low)
    if opens is None or any(each.numerator for each in sitting.found):
        return False
    return not _OF_MORE.search(low, opens.end(), quantity.start)


def _them(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return how many a sentence has counted last ahead of a number: ten died, two | of them of pneumonia."""
    low, floor = sitting.scene.low, quantity.start
    before = [each for each in sitting.scene.numbers if each.end <= floor and _people_of(each)]
    # "10 of whom died and | 4 of whom relapsed": both are of those told ahead of them
    while len(before) > 1 and _AND_OF_THEM.match(low, before[-1].end, floor):
        before.pop()
    # "five, six and seven of these", but "in six, four of them"
    while (
        before
        and before[-1].unit is None
        and _AND_SO_MANY.fullmatch(low, before[-1].end, floor)
        and (floor < quantity.start or low[before[-1].end : floor] != ", ")
    ):
        floor = before.pop().start
    told = [each for each in sitting.found if each.end <= floor and each.numerator]
    told = [each for each in told if not _AND_OF_THEM.match(low, each.end, quantity.start)]
    if told and (not before or told[-1].start > before[-1].start):
        return told[-1].numerator  # a bare number that proved to count
    return _people_of(before[-1]) if before else None


def _deals_out(sitting: Sitting, quantity: Quantity, behind: str) -> bool:
    """Tell whether two numbers are each of one of two counts: in 8 and 17, of which one and seven."""
    low, told = sitting.scene.low, [each for each in sitting.found if each.numerator]
    row = behind.lstrip(" ,").startswith(("and ", "or "))
    before = [each for each in sitting.scene.numbers if each.end <= quantity.start]
    row = row or (
        bool(before) and _AND_SO_MANY.fullmatch(low, before[-1].end, quantity.start) is not None
    )
    ahead = [each for each in told if each.unit == "patients"]
    return row and len(ahead) > 1 and "respectively" in low[quantity.end :]


def is_of_share(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a part is of those whose percent alone is told: in 8%, of whom two died.

    How many they are the source does not say.
    """
    low = sitting.scene.low
    whom = _OF_WHOM.search(low, 0, quantity.start)
    place = whom.start() if whom else quantity.start
    ahead = [each for each in sitting.scene.numbers if each.end <= place]
    parted = whom or OF_THEM.match(low, quantity.end)
    share = bool(parted and ahead) and ahead[-1].form == "percent"
    # "Five died (4%), 3 of whom": what is in brackets has its count ahead.
    return share and not low.endswith("(", 0, ahead[-1].start)
