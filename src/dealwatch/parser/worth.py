"""Sums whose sentence tells in so many words that they are no deal's: a worth, a total of many deals, a draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from dealwatch.lang import Pack
from dealwatch.model import AmountKind
from dealwatch.parser.text import Document

_BEFORE, _AFTER = 110, 40  # characters round a sum in which its words stand
# A pattern that opens with a word, or with one of several; what may be left out of a word is no part of its beginning.
_OPENING = re.compile(r"\\b(?:[^\W\d_]|\(\?:(?P<group>(?:[^()\\]|\\s|\(\?:[^()]{1,200}\)\??){1,400})\)(?![?*{]))")
_LETTERS = re.compile(r"[^\W\d_]{2,20}(?![?*{])")
_ESCAPED, _INNERMOST = re.compile(r"\\.|\[[^\]]{0,99}\]"), re.compile(r"\([^()]{0,999}\)")


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A kind with the words right before a sum, or right after it, that tell it."""

    kind: AmountKind
    ahead: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    opens: tuple[str, ...]  # of which the words before must hold one, in lower case; none: not known


def opening_words(pattern: str) -> tuple[str, ...]:
    r"""What the text that a pattern finds can begin with, in lower case; nothing where the pattern does not tell.

    >>> opening_words(r"\bput(?:s|ting)?\sa"), opening_words(r"\b(?:IPO|listings?|in\scash)\sat")
    (('put',), ('ipo', 'listing', 'in'))
    >>> opening_words(r"\bput\s|\bvalue\s")
    ()
    """
    found = None if _is_parted(pattern) else _OPENING.match(pattern)
    options = found["group"].split("|") if found and found["group"] else [pattern[2:]] if found else []
    begun = [_LETTERS.match(option) for option in options]
    return tuple(letters.group().lower() for letters in begun if letters) if all(begun) else ()


def _is_parted(pattern: str) -> bool:
    """Whether a pattern is one of several outside all its groups."""
    bare, before = _ESCAPED.sub("", pattern), ""
    while bare != before:
        bare, before = _INNERMOST.sub("", bare), bare
    return "|" in bare


@lru_cache(maxsize=32)
def _rules(pack: Pack) -> Sequence[_Rule]:
    """The rows of ``[[kinds.rules]]``."""

    def compiled(row: dict[str, str], key: str) -> re.Pattern[str] | None:
        return re.compile(row[key], re.IGNORECASE) if row.get(key) else None

    rows = pack.section("kinds").get("rules", ())
    return tuple(
        _Rule(cast(AmountKind, row["kind"]), compiled(row, "before"), compiled(row, "after"),
              opening_words(row.get("before", "")))
        for row in rows
    )  # fmt: skip


@lru_cache(maxsize=1)  # asked for each sum of a document in turn
def _rules_for(doc: Document) -> Sequence[_Rule]:
    """The rules that can hold somewhere in a document, by the words they open with."""
    low = doc.text.lower()
    return [rule for rule in _rules(doc.pack) if not rule.opens or any(map(low.__contains__, rule.opens))]


def settle_kind(doc: Document, start: int, end: int, kind: AmountKind) -> AmountKind:
    """The kind of a sum; one that sounds like a deal's gets its true kind where its sentence tells another.

    "would value the company at $4 billion" is a valuation, "bringing the total to $40 million" a total.
    """
    if kind != "investment":
        return kind
    low, high = doc.sentence_at(start)
    before = doc.text[max(low, start - _BEFORE) : start]
    after = doc.text[end : min(high, end + _AFTER)]
    small = before.lower()
    for rule in _rules_for(doc):
        if rule.opens and not any(map(small.__contains__, rule.opens)):
            continue
        if (rule.ahead is None or rule.ahead.search(before)) and (rule.behind is None or rule.behind.match(after)):
            return rule.kind
    return kind
