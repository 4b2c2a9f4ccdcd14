"""An entry's own text: the whole article where the source gives it, else its summary."""

from __future__ import annotations

from dealwatch.article.characters import clean
from dealwatch.article.markup import read_fragment
from dealwatch.article.phrases import says
from dealwatch.model import Entry

_WHOLE = 1_000  # characters of a full article, at least: a page fetched in vain costs less than a teaser taken for it
_MANY = 3  # paragraphs, likewise
_CUT = ("…", "...", "[…]", "[...]", "[&hellip;]", "(…)", "(...)")


def entry_paragraphs(html: str) -> tuple[str, ...]:
    """The paragraphs of an entry's text, without the notices that a publisher puts under it."""
    found = list(read_fragment(html))
    while found and (says(found[-1], "notices") or says(found[-1], "paywall")):
        found.pop()
    return tuple(found)


def entry_text(entry: Entry) -> tuple[tuple[str, ...], str]:
    """The paragraphs of an entry and where they stand in it: "feed" for its content, "summary" for its summary."""
    content, summary = entry_paragraphs(entry.content), entry_paragraphs(entry.summary)
    return (content, "feed") if content and _length(content) >= _length(summary) else (summary, "summary")


def asks_to_be_paid(entry: Entry) -> bool:
    """Whether an entry's text ends in the word that the rest is for subscribers."""
    return any(found and says(found[-1], "paywall") for found in map(read_fragment, (entry.content, entry.summary)))


def _length(paragraphs: tuple[str, ...]) -> int:
    return sum(map(len, paragraphs))


def is_whole(entry: Entry) -> bool:
    """Whether an entry carries the whole article: long enough, in paragraphs, and not cut off at the end."""
    if len(entry.content) < _WHOLE:
        return False
    found = entry_paragraphs(entry.content)
    if len(found) < _MANY or _length(found) < _WHOLE:
        return False
    last = clean(found[-1]).rstrip(" \xa0→»>")
    return not (last.endswith(_CUT) or says(last, "more") or says(last, "paywall"))
