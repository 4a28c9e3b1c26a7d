"""Render references: each file of this folder is one style, and its name is the style's key.

A ``.csl`` sheet, with the habits that CSL cannot say in the ``.yml`` beside it, is a printed style;
a module is a format of files or a link. A module has ``ENDING`` and ``MEDIA`` where it makes files,
and ``render(works, home)``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from kb.csl import render_printed, sheet_words
from kb.works import CitationError, Work

FOLDER = Path(__file__).parent
DEFAULT = "vancouver"


@dataclass(frozen=True, slots=True)
class Style:
    """One way of citing: its key, one line on it, and the ending and type of the files it makes.

    ``render`` takes works and the address that the site is served at ("" where it is not known).
    """

    name: str
    words: str
    ending: str | None
    media: str
    render: Callable[[Sequence[Work], str], str]


@cache
def styles() -> Mapping[str, Style]:
    """Return every style by name: the default first, printed styles, files, then the link."""
    found = [
        Style(path.stem, sheet_words(path), None, "text/plain", partial(render_printed, path))
        for path in FOLDER.glob("*.csl")
    ]
    for each in pkgutil.iter_modules([str(FOLDER)]):
        module = importlib.import_module(f"{__name__}.{each.name}")
        words = (module.__doc__ or "").splitlines()[0].removeprefix("Render ").rstrip(".")
        ending = getattr(module, "ENDING", None)
        media = getattr(module, "MEDIA", "text/plain")
        found.append(Style(each.name.replace("_", "-"), words, ending, media, module.render))
    found.sort(key=lambda each: (each.name != DEFAULT, each.name == "link", each.ending or ""))
    return {each.name: each for each in found}


def find_style(name: str) -> Style:
    """Return a style; raise ``CitationError`` where there is none of the name."""
    found = styles()
    if name not in found:
        raise CitationError(f"style: {name} is unknown; one of {', '.join(found)} was expected")
    return found[name]
