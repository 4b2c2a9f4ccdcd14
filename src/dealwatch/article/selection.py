"""The text that a source's own selectors pick, where it is the story and not what a changed layout put in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from selectolax.lexbor import LexborNode

from dealwatch.article.characters import clean
from dealwatch.article.margins import is_finished, key
from dealwatch.article.markup import mark_blocks, paragraphs_in, remove_all
from dealwatch.article.page import Page
from dealwatch.article.phrases import is_pointer

Paragraphs = tuple[str, ...]

_MOST = 1_000  # elements that a body selector may find
_LEAST = 3  # of a witness's length over the pick's: beyond it the pick is a teaser
_MENU = 0.5  # share of a pick's text that may stand in links
_SENTENCE = 60  # characters of a line that is text though no mark ends it
_LONG = 800  # characters of a witness that must share something with the pick
_LINES = 300  # of a witness that are looked for: enough of any story, and no work for a page of 50,000
_COMMON = 0.3  # of its words


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """The nodes that stand in no other of them."""
    chosen: dict[int, LexborNode] = {}
    for node in nodes:
        parent: LexborNode | None = node
        while parent is not None and parent.mem_id not in chosen:
            parent = parent.parent
        if parent is None:
            chosen[node.mem_id] = node
    return list(chosen.values())


def _linked(node: LexborNode) -> int:
    return sum(len(clean(link.text())) for link in node.css("a")[:_MOST])


def _length(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


def _shared(found: Paragraphs, witness: Paragraphs) -> float:
    """The share of a witness's words that the pick has in the same paragraphs or longer ones."""
    text = key("\n".join(found))
    lines = [key(line) for line in witness[:_LINES]]
    return sum(len(line) for line in lines if line in text) / max(1, sum(map(len, lines)))


def _is_story(found: Paragraphs, linked: int, witnesses: Iterable[Paragraphs]) -> bool:
    """Whether a pick is prose, no menu, and no teaser of what a witness holds; with none of them it shares nothing."""
    length = _length(found)
    if linked > _MENU * length or not any(len(line) > _SENTENCE or is_finished(line) for line in found):
        return False
    known = [witness for witness in witnesses if witness]
    if any(length * _LEAST < _length(witness) for witness in known[:1]):
        return False
    long = [witness for witness in known if _length(witness) >= _LONG]
    return not long or any(_shared(found, witness) >= _COMMON for witness in long)


def pick(page: Page, selectors: Mapping[str, str], titles: frozenset[str], witnesses: list[Paragraphs]) -> Paragraphs:
    """What the selectors `body` and `remove` find, () where that is nothing, a menu, or far from every witness.

    The first witness is the text of the page's densest element; a pick of less than a third of it is a teaser.
    """
    nodes = _outermost(page.select(selectors["body"])[:_MOST])
    linked = sum(map(_linked, nodes))
    found: list[str] = []
    for node in nodes:
        mark_blocks(node)
        found += paragraphs_in(node.text())
    kept = tuple(line for line in found if key(line) not in titles and not is_pointer(line))
    return kept if kept and _is_story(kept, linked, witnesses) else ()


def drop_removed(page: Page, selectors: Mapping[str, str]) -> None:
    """Nothing; what the source's `remove` selector picks is gone from the page."""
    if selectors.get("remove"):
        remove_all(page.select(selectors["remove"]))
