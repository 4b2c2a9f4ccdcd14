"""Is an article about artificial intelligence?"""

from __future__ import annotations

import re
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.parser.text import Document

ENOUGH = 2  # words of the topic in the body; one is enough in the headline


@lru_cache(maxsize=16)
def _pattern(pack: Pack) -> re.Pattern[str] | None:
    exact, words = pack.words("topic", "exact"), pack.words("topic", "words")
    if not exact and not words:
        return None
    parts = [re.escape(word) for word in exact] + [f"(?i:{re.escape(word)})" for word in words]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(parts)})(?!\w)")


def is_ai(doc: Document) -> bool:
    """Does the article speak of artificial intelligence: once in its headline, or twice anywhere?"""
    pattern = _pattern(doc.pack)
    if pattern is None:
        return False
    if doc.title_end and pattern.search(doc.text, 0, doc.title_end):
        return True
    places = pattern.finditer(doc.text)
    return sum(1 for _ in zip(range(ENOUGH), places, strict=False)) == ENOUGH
