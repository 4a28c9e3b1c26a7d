"""Tell how a statement is meant: asserted, negated, hedged or conditional; when; whose.

After NegEx (Chapman 2001, doi:10.1006/jbin.2001.1029) and ConText (Harkema 2009,
doi:10.1016/j.jbi.2009.05.002), with the cue lists in ``ingest/cues``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.language.asides import told_for_sure
from ingest.language.conjuncts import own_verb
from ingest.language.portions import part_told
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, holds_any, lowered
from ingest.model import Assertion, Attribution, Temporality
from ingest.yamlfile import load_yaml

CUES = Path(__file__).parent / "cues"
PAST_MAIN = re.compile(
    r"\b(?:was|were|had|did|fell|rose|took|led|underwent|found|\w+ed)\b", re.IGNORECASE
)
"""The verb of a main clause that narrates."""
_PRESENT_MAIN = build_rule(
    r"\b(?:is|are|can|may|might|must|should|has|have|becomes?|prefer|remains?|causes?|will|does|do)\b",
    re.IGNORECASE,
)
# "When carcinomas were treated" tells a time.
_WHEN_PAST = re.compile(r"when (?:(?!\b(?:is|are|has|have)\b)[^,;])*\b(?:was|were|had|underwent)\b")
_CONDITION_TEXT = re.compile(r"(?:[^,;()]|\([^()]*\))*")
# What stands in parentheses is an aside: its negations are not the statement's.
_PARENTHESES = re.compile(r"\([^()]*\)")
_JOINED = build_rule(r"\band to [a-z]{3,}\b")
# A harm that was told before "with no symptoms" did occur; a gain that is missing is denied.
_TOLD = build_rule(
    r"\b(?:occurred|developed|suffered|sustained|experienced|recurred|relapsed|(?:was|were) (?:\w+ )?(?:found|seen|noted|observed|detected|recorded|identified)"
    r"|(?:compress|caus|invad|displac|erod)(?:es|ed|ing)|(?:injured|torn|lacerated|perforated|breached|repaired|sutured|closed|sealed|drained|evacuated|revised|corrected|managed|treated|healed|resolved|settled))\b"
)
# "Pain fell, but not in the elderly": what is spared behind denies nothing ahead of it.
_SPARED = build_rule(
    r"\bbut not (?!only\b|(?:\w+ly )*(?:better|worse|less|more|different|\w{3,}er)\b)[^.;]*"
    r"|,? (?:al)?though (?:this (?:was|did) )?(?:not|without) (?:\w+ ){0,2}significan\w*[^.;]*"
    r"|, an? (?:[\w-]+ )?(?:difference|trend|change|gain|effect) (?:that|which) (?:was|were|did) not\b[^.;]*"
    r"|,? albeit (?:not|without)\b[^.;]*"
    r"|\b(?:but|and|versus|vs\.?|compared (?:with|to)|against|being|with) (?:in |with |for )?(?:none\b|no [\w+/-]{1,15} (?:patients?|individuals|subjects|participants?|cases?)\b)[^.;]*"
    r"|(?:,? (?:and|but)|,|;) (?:(?!\d|in\b)[\w-]+ ){1,5}(?:in|for|by) none\b(?! of)[^.;]*"
    r"|[,;] (?:(?!\d)[a-z-]+ ){0,4}[a-z-]+,? none(?=[;,.]|$)[^.;]*"
    r"|, (?:and |but )?none (?:of (?:whom|which|these|them)|(?:\w+ly )?symptomatic|requir(?:ed|ing)|need(?:ed|ing)|with (?:clinical )?(?:symptoms|sequelae|consequences))\b[^.;]*"
    r"|,? (?:because|since|as) (?:there|it|they|he|she|no|none|the \w+(?: \w+)?) (?:was |were |had |did |is |are |could |has |have )?(?:no|not|none|never)\b[^.;]*"
    r"|,? (?:because|since|as|when|where) (?:there|it|they|he|she|(?:the|an?|this|these|its|his|her|their|our) \w+(?: \w+){0,2}?|\w+)(?: (?:was|were|had|did|could)\b|(?=  )) +(?:no|not|never)\b[^.;]*"
    r"| and (?:not|never) (?:\w+ly )?(?:disabling|severe|serious|permanent|fatal|lasting|symptomatic|life-threatening|persistent|progressive|troublesome)(?=[.;,]|$)"
    r"|,? (?:and|while|whereas) (?:the )?(?:(?:other|remaining|others|rest|\d+|[a-z]+)(?: patients| individuals| subjects| participants| cases)? ){1,2}(?:\([^()]*\) )?(?:did|were|was|had) not(?=[.;,]|$)[^.;]*"
    r"|\b(?:when|where) (?:it|they|this|that) (?:had|was|were|did|has|have|is|are) not\b[^.;]*"
    r"|\bbut (?:to |with |in |had |of )?no (?:lasting |long-term |longer-term |survival |further |additional |overall |significant )?(?:better|worse|longer|shorter|higher|lower|differences?|gains?|changes?|effects?|improvements?|benefits?|advantages?|more|less)\b[^.;]*"
)
# What was done "in nine patients with no complications" was done without them.
_DONE = build_rule(
    r"\b(?:was|were) (?:\w+ly )?(?:performed|used|carried out|done|completed|applied|undertaken|treated|operated|embolized"
    r"|embolised|inserted|placed|resected|accomplished|achieved|removed|implanted|given)\b[^,;.]*?"
    r"\b(?:patients|individuals|subjects|participants|cases|women|men|children|levels|lesions|tumou?rs) (?:with no|without) (?:(?:any|major|minor|permanent|lasting|new|significant|serious"
    r"|perioperative|postoperative|intraoperative|further|additional|neurologic(?:al)?|surgical|procedural) )*"
    r"(?:complications?|morbidity|mortality|deaths?|deficits?|deterioration|infections?|adverse events?)\b(?! (?:was|were|had|and|who|at|before|pre))"
)
_ABSENT = build_rule(
    r"\b(?:in|despite|by|because of|presence or|and|(?:related|associated|linked|due|correlated|according) (?:to|with)) (?:the )?$"
)
_FACTOR = re.compile(
    r"[^.;]*?\b(?:(?:was|were|is|are) (?:\w+ly |also |both )*(?:associated|correlated|linked|related|(?:an? )?(?:\w+ )?(?:risk|prognostic|predict|factor|independent))|predict(?:s|ed)\b|(?:increased|raised|lowered|reduced) the risk)"
    r"|[^.,;]*?\b(?:suggests?|indicates?|impl(?:y|ies)|raises?|explains?|limits?|reflects?|hampers?|warrants?)\b|[^.,;]*?\b(?:could|can|was|were) (?:be )?(?:\w+ly )?(?:diagnosed|predicted)\b"
)
_CAUSED = re.compile(
    r"[^.,;]*?\b(?:led|leads|leading) to|[^.,;]*?\b(?:result(?:ed|s) in|caus(?:ed|es)|was followed by|(?:was|were|is|are) (?:\w+ly )?(?:associated|linked) with|(?:increas|rais|predict|shorten|prolong|worsen|reduc|lower|impair|affect|influenc|determin)(?:ed|es|s))\b"
)
# What follows where no care was given is told, not denied: "without treatment most died".
_CARE = re.compile(
    r" (?:any |further |adequate |timely |surgical |early |prompt |an? |such )*(?:surgery|treatment|radiotherapy|therapy|interventions?|operation|irradiation|decompression|stabili[sz]ation|fixation|reconstruction|chemotherapy|fusion|instrumentation|emboli[sz]ation|irradiation|resection|\w+ectomy|\w+plasty|bracing|augmentation)\b"
)
# Zeroes deny only what they count.
_ZEROES = {"0%", "0 %", "(0)", "zero"}
# So do the words of a list's last item: "complete in 9, partial in 6 and not at all in 2".
_ITEM_DENIED = re.compile(
    r"(?:nil|none|not at all|no (?:relief|improvement|change|response|recovery|effect)) (?:in|by|for) "
)
# "9% with a drain and 40% | without": those who had none are told of too.
_WITH_SHARE = build_rule(r"\bwith\b.* (?:and|versus|vs\.?|or|to) [\d.,]+ ?%? +$")
_LINK = re.compile(
    r" (?:any |an? |clear |obvious |(?:statistical(?:ly)? )?significant(?:ly)? |statistical )*"
    r"(?:associations?|correlations?|relation(?:ship)?s?|links?|differences?|variation|predominance|predilection|preference)\b"
)
_GAIN = re.compile(
    r" (?:any |an? |significant |further |clear |\w+ologic(?:al)? )*(?:improvement|recovery|relief|benefit|success|effect|response|gain)\b"
)
# Where a statement with a number of its own ends, and another that may deny something begins.
_PARTS = build_rule(
    r"(?!,? ?(?:(?:and|but) )?not (?:\w+ly )*different),(?! ?\d)|;|\b(?:with|than|to|versus|vs\.?) (?:the |an? )?(?:predicted|expected)\b|\b(?!\w+ not (?:\w+ly )*different)(?:and|but|al?though|while|whereas)\b(?= (?:[\w-]+ ){0,3}?(?:not|never|none|no|nor)\b)"
)
# Of whom or of what a statement is: its verb tells no number.
_RELATIVE = build_rule(r"\b(?:who|which|that|whom)\b[^,;]*")
# By which a number is told, and no patients are described: "in 5 treated women" tells nothing yet.
_PREDICATE = build_rule(
    r"\b(?:was|were|is|are|had|has|have|fell|rose|died|occurred|developed|recurred|relapsed|persisted|showed|remained|went|took|lost|regained"
    r"|measured|underwent|survived|improved|deteriorated|worsened|decreased|increased|dropped|declined|received|required|needed|reached|averaged"
    r"|amounted|arose|appeared|happened|suffered|experienced|sustained|leaked|broke|loosened|failed|resolved|recovered|walked|lived)\b"
)
# "When it failed 3 lost their gait, and none regained it": the time is told ahead of the statement.
_OPENS_TIME = build_rule(r"\W*(?:after|when|once|if|before|until|following)\b")
# What an exception counts did occur: "except for one leak there were no complications".
_EXCEPT = re.compile(
    r"\W*(?:except(?:ing)?(?: for)?|apart from|aside from|other than|with the exception of|save for|barring|but for)\b[^,;]*?"
    r"(?=[,;]| there (?:was|were|has|have)\b| (?:the|our|his|her|this) [\w -]{3,40}? (?:was|were|is|are|had|has)\b| (?:no|none|all|surgery|it|they|we|he|she|nobody)\b)"
)
# A clause of its own behind a name: "..., which varied from 8 to 24".
_WHICH = build_rule(r",\s*(?:which|who|whose|where)\b")
# "Nobody died, | with a mean blood loss of 300 ml": told beside it, and of all.
_BESIDE = build_rule(
    r",\s*with (?:an? |the |their )?(?:[\w-]+ ){0,2}?(?:mean|median|average)\b(?! (?:difference|change|improvement|reduction))"
)
# "One leak and | one possible infection": of that one alone.
_GUESSED_ITEM = build_rule(
    r"\b(?:an?|one|two|three|four|five|six|\d+) (?:possible|probable|suspected|presumed|potential)\b"
)
# What cost something did so, or was better, though it brought no gain elsewhere.
_COST = build_rule(
    r"\b(?:better|fewer|shorter|improv(?:ed|es)|lowered|reduced|restored|relieved|lengthened) (?:[\w-]+ ){1,6}$|\b(?:doubl|tripl|increas|rais|prolong|lengthen|add)(?:e[ds]|ed|s|es)\b|\bmore (?:\w+ )?(?:complications?|bleeding|pain|morbidity|infections?|deaths?)\b"
)
# "They did not respond | and underwent curettage"
_THEN_DONE = build_rule(
    r"\b(?:and|so|but|hence|thus|therefore) (?:[\w-]+ ){0,2}?(?:underwent|received|(?:was|were) (?:[\w-]+ )?(?:treated|operated|given|irradiated|revised|reoperated))\b"
)
# Implant failure, immunofluorescence.
_NAMED_IF = re.compile(r"\bIF\b")
_IN_FUTURE = build_rule(r"\bin (?:the )?(?:near )?future\b", re.IGNORECASE)


@cache
def cues_of(name: str) -> dict[str, Wordings]:
    """Return the wordings of a file of cues by their names."""
    table: dict[str, Any] = load_yaml(CUES / f"{name}.yml")
    return {
        key: compile_wordings(rules, exact=name == "attribution")
        for key, rules in table.items()
        if key != "examples"
    }


def _blank(rule: re.Pattern[str] | Wordings, text: str) -> str:
    return rule.sub(lambda match: " " * len(match[0]), text)


def _worded(text: str) -> str:
    """Return text in lower case without IF, which in capitals is an abbreviation and no condition."""
    low = lowered(text)
    if "IF" not in text or text.isupper():
        return low
    for match in _NAMED_IF.finditer(text):
        low = low[: match.start()] + "  " + low[match.end() :]
    return low


def _conditions(text: str, focus: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the spans of condition clauses that bear on the focus."""
    cues = cues_of("assertion")
    spans = []
    for match in cues["condition"].finditer(text):
        span = match.start(), (_CONDITION_TEXT.match(text, match.end()) or match).end()
        spans += [] if _WHEN_PAST.match(text, *span) else [span]
    start, stop = focus
    return [span for span in spans if span[0] < stop and (span[1] > start - 2 or span[0] == 0)]


