"""Deals counted and added up by month, quarter, company, investor, type, round or currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median

from dealwatch.present.columns import Row
from dealwatch.present.money import show_number

_BAR = 20  # cells of the longest bar in a table


def _names(row: Row, *keys: str) -> list[str]:
    """The names under some keys, each once: a company on both sides of a deal counts once."""
    found: list[str] = []
    for key in keys:
        value = row.get(key)
        found += [value] if isinstance(value, str) else map(str, value) if isinstance(value, list | tuple) else []
    return list(dict.fromkeys(name for name in found if name))


def _month(row: Row) -> list[str]:
    date = str(row.get("date") or "")
    return [date[:7]] if row.get("date_precision") != "year" else [date[:4]]


def _quarter(row: Row) -> list[str]:
    date = str(row.get("date") or "")
    if row.get("date_precision") == "year" or not date[5:7].isdigit():
        return [date[:4]]
    return [f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}"]


GROUPINGS: Mapping[str, Callable[[Row], list[str]]] = {
    "month": _month,
    "quarter": _quarter,
    "company": lambda row: _names(row, "target", "investors"),
    "investor": lambda row: _names(row, "investors"),
    "type": lambda row: _names(row, "type"),
    "round": lambda row: _names(row, "round"),
    "currency": lambda row: _names(row, "currency"),
}
_BY_TIME = ("month", "quarter")


def _dollars(row: Row) -> Decimal | None:
    value = row.get("amount_usd")
    return None if value is None else Decimal(str(value))


def _summary(group: str, rows: Sequence[Row]) -> dict[str, object]:
    sums = [(dollars, str(row.get("deal_id"))) for row in rows if (dollars := _dollars(row)) is not None]
    largest = max(sums, default=(None, None), key=lambda pair: pair[0])
    return {
        "group": group, "deals": len(rows), "sum_usd": sum((value for value, _ in sums), Decimal(0)) if sums else None,
        "median_usd": median(value for value, _ in sums) if sums else None, "largest_usd": largest[0],
        "largest_deal": largest[1],
    }  # fmt: skip


def _shown(value: object) -> str | None:
    return f"${show_number(value)}" if isinstance(value, Decimal) else None


def group_rows(rows: Iterable[Row], by: str) -> list[dict[str, object]]:
    """Rows of `GROUPS`: times in order, everything else by its sum; a deal without a group is in none.

    Called-off deals count like the others: filter by status to leave them out.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for name in GROUPINGS[by](row):
            groups.setdefault(name, []).append(row)
    found = [_summary(name, members) for name, members in groups.items() if name]
    if by in _BY_TIME:
        return sorted(found, key=lambda group: str(group["group"]))
    return sorted(found, key=lambda group: (-_sum(group), -int(str(group["deals"])), str(group["group"])))


def _sum(group: Row) -> Decimal:
    value = group.get("sum_usd")
    return value if isinstance(value, Decimal) else Decimal(0)


def with_bars(groups: Sequence[Row]) -> list[dict[str, object]]:
    """The same rows for a table: sums for people, and a bar for the share of the largest sum."""
    largest = max((_sum(group) for group in groups), default=Decimal(0))
    return [
        {
            **group, "sum": _shown(group["sum_usd"]), "median": _shown(group["median_usd"]),
            "largest": _shown(group["largest_usd"]),
            "share": "█" * round(_sum(group) / largest * _BAR) if largest else None,
        }
        for group in groups
    ]  # fmt: skip
