"""Tell whose finding a claim is: the authors' own, or that of others whom they cite."""

from __future__ import annotations

import re

from ingest import context
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.model import Attribution
from ingest.reading import Reading
from ingest.statements.draft import Draft

CONTRAST = re.compile(
    # Beginning with a sign makes it quick.
    r";(?:\s*(?:however|but|yet|although|whereas)\b,?)?"
    r"|,(?: (?:however|but|although|whereas)\b,?| while\b)| (?:however|but|although|whereas)\b,?",
    re.IGNORECASE,
)
"""What parts a sentence into two halves that are set against each other."""
# What sets one finding beside another.
_LIKE = r"(?:than|(?:compar(?:ed|able|es?)(?: \w+ly| well)?|similar|contrast|close|in line|consistent|in agreement|in keeping|in accordance|agrees?) (?:to|with)|versus|vs\.?)"
_LITERATURE = r"(?:in )?(?:the )?(?:published |current |available )?literature\b|(?:other|others|previous|earlier|historical|published|several|prior) (?:series|reports|studies|authors|publications|rates)\b"
# What others found, beside which one's own finding is set.
_BESIDE = build_rule(
    rf"\b{_LIKE} (?:(?:has|have|had) been |was |were |is )?(?:the |those |that |an? )?"
    r"(?:(?!(?:has|have|had|is|are|was|were)\b)[\w%.–-]+ ){0,8}?"
    rf"(?:(?:reported|published|described|found|observed|given|noted|obtained|quoted|cited)\b|{_LITERATURE})",
    re.IGNORECASE,
)
# Words that give a number to others whatever the sentence is on: "than the 10% quoted".
_QUOTED = build_rule(
    rf"\b{_LIKE} (?:(?:that|those|the|an?|rates?|results|figures|[\d.–-]+ ?%) )?(?:[\w%.–-]+ ){{0,6}}?(?:(?:reported|published|quoted|cited)\b|{_LITERATURE})"
    r"(?! (?:by|in|for) (?:the |our |these |only )?(?:patients|individuals|subjects|participants|women|men|children|controls|us\b|our|group|\d))",
    re.IGNORECASE,
)
# "A leak, which has been reported in 9%, was not seen": the clause that quotes tells of others.
_IN_CLAUSE = build_rule(
    r"\b(?:which|that) (?:(?:has|have|had) been|is|are) (?:\w+ly )?(?:reported|described|published|quoted|cited|said|estimated)\b[^,;]*",
    re.IGNORECASE,
)
_QUOTING = (
    "reported",
    "published",
    "quoted",
    "cited",
    "literature",
    "series",
    "studies",
    "reports",
)
# "Roe et al. reported 40%, while ours was 12%": a clause that names the authors' own is theirs.
_OURS = build_rule(
    r"\b(?:ours|our (?:own )?(?:[\w-]+ )?(?:rates?|series|patients|results?|cohort|study|experience|figures?)|we (?:\w+ )?(?:found|had|saw|observed))\b",
    re.IGNORECASE,
)
_NEAR = 30


def credited(reading: Reading, draft: Draft) -> Attribution:
    """Return whose finding a claim is, where a sentence tells its own and that of others.

    "Some report X, but we saw none" cites others in one half, "it was 4%, lower than the 9%
    reported by Roe et al" in its second.
    """
    text, own = reading.text, reading.attribution == "own"
    hinted = own and draft.measurements and holds_any(text, _QUOTING)
    quoted = _QUOTED.search(text) if hinted else None
    if quoted and quoted.start() <= draft.measurements[0].start < quoted.end() + _NEAR:
        inside = draft.measurements[0].start < quoted.end()
        if inside or any(each.start < quoted.start() for each in reading.measurements):
            return "cited"
    quoting = _IN_CLAUSE.search(text) if hinted else None
    if quoting and quoting.start() <= draft.measurements[0].start < quoting.end():
        return "cited"
    half = text[slice(*draft.clause)]
    if not own and len(half) < len(text) - 1 and _OURS.search(half):
        return context.attribution(half)
    mark = (CONTRAST if own else _BESIDE).search(text)
    if mark is None:
        return reading.attribution
    counted = bool(draft.measurements) and not own
    place = draft.measurements[0].start if counted else draft.clause[0]
    if not own and mark.start() < 3 and (comma := text.find(", ", mark.end())) >= 0:
        # "Compared with the 9% reported by Roe et al., our rate was 4%."
        return context.attribution(text[comma:] if place > comma else text[:comma])
    # "Higher than in other series (2,900 ml)": a number that stands alone is their own.
    alone = counted and place >= mark.end() and reading.measurements[0].start >= mark.end()
    if place < mark.start() or alone:
        return context.attribution(text[: mark.start()])
    return context.attribution(text[mark.end() :].lstrip()) if own else reading.attribution
