"""Which text of an article stands: what its address shows later need not be its story any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dealwatch.model import Entry
from dealwatch.sources.links import canonical_link

if TYPE_CHECKING:  # the workers import this too, and have no store
    import sqlite3

    from dealwatch.store.values import Row

_WORD = re.compile(r"\w{4,40}")  # what is shorter stands in every text
_SUMMARY = ("summary", "none")  # methods that found less than a text
_TITLES = 0.5  # of the longer headline's words in both: a corrected headline keeps them, another page's has hardly one
_TEXTS = 0.4  # of the shorter text's words in both: stories rewritten in a day keep half, a login page a tenth
_STORY = 0.6  # of the longer text's, for one story under two addresses


def identity(url: str) -> str:
    """What all spellings of an article's address share: neither http or https nor tracking parameters part them, while
    a place in the page does, for the posts of a live blog have one page.

    >>> identity("http://News.example/deal?utm_source=rss#p1") == identity("https://news.example/deal#p1")
    True
    """
    form, place = canonical_link(url), url.partition("#")[2]
    form = re.sub(r"\Ahttp:", "https:", form)
    return f"{form}#{place}" if place else form


def is_front(url: str) -> bool:
    """Whether an address is that of a whole site.

    >>> is_front("https://news.example/"), is_front("https://news.example/?p=7"), is_front("https://news.example/#i7")
    (True, False, False)
    """
    _, separator, rest = url.partition("://")
    return bool(separator) and rest.partition("/")[2] == "" and "?" not in rest and "#" not in rest


def is_astray(asked: str, answered: str) -> bool:
    """Whether a story's address led to the front page of its site or of a section: so are stories ended.

    >>> is_astray("https://news.example/fr/ia/accord-7", "https://www.news.example/fr/")
    True
    >>> is_astray("https://news.example/fr/ia/accord-7/amp", "https://news.example/fr/ia/accord-7")
    False
    """
    if is_front(answered):
        return not is_front(asked)
    if _site(asked) != _site(answered):  # a feed's counting service leads to "/?p=7" of the paper
        return False
    parts, left = ([part for part in urlsplit(url).path.split("/") if part] for url in (asked, answered))
    return len(left) < len(parts) and parts[: len(left)] == left and max(parts, key=len, default="") not in left


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_less(known: sqlite3.Row, row: Row, entry: Entry | None, *, imported: bool) -> bool:
    """Whether a text is not to take the place of the one that the store has, and of its claims: the beginning that a
    paywall leaves, the summary of a page that cannot be read any more, another page in the story's place (a login, a
    question for consent, "not found"). A shorter text that is still the story is an edit.
    """
    new, old = len(str(row["text"])), len(known["text"])
    if _is_part(row):
        return new < (old // 2 if _is_part(known) else old)
    return not imported and _is_stranger(known, row, entry, shorter=new < old)


def _is_part(row: Row | sqlite3.Row) -> bool:
    return bool(row["paywalled"]) or row["method"] in _SUMMARY


def _is_stranger(known: sqlite3.Row, row: Row, entry: Entry | None, *, shorter: bool) -> bool:
    told = entry.title if entry else ""
    if any(_share(str(row["title"]), title, max) >= _TITLES for title in (known["title"], told)):
        return False
    if _share(str(row["text"]), known["text"], min) >= _TEXTS:
        return False
    return shorter or _share(known["title"], told, max) >= _TITLES  # else it may be the first reading that went astray


def is_story(known: sqlite3.Row, title: str, text: str) -> bool:
    """Whether a text is an article's under another address: the same headline, by and large, and the same words."""
    return _share(title, known["title"], max) >= _TITLES and _share(text, known["text"], max) >= _STORY


def _share(one: str, other: str, of: Callable[[int, int], int]) -> float:
    """The words that both have, as a share of those of the one that has the most, or the fewest."""
    words, others = (set(_WORD.findall(text.casefold())) for text in (one, other))
    count = of(len(words), len(others))
    return len(words & others) / count if count else 0.0
