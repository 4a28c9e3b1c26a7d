"""Leave out the concepts that narrower ones beside them already say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.concepts import bearing
from ingest.language.anaphora import GENERAL
from ingest.model import Mention
from ingest.reading import Reading
from ingest.statements.draft import Draft
from ingest.vocabulary import above

_COMPARED = re.compile(
    r"\b(?:versus|vs|than|compared|comparison|alone|without|or|rather)\b", re.IGNORECASE
)

# "Total removal in nine, | subtotal in two"
_SHORT = re.compile(
    r"\b(?:sub-?total(?:ly)?|partial(?:ly)?|incomplete(?:ly)?|near[- ]total|intralesional)\b",
    re.IGNORECASE,
)


def narrowest(
    found: Iterable[Mention], reading: Reading, draft: Draft
) -> Iterator[tuple[str, Mention]]:
    """Yield the concepts that no narrower one beside them already says.

    "Surgery" beside a named operation and "tumour" beside a named one add nothing, nor does
    "spondylectomy" where its kind is named; what is compared stays.
    """
    found = list(found)
    named = [each for each in found if each.concept not in GENERAL]
    wider = covered(found) & {each.concept for each in found}
    if wider and compares(reading, draft):
        wider = set()
    # What a classification or a structure is said to be is not told of surgery in general.
    if draft.pattern.subkind == "background" and draft.pattern.kind == "approach":
        wider |= {"surgery"}
    wider |= regions_of(found)
    wider |= bearing.covered_by(each.concept for each in named)
    for each in found:
        if each.concept in GENERAL:
            if each.concept not in wider and not says_general(each, named):
                yield each.concept, each
        elif each.concept not in wider:
            yield each.concept, each


def says_general(general: Mention, named: Iterable[Mention]) -> bool:
    """Tell whether named concepts say what a general word does: no radiation says "surgery"."""
    operating = general.concept == "surgery"
    return any(
        each.facet == general.facet and not (operating and bearing.is_unoperated(each.concept))
        for each in named
    )


def covered(found: Iterable[Mention]) -> set[str]:
    """Return the operations and tumours that narrower ones among some concepts already say."""
    return {
        wider
        for each in found
        if each.facet in {"procedures", "tumours"}
        for wider in above(each.concept)
    }


def regions_of(found: Iterable[Mention]) -> set[str]:
    """Return the regions of the spine in which the vertebrae lie that are named beside them."""
    regions = {wider for each in found if each.facet == "levels" for wider in above(each.concept)}
    return regions | {"upper_thoracic"} if "thoracic" in regions else regions


def compares(reading: Reading, draft: Draft) -> bool:
    """Tell whether a claim's clause sets one thing against another: then the wider one stays."""
    return _COMPARED.search(reading.text, *draft.clause) is not None


def fell_short(reading: Reading, draft: Draft) -> bool:
    """Tell whether a claim's own number is of tumours that were removed in part."""
    return bool(draft.measurements) and _SHORT.search(reading.text, *draft.focus) is not None


def is_whole(mention: Mention, draft: Draft) -> bool:
    """Tell whether a mention is of total removals that other words than a claim's own tell of."""
    first, last = draft.focus
    inside = not mention.inherited and first <= mention.start and mention.end <= last
    return mention.concept == "total_resection" and not inside
