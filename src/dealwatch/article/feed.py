"""An entry's own text: the whole article where the source gives it, else its summary."""

from __future__ import annotations

from functools import lru_cache

from dealwatch.article.characters import clean
from dealwatch.article.markup import read_fragment
from dealwatch.lang import codes, load
from dealwatch.model import Entry

_WHOLE = 1_000  # characters of a full article, at least: a page fetched in vain costs less than a teaser taken for it
_MANY = 3  # paragraphs, likewise
_CUT = ("…", "...", "[…]", "[...]", "[&hellip;]", "(…)", "(...)")
_TAIL = 300  # characters of a last paragraph that can be a notice


@lru_cache(maxsize=2)
def _phrases(key: str) -> tuple[str, ...]:
    """The phrases of all languages under a key: an entry does not always say which it is in."""
    return tuple(phrase for code in codes() for phrase in load(code).words("article", key))


def _says(paragraph: str, key: str) -> bool:
    folded = paragraph.casefold().replace("’", "'")
    return len(paragraph) <= _TAIL and any(phrase in folded for phrase in _phrases(key))


def entry_paragraphs(html: str) -> tuple[str, ...]:
    """The paragraphs of an entry's text, without the notice that a publisher's software puts under it."""
    found = list(read_fragment(html))
    while found and _says(found[-1], "notices"):
        found.pop()
    return tuple(found)


def is_whole(entry: Entry) -> bool:
    """Whether an entry carries the whole article: long enough, in paragraphs, and not cut off at the end."""
    if len(entry.content) < _WHOLE:
        return False
    found = entry_paragraphs(entry.content)
    if len(found) < _MANY or sum(map(len, found)) < _WHOLE:
        return False
    last = clean(found[-1]).rstrip(" \xa0→»>")
    return not (last.endswith(_CUT) or _says(last, "more"))
