"""Times of day and time zones as people write them: "8:15 a.m. ET", "à 8h15, heure de Paris"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dealwatch.lang import UNKNOWN, codes, load

Time = tuple[int, int, int]

_OFFSET = re.compile(r"(?:\b(?:GMT|UTC)\s?)?(?<![\d−-])([+−-])(\d{1,2})(?:[:.]?(\d{2}))?(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d.:/-])(\d{1,2})(?:\s?[:.]|\s?h\s?)(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?(?![\d/])(?:\s?([ap])\.?\s?m\b\.?)?"
    r"|(?<![\d.:/-])(\d{1,2})\s?([ap])\.?m\b\.?",
    re.I,
)
_ALONE = 40  # characters of a line that is but a time
_BEHIND = 40  # characters after a time in which its zone stands


@lru_cache(maxsize=1)
def _zones() -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Name of a zone -> its place, and the pattern that finds one.

    Abbreviations stand in capitals and not before another word in capitals: "8H15 ET MIS À JOUR" is in French.
    """
    short = load(UNKNOWN).section("zones")
    long = {name: place for code in codes() for name, place in load(code).section("zones").items()}
    words = "|".join(re.escape(name) for name in sorted(long, key=len, reverse=True))
    marks = "|".join(re.escape(name) for name in sorted(short, key=len, reverse=True))
    pattern = re.compile(rf"\b(?:((?i:{words}))|({marks})(?!\s[^\W\d_a-z]{{2}}))\b")
    return {**short, **long}, pattern


@lru_cache(maxsize=64)
def _place(name: str) -> tzinfo | None:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a system without its table of time zones
        return None


def read_offset(text: str) -> timezone | None:
    """The offset that a text gives in figures, None for anything else.

    >>> [zone and zone.tzname(None) for zone in map(read_offset, ("+05:30", "GMT-5", "noon"))]
    ['UTC+05:30', 'UTC-05:00', None]
    """
    match = _OFFSET.search(text)
    if not match:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(span if match[1] == "+" else -span) if span <= timedelta(hours=15) else None


def read_zone(text: str) -> tzinfo | None:
    """The time zone that a text names first, None where it names none.

    >>> str(read_zone("8:15 AM ET")), read_zone("8H15 ET MIS À JOUR")
    ('America/New_York', None)
    """
    text = text.replace("’", "'")
    if (offset := read_offset(text)) is not None:
        return offset
    table, pattern = _zones()
    match = pattern.search(text)
    return _place(table[match[0] if match[2] else match[0].lower()]) if match else None


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)


def read_clock(text: str) -> tuple[Time, tzinfo] | None:
    """The first time of day in a text that stands with its zone, None where none does.

    >>> read_clock("at 8:15 p.m. UTC")
    ((20, 15, 0), datetime.timezone.utc)
    >>> read_clock("à 8h15")
    """
    for match in _CLOCK.finditer(text[:300]):
        hour, half = int(match[1] or match[5]), match[4] or match[6]
        minute, second = int(match[2] or 0), int(match[3] or 0)
        zone = read_zone(text[match.end() : match.end() + _BEHIND])
        if zone is not None and hour < 24 and minute < 60 and second < 60 and not (half and hour > 12):
            return (_hour(hour, half), minute, second), zone
    return None


def is_time(line: str) -> bool:
    """Whether a line is a time of day and nothing else, as over each entry of a live blog.

    >>> is_time("16.05"), is_time("2:10 pm BST"), is_time("16.05 Reaction"), is_time("3.50 dollars")
    (True, True, False, False)
    """
    match = _CLOCK.search(line) if len(line) <= _ALONE else None
    if match is None:
        return False
    _, pattern = _zones()
    rest = line[: match.start()] + pattern.sub("", line[match.end() :])
    return not any(map(str.isalnum, rest))
