"""Phrases of a pack as tables and patterns: found at the end or at the start of a row of words, or in a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dealwatch.parser.textwords import words_of


def one_spaced(text: str) -> str:
    """The text as the packs spell it: lower case, straight apostrophes, one space between words."""
    return " ".join(text.lower().replace("’", "'").split())


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first; white space in them matches any.

    What phrases begin with alike stands once, so that hundreds of them cost what one does.

    >>> alternatives(["euro", "euros", "won"])
    'won|euro(?:s|)'
    """
    return _tree(phrases, _LOOSE) or r"(?!)"


def exactly(phrases: Iterable[str], marks: Mapping[str, str]) -> str:
    r"""A pattern for any of the phrases as they are written, longest first; `marks` are signs that stand for others.

    >>> exactly(["New York", "New", "Nice"], {" ": "_"})
    'N(?:ice|ew(?:_York|))'
    """
    return _tree(phrases, {**marks, "": ""}) or r"(?!)"


_LOOSE = {" ": r"\s{1,2}", "'": "['’]", "": ""}


def _tree(phrases: Iterable[str], marks: Mapping[str, str]) -> str:
    root: dict[str, Any] = {}
    for phrase in phrases:
        node = root
        for char in phrase:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branches(root, marks)


def _branches(node: dict[str, Any], marks: Mapping[str, str]) -> str:
    """The pattern of a tree of characters: what goes on before what ends."""
    found = []
    for char in sorted(node, reverse=True):
        rest = _branches(node[char], marks)
        found.append(marks.get(char, re.escape(char)) + (f"(?:{rest})" if len(node[char]) > 1 else rest))
    return "|".join(found)


class Phrases:
    """Phrases with a value each, found at the end or at the start of a row of words."""

    __slots__ = ("firsts", "lasts", "longest", "table")

    def __init__(self, table: Mapping[str, object]) -> None:
        self.table = {words_of(phrase): value for phrase, value in table.items()}
        self.longest = max(map(len, self.table), default=0)
        self.firsts, self.lasts = _sizes(self.table, 0), _sizes(self.table, -1)

    def before(self, words: tuple[str, ...]) -> tuple[object, int] | None:
        """The value of the longest phrase that ends the words, and how many words it has."""
        for size in self.lasts.get(words[-1], ()) if words else ():
            tail = words[-size:]
            if tail in self.table:
                return self.table[tail], len(tail)
        return None

    def after(self, words: tuple[str, ...]) -> tuple[object, int] | None:
        """The value of the longest phrase that begins the words, and how many words it has."""
        for size in self.firsts.get(words[0], ()) if words else ():
            head = words[:size]
            if head in self.table:
                return self.table[head], len(head)
        return None


def _sizes(phrases: Iterable[tuple[str, ...]], place: int) -> dict[str, tuple[int, ...]]:
    """Word at a place of a phrase -> the numbers of words that such phrases have, most first."""
    found: dict[str, set[int]] = {}
    for phrase in phrases:
        found.setdefault(phrase[place], set()).add(len(phrase))
    return {word: tuple(sorted(sizes, reverse=True)) for word, sizes in found.items()}


def cover(phrases: Iterable[str], but: frozenset[str] = frozenset()) -> frozenset[str]:
    """Few words of which each phrase has one, other than some: a text without them has none of the phrases.

    Each also with the apostrophe that a text may set behind it.

    >>> phrases = ["us dollars", "canadian dollars", "yen of japan", "japan's yen"]
    >>> sorted(cover(phrases))
    ['dollars', "dollars'", 'yen', "yen'"]
    """
    rows = map(words_of, phrases)
    left, found = [[word for word in row if word not in but] or list(row) for row in rows], set()
    while left:
        counts = Counter(word for words in left for word in set(words))
        best = max(counts, key=lambda word: (counts[word], word))
        found |= {best, best.rstrip("'") + "'"}
        left = [words for words in left if best not in words]
    return frozenset(found)
