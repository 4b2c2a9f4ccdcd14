"""Sums whose sentence tells in so many words that they are no deal's: a worth, a total of many deals, a draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from dealwatch.lang import Pack
from dealwatch.model import AmountKind
from dealwatch.parser.text import Document

_BEFORE, _AFTER = 110, 40  # characters round a sum in which its words stand

Rule = tuple[AmountKind, "re.Pattern[str] | None", "re.Pattern[str] | None"]


@lru_cache(maxsize=32)
def _rules(pack: Pack) -> Sequence[Rule]:
    """The rows of ``[[kinds.rules]]``: a kind with the words right before a sum, or right after it, that tell it."""

    def compiled(row: dict[str, str], key: str) -> re.Pattern[str] | None:
        return re.compile(row[key], re.IGNORECASE) if row.get(key) else None

    rows = pack.section("kinds").get("rules", ())
    return tuple((cast(AmountKind, row["kind"]), compiled(row, "before"), compiled(row, "after")) for row in rows)


def settle_kind(doc: Document, start: int, end: int, kind: AmountKind) -> AmountKind:
    """The kind of a sum; one that sounds like a deal's gets its true kind where its sentence tells another.

    "would value the company at $4 billion" is a valuation, "bringing the total to $40 million" a total.
    """
    if kind != "investment":
        return kind
    low, high = doc.sentence_at(start)
    before = doc.text[max(low, start - _BEFORE) : start]
    after = doc.text[end : min(high, end + _AFTER)]
    for told, ahead, behind in _rules(doc.pack):
        if (ahead is None or ahead.search(before)) and (behind is None or behind.match(after)):
            return told
    return kind
