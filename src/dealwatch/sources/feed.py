"""Feeds: RSS, RDF and Atom of all versions, taken apart by `markup`; JSON Feed by `jsonfeed`.

What an item says is read by what it is called and where it stands: only an item's own elements count, so the title of
its picture, its source or its video is never the item's, and a photo's caption never its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources import jsonfeed
from dealwatch.sources.charset import decode_body, mend_twice_encoded
from dealwatch.sources.discover import find_feeds
from dealwatch.sources.links import join_link
from dealwatch.sources.markup import Element, Feed, Item, get_attribute, read_text, take_apart
from dealwatch.sources.raw import RawEntry, clean_line, clean_text, mark_paragraphs
from dealwatch.sources.times import When, parse_when

_HEAD = 20_000  # characters in which a document says what it is
_MOST = 2000  # items read of one feed, 0.1 ms each; the longest of 122 real ones has 131
_PAGE = re.compile(
    r"\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,1000})?(?:<!--[^>]{0,2000}-->\s{0,1000})?<(?:!doctype\s{1,9}html|html)\b",
    re.IGNORECASE,
)
_HTML = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body)(?=[\s>])", re.IGNORECASE)
_OPML = re.compile(r"<opml(?=[\s>])", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,60}:)?(rss|rdf|feed|channel)(?=[\s/>])[^<>]{0,5000}>", re.IGNORECASE)
_SITEMAP = re.compile(r"<(?:[A-Za-z][\w.-]{0,60}:)?(?:urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
_TEXTUAL = re.compile(r"html|text|plain|\A\Z", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){0,5}")
_WEB = re.compile(r"https?://[^\s<>\"]{1,4000}\Z", re.IGNORECASE)
_DIV = re.compile(r"</?div(?=[\s/>])[^<>]{0,2000}>")
_NAME = re.compile(r"<(?:[\w.-]{1,60}:)?name(?=[\s>])[^<>]{0,500}>((?:<!\[CDATA\[)?[^<]{0,500})<")  # of an author
_PREFIX = re.compile(r"\s{0,500}<([A-Za-z][\w.-]{0,30}):(?:div|span|p|body)[\s>]")
Names = tuple[tuple[str, str], ...]  # (vocabulary, name), in the order in which they are believed

_TITLES: Names = (("", "title"), ("dc", "title"), ("dcterms", "title"), ("itunes", "title"), ("media", "title"))
_GUIDS: Names = (("", "guid"), ("", "id"))
_DATES: Names = (
    ("", "pubdate"), ("", "published"), ("", "issued"), ("dcterms", "issued"), ("dc", "date"), ("dcterms", "created"),
    ("", "created"), ("", "date"), ("", "updated"), ("", "modified"), ("dcterms", "modified"), ("", "lastbuilddate"),
)  # fmt: skip
_SUMMARIES: Names = (
    ("", "summary"), ("", "description"), ("dc", "description"), ("dcterms", "abstract"), ("itunes", "summary"),
    ("itunes", "subtitle"),
)  # fmt: skip
_CONTENTS: Names = (("content", "encoded"), ("", "content"), ("", "encoded"), ("xhtml", "body"), ("", "fullitem"))
_AUTHORS: Names = (("dc", "creator"), ("", "author"), ("", "creator"))
_SPARE_AUTHORS: Names = (("itunes", "author"), ("dc", "contributor"))


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """The items of an RSS, Atom, RDF or JSON feed; a page or anything else raises `ReadError`."""
    text = _CONTROL.sub("", decode_body(body, headers))
    if text[:1000].lstrip().startswith(("{", "[{", "[]")):
        return jsonfeed.read(text, url)
    if _PAGE.match(text[:5000]):
        raise _not_a_feed(text, url)
    feed = take_apart(text)
    roots = tuple(_ROOT.finditer(feed.head))[:3]
    if not roots and not feed.places:
        raise _not_a_feed(text, url)
    top = feed.top()
    said = next((code for root in roots if (code := _short(get_attribute(root[0], "lang")))), None)
    lang = said or _language(top) or _header_language(headers)
    base = _base((root[0] for root in roots), url)
    spare = tuple(_authors(top.elements, _AUTHORS[1:2])) if roots and roots[0][1].lower() == "feed" else ()
    return tuple(_entry(item, base, lang, spare) for item in _kept(_newest_end(feed, max(_MOST, source.max_items))))


def next_page(body: bytes, url: str, headers: Mapping[str, str]) -> str | None:
    """The address of a feed's older items (RFC 5005, `next_url` of JSON Feed), where it names one."""
    text = decode_body(body, headers)
    if text[:1000].lstrip().startswith("{"):
        return jsonfeed.next_page(text, url)
    for element in take_apart(text[:20_000]).top().elements:
        if element.name == "link" and "next" in element.get("rel").split():
            return join_link(url, element.get("href")) or None
    return None


