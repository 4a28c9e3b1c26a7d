"""Export the claims of articles as W3C Web Annotations, with text quote and position selectors.

After the Web Annotation Data Model (W3C Recommendation, 23 February 2017,
https://www.w3.org/TR/annotation-model/). Positions are code points into the stored text, which the
site serves as plain text: there the quote and the position select the same words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from kb.addresses import address, find_current
from kb.export import ExportError, known
from kb.sources import source_address, source_link
from kb.works import OWN_WORDS, SITE

SUBJECT = "articles"
ENDING = "jsonld"
MEDIA = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# Characters before and after a quote that tell it from others of the same words.
AROUND = 32


def export(connection: sqlite3.Connection, names: Sequence[str], home: str) -> dict[str, Any]:
    """Return an annotation page with every claim of the articles."""
    articles = known(
        connection,
        [(find_current(connection, each) or ("", each))[1] for each in names],
        "articles",
        "article_id",
    )
    items = [each for name in articles for each in _annotations(connection, name, home)]
    asked = "".join(f"&article={quote(each, safe='')}" for each in articles) if names else ""
    if names and not items:
        raise ExportError(f"{', '.join(names)}: no claim was found in the text; nothing to export")
    return {
        "@context": CONTEXT,
        "id": f"{home}/-/export/annotations?page=1{asked}",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    }


def _annotations(
    connection: sqlite3.Connection, article_id: str, home: str
) -> Iterator[dict[str, Any]]:
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    article = cursor.execute("select * from articles where article_id = ?", [article_id]).fetchone()
    text = cursor.execute(
        "select text from documents where article_id = ?", [article_id]
    ).fetchone()["text"]
    claims = cursor.execute(
        "select * from claims where article_id = ? order by start, focus_start, claim_id",
        [article_id],
    ).fetchall()
    for claim in claims:
        yield {
            "id": home + address("claim", claim["claim_id"]),
            "type": "Annotation",
            "motivation": ["classifying", "tagging"],
            "generator": {"id": f"{home}/-/about", "type": "Software", "name": SITE},
            "body": list(_bodies(cursor, article, claim, home)),
            "target": _targets(connection, article, claim, text, home),
        }


def _bodies(
    cursor: sqlite3.Cursor, article: Mapping[str, Any], claim: Mapping[str, Any], home: str
) -> Iterator[dict[str, str]]:
    """Yield what the claim is and how it is meant, its concepts, and the rules that use it."""
    said = ("kind", "subkind", "assertion", "temporality", "basis", "attribution", "polarity")
    for name in (*said, "strength", "direction", "measure"):
        if claim[name]:
            value = f"{name}: {str(claim[name]).replace('_', ' ')}"
            yield {"type": "TextualBody", "purpose": "classifying", "value": value}
    concepts = cursor.execute(
        "select distinct label from claim_concepts join concepts using (concept_id)"
        " where claim_id = ? order by label",
        [claim["claim_id"]],
    )
    for row in concepts.fetchall():
        yield {"type": "TextualBody", "purpose": "tagging", "value": row["label"]}
    rules = cursor.execute(
        "select rule_id from evidence where claim_id = ? order by rule_id", [claim["claim_id"]]
    )
    for row in rules.fetchall():
        source = home + address("rule", row["rule_id"])
        yield {"type": "SpecificResource", "purpose": "linking", "source": source}
    if article["digest"]:
        yield {"type": "TextualBody", "purpose": "commenting", "value": f"Digest: {OWN_WORDS}."}
    if article["retracted"]:
        yield {
            "type": "TextualBody",
            "purpose": "commenting",
            "value": "The article was retracted.",
        }


def _targets(
    connection: sqlite3.Connection,
    article: Mapping[str, Any],
    claim: Mapping[str, Any],
    text: str,
    home: str,
) -> list[dict[str, Any]]:
    """Return the words in the stored text, and on the source's page where that has them."""
    quoted = {
        "type": "TextQuoteSelector",
        "exact": claim["quote"],
        "prefix": text[max(0, claim["start"] - AROUND) : claim["start"]],
        "suffix": text[claim["end"] : claim["end"] + AROUND],
    }
    place = {"type": "TextPositionSelector", "start": claim["start"], "end": claim["end"]}
    stored: dict[str, Any] = {
        "id": f"{home}/-/text/{quote(article['article_id'], safe='')}",
        "type": "Text",
        "format": "text/plain",
    }
    if article["language"]:
        stored["language"] = article["language"]
    origin = source_address(article)
    if origin:
        stored["via"] = origin
    found = [{"type": "SpecificResource", "source": stored, "selector": [quoted, place]}]
    page, mark, _ = (source_link(connection, article, claim) or "").partition("#:~:")
    if mark:
        exact = {"type": "TextQuoteSelector", "exact": claim["quote"]}
        found.append({"type": "SpecificResource", "source": page, "selector": exact})
    return found
