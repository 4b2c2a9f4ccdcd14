"""What stands round a story on its page: the headline again, bylines, repeated notices, tags; and its standfirst."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from dealwatch.article.clock import is_time
from dealwatch.article.phrases import is_notice, is_pointer

Paragraphs = tuple[str, ...]

_WORD = re.compile(r"\w{1,60}")
_FINISHED = re.compile(r"[.!?…:;。！？」』）)\]\"'“”’»«]\s{0,3}\Z|[।॥]\s{0,3}\Z")
_LABEL = 60  # characters: a line above the story that is shorter and no sentence is a byline, a date or a section
_TAG = 120  # likewise below it: a tag, a caption, the title of another story
_HEADLINE = 400  # of a headline
_OPENING, _BIOGRAPHY = 80, 600  # of a paragraph on who wrote the story, and those in which it says so
_OFTEN = 3  # times that a paragraph stands in a page before it is taken for a notice


def key(text: str) -> str:
    """A text by its words alone: the same for two spellings of one line."""
    return " ".join(_WORD.findall(text.casefold()))


def is_finished(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_FINISHED.search(text))


def _is_byline(line: str, authors: tuple[str, ...]) -> bool:
    folded = line.casefold()
    return any(name in folded and len(line) <= len(name) + 30 for name in map(str.casefold, authors))


def _once(paragraphs: Paragraphs) -> list[str]:
    """The paragraphs without notices that come again and again, and without a second copy of any other."""
    counts = Counter(paragraphs)
    return [text for text in dict.fromkeys(paragraphs) if counts[text] < _OFTEN]


def _is_biography(text: str, authors: tuple[str, ...]) -> bool:
    folded = text[:_OPENING].casefold()
    return len(text) <= _BIOGRAPHY and any(" " in name and name in folded for name in map(str.casefold, authors))


def _is_below(text: str, authors: tuple[str, ...]) -> bool:
    """Whether a paragraph after the story is none of it: a tag, a notice, a word on who wrote it."""
    return (len(text) <= _TAG and not _FINISHED.search(text)) or is_notice(text) or _is_biography(text, authors)


def trim(paragraphs: Paragraphs, titles: Collection[str], authors: tuple[str, ...]) -> Paragraphs:
    """The story's own paragraphs: headline, byline and labels above it gone, tags and notices below it too.

    The headline comes in all the forms that the page has for it, as `key` gives them.

    >>> trim(("Tech", "Big news", "By Ada Roy", "It happened.", "Tags", "AI"), ["big news"], ("Ada Roy",))
    ('It happened.',)
    """
    kept = [text for text in _once(paragraphs) if not _is_byline(text, authors)]
    kept = [text for text in kept if not is_pointer(text) and not is_time(text)]
    kept = [text for text in kept if len(text) > _HEADLINE or key(text) not in titles]
    first = next((at for at, text in enumerate(kept) if len(text) > _LABEL or _FINISHED.search(text)), len(kept))
    last = len(kept)
    while last > first and _is_below(kept[last - 1], authors):
        last -= 1
    return tuple(kept[first:last] or kept)