def _not_a_feed(text: str, url: str) -> ReadError:
    """What the text is instead, and what to do about it."""
    head = text[:_HEAD]
    if _OPML.search(head):
        return ReadError("an OPML list, not a feed", "take its sources in: dealwatch sources import FILE")
    if _HTML.search(head):
        feeds = find_feeds(text, url)
        named = f"the page names its feed: {clean_line(feeds[0])[:300]}" if feeds else ""
        return ReadError("an HTML page, not a feed", named or 'use kind = "html" with selectors')
    is_sitemap = _SITEMAP.search(head)
    return ReadError("not a feed", 'this is a sitemap: use kind = "sitemap"' if is_sitemap else jsonfeed.ADVICE)


def _newest_end(feed: Feed, most: int) -> Feed:
    """The feed with at most so many items, of the end at which the newer ones stand."""
    if len(feed.places) <= most:
        return feed
    first, last = (_when(next(replace(feed, places=(place,)).items()).elements) for place in
                   (feed.places[0], feed.places[-1]))  # fmt: skip
    rising = first and last and first[0] < last[0]
    return replace(feed, places=feed.places[-most:] if rising else feed.places[:most])


def _kept(feed: Feed) -> Iterator[Item]:
    """The items; of a body cut short, the last one only where its title, its link and what names it came whole (else it
    would have another key when it comes again).
    """
    named = False
    for item, place in zip(feed.items(), feed.places, strict=True):
        whole = {e.name for e in item.elements if e.whole and (e.get("rel") or "alternate") == "alternate"}
        guid = bool({"guid", "id"} & whole)
        if place.end < len(feed.text) or ({"title", "link"} <= whole and guid >= named):
            yield item
        named = named or guid


def _base(tags: Iterable[str], url: str) -> str:
    """Where relative links stand: on `xml:base`, outermost first, else on the feed's own address."""
    for tag in tags:
        if "base" in tag and (said := get_attribute(tag, "base")):
            url = join_link(url, said) or url
    return url


def _entry(item: Item, base: str, lang: str | None, spare_authors: tuple[str, ...]) -> RawEntry:
    elements = item.elements
    base = _base((item.attributes,), base)
    title = _first(elements, _TITLES)
    when = _when(elements)
    guid = _guid(item)
    summary, content = _texts(elements)
    own = _language(item) or _short(title.get("lang") if title else "")
    return RawEntry(
        guid=guid,
        url=_link(item, base, guid),
        title=clean_line(mend_twice_encoded(title.text())) if title else "",
        published=when[0] if when else None,
        date_precision=when[1] if when else None,
        authors=tuple(dict.fromkeys(_authors(elements, _AUTHORS))) or spare_authors
        or tuple(dict.fromkeys(_authors(elements, _SPARE_AUTHORS))),
        lang=_short(get_attribute(item.attributes, "lang")) or own or lang,
        summary=summary,
        content=content,
    )  # fmt: skip


def _all(elements: Iterable[Element], names: Names) -> Iterator[Element]:
    """The elements of these names, those named first before the others."""
    rows = tuple(elements)
    for space, name in names:
        yield from (element for element in rows if element.name == name and element.space == space)


def _first(elements: Iterable[Element], names: Names) -> Element | None:
    """The first of these elements that says something."""
    return next((element for element in _all(elements, names) if element.inner.strip()), None)


def _guid(item: Item) -> str:
    found = _first((element for element in item.elements if element.whole), _GUIDS)
    return clean_line(found.text()) if found else get_attribute(item.attributes, "about")


def _link(item: Item, base: str, guid: str) -> str:
    """The item's own `link` (the original one that FeedBurner names stands behind it: what the feed says is what its
    readers and the other copies of the story have), a guid that is a link, or whatever it has instead.
    """
    for link, place in _links(item, guid):
        if whole := join_link(_base((place,), base), link):
            return whole
    return ""


