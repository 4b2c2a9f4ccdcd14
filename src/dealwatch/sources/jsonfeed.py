"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from dealwatch.errors import ReadError
from dealwatch.sources.links import join_link
from dealwatch.sources.raw import RawEntry, clean_line, clean_text
from dealwatch.sources.times import parse_when

ADVICE = "the address must give RSS, Atom or a JSON Feed"


def read(text: str, url: str) -> tuple[RawEntry, ...]:
    """The items of a JSON Feed; anything else raises `ReadError`."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise ReadError("not a feed: broken JSON") from None
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in str(feed.get("version")):
        raise ReadError("JSON, but not a JSON Feed", ADVICE)
    items = feed.get("items")
    lang = _string(feed, "language")
    return tuple(_entry(item, url, lang) for item in items if isinstance(item, dict)) if isinstance(items, list) else ()


def _string(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _entry(item: Mapping[str, object], url: str, lang: str) -> RawEntry:
    when = parse_when(_string(item, "date_published")) or parse_when(_string(item, "date_modified"))
    code = (_string(item, "language") or lang).lower().split("-")[0]
    guid = item.get("id")
    link = _string(item, "url") or _string(item, "external_url")
    return RawEntry(
        guid=clean_line(str(guid)) if isinstance(guid, str | int | float) else "",
        url=join_link(url, link) if link else "",
        title=clean_line(_string(item, "title")),
        published=when[0] if when else None,
        date_precision=when[1] if when else None,
        authors=tuple(_authors(item)),
        lang=code if code.isalpha() and len(code) in (2, 3) else None,
        summary=clean_text(_string(item, "summary")),
        content=clean_text(_string(item, "content_html") or _string(item, "content_text")),
    )


def _authors(item: Mapping[str, object]) -> Iterator[str]:
    """1.1 has a list `authors`, 1.0 one `author`."""
    authors = item.get("authors")
    for author in authors if isinstance(authors, list) else [item.get("author")]:
        if isinstance(author, dict) and (name := clean_line(_string(author, "name"))):
            yield name[:200]
