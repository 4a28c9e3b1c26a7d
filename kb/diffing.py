"""The command that tells what has changed from one knowledge base to another."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.terminal import JSON, dump, fail, open_or_fail

if TYPE_CHECKING:
    from kb.changes import Changes, FieldChange

_SIGNS = {"new": "+", "gained": "+", "vanished": "-", "lost": "-"}
_LONGEST = 120


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@JSON
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell what has changed from the knowledge base OLD to NEW.

    Articles new, vanished, changed and retracted, claims, and the evidence that rules gained and
    lost. The exit code is 1 where nothing changed.
    """
    from kb.changes import compare  # noqa: PLC0415
    from kb.content import ContentError, check_content  # noqa: PLC0415

    files = (old, open_or_fail(old)), (new, open_or_fail(new))
    for path, connection in files:
        try:
            check_content(connection)
        except ContentError as error:
            fail(f"{path}: {error}")
    try:
        changes = compare(files[0][1], files[1][1])
    except ContentError as error:
        fail(f"{old}, {new}: {error}")
    if as_json:
        dump(asdict(changes))
    else:
        for line in told(changes):
            click.echo(line)
    sys.exit(0 if changes else 1)


def told(changes: Changes) -> Iterator[str]:
    """Yield the changes as lines of text, what matters most first."""
    yield (
        f"{changes.old_generation} of {changes.old_built_at} -> {changes.new_generation} of {changes.new_built_at}"
    )
    if not changes.same_pipeline:
        yield "another version of the program read the articles: claims may change though no article did"
    for name, found in (
        ("articles", changes.articles),
        ("claims", changes.claims),
        ("rules", changes.rules),
    ):
        counts = Counter(each.change for each in found)
        said = ", ".join(f"{number} {change}" for change, number in sorted(counts.items()))
        yield f"{name}: {said or 'unchanged'}"
    for article in sorted(changes.articles, key=lambda each: each.change != "retracted"):
        yield f"{_sign(article.change)} article {article.article_id}  {article.words}{_was(article.previous_id)}"
        yield from _fields(article.fields)
    for rule in changes.rules:
        yield f"{_sign(rule.change)} rule {rule.rule_id}  {rule.words}"
        yield from _fields(rule.fields)
        for each in rule.evidence:
            side = f"{each.previous_stance} -> " if each.previous_stance else ""
            kept = "" if each.counted else " (not counted)"
            yield f"    {_sign(each.change)} {side}{each.stance}{kept}  {each.claim_id}  {each.words}"
    for claim in changes.claims:
        if claim.change != "moved":
            yield f"{_sign(claim.change)} claim {claim.claim_id}  {claim.words}{_was(claim.previous_id)}"
            yield from _fields(claim.fields)


def _sign(change: str) -> str:
    return change.upper() if change in {"retracted", "reinstated"} else _SIGNS.get(change, "~")


def _was(previous: str | None) -> str:
    return f"  (was {previous})" if previous else ""


def _fields(fields: tuple[FieldChange, ...]) -> Iterator[str]:
    for each in fields:
        yield f"    {each.field}: {_cut(each.old)} -> {_cut(each.new)}"


def _cut(value: str | None) -> str:
    if value is None:
        return "not stated"
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
