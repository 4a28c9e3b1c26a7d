"""The pages of the site: home, search, rules, articles and claims, rendered on the server."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.utils.asgi import NotFound, Response

from kb.cite import STYLES, cite, link
from kb.rules import Evaluation, InputError, Rule, evaluate
from kb.search import search
from kb.site.marking import badge, mark_text
from kb.site.pictures import evidence_picture
from kb.site.rulebook import served_rules

CSS = "/-/static-plugins/spinal-tumour-evidence/site.css"
DISCLAIMER = "An evidence browser, not a medical device: it supports reading of evidence and does not replace judgement."
KINDS = ("approach", "indication", "outcome", "risk")


def _database(datasette: Any) -> Any:
    """Return the served database that holds the evidence."""
    names = [name for name in datasette.databases if name not in {"_internal", "_memory"}]
    if not names:
        raise NotFound("no knowledge base is served; datasette kb.db was expected")
    return datasette.get_database("kb" if "kb" in names else names[0])


async def _rows(
    datasette: Any, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()
) -> list[dict[str, Any]]:
    found = await _database(datasette).execute(sql, values)
    return [dict(row) for row in found.rows]


async def _render(datasette: Any, request: Any, template: str, **context: Any) -> Response:
    name = _database(datasette).name
    page = await datasette.render_template(
        template,
        {
            "css": CSS,
            "disclaimer": DISCLAIMER,
            "database": name,
            "kinds": KINDS,
            "badge": badge,
            **context,
        },
        request=request,
    )
    return Response.html(page)


async def _missing(datasette: Any, request: Any, message: str) -> Response:
    page = await _render(datasette, request, "kb_missing.html", message=message, title="Not found")
    page.status = 404
    return page


async def home(datasette: Any, request: Any) -> Response:
    """Say what this is and let one search at once."""
    counts = {
        table: (await _rows(datasette, f"select count(*) as n from {table}"))[0]["n"]
        for table in ("articles", "claims", "measurements", "rules")
    }
    meta = {
        row["key"]: row["value"] for row in await _rows(datasette, "select key, value from meta")
    }
    kinds = await _rows(
        datasette, "select kind, count(*) as n from claims group by kind order by kind"
    )
    digests = (await _rows(datasette, "select count(*) as n from articles where digest = 1"))[0][
        "n"
    ]
    return await _render(
        datasette,
        request,
        "kb_home.html",
        counts=counts,
        meta=meta,
        by_kind=kinds,
        digests=digests,
        title="Spinal Tumour Evidence Base",
    )


async def search_page(datasette: Any, request: Any) -> Response:
    """Show the claims that answer a query, with what a reader must know of each."""
    query, kind = request.args.get("q") or "", request.args.get("kind") or ""
    kind = kind if kind in KINDS else ""
    result = None
    if query.strip():
        result = await _database(datasette).execute_fn(
            lambda connection: search(connection, query, kind=kind or None, limit=40)
        )
    return await _render(
        datasette, request, "kb_search.html", query=query, kind=kind, result=result, title="Search"
    )


async def rules_page(datasette: Any, request: Any) -> Response:
    """List the rules with how much evidence stands on each side."""
    rows = await _rows(
        datasette,
        """
        select rules.rule_id, rules.title, rules.question, rules.status, rules.topic, rules.review_due,
          coalesce(sum(stance = 'supports' and counted), 0) as supports, coalesce(sum(stance = 'qualifies' and counted), 0) as qualifies,
          coalesce(sum(stance = 'contradicts' and counted), 0) as contradicts, coalesce(sum(not counted), 0) as not_counted
        from rules left join evidence using (rule_id) group by rules.rule_id order by rules.topic, rules.title""",
    )
    return await _render(datasette, request, "kb_rules.html", rules=rows, title="Decision rules")


def _inputs(rule: Rule, args: Any) -> dict[str, Any]:
    """Return the typed inputs of a form; what is left empty is not known."""
    found: dict[str, Any] = {}
    for name, schema in rule.inputs.get("properties", {}).items():
        value = (args.get(name) or "").strip()
        if not value:
            continue
        kind = schema.get("type")
        try:
            found[name] = (
                {"integer": int, "number": float}.get(kind, str)(value)
                if kind != "boolean"
                else {"true": True, "false": False}[value]
            )
        except (ValueError, KeyError):
            found[name] = value
    return found


async def rule_page(datasette: Any, request: Any) -> Response:
    """Show a rule with its evidence for, qualifying and against, what is not counted, and the gaps."""
    name = request.url_vars["rule_id"]
    rule = served_rules().get(name)
    if rule is None:
        return await _missing(datasette, request, f"There is no rule {name}; see /-/rules for all.")
    evidence = await _rows(
        datasette,
        """
        select evidence.stance, evidence.reason, evidence.counted, evidence.label, claims.*, articles.citation, articles.year, articles.design,
          articles.evidence_level, articles.n_patients, articles.digest, articles.retracted
        from evidence join claims using (claim_id) join articles using (article_id) where evidence.rule_id = ?
        order by evidence.counted desc, articles.evidence_level is null, articles.evidence_level, articles.year desc, claims.start""",
        [name],
    )
    inputs = _inputs(rule, request.args)
    outcome: Evaluation | None = None
    error = None
    try:
        outcome = evaluate(rule, inputs) if inputs or not rule.inputs.get("properties") else None
    except InputError as fault:
        error = str(fault)
    drawn = await _rows(
        datasette,
        """
        select articles.year, articles.design, evidence.stance, count(*) as claims from evidence join claims using (claim_id)
        join articles using (article_id) where evidence.rule_id = ? group by 1, 2, 3""",
        [name],
    )
    return await _render(
        datasette,
        request,
        "kb_rule.html",
        rule=rule,
        evidence=evidence,
        inputs=inputs,
        outcome=outcome,
        error=error,
        picture=evidence_picture(drawn),
        gaps=_gaps(rule, evidence),
        stances=("supports", "qualifies", "contradicts"),
        title=rule.title,
    )


def _gaps(rule: Rule, evidence: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is missing from a rule's evidence, in words."""
    counted = [each for each in evidence if each["counted"]]
    support = [each for each in counted if each["stance"] == "supports"]
    found = list(rule.gaps)
    if not support:
        found.append("No counted claim supports this rule.")
    articles = {each["article_id"] for each in support}
    if len(articles) == 1:
        found.append("All counted support comes from one article.")
    years = [each["year"] for each in support if each["year"]]
    if years and max(years) < 2016:
        found.append(f"The newest counted support is of {max(years)}.")
    if support and not any(
        each["evidence_level"] and each["evidence_level"] <= 3 for each in support
    ):
        found.append(
            "No counted support comes from a comparative study (Oxford level 3 or better)."
        )
    found += [
        f"Case {case.id} is stated by no text of the knowledge base ({case.provenance})."
        for case in rule.cases
        if case.provenance
    ]
    return found


