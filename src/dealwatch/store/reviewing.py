"""What the resolver doubts: pairs of deals that may be one, side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from dealwatch.store.values import Row

_SIDE = ("deal_id", "date", "status", "round", "investors", "amount_low", "amount_high", "amount_scale",
         "currency", "amount_qualifier", "sources", "evidence", "best_source_url")  # fmt: skip


def review_rows(connection: sqlite3.Connection, shown: Mapping[str, Row]) -> list[Row]:
    """A row a pair of which one side at least is among the deals shown: `_SIDE` of each, and what speaks for and
    against their being one.
    """
    pairs = [tuple(row) for row in connection.execute("SELECT deal_id, other_id FROM doubts WHERE deal_id < other_id")]
    found = [(one, other) for one, other in pairs if one in shown and other in shown]
    place = {deal: number for number, deal in enumerate(shown)}
    found.sort(key=lambda pair: min(place[pair[0]], place[pair[1]]))
    return [_row(shown[one], shown[other]) for one, other in found]


def _row(one: Row, other: Row) -> Row:
    sides = {key: one[key] for key in _SIDE} | {f"other_{key}": other[key] for key in _SIDE}
    return {"target": one["target"], "type": one["type"], "why": "; ".join(_why(one, other)), **sides}


def _why(one: Row, other: Row) -> list[str]:
    told = ["same target"]
    ours, theirs = ({str(name) for name in _names(side)} for side in (one, other))
    if shared := ours & theirs:
        told.append(f"{', '.join(sorted(shared))} in both")
    elif ours and theirs:
        told.append("no investor shared")
    sums = [side["amount_usd"] for side in (one, other)]
    if all(isinstance(value, int | float) and value for value in sums):
        low, high = sorted(float(str(value)) for value in sums)
        told.append("the same sum" if high / low < 1.05 else f"sums {high / low:.1f} times apart")
    return told


def _names(side: Row) -> list[object]:
    value = side["investors"]
    return value if isinstance(value, list) else []
