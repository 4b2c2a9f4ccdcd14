"""HTML listings: a page of links, by the CSS selectors of its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources.charset import decode_body
from dealwatch.sources.links import canonical_link, join_link
from dealwatch.sources.raw import RawEntry, clean_line
from dealwatch.sources.times import When, parse_when

_MOST = 2000  # links of one page; a listing has some dozens


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """The links that `selectors.links` picks: links themselves, or boxes round one (then `title` and `date` are looked
    for in the box). A page in which it picks nothing raises `ReadError`: a listing is never empty, a selector is stale.
    """
    tree = LexborHTMLParser(decode_body(body, headers))
    links = source.selectors.get("links", "")
    try:
        picked = tree.css(links)[:_MOST]
        found = tuple(_entries(picked, source.selectors, _base(tree, url)))
    except (SelectolaxError, ValueError):
        raise ReadError(f"a selector cannot be read: {links[:100]}", "mend [source.selectors]") from None
    if not found:
        raise ReadError(f"no link for selector {links[:100]}", "the page has changed: mend selectors.links")
    return found


def _base(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    return (join_link(url, base.attributes.get("href") or "") or url) if base else url


def _entries(picked: list[LexborNode], selectors: Mapping[str, str], base: str) -> Iterator[RawEntry]:
    """An entry a link; of several links to one page (picture, headline, "read more") the one with the longest words."""
    best: dict[str, RawEntry] = {}
    for node in picked:
        anchor = node if node.tag == "a" else node.css_first("a[href]")
        link = join_link(base, anchor.attributes.get("href") or "") if anchor else ""
        if not anchor or not link:
            continue
        when = _when(node, selectors.get("date", ""))
        title = _title(node, anchor, selectors.get("title", ""))
        entry = RawEntry(url=link, title=title, published=when[0] if when else None,
                         date_precision=when[1] if when else None)  # fmt: skip
        known = best.get(canonical_link(link))
        if known is None or len(entry.title) > len(known.title):
            best[canonical_link(link)] = entry
    yield from best.values()


def select_text(node: LexborNode, selector: str) -> str:
    """The words of the first element that a selector picks, or its attribute (`time@datetime`), on one line."""
    path, _, attribute = selector.partition("@")
    found = node.css_first(path.strip()) if path.strip() else node
    if found is None:
        return ""
    said = found.attributes.get(attribute.strip()) if attribute else found.text(separator=" ")
    return clean_line(said or "")


def _title(node: LexborNode, anchor: LexborNode, selector: str) -> str:
    chosen = select_text(node, selector) if selector else ""
    return chosen or clean_line(anchor.text(separator=" ")) or clean_line(anchor.attributes.get("title") or "")


def _when(node: LexborNode, selector: str) -> When | None:
    """The box's date: by the selector (its words, or the machine's form in a <time>), else of its first <time>."""
    plain = selector if "@" in selector else f"{selector}@datetime"
    for path in (plain, selector, "time@datetime") if selector else ("time@datetime",):
        if when := parse_when(select_text(node, path)):
            return when
    return None
