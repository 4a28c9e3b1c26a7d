"""Tell what a sentence does in its article: background, aim, method, result or conclusion."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AIM = re.compile(
    r"\b(?:(?:aim|purpose|objective|goal)s?\b.{0,40}\b(?:is|was|were|to)\b|to (?:evaluate|assess|investigate|determine|examine"
    r"|compare|describe|report|present|clarify|explore|identify|analy[sz]e)\b.{0,12}$"
    r"|^(?:we|the authors) (?:aimed|sought|set out)\b|^to (?:evaluate|assess|investigate|determine"
    r"|examine|compare|describe|report|present|clarify|explore|identify|analy[sz]e|review|study)\b)",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:retrospective(?:ly)?|prospective(?:ly)?|were (?:reviewed|included|enrolled|randomi[sz]ed"
    r"|collected|recorded|analy[sz]ed|assessed|evaluated|searched|identified|measured)"
    r"|was (?:assessed|evaluated|measured|performed using|analy[sz]ed|conducted|recorded|searched)"
    r"|we (?:reviewed|enrolled|included|analy[sz]ed|searched|collected)|kaplan.meier"
    r"|regression|medical records|database|inclusion criteria)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\d+(?:\.\d+)?\s*%|\bp\s*[<=>]|\b(?:mean|median)\b.{0,60}\d|\bsignificant(?:ly)?\b"
    r"|\b(?:occurred|improved|decreased|increased|experienced|developed|achieved|underwent)\b",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(
    r"^(?:in conclusion|we conclude|in summary|our (?:results|findings|data|study|experience)"
    r"|these (?:results|findings|data)|this (?:study|series|case|report) (?:shows|suggests"
    r"|demonstrates|indicates|highlights)|the (?:results|findings|present study) (?:of this study )?"
    r"(?:suggest|show|indicate|demonstrate)|therefore|thus)\b|\b(?:should be considered"
    r"|is recommended|may be considered)\b",
    re.IGNORECASE,
)
_KNOWN = {"aim", "methods", "results", "conclusion", "background", "case"}


def _ruled(text: str, position: float) -> str:
    if _AIM.search(text):
        return "aim"
    if _CONCLUSION.search(text) and position > 0.5:
        return "conclusion"
    if _METHOD.search(text) and not re.search(r"\d\s*%", text) and position < 0.7:
        return "methods"
    if _RESULT.search(text) and position > 0.1:
        return "results"
    return "background" if position < 0.35 else "body"


def sentence_roles(sentences: Sequence[tuple[str, str]]) -> list[str]:
    """Return a role for each (sentence, section role), in order; known section roles stand."""
    unknown = [index for index, (_, role) in enumerate(sentences) if role == "body"]
    roles = [role for _, role in sentences]
    for place, index in enumerate(unknown):
        roles[index] = _ruled(sentences[index][0], place / max(1, len(unknown)))
    return [
        "aim" if role in {"background", "body"} and _AIM.search(text) else role
        for (text, _), role in zip(sentences, roles, strict=True)
    ]