def _links(item: Item, guid: str) -> Iterator[tuple[str, str]]:
    """What may be the item's link, best first, each with the tag on whose `xml:base` it stands."""
    links = [element for element in item.elements if element.name == "link" and element.space in ("", "xhtml")]
    for element in links:
        if element.whole and not element.get("href") and (said := element.text()):
            yield said.replace("&amp;", "&"), element.attributes
    alternate = [e for e in links if e.get("href") and (e.get("rel") or "alternate") == "alternate"]
    for element in sorted(alternate, key=lambda e: "html" not in (e.get("type") or "html")):
        yield element.get("href"), element.attributes
    for element in _all(item.elements, (("feedburner", "origlink"), ("", "origlink"))):
        yield element.text(), ""
    if _is_link(guid, _first(item.elements, _GUIDS[:1])):
        yield guid, ""
    yield get_attribute(item.attributes, "about") or get_attribute(item.attributes, "href"), ""  # RDF, CDF
    yield from ((e.get("src"), e.attributes) for e in _all(item.elements, (("", "content"),)) if e.get("src"))
    yield from ((e.get("href"), e.attributes) for e in links if e.get("rel") in ("related", "via", "self"))
    yield from ((e.get("url"), e.attributes) for e in _all(item.elements, (("", "enclosure"),)))


def _is_link(guid: str, element: Element | None) -> bool:
    """Whether a guid may be followed: it says so, or it is an address and does not say otherwise."""
    said = element.get("ispermalink").lower() if element else ""
    return bool(guid) and (said == "true" or (said != "false" and bool(_WEB.match(guid))))


def _when(elements: tuple[Element, ...]) -> When | None:
    for element in _all(elements, _DATES):
        if element.whole and (when := parse_when(element.text())):
            return when
    return None


def _authors(elements: Iterable[Element], names: Names) -> Iterator[str]:
    for element in _all(elements, names):
        inside = _NAME.search(element.inner)
        said = read_text(inside[1]) if inside else element.text()
        if not inside and "@" in said:  # RSS: "desk@news.example (Ines Mallory)"
            said = _MAIL.sub("", said).strip(" ()<>,")
        if name := clean_line(mend_twice_encoded(said)):
            yield name[:200]


def _texts(elements: tuple[Element, ...]) -> tuple[str, str]:
    """Summary and content. The content is the longest of what the item calls so (some give a teaser and the whole); of
    two descriptions without one, the longer.
    """
    contents = [
        _markup(e) for e in _all(elements, _CONTENTS) if e.whole and _TEXTUAL.search(e.get("type")) and not e.get("src")
    ]
    content = max(contents, key=len, default="")
    plain = [text for e in _all(elements, _SUMMARIES[:2]) if e.whole and (text := _markup(e))]
    if not content and len(set(plain)) > 1:
        content = max(plain, key=len)
        plain.remove(content)
    spare = (text for e in _all(elements, _SUMMARIES[2:]) if e.whole and (text := _markup(e)))
    return (plain[0] if plain else next(spare, "")), content


def _markup(element: Element) -> str:
    text = element.text()
    if prefixed := _PREFIX.match(text):  # <x:div>: XHTML under a name of its own
        text = text.replace(f"<{prefixed[1]}:", "<").replace(f"</{prefixed[1]}:", "</")
    if "xhtml" in element.get("type"):
        text = _unwrap(text)
    return mark_paragraphs(clean_text(mend_twice_encoded(text)))


def _unwrap(text: str) -> str:
    """XHTML without the one <div> round it, which is no part of the content (RFC 4287, 3.1.1.3)."""
    depth, start, end = 0, -1, 0
    for tag in _DIV.finditer(text):
        if depth == 0 and (start >= 0 or tag.start() > 0):
            return text  # a second one beside it, or words before it
        depth += -1 if tag[0].startswith("</") else not tag[0].endswith("/>")
        start, end = (tag.end() if start < 0 else start), tag.start()
    return text[start:end].strip() if depth == 0 and start >= 0 and text.endswith("</div>", end) else text


def _language(item: Item) -> str | None:
    found = _first(item.elements, (("", "language"), ("dc", "language")))
    return _short(found.text()) if found else None


def _header_language(headers: Mapping[str, str]) -> str | None:
    said = headers.get("content-language", "")
    return _short(said) if "," not in said else None


def _short(code: object) -> str | None:
    """ "fr" of "fr-FR"; None of anything that is no language code."""
    short = str(code or "").lower().replace("_", "-").split("-")[0].strip()
    return short if short.isalpha() and len(short) in (2, 3) else None
