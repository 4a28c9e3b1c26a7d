"""Show a stored text with its claims marked: whole sentences, the telling part underlined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

_LABELS = {"negated": "not", "hedged": "perhaps", "conditional": "if"}


def badge(claim: Mapping[str, Any]) -> Markup:
    """Return the small link that names a claim's kind and how it is meant, in words."""
    words = [str(claim["subkind"] or claim["kind"])]
    if claim["assertion"] != "affirmed":
        words.append(_LABELS[claim["assertion"]])
    if claim["temporality"] != "current":
        words.append(claim["temporality"])
    if claim["basis"] not in {"patients", "expert"}:
        words.append(str(claim["basis"]).replace("_", " "))
    if claim["polarity"] == "against":
        words.append("against")
    return Markup('<a class="badge k-{}" href="/-/claim/{}">{}</a>').format(
        claim["kind"], claim["claim_id"], " · ".join(words)
    )


def mark_text(
    text: str,
    start: int,
    end: int,
    claims: Sequence[Mapping[str, Any]],
    markers: Sequence[Mapping[str, Any]],
) -> Markup:
    """Return ``text[start:end]`` as HTML with claims marked; mark-up and captions are dropped.

    Sentences that carry claims become ``<mark>`` with a badge for each claim behind them.
    """
    quotes: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for claim in claims:
        if start <= claim["start"] and claim["end"] <= end:
            quotes.setdefault((claim["start"], claim["end"]), []).append(claim)
    inside = [each for each in markers if start <= each["start"] and each["end"] <= end]
    pieces: list[Markup] = []
    at = start
    for (first, last), held in sorted(quotes.items(), key=lambda item: item[0]):
        if first < at:
            continue
        pieces.append(_plain(text, at, first, inside))
        kinds = " ".join(sorted({f"k-{each['kind']}" for each in held}))
        badges = Markup(" ").join(badge(each) for each in held)
        pieces.append(
            Markup('<mark id="s{}" class="{}">{}</mark> {}').format(
                first, kinds, _focused(text, first, last, held, inside), badges
            )
        )
        at = last
    pieces.append(_plain(text, at, end, inside))
    return Markup("").join(pieces)


def _focused(
    text: str,
    first: int,
    last: int,
    held: Sequence[Mapping[str, Any]],
    markers: Sequence[Mapping[str, Any]],
) -> Markup:
    spans = [
        (each["focus_start"], each["focus_end"]) for each in held if each["focus_start"] is not None
    ]
    if len(spans) != 1:
        return _plain(text, first, last, markers)
    start, end = spans[0]
    return (
        _plain(text, first, start, markers)
        + Markup("<u>{}</u>").format(_plain(text, start, end, markers))
        + _plain(text, end, last, markers)
    )


def _plain(text: str, start: int, end: int, markers: Sequence[Mapping[str, Any]]) -> Markup:
    pieces: list[Markup] = []
    at = start
    for each in sorted(markers, key=lambda one: one["start"]):
        if each["end"] <= at or each["start"] >= end:
            continue
        pieces.append(escape(text[at : max(at, each["start"])]))
        if each["role"] == "citation":
            pieces.append(
                Markup('<sup class="cite">{}</sup>').format(
                    text[max(at, each["start"]) : min(end, each["end"])]
                )
            )
        at = min(end, each["end"])
    pieces.append(escape(text[at:end]))
    return Markup("").join(pieces)
