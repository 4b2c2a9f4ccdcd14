"""Feeds and sitemaps as marked-up text: items, and the elements that stand directly in them, well-formed or not.

Feeds are seldom broken in the same way twice (an undeclared prefix, a bare "&", `&nbsp;`, a missing end tag, a body cut
short), so nothing here asks for well-formed XML: an item is what stands between two of its tags, an element likewise.
A strict reader with a second, lenient one behind it would name an item differently on the day that its feed breaks.
One pass, every step linear; a whole feed is never a tree.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

_HEAD = 20_000  # characters before the first item that are looked at
_MOST_ELEMENTS = 2000  # of one item: categories, enclosures, thumbnails; some dozens at most in real feeds
_MOST_REREADS = 4  # of one item, each for a name that has no end tag
_LINES = frozenset({"link", "guid", "id", "pubdate", "published", "issued", "updated", "modified", "created", "date"})

# Vocabulary -> the name we know it by: "" is RSS, RDF or Atom itself. Without scheme and final slash, in lower case:
# feeds write all four forms.
_SPACES = {
    "": "", "backend.userland.com/rss": "", "backend.userland.com/rss2": "", "blogs.law.harvard.edu/tech/rss": "",
    "backend.userland.com/rss091": "", "backend.userland.com/rss092": "", "cyber.law.harvard.edu/rss/rss.html": "",
    "purl.org/rss/1.0": "", "my.netscape.com/rdf/simple/0.9": "", "channel.netscape.com/rdf/simple/0.9": "",
    "purl.org/net/rss1.1": "", "purl.org/net/rss1.1#": "", "purl.org/rss/1.0/modules/rss091#": "",
    "purl.org/atom/ns#": "", "www.w3.org/2005/atom": "", "purl.org/atom-blog/ns#": "",
    "www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "www.w3.org/1999/xhtml": "xhtml",
    "purl.org/rss/1.0/modules/content": "content", "search.yahoo.com/mrss": "media",
    "search.yahoo.com/searchmonkey/media": "media", "www.rssboard.org/media-rss": "media",
    "purl.org/dc/elements/1.0": "dc", "purl.org/dc/elements/1.1": "dc", "purl.org/dc/terms": "dcterms",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "www.itunes.com/dtds/podcast-1.0": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.sitemaps.org/schemas/sitemap/0.9": "", "www.sitemaps.org/schemas/sitemap/0.84": "",
    "www.google.com/schemas/sitemap/0.84": "", "www.google.com/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap-news/0.9": "news", "www.google.com/schemas/sitemap-news/0.84": "news",
    "www.google.com/schemas/sitemap-image/1.1": "image", "www.google.com/schemas/sitemap-video/1.1": "video",
}  # fmt: skip
_PREFIXES = {
    "rss": "", "atom": "", "atom10": "", "a10": "", "a": "", "rdf": "rdf", "xhtml": "xhtml", "content": "content",
    "media": "media", "dc": "dc", "dcterms": "dcterms", "itunes": "itunes", "feedburner": "feedburner",
    "news": "news", "n": "news", "image": "image", "video": "video", "sitemap": "", "sm": "",
}  # fmt: skip

_NAME = r"[A-Za-z_][\w.-]{0,60}"
_ATTRIBUTES = r"""(?>(?>[^<>"']{1,4000}|"[^"<]{0,20000}"|'[^'<]{0,20000}'){0,400})"""
_REST = rf"(?=[\s/>])({_ATTRIBUTES}|[^<>]{{0,5000}})>"  # the second form: quotes that do not close
_OPEN = re.compile(rf"<!\[CDATA\[|<!--|<((?:{_NAME}:)?{_NAME}){_REST}")
_ROOTS = re.compile(rf"<(?:{_NAME}:)?(?:rss|rdf|feed|channel|urlset|sitemapindex){_REST}", re.IGNORECASE)
_ROOT_ENDS = re.compile(rf"</(?:{_NAME}:)?(?:rss|rdf|feed|channel|urlset|sitemapindex)\s{{0,99}}>", re.IGNORECASE)
_XMLNS = re.compile(rf"""\bxmlns(?::({_NAME}))?\s{{0,9}}=\s{{0,9}}(?:"([^"<]{{0,300}})"|'([^'<]{{0,300}})')""")
_ATTRIBUTE = re.compile(
    r"""([\w.:-]{1,80})\s{0,99}=\s{0,99}(?:"([^"<]{0,20000})"|'([^'<]{0,20000})'|([^\s"'<>]{1,4000}))"""
)
# Lazy without a bound, and linear all the same: where an end is missing, the first try takes all the rest.
_MARKED = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,5000}>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ENTITY = re.compile(r"""<!ENTITY\s{1,99}([\w.-]{1,60})\s{1,99}["']([^"'<&%]{0,200}|&#x?[0-9a-fA-F]{1,7};)["']""")
_FIELDS = re.compile(
    rf"<(?:{_NAME}:)?(?:title|link|guid|id|pubdate|published|issued|updated|modified|created|date|author|creator"
    r"|description|summary|content|encoded|category|comments|enclosure|group|thumbnail)(?=[\s/>])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an item: vocabulary and name (in lower case), its attributes, the markup in it."""

    space: str
    name: str
    attributes: str
    inner: str
    whole: bool = True  # False where the feed was cut short within it

    def get(self, name: str) -> str:
        """An attribute's value, whatever its prefix; "" where it has none of that name."""
        return get_attribute(self.attributes, name)

    def text(self) -> str:
        """What the element says: CDATA as it stands, entities resolved once; markup in it stays markup."""
        return read_text(self.inner)


class Place(NamedTuple):
    """Where an item is: its tag's name and attributes, start and end of its inside."""

    name: str
    attributes: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """An item or entry: its own attributes and its elements in their order."""

    attributes: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed taken apart: what stands before its first item, and where its items are."""

    text: str
    head: str
    spaces: Mapping[str, str]  # prefix -> vocabulary
    places: tuple[Place, ...]

    def items(self) -> Iterator[Item]:
        """The items, read one after the other."""
        for place in self.places:
            yield _read_item(self, place)

    def inside(self, element: Element) -> tuple[Element, ...]:
        """The elements directly in an element."""
        return _read_item(replace(self, text=element.inner), Place("", "", 0, len(element.inner))).elements

    def top(self) -> Item:
        """The elements of the channel itself that stand before its items."""
        opened = [match for match in _OPEN.finditer(self.head) if _local(match[1] or "") in ("channel", "feed")]
        start = opened[-1].end() if opened else 0
        return _read_item(self, Place("", "", start, len(self.head)))


def take_apart(text: str, names: str = "item|entry") -> Feed:
    """The feed with its items found, by the names of their tags; no items where the text has none."""
    text, edge = _with_entities(text), _edges(names)
    first = next((match.start() for match in edge.finditer(text) if match[2]), len(text))
    head = text[: min(first, _HEAD)]
    spaces = _declared("".join(match[0] for match in _ROOTS.finditer(head)), {})
    return Feed(text, head, spaces, tuple(_places(text, spaces, edge)))


@lru_cache(maxsize=10)
def _edges(names: str) -> re.Pattern[str]:
    return re.compile(rf"<!\[CDATA\[|<!--|<(/?)((?:{_NAME}:)?(?:{names})){_REST}", re.IGNORECASE)


def _places(text: str, spaces: Mapping[str, str], edge: re.Pattern[str]) -> Iterator[Place]:
    """Where items are: from a start tag to its end tag, to the next start tag, or to the end of the text."""
    at = 0
    opened: re.Match[str] | None = None
    while match := edge.search(text, at):
        at = match.end()
        if not match[2]:
            at = _past(text, match)
            continue
        prefix = match[2].rpartition(":")[0]
        if _space(prefix, _declared(match[3], spaces)) not in ("", "?"):
            continue  # <content:item>, <media:item>
        if opened:
            yield Place(opened[2], opened[3], opened.end(), match.start())
        opened = None if match[1] or match[3].endswith("/") else match
    if opened:
        root_ends = _ROOT_ENDS.search(text, max(len(text) - 1000, opened.end()))
        yield Place(opened[2], opened[3], opened.end(), root_ends.start() if root_ends else len(text))


def _past(text: str, match: re.Match[str]) -> int:
    """The place behind a CDATA section or a comment; behind the text where it has no end."""
    cdata = match[0].startswith("<![")
    end = text.find("]]>" if cdata else "-->", match.end())
    return end + 3 if end >= 0 else len(text)


def _read_item(feed: Feed, place: Place) -> Item:
    """The elements directly in an item."""
    spaces = _declared(place.attributes, feed.spaces) if "xmlns" in place.attributes else feed.spaces
    own = None if ":" in place.name else spaces.get("", "")  # what stands for itself in the item is of its vocabulary
    found: list[Element] = []
    at, end, text = place.start, place.end, feed.text
    endless: set[str] = set()  # names of elements whose end tag the item has not
    while len(found) < _MOST_ELEMENTS and (match := _OPEN.search(text, at, end)):
        name, given = match[1], match[2]
        if not name:
            at = min(_past(text, match), end)
            continue
        inner_end, at, closed = _inside(text, match, end, endless)
        scope = _declared(given, spaces) if "xmlns" in given else spaces
        prefix, _, local = name.rpartition(":")
        space = "" if not prefix and scope.get("", "") == own else _space(prefix, scope)
        inner, whole = text[match.end() : inner_end], closed or inner_end < len(text)
        found.append(Element(space, local.lower(), given, inner, whole))
    return Item(place.attributes, tuple(found))


def _inside(text: str, match: re.Match[str], end: int, endless: set[str]) -> tuple[int, int, bool]:
    """Where an element's inside ends, where to read on, and whether its end tag was there. One without it ends where
    the next of an item's usual elements begins (an address or a date: where any does); after some names of that kind
    the rest of the item is its inside.
    """
    start, name = match.end(), match[1]
    if text[start - 2] == "/":
        return start, start, True
    at = text.find("<", start, end)
    if text.startswith(f"</{name}>", at):  # nine of ten
        return at, at + len(name) + 3, True
    if name not in endless:
        if closed := _find_end(text, name, start, end):
            return *closed, True
        endless.add(name)
    if _local(name) in _LINES and at >= 0 and not text.startswith("<!", at):
        return at, at, False
    nearest = _FIELDS.search(text, start, end) if len(endless) <= _MOST_REREADS else None
    until = nearest.start() if nearest else end
    return until, until, False


def _find_end(text: str, name: str, start: int, end: int) -> tuple[int, int] | None:
    """Start and end of the end tag of an element, past others of its name within it."""
    depth, at = 1, start
    pattern = _ends(name[:130])
    while match := pattern.search(text, at, end):
        at = match.end()
        if match[0].startswith("<!"):
            at = _past(text, match)
            if at >= end:
                return None
        elif match[1]:
            depth -= 1
            if not depth:
                close = text.find(">", at, min(at + 100, end))
                return match.start(), close + 1 if close >= 0 else at
        elif not _self_closed(text, at, end):
            depth += 1
    return None


@lru_cache(maxsize=200)
def _ends(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!\[CDATA\[|<!--|<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE)


def _self_closed(text: str, at: int, end: int) -> bool:
    close = text.find(">", at, min(at + 5000, end))
    return close > 0 and text[close - 1] == "/"


# --- vocabularies ----------------------------------------------------------------------------------------------------


def _declared(tags: str, known: Mapping[str, str]) -> dict[str, str]:
    """Prefix -> address of its vocabulary, those of these tags over those already known."""
    spaces = dict(known)
    for match in _XMLNS.finditer(tags[:_HEAD]):
        address = (match[2] if match[2] is not None else match[3]).strip().lower()
        spaces[match[1] or ""] = re.sub(r"\Ahttps?://", "", address).rstrip("/")
    return spaces


def _space(prefix: str, spaces: Mapping[str, str]) -> str:
    """The name of a prefix's vocabulary: by its address, else by the custom of feeds, else its own."""
    address = spaces.get(prefix)
    if address is not None and address in _SPACES:
        return _SPACES[address]
    if not prefix:
        return "?" if address else ""
    return _PREFIXES.get(prefix.lower(), f"?{prefix}")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


# --- text ------------------------------------------------------------------------------------------------------------


def get_attribute(attributes: str, name: str) -> str:
    """The value of an attribute in a tag's text, whatever its prefix; "" where it is not there."""
    for match in _ATTRIBUTE.finditer(attributes):
        if _local(match[1]) == name:
            value = next((part for part in match.groups()[1:] if part is not None), "")
            return resolve(value).strip()
    return ""


def resolve(text: str) -> str:
    """The text with its entities resolved once: HTML's too, which feeds use undeclared. A bare "&" stays.

    >>> resolve("Caf&eacute; &amp; co. &nbsp;?a=1&copy=2")
    'Café & co. \\xa0?a=1&copy=2'
    """
    for reference, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):  # nine of ten; never a part of another
        if reference in text:
            text = text.replace(reference, sign)
    return _REFERENCE.sub(lambda match: _sign(match[0]), text) if "&" in text else text


_sign = lru_cache(maxsize=2000)(html.unescape)


def read_text(inner: str) -> str:
    """What the inside of an element says: see `Element.text`."""
    if "<" not in inner:
        return resolve(inner).strip()
    if inner.startswith("<![CDATA[") and inner.find("]]>") == len(inner) - 3:
        return inner[9:-3].strip()
    parts, at, inline = [], 0, bool(_TAG.search(_MARKED.sub("", inner)))
    for match in _MARKED.finditer(inner):
        before = inner[at : match.start()]
        parts += [before if inline else resolve(before), match[1] or ""]
        at = match.end()
    parts.append(inner[at:] if inline else resolve(inner[at:]))
    return "".join(parts).strip()


def _with_entities(text: str) -> str:
    """The text with the short entities that its own DTD declares put in; those that name others are left alone."""
    declared = {match[1]: html.unescape(match[2]) for match in _ENTITY.finditer(text[:5000])}
    if not declared:
        return text
    names = "|".join(re.escape(name) for name in list(declared)[:50])
    return re.sub(rf"&({names});", lambda match: declared[match[1]], text, count=100_000)
