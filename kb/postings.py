"""Write and read posting lists with Whoosh, in blocks that are read at once: the home of Whoosh.

Whoosh keeps the index: schema, segments, term dictionary, columns, deletions and commits. Its own
matchers go from posting to posting in Python, which takes 50 ms and more for three common words in
30,000 abstracts; so the codec here stores the same blocks as packed arrays, and ``Shard`` hands them
out as arrays to kb/ranking.py. Terms are whole words in lower case, stop words too: forms of a word
are told alike when a question is asked, so quoted text stays exact.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index
from whoosh.analysis import RegexTokenizer
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Format
from whoosh.reading import TermNotFound

Numbers = np.ndarray[Any, np.dtype[Any]]
# Postings of one block; Whoosh's own 128 suits skipping, not reading at once.
_BLOCK = 8192
# Packed arrays hardly shrink by compression, which would double the time to read them.
_COMPRESSION = 0
_MOST = 65535
_ID, _NUMBERS = "key", "_numbers"
# Unlikely to come up: a term of two characters outside every word.
_NO_TERM = b"\x00\x00"


class _Placed(Format):  # type: ignore[misc]
    """A posting's value is its positions: four bytes each."""

    def supports(self, name: str) -> bool:
        """Tell Whoosh what can be decoded from a value."""
        return name in {"frequency", "weight", "positions"}

    def word_values(self, value: Sequence[str], analyzer: Any, **kwargs: Any) -> Iterator[Any]:
        """Yield each of a field's words with its frequency, weight and positions."""
        places: dict[str, array[int]] = {}
        for at, word in enumerate(value):
            found = places.get(word)
            if found is None:
                places[word] = array("I", (at,))
            else:
                found.append(at)
        for word, every in places.items():
            # A count is kept in two bytes; no text that is read says a word more often.
            found = every[:_MOST]
            yield word, len(found), float(len(found)), found.tobytes()

    def decode_frequency(self, value: bytes) -> int:
        """Return how often a word stands in a field."""
        return len(value) // 4

    decode_weight = decode_frequency

    def decode_positions(self, value: bytes) -> list[int]:
        """Return where a word stands in a field, in words from its beginning."""
        return array("I", value).tolist()


class _Words(FieldType):  # type: ignore[misc]
    """A field of words with their positions."""

    scorable, stored, unique, vector, column_type = True, False, False, None, None
    multitoken_query = "default"

    def __init__(self) -> None:
        self.format = _Placed()
        self.analyzer = RegexTokenizer()

    def clean(self) -> None:
        """Hold nothing that needs cleaning."""


class _Writer(W3PostingsWriter):  # type: ignore[misc]
    """Write a block's ids, weights and positions as packed arrays."""

    _ids: Any

    def take(self, ids: array[int], weights: array[float], values: list[bytes]) -> None:
        """Add a whole posting list; all but its last block are written."""
        for at in range(0, len(ids), _BLOCK):
            if self._ids:
                self._write_block()
            self._ids, self._weights = ids[at : at + _BLOCK], weights[at : at + _BLOCK]
            self._values = values[at : at + _BLOCK]
            self._maxweight = max(self._weights)

    def _mini_ids(self) -> bytes:
        return self._ids.tobytes()  # type: ignore[no-any-return]

    def _mini_weights(self) -> bytes:
        return np.minimum(np.asarray(self._weights), _MOST).astype(np.uint16).tobytes()  # type: ignore[no-any-return]

    def _mini_values(self) -> bytes:
        packed = b"".join(self._values)
        places = np.frombuffer(packed, np.uint32)
        # Two bytes do for all but very long texts; the reader sees it by the length.
        return places.astype(np.uint16).tobytes() if places.max() <= _MOST else packed


class _Matcher(W3LeafMatcher):  # type: ignore[misc]
    """Read packed blocks, one posting after the other for Whoosh, or at once."""

    def _read_ids(self) -> None:
        self._packed()
        self._ids = array("I", self._data[0])

    def _read_weights(self) -> None:
        self._packed()
        self._weights = array("f", array("H", self._data[1]))

    def _read_values(self) -> None:
        self._packed()
        places, at = _wide(self._data), 0
        self._values = []
        for count in array("H", self._data[1]):
            self._values.append(places[at : at + count].tobytes())
            at += count

    def _packed(self) -> None:
        if self._data is None:
            self._read_data()

    def blocks(self) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Yield every block's ids, frequencies and positions as packed."""
        while not self._atend:
            self._packed()
            yield self._data
            self._next_block()


def _wide(packed: tuple[bytes, bytes, bytes]) -> Numbers:
    """Return a block's positions, four bytes each, however they were packed."""
    count = int(np.frombuffer(packed[1], np.uint16).sum(dtype=np.int64))
    kind = np.uint16 if len(packed[2]) == 2 * count else np.uint32
    return np.frombuffer(packed[2], kind).astype(np.uint32)


class _Pool:
    """Gather postings by term: nothing is left to sort but the terms, and nothing to merge."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, bytes], tuple[array[int], array[float], list[bytes]]] = {}
        self.fieldnames: set[str] = set()

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add one posting; entries come in order."""
        field, text, at, weight, value = item
        held = self._held.get((field, text))
        if held is None:
            self.fieldnames.add(field)
            held = self._held[field, text] = (array("I"), array("f"), [])
        held[0].append(at)
        held[1].append(weight)
        held[2].append(value)

    def iter_postings(self) -> Iterator[Any]:
        """Yield every term, in order, with its posting list."""
        for name in sorted(self._held):
            yield name, self._held.pop(name)

    def cleanup(self) -> None:
        """Let go of what was gathered."""
        self._held.clear()


