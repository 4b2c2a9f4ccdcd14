"""Sitemaps: news sitemaps, plain ones, lists of addresses as text, and the indexes that point to sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources import feed
from dealwatch.sources.charset import decode_body
from dealwatch.sources.links import join_link
from dealwatch.sources.markup import Element, Feed, take_apart
from dealwatch.sources.raw import RawEntry, clean_line
from dealwatch.sources.times import parse_when

_MOST = 2000  # items read of one sitemap, 0.1 ms each, or `max_items` where that is more; the protocol allows 50,000
_MOST_CHILDREN = 50
_DAY = re.compile(r"(?:lastmod|date)>\s{0,100}(?:<!\[CDATA\[)?\s{0,100}(\d{4}-\d\d-\d\d(?:[T ][\d:]{5,8})?)")
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
_HEAD = 20_000  # characters in which the root stands
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?(urlset|sitemapindex|rss|rdf|feed)(?=[\s/>])", re.IGNORECASE)
_ADDRESS = re.compile(r"\s{0,1000}https?://\S", re.IGNORECASE)
Row = dict[str, str]  # loc, lastmod, and of news: title, publication_date, language


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """The addresses of a sitemap, newest first; none of an index (`read_children` has those). A feed in a sitemap's
    place is read as what it is: the protocol allows it.
    """
    text = decode_body(body, headers)
    root = _root(text)
    if root in ("rss", "rdf", "feed"):
        return feed.read(source, body, url, headers)
    if root == "sitemapindex":
        return ()
    rows = sorted(_lines(text) if root == "text" else _rows(text, "url", source.max_items), key=_age, reverse=True)
    return tuple(entry for row in rows if (entry := _entry(row, url)).url)


def read_children(body: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that an index points to, newest first; none where the body is a sitemap itself."""
    text = decode_body(body, {})
    if _root(text) != "sitemapindex":
        return ()
    rows = sorted(_rows(text, "sitemap"), key=_age, reverse=True)
    links = dict.fromkeys(join_link(url, row["loc"]) for row in rows)
    return tuple(link for link in links if link)[:_MOST_CHILDREN]


def _root(text: str) -> str:
    """What the text is: the name of its root, or "text" for a list of addresses."""
    if match := _ROOT.search(text, 0, _HEAD):
        return match[1].lower()
    if _ADDRESS.match(text):
        return "text"
    raise ReadError("not a sitemap", "the address must give a urlset or a sitemapindex")


def _age(row: Row) -> datetime:
    when = parse_when(row.get("publication_date", "")) or parse_when(row.get("lastmod", ""))
    return when[0] if when else _LONG_AGO


def _entry(row: Row, url: str) -> RawEntry:
    """`lastmod` orders, and is no date of publication: a corrected typo moves it."""
    when = parse_when(row.get("publication_date", ""))
    code = row.get("language", "").lower()[:3].rstrip("-")
    return RawEntry(
        url=join_link(url, row["loc"]),
        title=clean_line(row.get("title", "")),
        published=when[0] if when else None,
        date_precision=when[1] if when else None,
        lang=code if code.isalpha() and len(code) in (2, 3) else None,
    )


def _lines(text: str) -> Iterator[Row]:
    for line in text.splitlines():
        if _ADDRESS.match(line):
            yield {"loc": line.strip()}


def _rows(text: str, name: str, most: int = 0) -> Iterator[Row]:
    """What each <url> or <sitemap> says of itself and of its story, and not of its images, videos and translations."""
    sitemap = _newest(take_apart(text, name), max(most, _MOST))
    for item in sitemap.items():
        row = dict(_texts(item.elements, ("loc", "lastmod", "title", "publication_date")))
        for element in item.elements:
            if element.name == "news":
                row.update(_news(sitemap, element))
        if row.get("loc"):
            yield row


def _newest(sitemap: Feed, most: int) -> Feed:
    """The sitemap with so many of its items, the newest, by the dates in them as they are written."""
    if len(sitemap.places) <= most:
        return sitemap
    dates = {place: max(_DAY.findall(sitemap.text, place.start, place.end), default="") for place in sitemap.places}
    return replace(sitemap, places=tuple(sorted(sitemap.places, key=dates.__getitem__, reverse=True)[:most]))


def _news(sitemap: Feed, news: Element) -> Iterator[tuple[str, str]]:
    elements = sitemap.inside(news)
    yield from _texts(elements, ("title", "publication_date", "language"))
    for element in elements:
        if element.name == "publication":
            yield from _texts(sitemap.inside(element), ("language",))


def _texts(elements: tuple[Element, ...], names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Name and text of these elements, where they came whole: half an address is none."""
    for element in elements:
        if element.name in names and element.whole and element.space not in ("image", "video", "xhtml"):
            yield element.name, element.text()
