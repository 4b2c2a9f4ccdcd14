"""Rows as TSV, CSV, JSON, JSON lines and Markdown: one row dict in, pieces of text out, never wrapped or cut."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from dealwatch.present.cells import clean, defuse, dump_json, flatten, to_text
from dealwatch.present.columns import MONEY, Row
from dealwatch.present.money import show_money

_MARKUP = r"[\\`*_{}\[\]<>|~#&$]"
_URL_UNSAFE = r"[\s<>|\\`\"]"


def read_cell(row: Row, column: str) -> object:
    """The value of a column; the money columns for people are put together from the keys for machines."""
    if column in MONEY and column not in row:
        prefix, currency = MONEY[column]
        parts = {name: row.get(f"{prefix}_{name}") for name in ("low", "high", "scale", "qualifier")}
        return show_money({**parts, "currency": row.get(currency)}) or None
    return row.get(column)


def write_tsv(rows: Iterable[Row], columns: Sequence[str], *, headers: bool, safe: bool) -> Iterator[str]:
    """A line a row, cells parted by a tab; `safe` defuses formula cells, for files that a spreadsheet opens."""
    if headers:
        yield "\t".join(columns) + "\n"
    for row in rows:
        values = [read_cell(row, column) for column in columns]
        cells = [flatten(to_text(value)) for value in values]
        if safe:
            cells = [defuse(value, cell) for value, cell in zip(values, cells, strict=True)]
        yield "\t".join(cells) + "\n"


def write_csv(rows: Iterable[Row], columns: Sequence[str], *, headers: bool, safe: bool) -> Iterator[str]:
    """RFC 4180 with plain line ends; `safe` defuses formula cells, for files that a spreadsheet opens."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    if headers:
        writer.writerow(columns)
    for row in rows:
        values = [read_cell(row, column) for column in columns]
        cells = [clean(to_text(value)) for value in values]
        writer.writerow([defuse(v, cell) for v, cell in zip(values, cells, strict=True)] if safe else cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue()


def write_json(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """One array, an object a row, each on its lines; an empty array for no rows."""
    before = "[\n"
    for row in rows:
        yield before + dump_json({column: read_cell(row, column) for column in columns})
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def write_jsonl(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """An object a line."""
    for row in rows:
        yield dump_json({column: read_cell(row, column) for column in columns}) + "\n"


def _markdown(text: str) -> str:
    if text.startswith(("https://", "http://")):
        return f"<{re.sub(_URL_UNSAFE, lambda match: f'%{ord(match[0]):02X}', text)}>"
    return re.sub(_MARKUP, lambda match: f"\\{match[0]}", text)


def write_md(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """A table in Markdown; what an article says stays text in it."""
    yield "| " + " | ".join(columns) + " |\n"
    yield "|" + " --- |" * len(columns) + "\n"
    for row in rows:
        cells = (_markdown(flatten(to_text(read_cell(row, column)))) for column in columns)
        yield "| " + " | ".join(cells) + " |\n"
