"""Tell which counts are the subject of a verb of their own, and so what is not told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.starts import build_rule
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, PARTS, Quantity
from ingest.numbers.scene import Scene

# "less than half that after no embolization"
_OF_ANOTHER = re.compile(r" (?:that|as (?:much|many|long|high))\b")
# What a count has of its own: "nine (56%) had metastases"; "twelve had complete" goes on.
_WHO = r"\s*(?:\([^)]*\)\s*)?(?:of (?:the |all )?)?(?:patients |individuals |subjects |participants |cases |women |men )?"
_HAS = re.compile(
    rf"{_WHO}(?:had|developed|experienced|suffered|sustained|showed) "
    r"(?!(?:no|a|an|only|the|some|more|less|partial|complete|good|excellent|fair|poor|mild|moderate|severe|stable|unchanged|improved|worse|better|persistent|recurrent|none|one|two|it|this)\b|\w*\d|[^,;.]*\b(?:relief|grade|score)\b)[a-z]"
)
_SUBJECT_OF = re.compile(
    rf"{_WHO}(?:were|was|had|have|developed|experienced|required|underwent|showed|died|presented|received|remained|regained|reported"
    r"|with (?:(?!and |or )[a-z-]+ ){1,4}?(?:improved|recovered|regained|worsened|deteriorated|resolved))\b"
)
# "two thirds of the patients (68%) kept": the percent says again how many they are.
_AGAIN = re.compile(
    r"\b(?:patients|individuals|subjects|participants|cases|women|men|children|them|half|majority|most|thirds?|quarters?|fourths?|fifths?) \($"
)
_VERB_NEXT = re.compile(
    r"\) (?:who |that )?(?:\w+ly )?(?:had|were|was|achieved|kept|regained|retained|showed|reported|experienced|developed|improved|maintained|preserved|recovered|underwent|received|died|remained|presented|suffered)\b"
)
# "six patients (60%) relapsed": the measure is itself the verb.
_IS_VERB = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:patients |individuals |subjects |participants |cases |women |men )?"
)
PARTED = re.compile(r"[,;]|\b(?:and|but|while|whereas)\b")
# "a 20% increase in mortality", "a 4% incidence of leaks": what is so much stands right behind.
_RISE_OF = re.compile(
    r"\s*(?:relative |absolute )?(?:increased?|higher|greater|lower|decreased?|reduced|reduction|decrease|rise|fall|drop|decline|improvement)(?: (?:in|of))?(?: the| an?)?(?: (?:risk|odds|rate|rates|likelihood|probability|incidence|chance|hazard))?(?: (?:of|for))?(?: the)?(?: [a-z-]+)? "
    r"|\s*(?:cumulative |actuarial |crude |overall )*(?:incidence|rates?|risk|probability|chance|likelihood) of (?:the |an? )?(?:[a-z-]+ )?"
)
# "infection after reoperation in 5": an event that only tells when is not what was counted.
_WHEN = re.compile(
    r"\b(?:before|after|prior to|following|until)(?: (?:an?|the|any|each|initial|first|previous)){0,2}"
    r"(?: (?:onset|occurrence|development|diagnosis|appearance|beginning|start) of)?(?: (?:an?|the|any))? $"
)
# "No patient, including the one who had a second operation, presented with pain."
_ASIDE = re.compile(
    r", (?:including|even|except(?: for)?|apart from|other than|among them) [^,;]*$"
)
_ADDED = re.compile(r", (?:including|except(?: for)?) [^,;()]*,")
_AFTER_ASIDE = re.compile(
    r"[^,;.()]{0,40}, (?:\w+ly )?(?:presented|had|developed|showed|was|were|experienced|died|required|suffered|complained)\b"
)
# An item of a list that names what its own number counts: "infection in 3, neurological in 4".
_ITEM = build_rule(
    r"(?:[,;] (?:and )?|\band )(?!(?:partial|complete|minimal|moderate|excellent|good|fair|poor|severe|mild|transient|temporary|permanent|reversible|persistent|lasting|asymptomatic|symptomatic|unchanged|stable|worse|better|present|absent|total|subtotal|incomplete|near|bilateral|unilateral|major|minor|anterior|posterior|thoracic|lumbar|cervical|sacral|early|late|in|improved|worsened|deteriorated|declined|resolved|persisted|recovered|recurred|remained|was|were|had|occurred|developed)\b)(?:[a-z-]+ ){1,4}(?:in|for) (?:only |another )?$"
    # "thrombosis in 2 and transient palsy of the recurrent nerve in | one"
    r"|(?:[,;]|\band) (?:and )?(?:transient|temporary|permanent|persistent|severe|mild|minor|major) (?!relief|recovery|improvement|deficits?|weakness|pain|resection|response|remission|control|deterioration|worsening)[a-z-]+ of (?:the )?(?:[a-z-]+ ){1,2}(?:in|for) (?:only |another )?$"
)
# "bleeding (n = 4), perforation (n = 1)": each of a list in brackets counts the words before it.
_BRACKETED_ITEM = re.compile(
    r"[)\]](?:,|, and) (?!the |in |for |of |after |with |those |that |at |than )(?!(?:[a-z-]+ ){0,4}(?:groups?|arms?|cohorts?|patients|individuals|subjects|participants|cases) )"
    r"(?:[a-z-]+ ){0,8}[a-z-]+ [(\[]$"
    # "infection (n = 4) and misplacement (n = 2)": a noun, not an adjective of the same
    r"|[)\]] and (?:[a-z-]+ ){0,2}(?!re(?:se|constru)ction|(?:ir)?radiation|[a-z]+i[sz]ation|fixation|augmentation|instrumentation|operation)[a-z]+(?:tion|ment|osis|itis|oma|[ae]mia|age|ism|ure) [(\[]$"
)
_HEADINGS = {"complications", "morbidity", "reoperation", "neurological_deterioration"}
_AND = re.compile(r"\band\b")
# "14 patients were reviewed to assess the influence of the grade": what was studied in them.
_TO_STUDY = re.compile(
    r"\b(?:in order )?to (?:assess|evaluate|determine|investigate|examine|analy[sz]e|compare|identify|study|clarify|describe|explore)\b"
)
_WITHOUT = re.compile(r"\b(?:with no|without)(?: [a-z-]+){0,4} $")
# "six patients with pain showed motor recovery": what they had only says who they are.
_WHO_HAD = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:of (?:the |all |these |our )?)?(?:(?:patients?|individuals|subjects|participants?|cases?|those|women|men|children)(?: \([^)]*\))? )?(?:(?:with|having|who (?:had|presented with|were|was)) (?:[a-z-]+ ){0,4}|who )$"
)
_BEARERS = re.compile(r" (?:patients|individuals|subjects|participants|cases|women|men|children)\b")
_THEN = re.compile(
    r"(?:[^,.;:()]|\([^()]*\)){0,60}?\b(?:showed|demonstrated|reported|experienced|achieved|regained|recovered|improved|developed|had|died|survived|walked|needed|required|underwent|lost|relapsed|deteriorated|worsened|became|were (?:still |again )?(?:able|unable|ambulatory|walking))\b(?! no)"
)
_NONE_OF = re.compile(r"\b(?:neither|none|not one) of (?:the |these |our )?$")
_WITH_IT = re.compile(
    r"\b(?:patients?|individuals|subjects|participants?|cases?|those|women|men|children) (?:with|having|who had) (?:[a-z-]+ ){0,3}$"
)
_DID_THEN = re.compile(
    r"s?(?: \([^()]*\))? (?:[a-z]{3,}ed|could|was|were|had|did|underwent|became|can|has|have)\b"
)
# "in patients receiving a resection with clear margins (83%)": margins make the group.
_GROUP_WITH = re.compile(
    r"\b(?:in|for|among|amongst|of) (?:the |those |all )?(?:[\w-]+ )?(?:patients|individuals|subjects|participants|those|cases|women|men|children|groups?|cohorts?|tumou?rs|lesions)"
    r" (?:who |that |either )?(?:receiving|undergoing|underwent|received|with|without|having|had|treated|showing)\b[^,;:()\d]*$"
)
# "the survival of patients who regained": whose it is.
_OF_THOSE = re.compile(
    r" (?:of|in|for|among) (?:the |those |all )?(?:[\w-]+ )?(?:patients|individuals|subjects|participants|those|cases|women|men|children) (?:who|that|with|without|having|in whom)\b[^,;:()\d]{0,45}$"
)
_THEN_WAS = re.compile(r"[^,;:()\d]{0,30}\b(?:was|were|is) (?:only |about |approximately )?")
_THOSE_WHO = re.compile(
    r"\b(?:in|for|among|amongst|of|than|the|those)(?: the| those| all)? (?:patients|individuals|subjects|participants|those|cases|women|men|children) (?:who (?:were|are|had|could|did|have|developed|experienced|suffered|underwent|received)\b|in whom\b)(?:(?!\b(?:had|has|was|is|showed|the)\b)[^,;:()\d]){0,45}$"
)
# "who walked was better than that of those who did not (63% and 4%)": the rate is told, not they.
_THAN_THOSE = re.compile(r"\b(?:better|worse|higher|lower|longer|shorter|greater) .*\bthan\b")
_IN_THOSE = re.compile(
    r"\b(?:rates?|survival|mortality|incidence|frequency) (?:in|of|among|for) (?:[a-z]+ ){0,2}(?:patients|individuals|subjects|participants|those|cases|women|men|children)"
    r"(?: who (?:were|are|had)| with| without| having| still)?(?: an?| the)? $"
)
_SO_MANY = re.compile(r"[^,;]{0,40}\b(?:was|were) ")
_TOLD = re.compile(
    r"\b(?:was|were|is|are)\b(?! (?:\w+ly )?(?:similar|comparable|alike|equal|identical|equivalent)\b[^,;.()]*\($)|\b(?:had|occurred|developed|improved)\b"
)
# "Relapse was commoner with positive margins than with none (45% and 10%)": what is weighed is no result.
_WEIGHED = re.compile(
    r"\b(?:(?:was|were|is|are|proved|remained) (?:\w+ly |much |far |also |even |not |no )*(?:more|less|better|worse|superior|inferior|different|similar|comparable|\w{3,}er)\b|differed\b|did not (?:\w+ly )?differ\b)"
    r"[^,;.()]*\b(?:than|between|among)\b[^,;.()]*\("
)
_THAN = re.compile(r"\bthan (?:[a-z-]+[ /]){0,6}$")
# "Mortality was higher after an infection (58 vs 43%)"
_MORE_WITH = re.compile(
    r"\b(?:was|were|is|are) (?:\w+ly |much |far )*(?:more|less|better|worse|[a-z]{3,}er)(?: common| frequent| often)? (?:after|following|with|in case of) (?:an? |the |any )?(?:[a-z-]+ ){0,2}$"
)
# "Survival of the ambulatory": words that name people by what they can or cannot.
_PEOPLE = re.compile(
    r"\b(?:non-?)?(?:ambula(?:tory|nt)s?|walk(?:ers|ing)|paraplegics?|quadriplegics?|tetraplegics?|paraly[sz]ed|bed-?ridden|immobile|survivors)\b"
)
_OF_PEOPLE = re.compile(
    r"\b(?:of|in|for|among|amongst|between) (?:the |those |all |still |initially |preoperatively )*(?:[a-z-]+ (?:and|or|versus|vs|than) (?:the )?)?$"
)
# "Survival with relapse", "the rate in those with relapse"
_BESIDE_WHICH = re.compile(
    r"s? (?:rates? )?(?:(?:in|of|among|for) (?:[a-z]+ ){0,2}(?:patients|individuals|subjects|participants|those|cases|women|men|children) )?(?:with|without|after|despite|who had) (?:an? |the |any )?"
)
_BETWEEN_SAID = re.compile(r"[^,;.()\d]{0,70}")
# "Survival was 61% in those who walked and 8% in": whom the number ahead is of.
_GIVEN_IN = re.compile(
    r"\d ?%?\)? (?:in|for|among) (?:the |all )?(?:[\w-]+ )?(?:those|patients|individuals|subjects|participants|cases|women|men|children|groups?) (?:who |with |without |having )(?:[a-z-]+ ){0,3}$"
)
# "Survival with a relapse was 64%": of those who had one.
_RATE_WITH = build_rule(
    r"\b(?:survival|control|mortality)(?: rates?| times?)? (?:with|without|after|following) (?:an? |the |any )?(?:[a-z-]+ ){0,2}$"
)
_REST = re.compile(r"\b(?:the|our) (?:other|remaining) ?$")
_DID = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:underwent|received|had|were|was|died|recurred|relapsed|developed|improved|remained|required|showed|experienced|survived|deteriorated|recovered)\b"
)
_PAPERS = r"(?:studies|articles|papers|trials|publications|(?:case|published|patient|retrospective|other) series)"
_OF_PAPERS = re.compile(
    rf"\s*(?:\([^)]*\)\s*)?of (?:the |all |these |included |available |eligible |reviewed |\d+ ){{0,3}}(?:[a-z-]+ )?{_PAPERS}\b"
)
_AMONG_PAPERS = re.compile(
    rf"\W*(?:of|among|amongst|in|from) (?:the |these |all |\d+ |included )*(?:[a-z-]+ ){{0,3}}{_PAPERS}\b[^,]{{0,60}},"
)
_REPORTED = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:used|were|was|had|employed|reported|included|did|described|showed|found|provided|evaluated|assessed|compared)\b"
)
# "80% use the SINS": the scale is what they do, not what was found.
_USE = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:of (?:[a-z-]+ ){1,3})?(?:would |routinely |always |also )?(?:used?|using|utili[sz](?:e[sd]?|ing)|appl(?:y|ied)|employ(?:ed)?|rel(?:y|ied) on|prefer(?:red)?|recommend(?:ed)?|consider(?:ed)?)\b"
)
_PEOPLE_WHO = re.compile(
    r"\s*of (?:the |all |our )?(?:patients|individuals|subjects|participants|cases|women|men|children) (?:[a-z]+ing|who|with|were|had)\b"
)
# "than in those with pain: 5%", "in those with pain, 5% versus 9%"
_TOLD_BEHIND = re.compile(r"(?: [a-z]+)?(?: than [^,;:()\d]{3,60})?(?:: |, (?=\d))")


def counts_papers(quantity: Quantity, low: str) -> bool:
    """Tell whether a part is one of papers, of which none of a measure's patients is told."""
    if quantity.form not in PARTS or quantity.unit == "studies":
        return False
    if _OF_PAPERS.match(low, quantity.end):
        return True
    led = _AMONG_PAPERS.match(low)
    return (
        led is not None and led.end() <= quantity.start and bool(_REPORTED.match(low, quantity.end))
    )


