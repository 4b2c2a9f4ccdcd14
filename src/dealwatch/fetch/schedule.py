"""When a source is asked again: pure, `now` and the jitter are arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from dealwatch.errors import DealwatchError
from dealwatch.fetch.response import Response
from dealwatch.model import Source

LONGEST = 86_400  # seconds: no failure, Retry-After, max-age or ttl keeps a source away longer
LEAST_BACKOFF = 60  # a source with every = "0s" still rests after a failure
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s{0,3}=\s{0,3}\"?(\d{1,9})", re.IGNORECASE)
_UNCACHED = re.compile(r"no-store|no-cache", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the runs have learnt of one source."""

    url: str  # where it is now: a permanent redirect moves it
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0  # in a row
    last_fetch_at: datetime | None = None
    last_success_at: datetime | None = None
    next_fetch_at: datetime | None = None
    disabled_reason: str | None = None
    last_error: str | None = None
    configured_url: str | None = None  # what the configuration said when this was learnt


def new_state(source: Source) -> SourceState:
    """The state of a source that was never fetched."""
    return SourceState(source.url, configured_url=source.url)


def current_state(state: SourceState | None, source: Source) -> SourceState:
    """The state to go by: a new one where there is none, or where the configuration names another address by now."""
    if state is None or (state.configured_url or source.url) != source.url:
        return new_state(source)
    return state


def is_due(state: SourceState | None, source: Source, now: datetime) -> bool:
    """Whether a source is to be asked now."""
    if not source.enabled:
        return False
    known = current_state(state, source)
    return known.disabled_reason is None and (known.next_fetch_at is None or known.next_fetch_at <= now)


def after_success(
    state: SourceState, source: Source, response: Response, now: datetime, ttl: int | None = None
) -> SourceState:
    """The state once a response was read (so a redirect moves a source only when what it led to makes sense).

    The next turn comes after `every`, the response's max-age or the feed's `ttl` (seconds), whichever is longest.
    """
    rest = max(source.every, min(max(_max_age(response.headers), ttl or 0), LONGEST))
    unchanged = response.not_modified
    return replace(
        state,
        url=response.moved_to or state.url,
        etag=response.validators.etag or (state.etag if unchanged else None),
        last_modified=response.validators.last_modified or (state.last_modified if unchanged else None),
        body_hash=response.body_hash or state.body_hash,
        failures=0,
        last_fetch_at=now,
        last_success_at=now,
        next_fetch_at=now + timedelta(seconds=rest),
        disabled_reason=None,
        last_error=None,
        configured_url=source.url,
    )


def _max_age(headers: Mapping[str, str]) -> int:
    control = headers.get("cache-control", "")[:1000]
    match = None if _UNCACHED.search(control) else _MAX_AGE.search(control)
    return int(match[1]) if match else 0


def after_failure(
    state: SourceState, source: Source, error: DealwatchError, now: datetime, jitter: float
) -> SourceState:
    """The state after a fetch or a reading that failed: the rest doubles up to a day, spread by `jitter` (0 to 1).

    A Retry-After is kept to, up to a day; HTTP 410 disables the source until its address changes or it is enabled.
    """
    failures = state.failures + 1
    backoff = max(source.every, LEAST_BACKOFF) * 2 ** min(failures - 1, 20)
    rest = min(backoff, LONGEST) * (0.8 + 0.2 * min(max(jitter, 0.0), 1.0))  # spread downwards: a day is the most
    asked = getattr(error, "retry_after", None) or 0
    return replace(
        state,
        failures=failures,
        last_fetch_at=now,
        next_fetch_at=now + timedelta(seconds=max(rest, min(asked, LONGEST))),
        disabled_reason="HTTP 410: gone for good" if getattr(error, "status", 0) == 410 else state.disabled_reason,
        last_error=error.message[:200],
        configured_url=source.url,
    )


def retry_seconds(text: str, now: datetime) -> int | None:
    """The seconds that a Retry-After asks to wait, at most a day; None where it says nothing.

    >>> retry_seconds("120", datetime(2023, 1, 23, tzinfo=UTC))
    120
    >>> retry_seconds("Mon, 23 Jan 2023 01:00:00 GMT", datetime(2023, 1, 23, tzinfo=UTC))
    3600
    """
    from email.utils import parsedate_to_datetime  # 10 ms, and the store imports this module

    text = text.strip()[:60]
    if text.isdecimal():
        return min(int(text[:9]), LONGEST)
    try:
        moment = parsedate_to_datetime(text)
        wait = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0, wait), LONGEST)
