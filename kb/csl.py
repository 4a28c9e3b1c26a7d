"""Render printed styles from CSL sheets: the home of citeproc.

CSL says the order, the punctuation and how many authors stand. What it cannot say stands in the
``.yml`` beside the sheet: initials, suffixes, page spans, translated titles, notices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.yamlfile import load_yaml
from kb.items import as_item
from kb.works import Person, Work, quoted

# Signs of the private use area stand for what CSL has no field for, until the text is made.
_GROUP, _OTHERS, _HYPHEN = "\ue000", "\ue001", "\ue002"
_BEFORE_GROUP = re.compile(f", (?:& |and )?{_GROUP}")
_SUPPLEMENT = re.compile(
    r"(?P<issue>.*?)[\s,]*\bsuppl(?:ement)?\b\.?\s*(?P<part>.*)", re.IGNORECASE
)
# How MEDLINE and the ICMJE print where a notice stands: "Lancet. 2010 Feb 6;375(9713):445".
_PLACE = re.compile(
    r"(?P<journal>[^;:]+?)\. (?P<year>\d{4})\b[^;:]*"
    r"(?:;(?P<volume>[^():]*)(?:\((?P<issue>[^)]*)\))?(?::(?P<pages>[\w.-]*\w))?)?(?:\.\s.*)?"
)
_SPAN = re.compile(r"\b([A-Za-z]*)(\d+)\s*[-–]\s*([A-Za-z]*)(\d+)\b")
_RETRACTIONS = {"Retraction in", "Retracted and republished in"}
_REST = re.compile(rf",? (?:& )?{_OTHERS}\.?")


def sheet_words(path: Path) -> str:
    """Return the line that tells what a printed style is."""
    return str(_habits(path)["words"])


@cache
def _habits(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = load_yaml(path.with_suffix(".yml"))
    return found


@cache
def _sheet(path: Path) -> Any:
    # citeproc takes a while to load, and most commands cite nothing.
    from citeproc import CitationStylesStyle  # noqa: PLC0415

    return CitationStylesStyle(str(path), validate=False)


@cache
def language_name(code: str | None) -> str | None:
    """Return the English name of a language by its ISO 639-1 code, None where it is not known."""
    from citeproc import LANGUAGE_NAMES  # noqa: PLC0415

    found = sorted(key for key in LANGUAGE_NAMES if code and key.partition("-")[0] == code)
    return re.sub(r"\s*\(.*", "", LANGUAGE_NAMES[found[0]][-1]) if found else None


def render_printed(path: Path, works: Sequence[Work], home: str) -> str:
    """Return the references that a sheet prints; several are numbered, under a recommendation's line."""
    lines = [
        _unnamed(work) or line for line, work in zip(_printed(path, works), works, strict=True)
    ]
    texts = [_with_rest(line, work, home) for line, work in zip(lines, works, strict=True) if line]
    if len(texts) == 1:
        return texts[0]
    if works[0].id.startswith("recommendation-"):
        head, *texts = texts
        return "\n".join([head, *(f"{at}. {text}" for at, text in enumerate(texts, start=1))])
    return "\n".join(f"{at}. {text}" for at, text in enumerate(texts, start=1))


