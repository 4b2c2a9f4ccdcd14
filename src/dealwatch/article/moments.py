"""A date as machines or people write it in a page: an aware instant in the publisher's offset, and its precision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

from dealwatch.article.clock import read_clock, read_zone
from dealwatch.lang import codes, load
from dealwatch.model import DatePrecision

FIRST_YEAR, LAST_YEAR = 1995, 2100  # outside these a number is no date of news: the web has none before, systems lie
_ISO = re.compile(
    r"(\d{4})(?:-?(\d{2})-?(\d{2})|[-/.](\d{1,2})[-/.](\d{1,2}))(?!\d)"
    r"(?:[T ,]{1,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(?![\d:])"
    r"(?:\s?([ap])\.?m\b\.?)?\s{0,2}(.{0,40}))?",
    re.I,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?\Z")
_ZONE = re.compile(r"Z\b|\[|[+−-]\s?\d|[A-Z]", re.I)
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,6})?\Z")
_RFC = re.compile(
    r"(?:[A-Z][a-z]{2,8}, ?)?\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2}(?:\d{2})? \d{1,2}:\d{2}(?::\d{2})? "
    r"(?:[+-]\d{4}|GMT|UTC|UT|Z)\Z"
)
# What a script's Date prints: "Tue Mar 04 2025 08:15:00 GMT+0100 (CET)"; and Unix: "Tue Mar 4 08:15:00 UTC 2025".
_SCRIPT = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")
_UNIX = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}:\d{2}:\d{2}) ([A-Z]{3,4}) (\d{4})\Z")
_SHORT_WORD = r"(?:[^\W\d_]{1,3}\s)?"  # "3 de mayo de 2024"
_WRITTEN = re.compile(
    r"(?<!\w)(?:(\d{1,2})[./-](\d{1,2})[./-](\d{4})"
    rf"|(\d{{1,2}})(?:[^\W\d_]{{1,2}}|[.º])?\s{{1,2}}{_SHORT_WORD}([^\W\d_]{{3,12}})\.?,?\s{{1,2}}{_SHORT_WORD}(\d{{4}})"
    r"|([^\W\d_]{3,12})\.?\s(\d{1,2})(?:[^\W\d_]{2})?,?\s{1,2}(\d{4}))(?!\d)"
)
_ONE_DAY = timedelta(hours=26)  # between a day as midnight UTC and a time of that day anywhere
_LONGEST = 100  # characters of a date


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as a page gives it."""

    at: datetime
    precision: DatePrecision
    source: str

    def refines(self, other: Moment) -> bool:
        """Whether this tells the time of a moment of which the other tells only the day."""
        return self.precision == "instant" != other.precision and abs(self.at - other.at) < _ONE_DAY


def _known(at: datetime, precision: DatePrecision, source: str) -> Moment | None:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    offset = at.utcoffset() or timedelta()
    return Moment(at.replace(tzinfo=timezone(offset) if offset else UTC), precision, source)


def _zone_of(text: str) -> tzinfo | None:
    """The zone at the end of a date and time, None without any or for one that nobody knows."""
    if text[:1] in ("Z", "z") and not text[1:2].isalpha():
        return UTC
    return read_zone(text) if text and _ZONE.match(text) else None


def _from_iso(match: re.Match[str], source: str) -> Moment | None:
    year, month, day, other_month, other_day, hour, minute, second, fraction, half, rest = match.groups()
    late = 12 if half and half.lower() == "p" else 0
    hours = int(hour or 0)
    try:
        at = datetime(
            int(year), int(month or other_month), int(day or other_day), hours % 12 + late if half else hours,
            int(minute or 0), int(second or 0), int((fraction or "0")[:6].ljust(6, "0")),
        )  # fmt: skip
    except ValueError:
        return None
    zone = _zone_of(rest or "")
    timed = zone is not None and (at.hour, at.minute, at.second) != (0, 0, 0)
    return _known(at.replace(tzinfo=zone or UTC), "instant" if timed else "day", source)


def _from_stamp(text: str, source: str) -> Moment | None:
    """Of "20250304T081500Z": figures without marks."""
    match = _COMPACT.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    return read_moment(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone or ''}", source)


