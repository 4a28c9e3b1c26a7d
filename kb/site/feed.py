"""Write the changes of a knowledge base as an Atom feed.

After RFC 4287; the feed and its entries are named by UUIDs of their own content (RFC 9562, version
5), which no rebuild, address or server changes and which need no authority.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
# Of all names of changes, made once.
NAMES = UUID("b7b5a0a6-5c5c-5d0e-9a39-9a0a4f0f7c11")
NAME = "Spinal Tumour Evidence Base"
# Entries of a feed: readers ask within weeks, and the page has all.
LONGEST = 200
_LINES = 40
# Characters that XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNS = {"gained": "+", "lost": "-", "moved": "~", "new": "+", "vanished": "-", "changed": "~"}

Row = Mapping[str, Any]


async def atom(
    home: str,
    meta: Mapping[str, Any],
    updates: Sequence[Row],
    changes: Callable[[int], Awaitable[Sequence[Row]]],
    citations: Mapping[str, str],
) -> bytes:
    """Return the feed: newest update first, its retractions first, at most ``LONGEST`` entries.

    ``home`` is the site's address without a slash at its end; ``changes`` gives an update's rows,
    ``citations`` the citations of articles that are still there.
    """
    lineage = updates[0]["lineage"] if updates else meta["generation"]
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", _named(f"changes/{lineage}"))
    _add(feed, "title", f"{NAME}: what changed")
    _add(feed, "updated", updates[0]["built_at"] if updates else meta["built_at"])
    _add(_add(feed, "author"), "name", NAME)
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{home}/-/changes.atom")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{home}/-/changes")
    left = LONGEST
    for update in updates:
        if not left:
            break
        for entry in _entries(home, lineage, update, await changes(update["number"]), citations):
            if not left:
                break
            feed.append(entry)
            left -= 1
    body: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _named(name: str) -> str:
    return uuid5(NAMES, name).urn


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    clean = {key: _FORBIDDEN.sub("", value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", clean)
    if text is not None:
        child.text = _FORBIDDEN.sub("", text)
    return child


def _entry(
    update: Row, name: str, title: str, address: str, lines: Sequence[str], category: str
) -> ElementTree.Element:
    entry = ElementTree.Element(f"{{{ATOM}}}entry")
    _add(entry, "id", _named(name))
    _add(entry, "title", title)
    _add(entry, "updated", update["built_at"])
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "category", term=category)
    more = [f"and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    _add(entry, "summary", "\n".join([*lines[:_LINES], *more]) or title)
    return entry


def _entries(
    home: str, lineage: str, update: Row, found: Sequence[Row], citations: Mapping[str, str]
) -> Iterator[ElementTree.Element]:
    articles = [each for each in found if each["subject"] == "article"]
    urgent = [each for each in articles if each["change"] in {"retracted", "reinstated"}]
    claims = [each for each in found if each["subject"] == "claim"]
    for each in urgent:
        yield _article(home, lineage, update, each, claims)
    for each in found:
        if each["subject"] == "rule":
            yield _rule(home, lineage, update, each, found)
    for each in articles:
        if each not in urgent:
            yield _article(home, lineage, update, each, claims)
    told = {each["article_id"] for each in articles}
    for name in dict.fromkeys(each["article_id"] for each in claims):
        if name not in told:
            title = f"Claims changed: {citations.get(name, name)}"
            yield _entry(
                update,
                f"{lineage}/{update['generation']}/{update['number']}/claims/{name}",
                title,
                f"{home}/-/article/{name}",
                _claims(claims, name),
                "claims",
            )


def _article(
    home: str, lineage: str, update: Row, change: Row, claims: Sequence[Row]
) -> ElementTree.Element:
    name = change["article_id"]
    gone = change["change"] == "vanished"
    fields = [_field(each) for each in change["fields"]]
    return _entry(
        update,
        f"{lineage}/{change['change_id']}",
        f"Article {change['change']}: {change['words']}",
        f"{home}/-/changes?update={update['number']}" if gone else f"{home}/-/article/{name}",
        [*fields, *_claims(claims, name)],
        "retraction" if change["change"] in {"retracted", "reinstated"} else "article",
    )


def _claims(claims: Sequence[Row], article: str) -> list[str]:
    held = [each for each in claims if each["article_id"] == article]
    return [f"{_SIGNS.get(each['change'], '~')} {each['words']}" for each in held]


def _rule(
    home: str, lineage: str, update: Row, change: Row, found: Sequence[Row]
) -> ElementTree.Element:
    held = [
        each
        for each in found
        if each["subject"] == "evidence" and each["rule_id"] == change["rule_id"]
    ]
    counts = Counter((each["change"], each["stance"]) for each in held if each["counted"])
    said = ", ".join(
        f"{_SIGNS[kind]}{number} {stance}" for (kind, stance), number in counts.items()
    )
    lines = [_field(each) for each in change["fields"]]
    lines += [
        f"{_SIGNS[each['change']]} {each['stance']}{'' if each['counted'] else ' (not counted)'}: {each['words']}"
        for each in held
    ]
    gone = change["change"] == "vanished"
    return _entry(
        update,
        f"{lineage}/{change['change_id']}",
        f"Rule {change['change']}: {change['words']}{f' ({said})' if said else ''}",
        f"{home}/-/changes?update={update['number']}"
        if gone
        else f"{home}/-/rule/{change['rule_id']}",
        lines,
        "rule",
    )


def _field(change: Mapping[str, Any]) -> str:
    old, new = (
        "not stated" if change[each] is None else str(change[each]) for each in ("old", "new")
    )
    return f"{change['field'].replace('_', ' ')}: {old} -> {new}"
