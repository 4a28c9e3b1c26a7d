"""Make FHIR R5 resources of rules, claims and articles (https://hl7.org/fhir/R5/).

What is not stated is absent; where R5 demands a concept that no source states, the standard's own
code says that it is unknown.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.text import sha256

Resource = dict[str, Any]
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def fhir_id(kind: str, name: str) -> str:
    """Return a stable id of R5's letters (``[A-Za-z0-9-.]{1,64}``) for a name of ours."""
    found = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{kind}-{name}")
    if len(found) <= 64 and re.sub(r"[_-]", "-", f"{kind}-{name}") == found:
        return found
    return f"{found[:51]}-{sha256(name.encode())[:12]}"


def reference(type_: str, kind: str, name: str, display: str | None = None) -> dict[str, str]:
    """Return a reference to another resource of the bundle."""
    told = {"reference": f"{type_}/{fhir_id(kind, name)}", "type": type_}
    return {**told, "display": display} if display else told


def concept(text: str, system: str | None = None, code: str | None = None) -> dict[str, Any]:
    """Return a codeable concept; the code stands beside our own word for it."""
    return {"coding": [{"system": system, "code": code}], "text": text} if code else {"text": text}


def filled(resource: Resource) -> Resource:
    """Return a resource without what is empty: R5 has no nulls and no empty lists."""
    return {
        key: value
        for key, value in resource.items()
        if value is not None and value not in ("", [], {})
    }
