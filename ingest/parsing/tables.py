"""Read the rows of XML tables, in JATS, XHTML or OASIS mark-up."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.parsing.xml import Element, inline_text


def rows(table: Element) -> Iterator[str]:
    """Yield a table's rows, cells parted by tabs; one that spans rows or columns stands in each."""
    above: dict[int, tuple[str, int]] = {}
    for row in table.iter("tr", "row"):
        cells: list[str] = []
        below: dict[int, tuple[str, int]] = {}
        for cell in [*row.iterchildren("td", "th", "entry"), None]:
            while len(cells) in above:
                words, left = above.pop(len(cells))
                if left > 1:
                    below[len(cells)] = (words, left - 1)
                cells.append(words)
            if cell is None:
                break
            words, down = inline_text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    below[len(cells)] = (words, down - 1)
                cells.append(words)
        above = {**above, **below}
        if any(cells):
            yield "\t".join(cells)


def _span(cell: Element, name: str) -> int:
    stated = cell.get(name) or "1"
    return min(max(int(stated), 1), 100) if stated.isdigit() else 1
