"""Read fragments of mark-up that flat records carry in their titles and abstracts.

Crossref sends JATS, Europe PMC and reference managers send HTML, others send plain text with
entities. Tags are dropped without a parser: a fragment has no root and need not be well-formed.
"""

from __future__ import annotations

import re
from html import unescape

from ingest.parsing.superscripts import raised

# Names of HTML's and JATS's elements, and any with a prefix: "a <b and c> d" has no tag.
_NAMES = (
    r"i|b|u|p|a|em|strong|small|big|tt|s|sc|sub|sup|span|div|br|hr|font|center|section|article|h[1-6]|[uod]l|li|dt|dd"
    r"|table|thead|tbody|tr|t[dh]|img|code|pre|q|cite|blockquote|abbr|mark|italic|bold|underline|monospace|roman"
    r"|sans-serif|overline|strike|title|label|abstract|trans-abstract|sec|list|list-item|def-list|break|xref|ext-link"
    r"|named-content|styled-content|inline-formula|disp-formula|inline-graphic|tex-math|alternatives|fn|email|uri|math|m\w+"
    r"|abstracttext|html|body|inf|jats-math"
)
_ESCAPED = re.compile(
    rf"&(?:amp;)?lt;(/?(?:[A-Za-z][\w.-]*:[A-Za-z][\w-]*|{_NAMES})\s*/?)&(?:amp;)?gt;",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
_TWICE = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#x?[0-9a-fA-F]{2,6});")
_TAG = re.compile(
    rf"<(/?)(?:[A-Za-z][\w.-]*:([A-Za-z][\w-]*)|({_NAMES}))(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+))*\s*/?>",
    re.IGNORECASE,
)
_LABELS = {"h1", "h2", "h3", "h4", "h5", "h6", "title"}
_BLOCKS = {
    "p",
    "sec",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "list",
    "list-item",
    "tr",
    "td",
    "disp-formula",
}
_LABEL_END = "\x01"
_BREAK = "\x02"
# "Abstract" heads the whole and labels no part of it.
_EMPTY = {"abstract", "summary", "graphical abstract"}
_RAISED = re.compile(r"(?i)<((?:\w+:)?sup)(?:\s[^<>]*)?>([^<>]{1,8})</\1\s*>")


def _exponents(printed: str) -> str:
    """Return a fragment with raised figures that are exponents as superscript figures."""
    if "sup" not in printed:
        return printed
    found: list[str] = []
    at = 0
    for match in _RAISED.finditer(printed):
        ahead = _TAG.sub("", printed[max(0, match.start() - 40) : match.start()])
        exponent = raised(unescape(match[2]), ahead)
        if exponent is not None:
            found += (printed[at : match.start()], exponent)
            at = match.end()
    return "".join([*found, printed[at:]])


def flat(printed: object) -> str | None:
    """Return a field's text: tags dropped, entities resolved, white space folded."""
    if not isinstance(printed, str):
        return None
    text = _exponents(_opened(printed))
    text = _TAG.sub(
        lambda tag: " " if (tag[2] or tag[3]).lower() in _BLOCKS | _LABELS else "", text
    )
    return " ".join(_characters(text).split()) or None


def parts(printed: object) -> list[tuple[str, str]]:
    """Return an abstract's (label, body) parts by its headings; one part where it has none."""
    if not isinstance(printed, str):
        return []
    text = _exponents(_opened(printed.replace(_LABEL_END, " ").replace(_BREAK, " ")))
    text = _TAG.sub(_mark, text)
    found: list[tuple[str, str]] = []
    for at, stretch in enumerate(text.split(_BREAK)):
        label, end, body = stretch.rpartition(_LABEL_END)
        name = " ".join(_characters(label).split()).rstrip(":").strip() if at and end else ""
        words = " ".join(_characters(body if at and end else stretch).split())
        if name.lower() in _EMPTY:
            name = ""
        if words:
            found.append((name, words))
    return found


def _mark(tag: re.Match[str]) -> str:
    name = (tag[2] or tag[3]).lower()
    if name in _LABELS:
        return _LABEL_END if tag[1] else _BREAK
    return " " if name in _BLOCKS else ""


def _characters(text: str) -> str:
    """Return a text with its entities resolved, twice where a service escaped them twice."""
    once = _resolved(text) if "&" in text else text
    return _resolved(once) if _TWICE.search(once) else once


def _resolved(text: str) -> str:
    """Return a text with whole entities resolved: what has no semicolon is an ampersand's own."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def _opened(printed: str) -> str:
    """Return a fragment whose tags a service has escaped with them as tags."""
    return _ESCAPED.sub(r"<\1>", printed) if "&" in printed else printed
