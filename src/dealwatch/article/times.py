"""When a page says it was published and changed: an aware instant in the publisher's offset, and how precise it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from selectolax.lexbor import LexborNode

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.page import Page
from dealwatch.model import DatePrecision

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ,]{1,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s{0,2}(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?![\d:])",
    re.I,
)
_EPOCH = re.compile(r"(\d{10})(\d{3})?\Z")
_RFC = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[A-Z]{1,4})\Z")
_ONE_DAY = timedelta(hours=26)  # between a day as midnight UTC and a time of that day anywhere
_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # outside these a number is no date of news

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "date.created", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "cxenseparse:recs:publishtime", "article.published",
    "last-modified-date", "date",
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
    return Moment(at.replace(tzinfo=offset or UTC), "instant" if hour and offset else "day", source)


def read_moment(text: str, source: str) -> Moment | None:
    """The moment that a machine-readable date means, None for anything else.

    A time of day without an offset is kept as if in UTC, but counts as a day only.

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
    for node in page.tree.css(selector)[:2] if selector else ():
        yield _stated(node), "selectors"
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for text in records.strings(page.record.get(key)):
            yield text, "json-ld"
    for name in _PUBLISHED:
        for content in page.meta.get(name, ())[:2]:
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


def find_modified(page: Page) -> datetime | None:
    """When the page was last changed, None where it does not say."""
    texts = (*records.strings(page.record.get("dateModified")), *(page.first(name) for name in _MODIFIED))
    moments = (read_moment(text, "meta") for text in texts if text)
    return next((moment.at for moment in moments if moment), None)
