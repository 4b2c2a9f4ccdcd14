"""Rows as a table for people, one line each; what an article says is `Text`, never markup."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from dealwatch.present.cells import flatten, show_time, to_text
from dealwatch.present.columns import LABELS, Listing, Row
from dealwatch.present.formats import read_cell
from dealwatch.present.page import STYLES as STYLES

_WORDS = frozenset({"status", "type", "change", "health", "state", "group"})  # our own words: without underscores
_MARKED = "snippet"  # the column whose `hits` are set in bold
WIDE = 100_000  # of a table that no terminal bounds
GAP = 2  # cells between two columns
ROOM = 12  # cells that a column which is cut should keep: half of all names of companies are shorter


def draw(part: RenderableType, *, width: int | None, color: bool) -> str:
    """What a rich object prints, as text; line ends without blanks before them."""
    console = Console(
        file=io.StringIO(), width=width or WIDE, force_terminal=color, color_system="standard" if color else None,
        no_color=not color, markup=False, highlight=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as capture:
        console.print(part, soft_wrap=False)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().rstrip("\n").split("\n"))


def _cell(row: Row, column: str, listing: Listing) -> Text:
    value = read_cell(row, column)
    if column in listing.times and isinstance(value, str | datetime):
        value = show_time(value)
    text = flatten(to_text(value))
    shown = text.replace("_", " ") if column in _WORDS else text
    found = Text(shown, style=STYLES.get(text, "") if column in _WORDS else "", no_wrap=True, overflow="ellipsis")
    if column == _MARKED:
        for start, end in cast(Sequence[tuple[int, int]], row.get("hits") or ()):
            found.stylize("bold", start, end)
    return found


def _filled(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """The columns that hold something in one row at least; all of them where there is no row."""
    return [c for c in columns if not rows or any(read_cell(row, c) not in (None, "", [], ()) for row in rows)]


def _fitting(cells: Mapping[str, Sequence[Text]], listing: Listing, width: int) -> list[str]:
    """The columns that leave some room for those that are cut: spare ones go, one after the other, until they do."""
    shown = list(cells)

    def needed() -> int:
        widths = {c: max((cell.cell_len for cell in cells[c]), default=0) for c in shown}
        kept = (min(w, ROOM) if c in listing.cut else max(w, len(_label(c))) for c, w in widths.items())
        return sum(kept) + GAP * (len(shown) - 1)

    for column in listing.spare:
        if column in shown and needed() > width:
            shown.remove(column)
    return shown


def _label(column: str) -> str:
    return LABELS.get(column, column.replace("_", " "))


def write_table(
    rows: Iterable[Row],
    listing: Listing,
    columns: Sequence[str] | None = None,
    *,
    width: int | None = None,
    color: bool = False,
    headers: bool = True,
) -> str:
    """The table: at its own width, or cut to `width` where the columns of `listing.cut` give way first.

    Without `columns` it shows the listing's choice, but no empty column, and on a narrow terminal no spare one.
    """
    rows = list(rows)
    chosen = columns or _filled(rows, listing.table)
    cells = {column: [_cell(row, column, listing) for row in rows] for column in chosen}
    shown = _fitting(cells, listing, width) if width and not columns else chosen
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold", show_header=headers)
    for column in shown:
        table.add_column(
            Text(_label(column)),
            justify="right" if column in listing.numbers else "left",
            no_wrap=column not in listing.cut,  # rich narrows the columns that may wrap before all others
            overflow="ellipsis",
        )
    for line in zip(*(cells[column] for column in shown), strict=True):
        table.add_row(*line)
    return draw(table, width=width, color=color)
