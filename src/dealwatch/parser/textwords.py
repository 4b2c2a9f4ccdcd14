"""A text cut into words and marks, once for all who ask what stands round its sums."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, compress
from typing import NamedTuple

# Scripts without spaces have no words that a pattern could find: there each character counts as one.
_UNSPACED = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W\d_{_UNSPACED}]"
TOKEN = re.compile(rf"{_LETTER}{{1,40}}['’]?|\d{{1,40}}|[{_UNSPACED}]|[^\w\s]|_")
# The same in lower case and with line ends; the two beginnings change nothing but how long it takes, by a third.
_WORD = re.compile(rf"((?! )(?:[a-zß-öø-ÿ]{{1,40}}+(?!\w)'?|{TOKEN.pattern}|\n))")
LOOK_BACK = 64  # characters before a sum in which its number words, hedges and openers are looked for


class TextWords(NamedTuple):
    """The words and marks of a text in lower case with straight apostrophes, line ends among them."""

    words: tuple[str, ...]
    starts: Sequence[int]  # offset of each
    low: str  # the text itself so written, place by place


def lowered(text: str) -> str:
    """The text in lower case at its own length, so that offsets stay: a letter that would grow is left as it is."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def most_words(text: str) -> int:
    """How many words of a text are read: more than any language writes, so that a text of marks alone costs no more.

    >>> most_words("x" * 1_000_000), most_words("万" * 1_000_000)
    (501000, 1501000)
    """
    return 1_000 + len(text.encode(errors="surrogatepass")) // 2


@lru_cache(maxsize=2)  # a text, and the same with its full-width signs as usual ones
def text_words(text: str) -> TextWords:
    """The words of a whole text, read once.

    >>> text_words("It’s $5.\\nNow").words
    ("it'", 's', '$', '5', '.', '\\n', 'now')
    """
    low = lowered(text).replace("’", "'")
    parts = _WORD.split(low, maxsplit=most_words(text))  # gap, word, gap, word, ..., gap
    return TextWords(tuple(parts[1::2]), list(accumulate(map(len, parts)))[:-1:2], low)


def first_words(phrases: Iterable[str]) -> frozenset[str]:
    """The words that phrases begin with, as a text may write them: also with an apostrophe behind them.

    >>> sorted(first_words(["l'an dernier", "May 3"]))
    ['l', "l'", 'may', "may'"]
    """
    firsts = {words_of(phrase)[0].rstrip("'") for phrase in phrases}
    return frozenset(firsts | {first + "'" for first in firsts})


def places_of(text: str, words: frozenset[str], *, digits: bool = False) -> list[int]:
    """Where one of some words of a text begins, and any number in `digits`.

    >>> places_of("May 3, says May", frozenset({"may"}), digits=True)
    [0, 4, 12]
    """
    told, starts, _ = text_words(text)
    if digits:
        return [start for start, word in zip(starts, told, strict=True) if word in words or word.isdigit()]
    return list(compress(starts, map(words.__contains__, told)))


@lru_cache(maxsize=512)
def words_of(text: str) -> tuple[str, ...]:
    """The words and marks of a stretch of text in lower case, as the phrase tables spell them."""
    return tuple(TOKEN.findall(text.lower().replace("’", "'")))


@lru_cache(maxsize=64)  # what stands before a sum is looked at by every rule in turn; each entry holds its text
def words_between(text: str, start: int, end: int) -> tuple[str, ...]:
    """The words and marks of a stretch of a text, those that the stretch cuts cut.

    >>> words_between("It raised $5m", 4, 12)
    ('aised', '$', '5')
    """
    words, starts, _ = text_words(text)
    first = bisect_left(starts, start)
    last = bisect_left(starts, end, first)
    found = words[first:last]
    if first and end > start:
        cut = words[first - 1][start - starts[first - 1] :]
        found = (cut, *found) if cut else found
    over = starts[last - 1] + len(words[last - 1]) - end if found else 0
    if over > 0:
        found = (*found[:-1], found[-1][:-over])
    return tuple([word for word in found if word != "\n"]) if "\n" in found else found


@lru_cache(maxsize=64)
def words_before(text: str, offset: int) -> tuple[str, ...]:
    """The last words and marks before an offset."""
    return words_between(text, max(0, offset - LOOK_BACK), offset)


def last_words(text: str, offset: int, most: int) -> list[tuple[int, str]]:
    """The last words and marks before an offset, each with where it begins."""
    words, starts, _ = text_words(text)
    window, last = max(0, offset - LOOK_BACK), bisect_left(starts, offset)
    first = max(bisect_left(starts, window), last - most)
    found = [(start, word[: offset - start]) for start, word in zip(starts[first:last], words[first:last], strict=True)]
    if last - first < most and first and starts[first - 1] + len(words[first - 1]) > window:
        found.insert(0, (window, words[first - 1][window - starts[first - 1] : offset - starts[first - 1]]))
    return [pair for pair in found if pair[1] != "\n"]


def word_start(text: str, offset: int, back: int) -> int:
    """Where the words before an offset begin, so many as are told, but not before the first that is looked at."""
    words, starts, _ = text_words(text)
    at = bisect_left(starts, offset)
    while back:
        at -= 1
        back -= words[at] != "\n"
    return max(starts[at], offset - LOOK_BACK)
