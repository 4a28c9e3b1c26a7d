"""Read the body of a saved page by the layout of its site: text, references, what it prints.

Layouts are in ``layouts.yml``, whose head says what each of their keys means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.model import Author, Reference
from ingest.parsing.composing import Composer, Run
from ingest.parsing.fragments import parts
from ingest.parsing.html import Node, Page, PageWriter, all_nodes, first_node, node_text
from ingest.parsing.html_meta import Tags, stated_reference
from ingest.parsing.identifiers import read_doi
from ingest.parsing.languages import language_code
from ingest.parsing.names import direct
from ingest.yamlfile import load_yaml

_LAYOUTS = Path(__file__).with_name("layouts.yml")
# What a page says of the site that it is of.
_TELLING = re.compile(
    r"(?:og:(?:url|site_name)|ncbi_db|generator|citation_(?:fulltext|abstract)_html_url|citation_public_url)$"
)
# Links that sites print behind a reference.
_LINKS = re.compile(
    r"(?:\s*[-–]?\s*\[?(?<!\w)(?:DOI|PubMed Central|PubMed|PMC free article|Google Scholar|CrossRef|Cross Ref|Article|CAS|ADS"
    r"|MathSciNet|Medline|PMC|Full Text|View|Download references)\b\]?[\s,;|]*)+$"
)
_CITED = re.compile(
    r"(?P<date>[^;:.]*\d{4}[^;:.]*+)(?:(?:;|:(?=\())(?P<volume>[^(:;]*)(?:\((?P<issue>[^)]*)\))?)?(?::(?P<pages>[\w.\- ]+?))?\.?(?:\s|$)"
)
_PMID = re.compile(
    r"pubmed\S*?/(\d{4,9})|list_uids=(\d{4,9})|(?<!\S)/(\d{4,9})/(?!\S)|PMID:?\s*(\d{4,9})",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(\d{4})[/-](\d\d)[/-](\d\d)(?: (\d\d:\d\d))?")
# What is shorter is no body: a menu, a notice, links to the article elsewhere. Where a site's layout
# or headings tell that it is one, a sentence will do.
_SHORTEST = 400
_SENTENCE = 40
# Citations and the links behind a reference are shorter.
_TAIL = 400
Layout = Mapping[str, Any]
_KEYWORDS = re.compile(r"(?i)^\s*key\s?words?\s*:\s*")


@cache
def _layouts() -> dict[str, Any]:
    return dict(load_yaml(_LAYOUTS))


def find_layout(page: Page, pairs: list[tuple[str, str]], data: bytes) -> Layout:
    """Return the layout of the site that the page says it is of, else of the site it looks like."""
    saved = re.search(rb"saved from url=\(\d+\)(\S+)", data[:4096])
    facts = [f"{key}={value}" for key, value in pairs if _TELLING.match(key)]
    facts += [each.attributes.get("href") or "" for each in page.css('link[rel="canonical"], base')]
    told = "\n".join([*facts, saved[1].decode("ascii", errors="replace") if saved else ""])
    layouts = list(_layouts().values())
    named = [
        each
        for each in layouts
        if each["recognise"] and re.search(each["recognise"], told, re.MULTILINE)
    ]
    alike = [each for each in layouts if page.css_first(each["mark"]) is not None]
    return dict([*named, *alike, layouts[-1]][0])


def compose(
    composer: Composer,
    page: Page,
    layout: Layout,
    title: str | None,
    tags: Tags,
    article: dict[str, Any],
) -> bool:
    """Write abstracts and body; tell whether there is a body."""
    numbers = {
        target: at
        for at, each in enumerate(all_nodes(page, layout["references"]), start=1)
        for target in _targets(each)
    }
    bodies = [each for each in _bodies(page, layout) if node_text(each, layout["cut"])]
    abstract = first_node(page, layout["abstract"])
    own = [each for each in layout["cut"] if each not in layout["abstract"]]
    stated = tags.get("citation_abstract") or tags.get("dc.description") or []
    told = (
        parts(stated[0]) if stated else parts(article.get("abstract") or article.get("description"))
    )
    if abstract is not None and len(node_text(abstract, own)) > len("Abstract....."):
        if bodies:
            composer.open("Abstract", 1)
        _writer(composer, layout, own, numbers).write(
            abstract, 2 if bodies else 1, "Abstract", abstract=True
        )
    elif told and (not bodies or tags.get("citation_abstract")):
        for label, words in told:
            if label:
                composer.open(label, 1)
            composer.paragraph([Run(words)])
    for each in _other_abstracts(page, layout):
        composer.open(f"Other abstract ({language_code(_language(each))})", 1)
        _writer(composer, layout, own, numbers).write(each, 2, abstract=True)
    known = bool(layout["platform"]) or (
        (bool(article) or "citation_title" in tags)
        and any(_is_headed(each, layout["cut"]) for each in bodies)
    )
    length = sum(len(node_text(each, layout["cut"])) for each in bodies)
    if length < (_SENTENCE if known else _SHORTEST):
        return False
    for each in bodies:
        _writer(composer, layout, layout["cut"], numbers).write(each, 1, title)
    return True


def _is_headed(body: Node, cut: list[str]) -> bool:
    """Tell whether a heading and a paragraph stand in an element besides its title and what is cut."""
    left_out = {
        each.mem_id for one in cut for part in body.css(one) for each in part.css("h2,h3,p")
    }
    kept = {each.tag for each in body.css("h2,h3,p") if each.mem_id not in left_out}
    return "p" in kept and bool(kept & {"h2", "h3"})


def _writer(
    composer: Composer, layout: Layout, cut: list[str], numbers: Mapping[str, int]
) -> PageWriter:
    return PageWriter(composer, cut, numbers, layout.get("captioned", ()), layout.get("aside", ()))


def _bodies(page: Page, layout: Layout) -> list[Node]:
    found = all_nodes(page, layout["body"])
    return found if layout.get("several") else found[:1]


def _language(abstract: Node) -> str:
    return (abstract.attributes.get("id") or "").removesuffix("-abstract")


def _other_abstracts(page: Page, layout: Layout) -> list[Node]:
    """Return the abstracts whose element names another language than English: spa-abstract."""
    found = page.css(layout["other_abstracts"]) if layout.get("other_abstracts") else []
    return [each for each in found if _language(each) not in {"eng", "enc", ""}]


def _targets(node: Node) -> Iterator[str]:
    for each in [node, *node.css("[id]")]:
        identifier = each.attributes.get("id")
        if identifier:
            yield identifier


def read_references(page: Page, layout: Layout, tags: Tags) -> tuple[Reference, ...]:
    """Return the reference list that the page prints, else the one of its meta tags."""
    nodes = all_nodes(page, layout["references"])
    if nodes:
        return tuple(_reference(at, each, layout) for at, each in enumerate(nodes, start=1))
    stated = tags.get("citation_reference", [])
    return tuple(stated_reference(at, each) for at, each in enumerate(stated, start=1))


def _reference(number: int, node: Node, layout: Layout) -> Reference:
    words = re.sub(r"^\W{0,2}\d{1,3}\W{1,3}", "", node_text(node, layout.get("aside", ())))
    hrefs = " ".join(each.attributes.get("href") or "" for each in node.css("a"))
    if hrefs:
        words = words[:-_TAIL] + _LINKS.sub("", words[-_TAIL:]).rstrip()
    pmid = _PMID.search(f"{hrefs} {words}")
    doi = next((found for each in hrefs.split() if (found := read_doi(each))), None)
    return Reference(
        number,
        words,
        doi=doi or read_doi(words),
        pmid=next((each for each in pmid.groups() if each), None) if pmid else None,
    )


def printed_authors(page: Page, layout: Layout) -> tuple[Author, ...]:
    """Return the authors that the page lists, with the addresses that each of them links to."""
    return tuple(
        replace(found, affiliations=tuple(_addresses(page, each, layout)))
        for each in all_nodes(page, layout.get("authors", ()))
        if (found := direct(node_text(each.css_first(layout["name"]) or each).strip(" ,")))
    )


def _addresses(page: Page, author: Node, layout: Layout) -> Iterator[str]:
    for each in author.css(layout["affiliation"]):
        words = " ".join((each.attributes.get("title") or "").split())
        target = (each.attributes.get("href") or "").rpartition("#")[2]
        if not words and re.fullmatch(r"[\w-]+", target):
            words = re.sub(r"^\d+\s*", "", node_text(page.css_first(f"#{target}")))
        if words:
            yield words


def printed_citation(page: Page, layout: Layout) -> dict[str, str]:
    """Return date, volume, issue and pages of a line such as "2010 Mar 5;24(3):148-59."."""
    found = _CITED.match(node_text(first_node(page, layout.get("citation", ())))[:_TAIL])
    parts_ = found.groupdict() if found else {}
    return {key: value.strip() for key, value in parts_.items() if value and value.strip()}


def printed_kinds(page: Page, layout: Layout) -> tuple[str, ...]:
    """Return the kinds of publication that the page prints."""
    nodes = [each for one in layout.get("kinds", ()) for each in page.css(one)]
    return tuple(dict.fromkeys(words for each in nodes if (words := node_text(each))))


def printed_headings(page: Page, layout: Layout) -> tuple[str, ...]:
    """Return the MeSH headings that the page prints: "Spine / surgery*" is Spine/surgery."""
    words = [node_text(each) for each in all_nodes(page, layout.get("headings", ()))]
    shown = [re.sub(r"\s*/\s*", "/", each.replace("*", "")).strip() for each in words]
    return tuple(dict.fromkeys(each for each in shown if each))


def printed_keywords(page: Page, layout: Layout) -> tuple[str, ...]:
    """Return the keywords of a line that says that it has them."""
    for each in all_nodes(page, layout.get("keywords", ())):
        words = node_text(each)
        if _KEYWORDS.match(words):
            split = re.split(r"[;,]", _KEYWORDS.sub("", words))
            return tuple(dict.fromkeys(one.strip(" .") for one in split if one.strip(" .")))
    return ()


def printed_update(page: Page, layout: Layout) -> str | None:
    """Return the ISO stamp of a page's last change: "Last modified: 2020/01/02 10:11"."""
    found = _STAMP.search(node_text(first_node(page, layout.get("updated", ()))))
    return (
        f"{found[1]}-{found[2]}-{found[3]}" + (f"T{found[4]}" if found[4] else "")
        if found
        else None
    )
