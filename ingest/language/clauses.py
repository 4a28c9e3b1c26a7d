"""Split a sentence into the clauses and list items that each make a statement of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.language.literals import openings
from ingest.language.starts import build_rule
from ingest.language.wording import joined
from ingest.yamlfile import load_yaml

CUES = Path(__file__).parents[1] / "cues" / "clauses.yml"
Span = tuple[int, int]
# Openers of phrases that state something without a verb of their own.
_PHRASES = (
    "because",
    "except",
    "despite",
    "without",
    "while",
    "including",
    "apart from",
    "aside from",
    "other than",
    "with the exception",
    "save for",
    "but for",
    "at the ",
    "with ",
    "and no ",
    "and with no ",
    "and absence of ",
    "and an absence of ",
    "and the absence of ",
    "and complete absence of ",
    "and lack of ",
    "and a lack of ",
    # What the authors take from a finding is a statement apart, and less sure.
    "suggesting",
    "implying",
    "indicating",
    "highlighting",
    "underlining",
    "underscoring",
)
# "Follow-up was two years | without recurrence", "without a deficit whose ...": no half is alone.
_FOLLOWED = build_rule(r"\bfollow(?:ed)?[- ]?up\b[^,;]{0,24} (?:was|of|is)\b", re.IGNORECASE)
# Where the words that follow "and no ..." end, and another statement begins.
_NEXT = re.compile(r";|, (?:and|but|while|whereas)\b")
# What begins anew behind a dash; else it goes on, lists or explains.
_AFRESH = re.compile(
    r"(?:no|none|neither|with no|without)\b|(?:there|this|it|they|he|she|we|however,|therefore,) "
)
# "Demanding, but potentially curative": what is added is less sure than what is said.
_LESS_SURE = ("potentially ", "possibly ", "probably ", "perhaps ", "likely ")
_DENIED = ("and no ", "and with no ")
# "The scans showed union | and absence of a leak"
_MISSING = build_rule(r"and (?:an? |the )?(?:complete )?(?:absence|lack) of\b")
_SHOWN = build_rule(
    r"\b(?:show(?:ed|s|n)|demonstrat(?:ed|es)|reveal(?:ed|s)|confirm(?:ed|s)|(?:was|were) (?:observed|seen|noted|found)|achieved|obtained)\b"
)
# "In men with a metastasis but | without a deficit": who they are.
_LACKING = ("without ", "with no ", "no ")
# "Although cement leaked in 9 levels, nobody was harmed": what happened is told ahead.
_OCCURRED = build_rule(
    r"\b(?:leaked|recurred|relapsed|failed|broke|loosened|migrated|subsided|bled|persisted|progressed)\b"
)
_EVIDENCE = re.compile(r"and (?:with )?no (?:evidence|signs?|recurrence|relapse|residual)\b")
# "There were no deaths and two infections": the second half tells what did occur.
_COUNTED = re.compile(
    r"and (?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:[a-z-]+ ){0,5}[a-z-]+[.,;]"
)
_NONE = build_rule(
    r"\b(?:there (?:was|were|has been|have been)|had|saw|observed|encountered|with) (?:no|neither) "
    r"(?!(?:[\w-]+ )?(?:differen|correlat|associat|change|evidence|sign))[^,;.]*$",
    re.IGNORECASE,
)
# "The number of levels affected, ...": a participle that closes an item of a list.
_PARTICIPLE = re.compile(r"[a-z]+ed(?= ?(?:[,(]|$))")
_REPORTED = build_rule(
    r"\b(?:show|found|find|identif|reveal|demonstrat|suggest|indicat|confirm|conclud|report|not|observ|stat|believ|agre)\w* that "
)
# Past tenses that tell something behind "that"; participles of other verbs may stand with a noun.
_TOLD = build_rule(
    r"\b(?:reduced|relieved|caused|led|resulted|restored|prevented|allowed|provided|affected|influenced"
    r"|predicted|correlated|prolonged|lowered|differed|failed|grew|kept|rose|seemed|appeared|recurred"
    r"|occurs?|provides?|allows?|leads?|results?|seems?|appears?|remains?|offers?|requires?|shows?)\b"
)
# Words with which a statement denies already what "and no" goes on with, or which compare.
_SHARED = build_rule(
    r"\b(?:no|not|none|neither|nor|never|without|free|zero|between|versus|vs|than|if|when)\b|n[’']t\b",
    re.IGNORECASE,
)
# "Apart from a dural tear, none occurred": the opening phrase states what did occur.
_OPENING = re.compile(
    r"(?:except|apart from|aside from|other than|with the exception of)\b[^,;]*,\s*", re.IGNORECASE
)
# "Suffices for patients with low-grade compression | and no instability": both are theirs.
_THOSE_WITH = build_rule(
    r"\b(?:patients|subjects|participants|those|cases|women|men|individuals|tumou?rs|lesions) (?:with|who (?:have|had)|having) [^,;.]*$"
)
_BRACKET = re.compile(r"[()\[\]]")
_STRAY = re.compile(
    r"[\s,;:]*(?:(?:and|but|or|so|yet|whereas|while|although|that(?! of\b))\b,?\s+)?"
)
_LEADING = re.compile(
    r"(?:(?:we|the authors?) (?:\w+ )?(?:conclude|believe|found|suggest|feel|think)\w* that )?(?:since|because|although|though|while|whereas|even though|given that)\b",
    re.IGNORECASE,
)
# "In those who survived, | pain relief": of whom the rest is told
_WHOM = re.compile(
    r"(?:in|for|among) [^;,]*?\b(?:who|whose|whom|with|without)\b[^;,]*, (?=the |[a-z])",
    re.IGNORECASE,
)
# What goes on behind a comma is no main clause: a list, or words between commas.
_AMID = re.compile(r"(?:and|or|but|which|who|that|where|with|including|especially)\b")
# "The outcome of 30 patients | surgically treated for": a participle says which they are.
_WHICH = build_rule(
    r"\bof (?:the |our |all )?(?:[\w-]+ ){1,4}(?:patients|individuals|subjects|participants|cases|children|women|men|tumou?rs|lesions) (?:\w+ly )?$",
    re.IGNORECASE,
)
# "In those who had a resection, bowel | and bladder were": a name ahead shares the verb.
_FRONTED = re.compile(
    r"(?:in|for|among|of|after|with|at|on|by|during|following) [^;]*, (?P<name>[\w -]{3,40})$",
    re.IGNORECASE,
)
# "If early and complete removal is done": the words behind a conjunction still name its subject.
_OPEN = build_rule(r"\b(?:if|when|whether|unless|provided|once) (?:an? |the )?[\w-]+(?: [\w-]+)?$")
_WHO = build_rule(r"\b(?:who|which|that|whom)\b[^,;.]*$")  # "those who walked | and had no pain"

_EFFECT = re.compile(
    r"(?:\w+ly )?(?:(?:is|are|was|were) (?:\w+ly )?associated|caus|led |lead|result|(?:increas|reduc|decreas|prolong|shorten|rais|lower|improv)\w+\b(?! (?:[\w-]+ ){1,2}(?:was|were|is|are)\b))"
)
_DENIES = build_rule(r"\b(?:not|no|neither|nor|without)\b")
_NOBODY = re.compile(
    r"\W*(?:(?:in|of|among) [^,]{3,60}, )?(?:no|none|neither|nobody)\b", re.IGNORECASE
)
JOINT = build_rule(r",|;|\band\b|\bbut\b|\bversus\b|\bvs\b|\bcompared\b")
"""What stands between parts of a sentence that each tell something."""


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    cues: dict[str, Any] = load_yaml(CUES)
    return (
        build_rule(rf"\b(?:{joined(cues['finite'])})\b"),
        _boundary(cues["boundaries"]),
        build_rule(rf"\b(?:{joined(cues['certain'])})\b"),
    )


def _boundary(cues: dict[str, list[str]]) -> re.Pattern[str]:
    """Return the one rule of all boundaries; beginning with a class of signs makes it quick.

    Behind most blanks stands a word that opens nothing: its first letters tell.
    """
    comma, blank = (f"(?:{joined(cues['either'] + cues[name])})" for name in ("comma", "blank"))
    opened = "|".join(sorted(openings(blank)))
    return build_rule(rf"[;,\s](?:(?<=\s)\s*(?={opened}){blank}|(?<=,)\s+{comma}|(?<=;)\s*)")


@lru_cache(maxsize=64)
def depths_of(text: str) -> list[int]:
    """Return at every place how many brackets are open."""
    if "(" not in text and "[" not in text:
        return [0] * len(text)
    depth, at = 0, 0
    depths: list[int] = []
    for match in _BRACKET.finditer(text):
        place = match.start()
        depths += [depth] * (place - at)
        at = place
        if match[0] in "([":
            depth += 1
        elif depth:
            depths.append(depth)
            depth -= 1
            at += 1
    return depths + [depth] * (len(text) - at)


def trim(text: str, span: Span) -> Span:
    """Return the span without outer white space, stray commas and leading conjunctions."""
    start, end = span
    lead = _STRAY.match(text, start, end)
    start = lead.end() if lead else start
    while end > start and text[end - 1] in " \t\n,;:":
        end -= 1
    return start, end


def holds_verb(text: str) -> bool:
    """Tell whether words hold a finite verb and so state something by themselves."""
    return bool(_rules()[0].search(text))


def _denies_apart(text: str, ahead: int, behind: int) -> bool:
    """Tell whether "and no ..." denies something beside what is told ahead of it.

    "He gained strength and had no pain" tells two things; "there was no leak and no
    infection" or "those who had pain and no deficit were treated" one.
    """
    finite, _, certain = _rules()
    left, right = text[:ahead], _NEXT.split(text[behind:], maxsplit=1)[0]
    return (
        bool(certain.search(left) or _SHOWN.search(left))
        and not _THOSE_WITH.search(left)
        and not _SHARED.search(left)
        and not finite.search(right[:110])
    )


def _states(right: str) -> bool:
    """Tell whether words hold a verb that does more than say which patients: "30 patients treated for"."""
    verbs = _rules()[0].finditer(right)
    return any(
        not (each[0].endswith("ed") and _WHICH.search(right, 0, each.start())) for each in verbs
    )


def _names_on(left: str) -> bool:
    """Tell whether words behind "that" still name their subject: "found that age, sex | and site were"."""
    that = _REPORTED.search(left)
    if that is None:
        return False
    named = left[that.end() :]
    return not _rules()[2].search(named) and not _TOLD.search(named)


def _lists_on(left: str, opener: str) -> bool:
    """Tell whether words ahead of ", and" only name things: "age, levels affected, | and sex were"."""
    whom = _WHOM.match(left)
    left = left[whom.end() :] if whom else left
    if "," not in opener or "," not in left:
        return False
    return all(_PARTICIPLE.match(left, each.start()) for each in _rules()[0].finditer(left))


def _shares_subject(left: str, right: str) -> bool:
    """Tell whether a verb of effect behind "and" says the same of its subject as the one ahead.

    Both tell, or nobody is the subject of both: only where the first denies is the second apart.
    """
    if not _EFFECT.match(right):
        return _WHO.search(left) is not None and right.startswith(("do", "did"))
    return _NOBODY.match(left) is not None or not _DENIES.search(left)


def _goes_on(left: str, right: str) -> bool:
    """Tell whether the words ahead of "and" are half of a subject whose verb is behind it."""
    if right.startswith(("has no", "had no", "have no", "showed no")) and _WHO.search(left):
        return True
    finite = _rules()[0]
    opened = _OPEN.search(left)
    if opened:
        return not finite.search(opened[0])
    fronted = _FRONTED.match(left)
    return fronted is not None and not finite.search(fronted["name"])


def _led(text: str, depths: Sequence[int]) -> int:
    """Return where the main clause behind a leading "although ...," begins, 0 where none does."""
    finite, _, certain = _rules()
    for match in re.finditer(r",\s", text):
        at = match.end()
        if depths[at] or not (certain.search(text, 0, at) or _OCCURRED.search(text, 0, at)):
            continue
        led = finite.search(text[at:][:110].partition(";")[0])
        return at if led and not _AMID.match(text, at) else 0
    return 0


def _dashed(text: str, cuts: list[Span]) -> list[Span]:
    """Return the cuts with that of a lone dash that parts two statements: "were seen—no leak was"."""
    at = text.find("—")
    if text.find("—", at + 1) >= 0 or depths_of(text)[at]:
        return cuts
    right = text[at + 1 :].strip()
    if not _AFRESH.match(right) or not _rules()[2].search(text[:at]):
        return cuts
    return sorted([*cuts, (at, at + 1)])


def clauses(text: str) -> list[Span]:
    """Return the clauses of a sentence in order; one span where it does not fall apart."""
    depths = depths_of(text)
    cuts = _opening_cut(text, depths)
    begin, phrased = cuts[0][1] if cuts else 0, False
    for match in _rules()[1].finditer(text, begin):
        start, end = match.span()
        if depths[start] or start - begin < 12 or len(text) - end < 8:
            continue
        opener, right = match[0].strip().lower(), text[end:]
        phrase = _opens_phrase(text, begin, match, opener, right)
        if phrase is None:
            continue
        if not (phrase or opener == ";" or _is_clause(text[begin:start], right, opener, phrased)):
            continue
        phrased = phrase
        cuts.append((start, end))
        begin = end
        if right.startswith("despite") and "," in right:
            comma = begin + right.index(",")
            cuts.append((comma, comma + 1))
            begin = comma + 1
    return _spans(text, _dashed(text, cuts) if "—" in text else cuts)


def _opening_cut(text: str, depths: Sequence[int]) -> list[Span]:
    """Return the cut behind what a sentence opens with, where that states something of its own."""
    opening = _OPENING.match(text)
    begin = opening.end() if opening else _led(text, depths) if _LEADING.match(text) else 0
    return [(begin - 1, begin)] if begin else []


def _opens_phrase(
    text: str, begin: int, match: re.Match[str], opener: str, right: str
) -> bool | None:
    """Tell whether a boundary opens a phrase that states something, None where it parts nothing."""
    start, end = match.span()
    if right.startswith("without ") and (
        " whose " in right or _FOLLOWED.search(text, begin, start)
    ):
        return None
    if opener == "but" and right.startswith(_LACKING) and _THOSE_WITH.search(text, begin, start):
        return None
    missing = _MISSING.match(right) is not None
    if missing and not _SHOWN.search(text, begin, start):
        return None
    denied = missing or right.startswith(_DENIED)
    if not opener and not denied and right.startswith("and "):
        counted = _COUNTED.match(right) and _NONE.search(text[begin:start])
        return True if counted else None
    phrase = (not opener.strip(",") and right.startswith(_PHRASES)) or (
        opener.endswith("but") and right.startswith(_LESS_SURE)
    )
    if not (phrase and denied) or _EVIDENCE.match(right):
        return phrase
    return True if _denies_apart(text[begin:], start - begin, end - begin) else None


def _is_clause(left: str, right: str, opener: str, phrased: bool) -> bool:
    """Tell whether the words on both sides of a boundary hold a verb; a phrase ahead needs none."""
    finite, _, certain = _rules()
    if not _states(right[:110].partition(";")[0]):
        return False
    if opener.endswith("and") and (_names_on(left) or _lists_on(left, opener)):
        return False
    if opener == "and" and (_goes_on(left, right) or _shares_subject(left, right)):
        return False
    if phrased or (certain if opener == "and" else finite).search(left):
        return True
    return opener == "but" and certain.match(right) is not None  # "but have no"


def _spans(text: str, cuts: Sequence[Span]) -> list[Span]:
    """Return what lies between the cuts; one span where nothing of weight does."""
    whole = (0, len(text))
    if not cuts:
        span = trim(text, whole)
        return [span if span[1] - span[0] > 3 else whole]
    edges = [0, *[cut[1] for cut in cuts]]
    stops = [*[cut[0] for cut in cuts], len(text)]
    spans = [trim(text, span) for span in zip(edges, stops, strict=True)]
    return [span for span in spans if span[1] - span[0] > 3] or [whole]
