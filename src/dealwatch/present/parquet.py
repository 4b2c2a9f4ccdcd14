"""Rows as a Parquet file, every column with its type: days, times in UTC, numbers, lists of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import BinaryIO

from dealwatch.present.columns import Listing, Row
from dealwatch.present.fields import READERS, type_of
from dealwatch.present.formats import read_cell

_GROUP = 20_000  # rows that are held as columns at a time: 30 MB of deals


def write_parquet(rows: Iterable[Row], listing: Listing, columns: Sequence[str], handle: BinaryIO) -> None:
    """Write the rows to a binary handle; needs pyarrow, of the extra `parquet`.

    Days are date32, times timestamps in UTC to the microsecond, sums doubles (exact to nine quadrillion), lists lists
    of strings; what a story leaves open is null.
    """
    import pyarrow as pa
    from pyarrow import parquet

    arrow = {
        "text": pa.string(), "link": pa.string(), "list": pa.list_(pa.string()), "integer": pa.int64(),
        "number": pa.float64(), "fraction": pa.float64(), "day": pa.date32(), "time": pa.timestamp("us", tz="UTC"),
        "flag": pa.bool_(),
    }  # fmt: skip
    types = {column: type_of(listing, column) for column in columns}
    schema = pa.schema([(column, arrow[kind]) for column, kind in types.items()])
    left = iter(rows)
    with parquet.ParquetWriter(handle, schema, compression="zstd") as writer:
        while group := list(islice(left, _GROUP)):
            filled = {
                column: [READERS[kind](read_cell(row, column)) for row in group] for column, kind in types.items()
            }
            writer.write_table(pa.Table.from_pydict(filled, schema=schema))
