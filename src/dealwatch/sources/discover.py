"""What an address can be, and what a page says of its feeds: names, languages, links; bytes in, values out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from dealwatch.lang import codes, load
from dealwatch.sources.charset import decode_body
from dealwatch.sources.links import canonical_link, join_link
from dealwatch.sources.naming import short_code
from dealwatch.sources.packed import unpack
from dealwatch.sources.raw import clean_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

Kind = Literal["feed", "sitemap", "html"]

_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml",
    "text/xml", "application/rss", "application/atom", "text/rss+xml",
})  # fmt: skip
HEAD = 200_000  # characters: feeds are named in a page's head, and a parsed page costs thirty times its size
PAGE = 1_000_000  # characters of a page that are looked at for plain links to feeds, and for listings
_MOST_LINKS = 5000  # of one page
MOST_FEEDS = 100  # that a page may name; one that names more is a directory of feeds
_FEED_PATH = re.compile(
    r"(?:^|/)(?:feeds?|rss|atom)\d{0,2}(?:/|\.[a-z]{2,5}$|$)|\.(?:rss|atom|rdf)$"
    r"|(?:^|[/_.-])(?:rss|feed|atom)[\w-]{0,40}\.xml$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|output|alt)=(?:rss|atom|rdf)", re.IGNORECASE)
_NEWS_PATH = re.compile(r"(?:^|[/_.-])(?:google[_-]?)?news(?:[/_.-]|\d|$)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?([A-Za-z][\w.-]{0,30})[\s/>]")
_ROOTS: Mapping[str, Kind] = {
    "rss": "feed", "feed": "feed", "rdf": "feed", "channel": "feed", "urlset": "sitemap", "sitemapindex": "sitemap",
    "html": "html", "head": "html", "body": "html", "title": "html", "div": "html", "link": "html",
}  # fmt: skip
_MOST_BEFORE = 20  # elements before the one that tells
_COMMENT = re.compile(r"<!--.{0,5000}?-->", re.DOTALL)
_SITEMAP_LINE = re.compile(rb"^[ \t]{0,20}sitemap[ \t]{0,20}:[ \t]{0,20}([^\s#]{1,4000})", re.IGNORECASE | re.MULTILINE)
_MOST_SITEMAPS = 2000
_FEED_PATHS = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2")
_SECTION_PATHS = ("feed/", "rss", "rss.xml", "feed.xml")
_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/news_sitemap.xml")
_LETTERS = re.compile(r"[\W_]{1,1000}")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link of a page to what should be a feed."""

    url: str
    title: str = ""
    named: bool = True  # by <link rel="alternate">; False: an ordinary link that looks like one


@dataclass(frozen=True, slots=True)
class About:
    """What a feed or page says of itself."""

    title: str = ""
    lang: str | None = None
    home: str = ""  # the page that a feed is of
    feeds: tuple[FeedLink, ...] = ()  # of a page


