"""Rows as an Excel workbook: a sheet a kind of row, cells with types, the header frozen, links to the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, BinaryIO

from dealwatch.errors import DealwatchError
from dealwatch.present.fields import READERS, FieldType, type_of
from dealwatch.present.files import Sheet
from dealwatch.present.formats import read_cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575  # of a sheet, below its header
_MOST_LINKS = 60_000  # Excel takes 65,530 a sheet
_LONGEST_LINK = 2_000  # and 2,079 characters each
_LONGEST = 32_000  # characters of a cell: Excel takes 32,767 of UTF-16
_FIRST_DAY = date(1900, 3, 1)  # what is older Excel cannot tell, or tells wrongly

_FORMATS: Mapping[FieldType, str] = {
    "number": "#,##0", "integer": "#,##0", "day": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm",
}  # fmt: skip
_WIDTHS: Mapping[FieldType, int] = {
    "text": 18, "link": 30, "list": 32, "integer": 8, "number": 17, "fraction": 8, "day": 11, "time": 16, "flag": 8,
}  # fmt: skip
_WIDE = frozenset({"evidence", "quote", "text", "title", "was", "now"})  # columns of sentences


def write_workbook(sheets: Sequence[Sheet], handle: BinaryIO, now: datetime) -> None:
    """Write the sheets, in order, to a binary handle; needs XlsxWriter, of the extra `xlsx`.

    Text is text, whatever it begins with: no cell becomes a formula, a link or a number by how it looks. Raises
    DealwatchError where a sheet has more rows than Excel can open.
    """
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # Rows go out as they come: 100,000 deals held as cells would take a gigabyte.
    book = xlsxwriter.Workbook(handle, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **plain})
    book.set_properties({"title": "dealwatch", "created": now.astimezone(UTC).replace(tzinfo=None)})
    for sheet in sheets:
        _fill(book, book.add_worksheet(sheet.listing.name), sheet)
    book.close()


def _fill(book: Workbook, page: Worksheet, sheet: Sheet) -> None:
    types = [type_of(sheet.listing, column) for column in sheet.columns]
    looks = [book.add_format({"num_format": _FORMATS[kind]}) if kind in _FORMATS else None for kind in types]
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EDF3"})
    for place, (column, kind) in enumerate(zip(sheet.columns, types, strict=True)):
        page.set_column(place, place, 60 if column in _WIDE else max(_WIDTHS[kind], len(column) + 2), looks[place])
        page.write_string(0, place, column, head)
    page.freeze_panes(1, 0)
    links, last = 0, 0
    for last, row in enumerate(sheet.rows, 1):
        if last > MOST_ROWS:
            raise DealwatchError(f"more than {MOST_ROWS:,} {sheet.listing.name}: no sheet holds them",
                                 "narrow them with --since or --limit, or write .csv or .parquet")  # fmt: skip
        for place, (column, kind) in enumerate(zip(sheet.columns, types, strict=True)):
            value = read_cell(row, column)
            if value is not None:
                links += _write(page, last, place, value, kind, looks[place], linked=links < _MOST_LINKS)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write(
    page: Worksheet, at: int, place: int, value: object, kind: FieldType, look: Format | None, *, linked: bool
) -> int:
    """Write one cell; how many links that made."""
    cell = READERS[kind](value)
    if isinstance(cell, list):
        cell = "; ".join(cell) or None
    if isinstance(cell, datetime):
        cell = cell.replace(tzinfo=None)  # a workbook knows no zones: all its times are UTC
    if isinstance(cell, bool):
        page.write_boolean(at, place, cell)
    elif isinstance(cell, date) and (cell.date() if isinstance(cell, datetime) else cell) >= _FIRST_DAY:
        page.write_datetime(at, place, cell, look)
    elif isinstance(cell, int | float):
        page.write_number(at, place, cell, look)
    elif cell is not None:
        text = str(cell)[:_LONGEST]
        if linked and kind == "link" and text.startswith(("https://", "http://")) and len(text) < _LONGEST_LINK:
            page.write_url(at, place, text, string=text)
            return 1
        page.write_string(at, place, text)
    return 0
