"""A text cut into paragraphs and sentences, offsets kept: what all the other finders stand on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from dealwatch.lang import Pack

Span = tuple[int, int]

# A sentence ends at . ! ? … (closing marks may follow) before white space and something that can open a sentence.
# The set of characters before the two ways to go on is what makes the search fast.
_END = re.compile(
    r"[.!?…。！？](?:(?<=[.!?…])[.!?…]{0,3}[\"'”’»“‘«)\]]{0,3}(?=\s)|(?<=[。！？])[。！？]{0,7}[」』”’）]{0,3})"
)
_OPENS = re.compile(r"\s{1,3}[\"'“‘«»„‚(\[—–-]{0,3}\s{0,2}[^\W_a-zà-öø-ÿ]|\s{1,3}[\"'“‘«„—–]")
_OPENED = re.compile(r"[(\[«“\"']")  # what may touch a word before it
_LONGEST_WORD = 24
_EMPTY = 4  # lines that are kept for a sentence that is read: more are blank ones and scraps
_INITIAL = re.compile(r"(?:[A-Z]\.){0,3}[A-Z]\.\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A text with its language, its date and the places where its paragraphs and sentences stand."""

    text: str
    pack: Pack
    published: date | None
    title_end: int  # offset at which the headline ends; 0 where there is none
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    _paragraph_starts: tuple[int, ...] = ()
    _sentence_starts: tuple[int, ...] = ()

    def sentence_at(self, offset: int) -> Span:
        """The sentence in which an offset stands (the one before, for the white space between two)."""
        if not self.sentences:
            return (0, len(self.text))
        return self.sentences[max(0, bisect_right(self._sentence_starts, offset) - 1)]

    def sentence_index(self, offset: int) -> int:
        """The number of that sentence, from 0."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def paragraph_at(self, offset: int) -> Span:
        """The paragraph in which an offset stands."""
        if not self.paragraphs:
            return (0, len(self.text))
        return self.paragraphs[max(0, bisect_right(self._paragraph_starts, offset) - 1)]


@lru_cache(maxsize=32)
def _abbreviations(pack: Pack) -> frozenset[str]:
    return frozenset(word.lower() for word in pack.words("text", "abbreviations"))


@lru_cache(maxsize=32)
def _after_ordinals(pack: Pack) -> frozenset[str]:
    """The words behind a number with a full stop that goes on: months and what is counted, where a language does so."""
    return frozenset(word.lower() for word in pack.words("text", "after_ordinals"))


def _paragraph_spans(text: str) -> Iterator[Span]:
    start = 0
    for part in text.split("\n"):
        words = part.lstrip()
        if words:
            begin = start + len(part) - len(words)
            yield begin, begin + len(words.rstrip())
        start += len(part) + 1


_NEXT_WORD = re.compile(r"[ \u00a0\u202f]([^\W\d_]{1,24})")


def _ends_sentence(text: str, match: re.Match[str], abbreviations: frozenset[str], ordinals: frozenset[str]) -> bool:
    stop, end = match.group(), match.end()
    if not _OPENS.match(text, end) and stop[0] not in "。！？":
        return False
    if stop != ".":
        return True
    behind = text[max(0, end - _LONGEST_WORD - 1) : end].rsplit(None, 1)[-1]
    word = _OPENED.split(behind)[-1][-_LONGEST_WORD:]
    if ordinals and word[:-1].isdigit() and len(word) < 4:
        following = _NEXT_WORD.match(text, end)
        if following is not None and following[1].lower() in ordinals:
            return False  # "am 3. Juni"
    return not (word[:-1].lower() in abbreviations or _INITIAL.match(word))


def _sentence_spans(
    text: str, paragraph: Span, abbreviations: frozenset[str], ordinals: frozenset[str]
) -> Iterator[Span]:
    start, end = paragraph
    for match in _END.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, match, abbreviations, ordinals):
            yield start, match.end()
            start = match.end()
            while start < end and text[start].isspace():
                start += 1
    if start < end:
        yield start, end


def most_sentences(text: str) -> int:
    """How many sentences of a text are read: more than any story has, so that one of nothing but deals costs no more.

    >>> most_sentences("x" * 2_000), most_sentences("x" * 1_000_000)
    (1002, 2000)
    """
    return 1_000 + len(text.encode(errors="surrogatepass")) // 1_000


def read_document(text: str, pack: Pack, published: date | None = None, *, has_title: bool = True) -> Document:
    """The text cut into paragraphs (by line) and sentences; the first paragraph is the headline where `has_title`.

    Time and memory grow linearly with the text.
    """
    most = most_sentences(text)
    paragraphs = tuple(islice(_paragraph_spans(text), _EMPTY * most))
    words = _abbreviations(pack), _after_ordinals(pack)
    cut = (span for paragraph in paragraphs for span in _sentence_spans(text, paragraph, *words))
    sentences = tuple(islice(cut, most))
    title_end = paragraphs[0][1] if has_title and len(paragraphs) > 1 else 0
    starts = tuple([start for start, _ in paragraphs]), tuple([start for start, _ in sentences])
    return Document(text, pack, published, title_end, paragraphs, sentences, *starts)