def _printed(path: Path, works: Sequence[Work]) -> list[str]:
    from citeproc import (  # noqa: PLC0415
        Citation,
        CitationItem,
        CitationStylesBibliography,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

    habits = _habits(path)
    items = [{**_item(each, habits), "id": f"w{at}"} for at, each in enumerate(works)]
    shelf = CitationStylesBibliography(_sheet(path), CiteProcJSON(items), formatter.plain)
    for item in items:
        shelf.register(Citation([CitationItem(item["id"])]))
    made = dict(zip(shelf.keys, shelf.bibliography(), strict=True))
    return [
        _finished(_gap(str(made[item["id"]]), len(work.authors)), habits)
        for item, work in zip(items, works, strict=True)
    ]


def _unnamed(work: Work) -> str | None:
    """Return the line of what no style has a form for: a recommendation, or a text without a name."""
    if work.id.startswith("recommendation-"):
        return f"{work.title}. {work.site}."
    if work.title or work.authors or work.journal or work.site:
        return None
    known = f"doi:{work.doi}" if work.doi else f"PMID: {work.pmid}" if work.pmid else work.url
    return " ".join(each for each in (_stopped(work.line), known) if each)


def _with_rest(text: str, work: Work, home: str) -> str:
    """Return a reference with the claim's words, the remarks and the address on the site."""
    parts = [text]
    if work.note:
        parts.append(_stopped(work.note))
    if work.quote:
        known = work.doi and work.doi in text and "#:~:" not in (work.quote.link or "")
        parts.append(quoted(replace(work.quote, link=None) if known else work.quote))
    if work.note or work.quote:
        parts.append(f"{home}{work.address}")
    return " ".join(parts)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _item(work: Work, habits: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work's CSL item as the style's habits print its fields."""
    item = as_item(work)
    for name in ("note", "language", "status", "original-title", "PMCID"):
        item.pop(name, None)
    if work.note:
        item.pop("URL", None)
    item["container-title-short"] = work.journal_abbrev or work.journal or work.site
    if item["container-title-short"] is None:
        del item["container-title-short"]
    if work.type == "book" and work.title == work.journal:
        item.pop("container-title", None)
    people = [_person(each, habits) for each in work.authors]
    if people and work.authors_complete is False:
        # CSL has no field for names left out by the source; one more name stands for them.
        people.append({"literal": _OTHERS})
    if people:
        item["author"] = people
    if work.title:
        item["title"] = _title(work, habits)
    if work.pages:
        item["number" if _is_locator(work.pages) else "page"] = _pages(work.pages, habits)
        if "number" in item:
            item.pop("page", None)
    volume, issue = _volume(work, habits)
    item |= {key: value for key, value in (("volume", volume), ("issue", issue)) if value}
    if issue and not volume:
        item.pop("volume", None)
    language = language_name(work.language) if work.language != "en" else None
    if language and habits.get("language"):
        item["annote"] = habits["language"].format(language=language)
    told = _notices(work, habits)
    if told:
        item["note"] = told
    return item


def _title(work: Work, habits: Mapping[str, Any]) -> str:
    title = _bare(work.title or "")
    if work.translated:
        language = language_name(work.language)
        form = "bilingual" if work.original_title and "bilingual" in habits else "translated"
        original = _bare(work.original_title or "")
        title = habits[form].format(title=title, original=original, language=language or "")
        title = title.replace(" [in ]", "")
    forms = habits.get("title_notices", {})
    told = [
        forms[each.label].format(text=each.text) for each in work.notices if each.label in forms
    ]
    if "retracted" in forms and _unexplained(work):
        told.insert(0, forms["retracted"])
    return f"{title} [{'; '.join(told)}]" if told else title


def _bare(title: str) -> str:
    """Return a title without the full stop that indexes print behind it."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _notices(work: Work, habits: Mapping[str, Any]) -> str:
    """Return what stands behind a reference: that it was retracted, and where else to look."""
    plain = work.retracted and ("always" in habits.get("retracted", {}) or _unexplained(work))
    found = [habits["retracted"]["words"]] if plain and "retracted" in habits else []
    for each in work.notices:
        if each.label in habits.get("title_notices", {}):
            continue
        form = habits["notices"].get(each.label, habits["notices"]["other"])
        text = each.text or f"PMID {each.pmid}"
        found.append(form.format(label=each.label, text=text, place=_placed(text)))
    return " ".join(found)


def _unexplained(work: Work) -> bool:
    """Tell whether an article is retracted and no notice says where."""
    return work.retracted and not any(each.label in _RETRACTIONS for each in work.notices)


def _placed(text: str) -> str:
    """Return where a notice stands as APA prints it in brackets: "2010, Lancet, 375[9713], 445"."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return f"in {text}"
    issue = f"[{found['issue']}]" if found["issue"] else ""
    parts = (found["year"], found["journal"], f"{found['volume'] or ''}{issue}", found["pages"])
    return ", ".join(each for each in parts if each)


def _volume(work: Work, habits: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the volume and the issue, with a supplement of either as the style prints it."""
    forms = habits.get("supplement")
    of_volume, of_issue = (_SUPPLEMENT.fullmatch(each or "") for each in (work.volume, work.issue))
    found = of_volume or of_issue
    if not forms or found is None:
        return work.volume, work.issue
    part = f"{forms['word']} {found['part']}".strip()
    issue = work.issue if of_volume else found["issue"]
    both = forms["with_issue"].format(issue=issue, supplement=part) if issue else part
    return (of_volume["issue"] or None) if of_volume else work.volume, both


def _person(person: Person, habits: Mapping[str, Any]) -> dict[str, str]:
    if person.collective:
        return {"literal": f"{_GROUP}{person.name}"}
    suffix = habits["suffixes"].get((person.suffix or "").rstrip("."), person.suffix)
    parts = {
        "family": person.family,
        "given": _initials(person.given, habits["initials"]),
        "suffix": suffix,
    }
    return {key: value for key, value in parts.items() if value}


def _initials(given: str | None, form: str) -> str:
    """Return given names as initials; ``form`` shows how, for two names joined by a hyphen: J.-P."""
    words = (given or "").replace(".", ". ").split()
    if any(each[:1].isupper() for each in words):
        words = [each for each in words if not each[:1].islower()]
    found = []
    for word in words:
        bare = word.strip(".")
        if re.fullmatch(r"[^\W\d_]{2,3}", bare) and bare.isupper():
            found += [[letter] for letter in bare]
        else:
            found.append([part[0].upper() for part in bare.split("-") if part])
    if "." in form:
        return " ".join("-".join(f"{letter}." for letter in each) for each in found)
    letters = "".join(letter for each in found for letter in each)
    # NLM keeps two initials at most.
    return letters[:2] if form == "JP, two at most" else letters


def _is_locator(pages: str) -> bool:
    """Tell whether pages are an article's number (e1234, 105436) and no page of an issue."""
    return bool(re.fullmatch(r"(?!S\d)[A-Za-z]+\.?\d+\w*|\d{5,}", pages))


def _pages(pages: str, habits: Mapping[str, Any]) -> str:
    """Return a span of pages as the style prints it: 643-8, 643-648 or 643–648."""
    if habits["pages"] == "643-8":
        pages = _SPAN.sub(_shortened, pages)
    return re.sub(r"\s*[-–]\s*", _HYPHEN, pages)


def _shortened(span: re.Match[str]) -> str:
    """Return a span of pages whose last one has the figures that differ, as NLM prints it."""
    first, last = span[2], span[4]
    if len(first) != len(last) or first == last or span[1].lower() != span[3].lower():
        return span[0]
    same = next(at for at in range(len(first)) if first[at] != last[at])
    return f"{span[1]}{first}-{last[same:]}"


def _gap(text: str, authors: int) -> str:
    """Return the text with the three spaced points that APA prints for authors left out."""
    return re.sub(r", …\s*", ", . . . ", text, count=1) if authors > 20 else text


def _finished(text: str, habits: Mapping[str, Any]) -> str:
    """Return the text with the stand-ins put right and no sign doubled."""
    text = _BEFORE_GROUP.sub(lambda match: habits["group"] or match[0], text).replace(_GROUP, "")
    text = _REST.sub(", et al.", text)
    text = text.replace(_HYPHEN, "–" if "–" in habits["pages"] else "-")
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)
    text = re.sub(r"([?!])\.(?=\s|$)", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()
