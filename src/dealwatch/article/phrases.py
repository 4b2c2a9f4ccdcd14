"""What publishers put round a story, told by its words: links to other stories, prompts, notices, paywalls."""

from __future__ import annotations

import re
from functools import lru_cache

import ahocorasick

from dealwatch.lang import codes, load

_NOTICE = 300  # characters of a paragraph that can be a notice
_PROMPT = 250  # of one that asks something of the reader
_POINTER = 200  # of a line that points to another story
_LINE = 40  # of one that stands alone over an advertisement
_OPENING = re.compile(r"[\s\W]{0,8}")
_SENTENCE = re.compile(r"[.!?。][\"'”’»)\]]{0,2}\s{0,3}\Z")


@lru_cache(maxsize=8)
def _phrases(key: str) -> tuple[str, ...]:
    """The phrases of all languages under a key: a page does not always say which it is in."""
    return tuple(phrase for code in codes() for phrase in load(code).words("article", key))


@lru_cache(maxsize=4)
def _finder(key: str) -> ahocorasick.Automaton:
    """All phrases of a kind at once: there are some two hundred, and every short paragraph of a page is asked."""
    finder = ahocorasick.Automaton()
    for phrase in _phrases(key):
        finder.add_word(phrase, phrase)
    finder.make_automaton()
    return finder


def _folded(paragraph: str) -> str:
    return paragraph.casefold().replace("’", "'").replace("\xa0", " ").replace("\u202f", " ")


def holds(text: str, key: str) -> bool:
    """Whether a text of any length holds a phrase of that kind."""
    return next(_finder(key).iter(_folded(text)), None) is not None


def says(paragraph: str, key: str) -> bool:
    """Whether a short paragraph holds a phrase of that kind.

    >>> says("The post Big deal appeared first on The Ledger.", "notices")
    True
    """
    return len(paragraph) <= _NOTICE and holds(paragraph, key)


def _opens(paragraph: str, key: str) -> bool:
    return _OPENING.sub("", _folded(paragraph[:80]), count=1).startswith(_phrases(key))


def is_pointer(paragraph: str) -> bool:
    """Whether a paragraph points to another story, asks something of the reader, or stands under a picture.

    >>> is_pointer("Lire aussi : Lindow lève 8 millions"), is_pointer("Read more slowly, the judge said.")
    (True, False)
    """
    if len(paragraph) <= _POINTER and _opens(paragraph, "also"):
        return ":" in paragraph[:40] or not _SENTENCE.search(paragraph)
    if len(paragraph) <= _PROMPT and (_opens(paragraph, "prompts") or _opens(paragraph, "credits")):
        return True
    if says(paragraph, "paywall"):
        return True
    return len(paragraph) <= _LINE and _folded(paragraph).strip(" :.") in _phrases("lines")


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph at the end of a text is its publisher's word, not the story's."""
    return says(paragraph, "notices")
