"""Rows and views as text: one row dict, many faces. Values in, text out; no disk, no network, no clock, no SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dealwatch.present.columns import (
    ARTICLES,
    CLAIMS,
    DEALS,
    DIFF,
    EXPORTS,
    GROUPS,
    PREVIEW,
    QUOTES,
    SOURCES,
    Listing,
    Row,
)
from dealwatch.present.formats import write_csv, write_json, write_jsonl, write_md, write_tsv

__all__ = [
    "ARTICLES", "CLAIMS", "DEALS", "DIFF", "EXPORTS", "FORMATS", "GROUPS", "PREVIEW", "QUOTES", "SOURCES", "Listing",
    "Look", "Row", "pieces", "render",
]  # fmt: skip

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "md")


class Look(NamedTuple):
    """How rows are to look, beside their format."""

    columns: tuple[str, ...] | None = None  # None: all keys, for tables the listing's choice
    width: int | None = None  # a table is cut to it; None: as wide as it is
    color: bool = False
    headers: bool = True
    safe: bool = False  # formula cells of CSV and TSV defused, for files that a spreadsheet opens


PLAIN = Look()


def pieces(rows: Iterable[Row], listing: Listing, format: str, look: Look = PLAIN) -> Iterator[str]:
    """The rows in that format (one of `FORMATS`), piece by piece, each of whole lines."""
    if format == "table":
        from dealwatch.present.table import write_table  # rich's tables cost 30 ms, and a pipe needs none

        yield write_table(rows, listing, look.columns, width=look.width, color=look.color, headers=look.headers)
        return
    columns = look.columns or (listing.table if format == "md" else listing.keys)
    if format == "tsv":
        yield from write_tsv(rows, columns, headers=look.headers, safe=look.safe)
    elif format == "csv":
        yield from write_csv(rows, columns, headers=look.headers, safe=look.safe)
    elif format == "md":
        yield from write_md(rows, columns)
    else:
        yield from (write_json if format == "json" else write_jsonl)(rows, columns)


def render(rows: Iterable[Row], listing: Listing, format: str, look: Look = PLAIN) -> str:
    """The rows in that format as one text.

    >>> look = Look(columns=("name", "kind"))
    >>> print(render([{"name": "Le Fil", "kind": "feed"}], SOURCES, "csv", look), end="")
    name,kind
    Le Fil,feed
    """
    return "".join(pieces(rows, listing, format, look))
