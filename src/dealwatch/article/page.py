"""A page parsed once: its tree, its meta tags and its own record of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.margins import key
from dealwatch.errors import ReadError
from dealwatch.sources.links import canonical_link, join_link

MAX_TAGS = 100_000  # of a page; the largest of 264 real ones has 8,100, and 700,000 take 2 s and 390 MB
MAX_OPTIONS = 20_000  # lexbor is quadratic in them
MAX_DEPTH = 2_000  # nested elements: lexbor is quadratic in them (2,000: 5 ms, 20,000: 0.6 s)
MAX_ATTRIBUTES = 2_000  # of one element, likewise
_MAX_META = 400
_CACHES = (".ampproject.org", ".googleusercontent.com")
_MARKS = str.maketrans(":_-", "...")
_WINDOW = 8_192  # characters over which tags are counted
# Elements that stay open until they are closed. Of formatting ones the parser opens all again in the next paragraph.
_CONTAINER = re.compile(
    r"<(/?)(?:div|section|article|main|header|footer|nav|aside|blockquote|ul|ol|dl|table|center|details|dialog|fieldset"
    r"|figure|form|address|hgroup|menu|pre|search|summary|dir|h[1-6]|a|b|i|u|s|em|strong|font|small|big|tt|code|strike"
    r"|nobr|span|button|ruby|svg|g|math|template|noscript|object|label|sup|sub|q|cite|abbr|mark)\b",
    re.I,
)
_OPTION = re.compile(r"<opt(?=ion|group)", re.I)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def stated(node: LexborNode) -> str:
    """What an element says to machines, else its text."""
    return node.attributes.get("datetime") or node.attributes.get("content") or node.text()[:2000]


@dataclass(frozen=True, slots=True)
class Page:
    """What the fields are read from; the body's reader takes the tree apart, so it comes last."""

    tree: LexborHTMLParser
    meta: dict[str, list[str]]
    record: records.Record
    url: str
    canonical_url: str

    def first(self, *names: str) -> str:
        """The content of the first of these meta tags that has any."""
        return next((content for name in names for content in self.contents(name)), "")

    def contents(self, name: str) -> list[str]:
        """All contents of a meta tag, whatever marks part its name: article:published_time, article.published.time."""
        return self.meta.get(name.translate(_MARKS), [])

    @property
    def language(self) -> str:
        """The language that the page declares, "" where it does not."""
        root = self.tree.css_first("html")
        told = root.attributes.get("lang") if root else None
        return told or self.first("og:locale", "content-language") or records.string(self.record.get("inLanguage"))

    @property
    def shown(self) -> str:
        """All the text that the page shows, as the tree stands now."""
        return self.tree.body.text() if self.tree.body else ""

    def select(self, selector: str) -> list[LexborNode]:
        """The elements that match a source's own selector. Raises ReadError for one that is no CSS."""
        try:
            return self.tree.css(selector)
        except SelectolaxError:
            raise ReadError(f"a selector that cannot be read: {selector}", "mend it in the configuration") from None

    def picks(self, selector: str, limit: int = 1) -> list[str]:
        """What a source's own selector gives of the first elements that match: their text, or the attribute it names.

        An element that carries a date for machines (`datetime`, `content`) gives that. Raises ReadError for a selector
        that is no CSS.
        """
        css, _, attribute = selector.partition("@")
        found = []
        for node in self.select(css)[:limit]:
            told = node.attributes.get(attribute.strip()) if attribute else stated(node)
            text = clean((told or "")[:2000])
            if text:
                found.append(text)
        return found

    def find(self, selector: str) -> list[LexborNode]:
        """The elements that match a selector that the page itself gives, none for one that is no CSS."""
        try:
            return self.tree.css(selector[:200])
        except SelectolaxError:
            return []

    def texts(self, selector: str, limit: int = 8) -> list[str]:
        """The clean texts of the first elements that match."""
        return [text for node in self.select(selector)[:limit] if (text := clean(node.text()[:2000]))]


def _may_be_deep(html: str) -> bool:
    """Whether far more tags open than close before some place of the page; counting them costs little, reading much."""
    depth = 0
    for start in range(0, len(html), _WINDOW):
        closing = html.count("</", start, start + _WINDOW)
        opening = html.count("<", start, start + _WINDOW) - closing
        if depth + opening > MAX_DEPTH:
            return True
        depth = max(0, depth + opening - closing)
    return False