def condition(text: str, focus: tuple[int, int]) -> str | None:
    """Return the words of the condition the source sets, None where it sets none."""
    cleaned = _blank(cues_of("assertion")["concessive"], _worded(text))
    spans = _conditions(cleaned, focus)
    if not spans or _is_past(cleaned, spans):
        return None
    start, end = spans[0]
    return text[start:end].strip(" ,;") or None


def _is_past(text: str, spans: list[tuple[int, int]]) -> bool:
    """Tell whether the main clause narrates: then "when" tells a time, no condition."""
    main = list(text)
    for start, end in spans:
        main[start:end] = " " * (end - start)
    rest = "".join(main)
    if re.match(r"(?i)only (?:if|when)|if|unless|provided|assuming", text[spans[0][0] :]):
        return False
    return bool(PAST_MAIN.search(rest)) and not _PRESENT_MAIN.search(rest)


def assertion(
    text: str,
    focus: tuple[int, int],
    harm: bool = False,
    part: tuple[int, int] | None = None,
    number: tuple[int, int] | None = None,
) -> Assertion:
    """Return how the focus of a sentence is asserted.

    ``focus`` is a span of ``text``; ``harm`` is set where the claim is about a harm, so that
    "performed without complications" negates it. Negation outranks condition, condition hedge.
    ``part`` are the words that tell the claim alone: another number's zero denies it not.
    ``number`` is where the claim's own numbers stand: what a statement behind denies is not theirs.
    """
    cues = cues_of("assertion")
    text = _worded(text)
    cleaned = _blank(cues["concessive"], _blank(cues["ignore"], _blank(_PARENTHESES, text)))
    first, last = part or focus
    if holds_any(cleaned, ("not", "none", "without", " no ", "never")):
        cleaned = _without_spared(cleaned, focus, (first, last))
    conditions = _conditions(cleaned, focus)
    if conditions and _is_past(cleaned, conditions):
        conditions = []
    main = cleaned
    for begin, stop in conditions:
        main = main[:begin] + " " * (stop - begin) + main[stop:]
    start, end = _told_in(main, focus, number)
    denied = part_told(main, (start, end), number) if number else start
    scope = main[denied:end]
    for match in cues["negation"].finditer(scope):
        item = match[0] in _ZEROES or (
            part and part != focus and _ITEM_DENIED.match(scope, match.start())
        )
        apart = item and not first <= denied + match.start() < last
        if not apart and _negates(scope, match, harm):
            return "negated"
    if harm and "with" in text and _DONE.search(text, start, end):
        return "negated"
    if conditions:
        return "conditional"
    other = _GUESSED_ITEM.search(cleaned, max(start, last), end)
    words = cleaned[start : other.start() if other else end]
    guessed = cues["hedging"].search(words) and cues["hedging"].search(told_for_sure(words))
    return "hedged" if guessed else "affirmed"


