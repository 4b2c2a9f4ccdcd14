"""The date grammar: rows in tests/data/dates, and what holds for any date."""

from __future__ import annotations

import time
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.dates import parse_before, parse_range, parse_since, parse_until
from dealwatch.errors import EXIT_USAGE, UsageError

ROWS = tomllib.loads((Path(__file__).parent / "data/dates/grammar.toml").read_text(encoding="utf-8"))
NOW = datetime(2023, 3, 31, 9, 30, 15, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1, 2, 1), datetime(9998, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize("row", ROWS["read"], ids=lambda row: row["text"])
def test_a_date_names_its_period(row):
    assert parse_range(row["text"], NOW) == (row["start"], row["end"])
    assert parse_since(row["text"], NOW) == row["start"]
    if "until" in row:
        assert parse_until(row["text"], NOW) == row["until"]
    if "before" in row:
        assert parse_before(row["text"], NOW) == row["before"]


@pytest.mark.parametrize("text", ROWS["refused"]["texts"])
def test_anything_else_is_refused_with_a_hint(text):
    with pytest.raises(UsageError) as caught:
        parse_range(text, NOW)
    assert caught.value.exit_code == EXIT_USAGE
    assert "2023-01-23" in caught.value.hint


def test_now_may_be_given_in_any_zone():
    paris = NOW.astimezone(datetime.fromisoformat("2023-03-31T00:00+02:00").tzinfo)
    assert parse_range("yesterday", paris) == parse_range("yesterday", NOW)


@given(st.dates(), MOMENTS)
def test_a_day_holds_exactly_its_moments(day: date, now: datetime):
    start, end = parse_range(day.isoformat(), now)
    assert start.date() == end.date() == day
    assert end - start == timedelta(days=1) - timedelta(microseconds=1)


@given(MOMENTS, MOMENTS)
def test_an_instant_comes_back_as_itself(moment: datetime, now: datetime):
    assert parse_range(moment.isoformat(), now) == (moment, moment)
    assert parse_before(moment.isoformat(), now) == moment


@given(st.integers(0, 9999), st.sampled_from("hdwmy"), MOMENTS)
def test_a_span_ends_now(number: int, unit: str, now: datetime):
    try:
        start, end = parse_range(f"{number}{unit}", now)
    except UsageError:  # before the year 1
        return
    assert start <= end == now
    assert parse_until(f"{number}{unit}", now) == start


@given(st.text(max_size=60), MOMENTS)
def test_any_text_is_a_period_or_a_usage_error(text: str, now: datetime):
    try:
        start, end = parse_range(text, now)
    except UsageError:
        return
    assert start <= end
    assert start.utcoffset() == end.utcoffset() == timedelta(0)


def test_a_long_text_is_refused_at_once_and_not_repeated():
    began = time.perf_counter()
    with pytest.raises(UsageError) as caught:
        parse_range("2023-" * 200_000, NOW)
    assert len(caught.value.message) < 100
    assert time.perf_counter() - began < 0.5