async def articles_page(datasette: Any, request: Any) -> Response:
    """List the articles, newest first."""
    rows = await _rows(
        datasette,
        """
        select articles.article_id, articles.title, articles.citation, articles.year, articles.design, articles.n_patients, articles.digest, articles.retracted,
          count(claims.claim_id) as claims from articles left join claims using (article_id) group by articles.article_id
        order by articles.year is null, articles.year desc, articles.title""",
    )
    return await _render(datasette, request, "kb_articles.html", articles=rows, title="Articles")


async def article_page(datasette: Any, request: Any) -> Response:
    """Show an article with its claims marked in its text."""
    name = request.url_vars["article_id"]
    found = await _rows(datasette, "select * from articles where article_id = ?", [name])
    if not found:
        return await _missing(
            datasette, request, f"There is no article {name}; see /-/articles for all."
        )
    article = found[0]
    text = (await _rows(datasette, "select text from documents where article_id = ?", [name]))[0][
        "text"
    ]
    claims = await _rows(
        datasette, "select * from claims where article_id = ? order by start, focus_start", [name]
    )
    markers = await _rows(
        datasette,
        'select start, "end", role from markers where article_id = ? order by start',
        [name],
    )
    sections = await _rows(
        datasette, "select * from sections where article_id = ? order by position", [name]
    )
    shown = [
        {
            "heading": each["heading"],
            "level": min(4, each["level"] + 2),
            "html": mark_text(text, each["start"], each["end"], claims, markers),
        }
        for each in sections
    ]
    authors = await _rows(
        datasette, "select name from authors where article_id = ? order by position", [name]
    )
    records = await _rows(
        datasette, "select * from records where article_id = ? order by outcome desc", [name]
    )
    references = await _rows(
        datasette, "select * from article_references where article_id = ? order by position", [name]
    )
    return await _render(
        datasette,
        request,
        "kb_article.html",
        article=article,
        sections=shown,
        claims=claims,
        authors=authors,
        records=records,
        references=references,
        cited=await _cited(datasette, name),
        styles=STYLES,
        source=link(article),
        title=article["title"] or "Untitled text",
    )


