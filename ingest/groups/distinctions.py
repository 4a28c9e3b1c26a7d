"""Cut what is said of some patients into the words by which they may be told from others.

Words of one family are one ("embolized", "embolization"), a class is one with its number ("grade
2"), and whatever denies is one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from ingest.groups.arms import cues
from ingest.yamlfile import load_yaml

_WORDS = Path(__file__).parents[1] / "cues" / "distinctions.yml"
Words = frozenset[str]
"""Words cut to what those of a family have in common."""
NOT = "not"
"""The word for whatever denies."""
_NEGATION = frozenset(["without", "no", "non", "not", "never", "neither", "none", "nobody"])
_TOKEN = re.compile(r"[a-z0-9][a-z0-9+'‑/-]*[a-z0-9]|[a-z0-9]|[<>≤≥]")
_CLASS = re.compile(
    r"(?:grade|type|stage|class|group|score|level|period|phase|frankel|asia|simpson)s?"
)
_CLASS_NAMED = re.compile(rf"\b(?P<name>{_CLASS.pattern})\b")
_NUMBER = re.compile(r"\d+[a-z]?|[a-e]|i{1,3}|iv|v")
_ENDING = re.compile(r"(?:ations?|ated|ating|ions?|ing|ed|es|is|ally|al|ly|ic|ive|s|y|e)$")
_SHORTEST = 4
_LONGEST = 3
_LETTERED = re.compile(r"\b(?:group|arm|cohort) (?:\d|[a-e]|i{1,3}|iv|v)\b")
_DENIED = re.compile(r"(?:non|un)-?(?=[a-z]{5})")


# "Postoperative radiotherapy" is told by when.
_OPERATIVE = {
    "preoperative": "before",
    "preoperatively": "before",
    "postoperative": "after",
    "postoperatively": "after",
}


@cache
def _cues() -> dict[str, frozenset[str]]:
    return {name: frozenset(" ".join(told).split()) for name, told in load_yaml(_WORDS).items()}


@cache
def _plain() -> Words:
    """Return the words that tell no patients from others."""
    return frozenset(cues()["plain"].split("|")) - _cues()["kept"] | _cues()["empty"]


@cache
def neutral() -> Words:
    """Return the words, cut as all are, that a name may hold which its definition lacks."""
    return frozenset(map(stem_of, _cues()["neutral"]))


@cache
def _weak() -> Words:
    return frozenset(map(stem_of, _cues()["weak"]))


@cache
def stem_of(word: str) -> str:
    """Return what the words of a family have in common: emboliz of embolized and embolization."""
    if len(word) > _SHORTEST and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    while len(word) > _SHORTEST:
        found = _ENDING.search(word)
        if found is None or found.start() < _SHORTEST:
            break
        word = word[: found.start()]
    return word


def words_in(text: str) -> Words:
    """Return the words of a stretch in lower case that may tell some patients from others."""
    return frozenset(_words(text))


def _words(text: str) -> Iterator[str]:
    tokens = _TOKEN.findall(text)
    for before, written in pairwise(["", *tokens]):
        token = written
        if token.startswith(("non-", "no-")):
            yield NOT
            token = token.partition("-")[2]
        if _CLASS.fullmatch(before) and _NUMBER.fullmatch(token):
            yield f"{before.removesuffix('s')}={token}"
        elif token in _NEGATION:
            yield NOT
        elif token in _OPERATIVE:
            yield _OPERATIVE[token]
        elif token in {"alone", "only"}:
            yield stem_of("alone")
        elif token not in _plain():
            yield stem_of(token)


def telling(words: Words) -> Words:
    """Return those of some words that tell patients apart, the weak ones where there are no others."""
    return frozenset(each for each in words if each not in _weak() and not each.isdigit()) or words


def class_in(text: str) -> str:
    """Return the last class that some words name, with or without its number: grade."""
    found = [*_CLASS_NAMED.finditer(text)]
    return found[-1]["name"] if found else ""


def is_number(text: str) -> bool:
    """Tell whether some words are no more than the number or letter of a class."""
    return _NUMBER.fullmatch(text) is not None


def unlettered(words: Words) -> Words:
    """Return some words without the number or letter by which a study calls its groups."""
    return frozenset(each for each in words if not each.startswith("group="))


def denied(words: Words, said: Words) -> Words:
    """Return some words with a prefix that denies as the word it denies: uninfected, of the infected."""
    for each in words - said:
        found = _DENIED.match(each)
        if found and each[found.end() :] in said:
            return words - {each} | {NOT, each[found.end() :]}
    return words


def name_in(text: str, own: Words) -> str:
    """Return the stretch of some words, if a short one, that tells it from others: group a, subtotal."""
    lettered = _LETTERED.search(text)
    tokens = [each for each in _TOKEN.finditer(text) if words_in(each[0]) & telling(own)]
    found = text[tokens[0].start() : tokens[-1].end()] if tokens else ""
    if lettered or len(found.split()) > _LONGEST:
        return lettered[0] if lettered else ""
    return found
