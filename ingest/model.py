"""Define the nouns of the pipeline: frozen dataclasses that every stage may import.

Offsets are Python ``str`` code-point indices into ``Record.text``, end exclusive, everywhere.
``None`` means "the source does not say"; it is never replaced by a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["approach", "indication", "outcome", "risk"]
Subkind = Literal["mitigation", "prognostic", "background", "presentation"]
Assertion = Literal["affirmed", "negated", "hedged", "conditional"]
Temporality = Literal["current", "historical", "future"]
Basis = Literal["patients", "animal", "in_vitro", "cadaver", "model", "expert"]
Attribution = Literal["own", "cited"]
Polarity = Literal["for", "against", "neutral"]
Direction = Literal["better", "worse", "no_difference"]
ContentLevel = Literal["citation", "abstract", "full_text", "full_page"]

KINDS: tuple[Kind, ...] = ("approach", "indication", "outcome", "risk")


@dataclass(frozen=True, slots=True)
class Author:
    """One author as printed; a group author has ``collective`` true and no family name."""

    name: str
    family: str | None = None
    given: str | None = None
    suffix: str | None = None
    collective: bool = False
    orcid: str | None = None
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed stretch of text: the heading's span and its own body's span (children excluded).

    ``level`` is 1 for a top heading; ``heading`` is empty for an unlabelled abstract.
    """

    heading: str
    start: int
    end: int
    heading_start: int = 0
    heading_end: int = 0
    level: int = 1
    path: tuple[str, ...] = ()
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Marker:
    """A span of the verbatim text that display and indexing drop.

    ``role``: ``citation`` (with the expanded reference numbers), ``markup``, ``caption``,
    or ``boilerplate``.
    """

    start: int
    end: int
    raw: str
    role: Literal["citation", "markup", "caption", "boilerplate", "reference_list_label"]
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the source's reference list, with what is printed and nothing more."""

    label: int | None
    raw: str
    start: int | None = None
    end: int | None = None
    authors: tuple[str, ...] = ()
    title: str | None = None
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation to another article, as the source states it.

    ``relation`` is snake_case of the PubMed RefType (``erratum_in``, ``retraction_in``,
    ``retraction_of``, ``comment_on``, ``update_of`` ...) or ``preprint_of``.
    """

    relation: str
    raw: str
    pmid: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One article record as one input states it.

    ``text`` is stored verbatim; sections, markers and references point into it.
    ``source`` is the file's name, ``locator`` the record's place in it (index or identifier).
    ``date`` is ISO 8601 of the precision the source prints (2020, 1995-03, 2025-06-27).
    ``languages`` are all that the source names, in its order; ``language`` is the first.
    ``metrics`` are (name, value) pairs; ``sha256`` is of the record's own bytes.
    """

    format: str
    source: str
    locator: str
    sha256: str
    text: str
    title: str | None = None
    sections: tuple[Section, ...] = ()
    markers: tuple[Marker, ...] = ()
    references: tuple[Reference, ...] = ()
    links: tuple[Link, ...] = ()
    authors: tuple[Author, ...] = ()
    authors_complete: bool | None = None
    original_title: str | None = None
    journal: str | None = None
    journal_abbrev: str | None = None
    issn: str | None = None
    issn_l: str | None = None
    publisher: str | None = None
    year: int | None = None
    date: str | None = None
    date_raw: str | None = None
    months: tuple[int, int] | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    pages_raw: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()
    licence: str | None = None
    copyright: str | None = None
    open_access: bool | None = None
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    trial_numbers: tuple[str, ...] = ()
    source_site: str | None = None
    source_platform: str | None = None
    last_updated: str | None = None
    content_level: ContentLevel = "abstract"
    metrics: tuple[tuple[str, str], ...] = ()
    deleted: bool = False
    digest: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An input record that could not be read: where it stood and the reason in one line."""

    source: str
    locator: str
    reason: str
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its span, the index of its section and of its paragraph, and its role.

    It is printed from ``opening`` on, and read from ``start`` on: words that only lead it on
    ("Interestingly, ...") stand between the two.
    """

    start: int
    end: int
    section: int
    paragraph: int
    role: str
    opening: int


