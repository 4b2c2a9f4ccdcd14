"""The paragraphs of a page, by the first way that can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dealwatch.article import records
from dealwatch.article.characters import clean, strip_unseen
from dealwatch.article.margins import is_finished, key
from dealwatch.article.markup import (
    markup_of,
    paragraphs_in,
    paragraphs_of,
    read_fragment,
    strip_asides,
    unwrap_layout,
)
from dealwatch.article.page import Page
from dealwatch.article.selection import drop_removed, pick

Paragraphs = tuple[str, ...]

_TEXTS = "p, h2, h3, h4, li, blockquote, pre"
_AGREED = (0.9, 1.12)  # a witness's length over the other's; measured on 370 pages: 54 to 63 % agree
_ENOUGH = 800  # characters below which agreement proves nothing
# Times trafilatura's text that the densest container must hold to stand in its place. Twice is not enough: a page that
# goes on into the next story has a longer one below.
_FAR_MORE = 4
# Of trafilatura's text: the share that an element must hold, its length in times at most, and the characters that prove
# anything.
_CONFIRMED = (0.85, 1.15, 300)
_LEAD = 60  # characters of a sentence that stands above that element: the story's first
_RINGS = 3  # elements round the densest that can be the story's
_SHORT = 200  # characters below which a page's text is taken for a teaser, and the next way is tried
# Trafilatura makes plain spaces of no-break ones, and drops what does not print: two signs of Linear B stand for them.
_PROTECTED = {"\xa0": "\U00010080", "\u202f": "\U00010081", **dict.fromkeys("\x1c\x1d\x1e\x1f", " ")}
_PUT_BACK = {"\U00010080": "\xa0", "\U00010081": "\u202f"}
_MOST_TAGS = 10_000  # of such a page: real ones have 4,000 left at most, and trafilatura is quadratic in paragraphs
_LARGEST = 500_000  # characters of a page, its noise left out, that trafilatura is given: it builds a second tree


def _length(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


def _agree(one: int, other: int) -> bool:
    return min(one, other) >= _ENOUGH and _AGREED[0] <= one / other <= _AGREED[1]


def _densest(tree: LexborHTMLParser) -> LexborNode | None:
    """The element whose own `p` children hold the most text, None for a page without any."""
    weight: dict[int, int] = {}
    parents: dict[int, LexborNode] = {}
    for node in tree.css("p")[:5000]:
        if (parent := node.parent) is not None:
            weight[parent.mem_id] = weight.get(parent.mem_id, 0) + len(node.text().strip())
            parents.setdefault(parent.mem_id, parent)
    return parents[max(weight, key=lambda key: weight[key])] if weight else None


def _containers(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """The densest element, then those round it: advertisements part a story into several containers."""
    node = _densest(tree)
    for _ in range(_RINGS):
        if node is None or node.tag in ("body", "html"):
            return
        yield node
        node = node.parent


def _texts(container: LexborNode) -> list[LexborNode]:
    """The elements of a container that hold its text, in the order of the page."""
    return [node for node in container.css(_TEXTS) if node.tag not in ("li", "blockquote") or not node.css_first("p")]


def _told(page: Page) -> Paragraphs:
    """The text that the page's own record gives; of a live blog that of its entries."""
    body = records.string(page.record.get("articleBody"))
    if not body:
        return tuple(line for text in records.updates(page.record) for line in _read(text))
    return _read(body)


def _read(text: str) -> Paragraphs:
    return read_fragment(text) if "<" in text else paragraphs_in(text.replace("\n", "\x1e"))


def _by_selectors(page: Page, selectors: Mapping[str, str], titles: frozenset[str], told: Paragraphs) -> Paragraphs:
    """What the source's own selectors find, () where it is not the story."""
    if not selectors.get("body"):
        return ()
    drop_removed(page, selectors)
    container = _densest(page.tree)
    dense = paragraphs_of(container.css("p")) if container else ()
    return pick(page, selectors, titles, [dense, paragraphs_of(page.tree.css("article p")), told])


