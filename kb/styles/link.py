"""Render the plain address: of the source, at the claim's words where a page has them; else of the site."""

from __future__ import annotations

from collections.abc import Sequence

from kb.sources import source_address
from kb.works import Work


def render(works: Sequence[Work], home: str) -> str:
    """Return one address a line; a rule's and a recommendation's are those on the site."""
    return "\n".join(dict.fromkeys(_link(each, home) for each in works))


def _link(work: Work, home: str) -> str:
    if work.note and not work.quote:
        return f"{home}{work.address}"
    known = {"doi": work.doi, "pmid": work.pmid, "url": work.url}
    found = work.quote.link if work.quote else source_address(known)
    return found or "no address is known for this source"
