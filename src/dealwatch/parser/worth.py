"""Sums that only look like a deal's: what a company is worth, a total of many deals, a draw on a credit line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

from dealwatch.lang import Pack
from dealwatch.model import Amount, AmountKind
from dealwatch.parser.text import Document

_BEFORE, _AFTER = 110, 40  # characters round a sum in which its words stand

Rule = tuple[AmountKind, "re.Pattern[str] | None", "re.Pattern[str] | None"]


@lru_cache(maxsize=32)
def _rules(pack: Pack) -> tuple[Rule, ...]:
    """The rows of ``[[deals.sums]]``: a kind with the words right before a sum, or right after it, that tell it."""

    def compiled(row: dict[str, str], key: str) -> re.Pattern[str] | None:
        return re.compile(row[key], re.IGNORECASE) if row.get(key) else None

    rows = pack.section("deals").get("sums", ())
    return tuple((cast(AmountKind, row["kind"]), compiled(row, "before"), compiled(row, "after")) for row in rows)


def settle_sums(doc: Document, amounts: Sequence[Amount]) -> tuple[Amount, ...]:
    """The sums, each that reads like a deal's given its true kind where its sentence tells another.

    "would value the company at $4 billion" is a valuation, "bringing the total to $40 million" a total.
    """
    rules = _rules(doc.pack)
    return tuple(_settle(doc, amount, rules) if amount.kind == "investment" else amount for amount in amounts)


def _settle(doc: Document, amount: Amount, rules: Sequence[Rule]) -> Amount:
    start, end = doc.sentence_at(amount.start)
    before = doc.text[max(start, amount.start - _BEFORE) : amount.start]
    after = doc.text[amount.end : min(end, amount.end + _AFTER)]
    for kind, ahead, behind in rules:
        if (ahead is None or ahead.search(before)) and (behind is None or behind.match(after)):
            return replace(amount, kind=kind)
    return amount