@dataclass(frozen=True, slots=True)
class Document:
    """A record cut into sections with roles and sentences.

    ``masked`` has ``text``'s length, with every marker blanked by spaces, so that rules can read
    it and offsets stay those of the verbatim text.
    """

    record: Record
    text: str
    masked: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """What the source says of its own study; spans point at the words that say it.

    ``level`` is the Oxford CEBM 2011 level (1-5), ``None`` for tertiary pages;
    ``spinal_tumour`` is true where the title or the opening names tumours of the spine.
    """

    design: str
    secondary: tuple[str, ...] = ()
    level: int | None = None
    tes_series: bool = False
    n_patients: int | None = None
    n_start: int | None = None
    n_end: int | None = None
    follow_up: str | None = None
    data_period: str | None = None
    spinal_tumour: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in the text; ``inherited`` when it comes from context outside the quote."""

    concept: str
    facet: str
    start: int
    end: int
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number with its own measure, population, unit and time point.

    ``percent`` is 0-100 as stated; ``percent_derived`` is arithmetic from the counts.
    ``time_months`` is the time point in months with ``time_text`` as written.
    ``group`` is whom the number is about and ``comparator`` whom it is set against, in the source's
    words; ``group_start``/``group_end`` are where the group is named; ``transition`` the grades
    between which counted patients moved.
    ``operator`` is one of ``< <= > >= ~ =``; ``statistic`` one of mean, median, count, percent,
    rate, range, difference, hazard_ratio, odds_ratio, risk_ratio, correlation_coefficient, auc,
    c_statistic, kappa, threshold, value.
    """

    measure: str | None
    statistic: str
    start: int
    end: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    spread: float | None = None
    operator: str | None = None
    unit: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    n: int | None = None
    percent: float | None = None
    percent_derived: float | None = None
    time_months: float | None = None
    time_text: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: float | None = None
    p_operator: str | None = None
    p_value: float | None = None
    group: str | None = None
    group_start: int | None = None
    group_end: int | None = None
    comparator: str | None = None
    transition: str | None = None
    direction: Direction | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion made by one source at one place; ``quote == text[start:end]``.

    ``focus_start``/``focus_end`` mark the part that tells this claim from others of one quote.
    ``display`` is the quote without citation marks and mark-up. ``restates`` is the id of the
    first claim of the article that says the same; ``mitigates`` are ids of risk claims.
    """

    id: str
    kind: Kind
    start: int
    end: int
    quote: str
    display: str
    section: int
    pattern: str
    subkind: Subkind | None = None
    focus_start: int | None = None
    focus_end: int | None = None
    assertion: Assertion = "affirmed"
    temporality: Temporality = "current"
    basis: Basis = "patients"
    species: str | None = None
    attribution: Attribution = "own"
    cited_references: tuple[int, ...] = ()
    polarity: Polarity | None = None
    strength: str | None = None
    strength_wording: str | None = None
    condition: str | None = None
    direction: Direction | None = None
    measure: str | None = None
    comparator: str | None = None
    mentions: tuple[Mention, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    mitigates: tuple[str, ...] = ()
    restates: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything the pipeline derives from one record."""

    record: Record
    document: Document
    design: Design
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One input record as identity sees it: its citation without text, and where the rest is kept.

    ``claims`` is how many claims its text gave; ``place`` tells whoever keeps the extraction which
    one it is.
    """

    record: Record
    claims: int
    place: int


@dataclass(frozen=True, slots=True)
class Source:
    """One input to read: a file's path, or bytes already in hand (standard input, an archive)."""

    name: str
    path: str | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some records of one source, in its order, with what could not be read among them."""

    source: str
    records: tuple[Record | Failure, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a source, or of a part of one: extractions and failures, nothing lost."""

    source: str
    extractions: tuple[Extraction, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One vocabulary entry; ``facet`` is the folder it stands in, ``id`` the file's name.

    ``abbreviations`` match in their exact case only, and not where the document defines the
    same letters as something else. ``harm`` is true where more of the measure is worse for the
    patient, false where more is better, ``None`` where neither. ``opposite`` is the measure of
    those who are said to have got worse instead. ``near`` are words of which one
    must stand close by, ``amid`` of which one must stand in the text, ``not_after`` and
    ``not_before`` those beside which a name means something else: neck stiffness is of no construct.
    """

    id: str
    facet: str
    label: str
    synonyms: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    mesh: str | None = None
    broader: tuple[str, ...] = ()
    harm: bool | None = None
    units: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    amid: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    opposite: str | None = None
