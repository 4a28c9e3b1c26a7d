"""Printed styles against the published rules: Citing Medicine and the ICMJE, AMA 11, APA 7."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pytest

from kb.sources import text_directive
from kb.styles import FOLDER, styles
from kb.works import Notice, Person, Quote, Work


def _person(family: str, given: str | None = None, suffix: str | None = None) -> Person:
    return Person(" ".join(filter(None, (given, family, suffix))), family, given, suffix)


PLAIN = Work(
    id="x",
    type="article-journal",
    address="/-/article/x",
    title="Removal of whole vertebrae.",
    authors=(_person("Able", "Ann Bea"), _person("Baker", "Carl-Dan")),
    journal="Journal of Made-Up Cases",
    journal_abbrev="J Made Up Cases",
    year=2001,
    date="2001-02",
    volume="26",
    issue="3",
    pages="298-306",
    doi="10.1/x",
)
MANY = tuple(_person(f"Name{chr(97 + at)}", "X Y") for at in range(22))
GROUP = Person("Spine Study Group", collective=True)
NOTICE = "J Made Up Cases. 2003;28(1):9"
PLACE = "2003, J Made Up Cases, 28[1], 9"
BOOK: dict[str, Any] = {
    "journal": "Book of Vertebrae",
    "journal_abbrev": None,
    "publisher": "Made-Up Press",
    "volume": None,
    "issue": None,
}
SHORT = "J Made Up Cases. 2001;26(3):298-306. doi:10.1/x"
LONG = "Journal of Made-Up Cases, 26(3), 298–306. https://doi.org/10.1/x"
NAMES = "Able AB, Baker CD."
APA_NAMES = "Able, A. B., & Baker, C.-D. (2001)."
TITLE = "Removal of whole vertebrae."

CASES: dict[str, tuple[Work, str, str, str]] = {
    "article": (
        PLAIN,
        f"{NAMES} {TITLE} {SHORT}",
        f"{NAMES} {TITLE} {SHORT}",
        f"{APA_NAMES} {TITLE} {LONG}",
    ),
    "suffixes": (
        replace(PLAIN, authors=(_person("Klimo", "Paul", "Jr"), _person("Doe", "John", "3rd"))),
        f"Klimo P Jr, Doe J 3rd. {TITLE} {SHORT}",
        f"Klimo P Jr, Doe J III. {TITLE} {SHORT}",
        f"Klimo, P., Jr., & Doe, J., III. (2001). {TITLE} {LONG}",
    ),
    "initials as printed": (
        replace(PLAIN, authors=(_person("Able", "AB"), _person("Cid", "Ana de la Cruz Maria"))),
        f"Able AB, Cid AC. {TITLE} {SHORT}",
        f"Able AB, Cid ACM. {TITLE} {SHORT}",
        f"Able, A. B., & Cid, A. C. M. (2001). {TITLE} {LONG}",
    ),
    "seven authors": (
        replace(PLAIN, authors=MANY[:7]),
        f"Namea XY, Nameb XY, Namec XY, Named XY, Namee XY, Namef XY, et al. {TITLE} {SHORT}",
        f"Namea XY, Nameb XY, Namec XY, et al. {TITLE} {SHORT}",
        ", ".join(f"Name{letter}, X. Y." for letter in "abcdef")
        + f", & Nameg, X. Y. (2001). {TITLE} {LONG}",
    ),
    "twenty-two authors": (
        replace(PLAIN, authors=MANY),
        f"Namea XY, Nameb XY, Namec XY, Named XY, Namee XY, Namef XY, et al. {TITLE} {SHORT}",
        f"Namea XY, Nameb XY, Namec XY, et al. {TITLE} {SHORT}",
        ", ".join(f"Name{chr(97 + at)}, X. Y." for at in range(19))
        + f", . . . Namev, X. Y. (2001). {TITLE} {LONG}",
    ),
    "group": (
        replace(PLAIN, authors=(GROUP,)),
        f"Spine Study Group. {TITLE} {SHORT}",
        f"Spine Study Group. {TITLE} {SHORT}",
        f"Spine Study Group. (2001). {TITLE} {LONG}",
    ),
    "people and group": (
        replace(PLAIN, authors=(*PLAIN.authors, GROUP)),
        f"Able AB, Baker CD; Spine Study Group. {TITLE} {SHORT}",
        f"Able AB, Baker CD; Spine Study Group. {TITLE} {SHORT}",
        f"Able, A. B., Baker, C.-D., & Spine Study Group. (2001). {TITLE} {LONG}",
    ),
    "no author": (
        replace(PLAIN, authors=()),
        f"{TITLE} {SHORT}",
        f"{TITLE} {SHORT}",
        f"{TITLE} (2001). {LONG}",
    ),
    "names left out by the source": (
        replace(PLAIN, authors_complete=False),
        f"Able AB, Baker CD, et al. {TITLE} {SHORT}",
        f"Able AB, Baker CD, et al. {TITLE} {SHORT}",
        f"Able, A. B., Baker, C.-D., et al. (2001). {TITLE} {LONG}",
    ),
    "no year": (
        replace(PLAIN, year=None, date=None),
        f"{NAMES} {TITLE} J Made Up Cases. [date unknown];26(3):298-306. doi:10.1/x",
        f"{NAMES} {TITLE} J Made Up Cases. Date unknown;26(3):298-306. doi:10.1/x",
        f"Able, A. B., & Baker, C.-D. (n.d.). {TITLE} {LONG}",
    ),
    "retracted": (
        replace(PLAIN, retracted=True, notices=(Notice("Retraction in", NOTICE, "12"),)),
        f"{NAMES} {TITLE} {SHORT} Retracted article. Retraction in: {NOTICE}.",
        f"{NAMES} Removal of whole vertebrae [retracted in: {NOTICE}]. {SHORT}",
        f"{APA_NAMES} {TITLE} {LONG} (Retraction published {PLACE})",
    ),
    "erratum": (
        replace(PLAIN, notices=(Notice("Erratum in", NOTICE),)),
        f"{NAMES} {TITLE} {SHORT} Erratum in: {NOTICE}.",
        f"{NAMES} Removal of whole vertebrae [published correction appears in {NOTICE}]. {SHORT}",
        f"{APA_NAMES} {TITLE} {LONG} (Erratum published {PLACE})",
    ),
    "preprint": (
        replace(
            PLAIN,
            type="article",
            journal="medRxiv",
            journal_abbrev=None,
            volume=None,
            issue=None,
            pages=None,
            date="2001-02-05",
        ),
        f"{NAMES} {TITLE} medRxiv [Preprint]. 2001. doi:10.1/x",
        f"{NAMES} {TITLE} medRxiv. Preprint posted online February 5, 2001. doi:10.1/x",
        f"{APA_NAMES} {TITLE} medRxiv. https://doi.org/10.1/x",
    ),
    "chapter": (
        replace(PLAIN, type="chapter", **BOOK),
        f"{NAMES} {TITLE} In: Book of Vertebrae. Made-Up Press; 2001. p. 298-306. doi:10.1/x",
        f"{NAMES} {TITLE} In: Book of Vertebrae. Made-Up Press; 2001:298-306. doi:10.1/x",
        f"{APA_NAMES} {TITLE} In Book of Vertebrae (pp. 298–306). Made-Up Press. https://doi.org/10.1/x",
    ),
    "book": (
        replace(PLAIN, type="book", **{**BOOK, "title": "Book of Vertebrae", "pages": None}),
        f"{NAMES} Book of Vertebrae. Made-Up Press; 2001. doi:10.1/x",
        f"{NAMES} Book of Vertebrae. Made-Up Press; 2001. doi:10.1/x",
        f"{APA_NAMES} Book of Vertebrae. Made-Up Press. https://doi.org/10.1/x",
    ),
    "translated title": (
        replace(PLAIN, language="de", translated=True),
        f"{NAMES} [Removal of whole vertebrae]. J Made Up Cases. 2001;26(3):298-306. German. doi:10.1/x",
        f"{NAMES} Removal of whole vertebrae [in German]. {SHORT}",
        f"{APA_NAMES} [Removal of whole vertebrae]. {LONG}",
    ),
    "translated title beside the original": (
        replace(PLAIN, language="de", translated=True, original_title="Entfernung von Wirbeln."),
        f"{NAMES} [Removal of whole vertebrae]. J Made Up Cases. 2001;26(3):298-306. German. doi:10.1/x",
        f"{NAMES} Removal of whole vertebrae [in German]. {SHORT}",
        f"{APA_NAMES} Entfernung von Wirbeln [Removal of whole vertebrae]. {LONG}",
    ),
    "article number": (
        replace(PLAIN, pages="e1234"),
        f"{NAMES} {TITLE} J Made Up Cases. 2001;26(3):e1234. doi:10.1/x",
        f"{NAMES} {TITLE} J Made Up Cases. 2001;26(3):e1234. doi:10.1/x",
        f"{APA_NAMES} {TITLE} Journal of Made-Up Cases, 26(3), Article e1234. https://doi.org/10.1/x",
    ),
    "pages of a supplement": (
        replace(PLAIN, pages="S112-S115", issue="Suppl 1"),
        f"{NAMES} {TITLE} J Made Up Cases. 2001;26(Suppl 1):S112-5. doi:10.1/x",
        f"{NAMES} {TITLE} J Made Up Cases. 2001;26(suppl 1):S112-S115. doi:10.1/x",
        f"{APA_NAMES} {TITLE} Journal of Made-Up Cases, 26(Suppl. 1), S112–S115. https://doi.org/10.1/x",
    ),
    "a title that asks": (
        replace(PLAIN, title="Is it safe?"),
        f"{NAMES} Is it safe? {SHORT}",
        f"{NAMES} Is it safe? {SHORT}",
        f"{APA_NAMES} Is it safe? {LONG}",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_printed_styles(name: str) -> None:
    work, *expected = CASES[name]
    for style, text in zip(("vancouver", "ama", "apa"), expected, strict=True):
        assert styles()[style].render([work], "") == text, style


@pytest.mark.parametrize("style", ["vancouver", "ama", "apa"])
def test_a_claim_carries_its_words_and_where_they_are_read(style: str) -> None:
    page = "https://pubmed.ncbi.nlm.nih.gov/1/#:~:text=No%20one%20died."
    quoted = replace(
        PLAIN, address="/-/claim/c1", quote=Quote("c1", "No one died.", page, digest=False)
    )
    text = styles()[style].render([quoted], "https://kb.test")
    assert text.endswith(f"Quoted: “No one died.” {page} https://kb.test/-/claim/c1")
    digest = replace(
        quoted, quote=Quote("c1", "No one died.", "https://doi.org/10.1/x", digest=True)
    )
    text = styles()[style].render([digest], "")
    assert "own digest, not the article's): “No one died.” /-/claim/c1" in text
    assert text.count("10.1/x") == 1


def test_many_works_are_numbered() -> None:
    text = styles()["vancouver"].render([PLAIN, replace(PLAIN, id="y", title="Second")], "")
    assert [line[:3] for line in text.splitlines()] == ["1. ", "2. "]


@pytest.mark.parametrize(
    ("quote", "marks", "expected"),
    [
        ("Two-stage removal, done.", (), "Two%2Dstage%20removal%2C%20done."),
        (" ".join("abcdefghijklmn"), (), "a%20b%20c%20d%20e,j%20k%20l%20m%20n"),
        ("No one died[12] of it", ((11, 15),), "No%20one%20died,of%20it"),
        ("No one died.[3]", ((12, 15),), "No%20one%20died."),
    ],
)
def test_text_fragments_follow_the_specification(
    quote: str, marks: tuple[tuple[int, int], ...], expected: str
) -> None:
    assert text_directive(quote, marks) == expected


def test_the_folder_is_the_registry() -> None:
    found = styles()
    assert next(iter(found)) == "vancouver"
    assert {"ama", "apa", "bibtex", "ris", "csl-json", "nbib", "link"} < set(found)
    for each in found.values():
        assert each.words and "\n" not in each.words


@pytest.mark.parametrize("name", ["vancouver", "ama", "apa"])
def test_sheets_keep_the_published_schema_of_csl(name: str) -> None:
    from citeproc import CitationStylesStyle

    with warnings.catch_warnings():
        # The library tells of a broken sheet by a warning.
        warnings.simplefilter("error")
        CitationStylesStyle(str(FOLDER / f"{name}.csl"), validate=True)
