"""When a page says it was published and changed: an aware instant in the publisher's offset, and how precise it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from selectolax.lexbor import LexborNode

from dealwatch.article import records
from dealwatch.article.characters import clean, strip_unseen
from dealwatch.article.page import Page
from dealwatch.lang import codes, load
from dealwatch.model import DatePrecision

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ,]{1,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s{0,2}(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?![\d:])",
    re.I,
)
_SHORT_WORD = r"(?:[^\W\d_]{1,3}\s)?"  # "3 de mayo de 2024"
_WRITTEN = re.compile(
    r"(?<!\w)(?:(\d{1,2})[./](\d{1,2})[./](\d{4})"
    rf"|(\d{{1,2}})(?:[^\W\d_]{{1,2}}|[.º])?\s{{1,2}}{_SHORT_WORD}([^\W\d_]{{3,12}})\.?,?\s{{1,2}}{_SHORT_WORD}(\d{{4}})"
    r"|([^\W\d_]{3,12})\.?\s(\d{1,2})(?:[^\W\d_]{2})?,?\s{1,2}(\d{4}))(?!\d)"
)
_OF_OTHERS = "a *, li a, aside *"  # the date of a story that is linked to
_DATE_LINES = '[class*="date" i], [class*="publi" i], [class*="time" i], time'
_EPOCH = re.compile(r"(\d{10})(\d{3})?\Z")
_RFC = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[A-Z]{1,4})\Z")
_ONE_DAY = timedelta(hours=26)  # between a day as midnight UTC and a time of that day anywhere
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-])")
_LARGEST = 1_000_000  # characters of a page that htmldate is given
_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # outside these a number is no date of news

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "date.created", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "last-modified")
_TIME_TAGS = (
    'time[itemprop="datePublished"]', 'time[pubdate]', '[itemprop="datePublished"]', "article time[datetime]",
    "time[datetime]",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as a page gives it."""

    at: datetime
    precision: DatePrecision
    source: str

    def refines(self, other: Moment) -> bool:
        """Whether this tells the time of a moment of which the other tells only the day."""
        return self.precision == "instant" != other.precision and abs(self.at - other.at) < _ONE_DAY


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span) if span < timedelta(hours=24) else None


def _from_iso(match: re.Match[str], source: str) -> Moment | None:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        offset = _offset(zone)
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro)
    except ValueError:
        return None
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        return None
    timed = offset is not None and (at.hour, at.minute, at.second) != (0, 0, 0)
    return Moment(at.replace(tzinfo=offset or UTC), "instant" if timed else "day", source)


def read_moment(text: str, source: str) -> Moment | None:
    """The moment that a machine-readable date means, None for anything else.

    A time of day without an offset is kept as if in UTC, but counts as a day only; so does midnight to the second,
    which is what a publishing system writes for a date without a time.

    >>> read_moment("2024-04-28T09:36:00+02:00", "meta").at.isoformat()
    '2024-04-28T09:36:00+02:00'
    >>> read_moment("2024-04-28 09:36", "meta").precision
    'day'
    """
    text = text.strip()[:100]
    if epoch := _EPOCH.match(text):
        at = datetime.fromtimestamp(int(epoch.group(1)), UTC)
        return Moment(at, "instant", source) if _FIRST_YEAR <= at.year <= _LAST_YEAR else None
    if match := _ISO.match(text):
        return _from_iso(match, source)
    if _RFC.match(text):
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        return Moment(at if at.tzinfo else at.replace(tzinfo=UTC), "instant", source)
    return None


def _candidates(page: Page, selector: str) -> Iterator[tuple[str, str]]:
    for node in page.select(selector)[:2] if selector else ():
        yield _stated(node), "selectors"
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for text in records.strings(page.record.get(key)):
            yield text, "json-ld"
    for name in _PUBLISHED:
        for content in page.contents(name)[:2]:
            yield content, "meta"
    for tags in _TIME_TAGS:
        for node in page.tree.css(tags)[:2]:
            yield _stated(node), "time"


def _stated(node: LexborNode) -> str:
    return node.attributes.get("datetime") or node.attributes.get("content") or clean(node.text()[:200])


def find_published(page: Page, selector: str = "") -> Moment | None:
    """When the page was first published: the source's selector, JSON-LD, meta tags, then `time` elements.

    Where the first tells only the day, a later one that tells the time of that day stands in its place.
    """
    best: Moment | None = None
    for text, source in _candidates(page, selector):
        moment = read_moment(text, source)
        if moment and (best is None or moment.refines(best)):
            best = moment
        if best and best.precision == "instant":
            break
    return best


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Name of a month, in any language -> its number."""
    tables = [load(code).section("dates").get("months", {}) for code in codes()]
    return {name: int(number) for table in tables for number, names in table.items() for name in names}


def _parts(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Year, month and day of a written date; None for one that could be read two ways."""
    one, two, year = (group for group in match.groups() if group)
    if one.isdigit() and two.isdigit():
        first, second = int(one), int(two)
        if "/" in match.group() and first <= 12 and second <= 12 and first != second:
            return None
        return (int(year), second, first) if second <= 12 else (int(year), first, second)
    day, name = (one, two) if one.isdigit() else (two, one)
    month = _months().get(name.lower().rstrip("."))
    return (int(year), month, int(day)) if month and day.isdigit() else None


def read_written(text: str) -> Moment | None:
    """The day that a line of a page tells in figures or words, None where there is none or it can be read two ways.

    >>> [read_written(line).at.date().isoformat() for line in ("Stand: 28.04.2023", "Le 1er mai 2024", "May 3, 2024")]
    ['2023-04-28', '2024-05-01', '2024-05-03']
    >>> read_written("03/04/2024")
    """
    for match in _WRITTEN.finditer(text[:200]):
        parts = _parts(match)
        try:
            if parts and _FIRST_YEAR <= parts[0] <= _LAST_YEAR:
                return Moment(datetime(*parts, tzinfo=UTC), "day", "text")
        except ValueError:
            continue
    return None


def find_shown(page: Page, html: str) -> Moment | None:
    """The day for a page that tells machines none: from its address, what readers see, else as htmldate finds it."""
    return _from_address(page.canonical_url or page.url) or _find_written(page) or _by_htmldate(html)


def _from_address(url: str) -> Moment | None:
    match = _IN_ADDRESS.search(url[:400])
    return read_moment("-".join(part.zfill(2) for part in match.groups()), "url") if match else None


def _by_htmldate(html: str) -> Moment | None:
    if len(html) > _LARGEST:
        return None
    from htmldate import find_date  # costs as much to import as trafilatura

    # Its latest date is given, since by default it reads the clock.
    latest = f"{_LAST_YEAR}-01-01"
    try:
        day = find_date(strip_unseen(html), original_date=True, extensive_search=False, max_date=latest)
    except (ValueError, RecursionError):  # a tree that lxml will not take
        return None
    return read_moment(day, "htmldate") if day else None


def _find_written(page: Page) -> Moment | None:
    nodes = page.tree.css(_DATE_LINES)[:40]
    lines = (clean(node.text()[:400]) for node in nodes if not node.css_matches(_OF_OTHERS))
    return next((moment for line in lines if len(line) <= 100 and (moment := read_written(line))), None)


def find_modified(page: Page) -> datetime | None:
    """When the page was last changed, None where it does not say."""
    texts = (*records.strings(page.record.get("dateModified")), *(page.first(name) for name in _MODIFIED))
    moments = (read_moment(text, "meta") for text in texts if text)
    return next((moment.at for moment in moments if moment), None)