def is_done_then(text: str, focus: tuple[int, int]) -> bool:
    """Tell whether something was done behind what a statement denies: they did not respond and underwent it."""
    then = _THEN_DONE.search(lowered(text), *focus)
    return then is not None and assertion(text, (then.start(), focus[1])) == "affirmed"


def _without_spared(text: str, focus: tuple[int, int], part: tuple[int, int]) -> str:
    """Return a text without what its end spares, where that stands behind the words of a claim."""
    first, last = part
    spared = _SPARED.search(text, focus[0])
    if spared is None or spared.start() <= first:
        return text
    behind = last >= focus[1] or text.find("none", spared.start(), spared.end()) >= last
    return _blank(_SPARED, text) if spared.start() >= last or behind else text


def _told_in(text: str, focus: tuple[int, int], number: tuple[int, int] | None) -> tuple[int, int]:
    """Return where the words stand that may deny a focus: those by which its own number is told.

    "Relapse was seen in 8, never before the second year"; "no rule was found for the dose, which
    varied from 8 to 24": what is denied is not what the number tells.
    """
    start, end = focus
    if number is None or not start <= number[0] < end:
        return focus
    first, last = number
    spared = _EXCEPT.match(text, start, end)
    if spared and last <= spared.end():
        return spared.span()
    lead = _WHICH.search(text, start, first) or _BESIDE.search(text, start, first)
    if lead and "," not in text[lead.end() : first]:
        start = lead.end()
    start = own_verb(text, start, first, cues_of("assertion")["negation"], _PREDICATE)
    stop = _PARTS.search(text, last, end)
    if stop is None or _OPENS_TIME.match(text, start, end):
        return start, end
    told = _blank(_RELATIVE, text[start : stop.start()])
    return (start, stop.start()) if _PREDICATE.search(told) else (start, end)


