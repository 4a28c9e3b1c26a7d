"""Render CSL-JSON, the format of Zotero, pandoc and citation processors."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kb.items import as_item
from kb.works import Work

ENDING = "json"
MEDIA = "application/vnd.citationstyles.csl+json"


def render(works: Sequence[Work], home: str) -> str:
    """Return a list with one item for each work, after the schema of CSL 1.0.2."""
    return json.dumps([as_item(each, home) for each in works], ensure_ascii=False, indent=2)
