"""The pages of the site: home, queries, articles and claims, rendered on the server."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from kb.addresses import address, find_current
from kb.site.citing import cited, home_of
from kb.site.exporting import offered
from kb.site.marking import mark_text
from kb.site.rendering import database_name, elsewhere, missing, number, render, rows, run
from kb.site.rulebook import served_queries
from kb.sources import source_address, source_link

# Articles of a page of their list.
LISTED = 100
# What the page of an article shows beside its text, by id.
_BESIDE_ARTICLE = {
    "authors": "select name from authors where article_id = ? order by position",
    "records": "select * from records where article_id = ? order by outcome desc",
    "references": "select * from article_references where article_id = ? order by position",
}
# What the page of a claim shows beside its words, by id.
_BESIDE_CLAIM = {
    "concepts": "select claim_concepts.*, concepts.label from claim_concepts join concepts using (concept_id) where claim_id = ? order by claim_concepts.facet, inherited",
    "measurements": "select * from measurements where claim_id = ? order by start",
    "rules": "select evidence.*, rules.title from evidence join rules using (rule_id) where claim_id = ? order by rules.title",
    "lowered": "select claims.* from mitigations join claims on claims.claim_id = mitigations.risk_id where mitigation_id = ?",
    "lowering": "select claims.* from mitigations join claims on claims.claim_id = mitigations.mitigation_id where risk_id = ?",
}


async def home(datasette: Any, request: Any) -> Any:
    """Say what this is and let one search at once."""
    counts = {
        table: (await rows(datasette, f"select count(*) as n from {table}"))[0]["n"]
        for table in ("articles", "claims", "measurements", "rules")
    }
    meta = {
        row["key"]: row["value"] for row in await rows(datasette, "select key, value from meta")
    }
    kinds = await rows(
        datasette, "select kind, count(*) as n from claims group by kind order by kind"
    )
    digests = (await rows(datasette, "select count(*) as n from articles where digest = 1"))[0]["n"]
    return await render(
        datasette,
        request,
        "kb_home.html",
        counts=counts,
        meta=meta,
        by_kind=kinds,
        digests=digests,
        title="Spinal Tumour Evidence Base",
    )


async def articles_page(datasette: Any, request: Any) -> Any:
    """List the articles, newest first, a page at a time; ``design`` narrows them."""
    design = (request.args.get("design") or "").strip()
    designs = await rows(
        datasette,
        "select design, count(*) as n from articles group by design order by n desc, design",
    )
    held = sum(each["n"] for each in designs if design in {"", each["design"]})
    page = min(number(request.args.get("page")), max(1, -(-held // LISTED)))
    found = await rows(
        datasette,
        """
        select article_id, title, citation, year, design, n_patients, digest, retracted,
          (select count(*) from claims where claims.article_id = articles.article_id) as claims
        from articles where :design = '' or design = :design
        order by year is null, year desc, title, article_id limit :most offset :first""",
        {"design": design, "most": LISTED, "first": LISTED * (page - 1)},
    )

    def turned(to: int) -> str:
        asked = {"design": design, "page": to if to > 1 else ""}
        return "/-/articles?" + urlencode({key: value for key, value in asked.items() if value})

    return await render(
        datasette,
        request,
        "kb_articles.html",
        articles=found,
        designs=designs,
        design=design,
        held=held,
        page=page,
        before=turned(page - 1) if page > 1 else None,
        after=turned(page + 1) if page * LISTED < held else None,
        first=LISTED * (page - 1) + 1,
        title="Articles",
    )


async def queries_page(datasette: Any, request: Any) -> Any:
    """List the saved queries, each with an example that runs at once."""
    database = database_name(datasette)
    told = [
        (query, f"/{database}/{name}" + (f"?{urlencode(query.examples)}" if query.examples else ""))
        for name, query in served_queries().items()
    ]
    return await render(
        datasette,
        request,
        "kb_queries.html",
        general=[each for each in told if not each[0].name.startswith("rule_")],
        of_rules=[each for each in told if each[0].name.startswith("rule_")],
        title="Saved queries",
    )


async def article_page(datasette: Any, request: Any) -> Any:
    """Show an article with its claims marked in its text."""
    name = request.url_vars["article_id"]
    found = await rows(datasette, "select * from articles where article_id = ?", [name])
    if not found:
        if kept := await _kept(datasette, "article", name):
            return elsewhere(kept)
        return await missing(
            datasette, request, f"There is no article {name}; see /-/articles for all."
        )
    article = found[0]
    claims = await rows(
        datasette, "select * from claims where article_id = ? order by start, focus_start", [name]
    )
    return await render(
        datasette,
        request,
        "kb_article.html",
        article=article,
        sections=await _marked_sections(datasette, name, claims),
        claims=claims,
        **{key: await rows(datasette, sql, [name]) for key, sql in _BESIDE_ARTICLE.items()},
        cited=await cited(datasette, request, name),
        stable=home_of(datasette, request) + address("article", name),
        standards=offered("articles") if claims else (),
        source=source_address(article),
        title=article["title"] or "Untitled text",
    )


async def _text_of(datasette: Any, article: str) -> str:
    found = await rows(datasette, "select text from documents where article_id = ?", [article])
    return str(found[0]["text"])


async def _marked_sections(
    datasette: Any, article: str, claims: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return an article's sections as HTML, its claims marked in their text."""
    text = await _text_of(datasette, article)
    markers = await rows(
        datasette,
        'select start, "end", role from markers where article_id = ? order by start',
        [article],
    )
    sections = await rows(
        datasette, "select * from sections where article_id = ? order by position", [article]
    )
    return [
        {
            "heading": each["heading"],
            "level": min(5, each["level"] + 1),
            "html": mark_text(text, *_stripped(text, each["start"], each["end"]), claims, markers),
        }
        for each in sections
    ]