def _negates(scope: str, match: re.Match[str], harm: bool) -> bool:
    """Tell whether a denying word of a claim's words denies the claim."""
    word, before = match[0].lower(), scope[: match.start()]
    if word == "without":
        return _goes_without(scope, match, harm)
    if word in {"no", "none"} and re.search(r"\b(?:with|of) $", before):
        # "with no regrowth" as a statement of its own denies, whatever it is about.
        return (harm and not _TOLD.search(before)) or before.strip() == "with"
    if word.endswith("absent"):
        return True
    if word == "failure to":
        # "Failure to embolize led to more bleeding": what was not done is the cause.
        return not _CAUSED.match(scope, match.end())
    if word == "absence of" or word.startswith("lack"):
        # "The absence of a brace was linked to": what is missing is the factor, and it is told.
        factor = _FACTOR.match(scope, match.end())
        return not factor and not _ABSENT.search(before)
    if word in _ZEROES:
        return not re.search(r"(?:\d|[.,–-])$", before.rstrip(" "))
    return True


def _goes_without(scope: str, match: re.Match[str], harm: bool) -> bool:
    """Tell whether a "without" denies a claim, and not only tells how or against whom."""
    before = scope[: match.start()]
    # "more than without X", "X with ... without Y": only a clause or a harm is negated.
    if re.search(r"\bthan\s*$", before) or _WITH_SHARE.search(before):
        return False
    # "15% ..., without any association with sex": it occurred all the same.
    if match.start() > 3 and _LINK.match(scope, match.end()):
        return False
    verbal = bool(re.match(r"without \w+ing\b", scope[match.start() :], re.IGNORECASE))
    care, cost = _CARE.match(scope, match.end()), _COST.search(before)
    # "without deficits and to prolong survival": what is joined behind is not done without.
    joined = not harm and _JOINED.search(scope, match.end()) is not None
    leading = match.start() <= 3 and not joined and not care
    gainless = not cost and _GAIN.match(scope, match.end()) is not None
    harmless = harm and not verbal and not care and not cost and not _TOLD.search(before)
    return leading or gainless or harmless or (verbal and match.start() < 20)


@lru_cache(maxsize=256)
def foretells(text: str) -> bool:
    """Tell whether a sentence speaks of what is to come anywhere."""
    return _is_future(lowered(text), 0, len(text))


def _is_future(text: str, start: int, end: int) -> bool:
    if cues_of("time")["future"].search(text[start:end]):
        return True
    return start > 0 and bool(_IN_FUTURE.search(text, 0, start))


def temporality(text: str, focus: tuple[int, int]) -> Temporality:
    """Return whether the focus speaks of now, of what was once so, or of what is to come."""
    text = lowered(text)
    if _is_future(text, *focus):
        return "future"
    scope = text[focus[0] : focus[1]]
    return "historical" if cues_of("time")["historical"].search(scope) else "current"


def attribution(text: str) -> Attribution:
    """Return whether the sentence gives the authors' own finding or that of others."""
    cues = cues_of("attribution")
    low = lowered(text)
    if not cues["others"].search(text, low=low):
        return "own"
    taken_back = cues["own"].search(text, low=low) and not cues["gathered"].search(text, low=low)
    return "own" if taken_back else "cited"
