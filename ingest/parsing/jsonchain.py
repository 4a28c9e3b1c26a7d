"""Tell the records of a damaged JSON file from the objects inside them, and how many it holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any

from ingest.parsing.repetition import repeats

Decode = Callable[[int], tuple[dict[str, Any], int] | None]
Test = Callable[[dict[str, Any]], bool]
_PARTED = re.compile(r"\s*,\s*(?=\{)")
_LINE_END = re.compile(r"[ \t\r,]*(?:\n|$)")
# A key behind a record: a brace closed it too early.
_GOES_ON = re.compile(r'\s*,\s*"([^"\\]{1,60})"\s*:')
_KEY = re.compile(r'"([^"\\]{1,60})"\s*:')
_OPENING = re.compile(r'\{\s*"[^"\\{}]{1,60}"\s*:')
# What follows the last record of a wrapped array is short.
_TAIL = 4096
# So many times the text's length may be read in vain.
_EFFORT = 8
_LENIENT = json.JSONDecoder()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a key that stands twice is two records run together."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in an object")
    return found


DECODER = json.JSONDecoder(object_pairs_hook=_object)
"""A decoder that takes no key twice."""


def chained(text: str, at: int, decode: Decode, is_record: Test, more: bool) -> tuple[bool, int]:
    """Tell whether records alone stand from a place to the end of their array or line, and where.

    Objects of a list inside a record may look like records too, but behind them two arrays close:
    their own and that of the records. ``more`` is true where the text goes on beyond what is given.
    """
    found = decode(at)
    if found is None or not is_record(found[0]):
        return False, at
    end = found[1]
    if text[at - 1 : at] == "\n" and _LINE_END.match(text, end):
        return True, end
    while parted := _PARTED.match(text, end):
        following = decode(parted.end())
        if following is None or not is_record(following[0]):
            return False, end
        end = following[1]
    rest = text[end : end + _TAIL + 1]
    whole = not more and len(rest) <= _TAIL and "{" not in rest
    closing = rest.count("]") - rest.count("[") == 1 and rest.lstrip().startswith("]")
    return whole and closing, end


def is_torn(text: str, value: dict[str, Any], end: int, is_record: Test) -> bool:
    """Tell whether a record at a text's start that can be decoded is none.

    It was closed too early, or has its neighbours inside: where a bracket in it is lost, those that
    follow are members of what it opened, and unlike the members before them.
    """
    going = _GOES_ON.match(text, end)
    if going and going[1] not in value:
        # A key that it has already is the next record's, which lost its brace.
        return True
    mixed = [each for each in _lists(value) if _is_mixed(each)]
    # Most records have a key that stands in them once: no other is a member of such a one.
    if not mixed and any(text.count(f'"{key}"', 0, end) < 2 for key in value):
        return False
    return any(_holds_neighbours(value, each, is_record) for each in mixed) or any(
        is_record(each) and len(value.keys() & each.keys()) >= 0.9 * len(value)
        for each in _members(value)
    )


def _members(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the objects that stand in an object as such and not in a list."""
    waiting: list[Any] = list(value.values())
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += [
                one for member in each if isinstance(member, dict) for one in member.values()
            ]


def _lists(value: dict[str, Any]) -> Iterator[list[Any]]:
    waiting: list[Any] = list(value.values())
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            yield each
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()


def _is_mixed(values: list[Any]) -> bool:
    """Tell whether a list has objects of different keys."""
    first = values[0].keys() if values and isinstance(values[0], dict) else set()
    return any(isinstance(each, dict) and each.keys() != first for each in values)


def _holds_neighbours(value: dict[str, Any], members: list[Any], is_record: Test) -> bool:
    """Tell whether records stand in a list behind what is none, or some are as rich as the whole."""
    made = [isinstance(each, dict) and is_record(each) for each in members]
    return (any(made) and not made[0]) or any(
        told and len(value.keys() & each.keys()) >= 0.9 * len(value)
        for each, told in zip(members, made, strict=True)
    )


def count_parts(text: str, whole: Sequence[str]) -> int:
    """Return how many records a broken text holds parts of, by the order of keys in whole ones.

    Objects that are whole in it are parts of a record, and tell by keys that no record has twice.
    """
    counts = [Counter(_KEY.findall(each)) for each in whole]
    once = {key for each in counts for key in each if all(one[key] < 2 for one in counts)}
    model = max(whole, key=lambda each: len({key for key, _ in _keys(each, once)}), default="")
    order: dict[str, int] = {}
    for key, _ in _keys(model, once):
        order.setdefault(key, len(order))
    found: list[int] = []
    seen: dict[str, int] = {}
    for key, at in _keys(text, once):
        if key not in order:
            continue
        if key not in seen or not repeats(text, seen[key], at):
            found.append(order[key])
        seen[key] = at
    return _runs(found, {order[key] for key in once if key in order}, _has_doubled_key(text))


def _has_doubled_key(text: str) -> bool:
    """Tell whether a text is one object but for keys that stand in it twice."""
    try:
        return isinstance(_LENIENT.raw_decode(text)[0], dict)
    except (ValueError, RecursionError):
        return False


def _runs(places: list[int], sure: set[int], doubled: bool) -> int:
    """Return how many records keys at these places of the order come from.

    A second record goes on from a key that the first had; an object inside a record that is broken
    too has some of the keys alone, and none of those that are ``sure`` to be a record's own.
    """
    count, first = 1, 0
    for at in range(1, len(places)):
        before = places[first:at]
        if places[at] > max(before):
            continue
        behind = places[at:]
        stop = next((n for n, each in enumerate(behind) if n and each <= max(behind[:n])), None)
        shared = {each for each in before if places[at] <= each}
        both = shared & set(behind[:stop])
        again = len(both)
        # A key that goes on where an object inside left off has to have more of them behind it.
        on = places[at] > places[at - 1]
        if (
            5 * again > 2 * len(shared)
            if on
            else (len(both & sure) > 1 or 5 * again >= 2 * len(shared) or doubled)
        ):
            count, first = count + 1, at
    return count


def _keys(text: str, deep: Set[str]) -> Iterator[tuple[str, int]]:
    """Yield the keys of a text and their places, of those in objects inside it the ``deep`` alone."""
    whole = _whole_objects(text)
    inside = next(whole, (len(text), len(text)))
    for match in _KEY.finditer(text):
        while match.start() >= inside[1] < len(text):
            inside = next(whole, (len(text), len(text)))
        if match[1] in deep or not inside[0] < match.start() < inside[1]:
            yield match[1], match.start()


def _whole_objects(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the largest objects that can be decoded stand in a broken text.

    Where objects nest without an end each is read to the text's end: that is given up after a while.
    """
    at, spent = 1, 0
    while (match := _OPENING.search(text, at)) and spent <= _EFFORT * len(text):
        at = match.start() + 1
        try:
            _, end = DECODER.raw_decode(text, match.start())
        except RecursionError:
            return
        except json.JSONDecodeError as error:
            # The error itself counts the lines before it.
            spent += error.pos - match.start() + match.start() // 16
            continue
        except ValueError:
            continue
        yield match.start(), end
        at = end
