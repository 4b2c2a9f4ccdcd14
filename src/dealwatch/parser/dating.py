"""Dates as stories tell them, read against the day of publication: "on Tuesday", "le 25 juin 2024", "last August"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.parser.phrasebook import exactly
from dealwatch.parser.textwords import first_words, places_of

_WORD = re.compile(r"\w{1,30}")
_FURTHEST = 6_000  # characters of a stretch that are looked at: what is longer is no sentence
RECENT_DAYS = 31  # a day within a month of publication is news, before that it is background


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: ISO day, month or year, and whether it lies well before publication."""

    start: int
    end: int
    value: str
    past: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The compiled ``[dates]`` of one pack."""

    pattern: re.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days_back: Mapping[str, int]
    years_back: Mapping[str, int]
    months_back: Mapping[str, int]
    numbers: Mapping[str, int]
    stop: re.Pattern[str] | None = None  # words before a date that is no event's: "since 2019", "founded in 2019"
    openers: frozenset[str] = frozenset()  # words, lower case, that a date can begin with
    firsts: frozenset[str] = frozenset()  # the same as the words of a text
    founding: re.Pattern[str] | None = None  # words of a company's birth
    last: re.Pattern[str] | None = None  # "last Thursday", told on a Thursday, is a week ago


def _any(words: Iterable[str]) -> str:
    return exactly(words, {" ": r"\s", "'": "['’]"})


@lru_cache(maxsize=32)
def compile_calendar(pack: Pack) -> Calendar:
    """The date words of a pack, ready for reading."""
    table = pack.section("dates")
    months = {word: int(number) for number, words in table.get("months", {}).items() for word in words}
    weekdays = {word: number for number, word in enumerate(table.get("weekdays", ()))}
    numbers: Mapping[str, int] = table.get("numbers", {})
    back = [table.get(f"{unit}_back", {}) for unit in ("days", "years", "months")]
    if not months:
        return Calendar(re.compile(r"\b(?P<year>(?:19[89]|20\d)\d)\b"), {}, {}, {}, {}, {}, {})
    number = rf"(?:\d{{1,2}}|{_any(numbers)})"
    year, month = r"(?:19[89]|20\d)\d", _any(months)
    near = _any(table.get("month_before", ()))
    ago = "|".join(
        f"(?P<ago{unit}{n}>" + text.replace("#", rf"(?P<n{unit}{n}>{number})").replace(" ", r"\s") + ")"
        for unit in ("y", "m", "d")
        for n, text in enumerate(table.get("ago", {}).get(unit, ()))
    )
    parts = [
        rf"(?P<d1>\d{{1,2}})(?:er|st|nd|rd|th|\.)?\s(?:de\s)?(?P<m1>{month})\b\.?(?:,?\s(?:de\s)?(?P<y1>{year}))?",
        rf"\b(?P<m2>{month})\b\.?\s(?P<d2>\d{{1,2}})(?![\d%.,]\d|\d|\s?%)(?:st|nd|rd|th)?(?:,?\s(?P<y2>{year}))?",
        rf"\b(?P<m3>{month})\b\.?,?\s(?:of\s|de\s)?(?P<y3>{year})",
        rf"\b(?:{near})\s(?P<m4>{month})\b(?!\.?\s\d{{1,2}}\b)\.?(?:,?\s(?:of\s|de\s)?(?P<y4>{year}))?",
        rf"\b(?P<weekday>{_any(weekdays)})\b",
        *(
            rf"\b(?P<{name}>{_any(words)})\b"
            for name, words in zip(("back", "yearsback", "monthsback"), back, strict=True)
            if words
        ),
        *([ago] if ago else []),
        rf"(?<![\w.,-])(?P<year>{year})(?![\w%]|[.,-]\d|\s?(?:{_any(table.get('not_year', ('%',)))}))",
    ]
    stop = re.compile(rf"\b(?:{_any(table.get('not_events', ()))})\s?\Z", re.IGNORECASE)
    last = re.compile(rf"\s?\b(?:{_any(table.get('last', ()))})\b", re.IGNORECASE)
    days, years, earlier = back
    pattern = re.compile("|".join(parts), re.IGNORECASE)
    agos = [text for texts in table.get("ago", {}).values() for text in texts]
    phrases = [*months, *weekdays, *days, *years, *earlier, *numbers, *table.get("month_before", ()), *agos]
    openers = frozenset(word.group().lower() for word in map(_WORD.search, phrases) if word is not None)
    founding = re.compile(rf"\b(?:{_any(table.get('founding', ()))})\b", re.IGNORECASE)
    firsts = first_words(openers)
    return Calendar(pattern, months, weekdays, days, years, earlier, numbers, stop, openers, firsts, founding, last)


def _month_value(month: int, published: date | None, year: str | None) -> str | None:
    if year:
        return f"{year}-{month:02d}"
    if published is None:
        return None
    return f"{published.year - (month > published.month)}-{month:02d}"


def _day_value(day: int, month: int, year: str | None, published: date | None) -> date | None:
    try:
        if year:
            return date(int(year), month, day)
        if published is None:
            return None
        near = date(published.year, month, day)
        if near - published > timedelta(days=183):
            near = date(published.year - 1, month, day)
        elif published - near > timedelta(days=183):
            near = date(published.year + 1, month, day)
        return near
    except ValueError:
        return None


def _shift(published: date, unit: str, count: int) -> str:
    if unit == "d":
        return (published - timedelta(days=min(count, 20000))).isoformat()
    if unit == "y":
        return str(published.year - count)
    months = published.year * 12 + published.month - 1 - count
    return f"{months // 12}-{months % 12 + 1:02d}"


def _count(text: str | None, calendar: Calendar) -> int:
    if not text:
        return 1
    return int(text) if text.isdigit() else calendar.numbers.get(text.lower(), 1)


def _value(match: re.Match[str], calendar: Calendar, published: date | None) -> str | None:
    groups = {name: text for name, text in match.groupdict().items() if text}
    for n in ("1", "2"):
        if "d" + n in groups:
            day = _day_value(
                int(groups["d" + n]), calendar.months[groups["m" + n].lower()], groups.get("y" + n), published
            )
            return day.isoformat() if day else None
    for n in ("3", "4"):
        if "m" + n in groups:
            return _month_value(calendar.months[groups["m" + n].lower()], published, groups.get("y" + n))
    if "year" in groups:
        return groups["year"]
    if published is None:
        return None
    if "weekday" in groups:
        back = (published.weekday() - calendar.weekdays[groups["weekday"].lower()]) % 7
        return (published - timedelta(days=back)).isoformat()
    tables = (
        ("back", "d", calendar.days_back),
        ("yearsback", "y", calendar.years_back),
        ("monthsback", "m", calendar.months_back),
    )
    for name, unit, table in tables:
        if name in groups:
            key = re.sub(r"\s", " ", groups[name].lower().replace("’", "'"))
            return _shift(published, unit, table.get(key, 0))
    for name in groups:
        if name.startswith("ago"):
            return _shift(published, name[3], _count(groups.get("n" + name[3:]), calendar))
    return None


def is_past(value: str, published: date | None) -> bool:
    """Whether a date lies well before publication: a month for days and months, an earlier year for years."""
    if published is None:
        return False
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return parts[0] < published.year
    if len(parts) == 2:
        return parts[0] * 12 + parts[1] < published.year * 12 + published.month
    return (published - date(*parts)).days > RECENT_DAYS


def _tomorrow(published: date) -> str:
    return (published + timedelta(days=1)).isoformat() if published < date.max else published.isoformat()


def _resolve(text: str, match: re.Match[str], calendar: Calendar, published: date | None) -> str | None:
    """The value of a matched date; None where it is no event's, or cannot be told."""
    if calendar.stop is not None and calendar.stop.search(text, max(0, match.start() - 24), match.start()):
        return None
    low, founding = max(0, match.start() - 80), calendar.founding
    if founding is not None and founding.search(text, low, match.start()):
        clause = max(text.rfind(mark, low, match.start()) for mark in ",.;(\n")
        if founding.search(text, max(clause, low), match.start()):
            return None  # "founded in a garage in 1994" dates no deal
    value = _value(match, calendar, published)
    if value is not None and published is not None and value[:10] > _tomorrow(published) and len(value) == 10:
        return None  # a day to come is no day of news: "zum 1. Juli"
    if match.groupdict().get("weekday") and published is not None and value == published.isoformat():
        near = (text[max(0, match.start() - 6) : match.start()], text[match.end() : match.end() + 9])
        if calendar.last is not None and any(calendar.last.search(piece) for piece in near):
            return (published - timedelta(days=7)).isoformat()
    return value


