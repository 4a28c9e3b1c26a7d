"""Find in a text the words that a question asks for: spans with exact offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.questions import Both, Concept, Either, Exact, Node, Not, Prefix, Question, Restriction
from kb.words import is_stop, key, placed_words

Spans = tuple[tuple[int, int], ...]


def _leaves(nodes: Sequence[Node]) -> Iterator[Concept | Exact | Prefix]:
    for node in nodes:
        if isinstance(node, Both | Either):
            yield from _leaves(node.parts)
        elif isinstance(node, Restriction):
            if node.part is not None:
                yield node.part
        elif not isinstance(node, Not):
            yield node


def find_spans(text: str, question: Question) -> Spans:
    """Return where ``text`` has what is asked for, in order, none overlapping: ``text[start:end]``."""
    placed = list(placed_words(text))
    keys = [key(word) for word, _, _ in placed]
    raw = [word for word, _, _ in placed]
    marked: set[int] = set()
    for leaf in _leaves((*question.wanted, *question.needed)):
        if isinstance(leaf, Prefix):
            marked |= {at for at, word in enumerate(raw) if word.startswith(leaf.beginning)}
        elif isinstance(leaf, Exact):
            marked |= _sequences(raw, leaf.words) if not leaf.slop else _near(raw, leaf)
        else:
            for way in (*leaf.ways, *leaf.alike):
                marked |= _sequences(keys, [key(each) for each in way])
    return tuple(_merged(text, [(placed[at][1], placed[at][2]) for at in sorted(marked)]))


def _sequences(row: Sequence[str], words: Sequence[str]) -> set[int]:
    size = len(words)
    first = words[0] if words else None
    return {
        at + step
        for at, word in enumerate(row)
        if word == first and list(row[at : at + size]) == list(words)
        for step in range(size)
    }


def _near(row: Sequence[str], leaf: Exact) -> set[int]:
    found = [at for at, word in enumerate(row) if word in leaf.words]
    return {
        at
        for at in found
        if any(row[at] != row[other] and abs(at - other) <= leaf.slop + 1 for other in found)
    }


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans, joined where only a blank or a hyphen is between them."""
    held: tuple[int, int] | None = None
    for start, end in spans:
        if held and text[held[1] : start] in {" ", "-", "‐", "–", "\u00a0"}:
            held = (held[0], end)
        else:
            if held:
                yield held
            held = (start, end)
    if held:
        yield held


def mark(text: str, spans: Spans, before: str, after: str) -> str:
    """Return a text with each span between ``before`` and ``after``."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], before, text[start:end], after]
        at = end
    return "".join([*pieces, text[at:]])


def topical(text: str) -> list[str]:
    """Return the words of a text that carry a topic, as often as they stand there."""
    return [
        word
        for word, _, _ in placed_words(text)
        if not is_stop(word) and len(word) > 2 and not word[0].isdigit()
    ]
