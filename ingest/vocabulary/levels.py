"""Find vertebral levels: single vertebrae, ranges, regions, and never MRI or TNM codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.model import Concept, Mention

_COUNTS = {"C": 7, "T": 12, "L": 5, "S": 5}
_NAMES = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "sacral"}
_ORDER = [
    f"{region}{number}" for region, count in _COUNTS.items() for number in range(1, count + 1)
]
_REGIONS = {
    "cervical": ("cervical", "cervical spine"),
    "thoracic": ("thoracic", "thoracic spine", "dorsal spine"),
    "lumbar": ("lumbar", "lumbar spine"),
    "sacral": ("sacral", "sacrum"),
    "thoracolumbar": ("thoracolumbar", "thoracolumbar junction", "thoraco-lumbar"),
    "cervicothoracic": ("cervicothoracic", "cervicothoracic junction"),
    "lumbosacral": ("lumbosacral", "lumbosacral junction", "lumbo-sacral"),
    "upper_thoracic": ("upper thoracic",),
    "atlantoaxial": (
        "atlantoaxial",
        "craniocervical",
        "occipitocervical",
        "craniovertebral junction",
    ),
}
# A junction's level lies in both regions.
_PARTS = {
    "thoracolumbar": ("thoracic", "lumbar"),
    "cervicothoracic": ("cervical", "thoracic"),
    "lumbosacral": ("lumbar", "sacral"),
    "upper_thoracic": ("thoracic",),
    "atlantoaxial": ("cervical",),
}
# "Atlas" and "axis" alone are as often a book of maps and a line.
_OWN_NAMES = {
    "C1": ("atlas vertebra", "lateral mass of the atlas", "arch of the atlas"),
    "C2": ("axis vertebra", "odontoid", "odontoid process", "dens axis", "dens of the axis"),
}
# Only these have a MeSH descriptor of their own.
_MESH = {
    "C1": "D001270",
    "C2": "D001368",
    "cervical": "D002574",
    "thoracic": "D013904",
    "lumbar": "D008159",
    "sacral": "D012447",
}
_LEVEL = r"(?:C-?[1-7]|T[h-]?(?:1[0-2]|[1-9])|D-?(?:1[0-2]|[1-9])|L-?[1-6]|S-?[1-5])"
# The same behind no letter: a pattern that begins with a class of letters is found far faster.
# Some journals write L-4; "mmol L-1" is per litre.
_APART = (
    r"[CTDLS](?<![\w-][CTDLS])"
    r"(?:(?<=C)-?[1-7]|(?<=T)[h-]?(?:1[0-2]|[1-9])|(?<=D)-?(?:1[0-2]|[1-9])|(?<=L)[1-6]|(?<=L)-[1-6](?<![glUMs][ .·]L-1)|(?<=S)-?[1-5])"
)
_RANGE = re.compile(
    rf"(?P<a>{_APART})(?:\s*(?:-|–|—|‑|/)\s*|\s+(?:to|through|and)\s+(?=[CTDLS]))(?P<b>[CTDLS][h-]?)?(?P<n>1[0-2]|[1-9])(?![\w%-]|\.\d|\s*(?:weight|signal|imag))"
)
_ONE = re.compile(
    rf"(?P<a>{_APART})(?![\w.]\d|\w|-(?!level|vertebra)|\s*(?:-|\s)?(?:weighted|signal|image|sequence|hyperintens|hypointens|high|HIA|HSI|relax|N\d|M\d))"
)
_SIDE = build_rule(rf"\b(?P<side>above|caudal to|cephalad to|below)\s+(?P<a>{_LEVEL})\b")
_SIDES = ("above", "caudal to", "cephalad to", "below")
_ANY = re.compile(r"[CTDLS][h-]?\d")
_TNM = build_rule(
    r"(?<!\w)p?[TcC]?T[0-4][a-d]?\s?N[0-3x]|\b(?:[Ss]taged?|[Cc]ategory)\s+p?T[0-4]|\bS-?1\s+(?:chemo|monother|adjuv)"
)
# S-1 is the drug unless the words beside it place it in the spine.
_DRUG = build_rule(
    r"\bS-1\b(?! (?:nerves?|roots?|vertebra\w*|levels?|bod(?:y|ies)|segments?|lesions?|sacr\w+|and S|to S|through S))"
)
_LED = build_rule(r"(?:\d[-\u2013/]?|\b(?:to|and|through|at|of|the) )$")
# "The second lumbar vertebra".
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_COUNTED = build_rule(
    rf"\b(?P<n>{'|'.join(_ORDINALS)}|1?\d(?:st|nd|rd|th)) (?P<region>cervical|thoracic|dorsal|lumbar|sacral)"
    r" (?:vertebra|segment|level|nerve|body|spine)",
    re.IGNORECASE,
)
_LETTERS = {"cervical": "C", "thoracic": "T", "dorsal": "T", "lumbar": "L", "sacral": "S"}
# What each of these codes holds, found far faster than they are.
_GRADED = build_rule(r"\bD[1-3]\b")  # beside Frankel's name a grade of function
_STAGED = build_rule(r"T[0-4][a-d]?\s?N[0-3x]|(?:tage|gory|aged)\s+p?T[0-4]|S-?1\b")


# Stages of a tumour, hormones and times are written as the upper vertebrae of the chest.
_STAGES = frozenset(["T1", "T2", "T3", "T4"])
_SPINE = re.compile(
    r"(?i)\b(?:spin(?:e|al)|vertebra|thorac(?:ic|olumbar)\b(?! (?:surg|aort|duct|cavit|oncol))|cervico|lumb(?:ar|o)|sacr(?:al|um)|cord\b|myelo(?:path|graph)|lamin(?:ectom|oplast)|spondyl|corpectom|kypho|intradural|epidural|extradural|disc\b|disk\b|rib|dermatome|nerve root)"
)


def level_concepts() -> tuple[Concept, ...]:
    """Return the concepts of the vertebrae, the regions, and the sides of a vertebra."""
    vertebrae = [
        Concept(
            each,
            "levels",
            f"{each} ({_NAMES[each[0]]} vertebra)",
            synonyms=_OWN_NAMES.get(each, ()),
            broader=(_NAMES[each[0]],),
            mesh=_MESH.get(each),
        )
        for each in [*_ORDER, "L6"]
    ]
    regions = [
        Concept(
            name,
            "levels",
            forms[0],
            synonyms=forms[1:] or (forms[0],),
            broader=_PARTS.get(name, ()),
            mesh=_MESH.get(name),
        )
        for name, forms in _REGIONS.items()
    ]
    sides = [
        Concept(f"{side}_{each}", "levels", f"{side.replace('_', ' ')} {each}")
        for side in ("above", "caudal_to")
        for each in [*_ORDER, "L6"]
    ]
    return (*vertebrae, *regions, *sides)


def _name(printed: str) -> str:
    return re.sub(r"^(?:Th|D)", "T", printed.replace("-", ""))


# A range of more vertebrae than the chest and the loins have speaks of the spine as a whole.
_MOST = 17


def _between(first: str, last: str) -> list[str]:
    if first not in _ORDER or last not in _ORDER or _ORDER.index(first) > _ORDER.index(last):
        return [each for each in (first, last) if each in _ORDER]
    found = _ORDER[_ORDER.index(first) : _ORDER.index(last) + 1]
    return found if len(found) <= _MOST else []


def _found(text: str) -> Iterator[Mention]:
    staged = _STAGED.search(text) is not None
    taken = [match.span() for match in _TNM.finditer(text)] if staged else []
    if "rankel" in text:
        taken += [match.span() for match in _GRADED.finditer(text)]
    for match in _DRUG.finditer(text) if "S-1" in text else ():
        if not _LED.search(text, max(0, match.start() - 9), match.start()):
            taken.append(match.span())
    for match in _SIDE.finditer(text) if holds_any(text, _SIDES) else ():
        side = "above" if match["side"] in {"above", "cephalad to"} else "caudal_to"
        yield Mention(f"{side}_{_name(match['a'])}", "levels", match.start(), match.end())
        taken.append(match.span())
    for match in _RANGE.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        first = _name(match["a"])
        last = _name((match["b"] or first[0]) + match["n"])
        joined = "and" in match[0] and not re.search(r"(?i)\bbetween\s*$", text[: match.start()])
        for each in [first, last] if joined else _between(first, last):
            yield Mention(each, "levels", match.start(), match.end())
        taken.append(match.span())
    for match in _ONE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield Mention(_name(match["a"]), "levels", match.start(), match.end())


def _counted(text: str) -> Iterator[Mention]:
    """Yield the vertebrae that are named by their number from above."""
    for match in _COUNTED.finditer(text):
        word = match["n"].lower()
        number = _ORDINALS.index(word) + 1 if word in _ORDINALS else int(re.sub(r"\D", "", word))
        level = f"{_LETTERS[match['region'].lower()]}{number}"
        if level in _ORDER:
            yield Mention(level, "levels", match.start(), match.end())


def find_levels(text: str) -> tuple[Mention, ...]:
    """Return the vertebrae named in a text, a range as every vertebra within it.

    Not taken: T1-weighted images, TNM stages, the drug S-1.
    """
    found = set(_found(text)) if _ANY.search(text) else set()
    if " vertebra" in text or " segment" in text:
        found.update(_counted(text))
    return tuple(sorted(found, key=lambda each: (each.start, each.concept)))


def without_stages(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions of a document without T1 to T4 where no word of it is of the spine."""
    levels = {each.concept for each in mentions if each.facet == "levels"}
    if not levels or not levels <= _STAGES or _SPINE.search(text):
        return tuple(mentions)
    return tuple(each for each in mentions if each.facet != "levels")
