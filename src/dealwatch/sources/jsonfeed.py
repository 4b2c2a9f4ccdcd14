"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping

from dealwatch.errors import ReadError
from dealwatch.sources.links import join_link
from dealwatch.sources.raw import RawEntry, clean_line, clean_text, mark_paragraphs
from dealwatch.sources.times import parse_when

ADVICE = "the address must give RSS, Atom or a JSON Feed"
_LONGEST_NUMBER = 30  # digits of a numeric id; Python refuses to write one of 4,300 as text
Values = Mapping[str, object]


def read(text: str, url: str) -> tuple[RawEntry, ...]:
    """The items of a JSON Feed; anything else raises `ReadError`. A feed without items is none the worse."""
    feed = _load(text)
    items = feed.get("items")
    lang, authors = _string(feed, "language"), tuple(_authors(feed))
    found = (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
    return tuple(_entry(item, url, lang, authors) for item in found)


def next_page(text: str, url: str) -> str | None:
    """The address of the feed's older items, where it names one."""
    try:
        return join_link(url, _string(_load(text), "next_url")) or None
    except ReadError:
        return None


def _load(text: str) -> Values:
    """The feed as JSON has it: its version names JSON Feed, or is missing where there are items (feeds forget it)."""
    try:
        feed = json.loads(text.strip(), strict=False, parse_int=_int)
    except (ValueError, RecursionError):
        raise ReadError("not a feed: broken JSON") from None
    if not isinstance(feed, dict) or not _is_feed(feed):
        raise ReadError("JSON, but not a JSON Feed", ADVICE)
    return feed


def _is_feed(feed: Values) -> bool:
    version = feed.get("version")
    named = isinstance(version, str) and "jsonfeed.org/version/" in version.lower()
    return named or (version is None and isinstance(feed.get("items"), list) and isinstance(feed.get("title"), str))


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _string(item: Values, key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _entry(item: Values, url: str, lang: str, authors: tuple[str, ...]) -> RawEntry:
    when = parse_when(_string(item, "date_published")) or parse_when(_string(item, "date_modified"))
    code = (_string(item, "language") or lang).lower().replace("_", "-").split("-")[0].strip()
    guid = _guid(item)
    return RawEntry(
        guid=guid,
        url=_link(item, url, guid),
        title=clean_line(_string(item, "title")),
        published=when[0] if when else None,
        date_precision=when[1] if when else None,
        authors=tuple(dict.fromkeys(_authors(item))) or authors,
        lang=code if code.isalpha() and len(code) in (2, 3) else None,
        summary=clean_text(html.escape(_string(item, "summary"), quote=False)),
        content=clean_text(_content(item)),
    )


def _guid(item: Values) -> str:
    """The item's id as text: a number is one too (the specification says so), true and 7.0 are none."""
    guid = item.get("id")
    if isinstance(guid, bool) or not isinstance(guid, str | int | float):
        return ""
    return clean_line(str(int(guid) if isinstance(guid, float) and guid.is_integer() else guid))


def _link(item: Values, url: str, guid: str) -> str:
    """Its own page, else the one that it is about, else its id where that is an address."""
    for link in (_string(item, "url"), _string(item, "external_url")):
        if link and (whole := join_link(url, link)):
            return whole
    return join_link(url, guid) if guid.lower().startswith(("http://", "https://")) else ""


def _content(item: Values) -> str:
    """The content as HTML; where the item has it as text only, with its paragraphs marked."""
    if marked := _string(item, "content_html"):
        return marked
    return mark_paragraphs(html.escape(_string(item, "content_text"), quote=False))


def _authors(item: Values) -> Iterator[str]:
    """1.1 has a list `authors`, 1.0 one `author`; the feed's own stand for items that name none."""
    authors = item.get("authors")
    for author in authors if isinstance(authors, list) else [item.get("author")]:
        if isinstance(author, dict) and (name := clean_line(_string(author, "name"))):
            yield name[:200]
