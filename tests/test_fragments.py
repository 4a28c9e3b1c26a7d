"""Fragments of mark-up in titles and abstracts: tags go, comparisons stay."""

from __future__ import annotations

import pytest

from ingest.parsing.fragments import flat, parts


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("x <i>y</i><sub>2</sub><br/>z", "x y2 z"),
        ("<jats:p>One</jats:p><jats:p>two</jats:p>", "One two"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
        ('<span class="a b" id=c>s</span>', "s"),
        ("a <b and c> d", "a <b and c> d"),
        ("p<0.05, q>3 and <5 cm", "p<0.05, q>3 and <5 cm"),
        ("p &lt; 0.05 &amp; q", "p < 0.05 & q"),
        ("&lt;i&gt;Escaped&lt;/i&gt; twice &amp;amp; more", "Escaped twice & more"),
        (
            "An ampersand of its own: R&D&copying &#0 and &lt 5",
            "An ampersand of its own: R&D&copying &#0 and &lt 5",
        ),
        ("10<sup>3</sup>, 10<jats:sup>&#8722;3</jats:sup>, 18<sup>th</sup>", "10³, 10⁻³, 18th"),
        ("10&lt;sup&gt;3&lt;/sup&gt;", "10³"),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_flat(printed: object, shown: str | None) -> None:
    assert flat(printed) == shown


def test_headings_label_the_parts() -> None:
    assert parts("<title>Abstract</title><p>Lead.</p><h4>Methods:</h4>x<h4>RESULTS</h4>y") == [
        ("", "Lead."),
        ("Methods", "x"),
        ("RESULTS", "y"),
    ]
