"""Tell what a sentence does in its article: background, aim, method, result or conclusion.

Sections with a telling heading decide; else a linear model trained by ``bench/train_roles.py`` on
structured abstracts (PubMedQA, MIT licence) reads the words, the place and the sentence before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from struct import Struct

from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, holds_digit, lowered

# Of a sentence: how many numbers, its tenth of the text, how many behind and ahead, the role before.
Standing = tuple[int, int, int, int, str]
ROLES = ("background", "aim", "methods", "results", "conclusion")
_MODEL = Path(__file__).parents[1] / "models" / "roles.json"
_TOKEN = build_rule("[a-z]+|[0-9]+(?:[.,][0-9]+)*|[%<>=]")
# A full article's unlabelled passages tell no such story: the model reads abstracts alone.
_LONGEST = 40
_AIM = (
    r"\b(?:aim|purpose|objective|goal)s? (?:of (?:this|the|our|present|current)(?: \w+){0,3} )?(?:is|was|were|has been) to\b",
    r"\b(?:study|paper|article|work|review|report|series|we|authors) (?:\w+ )?(?:aim(?:s|ed)?|sought|seeks?|set out|attempts?|attempted|are attempting|wished) to\b",
    r"^(?:we|the authors) (?:aimed|sought|set out)\b",
    r"^to (?:evaluate|assess|investigate|determine|examine|compare|describe|report|present|clarify"
    r"|explore|identify|analy[sz]e|review|study)\b",
)
# "The comparison of two routes in the elderly." is no statement, but what was set out to do.
_NAMED = (
    r"^(?:the |an? )?(?:comparison|evaluation|assessment|analysis|investigation|description"
    r"|determination|validation|examination) of\b(?![^.]*\b(?:is|are)\b)"
)
# "We therefore assessed complications and gait", where a heading says that it is an aim.
_LOOKED_INTO = (
    r"^(?:[\w-]+,? ){0,3}?(?:we|the authors|this (?:study|report|paper)) (?:therefore |thus |also |then |retrospectively |prospectively |have |has )*"
    r"(?:ask|assess|determin|evaluat|examin|investigat|analy[sz]|compar|explor|stud(?:ied|ies|y)|address|describ|quantif|question)\w*\b"
    r"(?!.*\b(?:found|show(?:ed|s|n)|reveal\w*|demonstrated|significantly)\b)"
)
_TO_FIND = (
    r"\b(?:aim|purpose|objective|goal|hypothes|to (?:describe|report|present|evaluate|assess|determine"
    r"|investigate|compare|identify|analy[sz]e|examine|develop|test|validate|define|demonstrate|show"
    r"|explore|establish|study|clarify|find|introduce|provide|review|highlight|characteri[sz]e)\b)"
)

# "Two years after surgery she walks": what was found, though it stands at the end.
_LATER = build_rule(
    r"^(?:at |by |after )?(?:the |more than |over |almost |nearly |about )*(?:[\w]+[- ]){0,2}?(?:months?|years?|weeks?|days?) (?:after|following|since|later)\b"
    r"|\bat (?:the |his |her )?(?:last|latest|final|most recent|\w+[- ](?:month|year|week)s?)(?: of)? (?:postoperative )?follow-?up\b"
)
# "It was obtained in 36 of the 58 patients (62%)": what was found, not what was done to all.
_SHARE = build_rule(
    r"\b\d+ (?:of|out of) (?:the |these |our |all )?\d+ ?[^.;()]{0,40}[(,] ?\d+(?:\.\d+)? ?%"
)
_CHOSEN = re.compile(
    r"\b(?:includ|eligib|enrol|recruit|respon[ds]|randomi|exclud|select|consent|identif|screened|available|review)"
)
_HELD = re.compile(r"\b(?:may|might|should|can|could|must|suggests?|recommend\w*|consider\w*)\b")


@cache
def _aims() -> tuple[Wordings, Wordings]:
    return compile_wordings(_AIM), compile_wordings([*_AIM, _NAMED, _LOOKED_INTO, _TO_FIND])


def states_aim(text: str) -> bool:
    """Tell whether a sentence says what was to be found; a section of aims opens with what is known."""
    return _aims()[1].found(lowered(text))


def features(text: str, place: int, total: int, before: str) -> list[str]:
    """Return what the model sees of a sentence: words, pairs, opening, numbers, place, role before."""
    tokens = _tokens(text)
    found = [f"w {each}" for each in dict.fromkeys(tokens)]
    found += [f"b {one} {other}" for one, other in pairwise(tokens)]
    found += [f"o {each}" for each in _openings(tokens)]
    return [*found, *_standings(_standing(tokens, place, total, before))]


def _tokens(text: str) -> list[str]:
    found = _TOKEN.findall(text.lower())[:60]
    if not holds_digit(text):
        return found
    return ["0" if "0" <= each < ":" else each for each in found]


def _openings(tokens: Sequence[str]) -> tuple[str, str, str]:
    """Return a sentence's first word, its first two and its first three."""
    return " ".join(tokens[:1]), " ".join(tokens[:2]), " ".join(tokens[:3])


