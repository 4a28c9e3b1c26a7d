"""Twenty hard references, their expected lines written by hand from the manuals before any was run.

Citing Medicine, 2nd edition (https://www.ncbi.nlm.nih.gov/books/NBK7256/) and the ICMJE's samples; AMA
Manual of Style, 11th edition; APA Publication Manual, 7th edition.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.styles import styles
from kb.works import Notice, Person, Work


def _person(family: str, given: str | None = None, suffix: str | None = None) -> Person:
    return Person(" ".join(filter(None, (given, family, suffix))), family, given, suffix)


ONE = Work(
    id="x",
    type="article-journal",
    address="/-/article/x",
    title="Cages and struts in a made-up series.",
    authors=(_person("Doe", "Jane Ann"),),
    journal="Annals of Invented Spines",
    journal_abbrev="Ann Invent Spines",
    year=2014,
    date="2014",
    volume="7",
    issue="2",
    pages="101-109",
)
V = "Doe JA. Cages and struts in a made-up series."
P = "Doe, J. A. (2014). Cages and struts in a made-up series."
J = "Ann Invent Spines."
L = "Annals of Invented Spines"
NOTICE = "Ann Invent Spines. 2016;9(1):3"

REFERENCES: dict[str, tuple[Work, str, str, str]] = {
    "a PMID and no DOI": (
        replace(ONE, pmid="12345"),
        f"{V} {J} 2014;7(2):101-9. PMID: 12345",
        f"{V} {J} 2014;7(2):101-109. PMID:12345",
        f"{P} {L}, 7(2), 101–109.",
    ),
    "no volume": (
        replace(ONE, volume=None),
        f"{V} {J} 2014;(2):101-9.",
        f"{V} {J} 2014;(2):101-109.",
        f"{P} {L}, (2), 101–109.",
    ),
    "no issue": (
        replace(ONE, issue=None),
        f"{V} {J} 2014;7:101-9.",
        f"{V} {J} 2014;7:101-109.",
        f"{P} {L}, 7, 101–109.",
    ),
    "no pages": (
        replace(ONE, pages=None),
        f"{V} {J} 2014;7(2).",
        f"{V} {J} 2014;7(2).",
        f"{P} {L}, 7(2).",
    ),
    "a year and nothing behind it": (
        replace(ONE, volume=None, issue=None, pages=None),
        f"{V} {J} 2014.",
        f"{V} {J} 2014.",
        f"{P} {L}.",
    ),
    "one page": (
        replace(ONE, pages="101"),
        f"{V} {J} 2014;7(2):101.",
        f"{V} {J} 2014;7(2):101.",
        f"{P} {L}, 7(2), 101.",
    ),
    "pages in two pieces": (
        replace(ONE, pages="643-648; discussion 649-650"),
        f"{V} {J} 2014;7(2):643-8; discussion 649-50.",
        f"{V} {J} 2014;7(2):643-648; discussion 649-650.",
        f"{P} {L}, 7(2), 643–648; discussion 649–650.",
    ),
    "a letter before the page": (
        replace(ONE, pages="e123", doi="10.5555/a_b"),
        f"{V} {J} 2014;7(2):e123. doi:10.5555/a_b",
        f"{V} {J} 2014;7(2):e123. doi:10.5555/a_b",
        f"{P} {L}, 7(2), Article e123. https://doi.org/10.5555/a_b",
    ),
    "a supplement of a volume and one of an issue": (
        replace(ONE, volume="7 Suppl 1", issue=None),
        f"{V} {J} 2014;7 Suppl 1:101-9.",
        f"{V} {J} 2014;7(suppl 1):101-109.",
        f"{P} {L}, 7(Suppl. 1), 101–109.",
    ),
    "a supplement of an issue": (
        replace(ONE, issue="2 Suppl"),
        f"{V} {J} 2014;7(2 Suppl):101-9.",
        f"{V} {J} 2014;7(2)(suppl):101-109.",
        f"{P} {L}, 7(2, Suppl.), 101–109.",
    ),
    "no authors and a question": (
        replace(ONE, authors=(), title="Who was asked?"),
        f"Who was asked? {J} 2014;7(2):101-9.",
        f"Who was asked? {J} 2014;7(2):101-109.",
        f"Who was asked? (2014). {L}, 7(2), 101–109.",
    ),
    "nothing but a title": (
        Work(id="x", type="document", address="/-/article/x", title="A title alone"),
        "A title alone. [date unknown].",
        "A title alone. Date unknown.",
        "A title alone. (n.d.).",
    ),
    "particles, one name, and a body with a comma": (
        replace(
            ONE,
            authors=(
                _person("van der Berg", "Jan P."),
                _person("Plato"),
                Person("Society for Spines, Board of Cages", collective=True),
            ),
        ),
        f"van der Berg JP, Plato; Society for Spines, Board of Cages. {V[8:]} {J} 2014;7(2):101-9.",
        f"van der Berg JP, Plato; Society for Spines, Board of Cages. {V[8:]} {J} 2014;7(2):101-109.",
        f"van der Berg, J. P., Plato, & Society for Spines, Board of Cages. (2014). {V[8:]} {L}, 7(2), 101–109.",
    ),
    "signs that mark-up and LaTeX take": (
        replace(ONE, title="{TNF}-α & β < 5 % of $1 #2: the “A and B” trial's x_1"),
        f"Doe JA. {{TNF}}-α & β < 5 % of $1 #2: the “A and B” trial's x_1. {J} 2014;7(2):101-9.",
        f"Doe JA. {{TNF}}-α & β < 5 % of $1 #2: the “A and B” trial's x_1. {J} 2014;7(2):101-109.",
        f"Doe, J. A. (2014). {{TNF}}-α & β < 5 % of $1 #2: the “A and B” trial's x_1. {L}, 7(2), 101–109.",
    ),
    "retracted, and nobody says where": (
        replace(ONE, retracted=True),
        f"{V} {J} 2014;7(2):101-9. Retracted article.",
        f"{V[:-1]} [retracted]. {J} 2014;7(2):101-109.",
        f"{P} {L}, 7(2), 101–109. (Retracted article)",
    ),
    "retracted in a notice that is known": (
        replace(ONE, retracted=True, notices=(Notice("Retraction in", NOTICE, "12"),)),
        f"{V} {J} 2014;7(2):101-9. Retracted article. Retraction in: {NOTICE}.",
        f"{V[:-1]} [retracted in: {NOTICE}]. {J} 2014;7(2):101-109.",
        f"{P} {L}, 7(2), 101–109. (Retraction published 2016, Ann Invent Spines, 9[1], 3)",
    ),
    "a thesis": (
        replace(
            ONE,
            type="thesis",
            journal=None,
            journal_abbrev=None,
            volume=None,
            issue=None,
            pages=None,
            publisher="Invented University",
        ),
        f"{V[:-1]} [thesis]. Invented University; 2014.",
        f"{V} Thesis. Invented University; 2014.",
        f"{P[:-1]} [Thesis, Invented University].",
    ),
    "a book without a date": (
        replace(
            ONE,
            type="book",
            journal=None,
            journal_abbrev=None,
            volume=None,
            issue=None,
            pages=None,
            publisher="Invented Press",
            year=None,
            date=None,
        ),
        f"{V} Invented Press; [date unknown].",
        f"{V} Invented Press; date unknown.",
        "Doe, J. A. (n.d.). Cages and struts in a made-up series. Invented Press.",
    ),
    "a page of a site without a date": (
        Work(
            id="x",
            type="webpage",
            address="/-/article/x",
            title="Lumbar spine",
            site="Invented Wiki",
            url="https://wiki.test/spine",
        ),
        "Lumbar spine [Internet]. Invented Wiki; [date unknown]. Available from: https://wiki.test/spine",
        "Lumbar spine. Invented Wiki. https://wiki.test/spine",
        "Lumbar spine. (n.d.). Invented Wiki. https://wiki.test/spine",
    ),
    "a title in its own language": (
        replace(ONE, title="Wirbel und Käfige.", language="de"),
        f"Doe JA. Wirbel und Käfige. {J} 2014;7(2):101-9. German.",
        f"Doe JA. Wirbel und Käfige. {J} 2014;7(2):101-109.",
        f"Doe, J. A. (2014). Wirbel und Käfige. {L}, 7(2), 101–109.",
    ),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_is_printed_as_the_manuals_say(name: str) -> None:
    work, *expected = REFERENCES[name]
    for style, text in zip(("vancouver", "ama", "apa"), expected, strict=True):
        assert styles()[style].render([work], "") == text, style
