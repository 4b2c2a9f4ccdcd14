"""Stretches of text between quotation marks: paired per paragraph, the outer of nested ones, broken ones mended.

A mark opens or closes by where it stands (white space outside, a letter inside), and by its shape only where that
leaves it open. Apostrophes, possessives and inches are no marks. Single marks count only where the pack says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dealwatch.lang import UNKNOWN, Pack, load
from dealwatch.parser.text import Document, Span

# Marks read at most: these and one a so many characters. Dense dialogue has one in 60: all of 300 kB of it are read.
MARKS, SPREAD = 2_000, 100
NESTED = 40  # marks that may stand inside one quote before its end is given up: real quotes hold at most a dozen
_OUTSIDE = " \t\u00a0\u202f\u2009([{—–-/:;,.…!?"
_SPACE = " \t\u00a0\u202f\u2009"
_PUNCT = ",.;:!?…)]}»”\"’'—–-/"


class Marked(NamedTuple):
    """What stands between two marks; `outer` has the marks with it."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool = True
    reopened: bool = False  # its paragraph goes on with speech of the one before


class _Mark(NamedTuple):
    at: int
    char: str
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Shapes:
    closers: dict[str, frozenset[str]]  # opening mark -> the marks that close it
    single: frozenset[str]
    find: re.Pattern[str]


@lru_cache(maxsize=32)
def _shapes(pack: Pack) -> _Shapes:
    pairs = [pair.split(" ") for pair in load(UNKNOWN).words("quotes", "marks")]
    single = [pair.split(" ") for pair in pack.words("quotes", "single")]
    closers: dict[str, frozenset[str]] = {}
    for opening, closing in (*pairs, *single):
        closers[opening] = closers.get(opening, frozenset()) | {closing}
    chars = "".join(sorted({char for pair in (*pairs, *single) for char in pair}))
    # an apostrophe between letters is no mark: it is passed over where it stands
    inside = "".join(char for char in "'’" if char in {c for pair in single for c in pair})
    passed = rf"(?!(?<=[^\W_][{inside}])[^\W_])" if inside else ""
    find = re.compile(f"[{re.escape(chars)}]{passed}")
    return _Shapes(closers, frozenset(c for pair in single for c in pair), find)


def _read_mark(text: str, at: int, paragraph: Span, shapes: _Shapes) -> _Mark | None:
    """The mark at a place, told whether it can open and close there; None where it is an apostrophe or an inch."""
    char = text[at]
    before = text[at - 1] if at > paragraph[0] else " "
    after = text[at + 1] if at + 1 < paragraph[1] else " "
    if char in shapes.single:
        if text[at + 1 : at + 3].isdigit() and text[at + 3 : at + 4] == "s":
            return None  # an apostrophe that a machine turned round: ‘90s
        return _read_single(char, at, before, after)
    if char in "“„‟「『〝‹":
        closes = char == "“" and before not in _SPACE and (after in _SPACE or after in _PUNCT)
        return _Mark(at, char, not closes, closes or char == "“")
    if char in "”」』〞›":
        outside = before in _OUTSIDE and before not in ",.!?…"
        opens = char == "”" and outside and not (after in _SPACE or after in _PUNCT)
        return _Mark(at, char, opens, not opens)
    outside_left, outside_right = before in _SPACE or before in "([{—–-/:", after in _SPACE or after in _PUNCT
    if before in "'’" and char in "«\"" and not (after in _PUNCT or (after in _SPACE and char == '"')):
        return _Mark(at, char, True, False)  # an elided word before it: d'« insulte polie »
    if char in "«»":
        if outside_left == outside_right:
            return _Mark(at, char, char == "«", char == "»")
        return _Mark(at, char, outside_left, outside_right)
    if outside_left and after in _PUNCT and after not in "…-—–('’":
        return _Mark(at, char, False, True)
    if not outside_left and not outside_right:
        return _Mark(at, char, True, True)
    return _Mark(at, char, outside_left, outside_right or not outside_left)


def _read_single(char: str, at: int, before: str, after: str) -> _Mark | None:
    if char == "‘":
        return _Mark(at, char, True, False)
    opens = char == "'" and (before in _SPACE or before in "([{—–-“\"«:") and (after.isalpha() or after in "“\"$£€")
    closes = before not in _SPACE and not after.isalnum()
    return _Mark(at, char, opens, closes) if opens or closes else None


