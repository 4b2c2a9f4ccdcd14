"""Is an article about artificial intelligence?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.parser.text import Document
from dealwatch.parser.textwords import first_words, places_of

ENOUGH = 2  # words of the topic in the body; one is enough in the headline
_TRIED = 20_000  # places in a text at which one is looked for: a text without one in so many is about something else


@lru_cache(maxsize=16)
def _firsts(pack: Pack) -> frozenset[str]:
    """The words that those of the topic begin with."""
    return first_words((*pack.words("topic", "exact"), *pack.words("topic", "words")))


@lru_cache(maxsize=16)
def _pattern(pack: Pack) -> re.Pattern[str] | None:
    exact, words = pack.words("topic", "exact"), pack.words("topic", "words")
    if not exact and not words:
        return None
    parts = [re.escape(word) for word in exact] + [f"(?i:{re.escape(word)})" for word in words]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(parts)})(?!\w)")


def is_ai(doc: Document) -> bool:
    """Does the article speak of artificial intelligence: in its headline, its first sentence, or twice anywhere?"""
    pattern = _pattern(doc.pack)
    if pattern is None:
        return False
    found, end, head = 0, 0, _head_end(doc)
    places = places_of(doc.text, _firsts(doc.pack))  # tried where one can begin: 8 times as fast as a search
    for place in places[:_TRIED]:
        if place < head and pattern.match(doc.text, place, head):
            return True
        match = pattern.match(doc.text, place) if place >= end else None
        if match is not None:
            found, end = found + 1, match.end()
            if found >= ENOUGH:
                return True
    return False


def _head_end(doc: Document) -> int:
    """Where the first sentence below the headline ends: what a story is of stands in the two."""
    return next((end for start, end in doc.sentences if start >= doc.title_end), doc.title_end)


def tells_ai(pack: Pack, sentences: Iterable[str]) -> bool:
    """Does one of the sentences name it: "Nadir, an AI startup, has raised $5m"?"""
    pattern = _pattern(pack)
    return pattern is not None and any(pattern.search(sentence) for sentence in sentences)
