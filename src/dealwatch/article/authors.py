"""Who signed a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.page import Page

_META = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "cxenseparse:author",
)  # fmt: skip
_BYLINES = (
    '[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', '[rel="author"]', ".byline-name", ".author-name",
    ".byline a",
)  # fmt: skip
_MAX = 20  # authors of a page
_LONGEST = 80  # characters of a name: beyond it the element holds a biography
_PARTS = re.compile(r"\s{0,3}[;|]\s{0,3}|,\s{1,3}(?=[^\W\d_])")


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        for part in _PARTS.split(clean(text[:500])):
            name = part.strip(" ,;|")
            if name and len(name) <= _LONGEST and "://" not in name and "@" not in name:
                found.setdefault(name.casefold(), name)
    return tuple(found.values())[:_MAX]


def find_authors(page: Page) -> tuple[str, ...]:
    """The names of the authors: from JSON-LD, then meta tags, then the byline; () where none is given."""
    return (
        _names(records.strings(page.record.get("author") or page.record.get("creator")))
        or next((names for name in _META if (names := _names(page.meta.get(name, ())))), ())
        or next((names for selector in _BYLINES if (names := _names(page.texts(selector)))), ())
    )
