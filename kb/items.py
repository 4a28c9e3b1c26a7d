"""Make CSL items of works: what citation processors and CSL-JSON take."""

from __future__ import annotations

import re
from typing import Any

from kb.works import Person, Work, remarks

# Zotero and the CSL schema number seasons so; PubMed prints them as words.
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}


def as_item(work: Work, home: str = "") -> dict[str, Any]:
    """Return a work as a CSL-JSON item; what is not known is absent."""
    item = {
        "id": f"{work.id}-{work.quote.claim_id}" if work.quote else work.id,
        "type": work.type,
        "title": work.title,
        "original-title": work.original_title,
        "author": [_person(each) for each in work.authors] or None,
        "container-title": work.journal or work.site,
        "container-title-short": work.journal_abbrev,
        "publisher": work.publisher,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "DOI": work.doi,
        "PMID": work.pmid,
        "PMCID": work.pmcid,
        "URL": work.url or (home + work.address if home and work.note else None),
        "ISSN": work.issn,
        "issued": issued(work),
        "language": work.language,
        # The word of the specification (https://docs.citationstyles.org/en/stable/specification.html).
        "status": "retracted" if work.retracted else None,
        "note": "\n".join(remarks(work, home)) or None,
    }
    return {key: value for key, value in item.items() if value is not None}


def _person(person: Person) -> dict[str, str]:
    if person.collective:
        return {"literal": person.name}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {key: value for key, value in parts.items() if value}


def issued(work: Work) -> dict[str, Any] | None:
    """Return a work's date as a CSL date: its known parts, a span of months, or a season."""
    if work.year is None:
        return None
    if work.months and work.date_raw:
        words = re.findall(r"\b(" + "|".join(_SEASONS) + r")\b", work.date_raw, re.IGNORECASE)
        if len(words) == 1:
            return {"date-parts": [[work.year]], "season": _SEASONS[words[0].lower()]}
        years = [int(each) for each in re.findall(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", work.date_raw)]
        first, last = work.months
        return {"date-parts": [[work.year, first], [max([*years, work.year]), last]]}
    parts = [int(part) for part in (work.date or str(work.year)).split("-")]
    return {"date-parts": [parts]}
