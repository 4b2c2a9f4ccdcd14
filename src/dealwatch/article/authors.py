"""Who signed a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.margins import key
from dealwatch.article.page import Page, site_names
from dealwatch.lang import codes, load

_META = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "cxenseparse:author",
)  # fmt: skip
_BYLINES = ('[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', ".byline-name", ".author-name")
_MAX = 20  # authors of a page
_LONGEST = 80  # characters of a name: beyond it the element holds a biography
_PARTS = re.compile(r"\s{0,3}[;|]\s{0,3}|,\s{1,3}(?=[^\W\d_])")
_INITIALS = re.compile(r"\s{1,3}\([^()]{1,12}\)\Z")
# A link in a byline may say "See full bio": there a name has two to five words, the first and last in capitals, or is
# an agency's.
_NAME = re.compile(
    r"(?=[^\W\d_a-z])[\w.'’-]{1,30}(?:\s[\w.'’-]{1,30}){0,3}\s(?=[^\W\d_a-z])[\w.'’-]{1,30}\Z|[A-Z]{2,6}\Z"
)
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    """What stands before a name in a byline: "By", "Par", in all languages."""
    words = sorted({re.escape(word) for code in codes() for word in load(code).words("article", "by")}, key=len)
    return re.compile(rf"(?:{'|'.join(reversed(words)) or '(?!)'}):?\s{{1,3}}(?=\w)", re.I)


@lru_cache(maxsize=1)
def _joints() -> re.Pattern[str]:
    """What joins two names of two words or more: "and", "et", in all languages. One word is the rest of an office."""
    words = {re.escape(word) for code in codes() for word in load(code).words("article", "and")} | {"&"}
    return re.compile(rf"(?<=\w)\s{{1,3}}(?:{'|'.join(sorted(words))})\s{{1,3}}(?=\w{{1,40}}[\s.'’-]{{1,3}}\w)")


@lru_cache(maxsize=1)
def _profiles() -> str:
    """The links that lead to an author's page, by their paths in all languages."""
    paths = (path for code in codes() for path in load(code).words("article", "author_paths"))
    return ", ".join(f'a[href*="{path}"]' for path in paths) or "a[rel=author]"


def _split(text: str) -> list[str]:
    parts = _joints().split(text)
    return parts if all(" " in part.strip() for part in parts) else [text]


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        for part in _PARTS.split(clean(text[:500])):
            for piece in _split(_leads().sub("", part, count=1) if _leads().match(part) else part):
                name = _INITIALS.sub("", piece.strip(" ,;|"))
                if len(name) <= _LONGEST and _LETTER.search(name) and "://" not in name and "@" not in name:
                    found.setdefault(name.casefold(), name)
    return tuple(found.values())[:_MAX]


def _candidates(page: Page) -> Iterator[tuple[str, ...]]:
    yield _names(records.strings(page.record.get("author") or page.record.get("creator")))
    for name in _META:
        yield _names(page.contents(name))
    if _leads().match(page.first("twitter:label1") + " x"):
        yield _names(page.contents("twitter:data1"))
    for selector in _BYLINES:
        yield _names(page.texts(selector))
    for selector in ('[rel="author"]', ".byline a", _profiles()):
        yield tuple(name for name in _names(page.texts(selector, 3)) if _NAME.match(name))


def find_authors(page: Page) -> tuple[str, ...]:
    """The names of the authors: from JSON-LD, then meta tags, then the byline; () where none is given.

    A page that names its own site there, and a person in another place, is signed by the person.
    """
    sites = site_names(page)
    first: tuple[str, ...] = ()
    for names in _candidates(page):
        if names and not all(key(name) in sites for name in names):
            return names
        first = first or names
    return first