async def _cited(datasette: Any, identifier: str) -> dict[str, str]:
    def made(connection: sqlite3.Connection) -> dict[str, str]:
        return {style: cite(connection, identifier, style) for style in STYLES}

    answer: dict[str, str] = await _database(datasette).execute_fn(made)
    return answer


async def claim_page(datasette: Any, request: Any) -> Response:
    """Show one claim: its words, how they are meant, its numbers, its source, and who uses it."""
    name = request.url_vars["claim_id"]
    found = await _rows(
        datasette,
        "select claims.*, articles.citation, articles.title, articles.url, articles.doi, articles.pmid, articles.digest, articles.retracted, articles.design from claims join articles using (article_id) where claim_id = ?",
        [name],
    )
    if not found:
        return await _missing(
            datasette,
            request,
            f"There is no claim {name}; it may have changed with its source, see /-/search.",
        )
    claim = found[0]
    text = (
        await _rows(
            datasette, "select text from documents where article_id = ?", [claim["article_id"]]
        )
    )[0]["text"]
    before, after = (
        text[max(0, claim["start"] - 240) : claim["start"]],
        text[claim["end"] : claim["end"] + 240],
    )
    parts = (claim["quote"], "", "")
    if claim["focus_start"] is not None:
        first, last = claim["focus_start"] - claim["start"], claim["focus_end"] - claim["start"]
        parts = (claim["quote"][:first], claim["quote"][first:last], claim["quote"][last:])
    concepts = await _rows(
        datasette,
        "select claim_concepts.*, concepts.label from claim_concepts join concepts using (concept_id) where claim_id = ? order by claim_concepts.facet, inherited",
        [name],
    )
    measurements = await _rows(
        datasette, "select * from measurements where claim_id = ? order by start", [name]
    )
    rules = await _rows(
        datasette,
        "select evidence.*, rules.title from evidence join rules using (rule_id) where claim_id = ? order by rules.title",
        [name],
    )
    lowered = await _rows(
        datasette,
        "select claims.* from mitigations join claims on claims.claim_id = mitigations.risk_id where mitigation_id = ?",
        [name],
    )
    lowering = await _rows(
        datasette,
        "select claims.* from mitigations join claims on claims.claim_id = mitigations.mitigation_id where risk_id = ?",
        [name],
    )
    same = await _rows(
        datasette,
        "select * from claims where claim_id <> ? and (restates = ? or claim_id = ? or restates = ?)",
        [name, name, claim["restates"], claim["restates"] or "-"],
    )
    return await _render(
        datasette,
        request,
        "kb_claim.html",
        claim=claim,
        before=before,
        after=after,
        parts=parts,
        concepts=concepts,
        measurements=measurements,
        rules=rules,
        lowered=lowered,
        lowering=lowering,
        same=same,
        cited=await _cited(datasette, name),
        references=json.loads(claim["cited_references"]),
        source=link(claim, claim),
        title=claim["display"][:70],
    )


async def about_page(datasette: Any, request: Any) -> Response:
    """Tell how claims are made, what the labels mean, and what was read and rejected."""
    meta = {
        row["key"]: row["value"] for row in await _rows(datasette, "select key, value from meta")
    }
    rejected = await _rows(
        datasette,
        "select source, locator, reason from records where outcome = 'rejected' order by source, locator",
    )
    return await _render(
        datasette, request, "kb_about.html", meta=meta, rejected=rejected, title="About"
    )
