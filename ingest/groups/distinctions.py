"""Cut what is said of some patients into the words by which they may be told from others.

Words of one family are one ("embolized", "embolization"), a class is one with its number ("grade
2"), and whatever denies is one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from ingest.groups.arms import cues
from ingest.language.starts import build_rule
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
_CLASS_NAMED = build_rule(rf"\b(?P<name>{_CLASS.pattern})\b")
_NUMBER = re.compile(r"\d+[a-z]?|[a-e]|i{1,3}|iv|v")
_ENDING = re.compile(r"(?:ations?|ated|ating|ions?|ing|ed|es|is|ally|al|ly|ic|ive|s|y|e)$")
_SHORTEST = 4
_LONGEST = 3
_JOINING = re.compile(r"^[\s,;)]*(?:(?:and|or|in|of) )?")
_LETTERED = re.compile(rf"\b{_CLASS.pattern} (?:{_NUMBER.pattern})\b")
_DENIED = re.compile(r"(?:non|un)-?(?=[a-z]{5})")


@cache
def _cues() -> dict[str, frozenset[str]]:
    told = load_yaml(_WORDS)
    lists = {name: frozenset(" ".join(told[name]).split()) for name in told if name != "same"}
    return lists | {f"={name}": frozenset(each.split()) for name, each in told["same"].items()}


@cache
def _same() -> dict[str, str]:
    """Return the word that stands for each of those that mean the same."""
    told = _cues().items()
    return {word: name[1:] for name, words in told if name[0] == "=" for word in words}


@cache
def _plain() -> Words:
    """Return the words that tell no patients from others."""
    return (
        frozenset(cues()["plain"].split("|")) - _cues()["kept"] - {*_same(), *_same().values()}
        | _cues()["empty"]
    )


@cache
def neutral() -> Words:
    """Return the words, cut as all are, that a name may hold which its definition lacks."""
    return frozenset(map(stem_of, _cues()["neutral"]))


@cache
def commonplace() -> Words:
    """Return the neutral words that name nobody by themselves, as women do."""
    return neutral() - frozenset(map(stem_of, _cues()["kept"]))


@cache
def shared() -> Words:
    """Return the words for what every patient had one of, which name nobody by themselves."""
    return frozenset(map(stem_of, _cues()["shared"]))


@cache
def _weak() -> Words:
    return frozenset(map(stem_of, _cues()["weak"]))


@cache
def stem_of(word: str) -> str:
    """Return what the words of a family have in common: emboliz of embolized and embolization."""
    if len(word) > _SHORTEST and word.endswith("s") and not word.endswith("ss"):
        word = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    while len(word) > _SHORTEST:
        found = _ENDING.search(word)
        if found is None or found.start() < _SHORTEST:
            break
        word = word[: found.start()]
    return word


@lru_cache(maxsize=4096)
def words_in(text: str) -> Words:
    """Return the words of a stretch in lower case that may tell some patients from others."""
    return frozenset(_words(text))


def _words(text: str) -> Iterator[str]:
    tokens = [each for token in _TOKEN.findall(text) for each in _split(token)]
    for before, token in pairwise(["", *tokens]):
        if _CLASS.fullmatch(before) and _NUMBER.fullmatch(token):
            yield f"{before.removesuffix('s')}={token}"
        elif token in _NEGATION:
            yield NOT
        elif (prefix := _DENIED.match(token)) and token[prefix.end() :] in _same():
            yield from (NOT, stem_of(_same()[token[prefix.end() :]]))
        elif token not in _plain() and (len(token) > 1 or token.isdigit()):
            yield stem_of(_same().get(token, token))


def _split(token: str) -> list[str]:
    """Return the words of a compound: margin-negative, non-irradiated."""
    parts = token.split("-")
    return parts if len(parts) > 1 and not any(map(str.isdigit, parts)) else [token]


def telling(words: Words) -> Words:
    """Return those of some words that tell patients apart, the weak ones where there are no others."""
    strong = words - _weak() - commonplace()
    return frozenset(each for each in strong if not each.isdigit()) or words


def is_denial(own: Words) -> bool:
    """Tell whether all that sets some apart is that they are not the others."""
    return own - commonplace() == {NOT}


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


def name_in(text: str, own: Words, last: bool = True) -> str:
    """Return the stretch of some words, if a short one, that tells it from others: group a, subtotal.

    ``last`` is true where what stands at the end of them is likeliest to name it.
    """
    if lettered := _LETTERED.search(text):
        return lettered[0]
    if not own - _weak() or all(map(str.isdigit, own - _weak())):
        found = _JOINING.sub("", text).strip(" ,.")
        return found if len(found.split()) <= _LONGEST + 2 else ""
    tokens = [each for each in _TOKEN.finditer(text) if words_in(each[0]) & telling(own)]
    ends = tokens if last else tokens[::-1]
    for each in ends:
        first, end = (each, tokens[-1]) if last else (tokens[0], each)
        found = text[first.start() : end.end()]
        if len(found.split()) <= _LONGEST:
            return found
    return ""
