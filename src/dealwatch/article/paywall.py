"""Whether a page shows only the beginning of its story and asks for a subscription.

What a page declares is not enough: most that call themselves locked give a robot their whole text, and a word like
"paywall" names the container of many a free story. So a stub is a short text that is declared locked, or that breaks
off where the page asks to be paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealwatch.article import records
from dealwatch.article.page import Page
from dealwatch.article.phrases import holds, says

Paragraphs = tuple[str, ...]

_STUB = 1_500  # characters of the longest beginning that a page declared locked shows
_ASKING = 2_500  # of the longest that breaks off at a request for money
_METERED = 800  # of a page that counts its readers' visits: the first ones get it whole
_BELOW = 1_200  # characters of the page after its text in which it may ask
_AFTER = 800  # of what a wall says below its request
_TAIL = 60  # characters of a last paragraph by which it is found again in the page
_GIVEN = 0.6  # of the words that the page says its story has: with more of them it is whole
_HIDDEN = 300  # characters in the part declared locked: with more of them it is there
_FALSE = ("false", "no", "0")


def _is_free(record: records.Record) -> bool | None:
    told = record.get("isAccessibleForFree")
    if told is None or told == "":
        return None
    return str(told).rsplit("/", 1)[-1].strip().casefold() not in _FALSE


def _parts(record: records.Record) -> Iterator[records.Record]:
    parts = record.get("hasPart")
    for part in parts[:20] if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _is_free(part) is False:
            yield part


def _shows_locked_parts(page: Page) -> bool:
    """Whether the parts that a page declares locked stand in it all the same."""
    for part in _parts(page.record):
        for selector in records.strings(part.get("cssSelector"))[:5]:
            if sum(len(node.text()) for node in page.find(selector)[:200]) >= _HIDDEN:
                return True
    return False


def _count(value: object) -> int:
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def is_declared(page: Page) -> bool | None:
    """What the page says of itself: True for locked, False for free or given all the same, None where it is silent.

    Reads the tree, so it comes before the body's reader.
    """
    free = _is_free(page.record)
    tier = page.first("article:content_tier", "article.content_tier", "content_tier").casefold()
    if free is False or any(_parts(page.record)) or tier == "locked":
        return None if _shows_locked_parts(page) else True
    return False if free or tier == "free" else None


def _length(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


def _asks_below(paragraphs: Paragraphs, shown: str) -> bool:
    """Whether the page asks to be paid right after the last of these paragraphs."""
    text = " ".join(shown.split())
    tail = " ".join(paragraphs[-1].split())[-_TAIL:] if paragraphs else ""
    at = text.rfind(tail) if tail else -1
    return at >= 0 and holds(text[at : at + len(tail) + _BELOW], "paywall")


def cut(paragraphs: Paragraphs) -> Paragraphs:
    """The paragraphs before the first that asks to be paid; all where none does, where it is the first, or where the
    story goes on after it: then it speaks of somebody else's subscribers.

    >>> cut(("It was sold.", "Subscribe to read the rest.", "Cancel at any time."))
    ('It was sold.',)
    """
    at = next((at for at, text in enumerate(paragraphs) if says(text, "paywall")), 0)
    return paragraphs[:at] if at and _length(paragraphs[at + 1 :]) <= _AFTER else paragraphs


def is_stub(page: Page, paragraphs: Paragraphs, declared: bool | None, shown: str) -> bool:
    """Whether these paragraphs are but the beginning of the story; `shown` is all the text of the page."""
    story = cut(paragraphs)
    length = _length(story)
    if length > _ASKING or declared is False:
        return False
    words = _count(page.record.get("wordCount"))
    told = sum(len(text.split()) for text in story)
    if words >= 50 and told >= _GIVEN * words:
        return False
    if declared and (length <= _STUB or 0 < told < _GIVEN * words):
        return True
    if length <= _METERED and page.first("article:content_tier", "content_tier").casefold() == "metered":
        return True
    return story != paragraphs or _asks_below(story, shown)
