"""Who signed a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.margins import key
from dealwatch.article.page import Page, site_names
from dealwatch.article.phrases import is_pointer
from dealwatch.lang import UNKNOWN, codes, load

_META = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "cxenseparse:author", "articleauthor", "article:byline", "article:authors", "dcterms.creator", "og:author",
)  # fmt: skip
_BYLINES = ('[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', ".byline-name", ".author-name")
_MAX = 20  # authors of a page
_NEAR = 60  # elements after the headline in which a byline stands
_BYLINE = 120  # characters of one
_LONGEST = 80  # characters of a name: beyond it the element holds a biography
_PARTS = re.compile(r"\s{0,3}[;|]\s{0,3}|,\s{1,3}(?=[^\W\d_])")
_BRACKETS = re.compile(r"\([^()]{0,200}(?:\)|\Z)|\[[^\[\]]{0,200}(?:\]|\Z)|<[^<>]{0,200}(?:>|\Z)")
_HANDLE = re.compile(r"(?:\b[\w.+-]{1,60})?@[\w.-]{1,60}")  # of a network, or an address
_HOST = re.compile(r"(?:\A|\s)(?:https?://\S|[\w-]{2,40}(?:\.[\w-]{2,40}){1,3}(?:/\S{0,200})?(?:\s|\Z))")
_STOP = re.compile(r"(?<=[^\W\d_]{3})\.\s{0,3}\Z")  # of the sentence that names an author; not of an initial
_DIGITS = 2  # figures of a name; with more of them it is a date
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
    known = (*codes(), UNKNOWN)
    words = {re.escape(word) for code in known for word in load(code).words("article", "and")} | {"&"}
    words |= {re.escape(word) for code in codes() for word in load(code).words("article", "with")}
    return re.compile(rf"(?<=\w)\s{{1,3}}(?:{'|'.join(sorted(words))})\s{{1,3}}(?=\w{{1,40}}[\s.'’-]{{1,3}}\w)")


@lru_cache(maxsize=1)
def _beside() -> re.Pattern[str]:
    """The bracket that opens before further names: "Ada Roy (with Cass Idowu)"."""
    words = {re.escape(word) for code in codes() for word in load(code).words("article", "with")}
    return re.compile(rf"\((?=(?:{'|'.join(sorted(words))})\s)")


@lru_cache(maxsize=1)
def _profiles() -> str:
    """The links that lead to an author's page, by their paths in all languages."""
    paths = (path for code in codes() for path in load(code).words("article", "author_paths"))
    return ", ".join(f'a[href*="{path}"]' for path in paths) or "a[rel=author]"


@lru_cache(maxsize=2)
def _words(name: str) -> frozenset[str]:
    return frozenset(word for code in codes() for word in load(code).words("article", name))


def _without_role(name: str) -> str:
    """A name without what its bearer does: "Ada Roy Senior Reporter"; "" for nothing but that."""
    words = name.split()
    at = next((at for at, word in enumerate(words) if word.casefold().strip(".,") in _words("roles")), len(words))
    if at < len(words) and (at < 2 or not _NAME.match(" ".join(words[:at]))):
        return "" if at == 0 else name
    return " ".join(words[:at])


def _once(name: str) -> str:
    """A name that stands there twice, under its picture and beside it."""
    half = len(name) // 2
    first, second = name[:half].strip(), name[half:].strip()
    return first if first == second and " " in first else name


def _named(text: str) -> str:
    """The name in a piece of a byline, "" where there is none: an address, a date, a credit, a job."""
    name = _once(_HANDLE.sub("", _leads().sub("", text, count=1) if _leads().match(text) else text).strip(" ,;|:–—-)"))
    if "://" in name or is_pointer(name) or not _LETTER.search(name) or name.casefold() in _words("nobody"):
        return ""
    name = _without_role(name)
    return name if len(name) <= _LONGEST and sum(map(str.isdigit, name)) < _DIGITS else ""


def _split(text: str) -> list[str]:
    parts = _joints().split(text)
    return parts if all(" " in part.strip() for part in parts) else [text]


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        for part in _PARTS.split(_BRACKETS.sub("", _beside().sub(" ", clean(text[:500])))):
            for piece in _split(_leads().sub("", part, count=1) if _leads().match(part) else part):
                if name := _named(_STOP.sub("", piece)):
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
    yield _signed(page)


def _signed(page: Page) -> tuple[str, ...]:
    """The names in the first line under the headline that begins as a byline does: "By Ada Roy, Berlin"."""
    nodes = page.tree.css("h1, p, span, div, address")
    at = next((at for at, node in enumerate(nodes) if node.tag == "h1"), len(nodes))
    for node in nodes[at + 1 : at + 1 + _NEAR]:
        line = clean(node.text()[:_BYLINE + 1])
        if len(line) <= _BYLINE and _leads().match(line):
            return tuple(name for name in _names([line]) if _NAME.match(name))[:3]
    return ()


def find_authors(page: Page) -> tuple[str, ...]:
    """The names of the authors: from JSON-LD, then meta tags, then the byline; () where none is given.

    A page that names its own site there, and a person in another place, is signed by the person.
    """
    sites = site_names(page)
    first: tuple[str, ...] = ()
    for names in _candidates(page):
        own = tuple(name for name in names if key(name) not in sites and not _HOST.search(name))
        if own and (not first or all(map(_NAME.match, own))):
            return own
        first = first or names
    return first
