"""Elements to paragraphs: what stands between block elements or two line breaks is one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dealwatch.article.characters import clean
from dealwatch.article.clock import is_time

# Marks put into the tree, since a blank line in the source of a page means nothing.
_BLOCK, _BREAK = "\x1e", "\x1f"
_PARTING = re.compile(r"\x1e|\x1f[ \t\n\r\f\xa0]{0,200}\x1f")
_NOISE = (
    "script, style, noscript, template, svg, iframe, button, select, figure, figcaption, object, video, audio, head"
)
_FURNITURE = "form, nav, aside, footer, dialog"  # unless it holds the page: whole sites stand in one form
_FURNITURE_SHARE = 0.5  # of the page's text
_BLOCKS = (
    "p, div, section, article, header, main, h1, h2, h3, h4, h5, h6, ul, ol, li, dl, dt, dd, blockquote, pre, table, "
    "tr, hr, address, details"
)
# Names that style sheets give what is not the story, the same in all countries. Left out one by one on 123 pages, each
# cost body F1 up to 0.002; "paywall", "sidebar" and "recommend" are missing since whole stories stand under them.
_NAMES = (
    "related", "relation", "teaser", "promo", "newsletter", "caption", "social", "share", "byline", "author-", "embed",
    "comment", "advert", "placement", "breadcrumb", "copyright", "credit", "footer", "infobox", "expandable", "tweet",
    "tiktok", "instagram", "pullquote", "pull-quote", "audio", "player", "popover", "tooltip", "cookie", "consent",
    "signup", "sign-up", "most-read", "mostread", "trending", "read-also", "lire-aussi", "visually-hidden",
    "visuallyhidden", "sr-only", "screen-reader",
)  # fmt: skip
_NAMED = ",".join(f'[class*="{name}" i]' for name in _NAMES)
_ASIDES = f":is(div,section,ul,p,span,blockquote):is({_NAMED})"
_ASIDE_SHARE = 0.12  # of the page's text: more is not an aside, whatever its name
_LINK_SHARE = 0.9
_STORY = 15  # characters of a link that can be another story's headline
_LINES = ("p", "li", "h2", "h3", "h4")
_LINKS = ", ".join(f"{tag} a:first-of-type" for tag in _LINES)  # one a line: a paragraph may hold thousands
_LINKED = "a h2, a h3, a h4, a p, a li"  # lines that stand in a link: another story's headline and its teaser
# What announces a link to another story: "Read more: ...", "EXCLUSIVE | ...". Longer, or with other words behind the
# link, it is a sentence of this one.
_LEAD = re.compile(r"[^.!?]{2,40}[:|>»→][ \xa0]{0,3}\Z")
_DOOMED = "data-dealwatch-doomed"  # the attribute that marks what is to be removed
_BETWEEN = 5  # elements between a link and its line
_MAX_NODES = 10_000  # elements of one kind that are looked at


def distinct(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """The nodes without those that a group of selectors found twice."""
    return list({node.mem_id: node for node in nodes}.values())


def remove_all(nodes: Iterable[LexborNode]) -> None:
    """Nothing; the nodes, given in the order of the page, are gone.

    The last goes first: a node that is removed takes its children's memory with it, so that they must not be touched.
    """
    for node in reversed(distinct(nodes)):
        node.remove()


def strip_noise(tree: LexborHTMLParser) -> str:
    """The text of the page; its tree is left with what can hold a story, line breaks marked."""
    remove_all(tree.css(_NOISE))
    whole = tree.body.text() if tree.body else ""
    remove_all(node for node in tree.css(_FURNITURE) if len(node.text()) <= len(whole) * _FURNITURE_SHARE)
    for node in tree.css("br")[:_MAX_NODES]:
        node.replace_with(_BREAK)
    return whole


def strip_asides(tree: LexborHTMLParser) -> None:
    """Nothing; the tree loses what its own class names call an aside, and lines that are only a link."""
    whole = len(tree.body.text()) if tree.body else 0
    for node in distinct(tree.css(_ASIDES)[:_MAX_NODES]):
        if len(node.text()) < whole * _ASIDE_SHARE:
            node.attrs[_DOOMED] = ""
    for link in distinct(tree.css(_LINKS)[:_MAX_NODES]):
        line = _line_of(link)
        if line is not None and _fills(link, line):
            line.attrs[_DOOMED] = ""
    for node in tree.css(_LINKED)[:_MAX_NODES]:
        node.attrs[_DOOMED] = ""
    for node in tree.css("time")[:_MAX_NODES]:
        if is_time(clean(node.text()[:100])):
            node.attrs[_DOOMED] = ""
    remove_all(tree.css(f"[{_DOOMED}]"))


def unwrap_layout(tree: LexborHTMLParser) -> None:
    """Nothing; where most of the page's text stands in paragraphs within tables, the tables are gone, their cells not.

    Pages and letters of old are laid out so, and a reader of stories takes a table for figures.
    """
    within = sum(len(node.text()) for node in tree.css("td p")[:_MAX_NODES])
    if tree.body is not None and within and within * 2 > len(tree.body.text()):
        tree.unwrap_tags(["table", "tbody", "tr", "td"])


def _line_of(link: LexborNode) -> LexborNode | None:
    node = link.parent
    for _ in range(_BETWEEN):
        if node is None or node.tag in _LINES:
            return node
        node = node.parent
    return None


def _fills(link: LexborNode, line: LexborNode) -> bool:
    """Whether a line holds next to nothing but a link, or a few words that announce it."""
    target, whole = clean(link.text()), clean(line.text())
    return len(target) >= _LINK_SHARE * len(whole) or (
        whole.endswith(target) and len(target) >= _STORY and bool(_LEAD.match(whole[: -len(target)]))
    )


def markup_of(tree: LexborHTMLParser) -> str:
    """The HTML of a tree without noise, its line breaks put back."""
    return (tree.html or "").replace(_BREAK, "<br>")


def paragraphs_in(text: str) -> tuple[str, ...]:
    """The clean paragraphs of a text in which block elements and line breaks are marked."""
    return tuple(part for part in map(clean, _PARTING.split(text)) if part)


def paragraphs_of(nodes: Iterable[LexborNode]) -> tuple[str, ...]:
    """The clean texts of elements that hold no block elements themselves."""
    return tuple(part for node in nodes for part in paragraphs_in(node.text()))


def mark_blocks(node: LexborNode) -> None:
    """Nothing; the block elements inside are marked, so that the node's text parts into paragraphs."""
    for block in node.css(_BLOCKS)[:_MAX_NODES]:
        if block.mem_id != node.mem_id:
            block.insert_before(_BLOCK)
            block.insert_after(_BLOCK)


def read_fragment(html: str) -> tuple[str, ...]:
    """The paragraphs of a piece of HTML, or of plain text.

    >>> read_fragment("<p>One<br>line.</p>Bare <b>words</b><br><br>More")
    ('One line.', 'Bare words', 'More')
    """
    tree = LexborHTMLParser(html)
    strip_noise(tree)
    if tree.body is None:
        return ()
    mark_blocks(tree.body)
    return paragraphs_in(tree.body.text())
