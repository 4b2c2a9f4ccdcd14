"""Words of a text and the listed phrases among them, found by lookup: one pass however long the lists are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import NamedTuple

GAP = "[ \u00a0\u202f]"
GAPS = frozenset(" \u00a0\u202f")
APOSTROPHES = frozenset("'’")
BETWEEN = GAPS | APOSTROPHES
_WORD = re.compile(r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40}){0,6}")
# The same; the two beginnings change nothing but how long it takes, by a quarter.
_CUT = re.compile(rf"((?! )(?:[a-zA-Zß-öø-ÿ]{{1,40}}+(?![\w-])|{_WORD.pattern}))")

# Words read at most: these and one a so many characters, of which languages that part their words have one in six.
MOST, SPREAD = 5_000, 5

Table = Mapping[str, tuple[tuple[str, ...], ...]]


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; one that matches nothing where there are none."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", GAP) for word in ordered) + ")" if ordered else "(?!)"


class Hit(NamedTuple):
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
    gaps: Sequence[str]  # what stands before each
    numbers: Mapping[str, Sequence[int]]  # word in small letters -> where it stands among them
    hyphened: Sequence[str]  # those of them that a hyphen joins

    def joined(self, number: int) -> bool:
        """Whether only one space or apostrophe stands between a word and the one before."""
        return self.gaps[number] in BETWEEN

    def follows(self, number: int) -> str:
        """The sign right behind a word."""
        return self.text[self.ends[number] : self.ends[number] + 1]

    def find(self, listed: Set[str]) -> list[int]:
        """The numbers of the words that are listed in small letters, in order: costs next to nothing where none is.

        The shorter of the two is looked up in the longer: 2,800 French verbs, 180 words of a text, 12 articles.
        """
        numbers = self.numbers
        found = numbers.keys() & listed if len(listed) < len(numbers) else frozenset(listed).intersection(numbers)
        return sorted(chain.from_iterable([numbers[word] for word in found])) if found else []

    def has(self, listed: Set[str]) -> bool:
        """Whether one of a few words in small letters stands in the text, by itself or behind a hyphen."""
        if not self.numbers.keys().isdisjoint(listed):
            return True
        return any(word.rsplit("-", 1)[1] in listed for word in self.hyphened)


def read_words(text: str) -> Words:
    """The words of a text: letters, joined by hyphens; what an apostrophe parts are two."""
    parts = _CUT.split(text, MOST + len(text) // SPREAD)  # gap, word, gap, word, ..., gap
    places, words = list(accumulate(map(len, parts))), parts[1::2]
    small = " ".join(words).lower().split(" ") if words else []
    numbers: dict[str, list[int]] = {}
    for number, word in enumerate(small):
        if word in numbers:
            numbers[word].append(number)
        else:
            numbers[word] = [number]
    hyphened = [word for word in numbers if "-" in word]
    return Words(text, words, small, places[:-1:2], places[1::2], parts[::2], numbers, hyphened)


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
    listed = table.get(given[number])
    if listed is None:
        return 0
    following = given[number + 1] if number + 1 < len(given) else ""
    for parts in listed:
        size = len(parts)
        if size == 1 or (parts[1] == following and _goes_on(parts, given, words, number)):
            return size
    return 0


def phrases_at(table: Table, words: Words, number: int) -> Iterator[int]:
    """How many words each of the phrases in small letters has that begin at a word, the longest first."""
    for parts in table.get(words.small[number], ()):
        if len(parts) == 1 or _goes_on(parts, words.small, words, number):
            yield len(parts)


def _goes_on(parts: tuple[str, ...], given: Sequence[str], words: Words, number: int) -> bool:
    """Whether the words of a phrase follow one another there, nothing but a space or apostrophe between."""
    end = number + len(parts)
    return tuple(given[number:end]) == parts and BETWEEN.issuperset(words.gaps[number + 1 : end])
