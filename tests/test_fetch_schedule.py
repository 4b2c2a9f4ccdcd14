"""The schedule: pure, so every case is a row."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.errors import FetchError, ReadError
from dealwatch.fetch import (
    HttpError,
    Response,
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

NOW = datetime(2023, 1, 23, 12, tzinfo=UTC)
SOURCE = Source("News", "feed", "https://news.example/feed", every=1800)


def response(**fields):
    return Response(**{"status": 200, "url": SOURCE.url, "body": b"x", "body_hash": "h"} | fields)


def rest(state):
    return (state.next_fetch_at - NOW).total_seconds()


def test_a_new_source_is_due():
    assert is_due(None, SOURCE, NOW)
    assert is_due(new_state(SOURCE), SOURCE, NOW)


def test_a_disabled_source_is_never_due():
    assert not is_due(None, Source("N", "feed", "https://n.example/", enabled=False), NOW)
    assert not is_due(SourceState(SOURCE.url, disabled_reason="gone"), SOURCE, NOW)


SUCCESS = [
    ({}, None, 1800),
    ({"cache-control": "public, max-age=300"}, None, 1800),
    ({"cache-control": "max-age=7200"}, None, 7200),
    ({"cache-control": 'x, MAX-AGE = "7200"'}, None, 7200),
    ({"cache-control": "s-max-age=7200"}, None, 1800),
    ({"cache-control": "no-cache, max-age=7200"}, None, 1800),
    ({"cache-control": "max-age=31536000"}, None, 86_400),
    ({"cache-control": "max-age=nonsense"}, None, 1800),
    ({}, 3600, 3600),
    ({}, 60, 1800),
    ({"cache-control": "max-age=7200"}, 3600, 7200),
]


@pytest.mark.parametrize(("headers", "ttl", "seconds"), SUCCESS)
def test_next_fetch_after_success(headers, ttl, seconds):
    state = after_success(new_state(SOURCE), SOURCE, response(headers=headers), NOW, ttl)
    assert rest(state) == seconds
    assert not is_due(state, SOURCE, NOW + timedelta(seconds=seconds - 1))
    assert is_due(state, SOURCE, NOW + timedelta(seconds=seconds))


def test_success_keeps_what_the_server_gave():
    before = SourceState(SOURCE.url, "old", "then", "old hash", failures=3, last_error="HTTP 500")
    state = after_success(before, SOURCE, response(validators=Validators('"new"', None)), NOW)
    assert (state.etag, state.last_modified, state.body_hash) == ('"new"', None, "h")
    assert (state.failures, state.last_error, state.last_success_at) == (0, None, NOW)


def test_not_modified_keeps_the_validators():
    before = SourceState(SOURCE.url, '"e"', "then", "hash")
    state = after_success(before, SOURCE, response(not_modified=True, status=304, body=b"", body_hash=""), NOW)
    assert (state.etag, state.last_modified, state.body_hash) == ('"e"', "then", "hash")


def test_a_permanent_move_is_kept_until_the_configuration_changes():
    state = after_success(new_state(SOURCE), SOURCE, response(moved_to="https://new.example/feed"), NOW)
    assert current_state(state, SOURCE).url == "https://new.example/feed"
    edited = Source("News", "feed", "https://third.example/feed")
    assert current_state(state, edited) == new_state(edited)
    assert is_due(state, edited, NOW)


FAILURES = [(1, 1800), (2, 3600), (3, 7200), (6, 57_600), (7, 86_400), (500, 86_400)]


@pytest.mark.parametrize(("number", "seconds"), FAILURES)
def test_backoff_doubles_up_to_a_day(number, seconds):
    state = after_failure(SourceState(SOURCE.url, failures=number - 1), SOURCE, FetchError("timed out"), NOW, 1.0)
    assert rest(state) == seconds
    assert (state.failures, state.last_error) == (number, "timed out")


@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(0, 10_000_000))
def test_no_failure_keeps_a_source_away_for_more_than_a_day(failures, jitter, asked):
    error = HttpError("HTTP 503", status=503, retry_after=asked)
    state = after_failure(SourceState(SOURCE.url, failures=failures), SOURCE, error, NOW, jitter)
    assert min(asked, 86_400) <= rest(state) <= 86_400
    assert rest(state) >= 1440


def test_a_body_that_cannot_be_read_is_a_failure_too():
    before = SourceState(SOURCE.url, '"e"', "then", "hash", last_success_at=NOW)
    state = after_failure(before, SOURCE, ReadError("not a feed"), NOW, 0.5)
    assert (state.etag, state.body_hash, state.last_success_at, state.failures) == ('"e"', "hash", NOW, 1)


def test_410_disables():
    state = after_failure(new_state(SOURCE), SOURCE, HttpError("HTTP 410", status=410), NOW, 0.5)
    assert state.disabled_reason
    assert not is_due(state, SOURCE, NOW + timedelta(days=99))
    assert after_success(state, SOURCE, response(), NOW).disabled_reason is None


RETRY = [
    ("120", 120), (" 0 ", 0), ("99999999999", 86_400), ("", None), ("soon", None), ("-5", None), ("1.5", None),
    ("Mon, 23 Jan 2023 12:01:00 GMT", 60), ("Mon, 23 Jan 2023 11:00:00 GMT", 0),
    ("Tue, 23 Jan 2073 11:00:00 GMT", 86_400),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), RETRY)
def test_retry_after(text, seconds):
    assert retry_seconds(text, NOW) == seconds
