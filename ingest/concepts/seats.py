"""Tell tumours of the spine by where the words beside them put them."""

from __future__ import annotations

import re

from ingest.language.wording import holds_any

_REGION = r"(?:(?:upper|lower|mid|middle|high|the) )?(?:cervical|thoracic|lumbar|sacral|sacrococcygeal|thoracolumbar|cervicothoracic|lumbosacral|dorsal|axial|epidural|extradural|c[1-7]|th?1?[0-9]|l[1-5]|s[1-5])"
_SPINE = r"(?:spine|spinal|spines|vertebrae?|vertebral|sacrum|atlas|axis|odontoid|c[1-7]|t1?[0-9]|l[1-5]|s[1-5])\b"
_FROM = r"(?:rcc|nsclc|hcc|(?:renal|breast|lung|prostate|thyroid|kidney|liver|hepatocellular|colorectal)(?: cell)? (?:cancer|carcinoma))"
_ASIDE = r"(?: \([a-z0-9 =.,%-]{1,20}\))?"
"""What is bracketed between a growth and its place: its letters, how many."""
# "Metastatic disease of the cervical spine", "metastatic upper lumbar spine lesions".
_SEATED = re.compile(
    rf"{_ASIDE}(?: (?:tumou?rs?|disease|lesions?|cancers?|carcinomas?|adenocarcinomas?|involvement|deposits?|spread|compression|{_FROM}))?{_ASIDE}"
    rf"(?:,? (?:located |localized |situated |arising |occurring )?(?:of|in|to|at|within|affecting|involving|invading)(?: the)?)?(?: {_REGION}){{0,2}}(?: and {_REGION})? {_SPINE}"
)
_SEAT = re.compile(
    rf"(?:\b{_SPINE}|\b{_REGION})(?: (?:cord|column|body|bone|bony|osseous|skeletal|osteolytic|osteoblastic|osteoplastic|lytic|blastic|solitary|epidural|extradural|oligo))?(?: {_FROM}| (?:and|or) [a-z]+)?{_ASIDE}[ -]$"
)
_SPREADING = ("malignan", "cancer", "carcinoma")
Span = tuple[str, str, int, int]
"""Facet, concept, start and end."""


def is_spinal(low: str, start: int, end: int) -> bool:
    """Tell whether the words beside "metastasis" place it in the spine."""
    return bool(_SEATED.match(low, end) or _SEAT.search(low, max(0, start - 60), start))


def without_spread(low: str, kept: list[Span]) -> list[Span]:
    """Return the spans of a text that tells of no spread, a plain compression of the cord not one.

    A neuroblastoma that presses on the cord is no metastasis.
    """
    tumours = {each[1] for each in kept if each[0] == "tumours"}
    if "MESCC" not in tumours or len(tumours) < 2 or holds_any(low, _SPREADING):
        return kept
    return [each for each in kept if each[1] != "MESCC"]