def _tells_people(quantity: Quantity, low: str) -> bool:
    """Tell whether a part goes on with its own people and what they did: 79% of patients walking."""
    return quantity.form in PARTS and _PEOPLE_WHO.match(low, quantity.end) is not None


def is_apart(quantity: Quantity, mention: Mention, low: str, first: int, last: int) -> bool:
    """Tell whether a count behind another number begins a finding: a leak in 8% and 79% of those walking."""
    # "in 5 men and in 2 of the women with a brace" goes on with the same finding
    goes_on = low.endswith(" in ", first, last)
    if not goes_on and _tells_people(quantity, low) and _AND.search(low, first, last):
        return True
    return _is_item_apart(mention, low[first:last])


def _is_item_apart(mention: Mention, between: str) -> bool:
    """Tell whether a number is that of a later item of a list than the measure before it."""
    if _ITEM.search(between):
        return True
    return mention.concept not in _HEADINGS and bool(_BRACKETED_ITEM.search(between))


def uses_scale(quantity: Quantity, scene: Scene) -> bool:
    """Tell whether a scale is only what so many people use: 80% use the SINS."""
    used = _USE.match(scene.low, quantity.end) if quantity.form in PARTS else None
    return used is not None and any(
        scene.concepts[each.concept].facet == "scales"
        and each.start >= used.end()
        and not PARTED.search(scene.low, used.end(), each.start)
        for each in scene.mentions
    )


