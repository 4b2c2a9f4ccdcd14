"""The lines between a headline and its story that sum it up: many pages keep them apart from the text."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.margins import is_finished, key
from dealwatch.article.page import Page
from dealwatch.article.phrases import is_pointer

Paragraphs = tuple[str, ...]

_LENGTH = (25, 600)  # characters of a standfirst
_SENTENCE = 40  # of one that only its place tells
_CUT = ("…", "...")
_OPENING = 60  # of the story, by which it is known again in the page
_NEAR = 60  # elements after the headline in which it stands
_FIGURES = 6  # in a line that dates a page, or counts its readers
_OWN = "p, div, h2, h3, ul, section, article"  # what a container of the standfirst holds, and it does not
_OTHER = ':is([class*="byline" i], [class*="author" i], [class*="date" i], [class*="caption" i], a *, li *, figure *)'


def _descriptions(page: Page) -> Iterator[str]:
    yield clean(records.string(page.record.get("description")))
    for name in ("og:description", "description", "twitter:description"):
        yield page.first(name)
    yield clean(records.string(page.record.get("alternativeHeadline")))


def _fits(text: str) -> bool:
    return _LENGTH[0] <= len(text) <= _LENGTH[1] and not text.endswith(_CUT)


def _is_prose(node: LexborNode, text: str) -> bool:
    """Whether a line under the headline is a sentence, not a byline, a date, a caption or a link."""
    if len(text) < _SENTENCE or not _fits(text) or not is_finished(text) or is_pointer(text):
        return False
    if sum(map(str.isdigit, text)) >= _FIGURES:
        return False
    linked = sum(len(link.text()) for link in node.css("a")[:20])
    return linked * 2 < len(text) and not node.css_matches(_OTHER)


def _below_headline(page: Page, titles: frozenset[str]) -> list[tuple[str, LexborNode]]:
    """The lines that follow the headline, before the tree is taken apart."""
    nodes = page.tree.css("h1, h2, h3, p, div")
    at = next((at for at, node in enumerate(nodes) if node.tag == "h1" and key(node.text()) in titles), None)
    if at is None:
        return []
    lines = (node for node in nodes[at + 1 : at + 1 + _NEAR] if node.tag == "p" or not node.css_first(_OWN))
    return [(text, node) for node in lines if (text := clean(node.text()[:2_000]))]


class Standfirst:
    """What may be the standfirst of a page; taken before the body's reader takes the tree apart."""

    def __init__(self, page: Page, titles: frozenset[str]) -> None:
        self._titles, self._shown = titles, page.shown
        self._given = [text for text in _descriptions(page) if _fits(text)]
        self._lines = [(text, _is_prose(node, text)) for text, node in _below_headline(page, titles)]

    def before(self, paragraphs: Paragraphs) -> Paragraphs:
        """The paragraphs with the standfirst before them, where the page shows one and they lack it."""
        if not paragraphs:
            return paragraphs
        text = key("\n".join(paragraphs))
        if any(key(given) in text for given in self._given):
            return paragraphs
        if (given := self._shown_description()) is not None:
            return (given, *paragraphs)
        opening = key(paragraphs[0])[:_OPENING]
        for line, is_prose in self._lines:
            words = key(line)
            if words and (words in text or opening in words):  # the story has begun
                break
            if is_prose and words not in self._titles:
                return (line, *paragraphs)
        return paragraphs

    def _shown_description(self) -> str | None:
        """The first summary in the head of the page that it also shows its readers; its words are levelled but once."""
        shown = key(self._shown) if self._given else ""
        return next((text for text in self._given if key(text) in shown and key(text) not in self._titles), None)
