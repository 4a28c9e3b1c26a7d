"""Read the counts of a list by what its items name: posterior (26), lateral (9); cyst in 4, lipoma in 2.

Of a list at least two items must name one kind of thing; what the others count is of that kind too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.language.wording import lowered
from ingest.measurements.parts import measure_parted
from ingest.model import Measurement, Mention
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Population

_K = rf"(?:\d{{1,4}}(?!\d)|\b{WORD}\b)"
_NOUN = r"(?:(?:of the |of )?(?:patients?|individuals|subjects|participants?|cases?|tumou?rs?|lesions?|children|women|men|levels|procedures|resections|operations|specimens)\b)"
_SHARE = r"(?:(?:[;,/] ?| [(\[]?|[(\[])\d[\d.]* ?%[)\]]?)"
# "posterior (26)", "lipoma (n = 4; 12%)", "breast (14 cases)", "lung (31%)"
_BRACKETED = re.compile(
    rf"\s?[(\[](?:n ?= ?)?(?:(?P<k>{_K})(?![\d.]*\s?%)(?: {_NOUN})?{_SHARE}?|(?P<p>\d[\d.]*) ?%)[)\]]"
)
# "cyst in 4 patients (12%)"
_INSIDE = re.compile(
    rf" (?:in|for) (?:only |another |the other |the remaining |the last )?(?P<k>{_K})(?: (?:[a-z-]+ )?{_NOUN})?{_SHARE}?(?=\s*(?:[,;.]|and\b|or\b|but\b|$))"
)
# "two schwannomas (6%)", "14 wide resections"
_LEADING = re.compile(
    rf"(?:^|(?<=[\s(]))(?P<k>{_K})(?P<ahead>{_SHARE})? (?:(?:were|was|had) (?:\w+ly )?)?"
    r"(?:(?:patients?|individuals|subjects|participants?|cases?|children|women|men) with (?:an? )?)?"
    r"(?P<label>(?:(?!and\b|or\b|of\b|in\b|with\b|were\b|was\b|had\b)[a-z/-]+ ){0,4}?(?!and\b|or\b)[a-z/-]{4,})"
    r"(?P<share> [(\[]\d[\d.]* ?%[)\]])?(?=\s*(?:[,;.:)]|and\b|or\b|$))"
)
_OF_ALL = re.compile(r"\b(?:of|among|amongst|in|all) (?:the |these |our |all )?$")
_PARTED = re.compile(r"\s*(?:[,;]|,?\s*\b(?:and|or|plus|as well as)\b)\s*(?:the |an? )?")
_LABEL = re.compile(r"(?:[^(),;:.]|\([^()\d]{1,30}\)){2,90}")
_CUT = re.compile(r"[,;:]|\b(?:and|or)\b(?![^()]*\))")
_TUMOUR = re.compile(
    r"\b(?!h(?:a|æ)?ematoma|seroma|hygroma|trauma|coma\b|stoma\b|symptoma|scotoma|(?:o?)edema|papilloedema)[a-z]{3,}omas?\b"
)
_LEVEL = re.compile(
    r"\b(?:(?:cervico|thoraco|lumbo)?(?:cervical|thoracic|lumbar|sacral|dorsal|lumbosacral)|cervicothoracic|thoracolumbar|sacrum|craniocervical|coccyx|(?:intra|extra|juxta)-?(?:medullary|dural|foraminal|osseous))\b"
)
_DONE = re.compile(
    r"\b(?:approach(?:es)?|routes?|resections?|excisions?|removals?|[a-z]+ectom(?:y|ies)|[a-z]+plast(?:y|ies)|fixations?|fusions?|stabili[sz]ations?|decompressions?|emboli[sz]ations?|curettages?|reconstructions?|biops(?:y|ies)|operations?|surger(?:y|ies)|radiotherapy|chemotherapy|(?:mini-)?open|percutaneous|endoscopic|thoracoscopic)\b"
)
_PLAIN = {"spinal_metastasis", "bone_metastasis", "MESCC", "metastasis"}
_FACETS = {
    "tumours": "histology",
    "sites": "primary_site",
    "levels": "tumour_level",
    "procedures": "procedure_performed",
    "approaches": "procedure_performed",
}
# A measure that goes on in a list of its kinds: wide in 4, marginal in 3.
_KINDS = {
    "surgical_margin",
    "histology",
    "primary_site",
    "tumour_level",
    "procedure_performed",
    "surgical_outcome",
}
# "21 were treated: 14 lipomas and 7 cysts": what each of them had is told, not that they were treated.
_SIZED = {"patients_treated", "patients_included"}
_SPREAD = "distant_metastasis"
_PLACE = re.compile(
    r"\b(?:bones?|brain|skeleton|lymph nodes?|nodes|skin|soft tissues?|adrenal(?: glands?)?|pleura|peritoneum|spine|mediastinum)$"
)
_MIX = {"histology", "primary_site"}
_PRIMARY = re.compile(r"\bprimar(?:y|ies)\b")
# Groups that are compared, and what befell or was found in the members of a list.
_OTHERWISE = re.compile(
    r"\b(?:than|versus|vs\.?|compared|higher|lower|longer|shorter|better|worse|significan\w+|survival|median|mean"
    r"|complications?|recurr\w+|died|deaths?|deteriorat\w+|improv\w+|worsen\w+|infect\w+|failures?|failed|responded|differ\w*|associated|predict\w*|risk)\b"
)
# Words by which an item would tell something of its own; "combined (4)" tells nothing.
_VERB = re.compile(
    r"\b(?:was|were|had|has|have|is|are|underwent|received|developed|died|showed|required|improved|remained|who|which|whom|that)\b"
)
_LISTED = frozenset(["count", "score", "bare", "share", "percent", "ratio"])


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a list: where its words and its number stand, and how many it counts."""

    start: int
    end: int
    label: tuple[int, int]
    place: tuple[int, int]
    size: int | None


