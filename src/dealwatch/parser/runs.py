"""Runs of capitalised words that may name a person, their titles cut off."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dealwatch.parser.peoplewords import Lexicon, is_given, is_title, lexicon, title_hits
from dealwatch.parser.text import Document, Span

# Capitalised runs read at most: these and one a so many characters. News has one in 43: all of 130 kB of it are read.
MOST, SPARSE = 2_000, 120
_OTHER_GAPS = re.compile("[\u00a0\u202f]")
_TOKENS = re.compile("[^ \u00a0\u202f]{1,160}")


class Run(NamedTuple):
    """A stretch of text that may name a person, its titles cut off, and what the place says about it."""

    start: int
    end: int
    tokens: tuple[str, ...]
    honorific: str | None = None
    title: str | None = None
    org: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """Where the runs of a text stand; `stop` is how far it was read."""

    starts: Sequence[int]
    ends: Sequence[int]
    stop: int


@lru_cache(maxsize=1)
def _spans_of(doc: Document) -> _Spans:
    """Every capitalised run of a text: read once for all who ask."""
    most = _most(doc)
    found = [match.span() for match in islice(lexicon(doc.pack).run.finditer(doc.text), most)]
    stop = found[-1][1] if len(found) == most else len(doc.text)
    return _Spans([start for start, _ in found], [end for _, end in found], stop)


def _most(doc: Document) -> int:
    return MOST + len(doc.text) // SPARSE


def runs_of(doc: Document) -> list[Run]:
    """The runs of a text, without sentence openers before and behind, parted where a title stands inside one."""
    lex, spans = lexicon(doc.pack), _spans_of(doc)
    found: list[Run] = []
    most = _most(doc)  # of the parts too: a list of "Mr Lee" has three in each run
    for start, end in zip(spans.starts, spans.ends, strict=True):
        found += _cut(doc.text, start, end, lex)
        if len(found) >= most:
            break
    return found


def spans_within(doc: Document, start: int, end: int) -> Iterable[Span]:
    """The runs of a stretch of text, whole as they stand; what the stretch cuts is read for itself."""
    spans, run = _spans_of(doc), lexicon(doc.pack).run
    low, high = bisect_left(spans.starts, start), bisect_left(spans.starts, end)
    cut_before = low > 0 and spans.ends[low - 1] > start
    cut_behind = high > low and spans.ends[high - 1] > end
    if cut_before or cut_behind or end > spans.stop:
        return [match.span() for match in run.finditer(doc.text, start, end)]
    return zip(spans.starts[low:high], spans.ends[low:high], strict=True)


@lru_cache(maxsize=16_384)  # the words that runs begin with are few, and every story has them
def _breaks(word: str, lex: Lexicon) -> bool:
    """Whether a word parts a run: an honorific, a title, or a word that opens sentences."""
    return word in lex.honorifics or word in lex.not_names or is_title(word, lex)


def _cut(text: str, start: int, end: int, lex: Lexicon) -> Iterable[Run]:
    words = text[start:end]
    tokens = words.split(" ") if words.isascii() or not _OTHER_GAPS.search(words) else _TOKENS.findall(words)
    if len(tokens) == 1:  # most runs are one word: no title before it, nothing to part
        return () if _breaks(words, lex) else (Run(start, end, (words,)),)
    parts = any([_breaks(word, lex) for word in tokens])  # noqa: C419 (half the time)
    if parts or not words[0].isupper() or any(is_given(word, lex) for word in tokens[1:-1]):
        return _part(text, [(m.start(), m.end(), m[0]) for m in _TOKENS.finditer(text, start, end)], lex)
    del tokens[_name_ends(tokens, lex) :]
    end = start + len(" ".join(tokens))
    while len(tokens) > 1 and tokens[-1].islower():
        end -= len(tokens.pop()) + 1
    return (Run(start, end, tuple(tokens)),)


def _name_ends(tokens: Sequence[str], lex: Lexicon) -> int:
    """How many words are a name where nouns have capitals, too: two of "Jan Meier von der Opposition"."""
    for number in range(2, len(tokens) - 1 if lex.title_tails else 0):
        before, pair = tokens[number - 1], tokens[number : number + 2]
        if before[0].isupper() and all(word.islower() for word in pair) and not is_given(before, lex):
            return number
    return len(tokens)


def _part(text: str, spans: Sequence[tuple[int, int, str]], lex: Lexicon) -> Iterator[Run]:
    """The runs that titles, honorifics, other words and given names part one run into."""
    honorific: str | None = None
    kept: list[tuple[int, int, str]] = []
    org: str | None = None
    title: str | None = None
    for number, span in enumerate(spans):
        word = span[2]
        if len(kept) > 1 and word in lex.ands and number + 2 < len(spans) and is_given(spans[number + 1][2], lex):
            yield _run(kept, honorific, title, org)  # two people, where a name may hold the word for "and" as well
            honorific = org = title = None
            kept = []
        elif kept and word.lower() in lex.particles and number + 1 < len(spans):
            kept.append(span)
        elif word in lex.honorifics or word in lex.not_names or is_title(word, lex):
            if kept and is_title(word, lex):
                org, title = text[kept[0][0] : kept[-1][1]], word
            elif kept:
                yield _run(kept, honorific, title, org)
                org = title = None
            honorific = word if word in lex.honorifics else None
            if is_title(word, lex):
                title = word
            kept = []
        elif lex.title_tails and kept and _opens_name(spans, number, lex) and not any(
            is_given(w, lex) for *_, w in kept
        ):
            title, kept = kept[-1][2], [span]  # a noun has a capital too: "Projektleiter Jan Meier"
        elif kept and _opens_name(spans, number, lex) and _is_house(text, kept, lex):
            org, kept = text[kept[0][0] : kept[-1][1]], [span]  # "el socio de Altos Ventures Ana Pol"
        elif kept or word[0].isupper():
            kept.append(span)
    if kept:
        yield _run(kept, honorific, title, org)


def _is_house(text: str, kept: Sequence[tuple[int, int, str]], lex: Lexicon) -> bool:
    """Whether a title and its link stand before words that hold no given name: they name whom the title serves."""
    start = kept[0][0]
    link = lex.linked.search(text, max(0, start - 12), start)
    if link is None or any(is_given(word, lex) for *_, word in kept):
        return False
    low = max(0, link.start() - 40)
    titles = title_hits(text[low : link.start()], lex).items[-1:]
    return any(low + hit.end >= link.start() - 1 for hit in titles)


def _opens_name(spans: Sequence[tuple[int, int, str]], number: int, lex: Lexicon) -> bool:
    """Whether a given name stands there with another word behind it."""
    return number + 1 < len(spans) and "-" not in spans[number][2][-3:] and is_given(spans[number][2], lex)


def _run(kept: Sequence[tuple[int, int, str]], honorific: str | None, title: str | None, org: str | None) -> Run:
    while len(kept) > 1 and kept[-1][2].islower():
        kept = kept[:-1]
    return Run(kept[0][0], kept[-1][1], tuple(word for _, _, word in kept), honorific, title, org)
