"""Tell how the patients of a list's item fared: 12 improved, 8 unchanged, worse in 3."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.clauses import Span
from ingest.language.starts import build_rule
from ingest.model import Direction, Measurement

# How the patients of a list's item fared whom an adjective alone counts: absent in 4, worse in 2.
_FARED = build_rule(
    r"(?:^|[,;(] ?|\band |\bor |\bbut |\bwas |\bwere |\bhad )(?:(?P<same>unchanged|stable|no change|the same)|(?P<better>better|improved|resolved|disappeared|recovered|regained|improvement|recovery|resolution)|(?P<worse>worse(?:ned)?|deteriorated|unsatisfactory|poor|bad|lost|(?:neurological )?(?:deterioration|worsening|progression|decline))"
    r"|(?P<none>absent|nil|none|not at all|no (?:relief|improvement|response|recovery|benefit|effect)))(?: than (?:before(?: (?:the )?(?:surgery|operation|treatment))?|pre-?operatively|at baseline|at first))?(?: in| by| for)? ?\(?(?:the |another |only |n ?= ?)?$",
    re.IGNORECASE,
)
# "The rate of patients losing their gait was 7%"
_RATE_LOST = build_rule(
    r"\b(?:rates?|proportion|percentage|number) of (?:[\w-]+ ){0,4}?(?:losing|(?:who|that) lost|loss of)\b[^,;]{0,50}\b(?:was|were|of) $"
)
# "3 remained stable": how those fared whom a verb behind them tells of.
_WENT = re.compile(
    r"(?: \(\d[^()]*\))?(?: (?:patients?|individuals|subjects|participants?|cases?|others?|women|men|children))? (?:had |then )?(?:(?P<same>(?:remained|were|was|stayed) (?:\w+ly )?(?:stable|unchanged|the same)|(?:unchanged|stable)(?=,|;|\.| and | or ))|(?P<worse>worsened|deteriorated|(?:(?:were|was|felt|became|got) )?worse)|(?P<better>(?:(?:were|was|felt|became|got) )?better(?=[,;.]| (?:and|or|at|after|by|but)\b)))\b(?! (?:or|and) (?:improv|better|stable|unchanged|worse|deterior))"
)
_LOST = re.compile(r"(?: [\w-]+){0,3} lost (?:it|this|them|their|the ability)\b")
_GAIN_AHEAD = build_rule(
    r"\b(?:relie(?:f|ved)|improve\w*|recover\w*|respon[sd]\w*|benefit\w*|success\w*|resol\w+|outcomes?|results?|function)\b",
    re.IGNORECASE,
)


def item_fared(
    text: str, clause: Span, focus: Span, numbers: Sequence[Measurement]
) -> Direction | None:
    """Return which way it went for those of a list's item, None where its words do not tell."""
    if not numbers or numbers[0].start < clause[0]:
        return None
    if " los" in text and _RATE_LOST.search(
        text, max(clause[0], numbers[0].start - 110), numbers[0].start
    ):
        return "worse"
    first = numbers[0]
    if first.statistic not in {"count", "percent"} or "unstable" in text:
        return None
    if 0 in (first.value, first.numerator):
        return None
    went = _WENT.match(text, numbers[0].end)
    if went:
        return "no_difference" if went["same"] else "better" if went["better"] else "worse"
    begin = max(focus[0], numbers[0].start - 40)
    found = _FARED.search(text[begin : numbers[0].start])
    if found is None:
        nobody = text.startswith(("No", "no"), numbers[0].start)
        return "worse" if not nobody and _LOST.match(text, numbers[0].end) else None
    if found["same"]:
        return "no_difference"
    if found["better"]:
        return "better"
    told = found["worse"] or _GAIN_AHEAD.search(text, clause[0], begin + found.start())
    return "worse" if told else None
