"""Feeds: RSS and Atom by feedparser, behind an adapter; JSON Feed by `jsonfeed`."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, cast

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources import jsonfeed
from dealwatch.sources.charset import decode_body, drop_declaration
from dealwatch.sources.discover import find_feeds
from dealwatch.sources.links import join_link
from dealwatch.sources.raw import RawEntry, clean_line, clean_text
from dealwatch.sources.times import When, parse_when

_MEDIA = re.compile(r"""xmlns:([A-Za-z][\w.-]{0,30})\s{0,9}=\s{0,9}["']http://search\.yahoo\.com/mrss/?["']""")
_PAGE = re.compile(
    r"\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,1000})?(?:<!--[^>]{0,2000}-->\s{0,1000})?<(?:!doctype\s{1,9}html|html)\b",
    re.IGNORECASE,
)
_DATES = ("published", "created", "updated")  # of RSS pubDate, Dublin Core and Atom, in the order we believe them
_TEXTUAL = re.compile(r"html|text/plain")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """The items of an RSS, Atom, RDF or JSON feed; a page or anything else raises `ReadError`."""
    text = _CONTROL.sub("", decode_body(body, headers))  # XML forbids them, and one would end the strict reading
    if text[:1000].lstrip().startswith("{"):
        return jsonfeed.read(text, url)
    if _PAGE.match(text[:5000]):
        raise ReadError("an HTML page, not a feed", _advice(find_feeds(text, url)))
    feed = _parse(text, headers)
    if not _get(feed, "entries") and not _get(feed, "version"):
        raise ReadError("not a feed", "the address must give RSS, Atom or a JSON Feed")
    lang = _language(feed["feed"])
    return tuple(_entry(item, url, lang) for item in feed["entries"])


def _advice(feeds: tuple[str, ...]) -> str:
    if feeds:
        return f"the page names its feed: {clean_line(feeds[0])[:300]}"
    return 'use kind = "html" with selectors'


def _parse(text: str, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """What feedparser makes of a text, which is UTF-8 by now whatever its declaration says.

    Always a BytesIO: given a str or bytes feedparser opens the file or the address that the text names. It is not told
    the feed's address: it would join guids to it, and a feed that moves would bring all its old items as new ones.
    """
    import feedparser

    body = io.BytesIO(_hide_captions(drop_declaration(text)).encode("utf-8", "replace"))
    known = {"content-type": "application/xml; charset=utf-8"}
    if "content-language" in headers:
        known["content-language"] = headers["content-language"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found: Mapping[str, Any] = feedparser.parse(
                body, response_headers=known, sanitize_html=False, resolve_relative_uris=False
            )
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError, RecursionError) as error:
            raise ReadError(f"a feed that cannot be read ({type(error).__name__})") from error
    return found


def _hide_captions(text: str) -> str:
    """The feed with `media:description` and `media:title` renamed: feedparser takes the first for the summary or the
    content and the second for the title, and so the photo's caption for the story.
    """
    prefixes = sorted({match[1] for match in _MEDIA.finditer(text[:20_000])})
    for prefix in prefixes[:3]:  # one in every feed we have seen; each costs six passes over the text
        for name in ("description", "title", "text"):
            text = text.replace(f"<{prefix}:{name}", f"<{prefix}:photo-{name}")
            text = text.replace(f"</{prefix}:{name}", f"</{prefix}:photo-{name}")
    return text


# FeedParserDict answers other keys for the ones it lacks (and warns of it): `dict.get` asks for the key itself.


def _get(item: Mapping[str, Any], key: str) -> Any:
    return dict.get(cast("dict[str, Any]", item), key)


def _entry(item: Mapping[str, Any], url: str, lang: str | None) -> RawEntry:
    when = _when(item)
    return RawEntry(
        guid=clean_line(str(_get(item, "id") or "")),
        url=_link(item, url),
        title=clean_line(str(_get(item, "title") or "")),
        published=when[0] if when else None,
        date_precision=when[1] if when else None,
        authors=tuple(_authors(item)),
        lang=_short((_get(item, "title_detail") or {}).get("language")) or lang,
        summary=clean_text(str(_get(item, "summary") or "")),
        content=_content(item),
    )


def _link(item: Mapping[str, Any], url: str) -> str:
    link = _get(item, "feedburner_origlink") or _get(item, "link")
    if not link:
        links = _get(item, "links") or ()
        link = next((one["href"] for one in links if one.get("rel") == "alternate" and one.get("href")), "")
    return join_link(url, str(link)) if link else ""


def _when(item: Mapping[str, Any]) -> When | None:
    for key in _DATES:
        if when := parse_when(str(_get(item, key) or "")):
            return when
    return None


def _authors(item: Mapping[str, Any]) -> Iterator[str]:
    for author in _get(item, "authors") or ():
        if name := clean_line(str(author.get("name") or "")):
            yield name[:200]


def _content(item: Mapping[str, Any]) -> str:
    """The longest of the item's contents that is text: some feeds give a teaser and the whole."""
    parts = (part for part in _get(item, "content") or () if _TEXTUAL.search(part.get("type") or "html"))
    return clean_text(max((str(part.get("value") or "") for part in parts), key=len, default=""))


def _language(feed: Mapping[str, Any]) -> str | None:
    return _short(_get(feed, "language"))


def _short(code: object) -> str | None:
    """ "fr" of "fr-FR"; None of anything that is no language code."""
    short = str(code or "").lower().replace("_", "-").split("-")[0].strip()
    return short if short.isalpha() and len(short) in (2, 3) else None
