"""Read what somebody typed into a question: no text is an error, what cannot be read is searched as text.

A library's parser (Whoosh's) was tried first: it raises on some texts, has operators with wrong
answers (ANDNOT) and cannot say what it took as text, so the language is read here, once, for the
index and for FTS5. The language:

- ``blood loss`` ranked, any of the words, with their forms and synonyms; ``a AND b``, ``a OR b``,
  ``NOT a``, ``-a``, ``+a``, parentheses
- ``"blood loss"`` exactly these words; ``"blood loss"~5`` or ``blood NEAR/5 loss`` within five words
- ``embol*`` words that begin so
- ``title:word``, ``author:"…"`` and so on for one field; ``year:1995..2006``, ``year:>=2000``,
  ``date:[2000-01 TO 2001-06]``; ``kind:risk``, ``design:review`` for what is known of a claim
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kb.fields import TEXT_FIELDS, VALUE_FIELDS, read_value
from kb.questions import (
    Both,
    Concept,
    Either,
    Exact,
    Node,
    Not,
    Prefix,
    Question,
    Restriction,
    Synonyms,
)
from kb.words import is_stop, key, words

# More than anybody asks; the rest of a pasted page says little more.
MOST_WORDS, MOST_CHARACTERS, _DEEPEST, _MOST_WAYS, _SHOUTED = 48, 4000, 12, 12, 6
_TOLD = ("title", "abstract", "author", "mesh", "journal", "year", "kind", "design")
_ITEM = re.compile(
    r"""(?P<open>\()|(?P<close>\))|
    (?P<sign>[-+](?=[^\W\d_]|"|\())?
    (?:(?P<field>[A-Za-z_]+):(?=\S)|(?P<named>(?i:title|abstract|authors?|mesh|journal|year|date)):\s+(?=[\w"\[<>]))?
    (?:"(?P<quoted>[^"]*)"(?:~(?P<slop>\d{1,3}))?|(?P<range>\[[^\]\[]*\])|(?P<word>[^\s()"]+))""",
    re.VERBOSE,
)
_NEAR = re.compile(r"NEAR(?:/(\d{1,3}))?")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_MIXED = re.compile(r"^([^\W\d_]+)(\d+)$")


class _Parser:
    """One reading of one text, from left to right."""

    def __init__(self, text: str, synonyms: Synonyms, unit: str) -> None:
        self.hints: list[str] = []
        self.synonyms, self.unit = synonyms, unit
        self.items = self._items(text)
        self.at = self.depth = 0
        self.typed: list[str] = []

    def _items(self, text: str) -> list[re.Match[str]]:
        # Half of a surrogate pair is no text: SQLite would refuse it.
        text = re.sub(r"[\0\s\ud800-\udfff]+", " ", text)
        text = re.sub(r"[“”„«»″]", '"', text)
        if text.isupper() and len(text.split()) > _SHOUTED:
            # A title in capitals has no operators.
            text = text.lower()
        if len(text) > MOST_CHARACTERS:
            text = text[:MOST_CHARACTERS]
            self.hints.append("the text is long; only its beginning was searched for")
        if text.count('"') % 2:
            at = text.rfind('"')
            text = text[:at] + " " + text[at + 1 :]
            self.hints.append("a quotation mark stands alone; it was passed over")
        opened = 0
        for each in re.sub(r'"[^"]*"', "", text):
            opened += {"(": 1, ")": -1}.get(each, 0)
            if opened < 0:
                break
        if opened:
            text = re.sub(r'[()](?=(?:[^"]*"[^"]*")*[^"]*$)', " ", text)
            self.hints.append("parentheses do not match; they were passed over")
        found = list(_ITEM.finditer(text))
        if len(found) > MOST_WORDS:
            self.hints.append(f"only the first {MOST_WORDS} words were searched for")
            # A cut may part parentheses: none is kept then.
            found = [each for each in found if not each["open"] and not each["close"]]
        return found[:MOST_WORDS]

    def _peek(self) -> re.Match[str] | None:
        return self.items[self.at] if self.at < len(self.items) else None

    def _operator(self) -> str | None:
        each = self._peek()
        plain = each and not (each["field"] or each["named"] or each["sign"])
        word = each["word"] if each and plain else None
        if word in {"AND", "OR", "NOT", "&&", "||"}:
            return {"&&": "AND", "||": "OR"}.get(word, word)
        return word if word and _NEAR.fullmatch(word) else None

    def clauses(self) -> tuple[list[Node], list[Node]]:
        """Return what is wanted and what is needed, up to a closing parenthesis or the end."""
        wanted: list[Node] = []
        needed: list[Node] = []
        while (item := self._peek()) and not item["close"]:
            self._clause(wanted, needed)
        return wanted, needed

    def _clause(self, wanted: list[Node], needed: list[Node]) -> None:
        parts, joins = [self._signed()], []
        while (word := self._operator()) in {"AND", "OR"} or (word and word.startswith("NEAR")):
            self.at += 1
            following = self._peek()
            if following is None or following["close"] or not (parts[-1] or joins):
                self.hints.append(f"{word} joins nothing here; it was passed over")
                break
            joins.append(word)
            parts.append(self._signed())
        if joins:
            joined = self._join(parts, joins)
            if joined is not None:
                (wanted if isinstance(joined, Either) else needed).append(joined)
            return
        sign, nodes = parts[0] if parts[0] else ("", [])
        if sign == "-":
            needed += [Not(each) for each in nodes]
        elif sign == "+":
            needed += nodes
        else:
            for each in nodes:
                plain = isinstance(each, Concept | Prefix | Either) and not getattr(
                    each, "field", None
                )
                (wanted if plain else needed).append(each)

    def _join(self, parts: Sequence[tuple[str, list[Node]]], joins: Sequence[str]) -> Node | None:
        """Return parts joined by their operators: NEAR binds first, then AND, then OR."""
        every: list[list[Node]] = [[]]
        for number, (sign, given) in enumerate(parts):
            nodes = given
            join = joins[number - 1] if number else "AND"
            if join.startswith("NEAR") and every[-1] and nodes:
                near = self._nearby(every[-1][-1], nodes[0], join)
                if near is not None:
                    every[-1][-1] = near
                    nodes = nodes[1:]
            if join == "OR":
                every.append([])
            every[-1] += [Not(each) for each in nodes] if sign == "-" else nodes
        groups = [each for each in every if each]
        if not groups:
            return None
        made = [each[0] if len(each) == 1 else Both(tuple(each)) for each in groups]
        if len(made) > 1:
            return Either(tuple(made))
        return Both(tuple(groups[0]))

    @staticmethod
    def _nearby(one: Node, other: Node, join: str) -> Node | None:
        if not isinstance(one, Concept | Exact) or not isinstance(other, Concept | Exact):
            return None
        match = _NEAR.fullmatch(join)
        sides = [each.ways[0] if isinstance(each, Concept) else each.words for each in (one, other)]
        return Exact((*sides[0], *sides[1]), one.field, int((match and match[1]) or 10) or 1)

    def _signed(self) -> tuple[str, list[Node]]:
        sign = ""
        while self._operator() == "NOT":
            self.at += 1
            sign = "" if sign else "-"
            if self._peek() is None:
                self.hints.append("NOT stands at the end; it was passed over")
                return "", []
        item = self._peek()
        if item is None or item["close"]:
            return "", []
        if self._operator():
            self.hints.append(f"{item['word']} joins nothing here; it was passed over")
            self.at += 1
            return self._signed()
        self.at += 1
        if item["open"]:
            return sign, self._group()
        if item["sign"] and not sign:
            sign = item["sign"]
        nodes = self._leaf(item, ranked=sign != "-")
        return sign, nodes

    def _group(self) -> list[Node]:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.hints.append("parentheses are too deep; the inner ones were passed over")
        wanted, needed = self.clauses()
        self.depth -= 1
        if self._peek() is not None:
            self.at += 1
        if needed:
            optional = [Either(tuple(wanted))] if wanted else []
            return [Both((*needed, *optional))] if len(needed) + len(optional) > 1 else needed
        return [Either(tuple(wanted))] if len(wanted) > 1 else wanted

    def _leaf(self, item: re.Match[str], ranked: bool) -> list[Node]:
        name, field = item["field"] or item["named"], None
        raw = item["quoted"] if item["quoted"] is not None else item["range"] or item["word"]
        if name:
            lower = name.lower()
            if lower in VALUE_FIELDS:
                restriction = read_value(VALUE_FIELDS[lower], raw)
                if restriction is not None:
                    return [restriction]
                self.hints.append(
                    f"{name}:{raw} names no value that could be read; searched as text"
                )
            elif lower in TEXT_FIELDS:
                field = TEXT_FIELDS[lower]
            else:
                if raw and not raw.startswith("/"):
                    self.hints.append(
                        f"{name}: is no field; searched as text (fields are {', '.join(_TOLD)}, …)"
                    )
                raw = f"{name} {raw}" if item["quoted"] is None else raw
        found = words(raw or "")
        if not found:
            return []
        if item["quoted"] is not None:
            # Neighbours and synonyms are of words that stand outside quotation marks.
            self.typed += ["", *(f'"{each}' for each in found), ""]
            return [self._placed(Exact(tuple(found), None, int(item["slop"] or 0)), field)]
        if raw.endswith("*") and len(found[-1]) > 1:
            self.typed.append(found[-1] + "*")
            return [self._placed(Prefix(found[-1]), field)]
        content = [each for each in found if not is_stop(each)] or (found if field else [])
        if ranked and not field:
            self.typed += content
        nodes = [self._placed(self._concept((each,)), field) for each in content]
        if field and len(nodes) > 1:
            return [Both(tuple(nodes))]
        if len(found) == 2 and len("".join(found)) < 9 and not field:
            nodes.append(Concept((("".join(found),),)))
        elif len(found) == 1 and (mixed := _MIXED.match(found[0])) and not field:
            nodes.append(Concept(((mixed[1], mixed[2]),)))
        return list(nodes)

    def _placed(self, node: Concept | Exact | Prefix, field: str | None) -> Node:
        """Return a node in its field: the unit's own, or a restriction by another unit's."""
        if field is None:
            return node
        if field == "claims":
            return Both((node,)) if self.unit == "claims" else Restriction(field, part=node)
        placed = replace(node, field=field)
        return placed if self.unit == "articles" else Restriction(field, part=placed)

    def _concept(self, found: tuple[str, ...]) -> Concept:
        others = self.synonyms.get(tuple(key(each) for each in found), ())[:_MOST_WAYS]
        if len(found) > 1:
            return Concept(tuple(dict.fromkeys([found, *others])))
        # A single word has many meanings, of which the vocabulary's names are of one.
        same = [each for each in others if _abbreviates(found[0], each)]
        alike = [each for each in others if each not in same and each != found]
        return Concept((found, *same), alike=tuple(alike))

    def phrases(self, typed: Sequence[str]) -> list[Concept]:
        """Return the concepts of several words that stand in a row of words, longest first."""
        found = []
        for size in (4, 3, 2):
            for at in range(len(typed) - size + 1):
                row = tuple(typed[at : at + size])
                if tuple(key(each) for each in row) in self.synonyms:
                    found.append(self._concept(row))
        return found


def _meant(node: Node, phrases: Sequence[Concept]) -> Node:
    """Return a word with the abbreviations of the concepts whose name it is part of.

    A text that says SRE has said "skeletal", though it is no other way to write that word alone.
    """
    if not isinstance(node, Concept) or node.field or len(node.ways[0]) > 1:
        return node
    short = [
        way
        for each in phrases
        if node.ways[0][0] in each.ways[0]
        for way in each.ways[1:]
        if len(way) == 1 and any(_abbreviates(way[0], name) for name in each.ways)
    ]
    return replace(node, implied_by=tuple(dict.fromkeys(short))) if short else node


def _abbreviates(word: str, name: Sequence[str]) -> bool:
    """Tell whether a word is made of the first letters of a name, of which one may be passed over."""
    initials = iter(each[0] for each in name)
    return len(word) >= max(2, len(name) - 1) and all(each in initials for each in word)


def parse(text: str, synonyms: Synonyms, unit: str = "claims") -> Question:
    """Return the question that a text asks; hints tell what was read otherwise than typed."""
    doi = _DOI.fullmatch(text.strip())
    if doi:
        return Question(text, (), (Restriction("article", doi[1], doi[1]),), (), ())
    parser = _Parser(text, synonyms, unit)
    wanted, needed = parser.clauses()
    while parser._peek() is not None:  # a closing parenthesis too many
        parser.at += 1
        more = parser.clauses()
        wanted, needed = wanted + more[0], needed + more[1]
    typed = ["" if each.endswith("*") or each.startswith('"') else each for each in parser.typed]
    # A question that is all stop words is searched as it stands.
    if not wanted and not needed and words(text):
        stops = tuple(dict.fromkeys(words(text)[:MOST_WORDS]))
        if len(stops) < 4 and any(len(each) > 1 for each in stops) and '"' in text:
            needed = [Exact(stops)]
    phrases = parser.phrases(typed)
    wanted = [*(_meant(each, phrases) for each in wanted), *phrases]
    # What is a concept's own name is asked for as one already.
    inner = {pair for each in phrases for pair in pairwise(each.ways[0])}
    pairs = dict.fromkeys(each for each in pairwise(typed) if all(each) and each not in inner)
    return Question(
        text,
        tuple(dict.fromkeys(wanted)),
        tuple(dict.fromkeys(needed)),
        tuple(pairs),
        tuple(dict.fromkeys(each.strip('"') for each in parser.typed if each)),
        tuple(dict.fromkeys(parser.hints)),
    )


def table_of(rows: Sequence[Sequence[str]]) -> Synonyms:
    """Return the synonyms of the vocabulary: the names of each concept, found by any of them.

    A question's stop words are left out, so a name is known by its other words.
    """
    made: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for names in rows:
        ways = [tuple(words(each)) for each in names]
        for way in ways:
            if way:
                told = tuple(each for each in way if not is_stop(each)) or way
                others = made.setdefault(tuple(key(each) for each in told), {})
                others.update(dict.fromkeys(one for one in ways if one and one != told))
    return {name: tuple(others) for name, others in made.items()}
