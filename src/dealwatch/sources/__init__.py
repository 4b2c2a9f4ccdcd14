"""Feeds, listings, sitemaps and folders: bytes in, entries out; no network, no disk.

One file a kind. To add a kind: one file with a reader and one line in `_READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from dealwatch.errors import ReadError
from dealwatch.model import Entry, Source
from dealwatch.sources.discover import find_feeds
from dealwatch.sources.links import canonical_link, join_link
from dealwatch.sources.packed import unpack
from dealwatch.sources.picking import pick
from dealwatch.sources.raw import RawEntry, read_ttl
from dealwatch.sources.sitemap import read_children
from dealwatch.sources.times import parse_when

__all__ = [
    "canonical_link", "child_sitemaps", "find_feeds", "join_link", "next_page", "parse_when", "read_entries",
    "read_ttl",
]  # fmt: skip

Reader = Callable[[Source, bytes, str, Mapping[str, str]], tuple[RawEntry, ...]]

_READERS: Mapping[str, str] = {"feed": "feed", "html": "html", "sitemap": "sitemap", "folder": "folder"}


def read_entries(source: Source, body: bytes, *, url: str, headers: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries that a body lists, in its order: named by stable keys, filtered by include and exclude, cut to
    `max_items` (the newest, where all are dated).

    `url` is where the body came from (relative links stand on it), `headers` are the response's, names in lower case.
    For a folder the body is the names of its files, one a line. A body of another kind raises `ReadError`.
    """
    try:
        module = import_module(f"dealwatch.sources.{_READERS[source.kind]}")  # one reader at a time: a worker needs few
    except KeyError:
        raise ReadError(f"unknown kind of source {source.kind!r}") from None
    reader: Reader = module.read
    return pick(source, reader(source, unpack(body), url, headers))


def next_page(source: Source, body: bytes, *, url: str, headers: Mapping[str, str]) -> str | None:
    """The address of the page on which a listing goes on (`selectors.next`), or of a feed's older items; None where
    the body names none, or only itself, and for a listing one of another site.

    A listing may name pages in a ring: who follows them keeps count, and stops at an address already asked.
    """
    if source.kind == "html":
        from dealwatch.sources import html

        return html.next_page(source, unpack(body), url, headers)
    if source.kind == "feed":
        from dealwatch.sources import feed

        link = feed.next_page(unpack(body), url, headers)
        return link if link and canonical_link(link) != canonical_link(url) else None
    return None


def child_sitemaps(body: bytes, *, url: str) -> tuple[str, ...]:
    """The sitemaps that a sitemap index points to, newest first; none where the body is no index."""
    return read_children(unpack(body), url)