class _Terms(W3FieldWriter):  # type: ignore[misc]
    """Write whole posting lists instead of one posting after the other."""

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Any]) -> None:
        """Write what a ``_Pool`` yields."""
        current = None
        for (field, text), held in items:
            if field != current:
                if current is not None:
                    self.finish_field()
                self.start_field(field, schema[field])
                current = field
            self.start_term(text)
            self._postwriter.take(*held)
            self.finish_term()
        if current is not None:
            self.finish_field()


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with packed blocks."""

    # Lengths beside every posting serve to skip blocks, which is not done here.
    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=_COMPRESSION, inlinelimit=0)

    def field_writer(self, storage: Any, segment: Any) -> _Terms:
        """Return the writer of terms."""
        return _Terms(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _Writer:
        """Return the writer of posting lists."""
        return _Writer(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> _Matcher:
        """Return the reader of one posting list."""
        offset, length = terminfo.extent()
        return _Matcher(dbfile, offset, length, format_, term=term, scorer=scorer)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to index: its key, the words of its fields in order, and numbers kept beside it."""

    key: str
    fields: Mapping[str, Sequence[str]]
    numbers: bytes = b""


def write_shard(folder: Path, fields: Sequence[str], entries: Iterable[Entry]) -> int:
    """Make a Whoosh index of the entries in a new folder and return how many it holds."""
    folder.mkdir(parents=True, mode=0o700)
    columns: dict[str, Any] = {_ID: COLUMN(VarBytesColumn()), _NUMBERS: COLUMN(VarBytesColumn())}
    for field in fields:
        columns[field] = _Words()
        columns[f"{field}_length"] = COLUMN(NumericColumn("I"))
    # The underscore would make Whoosh take the column for a private option.
    columns["numbers"] = columns.pop(_NUMBERS)
    made = whoosh_index.create_in(str(folder), Schema(**columns))
    writer = made.writer(codec=_Codec(), compound=False)
    writer.pool = _Pool()
    count = 0
    for entry in entries:
        row: dict[str, Any] = {_ID: entry.key.encode()}
        if entry.numbers:
            row["numbers"] = entry.numbers
        for field, found in entry.fields.items():
            row[field] = found
            row[f"{field}_length"] = len(found)
        writer.add_document(**row)
        count += 1
    writer.commit(merge=False)
    made.close()
    return count


class Shard:
    """One Whoosh index, read as arrays. Not safe for threads: kb/ranking.py locks it."""

    def __init__(self, folder: Path) -> None:
        """Open the index of a folder; whoever opens it has made sure that it is ours."""
        self._index = whoosh_index.open_dir(str(folder))
        self._reader = self._index.reader()
        # An index without entries has one reader that can nothing.
        self.leaves = [each for each in self._reader.leaf_readers() if each[0].doc_count_all()]
        self.count = int(self._reader.doc_count_all())

    def names(self) -> list[str]:
        """Return the key of every entry, in order."""
        return [
            bytes(each).decode() for reader, _ in self.leaves for each in reader.column_reader(_ID)
        ]

    def lengths(self, field: str) -> Numbers:
        """Return how many words each entry's field has."""
        found = [
            np.fromiter(reader.column_reader(f"{field}_length"), np.float32, reader.doc_count_all())
            if reader.has_column(f"{field}_length")
            else np.zeros(reader.doc_count_all(), np.float32)
            for reader, _ in self.leaves
        ]
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def numbers(self) -> list[bytes]:
        """Return the numbers kept beside every entry, in order."""
        found: list[bytes] = []
        for reader, _ in self.leaves:
            if reader.has_column("numbers"):
                found += [bytes(each) for each in reader.column_reader("numbers")]
            else:
                found += [b""] * reader.doc_count_all()
        return found

    def terms(self, field: str) -> Iterator[tuple[str, int]]:
        """Yield every word of a field with the number of entries that hold it."""
        for reader, _ in self.leaves:
            if field in reader.indexed_field_names():
                for (name, term), info in reader.iter_from(field, b""):
                    if name != field:
                        break
                    yield term.decode(), int(info.doc_frequency())

    def postings(self, field: str, word: str) -> tuple[Numbers, Numbers, Numbers]:
        """Return the entries that hold a word, how often, and all its positions, entry by entry."""
        ids, weights, places = [], [], []
        for reader, base in self.leaves:
            try:
                matcher = reader.postings(field, word.encode())
            except TermNotFound:
                continue
            for packed in matcher.blocks():
                ids.append(np.frombuffer(packed[0], np.uint32) + np.uint32(base))
                weights.append(np.frombuffer(packed[1], np.uint16).astype(np.float32))
                places.append(_wide(packed))
        if not ids:
            return np.zeros(0, np.uint32), np.zeros(0, np.float32), np.zeros(0, np.uint32)
        if len(ids) == 1:
            return ids[0], weights[0], places[0]
        return np.concatenate(ids), np.concatenate(weights), np.concatenate(places)

    def close(self) -> None:
        """Let go of the index's files."""
        self._reader.close()
        self._index.close()