def counted_subject(quantity: Quantity, low: str) -> bool:
    """Tell whether a number is the subject of a verb: "and 73% (n = 253) were at high risk"."""
    return quantity.form in PARTS and bool(_SUBJECT_OF.match(low, quantity.end))


def without_aside(between: str) -> str:
    """Return the words between a number and a measure without those that only add an example."""
    if ", includ" not in between and ", except" not in between:
        return between
    return _ADDED.sub("", between)


def says_again(quantity: Quantity, low: str) -> bool:
    """Tell whether a percent in brackets says again how many the subject before it are."""
    if quantity.form != "percent" or not _VERB_NEXT.match(low, quantity.end):
        return False
    return bool(_AGAIN.search(low, 0, quantity.start))


def rises(quantity: Quantity, between: str) -> bool:
    """Tell whether a number is by how much the measure right behind it rose or fell."""
    return quantity.form in {"percent", "value"} and bool(_RISE_OF.fullmatch(between))


def is_told_of_another(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure is what another count has: six had a leak, nine had a thing unnamed."""
    low = scene.low
    if quantity.form not in COUNTED:
        return False
    if _has_own_finding(quantity, mention, scene):
        return True
    if not _HAS.match(low, quantity.end):
        return False
    if mention.start >= quantity.end:
        own = PARTED.search(low, quantity.end, mention.start)
        return own is not None and any(
            own.start() <= each.start
            and each.end <= mention.start
            and _SUBJECT_OF.match(low, each.end) is not None
            for each in scene.numbers
        )
    parted = PARTED.search(low, mention.end, quantity.start)
    return parted is not None and any(
        each.end <= mention.start
        and (counted_subject(each, low) or _IS_VERB.fullmatch(low, each.end, mention.start))
        and not PARTED.search(low, each.end, mention.start)
        for each in scene.numbers
    )


def _has_own_finding(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a count has a finding of its own: all were alive, "with two having back pain"."""
    own = scene.clause(quantity.start)
    apart = own != scene.clause(mention.start)
    return apart and scene.low.startswith("with ", scene.clauses[own][0])


def closeness(quantity: Quantity, low: str, between: str) -> float:
    """Return how much nearer a measure is that a count has beside it."""
    if re.fullmatch(r"\s(?:(?!and|or|in|of|to|with|for|at)[a-z-]+ )?", between):
        return 24.0  # "two wound infections": the measure is the noun itself
    # "six with a leak and one with infection"
    alone = low[quantity.start : quantity.end].isalnum() and between == " with "
    return 12.0 if alone else 0.0


def only_describes(quantity: Quantity, mention: Mention, between: str, scene: Scene) -> bool:
    """Tell whether a measure behind a count only says whom it counts, or what none of them had.

    "Done in 17 patients with no deficit", "six patients with pain showed motor recovery".
    """
    if _WITHOUT.search(between) or _TO_STUDY.search(between):
        return True
    if _ASIDE.search(between) and _AFTER_ASIDE.match(scene.low, mention.end):
        return True
    # "12 of 20 paraplegic | patients regained gait"
    adjective = not between.strip() and _BEARERS.match(scene.low, mention.end)
    if not (adjective or _WHO_HAD.fullmatch(between)):
        return False
    none = quantity.numerator == 0 or _NONE_OF.search(scene.low, 0, quantity.start)
    if none and _DID_THEN.match(scene.low, mention.end):
        return True  # "none of the patients with a leak needed a drain": they had the leak
    return _goes_on(quantity, mention, scene)


def names_whom(low: str, mention: Mention) -> bool:
    """Tell whether an event only says whom something is told of: none of the patients with a leak died."""
    begin = max(0, mention.start - 60)
    return bool(_WITH_IT.search(low, begin, mention.start) and _DID_THEN.match(low, mention.end))


def _goes_on(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether those whom a measure describes have a verb and a measure of what befell them."""
    verb = _THEN.match(scene.low, mention.end)
    some = scene.low.startswith((" of those ", " of the "), quantity.end)
    if "complications" in scene.concepts[mention.concept].broader and not some:
        return False  # the complication that they had is told too
    home = scene.clause(quantity.start)
    return verb is not None and any(
        each.end >= verb.end()
        and each.start >= mention.end
        and scene.clause(each.start) == home
        and not {"patients", "percent"}.isdisjoint(scene.concepts[each.concept].units)
        and not any(verb.end() <= one.start < each.start for one in scene.numbers)
        for each in scene.mentions
    )


def tells_when(mention: Mention, scene: Scene, between: str) -> bool:
    """Tell whether an event ahead of a number is a point in time; its letters in brackets are it too."""
    named = [
        each.start
        for each in scene.mentions
        if each.concept == mention.concept and scene.low[each.end : mention.start] in {" (", "s ("}
    ]
    begin = named[0] if named else mention.start
    return bool(_WHEN.search(scene.low, 0, begin)) and not between.endswith("(")


def tells_whose(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure only says whose the one right before it is: survival of those walking.

    "The median survival of patients who walked was 9 months".
    """
    low = scene.low
    if quantity.start < mention.end or not _THEN_WAS.fullmatch(low, mention.end, quantity.start):
        return False
    whose = _OF_THOSE.search(low, max(0, mention.start - 90), mention.start)
    return whose is not None and any(
        each.concept != mention.concept and 0 <= whose.start() - each.end <= 1
        for each in scene.mentions
    )


def describes_group(low: str, mention: Mention, quantity: Quantity) -> bool:
    """Tell whether a measure only says whom a bracketed number is about: in those with X (83%)."""
    between = low[mention.end : quantity.start]
    if _IN_THOSE.search(low, 0, mention.start) and _SO_MANY.fullmatch(between):
        return True
    begin = max(0, mention.start - 70)
    if _GIVEN_IN.search(low, begin, mention.start) or _RATE_WITH.search(low, begin, mention.start):
        return True
    if "(" not in between and not _TOLD_BEHIND.match(low, mention.end):
        return False
    begin = max(0, mention.start - 110)
    if " who" in low and _THOSE_WHO.search(low, begin, mention.start):
        return bool(_THAN_THOSE.search(between) or not _TOLD.search(between))
    return not _TOLD.search(between) and bool(_GROUP_WITH.search(low, begin, mention.start))


def is_weighed(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure names people or what a comparison weighs, its result told ahead.

    "Survival of the ambulatory was 60 %", "recurrence was commoner with positive margins than
    with negative ones (45 % and 10 %)".
    """
    low = scene.low
    if quantity.unit != "percent":
        return False
    ahead = [
        each
        for each in scene.mentions
        if each.end < mention.start
        and "percent" in scene.concepts[each.concept].units
        and not _PEOPLE.match(low, each.start, each.end)
    ]
    if not ahead:
        return False
    if "(" in low[mention.end : quantity.start]:
        told = _WEIGHED.search(low, ahead[0].end, quantity.start)
        if told and mention.end < told.end():
            joined = low[ahead[-1].end : mention.start]
            if told.start() < mention.start or _BESIDE_WHICH.fullmatch(joined):
                return True
        begin = max(0, mention.start - 60)
        if _THAN.search(low, begin, mention.start) or _MORE_WITH.search(low, begin, mention.start):
            return True
    if not _PEOPLE.match(low, mention.start, mention.end):
        return False
    near = ahead[-1].end
    if mention.start >= quantity.end:
        near = max(near, quantity.end)
    return bool(
        _OF_PEOPLE.search(low, near, mention.start)
        and _BETWEEN_SAID.fullmatch(low, near, mention.start)
    )


def tells_rest(low: str, quantity: Quantity, quantities: Sequence[Quantity]) -> bool:
    """Tell whether a count is of the rest, with a verb of its own: the other 7 patients underwent."""
    if not (_REST.search(low, 0, quantity.start) and _DID.match(low, quantity.end)):
        return False
    later = [each for each in quantities if each.start >= quantity.end]
    return not any(each.form in {"value", "percent", "change", "share", "ratio"} for each in later)


def halves_another(low: str, quantity: Quantity) -> bool:
    """Tell whether a number measures by another group's: half that of the controls."""
    return _OF_ANOTHER.match(low, quantity.end) is not None