def _from_words(text: str, source: str) -> Moment | None:
    """Of dates as mail, scripts and Unix write them."""
    if match := _SCRIPT.match(text):
        text = f"{match[2]} {match[1]} {match[3]} {match[4]} {match[5]}"
    elif match := _UNIX.match(text):
        zone = read_zone(match[4])
        at = parsedate_to_datetime(f"{match[2]} {match[1]} {match[5]} {match[3]} +0000")
        return _known(at.replace(tzinfo=zone or UTC), "instant" if zone else "day", source)
    if not _RFC.match(text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return _known(at if at.tzinfo else at.replace(tzinfo=UTC), "instant", source)


def read_moment(text: str, source: str) -> Moment | None:
    """The moment that a machine-readable date means, None for anything else.

    A time of day without an offset is kept as if in UTC, but counts as a day only; so does midnight to the second,
    which is what a publishing system writes for a date without a time.

    >>> read_moment("2024-04-28T09:36:00+02:00", "meta").at.isoformat()
    '2024-04-28T09:36:00+02:00'
    >>> read_moment("2024-04-28 09:36", "meta").precision
    'day'
    """
    text = text.strip()[:_LONGEST]
    if epoch := _EPOCH.match(text):
        return _known(datetime.fromtimestamp(int(epoch.group(1)), UTC), "instant", source)
    if found := _from_stamp(text, source):
        return found
    if match := _ISO.match(text):
        return _from_iso(match, source)
    try:
        return _from_words(text, source) or read_written(text, source)
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Name of a month, in any language -> its number."""
    tables = [load(code).section("dates").get("months", {}) for code in codes()]
    return {name: int(number) for table in tables for number, names in table.items() for name in names}


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    """A day whose year, month and day each have a sign of their own behind them, in any language."""
    rows = [load(code).section("dates")["units"] for code in codes() if "units" in load(code).section("dates")]
    year, month, day = ("|".join(sorted({re.escape(sign) for row in rows for sign in row[unit]}))
                        for unit in ("year", "month", "day"))  # fmt: skip
    return re.compile(rf"(?<!\d)(\d{{4}})\s?(?:{year})\s?(\d{{1,2}})\s?(?:{month})\s?(\d{{1,2}})\s?(?:{day})")


def _written_days(text: str) -> Iterator[tuple[re.Match[str], tuple[int, int, int]]]:
    """The days that a line tells, as year, month and day; none that could be read two ways."""
    for match in _WRITTEN.finditer(text):
        parts = _parts(match)
        if parts is not None:
            yield match, parts
    for match in _counted().finditer(text):
        yield match, (int(match[1]), int(match[2]), int(match[3]))


def _parts(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Year, month and day of a written date; None for one that could be read two ways."""
    one, two, year = (group for group in match.groups() if group)
    if one.isdigit() and two.isdigit():
        first, second = int(one), int(two)
        if "." not in match.group() and first <= 12 and second <= 12 and first != second:
            return None
        return (int(year), second, first) if second <= 12 else (int(year), first, second)
    day, name = (one, two) if one.isdigit() else (two, one)
    month = _months().get(name.lower().rstrip("."))
    return (int(year), month, int(day)) if month and day.isdigit() else None


def read_written(text: str, source: str = "text") -> Moment | None:
    """The day that a line of a page tells in figures or words, and its time where it stands there with a zone.

    None where there is no day, or one that can be read two ways.

    >>> [read_written(line).at.date().isoformat() for line in ("Stand: 28.04.2023", "Le 1er mai 2024", "May 3, 2024")]
    ['2023-04-28', '2024-05-01', '2024-05-03']
    >>> read_written("2024年5月3日").at.date().isoformat()
    '2024-05-03'
    >>> read_written("March 4, 2025 at 8:15 a.m. ET").at.isoformat()
    '2025-03-04T08:15:00-05:00'
    >>> read_written("03/04/2024")
    """
    text = text[:200]
    for match, parts in _written_days(text):
        clock = read_clock(text[match.end() :]) or read_clock(text[: match.start()])
        (hour, minute, second), zone = clock or ((0, 0, 0), UTC)
        try:
            at = datetime(*parts, hour, minute, second, tzinfo=zone)
        except ValueError:
            continue
        if found := _known(at, "instant" if clock else "day", source):
            return found
    return None


