"""The histories of deals as the store keeps them, so that `diff` reads a stretch of an index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from dealwatch.store.values import Row, moment, number, stamp

if TYPE_CHECKING:  # who reads lines has no need of the model
    from dealwatch.model import Change, Money


def change_values(change: Change, place: int, block: str) -> Row:
    """A line of a deal's history as a row of ``deal_changes``."""
    return {
        "deal_id": change.deal_id, "place": place, "at": stamp(change.at) if change.at else "", "block": block,
        "change": change.change, "field": change.field, "was": _dump(change.was), "now": _dump(change.now),
        "was_source": change.was_source, "now_source": change.now_source, "target": change.target,
        "type": change.type, "claim_key": change.claim,
    }  # fmt: skip


def read_line(row: sqlite3.Row) -> Row:
    """The line that a row of ``deal_changes`` holds, as `changes.net` takes it."""
    return {
        "deal_id": row["deal_id"], "target": row["target"], "type": row["type"], "change": row["change"],
        "field": row["field"], "was": _load(row["was"]), "now": _load(row["now"]), "was_source": row["was_source"],
        "now_source": row["now_source"], "at": moment(row["at"]) if row["at"] else None,
    }  # fmt: skip


def _dump(value: object) -> str | None:
    if value is None:
        return None
    return json.dumps(plain_money(cast("Money", value)) if hasattr(value, "qualifier") else value, ensure_ascii=False)


def _load(text: str | None) -> object:
    return None if text is None else json.loads(text)


def plain_money(money: Money) -> Mapping[str, object]:
    """A sum in plain numbers."""
    return {
        "low": number(money.low), "high": number(money.high), "currency": money.currency,
        "qualifier": money.qualifier, "scale": number(money.scale),
    }  # fmt: skip
