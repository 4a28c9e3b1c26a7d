"""Show a stored text with its claims marked: whole sentences, the telling part underlined."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

_LABELS = {"negated": "not", "hedged": "perhaps", "conditional": "if"}
_GAPS = re.compile(r"\n\s*\n\s*")
# Borders of a found word in text that SQLite's highlight() returns.
OPENED, CLOSED = "\x01", "\x02"

Span = Mapping[str, Any]


def badge(claim: Span) -> Markup:
    """Return the small link that names a claim's kind and how it is meant, in words."""
    words = [str(claim["subkind"] or claim["kind"])]
    if claim["assertion"] != "affirmed":
        words.append(_LABELS[claim["assertion"]])
    if claim["temporality"] != "current":
        words.append(claim["temporality"])
    if claim["basis"] not in {"patients", "expert"}:
        words.append(str(claim["basis"]).replace("_", " "))
    if claim["attribution"] == "cited":
        words.append("cited")
    if claim["polarity"] == "against":
        words.append("against")
    return Markup('<a class="badge k-{}" href="/-/claim/{}">{}</a>').format(
        claim["kind"], claim["claim_id"], " · ".join(words)
    )


def mark_text(
    text: str, start: int, end: int, claims: Sequence[Span], markers: Sequence[Span]
) -> Markup:
    """Return ``text[start:end]`` as HTML with claims marked; mark-up and captions are dropped.

    Quotes may share, nest or overlap: the text is cut at every border, each piece is marked with
    the kinds of all claims over it, and a claim's badge follows the end of its quote.
    """
    held = [each for each in claims if start <= each["start"] and each["end"] <= end]
    inside = [each for each in markers if start <= each["start"] and each["end"] <= end]
    cuts = {start, end, *(each["start"] for each in held), *(each["end"] for each in held)}
    pieces: list[Markup] = []
    at = start
    for first, last in itertools.pairwise(sorted(cuts)):
        over = [each for each in held if each["start"] <= first and last <= each["end"]]
        if last > at:
            pieces.append(_piece(text, max(first, at), last, over, inside))
            at = last
        ending = [each for each in over if each["end"] == last]
        if ending:
            # A citation mark glued to the sentence stays with it, before the badges.
            after = _behind(last, end, inside)
            pieces.append(_plain(text, at, max(at, after), inside))
            at = max(at, after)
            pieces.append(Markup(" ") + Markup(" ").join(badge(each) for each in ending))
    return Markup("").join(pieces)


def mark_found(text: str) -> Markup:
    """Return text with its found words, between ``OPENED`` and ``CLOSED``, as ``<mark>``."""
    pieces = text.split(OPENED)
    out = [escape(pieces[0].replace(CLOSED, ""))]
    for piece in pieces[1:]:
        found, _, rest = piece.partition(CLOSED)
        out.append(Markup("<mark>{}</mark>{}").format(found, rest.replace(CLOSED, "")))
    return Markup("").join(out)


def _behind(at: int, end: int, markers: Sequence[Span]) -> int:
    for each in sorted(markers, key=lambda one: one["start"]):
        if each["start"] == at and each["role"] == "citation" and each["end"] <= end:
            at = each["end"]
    return at


def _piece(
    text: str, first: int, last: int, over: Sequence[Span], markers: Sequence[Span]
) -> Markup:
    if not over:
        return _plain(text, first, last, markers)
    kinds = " ".join(sorted({f"k-{each['kind']}" for each in over}))
    begins = any(each["start"] == first for each in over)
    anchor = Markup(' id="s{}"').format(first) if begins else Markup("")
    return Markup('<mark{} class="{}">{}</mark>').format(
        anchor, kinds, _focused(text, first, last, over, markers)
    )


def _focused(
    text: str, first: int, last: int, over: Sequence[Span], markers: Sequence[Span]
) -> Markup:
    """Return a marked piece with the parts that carry its claims underlined."""
    spans = [
        (max(first, each["focus_start"]), min(last, each["focus_end"]))
        for each in over
        if each["focus_start"] is not None
    ]
    spans = [span for span in spans if span[0] < span[1] and span != (first, last)]
    cuts = sorted({first, last, *itertools.chain.from_iterable(spans)})
    pieces = []
    for a, b in itertools.pairwise(cuts):
        plain = _plain(text, a, b, markers)
        told = any(one <= a and b <= other for one, other in spans)
        pieces.append(Markup("<u>{}</u>").format(plain) if told else plain)
    return Markup("").join(pieces)


def _plain(text: str, start: int, end: int, markers: Sequence[Span]) -> Markup:
    pieces: list[Markup] = []
    at = start
    for each in sorted(markers, key=lambda one: one["start"]):
        if each["end"] <= at or each["start"] >= end:
            continue
        pieces.append(_words(text[at : max(at, each["start"])]))
        if each["role"] == "citation":
            shown = text[max(at, each["start"]) : min(end, each["end"])]
            pieces.append(Markup('<sup class="cite">{}</sup>').format(shown))
        at = min(end, each["end"])
    pieces.append(_words(text[at:end]))
    return Markup("").join(pieces)


def _words(text: str) -> Markup:
    """Return text escaped, with no more than one blank line between paragraphs."""
    return escape(_GAPS.sub("\n\n", text))