def _is_deep(html: str) -> bool:
    depth = 0
    for tag in _CONTAINER.finditer(html):
        depth = max(0, depth + (-1 if tag.group(1) else 1))
        if depth > MAX_DEPTH:
            return True
    return False


def check_shape(html: str) -> None:
    """Nothing; raises ReadError for a page built to hang its parser. Cheap and linear, so not complete."""
    tags = html.count("<")
    if tags > MAX_TAGS or (tags > MAX_OPTIONS and len(_OPTION.findall(html)) > MAX_OPTIONS):
        raise ReadError("a page of too many elements")
    if _may_be_deep(html) and _is_deep(html):
        raise ReadError("a page whose elements are nested too deep")
    for part in html.split(">"):
        if len(part) > 2 * MAX_ATTRIBUTES and (start := part.rfind("<")) >= 0:
            bare = _QUOTED.sub('""', part[start:])
            if len(bare) > 2 * MAX_ATTRIBUTES and len(bare.split(None, MAX_ATTRIBUTES)) > MAX_ATTRIBUTES:
                raise ReadError("a page with an element of too many attributes")


def _meta(tree: LexborHTMLParser) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta[content]")[:_MAX_META]:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        content = clean((attributes.get("content") or "")[:5000])
        if name and content:
            found.setdefault(name.lower().strip().translate(_MARKS), []).append(content)
    return found


def _is_front(url: str) -> bool:
    """Whether an address is a site's front page, or one of its languages': "/", "/fr/"."""
    parts = urlsplit(url)
    return len(parts.path.strip("/")) <= 2 and not parts.query


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (join_link(url, node.attributes.get("href") or "") or url) if node else url


def story_url(link: str, base: str, url: str) -> str:
    """An address that a page gives for itself, in the form that its copies share; "" where it can be no story's.

    A front page is none, nor a cache's copy. A site that answered over https is not told to go back to http.

    >>> story_url("/a?utm_source=x&b=1#top", "https://news.example/x", "https://news.example/x")
    'https://news.example/a?b=1'
    >>> story_url("https://news.example/", "", ""), story_url("javascript:alert(1)", "", "")
    ('', '')
    """
    found = join_link(base, clean(link))
    if not found or _is_front(found):
        return ""
    found = canonical_link(found)
    host = urlsplit(found).hostname or ""
    if "." not in host or host.endswith(_CACHES):
        return ""
    if found.startswith("http:") and url.startswith("https:") and host == urlsplit(url).hostname:
        return "https:" + found[5:]
    return found


def _canonical(tree: LexborHTMLParser, meta: dict[str, list[str]], record: records.Record, url: str) -> str:
    """The page's own address: its canonical link, else og:url, else what its record says it is about."""
    base = _base(tree, url)
    links = [node.attributes.get("href") or "" for node in tree.css('link[rel~="canonical" i]')[:3]]
    told = (*links, *meta.get("og.url", ()), *sorted(records.about(record)))
    return next(filter(None, (story_url(link, base, url) for link in told)), "")


def open_page(html: str, url: str = "") -> Page:
    """The page, parsed once. Raises ReadError for one built to hang its parser."""
    check_shape(html)
    tree = LexborHTMLParser(html)
    meta = _meta(tree)
    values = [records.parse(node.text()) for node in tree.css('script[type*="ld+json"]')[:60]]
    linked = [node.attributes.get("href") or "" for node in tree.css('link[rel~="canonical" i]')[:3]]
    own = (url, *linked, *(join_link(url, link) for link in linked), *meta.get("og.url", ()))
    record = records.find_article(values, frozenset(address.split("#")[0].rstrip("/") for address in own if address))
    return Page(tree, meta, record, url, _canonical(tree, meta, record, url))


def site_names(page: Page) -> frozenset[str]:
    """What the page's site goes by: its own word, and its host with and without the ending."""
    host = (urlsplit(page.canonical_url or page.url).hostname or "").removeprefix("www.")
    names = (page.first("og:site_name"), records.string(page.record.get("publisher")), host, host.rsplit(".", 1)[0])
    return frozenset(filter(None, map(key, names)))