def _is_inch(text: str, marks: Sequence[_Mark], index: int) -> bool:
    """A straight mark right behind a digit that leaves an uneven number of marks behind it."""
    mark = marks[index]
    if mark.char != '"' or mark.at == 0 or not text[mark.at - 1].isdigit():
        return False
    return sum(m.char == '"' for m in marks[index + 1 : index + NESTED]) % 2 == 1


def _is_possessive(text: str, marks: Sequence[_Mark], index: int) -> bool:
    """An apostrophe behind a plural s before a small letter, where a better closing mark follows."""
    mark = marks[index]
    if text[mark.at - 1] not in "sSzx" or not re.match(r"\s\w", text[mark.at + 1 : mark.at + 3]):
        return False
    later = next((m for m in marks[index + 1 : index + NESTED] if m.char == mark.char and m.closes), None)
    return later is not None and not any(m.char in "‘'" and m.opens for m in marks[index + 1 : index + 2])


def _closing(text: str, marks: Sequence[_Mark], index: int, shapes: _Shapes) -> int | None:
    """The number of the mark that closes the one at `index`, same marks inside counted; None where it never does."""
    opening = marks[index].char
    closers = shapes.closers.get(opening, frozenset({opening}))
    if opening == "”":
        closers = frozenset("”")
    if opening == "»":
        closers = frozenset("«")
    depth = 1
    for i in range(index + 1, min(len(marks), index + NESTED)):
        mark = marks[i]
        if mark.char in closers and mark.closes:
            if mark.char in shapes.single and _is_possessive(text, marks, i):
                continue
            if _is_inch(text, marks, i):
                continue
            depth -= 1
            if depth == 0:
                return i
        elif mark.char == opening and mark.opens:
            if opening not in closers:
                depth += 1
            elif depth == 1:
                return None
    return None


def _straight(marks: Sequence[_Mark], index: int) -> int | None:
    """The number of the straight mark that closes a low one, where a writer mixes them."""
    if marks[index].char != "„":
        return None
    for i in range(index + 1, min(len(marks), index + NESTED)):
        if marks[i].char == '"' and marks[i].closes:
            return i
        if marks[i].char == "„":
            return None
    return None


def _paragraph_marks(text: str, paragraph: Span, shapes: _Shapes, most: int) -> list[_Mark]:
    signs = islice(shapes.find.finditer(text, *paragraph), most)
    found = [_read_mark(text, match.start(), paragraph, shapes) for match in signs]
    return [mark for mark in found if mark is not None]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def find_marked(doc: Document) -> tuple[Marked, ...]:
    """Every stretch between marks, in order and apart; one whose mark is not closed ends with its sentence.

    A paragraph that opens with a mark, is not closed, and is followed by one that opens with a mark again, is speech to
    its end.
    """
    shapes = _shapes(doc.pack)
    found: list[Marked] = []
    left = MARKS + len(doc.text) // SPREAD
    for number, paragraph in enumerate(doc.paragraphs):
        following = doc.paragraphs[number + 1] if number + 1 < len(doc.paragraphs) else None
        if shapes.find.search(doc.text, *paragraph) is None:
            continue
        marks = _paragraph_marks(doc.text, paragraph, shapes, left)
        left -= len(marks)
        found.extend(_in_paragraph(doc, marks, paragraph, following, shapes))
        if left <= 0:
            break
    return tuple(found)


def _in_paragraph(
    doc: Document, marks: Sequence[_Mark], paragraph: Span, following: Span | None, shapes: _Shapes
) -> list[Marked]:
    text = doc.text
    found: list[Marked] = []
    index = 0
    while index < len(marks):
        mark = marks[index]
        if not mark.opens:
            index += 1
            continue
        closing = _closing(text, marks, index, shapes) or _straight(marks, index)
        if closing is not None:
            start, end = _trim(text, mark.at + 1, marks[closing].at)
            if start < end:
                found.append(Marked(start, end, mark.at, marks[closing].at + 1))
            index = closing + 1
            continue
        end = _open_end(doc, mark, paragraph, following, shapes)
        start, end = _trim(text, mark.at + 1, end)
        if mark.char not in shapes.single and start < end:
            found.append(Marked(start, end, mark.at, end, closed=False))
            index += 1
            while index < len(marks) and marks[index].at < end:
                index += 1
        else:
            index += 1
    return found


def _open_end(doc: Document, mark: _Mark, paragraph: Span, following: Span | None, shapes: _Shapes) -> int:
    text = doc.text
    again = text[following[0]] if following else ""
    if again in shapes.closers and (mark.at == paragraph[0] or again == mark.char):
        return paragraph[1]
    return min(doc.sentence_at(mark.at)[1], paragraph[1])
