"""Words of a text and the listed phrases among them, found by lookup: one pass however long the lists are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

GAP = "[ \u00a0\u202f]"
_WORD = re.compile(r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40}){0,6}")
_BETWEEN = frozenset(" \u00a0\u202f'’")

Table = Mapping[str, tuple[tuple[str, ...], ...]]


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; one that matches nothing where there are none."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", GAP) for word in ordered) + ")" if ordered else "(?!)"


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase stands; `tail` is where its last part begins, for one joined by hyphens."""

    start: int
    end: int
    tail: int = 0
    parts: int = 1

    def span(self) -> tuple[int, int]:
        """Start and end."""
        return self.start, self.end


@dataclass(slots=True, eq=False)
class Hits:
    """Hits in order, with the search among them."""

    items: list[Hit] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, hit: Hit) -> None:
        """Append one that stands behind the others."""
        self.items.append(hit)
        self.starts.append(hit.start)

    def between(self, start: int, end: int) -> list[Hit]:
        """Those that begin in a stretch and end in it."""
        found = self.items[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        while found and found[-1].end > end:
            found.pop()
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a text with their places."""

    text: str
    words: Sequence[str]
    small: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    def joined(self, number: int) -> bool:
        """Whether only one space or apostrophe stands between a word and the one before."""
        gap = self.starts[number] - self.ends[number - 1]
        return gap == 1 and self.text[self.ends[number - 1]] in _BETWEEN


def read_words(text: str) -> Words:
    """The words of a text: letters, joined by hyphens; what an apostrophe parts are two."""
    words: list[str] = []
    starts: list[int] = []
    for match in _WORD.finditer(text):
        words.append(match[0])
        starts.append(match.start())
    ends = [start + len(word) for word, start in zip(words, starts, strict=True)]
    return Words(text, words, [word.lower() for word in words], starts, ends)


def phrase_table(phrases: Iterable[str]) -> Table:
    """The phrases by their first word, the longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        parts = tuple(_WORD.findall(phrase))
        if parts:
            table.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(set(parts), key=len, reverse=True)) for first, parts in table.items()}


def phrase_at(table: Table, words: Words, number: int, *, fold: bool = False) -> int:
    """How many words the longest phrase that begins at a word has; 0 where none does.

    With `fold` the case of the text counts for nothing; the phrases are then in small letters.
    """
    given = words.small if fold else words.words
    for parts in table.get(given[number], ()):
        size = len(parts)
        if size == 1:
            return 1
        if tuple(given[number : number + size]) == parts and all(
            words.joined(i) for i in range(number + 1, number + size)
        ):
            return size
    return 0
