"""Read which way a result went."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.clauses import Span
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.measurements.effects import RATIOS
from ingest.model import Assertion, Concept, Direction, Kind, Measurement
from ingest.statements.ownwords import of_result
from ingest.statements.ways import ways_told, words_for

# A gain that was smaller, slower or did not come is no gain: "poorer recovery", "less relief".
_GAINS = r"(?:recover(?:y|ies)|improvements?|relief|healing|satisfaction|satisfied|responses?|success(?:es)?|successful|(?:pain|symptom|disease|infection|tumou?r) control|[a-z]+-free (?:intervals?|periods?|rates?))"
_SMALL_GAIN = build_rule(
    rf"\b(?:poor|poorer|worse|worst|delayed|slow|slower|inadequate|insufficient|unsatisfactory|less|lower|smaller|reduced|decreased|diminished) (?:(?!(?:than|in|after|at|during|for|with|and|or|on|to|the|of|following|before|by)\b)[\w-]+ )?{_GAINS}\b"
    rf"|\b{_GAINS}(?: rates?| scores?)?(?: (?:of|in|from|after|for|at) (?:[\w-]+ ){{1,4}}?)? ?\b(?:was|were) (?:\w+ly |much |also )?(?:lower|less|poorer|slower|shorter|smaller|worse|delayed|inferior|reduced|decreased|unsatisfactory|poor)\b(?! than expected)"
    r"|\b(?:fewer|smaller (?:share|proportion) of|lower (?:proportion|percentage|share) of) (?:[\w-]+ )?(?:patients|individuals|subjects|participants|women|men|children|cases)(?: \w+)? (?:recovered|improved|regained|responded)\b"
    r"|\b(?:responded|recovered|improved|fared|did) less\b"
    r"|\bless likely to (?:\w+ly )?(?:recover|improve|regain|respond|survive|walk|benefit|heal|achieve)\b"
)
_UNREACHED = build_rule(
    r"\b(?:not|failure to|failing to|inability to|unable to|nonrecovery|absent) (?:\w+ly )?(?:regain|recover|improv|attain|heal|respond|restor)\w*"
)
# Less of a harm is a gain: "a response with a reduction of the compression".
_LESS_HARM = build_rule(
    r"\b(?:reductions?|decreases?|regression|resolution|shrinkage|disappearance) (?:of|in) (?:the |his |her |their |its |all )?(?:[\w-]+ ){0,2}?"
    r"(?:risks?|hazards?|odds|mortality|deaths?|compression|tumou?rs?|mass|lesions?|metastas[ei]s|pain|symptoms?|(?:o)?edema|deficits?|bleeding|loss|complications?|recurrences?|spasticity|weakness)\b"
)
# Less of something good is a loss: "morbidity and a reduction in the length of life".
_LESS_GOOD = build_rule(
    r"\b(?:reductions?|reduced|decreased?|declined?|diminished|limited|less) (?:(?:of|in) )?(?:the |their )?(?:[\w-]+ (?:and |or )?){0,3}?(?:quality|independence|mobility|function|(?:length of )?life|survival|strength)\b"
)
_BORE_ON = re.compile(
    r"(?<!adversely )(?<!negatively )(?<!positively )(?<!favorably )(?<!favourably )(?<!detrimentally )"
    r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!ly )\b(?:affect|influence|impact)(?:s|ed|d)? (?!(?:by|on|in|with|of|has|have|had|is|are|was|were)\b)(?P<what>[^;,]*)"
)
_QUALITY = build_rule(
    r"\b(?:poor|good|bad|worse|better|best|worst|improved|impaired|adverse|favou?rable)"
)
# Those who need fewer drugs fare better.
_OFF_DRUGS = build_rule(
    r"\b(?:reduc|stop|discontinu|taper|decreas|ceas|wean)\w*(?: (?:or|and) \w+)? (?:the |their |his |her |all |use of |intake of )*(?:opioids?|analgesics?|narcotics?|medication|steroids?|morphine|painkillers?)\b"
)
# That something cannot be done went no way.
_IMPOSSIBLE = build_rule(
    r"\bnot (?:\w+ly |yet |always )?(?:feasible|possible|practicable|achievable)\b|\bnot (?:been )?considered\b"
    r"|\bnot (?:\w+ ){0,3}?(?:useful|helpful|reliable|suitable|accurate|valid|sufficient) for \w+ing\b"
)
# What foretells a result does not say which way it went: "predictors of a gain were a longer stay".
_FORETOLD = build_rule(
    r"(?s)((?:\b(?:predictors?|determinants?|(?:risk|prognostic|predictive|independent|significant) factors?|factors? (?:associated|correlated|linked)|factors? predict\w+)\b[^.;:]*?\b(?:of|for|with|to)|^predict(?:s|ed)\b(?=[^.;:]* includ))\b[^.;:]*?)\b(?:was|were|is|are|included?|comprised|:)\b(?! (?:\w+ly )?(?:similar|comparable|equal|identical)).*"
)
# "Low albumin was a predictor of leaks": how low what foretells is says not which way leaks went.
_FACTOR_AHEAD = build_rule(
    r"(?s)^.*?\b(?:was|were|is|are)\b(?= (?:[\w-]+ ){0,4}?(?:risk factors?|predictors?|determinants?) (?:for|of)\b)"
)
_LOW = build_rule(r"\b(?:low(?:er)?|reduced|decreased|less|fewer|smaller|shorter|small|short)\b")
# "Free of symptoms" names relief: nothing is denied of it but by another word.
_FREE = build_rule(r"\bfree(?:dom)? (?:of|from)\b")
_DENIED = build_rule(r"\b(?:not|no|none|never|neither|nor)\b")
_LEAST = build_rule(r"\bless likely\b|\b(?:was|were|is|are) (?:\w+ )?lowest\b(?!.*\bhighest\b)")
# "No patient was free of pain": all had it.
_NEVER_FREE = build_rule(
    r"\b(?:no (?:[\w-]+ )?(?:patients?|individuals|subjects|participants?|cases?|one|wom[ae]n|m[ae]n)|none|not|never)\b[^,;.]{0,40}\bfree (?:of|from)\b"
)
# "The risk of a leak was lower": less of a risk is a gain, whether its harm has a name here or not.
_RISKS = r"(?:risks?|odds|incidence|rates?|likelihood|probability|hazards?|frequency)"
_LESS_RISK = build_rule(
    rf"\b(?:lower|less|reduced|decreased|smaller|diminished) (?:\w+ ){{0,2}}?{_RISKS}\b"
    rf"|\b{_RISKS}\b[^.;,]{{0,80}}? (?:was|were|is|are|to be|become|became|remained) (?:\w+ly |much |also |very )?(?:low|lower|lowest|less|reduced|decreased|small|smaller|diminished|minimal|negligible)\b"
    rf"|\b(?:was|were|is|are|be) (?:\w+ly |much |also )?less (?:common|frequent|often|likely)\b|\b(?:inversely|negatively) (?:associated|correlated|related) (?:with|to) (?:[\w-]+ ){{0,4}}?{_RISKS}\b"
)
# "To reduce the risk of failure": of a harm that has no name here.
_LESS_FAILING = build_rule(
    rf"\b(?:lower(?:s|ed|ing)?|less|reduc(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|smaller|diminish(?:e[sd])?) (?:\w+ ){{0,2}}?{_RISKS}(?: \([^()]*\))? (?:of|for) (?:[\w-]+ ){{0,2}}?(?:fail|worsen|deteriorat|injur|damag|impair)"
    r"|\bcomplications?\b[^.;,]{0,60}\bless (?:common|frequent|often)\b|\bfewer (?:\w+ )?complications?\b|\b(?:deteriorations?|worsening|failures?|deficits?|injur(?:y|ies)|damage|impairment)\b[^.;,]{0,60}\b(?:less (?:common|frequent|often)|rarer|fewer)\b|\b(?:deteriorated|worsened|failed|declined) (?:\w+ )?less often\b"
)
# "A higher risk of deterioration of gait", "its deterioration rate was higher": more of a loss.
_LOSING = r"(?:re-?)?(?:deteriorat|worsen|declin|impair)\w*"
_MORE_FAILING = build_rule(
    rf"\b(?:higher|increased|greater|raised|elevated) (?:\w+ ){{0,2}}?{_RISKS} (?:of|for) (?:[\w-]+ )?{_LOSING}"
    rf"|\b{_LOSING} rates?\b[^.;]{{0,40}} (?:was|were) (?:\w+ly )?(?:higher|greater|increased)\b"
)
_RATING = ("predict", "accura", "discriminat", "correlation", "agreement")
# How well a score foretells is no way that patients went: "foretold death more accurately".
_ACCURACY = build_rule(
    r"\b(?:more|less|better|greater|higher|lower|improved|increased|reduced|high|good|low|poor|best|most) (?:[\w-]+ ){0,2}?(?:accura\w+|precis\w+|reliab\w+|c-?(?:index|statistics?)|auc|predictive|sensitiv\w+|specificity|discriminat\w+|concordance)\b"
    r"|\bbetter (?:at )?(?:than [^,;.]{1,30} )?(?:predict\w*|discriminat\w+)"
    r"|\b(?:high|higher|low|lower|good|better|poor|poorer|strong|stronger|weak|weaker) (?:[\w-]+ )?(?:correlations?|agreement)\b"
)
# That groups differed says not which way: "there were differences in complication rates".
_DIFFERED = build_rule(
    r"^(?!.*\b(?:worse\w*|poor\w*|deteriorat\w*|inferior|unfavou?rabl\w*)\b).*\b(?:differ(?:ed|s)?|differences?)\b"
)
# "Motor function declined in 9": what fell is a function, which no fewer lost.
_FUNCTION_FELL = build_rule(
    r"\b(?:function|strength|power|status|grades?|gait|condition)\b[^,;.]{0,30}?\b(?:declined|decreased|fell|dropped|diminished)\b"
)
_GRADES = build_rule(
    r"\b(?:excellent|good|complete|satisfactory)(?:,| and| or)[^.;\d]{0,40}\b(?:poor|bad|fair|unsatisfactory|no)\b",
    re.IGNORECASE,
)
# "Those who walked survived longer (hazard ratio for death 0.5)": fewer of them died.
_LIVED = build_rule(r"\b(?:surviv\w+|lived|survival (?:was|were)) (?:\w+ly )?(longer|shorter)\b")
# "Blood loss was lower and survival longer"
_GREW = build_rule(r"\b(?:longer|rose|increased|gained)\b")
# The classes of a score for stability, into which a text deals patients.
_STABLE = re.compile(r"\bstable in \d|\bpotentially unstable\b")
# "It fell in men, but not in women": of these it is told that it did not.
_BUT_NOT = re.compile(r",? but not (?:in|for|with|after|among|at|by)\b[^;]*")


def names_gain(text: str) -> bool:
    """Tell whether words are or hold one for a gain."""
    return words_for()["better"].search(lowered(text)) is not None


def item_way(text: str, clause: Span, focus: Span, measure: Concept | None) -> Direction | None:
    """Return which way a number of several went by the one word for more or less beside it.

    "Lower odds of relapse (0.6) and higher mortality (OR 3.4)": each has its own word.
    """
    if focus == clause or measure is None or measure.harm is None:
        return None
    ways = ways_told(of_result(lowered(text[slice(*focus)]))) & {"more", "less"}
    around = ways_told(lowered(text[slice(*clause)])) & {"more", "less"}
    if len(ways) != 1 or len(around) != 2:
        return None
    return "worse" if measure.harm == ("more" in ways) else "better"


def by_ratio(
    text: str,
    clause: Span,
    way: Direction | None,
    numbers: Sequence[Measurement],
    asserted: Assertion,
    measure: Concept | None,
) -> Direction | None:
    """Return which way a claim of one ratio went: a ratio of 0.6 for failure is no worse one.

    Where it is denied the ratio told of no difference: "obesity (odds ratio 1.1) did not".
    """
    if way is None or len(numbers) != 1 or numbers[0].statistic not in RATIOS:
        return way
    if asserted == "negated":
        return "no_difference"
    harm = measure is not None and measure.harm
    if way == "better" and harm and (numbers[0].value or 0) > 1:
        # "Lower albumin (OR 0.7), anaemia (OR 1.4)": each by its own; what protects is weighed the other way.
        return None if "protect" in text else "worse"
    less = numbers[0].value is not None and numbers[0].value < 1
    if less and way == "worse" and measure is None:
        return None
    harmed = less and way == "worse" and harm
    if not harmed or words_for()["more"].search(lowered(text[slice(*clause)])):
        return way
    return "better" if " had " in text or " carried " in text else None


def grades(text: str, clause: Span) -> bool:
    """Tell whether a clause grades results in one breath, so that its words tell of no one number."""
    return _GRADES.search(text, *clause) is not None


def is_mixed(text: str, measure: Concept) -> bool:
    """Tell whether words for a gain and for less or worse stand together: "good results with low mortality"."""
    ways, low = words_for(), lowered(text)
    gains = measure.harm is False
    lost = ways["less"].search(low) or ways["worse"].search(low)
    won = ways["better"].search(low) or _GREW.search(low)
    return gains and bool(lost and won)


def direction_of(
    text: str, kind: Kind, assertion: Assertion, measure: Concept | None
) -> Direction | None:
    """Return which way a result went for the patient, None where the words do not tell."""
    text = lowered(text)
    if "unstable" in text and _STABLE.search(text):
        return None  # "stable in 12, potentially unstable in 30": the classes of a score
    # "More likely to die here, less likely there" went neither way.
    if kind in {"approach", "indication"} or ("more likely" in text and "less likely" in text):
        return None
    harm = measure.harm if measure else None
    text = _weighed(of_result(text), kind, assertion, harm)
    if "no " in text and "heterogeneity" in text and assertion == "negated":
        return None  # that studies agreed says not how patients fared
    if assertion == "negated" and _IMPOSSIBLE.search(text) and (harm is None or " for " in text):
        return None
    if harm and ("longer" in text or "shorter" in text) and assertion == "affirmed":
        lived = _LIVED.search(text) if measure and measure.id == "mortality" else None
        if lived:
            return "better" if lived[1] == "longer" else "worse"
    ways = ways_told(text)
    if ways & {"better", "worse"} and assertion == "affirmed" and _bears_only(text):
        return None
    if harm is False and "failing" in ways:
        harm = True
    if "unaltered" in ways or "alike" in ways:
        return "no_difference"
    if "lacking" in ways:
        return "worse"
    if assertion == "negated":
        return "no_difference" if _BUT_NOT.search(text) else _denied(text, ways, measure, harm)
    if harm and _FUNCTION_FELL.search(text):
        return "worse"
    if harm is False and _MORE_FAILING.search(text):
        return "worse"
    if "less" in ways and harm is not None:
        return "better" if harm else "worse"
    if "better" in ways and kind == "outcome":
        return "better"
    if "more" in ways and harm is not None:
        return "worse" if harm else "better"
    if kind == "outcome" and "differ" in text and _DIFFERED.search(text):
        return None
    if "worse" in ways or kind == "risk":
        less = kind == "risk" and (_LEAST.search(text) or _LESS_RISK.search(text))
        less = less or (harm is None and _LESS_FAILING.search(text))
        unnamed = harm is None and "less" in ways and ways.isdisjoint(("worse", "more"))
        return "better" if less else None if unnamed else "worse"  # "fewer fractures"
    return None


def _bears_only(text: str) -> bool:
    """Tell whether words only say that something bore on a result: "a leak affects recovery"."""
    bore = _BORE_ON.search(text)
    if bore is None or not ways_told(text).isdisjoint(("more", "less")):
        return False
    return not (_QUALITY.search(bore["what"]) or _QUALITY.search(text, 0, bore.start()))


def _weighed(text: str, kind: Kind, assertion: Assertion, harm: bool | None) -> str:
    """Return words in which a small gain is said to be worse, and less of a harm to be better."""
    if assertion != "negated":
        text = _SMALL_GAIN.sub(" worse ", _BUT_NOT.sub(" ", text) if "but not" in text else text)
        if "predict" in text or "factor" in text or "determinant" in text:
            text = _FORETOLD.sub(r"\1", _UNREACHED.sub(" worse ", text))
            text = _FACTOR_AHEAD.sub(lambda each: _LOW.sub(" ", each[0]), text)
    if harm and kind == "risk":
        text = _LESS_GOOD.sub(" worse ", text)
    if harm and holds_any(text, _RATING):
        text = _ACCURACY.sub(" ", text)
    if harm is False and assertion != "negated":
        text = _OFF_DRUGS.sub(" improved ", text)
        text = _LESS_HARM.sub(" improved ", text)
    return text


def _denied(
    text: str, ways: set[str], measure: Concept | None, harm: bool | None
) -> Direction | None:
    """Return which way it went where what is told did not come about."""
    if "unchanged" in ways or ("elided" in ways and not harm):
        return "no_difference"
    if harm is False and _FREE.search(text) and not _DENIED.search(text):
        return "better"
    if harm and " free " in text and _NEVER_FREE.search(text):
        return "worse"
    # "No recurrence" names a good state by what is absent: its no is no denial of it.
    if measure and measure.label.startswith("no "):
        return "better"
    return "better" if harm else "worse" if harm is False else None
