"""HTML listings: a page of links, by the CSS selectors of its source.

Each selector may end in `@attribute`, whose value then stands for the element's words: `time@datetime`,
`article@data-url`, `@title` (of the picked element itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources.charset import decode_body
from dealwatch.sources.links import canonical_link, join_link
from dealwatch.sources.raw import RawEntry, clean_line
from dealwatch.sources.times import When, parse_when

_MOST = 2000  # links of one page; a listing has some dozens
_MOST_NEXT = 10
_DEEPEST = 8  # elements between a headline and the link round its card
_AT = re.compile(r"@([A-Za-z_][\w:.-]{0,60})\s{0,20}\Z")


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """The links that `selectors.links` picks: links themselves, boxes round one (then `title` and `date` are looked for
    in the box), words in one, or elements with an address in an attribute. A page in which it picks nothing raises
    `ReadError`: a listing is never empty, a selector is stale.
    """
    tree = LexborHTMLParser(decode_body(body, headers))
    links = source.selectors.get("links", "")
    path, attribute = split_selector(links)
    try:
        picked = tree.css(path)[:_MOST]
        found = tuple(_entries(picked, attribute, source.selectors, _base(tree, url)))
    except (SelectolaxError, ValueError):
        raise ReadError(f"a selector cannot be read: {links[:100]}", "mend [source.selectors]") from None
    if not found:
        raise ReadError(f"no link for selector {links[:100]}", "the page has changed: mend selectors.links")
    return found


def next_page(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> str | None:
    """The address that `selectors.next` picks, "a.next" or "link[rel=next]@href": see `sources.next_page`."""
    path, attribute = split_selector(source.selectors.get("next", ""))
    if not path:
        return None
    tree = LexborHTMLParser(decode_body(body, headers))
    base = _base(tree, url)
    try:
        picked = tree.css(path)[:_MOST_NEXT]
    except (SelectolaxError, ValueError):
        raise ReadError(f"a selector cannot be read: {path[:100]}", "mend [source.selectors]") from None
    here = canonical_link(url)
    for node in picked:
        link = join_link(base, node.attributes.get(attribute) or "") if attribute else _href(node, base)
        if link and canonical_link(link) != here and _site(link) == _site(url):
            return link
    return None


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def split_selector(selector: str) -> tuple[str, str]:
    """A selector's path and the attribute that it ends in, "" for none.

    >>> split_selector("time@datetime"), split_selector('a[href*="@x"]')
    (('time', 'datetime'), ('a[href*="@x"]', ''))
    """
    match = _AT.search(selector)
    return (selector[: match.start()].strip(), match[1].lower()) if match else (selector.strip(), "")


def _base(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    return (join_link(url, base.attributes.get("href") or "") or url) if base else url


def _entries(
    picked: list[LexborNode], attribute: str, selectors: Mapping[str, str], base: str
) -> Iterator[RawEntry]:
    """An entry a link; of several links to one page (picture, headline, "read more") the one with the longest words."""
    best: dict[str, RawEntry] = {}
    for node in picked:
        link = join_link(base, node.attributes.get(attribute) or "") if attribute else _href(node, base)
        if not link:
            continue
        when = _when(node, selectors.get("date", ""))
        entry = RawEntry(url=link, title=_title(node, selectors.get("title", "")), published=when[0] if when else None,
                         date_precision=when[1] if when else None)  # fmt: skip
        key = canonical_link(link)
        known = best.get(key, entry)
        longest = entry if len(entry.title) > len(known.title) else known
        dated = longest if longest.published else known if known.published else entry
        best[key] = replace(longest, published=dated.published, date_precision=dated.date_precision)
    yield from best.values()


def _anchor(node: LexborNode) -> LexborNode | None:
    """The link that an element is, holds, or stands in ("h3" in a card that is a link as a whole)."""
    if node.tag in ("a", "area", "link"):
        return node
    if inside := node.css_first("a[href]"):
        return inside
    outside = node.parent
    for _ in range(_DEEPEST):
        if outside is None or outside.tag == "a":
            return outside
        outside = outside.parent
    return None


def _href(node: LexborNode, base: str) -> str:
    anchor = _anchor(node)
    return join_link(base, anchor.attributes.get("href") or "") if anchor else ""


def select_text(node: LexborNode, selector: str) -> str:
    """The words of the first element that a selector picks, or its attribute (`time@datetime`), on one line."""
    path, attribute = split_selector(selector)
    found = node.css_first(path) if path else node
    if found is None:
        return ""
    said = found.attributes.get(attribute) if attribute else found.text(separator=" ")
    return clean_line(said or "")


def _title(node: LexborNode, selector: str) -> str:
    if selector and (chosen := select_text(node, selector)):
        return chosen
    anchor = _anchor(node)
    words = anchor if anchor and node.css_first("a[href]") else node  # css_first looks at the element itself, too
    title = (anchor.attributes.get("title") if anchor else "") or ""
    return clean_line(words.text(separator=" ")) or clean_line(title)


def _when(node: LexborNode, selector: str) -> When | None:
    """The box's date: by the selector (its words, or the machine's form in a <time>), else of its first <time>."""
    plain = selector if split_selector(selector)[1] else f"{selector}@datetime"
    for path in (plain, selector, "time@datetime") if selector else ("time@datetime",):
        if when := parse_when(select_text(node, path)):
            return when
    return None