def _standing(tokens: Sequence[str], place: int, total: int, before: str) -> Standing:
    """Return how many numbers a sentence has, where it stands, and the role of the one before it."""
    decile = int(10 * place / max(1, total))
    return min(4, tokens.count("0")), decile, min(3, total - 1 - place), min(3, place), before


def _standings(standing: Standing) -> list[str]:
    numbers, decile, left, place, before = standing
    return [
        f"n {numbers}",
        f"d {decile}",
        f"e {left}",
        f"s {place}",
        f"r {before}",
        f"r {before} d {decile}",
        "bias",
    ]


class _Standings(dict[Standing, int]):
    """The weight of each way to stand, the sum of its features' weights: most come again and again."""

    def __init__(self, shapes: Mapping[str, int]) -> None:
        super().__init__()
        self._shapes = shapes

    def __missing__(self, standing: Standing) -> int:
        weights = (self._shapes.get(each, 0) for each in _standings(standing))
        return self.setdefault(standing, sum(weights))


@dataclass(frozen=True, slots=True)
class Model:
    """The weights by kind of feature, so that unknown words and pairs cost one look each.

    A feature's weights of all roles stand in one number, hundredths in fields of their own: adding
    such numbers adds every role's weights at once.
    """

    words: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    openings: Mapping[str, int]
    standings: _Standings


_FIELD = 32
_ZERO = 1 << 20


def _packed(row: Sequence[float]) -> int:
    return sum(
        (round(100 * weight) + _ZERO) << (_FIELD * place) for place, weight in enumerate(row)
    )


_FIELDS = Struct(f"<{len(ROLES)}I")


def _best(rows: Sequence[int]) -> str:
    """Return the role of which the rows' weights have the largest sum, the first of several."""
    scores = _FIELDS.unpack(sum(rows).to_bytes(_FIELDS.size, "little"))
    return ROLES[scores.index(max(scores))]


def model(weights: Mapping[str, Sequence[float]]) -> Model:
    """Return the model of a flat table of weights, feature by feature."""
    words: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    openings: dict[str, int] = {}
    shapes: dict[str, int] = {}
    for feature, row in weights.items():
        kind, _, rest = feature.partition(" ")
        if kind == "w":
            words[rest] = _packed(row)
        elif kind == "b":
            one, _, other = rest.partition(" ")
            pairs[one, other] = _packed(row)
        elif kind == "o":
            openings[rest] = _packed(row)
        else:
            shapes[feature] = _packed(row)
    return Model(words, pairs, openings, _Standings(shapes))


@cache
def _shipped() -> Model:
    if not _MODEL.exists():
        return model({})
    return model(json.loads(_MODEL.read_text(encoding="utf-8"))["weights"])


def predict(texts: Sequence[str], weights: Model) -> list[str]:
    """Return a role for each sentence of an unlabelled abstract, in order."""
    found: list[str] = []
    before = "none"
    words, pairs, openings = weights.words, weights.pairs, weights.openings
    for place, text in enumerate(texts):
        tokens = _tokens(text)
        rows = list(filter(None, map(words.get, dict.fromkeys(tokens))))
        rows += filter(None, map(pairs.get, pairwise(tokens)))
        rows += filter(None, map(openings.get, _openings(tokens)))
        rows.append(weights.standings[_standing(tokens, place, len(texts), before)])
        before = _best(rows)
        found.append(before)
    return found


def _tells_found(low: str, role: str) -> bool:
    """Tell whether a sentence in lower case is a result that looks like method or conclusion.

    It says how patients fared at some time, and no opinion, or in how many of them something was.
    """
    if role == "conclusion":
        return _LATER.search(low) is not None and not _HELD.search(low)
    return role == "methods" and _SHARE.search(low) is not None and not _CHOSEN.search(low)


def sentence_roles(sentences: Sequence[tuple[str, str]], abstract: bool = True) -> list[str]:
    """Return a role for each (sentence, section role), in order; known section roles stand.

    Unlabelled sentences of an abstract are read by the model; those of other texts stay ``body``.
    """
    roles = [role for _, role in sentences]
    unknown = [index for index, role in enumerate(roles) if role == "body"]
    if abstract and 0 < len(unknown) <= _LONGEST:
        told = predict([sentences[index][0] for index in unknown], _shipped())
        for index, role in zip(unknown, told, strict=True):
            found = _tells_found(lowered(sentences[index][0]), role)
            roles[index] = "results" if found else role
    stated, _ = _aims()
    return [
        "aim" if role in {"background", "body"} and stated.found(lowered(text)) else role
        for (text, _), role in zip(sentences, roles, strict=True)
    ]