def with_listed(
    text: str,
    mentions: Sequence[Mention],
    measured: Sequence[Measurement],
    populations: Sequence[Population],
) -> tuple[Measurement, ...]:
    """Return a sentence's measurements with those of the items that its lists count.

    ``populations`` are the sizes told so far: what adds up to one of them is counted in its unit.
    """
    if sum([each.form in _LISTED for each in find_quantities(text)]) < 2:
        return tuple(measured)
    named = [each for each in mentions if each.facet in _FACETS]
    if not named and not any(each.measure and each.numerator for each in measured):
        return tuple(measured)
    low = lowered(text)
    found = list(measured)
    for items in (*_led(low), *_lists(low, _BRACKETED), *_lists(low, _INSIDE)):
        measure = _measure(low, items, named, mentions, found)
        # "20 were operated on, 4 were seen to limp": each says what it counts.
        leads = items[0].place[0] < items[0].label[0]
        own = [each for each in items if not leads or _is_kind(low, each, named, measure, found)]
        if measure and own:
            found = _counted(text, own, measure, found, populations)
    return tuple(sorted(found, key=lambda each: each.start))


def _lists(low: str, rule: re.Pattern[str]) -> Iterator[list[_Item]]:
    """Yield the runs of items whose number stands behind what it counts."""
    row: list[_Item] = []
    for match in rule.finditer(low):
        if row:
            parted = _PARTED.match(low, row[-1].end)
            label = _LABEL.fullmatch(low, parted.end(), match.start()) if parted else None
            if label and not _VERB.search(label[0]):
                row.append(_item(match, label.start()))
                continue
            if len(row) > 1:
                yield row
        ahead = low[: match.start()]
        cut = [each.end() for each in _CUT.finditer(ahead)]
        row = [_item(match, cut[-1] if cut else 0)]
    if len(row) > 1:
        yield row


def _item(match: re.Match[str], begin: int) -> _Item:
    named = "k" if match["k"] else "p"
    size = int(parse_number(match["k"])) if match["k"] else None
    return _Item(begin, match.end(), (begin, match.start()), match.span(named), size)


def _led(low: str) -> Iterator[list[_Item]]:
    """Yield the runs of items whose number stands ahead of what it counts."""
    row: list[_Item] = []
    for match in _LEADING.finditer(low):
        if _OF_ALL.search(low, 0, match.start()):
            continue  # "of the 40 cysts, 8 were": the whole is no item
        item = _Item(
            match.start(),
            match.end(),
            match.span("label"),
            match.span("k"),
            int(parse_number(match["k"])),
        )
        joined = row and _PARTED.fullmatch(low, row[-1].end, match.start())
        if joined:
            row.append(item)
            continue
        if len(row) > 1:
            yield row
        row = [item]
    if len(row) > 1:
        yield row


def _measure(
    low: str,
    items: Sequence[_Item],
    named: Sequence[Mention],
    mentions: Sequence[Mention],
    measured: Sequence[Measurement],
) -> str | None:
    """Return what the items of a list count, None where they do not surely count one thing."""
    told = _told_of(items[0], measured)
    if told is not None and told.measure in _KINDS:
        return told.measure
    counted = _named_by(low, items, named, mentions)
    return counted or measure_parted([each.size for each in items], items[0].place[0], measured)


