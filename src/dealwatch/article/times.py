"""When a page says it was published and changed: an aware instant in the publisher's offset, and how precise it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from dealwatch.article import records
from dealwatch.article.characters import clean, strip_unseen
from dealwatch.article.moments import LAST_YEAR, Moment, read_moment, read_written
from dealwatch.article.page import Page, stated
from dealwatch.lang import codes, load

# The date of a story that is linked to, or of what a reader wrote.
_OF_OTHERS = 'a *, li a, aside *, [class*="comment" i] *, [id*="comment" i] *, [id*="forum" i] *'
# When the page was changed; many a blog calls the time of a page that never was "published updated".
_OF_CHANGES = (
    ':is([itemprop*="modif" i], [class*="modif" i], [class*="update" i])'
    ':not([itemprop="datePublished"], [class*="publish" i])'
)
_AHEAD = timedelta(days=1)  # a day without an hour is midnight in Greenwich, and clocks differ
_DATE_LINES = '[class*="date" i], [class*="publi" i], [class*="time" i], time'
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-])")
_LARGEST = 1_000_000  # characters of a page that htmldate is given

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


def _dates(value: object) -> Iterator[str]:
    """The dates that a value of the page's record holds; some write seconds or milliseconds as a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    yield from records.strings(value)


def _candidates(page: Page, selector: str) -> Iterator[tuple[str, str]]:
    for text in page.picks(selector, 2) if selector else ():
        yield text, "selectors"
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for text in _dates(page.record.get(key)):
            yield text, "json-ld"
    for name in _PUBLISHED:
        for content in page.contents(name)[:2]:
            yield content, "meta"
    for tags in _TIME_TAGS:
        for node in page.tree.css(tags)[:2]:
            if not node.css_matches(_OF_CHANGES):
                yield stated(node), "time"


def find_published(page: Page, selector: str = "", now: datetime | None = None) -> Moment | None:
    """When the page was first published: the source's selector, JSON-LD, meta tags, then `time` elements.

    Where the first tells only the day, a later one that tells the time of that day stands in its place. A date that
    lies after now gives way to the next.
    """
    best: Moment | None = None
    for text, source in _candidates(page, selector):
        moment = read_moment(text, source)
        if moment is None or (now and moment.at > now + _AHEAD):
            continue
        if best is None or moment.refines(best):
            best = moment
        if best.precision == "instant":
            break
    return best


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
    latest = f"{LAST_YEAR}-01-01"
    try:
        day = find_date(strip_unseen(html), original_date=True, extensive_search=False, max_date=latest)
    except (ValueError, RecursionError):  # a tree that lxml will not take
        return None
    return read_moment(day, "htmldate") if day else None


@lru_cache(maxsize=1)
def _updated() -> re.Pattern[str]:
    """What announces the day of a change in a line that dates a page, in all languages: "et mis à jour"."""
    words = {re.escape(word) for code in codes() for word in load(code).words("dates", "updated")}
    joints = {re.escape(word) for code in codes() for word in load(code).words("article", "and")}
    return re.compile(rf"\b(?:(?:{'|'.join(joints)})\s)?(?:{'|'.join(sorted(words, key=len, reverse=True))})\b", re.I)


def _find_written(page: Page) -> Moment | None:
    """The day in the first line that dates the page; one that tells of a change only where there is no other."""
    nodes = page.tree.css(_DATE_LINES)[:40]
    lines = [clean(node.text()[:400]) for node in nodes if not node.css_matches(_OF_OTHERS)]
    lines = [line for line in lines if line and len(line) <= 100]
    own = (_updated().split(line, maxsplit=1)[0] for line in lines)
    return next((moment for line in (*own, *lines) if (moment := read_written(line))), None)


def find_modified(page: Page) -> datetime | None:
    """When the page was last changed, None where it does not say."""
    marked = (node.attributes.get("datetime") or "" for node in page.tree.css('time[itemprop="dateModified"]')[:1])
    told = (page.first(name) for name in _MODIFIED)
    texts = (*_dates(page.record.get("dateModified")), *told, *marked)
    moments = (read_moment(text, "meta") for text in texts if text)
    return next((moment.at for moment in moments if moment), None)
