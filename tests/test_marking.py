"""Marking claims in text: every claim is seen, whatever the spans, and nothing is let through."""

from __future__ import annotations

import re
from typing import Any

from kb.site.marking import CLOSED, OPENED, mark_found, mark_text
from kb.site.pictures import evidence_picture


def _claim(name: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {
        "claim_id": name,
        "kind": "outcome",
        "subkind": None,
        "assertion": "affirmed",
        "temporality": "current",
        "basis": "patients",
        "attribution": "own",
        "polarity": None,
        "start": start,
        "end": end,
        "focus_start": None,
        "focus_end": None,
        **more,
    }


def _words(html: str) -> str:
    """What a reader sees without the badges."""
    bare = re.sub(r' ?<a class="badge.*?</a>', "", html)
    return re.sub(r"<[^>]+>", "", bare)


TEXT = "Pain fell in nine. Two bled, one died. All walked."


def test_nested_and_overlapping_claims_are_all_shown_and_the_text_is_whole() -> None:
    claims = [
        _claim("outer", 0, 38),
        _claim("inner", 19, 27, kind="risk"),
        _claim("across", 29, 50, kind="risk", assertion="negated"),
    ]
    html = str(mark_text(TEXT, 0, len(TEXT), claims, []))
    assert _words(html) == TEXT
    for each in claims:
        assert html.count(f"/-/claim/{each['claim_id']}") == 1
        assert html.count(f'id="s{each["start"]}"') == 1
    assert "risk · not" in html
    assert html.count("<mark") == html.count("</mark>")


def test_focus_of_each_claim_is_underlined() -> None:
    claims = [
        _claim("a", 19, 38, focus_start=19, focus_end=27),
        _claim("b", 19, 38, focus_start=29, focus_end=37),
    ]
    html = str(mark_text(TEXT, 0, len(TEXT), claims, []))
    assert re.findall(r"<u>(.*?)</u>", html) == ["Two bled", "one died"]
    assert html.count('id="s19"') == 1


def test_text_is_escaped_and_markup_dropped_and_citation_marks_raised() -> None:
    text = "Bad <script>x</script> [[link]] word.12 Next."
    at = text.index("[[link]]")
    mark = text.index("12")
    markers = [
        {"start": at, "end": at + 8, "role": "markup"},
        {"start": mark, "end": mark + 2, "role": "citation"},
    ]
    html = str(mark_text(text, 0, len(text), [_claim("c", 0, mark)], markers))
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "[[link]]" not in html
    assert html.index('<sup class="cite">12</sup>') < html.index("badge") < html.index("Next")


def test_found_words_are_marked_and_escaped_even_when_borders_are_odd() -> None:
    assert str(mark_found(f"a {OPENED}<b>{CLOSED} & c")) == "a <mark>&lt;b&gt;</mark> &amp; c"
    odd = str(mark_found(f"{CLOSED}a{OPENED}b"))
    assert odd.count("<mark>") == odd.count("</mark>") == 1


def test_picture_tells_in_words_what_it_draws_and_what_it_leaves_out() -> None:
    rows = [
        {"year": 2006, "design": "case_series", "stance": "supports", "claims": 4},
        {"year": 2006, "design": "case_series", "stance": "contradicts", "claims": 1},
        {"year": None, "design": "<b>", "stance": "qualifies", "claims": 2},
    ]
    html = str(evidence_picture(rows))
    assert "2006 case series: 4 for" in html and "1 against" in html
    assert "Not drawn: 2 claims" in html
    assert "<b>" not in html
    assert "No dated evidence" in str(evidence_picture(rows[2:]))
    assert "Not drawn: 1 claim of" in str(evidence_picture([{**rows[2], "claims": 1}]))
