"""The words of a sentence: where each stands without its article, and whether it could be a name's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dealwatch.parser.namewords import Words

# A word with what can stand inside one: "L'Oréal", "Kern-Adler", "ardoise.ai", "O'Dial&Co", "45°Sud", "Brick:ai".
_TOKEN = re.compile(r"[^\W_](?:\w|(?:[.'’&+°·\u2011-]|\.&|(?<=A)/|:(?=(?:ai|AI|io)\b))(?=\w)){0,60}")
_CUT = re.compile(f"({_TOKEN.pattern})")
COMPOUND = re.compile(r"[-\u2011][a-zà-öø-ÿ]{3,30}\Z")  # "London-listed", "Little-known": a description
_LEGAL_DOT = re.compile(r"(?:Inc|Corp|Ltd|Co|Bros|\w\.&\w|\b[A-Z](?:\.[A-Z]){1,2})\Z")  # "Acme Inc.", "C.H. Robinson"
_LONG = 5  # letters from which on capitals are rather a shouted name ("L'ORÉAL")
_ACRONYM = re.compile(r"[A-Z]{3,}(?![^\W\d_])")
_GLUED = re.compile(r"[A-ZÀ-Þ]{3,20}\.(?=[A-ZÀ-Þ][a-zà-ÿ])")
_LOWER_DOTTED = re.compile(r"[a-zà-öø-ÿ-]{3,20}\.\d{1,2}\Z")  # "glint.9"
_DOTTED = re.compile(
    r"[\w-]{2,30}\.(?:ai|io|co|com|net|org|app|dev|tech|fr|eu|xyz|works|so|cloud|bio|ia)\Z", re.IGNORECASE
)
_MARKS = frozenset("\"“«„•–—")


class Token(NamedTuple):
    """A word, and whether it could be a name's."""

    start: int
    end: int
    text: str
    opens: bool  # the first word of a sentence or of quoted speech
    capital: bool


def is_capital(word: str) -> bool:
    """Does the word begin like a name: with a capital, a digit before one ("4C"), or one inside ("xAI")?"""
    if word.isalpha() and word.islower():
        return False  # most words of a text
    if ("-" in word or "\u2011" in word) and COMPOUND.search(word):
        return False
    if len(word) == 1 and not word.isupper():
        return False
    return word[0].isupper() or (len(word) > 1 and any(char.isupper() for char in word[1:4])) or is_dotted(word)


def may_be_name(word: str) -> bool:
    """Could the word be a name that only its dot betrays ("glint.9")?"""
    return _LOWER_DOTTED.match(word) is not None


def is_dotted(word: str) -> bool:
    """Is it a name written as an address ("ardoise.ai")?"""
    return _DOTTED.match(word) is not None


def read_tokens(text: str, start: int, end: int, words: Words, most: int) -> Iterator[Token]:
    """The words of a stretch of text, one after the other, but no more than `most`."""
    opens, last = True, start
    make = tuple.__new__  # a third of the time of the constructor, and most of what a word costs
    parts = _CUT.split(text[start:end], most)  # gap, word, gap, word, ..., gap: half of what matches cost
    for gap, word in zip(parts[:-1:2], parts[1::2], strict=True):
        first, marked = last + len(gap), False
        last = first + len(word)
        if not opens and gap != " ":
            marked, gap = True, gap[-2:]
            opens = not _MARKS.isdisjoint(gap)
        if word.islower() and word.isalpha():  # most words of a text: nothing to trim, nothing to ask
            yield make(Token, (first, last, word, opens, False))
            opens = False
            continue
        begin, stop = _trimmed(text, first, last, words)
        word = text[begin:stop]
        # "A: Because", "May 5 - The", "Faut-il": after a colon, a dateline or turned round, they begin a sentence
        opens = opens or (marked and (":" in gap or gap == "- ") and word in words.openers)
        opens = opens or ("-" in word and word.endswith(words.clitics))
        yield make(Token, (begin, stop, word, opens, is_capital(word) or ("." in word and may_be_name(word))))
        opens = False


def _trimmed(text: str, start: int, end: int, words: Words) -> tuple[int, int]:
    """The word without an elided article before it and a possessive after it."""
    word = text[start:end]
    if text[end : end + 1] != "." and word.isalnum():
        return start, end  # most words of a text: no mark inside
    low = word.replace("’", "'").lower()
    for mark in words.elisions:
        if not low.startswith(mark) or end - start <= len(mark):
            continue
        headed = mark[-1] == "-" and text[start : start + len(mark)].isupper()  # a wire's "BRIEF-Acme"
        if headed or not _own_article(text, start, end, len(mark), words):
            start += len(mark)
            break
    glued = _GLUED.match(text, start, end)  # a dateline without its blank: "BRESCIA.Forge"
    start = glued.end() if glued else start
    for mark in words.possessives:
        if text.endswith(mark, start, end) and end - start > len(mark):
            return start, end - len(mark)
    if _LEGAL_DOT.search(text, start, end) and text[end : end + 1] == ".":
        end += 1
    return start, end


def _own_article(text: str, start: int, end: int, length: int, words: Words) -> bool:
    """Is the article the name's own ("L'Oréal", not "L'Agence"): capitalised, before a capital?"""
    rest = text[start + length : end]
    if _ACRONYM.match(rest) and (len(rest) < _LONG or not rest.isupper()):
        return False  # "L'UFC-Que Choisir", "L'ACPR"
    return text[start].isupper() and rest[0].isupper() and rest not in words.heads and rest not in words.places
