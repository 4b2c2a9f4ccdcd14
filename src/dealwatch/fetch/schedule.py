"""When a source is asked again: pure, `now` and the jitter are arguments."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from dealwatch.errors import DealwatchError
from dealwatch.fetch.failures import Resting
from dealwatch.fetch.response import Response
from dealwatch.model import Source

LONGEST = 86_400  # seconds: no failure, Retry-After, max-age or ttl keeps a source away longer
LEAST_BACKOFF = 60  # a source with every = "0s" still rests after a failure
NEAR = 3600  # seconds by which a server's clock may differ from ours and still be told from one of another time
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s{0,3}=\s{0,3}\"?(\d{1,9})", re.IGNORECASE)
_UNCACHED = re.compile(r"(?:^|[,\s])(?:no-store|no-cache)(?![-\w=])", re.IGNORECASE)


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
    given_by: str | None = None  # the address that gave the validators, as `mark_address` tells it
    max_age: int = 0  # seconds, of the answer that was read last: a 304 need not repeat it
    ttl: int = 0  # likewise, as the feed itself says
    choice: str | None = None  # what was taken of the list, as a hash: of more, or of others, it must come whole again


def new_state(source: Source) -> SourceState:
    """The state of a source that was never fetched."""
    return SourceState(source.url, configured_url=source.url)


def current_state(state: SourceState | None, source: Source) -> SourceState:
    """The state to go by: a new one where there is none, or where the configuration names another address by now."""
    if state is None or (state.configured_url or source.url) != source.url:
        return new_state(source)
    return state


def is_due(state: SourceState | None, source: Source, now: datetime) -> bool:
    """Whether a source is to be asked now. A turn further off than any rule puts it was set by a clock gone wrong."""
    if not source.enabled:
        return False
    known = current_state(state, source)
    if known.disabled_reason is not None:
        return False
    if known.next_fetch_at is None or known.next_fetch_at <= now:
        return True
    return (known.next_fetch_at - now).total_seconds() > max(source.every, LONGEST) + NEAR


def after_success(
    state: SourceState, source: Source, response: Response, now: datetime, ttl: int | None = None
) -> SourceState:
    """The state once a response was read (so a redirect moves a source only when what it led to makes sense).

    The next turn comes `every` after the run began (`now`), but not before the response's max-age and the feed's `ttl`
    (seconds; None: its body was not read) are over, which count from the answer.
    """
    unchanged, given = response.not_modified, response.validators
    max_age = fresh_seconds(response.headers, response.at or now)
    max_age = (state.max_age if unchanged else 0) if max_age is None else max_age
    ttl = state.ttl if ttl is None else min(max(ttl, 0), LONGEST)
    fresh_until = (response.at or now) + timedelta(seconds=max(max_age, ttl))
    return replace(
        state,
        url=response.moved_to or state.url,
        etag=given.etag or (state.etag if unchanged else None),
        last_modified=given.last_modified or (state.last_modified if unchanged else None),
        given_by=given.given_by or (state.given_by if unchanged else None),
        body_hash=response.body_hash or state.body_hash,
        failures=0,
        last_fetch_at=now,
        last_success_at=now,
        next_fetch_at=max(now + timedelta(seconds=source.every), fresh_until),
        disabled_reason=None,
        last_error=None,
        configured_url=source.url,
        max_age=max_age,
        ttl=ttl,
    )


def fresh_seconds(headers: Mapping[str, str], now: datetime) -> int | None:
    """The seconds for which an answer says it holds, at most a day; None where it says nothing of it.

    What says so is max-age, less the answer's Age, and where there is none Expires. s-maxage speaks to proxies.

    >>> fresh_seconds({"cache-control": "max-age=600", "age": "100"}, datetime(2023, 1, 23, tzinfo=UTC))
    500
    """
    control = headers.get("cache-control", "")[:1000]
    if _UNCACHED.search(control):
        return 0
    if match := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()[:12]
        return min(max(int(match[1]) - (int(age) if _is_number(age) else 0), 0), LONGEST)
    if expires := headers.get("expires"):
        return _seconds_until(expires, now, headers.get("date")) or 0
    return 0 if control else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def after_failure(
    state: SourceState, source: Source, error: DealwatchError, now: datetime, jitter: float
) -> SourceState:
    """The state after a fetch or a reading that failed: the rest doubles up to a day, spread by `jitter` (0 to 1), and
    is never shorter than `every`.

    A Retry-After is kept to, up to a day; HTTP 410 disables the source until its address changes or it is enabled.
    Where its host rests the source was not asked: it is put off until then, and has not failed.
    """
    asked = min(getattr(error, "retry_after", None) or 0, LONGEST)
    said = replace(state, last_error=error.message[:200], configured_url=source.url)
    if isinstance(error, Resting):
        return replace(said, next_fetch_at=now + timedelta(seconds=asked))
    failures = state.failures + 1
    backoff = max(source.every, LEAST_BACKOFF) * 2 ** min(failures - 1, 20)
    rest = min(backoff, LONGEST) * (0.8 + 0.2 * min(max(jitter, 0.0), 1.0))  # spread downwards: a day is the most
    return replace(
        said,
        failures=failures,
        last_fetch_at=now,
        next_fetch_at=now + timedelta(seconds=max(rest, source.every, asked)),
        disabled_reason="HTTP 410: gone for good" if getattr(error, "status", 0) == 410 else state.disabled_reason,
    )


def retry_seconds(text: str, now: datetime, server_date: str | None = None) -> int | None:
    """The seconds that a Retry-After asks to wait, at most a day; None where it says nothing.

    >>> retry_seconds("120", datetime(2023, 1, 23, tzinfo=UTC))
    120
    >>> retry_seconds("Mon, 23 Jan 2023 01:00:00 GMT", datetime(2023, 1, 23, tzinfo=UTC))
    3600
    """
    text = text.strip()[:60]
    return min(int(text[:9]), LONGEST) if _is_number(text) else _seconds_until(text, now, server_date)


def _seconds_until(text: str, now: datetime, server_date: str | None) -> int | None:
    """The seconds until an HTTP date, 0 to a day, by our clock or the server's own, whichever says more."""
    moment = _http_date(text)
    if moment is None:
        return None
    own = _http_date(server_date or "")
    start = own if own and abs((own - now).total_seconds()) <= NEAR else now
    return min(max(0, math.ceil((moment - min(start, now)).total_seconds())), LONGEST)


def _http_date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # 10 ms, and the store imports this module

    try:
        moment = parsedate_to_datetime(text.strip()[:60])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
