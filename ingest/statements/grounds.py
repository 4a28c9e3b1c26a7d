"""Tell what a claim rests on: patients, an experiment, or what is held to be so."""

from __future__ import annotations

import re
from functools import cache

from ingest.language.clauses import holds_verb
from ingest.language.narration import is_general
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Basis
from ingest.reading import Reading
from ingest.statements.draft import Draft

_OBSERVED = (
    r"\b(?:was|were) (?:\w+ )?(?:observed|seen|noted|found|detected|achieved|recorded|associated|significantly|rare|uncommon|infrequent|frequent|common|low|high|lower|higher|longer|shorter|greater|fewer|better|worse|similar|comparable|superior|inferior)\b"
    r"|\b(?:was|were) (?:the |an? )?(?:\w+ )?(?:independent|prognostic|predict\w*|risk factors?)\b|\bpredicted (?:the|an?|early|late|poor|good|local|overall|post-?operative|worse|better|shorter|longer)\b"
)
# A conclusion in the past tense tells what was found, one in the present what is held.
_FOUND = build_rule(
    r"\b(?:did|had|showed|resulted|led|remained|achieved|gave|yielded|provided|produced|fared|lived|survived|died|recurred|occurred"
    r"|disappeared|resolved|subsided|healed|recovered|regained|(?:was|were) (?!\w*(?:thought|believed|considered|recommended|advised|assumed)))\b"
    r"|\b(?:improved|increased|decreased|reduced|prolonged|shortened|lowered|relieved|restored|preserved|worsened|affected|influenced|predicted)\b(?! (?:risk|rate|survival|mortality))"
)
_HELD = re.compile(r"\b(?:is|are|may|might|can|could|should|must|will|would|has been|have been)\b")
_DONE = re.compile(
    r"\b(?:was|were) (?:\w+ly )?(?:performed|carried out|done|given|administered|used|placed|inserted|undertaken|delivered|achieved|accomplished|applied|operated|treated|resected|excised|removed|reconstructed|stabili[sz]ed|decompressed|emboli[sz]ed|irradiated)\b"
)
# A step of the operation of the one patient who is told of.
_STEP = build_rule(r"\b(?:was|were) (?:\w+ly |then |also )*[a-z]+(?:ed|en|ne|wn|ut)\b")
_OWN = re.compile(
    r"\b(?:we|our|ours|us|the authors|(?:this|the present|the current) (?:[\w-]+ )?(?:study|series|report|trial|cohort|analysis|case|patient))\b"
)
# "There were no conversions": in those at hand, whatever the sentence does in its text.
_THERE_WERE = re.compile(r"\bthere (?:was|were) (?:no|only|\d|one|two|three|four|five)\b")
_HELD_ROLES = frozenset(["background", "discussion", "conclusion"])
_PATIENTS = r"\b(?:patients?|individuals|subjects|participants?|cases?|he|she|his|her|our series|in this series|series)\b"


@cache
def _people() -> tuple[Wordings, Wordings]:
    return compile_wordings([_PATIENTS]), compile_wordings([_OBSERVED])


def _narrates(low: str, clause: tuple[int, int]) -> bool:
    """Tell whether a conclusion tells what was found: "mortality did not differ", not "it may help".

    What has no verb of its own goes with that of its sentence: it was uneventful, with no relapse.
    """
    if not holds_verb(low[slice(*clause)]):
        clause = (0, len(low))
    return bool(_FOUND.search(low, *clause)) and not _HELD.search(low, *clause)


def basis_of(reading: Reading, draft: Draft) -> Basis:
    """Return what a claim was observed in; what is only held to be so is of experts."""
    based = reading.basing.basis
    if based != "patients":
        return based
    low, (named, seen) = lowered(reading.text), _people()
    told = reading.sentence.role != "background" and not is_general(reading.text)
    # What an introduction says of patients anywhere was not seen in these: its own study aside.
    if not told and reading.told and reading.attribution == "own" and not _OWN.search(low):
        return "expert"
    observed = (
        bool(draft.measurements)
        or reading.sentence.role in {"results", "case"}
        or named.found(low)
        or (draft.pattern.kind in {"outcome", "risk"} and seen.found(low))
    )
    # What was done in the past tense was done in patients, whether the sentence names them or not.
    done = draft.pattern.kind == "approach" and reading.sentence.role == "methods"
    done = done and (reading.told or reading.single)
    observed = observed or (done and bool(_DONE.search(low, *draft.clause)))
    told_of_one = draft.pattern.kind == "approach" and (reading.single or reading.apart)
    if told_of_one and reading.sentence.role not in _HELD_ROLES:
        observed = observed or _STEP.search(low, *draft.clause) is not None
    general = draft.pattern.kind == "indication" and reading.sentence.role not in {
        "results",
        "case",
    }
    concluded = draft.pattern.kind in {"outcome", "risk"} and reading.sentence.role == "conclusion"
    concluded = concluded or (reading.single and draft.pattern.kind in {"outcome", "risk"})
    observed = observed or (concluded and _narrates(low, draft.clause))
    if draft.pattern.kind in {"outcome", "risk"} and reading.sentence.role == "methods":
        observed = observed or _THERE_WERE.search(low, *draft.clause) is not None
    return "patients" if observed and not general else "expert"
