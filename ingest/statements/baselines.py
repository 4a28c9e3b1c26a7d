"""Find the state before treatment that a claim is set against: lower than before surgery."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Measurement

_STATE = r"(?:(?:before|prior to) (?:the |any )?[a-z]+|(?:the )?baseline|(?:the )?(?:pre-?(?:operative|op|treatment|surgical|procedur(?:e|al)|intervention(?:al)?|radiotherapy|ablation|embolization))(?: (?:values?|status|scores?|levels?|state|baseline|measurements?|period|condition|pain|images?|data|vas|grades?)){0,2})"
_BEFORE = build_rule(
    rf"\b(?:compared (?:with|to)|relative to|in comparison (?:with|to)|than|versus|vs\.?|different from|over|from)(?: (?:the|those|that|their|values?|scores?|levels?|of|at|in|patients?|individuals|subjects|participants?'?|mean)){{0,3}} (?P<name>{_STATE})\b"
)
# What every such wording holds.
_STATES = ("before", "prior to", "baseline", " pre")
_LEADS = re.compile(r"(?:as )?(?:compared (?:with|to)|relative to|in comparison (?:with|to))\b")
_BASE = re.compile(
    rf"(?:at |on |in )?(?:{_STATE}|before|pre-?operatively|initial(?:ly)?|(?:at )?(?:admission|presentation))$"
)


def state_before(
    text: str,
    span: tuple[int, int],
    measurements: Sequence[Measurement],
    beside: Sequence[Measurement],
) -> str | None:
    """Return the state before which a claim's words or another number of its sentence set it against."""
    low = lowered(text)
    if holds_any(low, _STATES):
        found = _BEFORE.search(low, *span)
        if found is None and _LEADS.match(low):
            found = _BEFORE.search(low, 0, span[0] + 40)
        if found is not None:
            return text[slice(*found.span("name"))]
    for each in measurements:
        if not each.time_text or _BASE.match(each.time_text.lower()):
            continue
        for one in beside:
            same = (one.measure, one.unit, one.group) == (each.measure, each.unit, each.group)
            time = one.time_text or ""
            if same and one.start < each.start and time in text and _BASE.match(time.lower()):
                return time
    return None


def is_before(measurements: Sequence[Measurement], beside: Sequence[Measurement]) -> bool:
    """Tell whether numbers are of the state before, which others of their sentence are set against."""
    return bool(measurements) and all(
        each.time_text is not None
        and _BASE.match(each.time_text.lower()) is not None
        and any(
            (one.measure, one.unit, one.group) == (each.measure, each.unit, each.group)
            and one.start > each.start
            and one.time_text is not None
            and not _BASE.match(one.time_text.lower())
            for one in beside
        )
        for each in measurements
    )
