"""Tell what a sentence does in its article: background, aim, method, result or conclusion.

Sections with a telling heading decide; else a linear model trained by ``bench/train_roles.py`` on
structured abstracts (PubMedQA, MIT licence) reads the words, the place and the sentence before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from struct import Struct

from ingest.language.wording import Wordings, compile_wordings, lowered

ROLES = ("background", "aim", "methods", "results", "conclusion")
_MODEL = Path(__file__).parents[1] / "models" / "roles.json"
_TOKEN = re.compile("[a-z]+|[0-9]+(?:[.,][0-9]+)*|[%<>=]")
_DIGIT = re.compile("[0-9]")
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
_TO_FIND = (
    r"\b(?:aim|purpose|objective|goal|hypothes|to (?:describe|report|present|evaluate|assess|determine"
    r"|investigate|compare|identify|analy[sz]e|examine|develop|test|validate|define|demonstrate|show"
    r"|explore|establish|study|clarify|find|introduce|provide|review|highlight|characteri[sz]e)\b)"
)


@cache
def _aims() -> tuple[Wordings, Wordings]:
    return compile_wordings(_AIM), compile_wordings([*_AIM, _NAMED, _TO_FIND])


def states_aim(text: str) -> bool:
    """Tell whether a sentence says what was to be found; a section of aims opens with what is known."""
    return _aims()[1].found(lowered(text))


def features(text: str, place: int, total: int, before: str) -> list[str]:
    """Return what the model sees of a sentence: words, pairs, opening, numbers, place, role before."""
    tokens = _tokens(text)
    found = [f"w {each}" for each in dict.fromkeys(tokens)]
    found += [f"b {one} {other}" for one, other in pairwise(tokens)]
    return [*found, *_shape(tokens, place, total, before)]


def _tokens(text: str) -> list[str]:
    found = _TOKEN.findall(text.lower())[:60]
    if not _DIGIT.search(text):
        return found
    return ["0" if each[0].isdecimal() else each for each in found]


def _shape(tokens: Sequence[str], place: int, total: int, before: str) -> Iterator[str]:
    for size in (1, 2, 3):
        yield f"o {' '.join(tokens[:size])}"
    decile = int(10 * place / max(1, total))
    yield f"n {min(4, tokens.count('0'))}"
    yield f"d {decile}"
    yield f"e {min(3, total - 1 - place)}"
    yield f"s {min(3, place)}"
    yield f"r {before}"
    yield f"r {before} d {decile}"
    yield "bias"


@dataclass(frozen=True, slots=True)
class Model:
    """The weights by kind of feature, so that unknown words and pairs cost one look each.

    A feature's weights of all roles stand in one number, hundredths in fields of their own: adding
    such numbers adds every role's weights at once.
    """

    words: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    shapes: Mapping[str, int]


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
    shapes: dict[str, int] = {}
    for feature, row in weights.items():
        kind, _, rest = feature.partition(" ")
        if kind == "w":
            words[rest] = _packed(row)
        elif kind == "b":
            one, _, other = rest.partition(" ")
            pairs[one, other] = _packed(row)
        else:
            shapes[feature] = _packed(row)
    return Model(words, pairs, shapes)


@cache
def _shipped() -> Model:
    if not _MODEL.exists():
        return model({})
    return model(json.loads(_MODEL.read_text(encoding="utf-8"))["weights"])


def predict(texts: Sequence[str], weights: Model) -> list[str]:
    """Return a role for each sentence of an unlabelled abstract, in order."""
    found: list[str] = []
    before = "none"
    words, pairs, shapes = weights.words, weights.pairs, weights.shapes
    for place, text in enumerate(texts):
        tokens = _tokens(text)
        rows = list(filter(None, map(words.get, dict.fromkeys(tokens))))
        rows += filter(None, map(pairs.get, pairwise(tokens)))
        rows += filter(None, map(shapes.get, _shape(tokens, place, len(texts), before)))
        before = _best(rows)
        found.append(before)
    return found


def sentence_roles(sentences: Sequence[tuple[str, str]], abstract: bool = True) -> list[str]:
    """Return a role for each (sentence, section role), in order; known section roles stand.

    Unlabelled sentences of an abstract are read by the model; those of other texts stay ``body``.
    """
    roles = [role for _, role in sentences]
    unknown = [index for index, role in enumerate(roles) if role == "body"]
    if abstract and 0 < len(unknown) <= _LONGEST:
        told = predict([sentences[index][0] for index in unknown], _shipped())
        for index, role in zip(unknown, told, strict=True):
            roles[index] = role
    stated, _ = _aims()
    return [
        "aim" if role in {"background", "body"} and stated.found(lowered(text)) else role
        for (text, _), role in zip(sentences, roles, strict=True)
    ]