def _can_begin(text: str, place: int, calendar: Calendar) -> bool:
    """Whether a date can begin at a word, and not inside a longer one ("Q3")."""
    if place and (text[place - 1].isalnum() or text[place - 1] == "_"):
        return False
    if text[place].isdigit():
        return True
    word = _WORD.match(text, place)
    return word is not None and word.group().lower() in calendar.openers


class Dates:
    """The dates of a text that can be resolved, read where they are asked for: most sentences tell no deal.

    >>> from dealwatch.lang import load
    >>> [dated.value for dated in Dates("In May 2024, then on 3 June 2024", load("en"), None).within(10, 40)]
    ['2024-06-03']
    """

    def __init__(self, text: str, pack: Pack, published: date | None) -> None:
        self._text, self._calendar, self._published = text, compile_calendar(pack), published
        self._places: list[int] | None = None  # where a date can begin
        self._found: dict[int, tuple[int, Dated | None]] = {}  # place -> where what stands there ends, and its date

    def within(self, start: int, end: int) -> tuple[Dated, ...]:
        """The dates that begin in a stretch of the text, in order of place; a long stretch is not read to its end."""
        end = min(end, start + _FURTHEST)
        if self._places is None:
            self._places = places_of(self._text, self._calendar.firsts, digits=True)
        found, here = [], start
        first, last = bisect_left(self._places, start), bisect_left(self._places, end)
        for place in self._places[first:last]:
            if place < here:
                continue
            if place not in self._found:
                self._found[place] = self._at(place)
            here, dated = self._found[place]
            if dated is not None:
                found.append(dated)
        return tuple(found)

    def _at(self, place: int) -> tuple[int, Dated | None]:
        if not _can_begin(self._text, place, self._calendar):
            return place, None
        match = self._calendar.pattern.match(self._text, place)
        if match is None:
            return place, None
        value = _resolve(self._text, match, self._calendar, self._published)
        dated = value and Dated(match.start(), match.end(), value, is_past(value, self._published))
        return match.end(), dated or None
