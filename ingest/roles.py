"""Tell what a sentence does in its article: background, aim, method, result or conclusion.

Sections with a telling heading decide; else a linear model trained by ``bench/train_roles.py`` on
structured abstracts (PubMedQA, MIT licence) reads the words, the place and the sentence before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

ROLES = ("background", "aim", "methods", "results", "conclusion")
_MODEL = Path(__file__).parent / "models" / "roles.json"
_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*|%|[<>=]")
# A full article's unlabelled passages tell no such story: the model reads abstracts alone.
_LONGEST = 40
_AIM = re.compile(
    r"\b(?:(?:aim|purpose|objective|goal)s? (?:of (?:this|the|our|present|current)(?: \w+){0,3} )?(?:is|was|were|has been) to\b"
    r"|\b(?:study|paper|article|work|review|report|series|we|authors) (?:\w+ )?(?:aim(?:s|ed)?|sought|seeks?|set out|attempts?|attempted|are attempting|wished) to\b"
    r"|^(?:we|the authors) (?:aimed|sought|set out)\b|^to (?:evaluate|assess|investigate|determine"
    r"|examine|compare|describe|report|present|clarify|explore|identify|analy[sz]e|review|study)\b)",
    re.IGNORECASE,
)


_TO_FIND = re.compile(
    _AIM.pattern
    + r"|\b(?:aim|purpose|objective|goal|hypothes|to (?:describe|report|present|evaluate|assess|determine"
    r"|investigate|compare|identify|analy[sz]e|examine|develop|test|validate|define|demonstrate|show"
    r"|explore|establish|study|clarify|find|introduce|provide|review|highlight|characteri[sz]e)\b)",
    re.IGNORECASE,
)


def states_aim(text: str) -> bool:
    """Tell whether a sentence says what was to be found; a section of aims opens with what is known."""
    return bool(_TO_FIND.search(text))


def features(text: str, place: int, total: int, before: str) -> list[str]:
    """Return what the model sees of a sentence: words, pairs, opening, numbers, place, role before."""
    tokens = ["0" if each[0].isdigit() else each for each in _TOKEN.findall(text.lower())][:60]
    found = [f"w {each}" for each in dict.fromkeys(tokens)]
    found += [f"b {one} {other}" for one, other in pairwise(tokens)]
    found += [f"o {' '.join(tokens[:size])}" for size in (1, 2, 3)]
    found.append(f"n {min(4, tokens.count('0'))}")
    decile = int(10 * place / max(1, total))
    found += [
        f"d {decile}",
        f"e {min(3, total - 1 - place)}",
        f"s {min(3, place)}",
        f"r {before}",
        f"r {before} d {decile}",
        "bias",
    ]
    return found


@cache
def _weights() -> Mapping[str, list[float]]:
    if not _MODEL.exists():
        return {}
    weights: dict[str, list[float]] = json.loads(_MODEL.read_text(encoding="utf-8"))["weights"]
    return weights


def predict(texts: Sequence[str], weights: Mapping[str, Sequence[float]]) -> list[str]:
    """Return a role for each sentence of an unlabelled abstract, in order."""
    found: list[str] = []
    before = "none"
    for place, text in enumerate(texts):
        rows = [
            weights[each] for each in features(text, place, len(texts), before) if each in weights
        ]
        scores = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(ROLES)
        before = ROLES[max(range(len(ROLES)), key=scores.__getitem__)]
        found.append(before)
    return found


def sentence_roles(sentences: Sequence[tuple[str, str]], abstract: bool = True) -> list[str]:
    """Return a role for each (sentence, section role), in order; known section roles stand.

    Unlabelled sentences of an abstract are read by the model; those of other texts stay ``body``.
    """
    roles = [role for _, role in sentences]
    unknown = [index for index, role in enumerate(roles) if role == "body"]
    if abstract and 0 < len(unknown) <= _LONGEST:
        told = predict([sentences[index][0] for index in unknown], _weights())
        for index, role in zip(unknown, told, strict=True):
            roles[index] = role
    return [
        "aim" if role in {"background", "body"} and _AIM.search(text) else role
        for (text, _), role in zip(sentences, roles, strict=True)
    ]
