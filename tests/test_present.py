"""Rows in every format: values in tests/data/present, whole renderings beside them, and what holds for any text."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.errors import UsageError
from dealwatch.present import DEALS, DIFF, EXPORTS, FORMATS, SOURCES, Listing, Look, render
from dealwatch.present.cells import dump_json, show_time
from dealwatch.present.columns import choose_columns
from dealwatch.present.money import show_money

DATA = Path(__file__).parent / "data/present"
SUMS = tomllib.loads((DATA / "money.toml").read_text(encoding="utf-8"))["sum"]
CELLS = tomllib.loads((DATA / "cells.toml").read_text(encoding="utf-8"))["cell"]
ROWS = [json.loads(line) for line in (DATA / "deals.jsonl").read_text(encoding="utf-8").splitlines()]
ONE = Listing("things", ("x",), ("x",), cut=("x",))
BARE = Look(columns=("x",), headers=False)


@pytest.mark.parametrize("row", SUMS, ids=lambda row: row["shown"])
def test_a_sum_reads_as_people_write_it(row):
    assert show_money(row["money"]) == row["shown"]
    exact = {key: value if isinstance(value, str) else Decimal(str(value)) for key, value in row["money"].items()}
    assert show_money(exact) == row["shown"]


@pytest.mark.parametrize("row", CELLS, ids=lambda row: str(row["value"])[:20])
def test_a_cell_in_every_format(row):
    rows, safe = [{"x": row["value"]}], Look(columns=("x",), headers=False, safe=True)
    if "tsv" in row:
        assert render(rows, ONE, "tsv", BARE) == row["tsv"] + "\n"
    if "csv" in row:
        assert render(rows, ONE, "csv", BARE) == (row["csv"] or '""') + "\n"
    if "safe" in row:
        assert render(rows, ONE, "csv", safe).removesuffix("\n").strip('"') == row["safe"].strip('"')
    if "json" in row:
        assert dump_json(row["value"]) == row["json"]
    if "md" in row:
        assert render(rows, ONE, "md", BARE).splitlines()[2] == f"| {row['md']} |"


@pytest.mark.parametrize("format", FORMATS)
def test_deals_as_the_golden_file_shows_them(format):
    expected = DATA / f"deals.{'txt' if format == 'table' else format}"
    assert render(ROWS, DEALS, format) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("format", FORMATS)
def test_no_rows_are_an_empty_list_and_no_error(format):
    text = render([], DEALS, format)
    assert text == {"json": "[]\n", "jsonl": ""}.get(format, text)
    assert len(text.splitlines()) <= 2


@pytest.mark.parametrize("width", [40, 50, 60, 70, 80, 100, 120])
def test_a_narrow_table_keeps_a_line_a_row_and_says_who_when_and_whether(width):
    lines = render(ROWS, DEALS, "table", Look(width=width)).splitlines()
    assert len(lines) == 1 + len(ROWS)
    assert all(len(line) <= width for line in lines)
    if width >= 70:
        assert all(part in lines[1] for part in ("2025-02-03", "announced", "Cordel Data", "€60m ~"))
    assert ("dcordel0001" in lines[1]) == (width >= 80)


def test_columns_that_were_asked_for_stay_on_a_narrow_terminal():
    look = Look(columns=("deal_id", "target", "confirmations", "type"), width=60)
    assert render(ROWS, DEALS, "table", look).split("\n")[0].split() == ["deal", "target", "conf.", "type"]


def test_a_table_that_no_terminal_bounds_cuts_nothing():
    wide = [{"x": "word " * 2000}]
    assert "…" not in render(wide, ONE, "table")


def test_colour_only_where_asked_for():
    assert "\x1b[" not in render(ROWS, DEALS, "table", Look(width=80))
    assert "\x1b[31mcalled off" in render(ROWS, DEALS, "table", Look(width=120, color=True))


def test_chosen_columns_stand_in_their_order():
    look = Look(columns=choose_columns(DEALS, "target, amount,date"))
    assert render(ROWS, DEALS, "tsv", look).splitlines()[1] == "Cordel Data\t€60m ~\t2025-02-03"


@pytest.mark.parametrize("text", ["targt", "target,nothing", "", ",", "evidence;date", "was"])
def test_a_column_that_is_none_is_a_usage_error_with_the_names(text):
    with pytest.raises(UsageError) as caught:
        choose_columns(DEALS, text)
    assert "amount_usd" in caught.value.hint
    if text == "targt":
        assert "did you mean target?" in caught.value.hint


def test_a_change_is_a_value_in_json_and_text_elsewhere():
    was = {"low": None, "high": None, "currency": "USD", "qualifier": "vague", "scale": Decimal(10**9)}
    rows = [{"deal_id": "d1", "change": "changed", "field": "amount", "was": was, "now": None}]
    assert json.loads(render(rows, DIFF, "json"))[0]["was"]["scale"] == 1_000_000_000
    assert "multi-billion $" in render(rows, DIFF, "csv")
    assert "multi-billion $" in render(rows, DIFF, "table", Look(width=120))


def test_times_in_a_table_are_utc_to_the_minute():
    paris = datetime.fromisoformat("2023-01-23T17:40:12+01:00")
    assert show_time(paris) == show_time("2023-01-23T16:40:59Z") == "2023-01-23 16:40"
    assert "2023-01-23 16:40" in render([{"name": "x", "last_success": paris}], SOURCES, "table")


def test_the_keys_of_every_listing_are_distinct_and_hold_what_it_shows():
    for listing in (*EXPORTS.values(), SOURCES):
        assert len(set(listing.keys)) == len(listing.keys)
        choose_columns(listing, ",".join((*listing.table, *listing.keys)))


TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(max_size=40)
VALUES = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(TEXTS, max_size=3) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15) | st.datetimes(timezones=st.just(UTC))


@given(st.lists(VALUES, min_size=1, max_size=3), st.sampled_from(FORMATS), st.booleans())
def test_nothing_that_a_terminal_obeys_comes_out(values, format, safe):
    look = Look(columns=("x",), width=80 if format == "table" else None, safe=safe)
    text = render([{"x": value} for value in values], ONE, format, look)
    text.encode("utf-8")
    white = set("\n\t") if format == "csv" else set("\n")
    assert {c for c in text if unicodedata.category(c) == "Cc"} <= white
    assert not set("\u202e\u2066\u200f") & set(text)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_tsv_and_jsonl_have_a_line_a_row_and_csv_reads_back(pairs):
    listing = Listing("things", ("a", "b"), ("a", "b"))
    rows = [{"a": a, "b": b} for a, b in pairs]
    tsv = render(rows, listing, "tsv").split("\n")
    assert [line.count("\t") for line in tsv[:-1]] == [1] * (len(rows) + 1)
    assert [json.loads(line) for line in render(rows, listing, "jsonl").split("\n")[:-1]] == rows
    assert json.loads(render(rows, listing, "json")) == rows
    assert len(list(csv.reader(io.StringIO(render(rows, listing, "csv"), newline="")))) == len(rows) + 1


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_no_cell_of_an_exported_file_begins_a_formula(values):
    look = Look(columns=("x",), headers=False, safe=True)
    rows = [{"x": value} for value in values]
    for cell in csv.reader(io.StringIO(render(rows, ONE, "csv", look), newline="")):
        assert not cell or not cell[0].startswith(tuple("=+-@\t\r"))
