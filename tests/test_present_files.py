"""Rows as files whose cells have types, read back by the programs that people open them with."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import openpyxl
import pandas
import polars
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.present import DEALS, DIFF, EXPORTS
from dealwatch.present.atom import write_atom
from dealwatch.present.fields import READERS, type_of
from dealwatch.present.files import ENDINGS, Making, Sheet, fill_file

DATA = Path(__file__).parent / "data/present"
ROWS = [json.loads(line) for line in (DATA / "deals.jsonl").read_text(encoding="utf-8").splitlines()]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
CHANGE = {"deal_id": "d1", "target": "Cordel", "type": "funding_round", "change": "changed", "field": "amount",
          "was": None, "now": {"low": 5e6, "high": 5e6, "currency": "EUR", "qualifier": "exact", "scale": None},
          "was_source": None, "now_source": "Le Fil", "at": datetime(2026, 2, 1, 8, tzinfo=UTC)}  # fmt: skip


def made(format: str, *sheets: Sheet, excel: bool = False) -> io.BytesIO:
    handle = io.BytesIO()
    fill_file(sheets or [Sheet(DEALS, ROWS, DEALS.keys)], Making(format, NOW, excel), handle)
    return io.BytesIO(handle.getvalue())


def workbook(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(made("xlsx", *sheets))


# -- workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook_has_a_frozen_header_a_filter_and_a_row_a_deal():
    page = workbook()["deals"]
    assert [cell.value for cell in page[1]] == list(DEALS.keys)
    assert (page.freeze_panes, page.max_row) == ("A2", 1 + len(ROWS))
    assert page.auto_filter.ref.startswith("A1:")


def test_the_cells_of_a_workbook_have_types():
    page = workbook()["deals"]
    first = {head.value: cell for head, cell in zip(page[1], page[2], strict=True)}
    assert first["date"].value == datetime(2025, 2, 3)
    assert first["date"].number_format == "yyyy-mm-dd"
    assert first["amount_usd"].value == 61_800_000
    assert first["first_seen"].value == datetime(2025, 2, 3, 8)
    assert first["investors"].value == "Tramontane Capital; Nordlys Fund"
    assert first["completed_on"].value is None
    assert first["best_source_url"].hyperlink.target == "https://news.example/cordel"


@pytest.mark.parametrize("text", ["=1+1", "+33", "-5", "@SUM(A1)", "{=1}", "https://x.example/ =1", "0012", "\x1b[31m"])
def test_what_an_article_says_stays_text_in_a_workbook(text):
    rows = [{"target": text, "best_source_url": text}]
    page = workbook(Sheet(DEALS, rows, ("target", "best_source_url")))["deals"]
    assert {cell.data_type for cell in page[2]} == {"s"}
    assert page["A2"].value == text.replace("\x1b", "")


def test_a_workbook_holds_a_sheet_a_kind_of_rows():
    sheets = [Sheet(EXPORTS[name], [], EXPORTS[name].keys) for name in ("deals", "parties", "quotes")]
    assert workbook(*sheets).sheetnames == ["deals", "parties", "quotes"]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2026-13-45", "soon"])
def test_a_day_that_a_workbook_cannot_tell_is_written_as_text_or_left_out(day):
    page = workbook(Sheet(DEALS, [{"date": day}], ("date",)))["deals"]
    assert page["A2"].value in (day, None)


# -- parquet ---------------------------------------------------------------------------------------------------------


def test_the_columns_of_a_parquet_file_have_types():
    table = pyarrow.parquet.read_table(made("parquet"))
    told = {field.name: str(field.type) for field in table.schema}
    assert told["date"] == "date32[day]"
    assert told["amount_usd"] == "double"
    assert told["confirmations"] == "int64"
    assert told["investors"].startswith("list<")
    assert told["first_seen"] == "timestamp[us, tz=UTC]"
    assert told["target"] == "string"


def test_pandas_and_polars_read_a_parquet_file():
    frame = pandas.read_parquet(made("parquet"))
    assert frame["amount_usd"].max() == max(row["amount_usd"] or 0 for row in ROWS)
    named = polars.read_parquet(made("parquet")).explode("investors")
    assert "Nordlys Fund" in named["investors"].to_list()


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_kind_of_rows_can_be_empty(format, name):
    listing = EXPORTS[name]
    data = made(format, Sheet(listing, [], listing.keys))
    frame = pandas.read_parquet(data) if format == "parquet" else pandas.read_excel(data)
    assert (len(frame), tuple(frame.columns)) == (0, listing.keys)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
VALUES = {
    "text": TEXTS, "list": st.lists(TEXTS, max_size=3), "number": st.floats(-1e15, 1e15),
    "integer": st.integers(0, 9**9), "day": st.dates().map(date.isoformat),
    "time": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
}  # fmt: skip
TYPED = ("target", "round", "investors", "amount_usd", "confirmations", "completed_on", "first_seen")


@given(st.lists(st.fixed_dictionaries({key: st.none() | VALUES[type_of(DEALS, key)] for key in TYPED}), max_size=4))
def test_a_parquet_file_gives_back_what_went_in(rows):
    back = pyarrow.parquet.read_table(made("parquet", Sheet(DEALS, rows, TYPED))).to_pylist()
    assert back == [{key: READERS[type_of(DEALS, key)](row[key]) for key in TYPED} for row in rows]


# -- atom ------------------------------------------------------------------------------------------------------------


def entries(*rows: dict[str, object]) -> list[ElementTree.Element]:
    return ElementTree.fromstring("".join(write_atom(rows, NOW))).findall(f"{ATOM}entry")


def test_a_feed_reader_reads_the_feed():
    later = CHANGE | {"at": datetime(2026, 2, 3, tzinfo=UTC), "change": "new", "now": None, "type": "ipo"}
    feed = feedparser.parse(made("atom", Sheet(DIFF, [CHANGE, later], DIFF.keys)))
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Cordel: new IPO", "Cordel: amount €5m (funding round)"]
    assert feed.feed.updated == "2026-02-03T00:00:00Z"


def test_a_change_keeps_its_id_and_no_two_share_one():
    ids = [entry.findtext(f"{ATOM}id") for entry in entries(CHANGE, CHANGE | {"deal_id": "d2"})]
    assert ids == [entry.findtext(f"{ATOM}id") for entry in entries(CHANGE, CHANGE | {"deal_id": "d2"})]
    assert len(set(ids)) == 2


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_makes_a_feed_that_is_well_formed(target, source):
    [entry] = entries(CHANGE | {"target": target, "was": target, "now_source": source})
    assert entry.findtext(f"{ATOM}title")


# -- text ------------------------------------------------------------------------------------------------------------


def test_csv_for_excel_begins_with_a_byte_order_mark_and_defuses_formulas():
    rows = [{"target": "=cmd()"}]
    assert made("csv", Sheet(DEALS, rows, ("target",)), excel=True).read() == "\ufefftarget\n'=cmd()\n".encode()
    assert made("csv", Sheet(DEALS, rows, ("target",))).read() == b"target\n'=cmd()\n"


def test_every_ending_has_its_format():
    assert set(ENDINGS.values()) == {"csv", "tsv", "jsonl", "xlsx", "parquet", "atom"}