async def _kept(datasette: Any, kind: str, name: str) -> str | None:
    """Return the address of what an id that is gone has become, None where it is not known."""
    found = await run(datasette, lambda connection: find_current(connection, name))
    return address(*found) if found and found[0] == kind else None


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its borders."""
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), end - len(body) + len(body.rstrip())


async def claim_page(datasette: Any, request: Any) -> Any:
    """Show one claim: its words, how they are meant, its numbers, its source, and who uses it."""
    name = request.url_vars["claim_id"]
    found = await rows(
        datasette,
        "select claims.*, articles.citation, articles.title, articles.url, articles.doi, articles.pmid, articles.pmcid, articles.record_id, articles.digest, articles.retracted, articles.design from claims join articles using (article_id) where claim_id = ?",
        [name],
    )
    if not found:
        if kept := await _kept(datasette, "claim", name):
            return elsewhere(kept)
        return await missing(
            datasette,
            request,
            f"There is no claim {name}; it may have changed with its source, see /-/search.",
        )
    claim = found[0]
    before, after = await _around(datasette, claim, await _text_of(datasette, claim["article_id"]))
    same = await rows(
        datasette,
        "select * from claims where claim_id <> ? and (restates = ? or claim_id = ? or restates = ?)",
        [name, name, claim["restates"], claim["restates"] or "-"],
    )
    return await render(
        datasette,
        request,
        "kb_claim.html",
        claim=claim,
        before=before,
        after=after,
        parts=_parts(claim),
        **{key: await rows(datasette, sql, [name]) for key, sql in _BESIDE_CLAIM.items()},
        same=same,
        cited=await cited(datasette, request, name),
        stable=home_of(datasette, request) + address("claim", name),
        references=json.loads(claim["cited_references"]),
        source=await _source(datasette, claim),
        title=claim["display"][:70],
    )


def _parts(claim: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a claim's quote before, in and after the words that it is about."""
    quote = claim["quote"]
    if claim["focus_start"] is None:
        return quote, "", ""
    first, last = claim["focus_start"] - claim["start"], claim["focus_end"] - claim["start"]
    return quote[:first], quote[first:last], quote[last:]


async def _source(datasette: Any, claim: Mapping[str, Any]) -> str | None:
    def made(connection: sqlite3.Connection) -> str | None:
        return source_link(connection, claim, claim)

    return await run(datasette, made)


async def _around(datasette: Any, claim: Mapping[str, Any], text: str) -> tuple[Markup, Markup]:
    """Return the sentences before and after a claim in its section, as HTML."""
    near = await rows(
        datasette,
        """
        select max(case when "end" <= :start then start end) as first, min(case when start >= :end then "end" end) as last
        from passages where article_id = :article and section is :section""",
        {
            "article": claim["article_id"],
            "section": claim["section"],
            "start": claim["start"],
            "end": claim["end"],
        },
    )
    markers = await rows(
        datasette,
        'select start, "end", role from markers where article_id = ?',
        [claim["article_id"]],
    )
    first, last = near[0]["first"], near[0]["last"]
    return (
        mark_text(text, first, claim["start"], (), markers) if first is not None else Markup(""),
        mark_text(text, claim["end"], last, (), markers) if last is not None else Markup(""),
    )


async def about_page(datasette: Any, request: Any) -> Any:
    """Tell how claims are made, what the labels mean, and what was read and rejected."""
    meta = {
        row["key"]: row["value"] for row in await rows(datasette, "select key, value from meta")
    }
    rejected = await rows(
        datasette,
        "select source, locator, reason from records where outcome = 'rejected' order by source, locator",
    )
    return await render(
        datasette, request, "kb_about.html", meta=meta, rejected=rejected, title="About"
    )