def _by_witnesses(page: Page, told: Paragraphs) -> Paragraphs:
    """The densest container's text where `article p` or the page's own record agrees on its length, else ()."""
    witnesses = (_length(told), _length(paragraphs_of(page.tree.css("article p"))))
    for container in _containers(page.tree):
        dense = _length(paragraphs_of(container.css("p")))
        if any(_agree(dense, witness) for witness in witnesses):
            return paragraphs_of(_texts(container))
    return ()


def _replace(text: str, table: Mapping[str, str]) -> str:
    """The text with single characters replaced: on a whole page ten times as fast as str.translate."""
    for one, other in table.items():
        text = text.replace(one, other)
    return text


def _by_trafilatura(html: str) -> Paragraphs:
    """What trafilatura finds, its fast way first; () for a page too large for it.

    It is given the page without its noise: a quarter faster than the whole one, and F1 0.931 against 0.854 on the 60
    known pages that come this far (a page of 2 MB is 60 kB of text and marks).
    """
    if len(html) > _LARGEST or html.count("<") > 2 * _MOST_TAGS:
        return ()
    import trafilatura  # 150 ms: only where the page's own marks do not serve

    html = _replace(strip_unseen(html.replace("&nbsp;", "\xa0")), _PROTECTED)  # lxml refuses control characters
    found: Paragraphs = ()
    for fast in (True, False):
        try:
            text = trafilatura.extract(html, fast=fast, include_comments=False, include_tables=False) or ""
        except (ValueError, RecursionError):  # a tree that lxml will not take: no text is better than no article
            continue
        lines = (clean(line.removeprefix("- ")) for line in _replace(text, _PUT_BACK).split("\n"))
        found = tuple(line for line in lines if line)
        if _length(found) >= _SHORT:
            break
    return found


def _confirmed(tree: LexborHTMLParser, found: Paragraphs) -> Paragraphs:
    """The text of the element that holds nearly all of what trafilatura found and little else, () where none does.

    Its tags tell what is the story's better than trafilatura's rules do: F1 0.974 with it, 0.970 without, on 123 pages.
    """
    lines = [key(line) for line in found]
    whole = sum(map(len, lines))
    for container in _containers(tree):
        paragraphs = paragraphs_of(_texts(container))
        text = key("\n".join(paragraphs))
        shared = sum(len(line) for line in lines if line in text)
        if whole >= _CONFIRMED[2] and shared >= _CONFIRMED[0] * whole and len(text) <= _CONFIRMED[1] * whole:
            first = next(at for at, line in enumerate(lines) if line in text)
            return (*(line for line in found[:first] if len(line) > _LEAD and is_finished(line)), *paragraphs)
    return ()


def find_paragraphs(page: Page, selectors: Mapping[str, str], titles: frozenset[str]) -> tuple[Paragraphs, str]:
    """The paragraphs and the method that found them, the margins still round them. Takes the page's tree apart.

    The method is "selectors" only where the source's own selectors picked the story: anything else with such a source
    means that they no longer fit this page.
    """
    told = _told(page)
    if found := _by_selectors(page, selectors, titles, told):
        return found, "selectors"
    strip_asides(page.tree)
    unwrap_layout(page.tree)
    if found := _by_witnesses(page, told):
        return found, "witnesses"
    found = _by_trafilatura(markup_of(page.tree))
    if confirmed := _confirmed(page.tree, found):
        return confirmed, "witnesses"
    dense = next((paragraphs_of(_texts(container)) for container in _containers(page.tree)), ())
    if _length(dense) >= max(_ENOUGH, _FAR_MORE * _length(found)):
        return dense, "density"
    if _length(found) >= max(_SHORT, _length(told) // 2):
        return found, "trafilatura"
    if _length(told) > _length(found):
        return told, "json-ld"
    return found, "trafilatura" if found else "none"
