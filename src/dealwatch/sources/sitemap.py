"""Sitemaps: news sitemaps, plain ones, and the indexes that point to them."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources.charset import decode_body, drop_declaration
from dealwatch.sources.links import join_link
from dealwatch.sources.raw import RawEntry, clean_line
from dealwatch.sources.times import parse_when

_MOST_CHILDREN = 50
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
Row = dict[str, str]


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """The addresses of a sitemap, newest first; none of an index (`read_children` has those)."""
    root, rows = _rows(body, headers)
    entries = [(_entry(row, url), row) for row in rows if "loc" in row] if root == "urlset" else []
    entries.sort(key=lambda pair: _age(pair[1]), reverse=True)
    return tuple(entry for entry, _ in entries if entry.url)


def read_children(body: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that an index points to, newest first; none where the body is a sitemap itself."""
    root, rows = _rows(body, {})
    if root != "sitemapindex":
        return ()
    rows.sort(key=_age, reverse=True)
    links = dict.fromkeys(join_link(url, row["loc"]) for row in rows if "loc" in row)
    return tuple(link for link in links if link)[:_MOST_CHILDREN]


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


def _rows(body: bytes, headers: Mapping[str, str]) -> tuple[str, list[Row]]:
    """The root's name and a dict for each <url> or <sitemap>: texts by local name; what precedes a break is kept."""
    text = drop_declaration(decode_body(body, headers))
    if "<!ENTITY" in text[:20_000]:
        raise ReadError("a sitemap with entities of its own: refused")
    parser = ET.iterparse(io.BytesIO(text.encode("utf-8", "replace")), events=("start", "end"))
    root, rows = "", []
    try:
        for event, element in parser:
            name = element.tag.rpartition("}")[2]
            if event == "start":
                root = root or name
            elif name in ("url", "sitemap"):
                rows.append(dict(_texts(element)))
                element.clear()
    except ET.ParseError:
        if not rows:
            raise ReadError("not a sitemap: broken XML") from None
    if root not in ("urlset", "sitemapindex"):
        raise ReadError("not a sitemap", "the address must give a urlset or a sitemapindex")
    return root, rows


def _texts(element: ET.Element) -> Iterator[tuple[str, str]]:
    """Local name and text, outer ones last so that an image's own <loc> or <title> never hides the page's."""
    for child in reversed(list(element.iter())):
        space, _, name = child.tag.rpartition("}")
        if child is not element and child.text and child.text.strip() and "image" not in space and "video" not in space:
            yield name, child.text.strip()
