"""The commands that take references out of the knowledge base: cite and export."""

from __future__ import annotations

from pathlib import Path

import click

from kb import places
from kb.terminal import DATABASE, dump, fail, open_or_fail

SITE = click.option(
    "--site",
    default=places.site,
    metavar="URL",
    help="Where the site is published; stable addresses then begin so (else: KB_SITE, the site of metadata.yml, or the path alone).",
)


class StyleName(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """The key of a citation style; the list is the folder ``kb/styles``."""

    name = "style"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the keys, for the help."""
        from kb.styles import styles  # noqa: PLC0415

        return f"[{'|'.join(styles())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the key, or fail naming what was expected."""
        from kb.styles import find_style  # noqa: PLC0415
        from kb.works import CitationError  # noqa: PLC0415

        try:
            return find_style(value).name
        except CitationError as error:
            self.fail(str(error), param, ctx)


class _Citing(click.Command):
    """The cite command: its help ends with a line for each style."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each style is."""
        from kb.styles import styles  # noqa: PLC0415

        with formatter.section("Styles"):
            formatter.write_dl([(each.name, each.words) for each in styles().values()])


def _patient(identifier: str) -> str:
    """Return the recommendation that a patient's file asks for; other identifiers as they are."""
    from ingest.yamlfile import YamlError, load_yaml  # noqa: PLC0415
    from kb.addresses import canonical_query  # noqa: PLC0415

    if not identifier.endswith((".yml", ".yaml")) or not Path(identifier).is_file():
        return identifier
    try:
        facts = load_yaml(Path(identifier))
    except YamlError as error:
        fail(str(error))
    if not isinstance(facts, dict):
        fail(f"{identifier}: no mapping of names to values; e.g. surgical_type: 4 was expected")
    return f"recommend?{canonical_query(facts)}"


@click.command(cls=_Citing)
@click.argument("identifier")
@click.option(
    "--style",
    type=StyleName(),
    default="vancouver",
    show_default=True,
    help="A style of the list below.",
)
@SITE
@DATABASE
def cite(identifier: str, style: str, site: str, database: Path) -> None:
    """Cite a claim, article, rule or recommendation by its id or its address on the site.

    A recommendation is named by its inputs: "recommend?level=L5&surgical_type=7", or by the file
    that "kb recommend" takes.
    """
    from kb.cite import CitationError  # noqa: PLC0415
    from kb.cite import cite as make  # noqa: PLC0415

    try:
        click.echo(make(open_or_fail(database), _patient(identifier), style, site))
    except CitationError as error:
        fail(str(error))


class StandardName(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """The key of an export; the list is the folder ``kb/export``."""

    name = "standard"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the keys, for the help."""
        from kb.export import standards  # noqa: PLC0415

        return "{" + "|".join(standards()) + "}"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the key, or fail naming what was expected."""
        from kb.export import standards  # noqa: PLC0415

        if value not in standards():
            self.fail(f"{value} is unknown; one of {', '.join(standards())} was expected")
        return value


class _Exporting(click.Command):
    """The export command: its help ends with a line for each standard."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each standard is, and of what."""
        from kb.export import standards  # noqa: PLC0415

        with formatter.section("Standards"):
            formatter.write_dl(
                [
                    (f"{each.name} [{each.subject.upper()}]", each.words)
                    for each in standards().values()
                ]
            )


@click.command(cls=_Exporting)
@click.argument("standard", type=StandardName())
@click.argument("names", nargs=-1)
@SITE
@DATABASE
def export(standard: str, names: tuple[str, ...], site: str, database: Path) -> None:
    """Export rules or articles, by their ids or all, as JSON of a published standard."""
    from kb.export import ExportError  # noqa: PLC0415
    from kb.export import export as make  # noqa: PLC0415

    try:
        dump(make(open_or_fail(database), standard, names, site))
    except ExportError as error:
        fail(str(error))
