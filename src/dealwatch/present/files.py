"""Rows as the bytes of a file: the formats of a pipe, and those that only a file has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

from dealwatch.present.columns import Listing, Row

ENDINGS: Mapping[str, str] = {
    ".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".xlsx": "xlsx", ".parquet": "parquet", ".atom": "atom",
}  # fmt: skip
EXTRAS: Mapping[str, str] = {"xlsx": "xlsxwriter", "parquet": "pyarrow"}  # what a format needs beside the core
_BOM = "\ufeff"  # by it Excel knows UTF-8


class Sheet(NamedTuple):
    """Some rows, and the columns of them that are wanted."""

    listing: Listing
    rows: Sequence[Row]
    columns: Sequence[str]


class Making(NamedTuple):
    """What is to be known of a file beside its rows."""

    format: str  # one of the values of `ENDINGS`
    now: datetime
    excel: bool = False  # CSV as Excel reads it with a double click


def fill_file(sheets: Sequence[Sheet], making: Making, handle: BinaryIO) -> None:
    """Write the rows to a binary handle; of several sheets only a workbook holds more than the first."""
    if making.format == "xlsx":
        from dealwatch.present.workbook import write_workbook

        write_workbook(sheets, handle, making.now)
    elif making.format == "parquet":
        from dealwatch.present.parquet import write_parquet

        write_parquet(sheets[0].rows, sheets[0].listing, sheets[0].columns, handle)
    else:
        handle.writelines(part.encode() for part in _texts(sheets[0], making))


def _texts(sheet: Sheet, making: Making) -> Iterator[str]:
    from dealwatch.present.formats import write_csv, write_jsonl, write_tsv

    if making.format == "atom":
        from dealwatch.present.atom import write_atom

        return write_atom(sheet.rows, making.now)
    if making.format == "jsonl":
        return write_jsonl(sheet.rows, sheet.columns)
    write: Callable[..., Iterator[str]] = write_csv if making.format == "csv" else write_tsv
    return _marked(write(sheet.rows, sheet.columns, headers=True, safe=True), making)


def _marked(parts: Iterable[str], making: Making) -> Iterator[str]:
    if making.excel:
        yield _BOM
    yield from parts
