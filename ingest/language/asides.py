"""Find what a sentence only guesses by the way: ", which may recur," is not what it tells."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule

_GUESS = (
    r"(?:may|might|could|can|probably|possibly|perhaps|presumably|potentially|likely|reportedly"
    r"|appear(?:s|ed)?|seem(?:s|ed)?|suggest(?:s|ed)?|thought|believed|assumed|presumed|suspected)"
)
# Between commas, with the main clause's verb behind them: "Chordomas, which may bleed, were".
_BETWEEN = re.compile(
    rf", (?:(?:which|who|whose|that) [^,;.:()]{{0,40}}?\b{_GUESS}\b"
    r"|(?:an? |the )?(?:possibl[ey]|potential(?:ly)?|probabl[ey]|presumed|supposed(?:ly)?|thought|believed|considered|assumed|likely)\b(?! (?:and|or)\b))"
    r"[^,;.:]{0,120}(?=, (?!and\b|or\b|but\b|which\b|who\b|with\b|as\b|thus\b|thereby\b|in\b|[a-z]+ing\b))"
)
# Who or what is meant, with the main clause's verb behind: "those who might gain lived on".
_MEANT = build_rule(
    rf"^(?:in|for|among) (?:the |those |all )?(?:[a-z-]+ )?(?:patients|individuals|subjects|participants|those|cases|women|men|children) (?:who|that|in whom|whose) [^,;.:()]{{0,40}}?\b{_GUESS}\b[^,;.:()]*(?=, )"
    r"|(?:\b(?:patients|subjects|participants|those|cases|women|men|children|individuals|lesions|tumou?rs|symptoms|complications|events|deficits|factors|deaths|levels|fractures|groups?) "
    rf"(?:(?:who|that|which) (?:[a-z]+ )?{_GUESS}\b"
    r"|(?:(?:who|that|which) (?:was|were|is|are|had been) )?(?:\w+ly )?(?:thought|believed|presumed|considered|suspected|assumed|felt|likely|predicted|expected|judged) (?:likely |unlikely |possibly |probably )?(?:to|as)\b)"
    r"|\b(?:thought|believed|presumed|considered|assumed|felt) to (?:be|have)\b)"
    r"[^,;.:()]{0,80}?(?=,? (?:was|were|had|have|has|did|should|must|underwent|received|occurred|developed|resolved|improved|died|survived|lived|recovered|gave|led|showed|required|remained|is|are)\b)"
)
# What a finding is guessed to come from, or what its relative clause guesses, leaves it sure.
_BEHIND = build_rule(
    r"(?<=[a-z0-9%)], )(?:possibly|probably|perhaps|presumably|likely|potentially|most likely) (?:due|because|owing|related|as a"
    r"|reflecting|caused|secondary|explained|attributable|representing|from)\b[^.;,]*"
    r"|(?<=[a-z0-9%)], )which (?:\w+ )?(?:may|might|could|appears?|seems?|suggests?|is (?:\w+ )?likely|is thought)\b[^.;]*"
    r"|\b(?:that|which|who) (?:seem(?:s|ed)|appear(?:s|ed)) (?:to (?:be|have) )?(?:\w+ly )?[a-z]+\b"
    r"|\b(?:to|in|for|on|of|from) (?:which|whom) [^,.;]{0,50}?\b(?:may|might|could|can|likely)\b"
    r"|\b(?:patients|individuals|subjects|participants|those|cases|women|men|children|levels|lesions|tumou?rs|fractures) (?:\w+ly )?(?:thought|believed|presumed|considered|suspected|assumed) to (?:be|have)\b[^,.;]*"
)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def without_guesses(low: str) -> str:
    """Return a text in lower case with what it guesses between commas blanked, as long as before."""
    return _BETWEEN.sub(_blank, low) if ", " in low else low


def told_for_sure(low: str) -> str:
    """Return a statement in lower case without what it guesses beside what it tells."""
    return _BEHIND.sub(_blank, _MEANT.sub(_blank, without_guesses(low)))
