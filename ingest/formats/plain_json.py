"""Read JSON of no one maker: objects with a title and an abstract or text, in a list or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.model import Failure, Record
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.namedfields import has_fields, named_record

FORMAT = "plain_json"
SUREST = 25
_WRAPPERS = ("records", "articles", "results", "data", "items", "documents")


def sniff(head: bytes, name: str) -> int:
    """Return 25 where the head has the keys of a title and of an abstract."""
    title = r"[Tt]itle|TITLE|TI|article_?[Tt]itle"
    abstract = r"[Aa]bstract(?:_?[Tt]ext)?|ABSTRACT|AB|text"
    return SUREST if has_keys(head, title, abstract) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    yield from records(FORMAT, items(stream, _WRAPPERS, _is_record), name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    names = [*value]
    return any(has_fields(names, "title", each) for each in ("abstract", "doi", "pmid"))


def _record(item: Item, name: str) -> Record:
    if not _is_record(item.value):
        raise ValueError("no title, or neither abstract nor identifier; an article has both")
    return named_record(FORMAT, name, item.number, item.data, item.value)
