"""The small grammar of dates that people type: ``7d``, ``yesterday``, ``2023``, ``2023-Q1``, ``2023-01-23``, ISO times.

A written date is a period (its first moment to its last, in UTC), a relative span reaches from then until now, and a
time with a clock is one instant. "Now" is an argument: nothing here reads a clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from dealwatch.errors import UsageError

Range = tuple[datetime, datetime]

_HINT = "write 7d, 2w, 3m, 1y, today, yesterday, 2023, 2023-Q1, 2023-01, 2023-01-23 or 2023-01-23T10:30Z"
_MOMENT = timedelta(microseconds=1)  # the clock's own step: the last moment of a day is one step before the next day
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_RELATIVE = re.compile(r"(\d{1,4})([hdwmy])", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-q([1-4])", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:z|[+-]\d{2}:?\d{2})?", re.ASCII)
_FIXED = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def _months_back(now: datetime, months: int) -> datetime:
    """The same day that many months earlier, or the last day of that month where it is shorter."""
    count = now.year * 12 + now.month - 1 - months
    year, month = divmod(count, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def _span_back(now: datetime, number: int, unit: str) -> Range:
    if unit in _FIXED:
        return now - number * _FIXED[unit], now
    return _months_back(now, number * (12 if unit == "y" else 1)), now


def _months(year: int, month: int, length: int) -> Range:
    """The months from that one on, as a period."""
    after = divmod(year * 12 + month - 1 + length, 12)
    end = datetime(after[0], after[1] + 1, 1, tzinfo=UTC) - _MOMENT if after[0] <= 9999 else _LAST
    return datetime(year, month, 1, tzinfo=UTC), end


def _day(start: datetime) -> Range:
    return start, start + (timedelta(days=1) - _MOMENT)


def _written(text: str) -> Range | None:
    """The period that a written date names: a year, a quarter, a month, a day; or the instant of a time."""
    if match := _QUARTER.fullmatch(text):
        return _months(int(match[1]), int(match[2]) * 3 - 2, 3)
    if match := _DATE.fullmatch(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if day is not None and month is not None:
            return _day(datetime(year, month, day, tzinfo=UTC))
        return _months(year, 1, 12) if month is None else _months(year, month, 1)
    if _TIME.fullmatch(text):
        time = datetime.fromisoformat(text.upper())
        moment = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        return moment, moment
    return None


def _read(text: str, now: datetime) -> Range | None:
    word = text.strip().lower()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if word == "now":
        return now, now
    if word == "today":
        return _day(midnight)
    if word == "yesterday":
        return _day(midnight - timedelta(days=1))
    if match := _RELATIVE.fullmatch(word):
        return _span_back(now, int(match[1]), match[2])
    return _written(word)


def parse_range(text: str, now: datetime) -> Range:
    """The period that a date names: first and last moment, both inside it, in UTC. A span ("7d") ends now.

    >>> noon = datetime(2023, 1, 24, 12, tzinfo=UTC)
    >>> [str(moment) for moment in parse_range("2023-01", noon)]
    ['2023-01-01 00:00:00+00:00', '2023-01-31 23:59:59.999999+00:00']
    >>> [str(moment) for moment in parse_range("2d", noon)]
    ['2023-01-22 12:00:00+00:00', '2023-01-24 12:00:00+00:00']
    """
    try:
        found = _read(text, now.astimezone(UTC))
    except (ValueError, OverflowError):  # the 30th of February, the year 0, 9999 years ago
        found = None
    if found is None:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise UsageError(f"cannot read the date {shown!r}", _HINT)
    return found


def parse_since(text: str, now: datetime) -> datetime:
    """The first moment of the period that a date names: an inclusive start."""
    return parse_range(text, now)[0]


def _is_span(text: str) -> bool:
    return _RELATIVE.fullmatch(text.strip().lower()) is not None


def parse_until(text: str, now: datetime) -> datetime:
    """The last moment of the period that a date names: an inclusive end. A span is the moment so long ago.

    >>> str(parse_until("2023-01-23", datetime(2024, 5, 1, tzinfo=UTC)))
    '2023-01-23 23:59:59.999999+00:00'
    """
    start, end = parse_range(text, now)
    return start if _is_span(text) else end


def parse_before(text: str, now: datetime) -> datetime:
    """The moment whose state a comparison starts from: the last before a period, or the instant itself.

    So that ``diff 2023-01-23`` tells what the 23rd brought, and ``diff 7d`` what the last seven days did.

    >>> str(parse_before("2023-01-23", datetime(2024, 5, 1, tzinfo=UTC)))
    '2023-01-22 23:59:59.999999+00:00'
    """
    start, end = parse_range(text, now)
    if start == end or _is_span(text):
        return start
    return start - _MOMENT if start > _FIRST else start
