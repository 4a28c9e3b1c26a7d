"""Take the operations of a report that counts no patients for the group that it studies."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.groups.cohortrules import rules
from ingest.groups.headcounts import Headcount, plain_words
from ingest.groups.phrasing import NEAR
from ingest.model import Document
from ingest.numbers.quantities import find_quantities

_SMALLEST = 4
_DONE = (" were performed", " were carried out", " were undertaken", " were done", " were studied")


def operated(document: Document) -> Iterator[Headcount]:
    """Yield the operations that a report says it is about: 18 adrenalectomies were performed.

    A report that counts several numbers of them is about none of those alone.
    """
    found: dict[int, Headcount] = {}
    for sentence in document.sentences:
        if sentence.role not in {"methods", "results"}:
            continue
        text = document.masked[sentence.start : sentence.end]
        for each in find_quantities(text):
            if each.unit != "procedures" or each.form != "count" or not each.numerator:
                continue
            low = plain_words(text)
            ahead = rules().ahead.search(low, max(0, each.start - NEAR), each.start)
            opened = rules().opens.fullmatch(low, 0, each.start)
            done = low.startswith(_DONE, each.end) or rules().behind.match(low, each.end)
            how = "stated" if ahead or (opened and done) else "count"
            found.setdefault(
                each.numerator, Headcount(each.numerator, sentence.start, sentence.role, how)
            )
    most = max(found, default=0)
    if most >= _SMALLEST and found[most].how == "stated" and found[most].role == "methods":
        yield found[most]
