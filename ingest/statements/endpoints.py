"""Tell which measure a claim is about, by its numbers or by its words."""

from __future__ import annotations

import re
from functools import cache

from ingest.language.clauses import JOINT, holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.measurements.assignment import PAIN_SCALES
from ingest.measurements.distance import is_prevented
from ingest.measurements.effects import ENDPOINTS, in_factors
from ingest.model import Mention
from ingest.reading import Reading
from ingest.statements.draft import Draft
from ingest.statements.leads import whom_until
from ingest.vocabulary import TAKEN_IN, is_complication, load_concepts

_STUDIES = build_rule(r"\b(?:studies|articles|trials|papers|publications)\b", re.IGNORECASE)
# What other measures foretell, not the other way round.
_ENDPOINTS = frozenset(
    {
        "overall_survival",
        "mortality",
        "life_expectancy",
        "local_recurrence",
        "local_control",
        "progression_free_survival",
        "recurrence_free_survival",
        "disease_free_survival",
        "disease_specific_survival",
        "event_free_survival",
        "metastasis_free_survival",
        "surgical_outcome",
        "surgical_site_infection",
        "instrumentation_failure",
        "vertebral_compression_fracture",
    }
)
# "Albumin was associated with readmission": of the readmission
_EVENTS = frozenset({"readmission", "wound_complication"})
_DEPENDS = build_rule(
    r"\b(?:predict\w*|(?:risk |prognostic )?factors? (?:for|of|affecting|influencing|associated with)|influenc\w+|affect\w*|impact\w*|(?<!is )(?<!are )(?<!was )(?<!were )increas\w+(?! with\b)|caus\w+|leads? to|led to"
    r"|(?:associated|correlated|linked) with (?:(?:an?|the|significantly) )*(?:shorter|longer|poorer|better|worse|higher|lower|reduced|improved|decreased|fewer|less|more))\b",
    re.IGNORECASE,
)
# "Patients with a leak had a longer stay": what they had says who they are.
_WHOM = build_rule(
    r"\b(?:patients?|participants?|those|cases?|individuals|subjects|people|women|men|children|groups?) $",
    re.IGNORECASE,
)
# "No patient with a leak needed a drain": the leak is told of, not denied.
_NOBODY = build_rule(
    r"\b(?:no|none of (?:the|our|these)|neither of the|not one of the) (?:[\w-]+ )?(?:patients?|individuals|subjects|participants?|cases?|women|men|children) [^,;.]*$",
    re.IGNORECASE,
)
_HAD_BY = build_rule(
    _WHOM.pattern[:-1]
    + r"(?:(?:presented |presenting |admitted )?with|without|having|who (?:had|have|were|entered|presented|came|arrived)) (?:(?!(?:had|have|has|was|were|is|are|showed|did|remained|became|stayed|developed|died|survived)\b)[\w/-]+ ){0,4}?(?:(?:but|and) (?:with |without |no )(?:an? )?(?:[\w-]+ )?)?$",
    re.IGNORECASE,
)
# "Patients with a leak died sooner": what they did is told of them.
_DID = re.compile(r"(?:lived|survived|died|walked|recurred|relapsed)\b", re.IGNORECASE)
# "Patients who survived longer than a year had less pain": who had less pain.
_LIVED = re.compile(
    r"(?:(?:surviv(?:ed|ing)|alive) (?:for )?(?:longer|more|less|shorter|fewer|at least|over|beyond|under|[<>≥≤])|died (?:within|before|after|during)(?![^.;]*\b(?:than|compared|versus|who)\b))[^,;.]{0,40} (?:had|have|showed|were|was|did|reported|experienced|underwent|received|derived|gained)\b",
    re.IGNORECASE,
)
_WHO_LIVED = build_rule(_WHOM.pattern[:-1] + r"(?:who (?:had |were )?)?$", re.IGNORECASE)
# "Resection with wide margins prolonged life", "helps when margins are positive": how or when.
_WITH_THEM = build_rule(
    r"\b(?:resections?|excisions?|surger(?:y|ies)|operations?|removal|\w+ectom(?:y|ies)) with (?:an? |the )?(?:[\w-]+ ){0,3}$"
    r"|\b(?:when|whenever|if|unless|where|provided(?: that)?|in case of|in the event of) (?:the |an? )?(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
# "The score foretells life": of what stands ahead nothing is told but that.
_FORETELLS = build_rule(
    r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )(?<!are )\b(?:predict|foret(?:ell|old)|affect|influenc|impact)(?:es|s|ed)?\b(?! by)(?= \w)"
    r"|\b(?:was|were|is|are) (?:not )?(?:\w+ly )?(?:predictive|prognostic)\b"
    r"|\b(?:had|has|have) (?:an? |no |any |little )?(?:[a-z]+ ){0,2}?(?:influence|impact|effect|bearing) (?:up)?on\b",
    re.IGNORECASE,
)
# "No impact of size on survival": of the survival.
_BORE_ON = build_rule(
    r"\b(?:impact|influence|effect|bearing) of [^,;.()]{2,60}? (?:up)?on\b", re.IGNORECASE
)
# "Irradiation anew relieves pain": what a measure acts upon is told, not the measure itself.
_ACTS = build_rule(
    r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )(?<!are )\b(?:reliev|improv|reduc|prolong|prevent|lower|decreas|increas|worsen|restor|preserv|shorten|predict|rais|affect|influenc|impact|conferr?)(?:es|s|ed|e)?"
    r"(?= (?!by\b|from\b|to\b|in\b|after\b|with\b|at\b|over\b|during\b|on\b|for\b|\w+ly (?:by|from|to|in|after|with|at|over|during)\b|and\b|or\b)\w)",
    re.IGNORECASE,
)
# "Despite a high rate of deficits, ..."; "tumours that cause instability bled".
_ASIDE = build_rule(
    r"^(?:(?:(?:al)?though|albeit|even) with|despite|notwithstanding|in spite of|regardless of|because of|owing to|due to|given|in view of) [^,;]*$"
    r"|\bin (?:the|this|a|an|any|our) (?:[\w-]+ ){0,3}(?:setting|context|face|event) of (?:[\w-]+ ){0,3}$"
    r"|\b(?:tumou?rs?|lesions?|metasta[st][ei]s|fractures?|GCTs?|disease) (?:causing|producing|inducing|leading to|resulting in|that (?:cause|caused)) (?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
# "Complications were commoner with a larger blood loss": that is what they go with.
_WITH_MORE = r"\b(?:more|less|common\w*|rarer|frequent(?:ly)?|often|likely|higher|lower|greater|increased|decreased|rose|fell) (?:with|after|in|by) (?:an? |the )?(?:larger|longer|higher|greater|increas\w+|prolonged|more|smaller|shorter|lower|less) (?:[\w-]+ )?$|\b(?:increas|decreas|vari|chang|diminish|ris|declin)(?:es|ed|e) with (?:the )?(?:[\w-]+ )?$"
_LINKED = build_rule(r"\b(?:associated|linked|correlated|related) (?:with|to)\b", re.IGNORECASE)
_TO_EVENT = build_rule(rf"{_LINKED.pattern}|\brisks? (?:of|for)\b", re.IGNORECASE)
# "Complications affected recovery": the recovery is what is told.
_BEARS = build_rule(
    rf"{_LINKED.pattern}|\b(?:affect|influence|impact|predict)(?:s|ed)?\b", re.IGNORECASE
)
# "A longer operation was linked with leaks"
_BORE = build_rule(
    r"\b(?:is|are|was|were|be|been) (?:\w+ly )?(?:associated|linked|correlated|related) (?:with|to)\b"
    r"|\bhad (?:an? |no |any )?(?:\w+ ){0,2}?(?:influence|impact|effect|bearing) (?:up)?on\b",
    re.IGNORECASE,
)
_MORE = "higher|lower|longer|shorter|greater|larger|smaller|increased|reduced|elevated|high|low|long|short|more|less"
_LEVEL = build_rule(
    rf"\b(?:{_MORE}|(?:occurrence|presence|absence|history|use|number|degree) of(?: [a-z-]+)?) $|^(?:{_MORE}) ",
    re.IGNORECASE,
)
_BORNE = _ENDPOINTS | {"ambulation", "neurological_improvement", "quality_of_life"}
_FACTORS_OF = build_rule(
    r"\b(?:is|are|was|were|be|as) (?:[\w-]+ ){0,4}?(?:factors?|predictors?|determinants?|variables?|parameters?) (?:for|of|affecting|influencing|(?:\w+ly )?(?:associated|correlated|linked) with|related to|that (?:\w+ly )?(?:predicted|influenced|affected))\b",
    re.IGNORECASE,
)
_WEIGHED = build_rule(
    r"\b(?:lower|higher|better|worse|longer|shorter|greater|smaller|less|poorer|older|younger|(?:increas|decreas)e[sd]? with)\b"
)
# "It improves function in patients with a fracture": what got better has no name here.
_ACTED_ON = build_rule(
    r"\b(?:improv|restor|enhanc|increas|prolong|preserv)(?:e|es|ed|s|ing)? (?:the )?(?:[a-z-]+ ){1,3}?(?:in|of|for) (?:the )?(?:patients|individuals|subjects|participants|those|women|men|people|adults|children)\b"
)
# "Albumin differed between those who died and the rest"
_AMONG_WHO = build_rule(
    r"\b(?:between|than|versus|vs\.?|compared (?:with|to)|in|of|among|and) (?:the |all |of )*(?:patients|participants|those|women|men|cases|children|individuals|subjects) who (?:had )?$",
    re.IGNORECASE,
)
# "It eased the detection of relapse": nobody relapsed.
# "In tumour level, | scores of the neck were worse"
_HEADED = re.compile(
    r"^(?:In|Regarding|Concerning|As (?:for|to)|With regard to|In terms of) (?:the )?(?:[\w-]+ )?$"
)
_LOOKED_FOR = build_rule(
    r"\b(?:(?:detection|diagnos[ei]s|surveillance|screening|assessment|evaluation|imaging) (?:of|for)|(?:ability|able|used|helps?|easier|possible) to (?:\w+ )?(?:detect|diagnose|assess|identify|visuali[sz]e|monitor|see)) (?:an? |the |any )?(?:(?!(?:is|was|were|may|can|has|had|\w+(?:[^u]s|ed)) )[a-z-]+ ){0,2}$"
)
# "Haste, long levers and blood loss may | raise the risk": all that is listed acts.
_MAY = re.compile(r"\b(?:can|could|may|might|will|would|should)(?: also| \w+ly)* $")
_AFFECTS = re.compile(r"(?:affect|influence|impact)")
_HELD = re.compile(r", (?:especially|particularly|in particular|even|notably|mainly) [^,;]*,")
_BESIDE = 16
_AVERAGES = frozenset(["mean", "median"])
_THOSE = re.compile(
    r"s?[ -](?:patients|groups?|subgroups?|cohorts?|categor(?:y|ies))\b", re.IGNORECASE
)


@cache
def _with_more() -> Wordings:
    return compile_wordings([_WITH_MORE])


def endpoint_of(reading: Reading, draft: Draft) -> str | None:
    """Return the measure that a claim is about: its numbers', else what its words name."""
    stated = [each.measure for each in draft.measurements if each.measure]
    telling = [each for each in stated if each not in {"age", "follow_up"}]
    # "In a series of 40, relapse was rare": of the relapse, not of the size.
    size = (
        telling == ["patients_included"]
        and reading.text.startswith(("In ", "in "))
        and not draft.focus[0]
    )
    if size:
        telling = stated = []
    done = draft.pattern.kind == "approach"
    # "In a boy of three years the pain fell": how old he was is neither a change nor a harm.
    fared = draft.pattern.kind == "risk" or (
        draft.pattern.name == "outcome_change"
        and all(each.statistic not in _AVERAGES for each in draft.measurements)
    )
    aside = done or fared or (stated and _names_outcome(reading, draft))
    if telling or (stated and draft.pattern.subkind is None and not aside):
        return (telling or stated)[0]
    if done:
        return _counted(reading, draft)
    if draft.pattern.name == "procedure_count":
        return None
    # A number that no measure carries is of none that stands elsewhere in the clause.
    apart = draft.listed or bool(draft.measurements and draft.focus != draft.clause)
    for span in (draft.focus,) if apart else (draft.focus, draft.clause):
        named = _named(reading, draft, span)
        if named is not None:
            return named
    # What a list of complications names is one, whether the vocabulary has it or not.
    listed = draft.listed and draft.pattern.kind == "risk"
    headed = any(each.concept == "complications" for each in reading.within(draft.clause))
    if listed and headed:
        return "complications"
    return "patients_included" if size else None


def _says_of_whom(low: str, draft: Draft, mention: Mention) -> bool:
    """Tell whether those treated are whom a share is of: recovery in 71% | of patients operated on."""
    return mention.concept in TAKEN_IN and any(
        low[each.end : mention.start] in {" of ", " of the ", " of all "}
        for each in draft.measurements
    )


def _named(reading: Reading, draft: Draft, span: tuple[int, int]) -> str | None:
    """Return the measure that the words of a span tell of, None where they name none."""
    low, weighs = lowered(reading.text), _weighs(draft)
    within = reading.within(span)
    found = [
        each
        for each in within
        if each.facet == "measures" and each.concept not in {"age", "follow_up"}
    ] or [each for each in within if each.facet == "scales"]
    found = [
        each
        for each in found
        if not (
            is_prevented(low, each.start, bool(draft.measurements))
            and draft.pattern.subkind != "mitigation"
        )
        and not (load_concepts()[each.concept].harm and _LOOKED_FOR.search(low, 0, each.start))
        and not _says_of_whom(low, draft, each)
    ]
    if not draft.measurements:
        found = [each for each in found if each.start >= whom_until(reading.text)]
    if not weighs:
        found = _without_groups(reading, draft, _scales_told(reading, found, span))
    if len(found) > 1:
        found = _behind_link(reading.text, found, draft.pattern.kind == "risk") or found
    if draft.pattern.kind == "outcome" and found and not draft.measurements:
        found = acted_on(reading.text, found, span)
    if weighs and _only_factors(reading, found, span):
        return None
    if not (weighs or draft.measurements) and _only_levels(reading.text, found, span):
        return None
    if weighs:
        found = [each for each in found if not in_factors(low, each)]
    if not found:
        return None
    weighed = weighs or (len(found) > 1 and _FACTORS_OF.search(reading.text, *span))
    return _scaled(reading, _foretold(reading, found, span) if weighed else found[0], span)


def _names_outcome(reading: Reading, draft: Draft) -> bool:
    """Tell whether an outcome stands ahead of an age or a follow-up: no relapse (26 and 41 months)."""
    begin, concepts = draft.measurements[0].start, load_concepts()
    # "At the last visit (18 months) she was well": the time leads on to what is told.
    led = reading.text.startswith(("At ", "After ", "During "), draft.clause[0])
    return any(
        (each.end <= begin or (led and each.start < draft.focus[1]))
        and concepts[each.concept].harm is not None
        and not _is_who(reading.text, each)
        for each in reading.within(draft.clause)
        if each.facet == "measures"
    )


def _scales_told(reading: Reading, found: list[Mention], span: tuple[int, int]) -> list[Mention]:
    """Return the scales of the words where their measures only say whom the scores are of."""
    if not found or not all(_is_who(reading.text, each) for each in found):
        return found
    scales = [each for each in reading.within(span) if each.facet == "scales"]
    return [each for each in scales if each.start < found[0].start] or found


def _without_groups(reading: Reading, draft: Draft, found: list[Mention]) -> list[Mention]:
    """Return the measures that do not only say whom a result is of; a harm told of some is one."""
    told = [each for each in found if not _is_who(reading.text, each)]
    if not told and found and _NOBODY.search(reading.text, 0, found[0].start):
        return []
    if told or draft.pattern.kind != "outcome" or draft.pattern.subkind is not None:
        return told or found
    # "Scores were lower in women with a leak" tells of the scores alone.
    told_else = _WEIGHED.search(reading.text, *draft.clause)
    if found and (told_else or _ACTED_ON.search(reading.text, *draft.clause)):
        return []
    return [each for each in found if load_concepts()[each.concept].harm]


def _behind_link(text: str, found: list[Mention], risk: bool) -> list[Mention]:
    """Return what something was associated with: "a long stay with infection", complications with gait.

    Of a ``risk`` only complications, else what a complication bears on.
    """
    first = is_complication(load_concepts()[found[0].concept])
    link = (_LINKED if risk else _BEARS).search(text, found[0].end) if risk or first else None
    return [
        each
        for each in found
        if link
        and link.end() <= each.start
        and (is_complication(load_concepts()[each.concept]) if risk else each.concept in _BORNE)
    ]


def acted_on(text: str, found: list[Mention], span: tuple[int, int]) -> list[Mention]:
    """Return what the first measure acts upon where a verb of effect parts it from others."""
    borne = _BORE_ON.search(text, *span) if len(found) > 1 else None
    if borne and (on := [each for each in found if each.start >= borne.end()]):
        return on
    acts = _ACTS.search(text, found[0].end, span[1]) if len(found) > 1 else None
    behind = [each for each in found if acts and each.start >= acts.end()]
    # "A leak, especially after surgery and radiotherapy, shortened survival": two commas hold an aside.
    between = _HELD.sub(" ", text[found[0].end : acts.start()]) if acts else ""
    listed, may = _MAY.subn("", between)
    plain = acts and (
        not JOINT.search(between)
        or ((may or _AFFECTS.match(text, acts.start())) and not holds_verb(listed))
    )
    return behind if plain and behind else found


def _only_factors(reading: Reading, found: list[Mention], span: tuple[int, int]) -> bool:
    """Tell whether all measures stand ahead of the words that call them factors of another."""
    told = _FACTORS_OF.search(reading.text, *span) or _FORETELLS.search(reading.text, *span)
    return told is not None and all(each.end <= told.start() for each in found)


def _only_levels(text: str, found: list[Mention], span: tuple[int, int]) -> bool:
    """Tell whether all measures are levels that something without a name here was linked with."""
    told = _BORE.search(text, *span)
    return told is not None and all(
        each.end <= told.start()
        and each.concept not in _BORNE
        and (
            told[0].endswith(" on")
            or _LEVEL.search(text[max(0, each.start - 45) : each.start])
            or _LEVEL.search(text[each.start : each.end + 1])
        )
        for each in found
    )


def _is_who(text: str, measure: Mention) -> bool:
    """Tell whether a measure only says in whom a result was seen."""
    begin = max(0, measure.start - 60)
    if measure.concept == "surgical_margin" and _WITH_THEM.search(text, begin, measure.start):
        return True
    if _THOSE.match(text, measure.end) or _ASIDE.search(text, 0, measure.start):
        return True
    if _with_more().search(lowered(text), begin, measure.start):
        return True
    if _AMONG_WHO.search(text, begin, measure.start):
        return True
    plain = load_concepts()[measure.concept].harm is None
    if plain and text.startswith(",", measure.end) and _HEADED.search(text, 0, measure.start):
        return True
    if _LIVED.match(text, measure.start):
        return bool(_WHO_LIVED.search(text, begin, measure.start))
    if text.startswith("without", measure.start):
        return bool(_WHOM.search(text, begin, measure.start))
    return not _DID.match(text, measure.start) and bool(_HAD_BY.search(text, begin, measure.start))


def _weighs(draft: Draft) -> bool:
    """Tell whether a claim is on what a result depends on, so that it names causes too."""
    return draft.pattern.subkind == "prognostic" or draft.pattern.name == "risk_stated"


def _foretold(reading: Reading, found: list[Mention], span: tuple[int, int]) -> Mention:
    """Return the measure that depends on others: of gait and survival the survival."""
    named = _FACTORS_OF.search(reading.text, *span)
    after = [each for each in found if named and each.start >= named.end()]
    if after:
        return after[0]
    ends = [each for each in found if each.concept in _ENDPOINTS]
    if len({each.concept for each in ends}) == 1:
        return ends[0]
    links = [*_TO_EVENT.finditer(reading.text, *span)]
    behind = [each for each in found if len(links) == 1 and each.start >= links[0].end()]
    if behind and behind[0].concept in ENDPOINTS | _EVENTS:
        return behind[0]
    told = _DEPENDS.search(reading.text, *span)
    after = [each for each in found if told and each.start >= told.end()]
    return (after or found)[0]


def _counted(reading: Reading, draft: Draft) -> str | None:
    """Return what a count is of that only tells on how many patients a report is built."""
    counted = [each for each in draft.measurements if each.statistic == "count"]
    included = draft.pattern.name == "patients_included" and not _STUDIES.search(reading.text)
    first = counted[0].unit if counted else None
    return "patients_included" if included and first == "patients" else None


def _scaled(reading: Reading, measure: Mention, span: tuple[int, int]) -> str:
    """Return the scale on which pain is told where its name stands beside: VAS pain, pain (NRS)."""
    if measure.concept != "pain":
        return measure.concept
    for each in reading.within(span):
        gap = max(each.start - measure.end, measure.start - each.end)
        if each.concept in PAIN_SCALES and gap < _BESIDE:
            return each.concept
    return measure.concept
