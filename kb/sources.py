"""Lead to the source of an article or claim: a page that has its words, else the DOI.

Text fragments after the WICG's URL Fragment Text Directives
(https://wicg.github.io/scroll-to-text-fragment/).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

# Which page shows the text that a format's records carry.
PUBMED = {"pubmed_xml", "medline", "pubmed_page", "pubmed_text"}
_PMC = {"jats", "bioc_json"}
# An aggregator's address leads to the publisher, not to the page that was copied.
_PAGES = {"html_page", "dokuwiki_page"}
_PAGE = re.compile(r"https?://(?!(?:dx\.)?doi\.org/)\S+")
# A quote of up to this many words stands in the fragment whole, a longer one by its ends.
WHOLE = 12
END = 5


def source_address(article: Mapping[str, Any]) -> str | None:
    """Return the address of an article: the DOI's, else PubMed's, else the one it was read with."""
    if article["doi"]:
        return f"https://doi.org/{quote(article['doi'], safe='/:;()._-')}"
    if article["pmid"]:
        return f"https://pubmed.ncbi.nlm.nih.gov/{article['pmid']}/"
    return article["url"] or None


def source_link(
    connection: sqlite3.Connection,
    article: Mapping[str, Any],
    claim: Mapping[str, Any] | None = None,
) -> str | None:
    """Return where an article, or a claim's words, are read; None where no address is known.

    A claim gets a text fragment only on a page that is known to have the text. A digest's words
    are the project's own and are on no page of the article's.
    """
    page = None if claim is None or article["digest"] else _page(connection, article)
    if claim is None or page is None:
        return source_address(article)
    rows = connection.execute(
        'select start, "end" from markers where article_id = ? and start < ? and "end" > ? order by start',
        [article["article_id"], claim["end"], claim["start"]],
    ).fetchall()
    spans = [(row[0] - claim["start"], row[1] - claim["start"]) for row in rows]
    return f"{page}#:~:text={text_directive(claim['quote'], spans)}"


def _page(connection: sqlite3.Connection, article: Mapping[str, Any]) -> str | None:
    """Return the address of the page that has the article's stored text, None where none is known."""
    row = connection.execute(
        "select format from records where record_id = ?", [article["record_id"]]
    ).fetchone()
    form = row[0] if row else None
    if form in _PMC and article["pmcid"]:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{article['pmcid']}/"
    if form in PUBMED and article["pmid"]:
        return f"https://pubmed.ncbi.nlm.nih.gov/{article['pmid']}/"
    if form in _PAGES and _PAGE.fullmatch(article["url"] or ""):
        own = connection.execute(
            "select record_id from field_sources where article_id = ? and field = 'url'",
            [article["article_id"]],
        ).fetchone()
        return str(article["url"]) if own is None or own[0] == article["record_id"] else None
    return None


def text_directive(text: str, marks: Sequence[tuple[int, int]] = ()) -> str:
    """Return the words of a quote as ``text=`` takes them; marks are spans that a page may print else.

    Hyphens and commas part the directive's own terms and are escaped.
    """
    pieces, at = [], 0
    for start, end in marks:
        pieces.append(text[at : max(at, start)])
        at = max(at, end)
    pieces.append(text[at:])
    runs = [words for piece in pieces if (words := piece.split())]
    if not runs:
        return _escaped(" ".join(text.split()))
    first, last = runs[0], runs[-1]
    if len(runs) == 1 and len(first) <= WHOLE:
        return _escaped(" ".join(first))
    return f"{_escaped(' '.join(first[:END]))},{_escaped(' '.join(last[-END:]))}"


def _escaped(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
