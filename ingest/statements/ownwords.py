"""Clear a result's words of whom, against whom and by what means it came about."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.statements.ways import ways_told

# "less than 40 years" bounds a group and "declined treatment" refuses it: neither tells of change.
_BOUND = build_rule(
    r"\b(?:less|fewer|lower|shorter|more|greater|higher|longer) than (?=\d|half|one (?:hour|day|week|month|year)\b|an? (?:third|quarter|fifth|tenth)|(?:two|three) |one in)"
    r"|(?<=\w) or (?:less|fewer|more|greater|longer|shorter|higher|lower|older|younger)\b(?! (?:\w+ )?than\b)"
    r"|\bdeclin(?:ed|es|ing) (?=further|any|surg|treat|operat|to\b|chemo|radio|adjuvant)"
)
# "Patients with a poor prognosis had less pain": that is who they are, not how they fared.
_STATE = r"(?:prognos[ei]s|life expectancy|performance(?: status)?|(?:general|overall|medical|physical) (?:condition|health|status|state)|condition|(?:neurological|ambulatory|functional|clinical|physical|health) (?:status|condition|function))"
_GRADED = r"(?:moderate|fair|good-fair|poor-fair|poor|poorer|good|better|favou?rable|unfavou?rable|worse|limited|short|shorter|long|longer|high|higher|low|lower|impaired|excellent)"
_OF_WHOM = build_rule(
    rf"\b(?:patients|participants|those|cases|individuals|subjects|people|women|men|groups?) (?:with|having|in|who (?:had|have)) (?:an? |the )?(?:[a-z-]+ )?{_GRADED} (?:[a-z-]+ )?{_STATE}"
    rf"|\b{_GRADED}[- ]{_STATE} (?:patients|groups?|subgroups?|cohorts?|categor(?:y|ies))"
)
# What a grade stands for: "1 point (i.e., no difficulty in walking; mean, 1.2)".
_EXPLAINED = re.compile(r"\((?:i\.e|e\.g)\.[^()]*\)?")
# "Including the six who could not walk, all walked": all walked.
_INCLUDED = re.compile(r"including [^,;]*,(?= (?:all|every|each|both)\b)")
# Whom a result was seen in tells not which way it went: "in those with limited resections".
_SEEN_IN = build_rule(
    r"(?<=[a-z%)] )(?:in|for|among|amongst|of|than) (?:the |those |all |our )?(?:[\w-]+ ){0,2}?(?:patients|subjects|participants|those|cases|individuals|women|men|children|groups?|tumou?rs|lesions) "
    r"(?:who (?:was |were |had |did )?|that (?:was |were |had )|with |without |having |not |undergoing |receiving )"
    r"(?:(?!\b(?:was|were|is|are|had|has|did|can|may|showed?|improved|remained|resulted|experienced|led|occurred|died|regained|recovered|achieved|felt|reported|lived|survived|failed|fared|tend(?:s|ed)|seem(?:s|ed)|appear(?:s|ed)|fell|rose|declined|became|differed|that|demonstrated|suggests?|reduce[sd]?|provide[sd]?|offer(?:s|ed)?|gives?|gave|yield(?:s|ed)?|recently)\b)[^,;.()])*"
)
# "In women with a poor grade, ..." opens a sentence with those of whom it tells.
_LED = re.compile(
    r"^\W*(?:in|for|among|amongst|of) (?:the |those |all |our )?(?:[\w-]+ ){0,2}?(?:patients|subjects|participants|those|cases|individuals|women|men|children|groups?|tumou?rs|lesions) "
    r"(?:who |that |with |without |having |not |undergoing |receiving )[^,;.()]*,"
)
# "The improved and worsened groups", "complications | affect recovery": no way that it went.
_NAMED_SO = build_rule(
    r"\b(?:[\w-]+ (?:and|or|versus|vs\.?) )?[\w-]*?(?:improved|worsened|deteriorated|recovered|failed|unchanged|stable|regained) (?:groups?|cohorts?|subgroups?)\b"
)
# "Freedom from local failure" names a good state: nothing failed.
_FREEDOM = build_rule(
    r"\bfreedom from (?:local |distant |tumou?r |disease |biochemical |implant |hardware |treatment )?[a-z-]+"
)
# That a harm went away later is not how it came: "developed in six patients and resolved in all".
_THEN_HEALED = build_rule(
    r"(\b(?:occurred|developed|experienced|suffered|(?:was|were) (?:\w+ )?(?:seen|noted|observed|found|reported|present)|had)\b[^,;.]*?\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|patients|individuals|subjects|participants|cases|all)\b[^,;.]*?)"
    r"(?:,? (?:and|but|which|that)|[,;]) (?:(?:was|were|had|has|have|all|both|later|which|of (?:which|whom)) )*(?:\w+ly )?(?:resolved|recovered|healed|subsided)\b.*",
    re.DOTALL,
)
# "Relief is faster, but no lasting advantage": what is denied behind is another thing.
_BUT_NO_MORE = build_rule(
    r",? but (?:with |had |offers? )?no (?:[\w-]+ ){0,2}(?:advantages?|benefits?|differences?|gains?|effects?|improvements?)\b.*",
    re.DOTALL,
)
# "Stiffness rose by increasing the purchase and decreasing motion": the means are no results.
_MEANS = build_rule(
    r"\b(?:by|through|via) (?:\w+ly )?(?:increasing|decreasing|reducing|raising|lowering|limiting|minimi[sz]ing|improving|shortening)\b[^,;.()]*"
)
# "No patient failed to improve": all did.
_NONE_FAILED = build_rule(r"\b(?:no|none|neither|never)\b[^,;.]{0,60}\bfail(?:s|ed)? to\b")
# Those with whom a group is compared.
_COMPARED_WITH = build_rule(
    r"\b(?:than|(?:as )?compared (?:with|to)) (?:in |for |among |of |with )?(?:the |that |those |all )*(?:of |in |with )*(?:[\w-]+ ){0,3}(?:patients|subjects|participants|those|cases|women|men|children|individuals|controls?|groups?|arms?|cohorts?|proband|others)\b[^,;.()]*"
)
# What held in spite of something tells no way: "despite a good margin, relapses were more"; nor does
# what is needed, "the need for better advice".
_APART_TOLD = (
    "spite",
    "although ",
    "notwith",
    "if ",
    "unless",
    "when ",
    "provided",
    "as long",
    "need",
)
_DESPITE = build_rule(
    r"\b(?:despite|notwithstanding|in spite of) [^,;]*(?:,|$)|\b(?:if|unless|when|provided that|as long as) (?:[\w-]+ ){1,6}?not\b[^,;]*(?:,|$)|,? although \w+ly \w+ing,"
    r"|\bneeds? for (?:an? |the )?(?:better|more|higher|improved|greater|less|fewer|safer|effective|good)\b[^,;.()]*"
)
# "Mortality was higher with low albumin": what it went with says not which way.
_WITH_LEVEL = build_rule(
    r"\b(higher|lower|longer|shorter|better|worse|greater|poorer|(?:more|less) (?:frequent|common|often|likely)|increased|decreased) (?:with|at|for) (?:an? |the )?"
    r"(?:low|high|lower|higher|limited|short|shorter|long|longer|reduced|increased|greater|smaller|decreased|elevated|minimal)\b"
    r"(?! (?:[\w-]+ ){0,3}?(?:morbidity|mortality|complications?|loss|recurrences?|infections?|pain|toxicity|rates?|incidence|risk))[^,;.()]*"
)
# "Patients with high grades had poorer survival": the trait is whose it is, no way that it went.
_TRAIT = build_rule(
    r"\b(?:patients|participants|those|cases|women|men|children|individuals|subjects|groups?|tumou?rs|lesions) (?:with|who had|having|showing|of) (?:an? |the )?(?:\w+ly )?(?:high|higher|highest|low|lower|lowest|increased|elevated|raised|decreased|reduced|greater|larger|smaller|more|less|fewer|longer|shorter|good|better|poor|poorer|worse)"
    r"(?:[- ](?!had\b|have\b|showed\b|was\b|were\b)[\w-]+){1,6}?(?= (?:(?:also|still|\w+ly) )?(?:had|have|has|showed|experienced|demonstrated|was|were|survived|lived|improved|developed|required|suffered)\b)"
)


def _own_half(text: str) -> str:
    """Return a result's words without those of whom it is compared with, where its own tell a way.

    "Deaths were more than in women with a good prognosis" tells of no good.
    """
    own = _COMPARED_WITH.sub(" ", text)
    return text if ways_told(own).isdisjoint(("less", "better", "more", "worse")) else own


def of_result(text: str) -> str:
    """Return words without what tells of whom, against whom or by what means a result came."""
    if "(i.e" in text or "(e.g" in text:
        text = _EXPLAINED.sub(" ", text)
    if text.startswith("including "):
        text = _INCLUDED.sub("", text)
    if " than " in text or "declin" in text or " or " in text:
        text = _BOUND.sub(" ", text)
    if "prognos" in text or "status" in text or "performance" in text or "expectancy" in text:
        text = _OF_WHOM.sub(" ", text)
    if " than " in text or "compar" in text:
        text = _own_half(text)
    if holds_any(text, _APART_TOLD):
        text = _DESPITE.sub(" ", text)
    if "failed to" in text:
        text = _NONE_FAILED.sub(" ", text)
    if "ing " in text:
        text = _MEANS.sub(" ", text)
    if " with " in text or " for " in text or " at " in text:
        text = _WITH_LEVEL.sub(r"\1", text)
    if " with" in text or " who " in text:
        text = _TRAIT.sub(" ", _LED.sub(" ", _SEEN_IN.sub(" ", text)))
    if "resol" in text or "recover" in text or "heal" in text or "subsid" in text:
        text = _THEN_HEALED.sub(r"\1", text)
    if "but " in text:
        text = _BUT_NO_MORE.sub(" ", text)
    if " group" in text or "cohort" in text:
        text = _NAMED_SO.sub(" ", text)
    if "freedom from" in text:
        text = _FREEDOM.sub(" ", text)
    return text
