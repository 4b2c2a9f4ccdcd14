"""The schedule: pure, so every case is a row."""

import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.errors import FetchError, ReadError
from dealwatch.fetch import (
    HttpError,
    Response,
    Resting,
    SourceState,
    Validators,
    after_failure,
    after_success,
    current_state,
    is_due,
    new_state,
)
from dealwatch.fetch.schedule import retry_seconds
from dealwatch.model import Source

DATA = tomllib.loads((Path(__file__).parent / "data/fetch/schedule.toml").read_text(encoding="utf-8"))
NOW = datetime(2023, 1, 23, 12, tzinfo=UTC)
SOURCE = Source("News", "feed", "https://news.example/feed", every=1800)


def response(**fields):
    return Response(**{"status": 200, "url": SOURCE.url, "body": b"x", "body_hash": "h"} | fields)


def unchanged(**fields):
    return response(**{"status": 304, "not_modified": True, "body": b"", "body_hash": ""} | fields)


def rest(state):
    return (state.next_fetch_at - NOW).total_seconds()


def test_a_new_source_is_due():
    assert is_due(None, SOURCE, NOW)
    assert is_due(new_state(SOURCE), SOURCE, NOW)


def test_a_disabled_source_is_never_due():
    assert not is_due(None, Source("N", "feed", "https://n.example/", enabled=False), NOW)
    assert not is_due(SourceState(SOURCE.url, disabled_reason="gone"), SOURCE, NOW)


@pytest.mark.parametrize(("headers", "ttl", "seconds"), DATA["success"])
def test_next_fetch_after_success(headers, ttl, seconds):
    ttl = None if ttl < 0 else ttl
    state = after_success(new_state(SOURCE), SOURCE, response(headers=headers), NOW, ttl)
    assert rest(state) == seconds
    assert not is_due(state, SOURCE, NOW + timedelta(seconds=seconds - 1))
    assert is_due(state, SOURCE, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(("headers", "seconds"), DATA["unchanged"])
def test_next_fetch_after_a_304(headers, seconds):
    before = after_success(new_state(SOURCE), SOURCE, response(headers={"cache-control": "max-age=7200"}), NOW, 5400)
    failed = after_failure(before, SOURCE, FetchError("timed out"), NOW, 0.5)
    for state in (before, failed):  # what a feed asked for is not forgotten over a failure
        assert rest(after_success(state, SOURCE, unchanged(headers=headers), NOW)) == seconds


def test_a_new_answer_without_a_word_of_it_ends_what_held_before():
    before = after_success(new_state(SOURCE), SOURCE, response(headers={"cache-control": "max-age=7200"}), NOW, 5400)
    assert rest(after_success(before, SOURCE, response(), NOW, 0)) == 1800
    assert rest(after_success(before, SOURCE, response(), NOW)) == 5400  # the same body: not read, so its ttl stands


def test_what_an_answer_says_counts_from_the_answer_and_every_from_the_run():
    late = NOW + timedelta(seconds=300)
    held = after_success(new_state(SOURCE), SOURCE, response(headers={"cache-control": "max-age=7200"}, at=late), NOW)
    assert rest(held) == 7500
    assert rest(after_success(new_state(SOURCE), SOURCE, response(at=late), NOW)) == 1800


def test_success_keeps_what_the_server_gave():
    before = SourceState(SOURCE.url, "old", "then", "old hash", failures=3, last_error="HTTP 500")
    state = after_success(before, SOURCE, response(validators=Validators('"new"', None)), NOW)
    assert (state.etag, state.last_modified, state.body_hash) == ('"new"', None, "h")
    assert (state.failures, state.last_error, state.last_success_at) == (0, None, NOW)


def test_not_modified_keeps_the_validators():
    before = SourceState(SOURCE.url, '"e"', "then", "hash", given_by="mark")
    state = after_success(before, SOURCE, unchanged(), NOW)
    assert (state.etag, state.last_modified, state.given_by, state.body_hash) == ('"e"', "then", "mark", "hash")
    state = after_success(before, SOURCE, unchanged(validators=Validators('"f"', None, "mark")), NOW)
    assert (state.etag, state.last_modified, state.given_by) == ('"f"', "then", "mark")


def test_a_new_body_without_validators_has_none():
    before = SourceState(SOURCE.url, '"e"', "then", "hash", given_by="mark")
    state = after_success(before, SOURCE, response(), NOW)
    assert (state.etag, state.last_modified, state.given_by) == (None, None, None)


def test_a_permanent_move_is_kept_until_the_configuration_changes():
    state = after_success(new_state(SOURCE), SOURCE, response(moved_to="https://new.example/feed"), NOW)
    assert current_state(state, SOURCE).url == "https://new.example/feed"
    edited = Source("News", "feed", "https://third.example/feed")
    assert current_state(state, edited) == new_state(edited)
    assert is_due(state, edited, NOW)


@pytest.mark.parametrize(("number", "every", "asked", "least", "most"), DATA["backoff"])
def test_backoff(number, every, asked, least, most):
    source = Source("News", "feed", SOURCE.url, every=every)
    error = HttpError("HTTP 503", status=503, retry_after=None if asked < 0 else asked)
    states = [after_failure(SourceState(SOURCE.url, failures=number - 1), source, error, NOW, j) for j in (0.0, 1.0)]
    assert [rest(state) for state in states] == [least, most]
    assert {(state.failures, state.last_error) for state in states} == {(number, "HTTP 503")}


EVERY = st.integers(0, 2_000_000)
JITTER = st.floats(0, 1)


@given(st.integers(0, 10_000), JITTER, st.integers(0, 10_000_000), EVERY)
def test_a_failure_puts_off_by_every_at_least_and_a_day_at_most(failures, jitter, asked, every):
    error = HttpError("HTTP 503", status=503, retry_after=asked)
    source = Source("News", "feed", SOURCE.url, every=every)
    state = after_failure(SourceState(SOURCE.url, failures=failures), source, error, NOW, jitter)
    assert max(every, min(asked, 86_400)) <= rest(state) <= max(every, 86_400)
    assert rest(state) >= 48


@given(st.integers(0, 100), JITTER, EVERY)
def test_more_failures_never_bring_a_source_back_sooner(failures, jitter, every):
    source = Source("News", "feed", SOURCE.url, every=every)
    states = [SourceState(SOURCE.url, failures=number) for number in (failures, failures + 1)]
    one, two = (rest(after_failure(state, source, FetchError("x"), NOW, jitter)) for state in states)
    assert one <= two


CONTROL = st.sampled_from(["no-cache", "public", "max-age="]) | st.integers(0, 10**12).map("max-age={}".format)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "cache-control": CONTROL,
        "age": st.text(max_size=5) | st.integers(-9, 10**6).map(str),
        "expires": st.text(max_size=40) | st.datetimes().map(format_datetime),
        "date": st.text(max_size=40) | st.datetimes().map(format_datetime),
    },
)