def find_feeds(text: str, url: str) -> tuple[str, ...]:
    """The addresses of the feeds that a page names in its head, in its order; comments' feeds come last.

    >>> find_feeds('<link rel="alternate" type="application/rss+xml" href="/feed.xml">', "https://news.example/ai")
    ('https://news.example/feed.xml',)
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text[:HEAD])
    return tuple(link.url for link in _last_comments(_named(tree, page_base(tree, url))))


def sniff_kind(body: bytes, headers: Mapping[str, str]) -> Kind:
    """What a body is, by its first element: a feed (JSON too), a sitemap, else a page.

    >>> sniff_kind(b"<!-- x --><rss version='2.0'><channel>", {}), sniff_kind(b"<!doctype html><p>Hi", {})
    ('feed', 'html')
    """
    text = decode_body(unpack(body)[:20_000], headers)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return "feed"
    names = [match[1].lower() for match in islice(_ROOT.finditer(_COMMENT.sub("", text)), _MOST_BEFORE)]
    name = next((name for name in names if name in _ROOTS), "html")  # some servers complain in HTML before a feed
    return _ROOTS[name]


def read_about(body: bytes, url: str, headers: Mapping[str, str]) -> About:
    """What a feed says of itself, or a page of itself and of its feeds: those it names, then those it links to."""
    text = decode_body(unpack(body), headers)
    if sniff_kind(body, headers) == "html":
        return _about_page(text, url)
    return _about_json(text, url) if text.lstrip("\ufeff \t\r\n").startswith("{") else _about_feed(text, url)


# -- pages -----------------------------------------------------------------------------------------------------------


def page_base(tree: LexborHTMLParser, url: str) -> str:
    """What the links of a page stand on: its <base>, else its address."""
    base = tree.css_first("base[href]")
    return (join_link(url, base.attributes.get("href") or "") or url) if base else url


def _about_page(text: str, url: str) -> About:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text[:PAGE])
    base = page_base(tree, url)
    own, links = canonical_link(url), _last_comments((*_named(tree, base), *_linked(tree, base)))
    feeds = tuple(link for link in links if canonical_link(link.url) != own)[:MOST_FEEDS]
    site = tree.css_first('meta[property="og:site_name"]')
    titles = (site.attributes.get("content") if site else "", _words(tree.css_first("title")))
    root = tree.css_first("html")
    return About(
        title=next((title for said in titles if (title := clean_line(said or ""))), ""),
        lang=short_code(root.attributes.get("lang") if root else ""), home=url, feeds=feeds,
    )  # fmt: skip


def _words(node: LexborNode | None) -> str:
    return node.text() if node else ""


def _named(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css("link[href]")[:_MOST_LINKS]:
        said = {name: (node.attributes.get(name) or "").lower() for name in ("rel", "type")}
        kind = said["type"].split(";")[0].strip()
        link = join_link(base, node.attributes.get("href") or "")
        if link and "alternate" in said["rel"].split() and kind in _TYPES:
            yield FeedLink(link, clean_line(node.attributes.get("title") or ""))


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css("a[href]")[:_MOST_LINKS]:
        link = join_link(base, node.attributes.get("href") or "")
        if link and looks_like_feed(link):
            yield FeedLink(link, clean_line(node.text(separator=" "))[:200], named=False)


def looks_like_feed(url: str) -> bool:
    """Whether an address is written as those of feeds are.

    >>> looks_like_feed("https://news.example/ai/rss.xml"), looks_like_feed("https://news.example/how-to-feed-a-model")
    (True, False)
    """
    parts = urlsplit(url)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


@lru_cache(maxsize=1)
def _comment_words() -> frozenset[str]:
    return frozenset(word for code in codes() for word in load(code).words("sources", "comments"))


def is_comments(link: FeedLink) -> bool:
    """Whether a feed is of what readers write."""
    words = _LETTERS.split(f"{urlsplit(link.url).path} {link.title}".casefold())
    return not _comment_words().isdisjoint(words)


def _last_comments(links: Iterable[FeedLink]) -> list[FeedLink]:
    """The links in their order, each address once, those to comments last."""
    found: dict[str, FeedLink] = {}
    for link in links:
        found.setdefault(canonical_link(link.url), link)
    return sorted(found.values(), key=is_comments)


# -- feeds -----------------------------------------------------------------------------------------------------------

_ITEM = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_IMAGE = re.compile(r"<(image|textinput)\b.{0,5000}?</\1>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]{0,500}>\s{0,200}(?:<!\[CDATA\[)?(.{0,1000}?)(?:\]\]>)?</title>", re.DOTALL)
_LANG = re.compile(
    r"<(?:dc:)?language\b[^>]{0,200}>\s{0,100}([A-Za-z_-]{2,15})|\bxml:lang\s{0,9}=\s{0,9}[\"']([A-Za-z_-]{2,15})"
)
_HOME = re.compile(r"<link\b[^>]{0,200}>\s{0,100}(?:<!\[CDATA\[)?\s{0,100}(https?://[^\s<\]]{1,2000})")
_ATOM_LINK = re.compile(r"<link\b([^>]{1,2000})>")
_HREF = re.compile(r"\bhref\s{0,9}=\s{0,9}[\"']([^\"']{1,2000})")


def _about_feed(text: str, url: str) -> About:
    item = _ITEM.search(text[:HEAD])
    head = _IMAGE.sub("", text[: item.start() if item else HEAD])
    title, lang, home = _TITLE.search(head), _LANG.search(head), _HOME.search(head)
    link = home[1] if home else next(_atom_homes(head), "")
    return About(clean_line(title[1]) if title else "", short_code(lang[1] or lang[2]) if lang else None,
                 join_link(url, link) if link else "")  # fmt: skip


def _atom_homes(head: str) -> Iterator[str]:
    for link in _ATOM_LINK.finditer(head):
        if not re.search(r"\brel\s{0,9}=\s{0,9}[\"'](?!alternate)", link[1]) and (href := _HREF.search(link[1])):
            yield href[1]


def _about_json(text: str, url: str) -> About:
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return About()
    said = {key: value for key in ("title", "language", "home_page_url")
            if isinstance(feed, dict) and isinstance(value := feed.get(key), str)}  # fmt: skip
    home = said.get("home_page_url", "")
    title, lang = clean_line(said.get("title", "")), short_code(said.get("language"))
    return About(title, lang, join_link(url, home) if home else "")


# -- where to look ---------------------------------------------------------------------------------------------------


def common_feeds(url: str) -> tuple[str, ...]:
    """The addresses at which sites keep their feed."""
    parts = urlsplit(url)
    return tuple(f"{parts.scheme}://{parts.netloc}/{path}" for path in _FEED_PATHS)


def section_feeds(url: str) -> tuple[str, ...]:
    """The addresses at which sites keep the feed of a section; none where a page is the front of none."""
    parts = urlsplit(url)
    section = parts.path.strip("/")
    if not section or "." in section.rpartition("/")[2]:
        return ()
    return tuple(f"{parts.scheme}://{parts.netloc}/{section}/{path}" for path in _SECTION_PATHS)


def common_sitemaps(url: str) -> tuple[str, ...]:
    """The addresses at which sites keep their news sitemap."""
    parts = urlsplit(url)
    return tuple(f"{parts.scheme}://{parts.netloc}{path}" for path in _SITEMAP_PATHS)


def read_robots_sitemaps(body: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, those of news first."""
    lines = (match[1].decode("utf-8", "replace") for match in _SITEMAP_LINE.finditer(body))
    links = dict.fromkeys(link for line in islice(lines, _MOST_SITEMAPS) if (link := join_link(url, line)))
    return tuple(sorted(links, key=lambda link: not is_news_sitemap(link)))


def is_news_sitemap(url: str) -> bool:
    """Whether an address is written as those of news sitemaps are.

    >>> is_news_sitemap("https://x.example/sitemap-news.xml"), is_news_sitemap("https://x.example/newsletter.xml")
    (True, False)
    """
    return bool(_NEWS_PATH.search(urlsplit(url).path))


def is_section_of(url: str, page: str) -> bool:
    """Whether an address is below the section that a page is the front of; any is where the page is the site's front.

    >>> [is_section_of(f"https://x.example/{path}", "https://x.example/ai/") for path in ("ai/feed", "feed")]
    [True, False]
    """
    section = urlsplit(page).path.rpartition(".")[0] or urlsplit(page).path
    words = {word for word in _LETTERS.split(section.casefold()) if word}
    return words <= {word for word in _LETTERS.split(urlsplit(url).path.casefold()) if word}