def _named_by(
    low: str,
    items: Sequence[_Item],
    named: Sequence[Mention],
    mentions: Sequence[Mention],
) -> str | None:
    """Return what the items of a list count by what they name, None where it is not one thing."""
    # What is compared or told of the members of a list; another part of the sentence may be on that.
    opens = max(low.rfind(mark, 0, items[0].start) for mark in ";:")
    if _OTHERWISE.search(low, opens + 1):
        return None
    inside = [each for each in mentions if each.facet == "measures" and each.start > opens]
    spread = {each.concept for each in inside} == {_SPREAD}
    if not spread and any(each.concept not in _KINDS for each in inside):
        return None
    kinds = [_kind(low, each, named) for each in items]
    known = [each for each in kinds if each]
    if spread:
        # "metastases developed in 9, in the lung (5) and bone (4)": where they came to
        placed = [
            kind == "primary_site" or _PLACE.search(low, *each.label)
            for kind, each in zip(kinds, items, strict=True)
        ]
        return _SPREAD if all(placed) else None
    # "posterior (26) and lateral approaches (9)": the last item says what all are.
    if len(set(known)) != 1 and set(known) != {"histology", "primary_site"}:
        return None
    headed = kinds[-1] == "procedure_performed"
    if len(known) < 2 and not (headed and len(items) > 2):
        return None
    if len(set(known)) > 1:
        return "primary_site" if _PRIMARY.search(low) else "histology"
    return known[0]


def _told_of(item: _Item, measured: Sequence[Measurement]) -> Measurement | None:
    """Return what was read of an item with a measure: of its number, or of the percent behind it."""
    begin, end = item.place[0], item.end
    return next(
        (each for each in measured if each.measure and each.start < end and begin < each.end), None
    )


def _is_kind(
    low: str,
    item: _Item,
    named: Sequence[Mention],
    measure: str | None,
    measured: Sequence[Measurement],
) -> bool:
    """Tell whether an item names what its list counts; metastases are a histology among others."""
    spread = measure == "histology" and "metastas" in low[item.label[0] : item.label[1]]
    if spread or _kind(low, item, named) == measure:
        return True
    told = _told_of(item, measured)
    return told is not None and told.measure == measure


def _kind(low: str, item: _Item, named: Sequence[Mention]) -> str | None:
    """Return the measure that counts what an item names."""
    begin, end = item.label
    inside = [each for each in named if begin <= each.start and each.end <= end]
    inside = [each for each in inside if each.concept not in _PLAIN]
    words = low[max(begin, end - 60) : end]
    if inside:
        return _FACETS[inside[-1].facet]
    if _DONE.search(words):
        return "procedure_performed"
    if _TUMOUR.search(words):
        return "histology"
    return "tumour_level" if _LEVEL.search(words) else None


def _counted(
    text: str,
    items: Sequence[_Item],
    measure: str,
    measured: Sequence[Measurement],
    populations: Sequence[Population],
) -> list[Measurement]:
    """Return the measurements with each item's count as one of the measure."""
    found = list(measured)
    numbers = {each.start: each for each in find_quantities(text)}
    total = sum(each.size or 0 for each in items)
    whole = _whole(items, total, numbers.values(), populations)
    first = next((each for each in measured if each.start <= items[0].place[0] < each.end), None)
    unit = whole[0] if whole else (first.unit if first else None) or "patients"
    for item in items:
        over = [
            at for at, each in enumerate(found) if each.start < item.end and item.start < each.end
        ]
        over = [at for at in over if item.place[0] < found[at].end]
        if not over and item.size is not None:
            number = numbers.get(item.place[0])
            end = number.end if number and number.end <= item.end else item.place[1]
            found.append(
                Measurement(
                    measure=measure,
                    statistic="count",
                    start=item.place[0],
                    end=end,
                    value=float(item.size),
                    unit=unit,
                    numerator=item.size,
                    n=whole[1] if whole else None,
                )
            )
        for at in over:
            found[at] = _typed(text, item, measure, found[at])
    return found


def _typed(text: str, item: _Item, measure: str, each: Measurement) -> Measurement:
    """Return what was read of an item as a count of the measure, where it tells no other."""
    sized = each.measure in _SIZED and measure in _MIX
    if sized and each.n == each.numerator:
        each = replace(each, n=None)  # one item of a list sizes no group
    other = each.measure is not None and each.measure != measure
    if (other and not sized) or each.unit == "levels":
        return each
    if each.numerator == item.size:
        return replace(each, measure=measure)
    if each.numerator is not None or each.unit != "percent":
        return each
    share = 100 * (item.size or 0) / each.n if each.n else None
    fits = share is not None and abs(share - (each.percent or 0)) < 1
    return replace(
        each,
        measure=measure,
        statistic="count",
        start=item.place[0],
        end=each.end + text.startswith(")", each.end),
        unit="patients",
        value=None,
        numerator=item.size,
        n=each.n if fits else None,
    )


def _whole(
    items: Sequence[_Item],
    total: int,
    numbers: Iterable[Quantity],
    populations: Sequence[Population],
) -> tuple[str, int] | None:
    """Return what the items of a list part and its size where they add up to a count told before."""
    if any(each.size == 2 * total for each in populations):
        return None  # 40, 22 and 18 are parts of the 80 told of, not two of the 40
    for each in numbers:
        counts = each.form == "count" or each.unit == "levels"
        if counts and each.value == total and each.end <= items[0].place[0]:
            return each.unit or "patients", total
    if len(items) < 3:
        return None
    units = {each.unit for each in populations if each.size == total}
    return (units.pop(), total) if len(units) == 1 and "patients" not in units else None
