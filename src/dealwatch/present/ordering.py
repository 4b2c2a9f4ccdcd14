"""Rows in the order that a user asks for."""

from __future__ import annotations

from collections.abc import Sequence

from dealwatch.errors import UsageError
from dealwatch.present.cells import to_text
from dealwatch.present.columns import Listing, Row, choose_columns
from dealwatch.present.fields import read_number, type_of

_FALLING = frozenset({"integer", "number", "fraction", "day", "time", "flag"})


def sort_rows(rows: Sequence[Row], sort: str, listing: Listing) -> list[Row]:
    """The rows sorted by a column: text from A to Z, numbers and times the largest and latest first.

    A "-" before the column turns that round; rows without a value come last either way, equal ones keep their order.

    >>> from dealwatch.present.columns import SOURCES
    >>> rows = [{"name": "b", "articles": 2}, {"name": "C", "articles": None}, {"name": "a", "articles": 10}]
    >>> [row["name"] for row in sort_rows(rows, "name", SOURCES)]
    ['a', 'b', 'C']
    >>> [row["name"] for row in sort_rows(rows, "-articles", SOURCES)]
    ['b', 'a', 'C']
    """
    column, *more = choose_columns(listing, sort.removeprefix("-").replace("-", "_"))
    if more:
        raise UsageError("--sort takes one column", "a spreadsheet or sqlite3 sorts by more")
    if column not in listing.keys and f"{column}_usd" in listing.keys:  # "raised" is for people
        column = f"{column}_usd"
    values = [row.get(column) for row in rows]
    numeric = column in listing.numbers or type_of(listing, column) in ("integer", "number", "fraction")
    falls = numeric or column in listing.times or type_of(listing, column) in _FALLING or column == "date"
    kept = [(value, row) for value, row in zip(values, rows, strict=True) if value not in (None, "", [])]
    empty = [row for value, row in zip(values, rows, strict=True) if value in (None, "", [])]
    if numeric and all(read_number(value) is not None for value, _ in kept):
        kept.sort(key=lambda pair: read_number(pair[0]) or 0.0, reverse=falls != sort.startswith("-"))
    else:
        kept.sort(key=lambda pair: to_text(pair[0]).casefold(), reverse=falls != sort.startswith("-"))
    return [row for _, row in kept] + empty
