"""What stands round a story on its page: the headline again, bylines, repeated notices, tags; and its standfirst."""

from __future__ import annotations

import re
from collections import Counter

Paragraphs = tuple[str, ...]

_WORD = re.compile(r"\w{1,60}")
_FINISHED = re.compile(r"[.!?…:;。！？」』）)\]\"'“”’»«]\s{0,3}\Z|[।॥]\s{0,3}\Z")
_LABEL = 60  # characters: a line above the story that is shorter and no sentence is a byline, a date or a section
_TAG = 120  # likewise below it: a tag, a caption, the title of another story
_OFTEN = 3  # times that a paragraph stands in a page before it is taken for a notice
_STANDFIRST = (40, 600)  # characters of a standfirst


def key(text: str) -> str:
    """A text by its words alone: the same for two spellings of one line."""
    return " ".join(_WORD.findall(text.casefold()))


def _is_byline(line: str, authors: tuple[str, ...]) -> bool:
    folded = line.casefold()
    return any(name in folded and len(line) <= len(name) + 30 for name in map(str.casefold, authors))


def _once(paragraphs: Paragraphs) -> list[str]:
    """The paragraphs without notices that come again and again, and without a second copy of any other."""
    counts = Counter(paragraphs)
    return [text for text in dict.fromkeys(paragraphs) if counts[text] < _OFTEN]


def trim(paragraphs: Paragraphs, title: str, authors: tuple[str, ...]) -> Paragraphs:
    """The story's own paragraphs: headline, byline and labels above it gone, tags and notices below it too.

    >>> trim(("Tech", "Big news", "By Ada Roy", "It happened.", "Tags", "AI"), "Big news", ("Ada Roy",))
    ('It happened.',)
    """
    kept = [text for text in _once(paragraphs) if not _is_byline(text, authors)]
    headline = key(title)
    first = next((at for at, text in enumerate(kept) if len(text) > _LABEL or _FINISHED.search(text)), len(kept))
    last = len(kept)
    while last > first and len(kept[last - 1]) <= _TAG and not _FINISHED.search(kept[last - 1]):
        last -= 1
    story = tuple(text for text in kept[first:last] if not headline or key(text) != headline)
    return story or paragraphs


def with_standfirst(paragraphs: Paragraphs, standfirst: str, shown: str) -> Paragraphs:
    """The paragraphs with the standfirst before them, where the page shows it and they lack it."""
    mark = key(standfirst)
    if not _STANDFIRST[0] <= len(standfirst) <= _STANDFIRST[1] or standfirst.endswith(("…", "...")) or not paragraphs:
        return paragraphs
    text = "\n".join(paragraphs)
    if standfirst in text or mark in key(text) or mark not in key(shown):
        return paragraphs
    return (standfirst, *paragraphs)