@given(HEADERS, st.none() | st.integers(-5, 10**9), EVERY, st.integers(0, 600), st.booleans())
def test_a_success_puts_off_by_every_at_least_and_a_day_at_most(headers, ttl, every, late, is_same):
    source = Source("News", "feed", SOURCE.url, every=every)
    answer = (unchanged if is_same else response)(headers=headers, at=NOW + timedelta(seconds=late))
    state = after_success(SourceState(SOURCE.url, max_age=900, ttl=700), source, answer, NOW, ttl)
    assert every <= rest(state) <= max(every, 86_400 + late)
    assert is_due(state, source, state.next_fetch_at)
    assert rest(state) <= 1 or not is_due(state, source, state.next_fetch_at - timedelta(seconds=1))


def test_a_source_whose_host_rests_was_not_asked():
    before = SourceState(SOURCE.url, '"e"', failures=2, last_fetch_at=NOW - timedelta(days=1))
    state = after_failure(before, SOURCE, Resting("host asked for a pause", retry_after=600), NOW, 0.5)
    assert (state.failures, state.last_fetch_at, rest(state)) == (2, before.last_fetch_at, 600)


def test_a_clock_that_was_ahead_keeps_no_source_away():
    state = after_success(new_state(SOURCE), SOURCE, response(), NOW + timedelta(days=3650))
    assert is_due(state, SOURCE, NOW)
    little = after_success(new_state(SOURCE), SOURCE, response(), NOW + timedelta(hours=1))
    assert not is_due(little, SOURCE, NOW)


def test_a_body_that_cannot_be_read_is_a_failure_too():
    before = SourceState(SOURCE.url, '"e"', "then", "hash", last_success_at=NOW)
    state = after_failure(before, SOURCE, ReadError("not a feed"), NOW, 0.5)
    assert (state.etag, state.body_hash, state.last_success_at, state.failures) == ('"e"', "hash", NOW, 1)


def test_410_disables():
    state = after_failure(new_state(SOURCE), SOURCE, HttpError("HTTP 410", status=410), NOW, 0.5)
    assert state.disabled_reason
    assert not is_due(state, SOURCE, NOW + timedelta(days=99))
    assert after_success(state, SOURCE, response(), NOW).disabled_reason is None


@pytest.mark.parametrize(("text", "seconds"), DATA["retry_after"])
def test_retry_after(text, seconds):
    assert retry_seconds(text, NOW) == (None if seconds == "" else seconds)


CLOCKS = [
    ("Mon, 23 Jan 2023 11:50:00 GMT", 1200),  # the server's clock is ten minutes behind: by it there are twenty left
    ("Mon, 23 Jan 2023 12:05:00 GMT", 600),  # ahead: we stay on the safe side
    ("Mon, 23 Jan 2023 09:50:00 GMT", 600),  # hours behind: it tells nothing
    ("nonsense", 600),
    (None, 600),
]


@pytest.mark.parametrize(("date", "seconds"), CLOCKS)
def test_a_date_is_read_by_the_clock_of_the_server_where_it_says_more(date, seconds):
    assert retry_seconds("Mon, 23 Jan 2023 12:10:00 GMT", NOW, date) == seconds


@given(st.text(max_size=80), st.none() | st.text(max_size=80))
def test_any_retry_after_is_read(text, date):
    seconds = retry_seconds(text, NOW, date)
    assert seconds is None or 0 <= seconds <= 86_400
