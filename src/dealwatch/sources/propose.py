"""Selectors for a page of links that names no feed: the repeated headlines that lead to articles of the same site.

Never its navigation or its foot: a link counts when its address is written like an article's and its words like a
headline. Candidates are read off the page itself, and judged by how many of those links they pick, and how few others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from dealwatch.lang import codes, load
from dealwatch.sources.charset import decode_body
from dealwatch.sources.discover import PAGE, page_base
from dealwatch.sources.links import canonical_link, join_link
from dealwatch.sources.packed import unpack
from dealwatch.sources.raw import clean_line
from dealwatch.sources.times import parse_when

FEWEST = 4  # articles of a listing; three links side by side are a teaser
_MOST_LINKS = 3000  # of a page that are looked at
_MOST_HEADLINES = 300
_MOST_TRIED = 80  # selectors: each is one pass over the page
_DEEP = 60  # ancestors that are looked at: no page that people read is deeper
_UP = 6  # ancestors that a selector, or a box, may begin at
_VAGUE = 0.03  # that a selector of any link in a box is worse than one of headlines: other links may come
_WORDS = (3, 15)  # of a headline at least, and characters
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_HEADED = tuple(f"{tag} a" for tag in _HEADINGS)
_MARGIN_TAGS = frozenset({"nav", "aside", "form"})
_EDGE_TAGS = frozenset({"header", "footer"})  # of the page: an article in a list may have its own
_BODY_TAGS = frozenset({"article", "main", "li", "section"})
_MARGIN_CLASSES = frozenset({
    "nav", "navbar", "navigation", "menu", "submenu", "megamenu", "footer", "breadcrumb", "breadcrumbs", "sidebar",
    "pagination", "pager", "share", "social", "cookie", "cookies", "toolbar",
})  # fmt: skip
_MARGIN_ROLES = frozenset({"navigation", "contentinfo", "complementary", "search", "menu"})
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # "mainNav" is of a navigation, too
_NAMED_TAGS = ("article", "li", "main", "section", "dd", "td", *_HEADINGS)  # tags that say something by themselves
_CLASS = re.compile(r"[A-Za-z][A-Za-z_-]{1,39}\Z")  # with figures or colons it is of a layout or of one build: it goes
_PART = re.compile(r"[\s_-]{1,9}")
_SLUG_WORD = re.compile(r"[^\W_]{1,100}")
_FOLDER = re.compile(r"(/[A-Za-z][A-Za-z_-]{1,40}/)(?=[^/?#])")
_DATED = re.compile(r"/(?:19|20)\d\d/?[/-]\d{1,2}(?:[/-]|\Z)")
_NUMBER = re.compile(r"\d{5,12}")
_NUMBERED = re.compile(r"=\d{4,12}(?:&|\Z)")
_SHORT_NUMBER = re.compile(r"\d{1,4}\Z")
_ENDING = re.compile(r"\.[a-z]{2,5}\Z", re.IGNORECASE)
_DATE_CLASS = re.compile(r"(?:^|[_-])(?:date|time|datetime|timestamp|pubdate|published)(?:$|[_-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Headline:
    """A link to an article, told by its address and its words."""

    node: LexborNode
    link: str  # canonical


@dataclass(slots=True)
class _Page:
    """A page, and the links in it that lead to articles."""

    tree: LexborHTMLParser
    base: str
    front: str  # canonical address of the page itself
    headlines: list[_Headline] = field(default_factory=list)  # the first ones, from which selectors are read
    wanted: frozenset[str] = frozenset()  # the articles that the page lists
    prompts: frozenset[str] = frozenset()  # words that several of them share: "read more about this"


def propose_selectors(body: bytes, url: str, headers: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
    """Selectors for the listing in a page, the best first; none where the page shows no list of articles."""
    tree = LexborHTMLParser(decode_body(unpack(body), headers)[:PAGE])
    page = _Page(tree, page_base(tree, url), canonical_link(url))
    found = list(_headlines(page))
    page.headlines, page.wanted = found[:_MOST_HEADLINES], frozenset(headline.link for headline in found)
    words = Counter(text for _, text in {(headline.link, _words(headline.node)) for headline in page.headlines})
    page.prompts = frozenset(text for text, count in words.items() if count > 2)
    if len(page.wanted) < FEWEST:
        return ()
    links = _best(page, _link_selectors(page))
    if not links:
        return ()
    boxes = _best(page, _box_selectors(page))
    near = [box for score, box in boxes[:4] if score >= links[0][0] - 0.15]
    proposals = [selectors for box in near if (selectors := _with_parts(page, box))]
    plain = [selectors["title"] for selectors in proposals if "title" in selectors]  # the headlines without their boxes
    return (*proposals, *({"links": selector} for selector in (*plain, *(selector for _, selector in links[:2]))))


# -- which links lead to articles --------------------------------------------------------------------------------------


def is_article_link(url: str, front: str) -> bool:
    """Whether an address on the page's own site is written as those of articles are.

    >>> front = "https://news.example/ai/"
    >>> [is_article_link(f"https://news.example/{path}", front) for path in ("2026/02/x", "a-b-c-deal-done", "about")]
    [True, True, False]
    """
    parts, own = urlsplit(url), urlsplit(front)
    path, here = unquote(parts.path)[:1000], own.path.rstrip("/")
    if not _is_same_site(parts.hostname, own.hostname) or not path.strip("/") or here.startswith(path.rstrip("/")):
        return False
    last = _ENDING.sub("", path.rstrip("/").rpartition("/")[2])
    if any(part in f"{path}/" for part in _index_paths()) or _SHORT_NUMBER.match(last):
        return False
    words = _SLUG_WORD.findall(last)
    is_slug = len(words) >= 4 or (len(words) >= 3 and len(last) >= 18)
    is_numbered = bool(_DATED.search(path) or _NUMBER.search(last) or _NUMBERED.search(parts.query))
    return is_slug or is_numbered or (bool(here) and path.startswith(f"{here}/"))


def _is_same_site(host: str | None, own: str | None) -> bool:
    host, own = (host or "").removeprefix("www."), (own or "").removeprefix("www.")
    return host == own or host.endswith(f".{own}")


@lru_cache(maxsize=1)
def _index_paths() -> tuple[str, ...]:
    """Parts of addresses of lists, and of people, not of articles."""
    packs = [load(code) for code in codes()]
    return tuple({path for pack in packs for path in
                  (*pack.words("sources", "index_paths"), *pack.words("article", "author_paths"))})  # fmt: skip


def _headlines(page: _Page) -> Iterator[_Headline]:
    margins: dict[int, bool] = {}
    for node in page.tree.css("a[href]")[:_MOST_LINKS]:
        link = _link(page, node)
        if link and is_article_link(link, page.front) and _is_headline(node) and not _in_margin(node, margins):
            yield _Headline(node, link)


def _link(page: _Page, node: LexborNode) -> str:
    link = join_link(page.base, node.attributes.get("href") or "")
    return canonical_link(link) if link else ""


def _words(node: LexborNode) -> str:
    return clean_line(node.text(separator=" "))


def _is_headline(node: LexborNode) -> bool:
    words = _words(node)
    return len(words) >= _WORDS[1] and len(words.split()) >= _WORDS[0]


def _ancestors(node: LexborNode, most: int) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None and most and parent.tag not in ("html", "body"):
        yield parent
        parent, most = parent.parent, most - 1


def _in_margin(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether a link stands in the navigation, the foot or a margin of its page."""
    for parent in _ancestors(node, _DEEP):
        place = parent.mem_id
        if place not in known:
            known[place] = _is_margin(parent)
        if known[place] or (parent.tag in _EDGE_TAGS and not _is_part(parent)):
            return True
    return False


def _is_part(node: LexborNode) -> bool:
    """Whether a header or footer is that of an article, not of the page."""
    return any(parent.tag in _BODY_TAGS for parent in _ancestors(node, _DEEP))


def _is_margin(node: LexborNode) -> bool:
    said = node.attributes
    if node.tag in _MARGIN_TAGS or (said.get("role") or "").lower() in _MARGIN_ROLES:
        return True
    names = _HUMP.sub("-", f"{said.get('class') or ''} {said.get('id') or ''}"[:300]).lower()
    return not _MARGIN_CLASSES.isdisjoint(_PART.split(names))


# -- selectors to try --------------------------------------------------------------------------------------------------


def _classes(node: LexborNode) -> list[str]:
    said = (node.attributes.get("class") or "")[:300].split()
    return [name for name in said if _CLASS.match(name)][:3]


def _names(node: LexborNode) -> list[str]:
    """The ways to name an element: by its tag and each class, and by its tag where that says something."""
    own = [f"{node.tag}.{name}" for name in _classes(node)]
    name = node.attributes.get("id") or ""
    own += [f"#{name}"] if _CLASS.match(name) else []
    return own + ([str(node.tag)] if node.tag in _NAMED_TAGS else [])


def _link_selectors(page: _Page) -> Counter[str]:
    found: Counter[str] = Counter()
    for headline in page.headlines:
        own: set[str] = {f"a.{name}" for name in _classes(headline.node)}
        tails = {"a"} | own
        folders = _FOLDER.findall(headline.node.attributes.get("href") or "")[:3]
        own |= {f'a[href*="{folder}"]' for folder in folders}
        for number, parent in enumerate(_ancestors(headline.node, _UP)):
            names = _names(parent)
            own |= {f"{name} {tail}" for name in names for tail in tails}
            if number < 2 and parent.tag in _HEADINGS:
                tails = {f"{name} a" for name in names}
                own |= tails
        found.update(own)
    return found


def _box_selectors(page: _Page) -> Counter[str]:
    """The elements round one article's links each, the largest of them: a card, a row."""
    inside: dict[int, set[str]] = {}
    for headline in page.headlines:
        for parent in (headline.node, *_ancestors(headline.node, _UP)):
            inside.setdefault(parent.mem_id, set()).add(headline.link)
    found: Counter[str] = Counter()
    for headline in page.headlines:
        alone = [node for node in (headline.node, *_ancestors(headline.node, _UP)) if len(inside[node.mem_id]) == 1]
        names = {name for node in alone[-2:] for name in (*_names(node), *_within(node))}
        found.update(names)
    return found


def _within(node: LexborNode) -> Iterator[str]:
    """A box by its parent, where it has no class of its own: `ul.news > li`."""
    parent = node.parent
    if parent is not None and parent.tag not in ("html", "body"):
        yield from (f"{name} > {node.tag}" for name in _names(parent) if "." in name)


# -- judging them ------------------------------------------------------------------------------------------------------


def _best(page: _Page, tried: Counter[str]) -> list[tuple[float, str]]:
    """The selectors by how well they pick, the shortest first of those alike."""
    likely = sorted(tried.items(), key=lambda item: (-item[1], len(item[0]), item[0]))[:_MOST_TRIED]
    scored = [(_score(page, selector), selector) for selector, count in likely if count >= FEWEST]
    return sorted((pair for pair in scored if pair[0] > 0.5), key=lambda pair: (-pair[0], len(pair[1]), pair[1]))


def _anchor(node: LexborNode) -> LexborNode | None:
    return node if node.tag == "a" else node.css_first("a[href]")


def _score(page: _Page, selector: str) -> float:
    """How much of what a selector picks is wanted, and how much of what is wanted it picks, as one figure (F1)."""
    try:
        picked = page.tree.css(selector)
    except (SelectolaxError, ValueError):
        return 0.0
    links = {_link(page, anchor) if (anchor := _anchor(node)) else "" for node in picked[:_MOST_LINKS]}
    good = len(links & page.wanted)
    if good < FEWEST:
        return 0.0
    precision, recall = good / len(links), good / len(page.wanted)
    vague = _VAGUE if selector.endswith(" a") and not selector.endswith(_HEADED) else 0.0
    return round(2 * precision * recall / (precision + recall) - vague, 3)


def _with_parts(page: _Page, box: str) -> Mapping[str, str] | None:
    """The selectors of a box that are needed beside `links`; None where its links alone would say as much."""
    boxes = page.tree.css(box)[:_MOST_HEADLINES]
    is_dated = _share(boxes, "time", _has_time) > 0.7
    date = "" if is_dated else _date_selector(boxes)
    title = "" if _share(boxes, "", lambda node: _has_words(page, node)) > 0.7 else _title_selector(page, boxes)
    own = {"title": title, "date": date}
    found = {"links": box} | {key: f"{box} {text}" for key, text in own.items() if text}  # nothing outside of a box
    return found if is_dated or date or title else None


def misleads(body: bytes, headers: Mapping[str, str], selectors: Mapping[str, str]) -> bool:
    """Whether a listing's `title` or `date` picks something in the page of an article, where both count as well: the
    boxes of other stories there would give this one their title and day.
    """
    tree = LexborHTMLParser(decode_body(unpack(body), headers)[:PAGE])
    own = (selectors[key] for key in ("title", "date") if key in selectors)
    return any(tree.css_first(selector) is not None for selector in own)


def _share(boxes: Sequence[LexborNode], selector: str, holds: Callable[[LexborNode], bool]) -> float:
    """The share of boxes in which the first element of a selector (the box itself without one) is as wanted."""
    found = (box.css_first(selector) if selector else box for box in boxes)
    return sum(node is not None and holds(node) for node in found) / max(1, len(boxes))


def _has_time(node: LexborNode) -> bool:
    return parse_when((node.attributes.get("datetime") or "")[:100]) is not None


def _has_date(node: LexborNode) -> bool:
    return parse_when(clean_line(node.text(separator=" "))[:100]) is not None


def _has_words(page: _Page, box: LexborNode) -> bool:
    """Whether the words of a box's link are a headline and no more: a link round a whole card has the teaser too."""
    anchor = _anchor(box)
    if anchor is None or not _is_headline(anchor) or _words(anchor) in page.prompts:
        return False
    return not any(anchor.css_first(tag) for tag in _HEADINGS)


def _title_selector(page: _Page, boxes: Sequence[LexborNode]) -> str:
    """A heading in the boxes, or else the one of their links that has a headline's words."""
    tried: Counter[str] = Counter()
    for box in boxes:
        headings = [node for tag in _HEADINGS if (node := box.css_first(tag))]
        links = [] if headings else [node for node in box.css("a[class]")[:10] if _is_headline(node)]
        tried.update(name for node in (*headings, *links) for name in _names(node))
    likely = sorted(tried, key=lambda name: (-tried[name], "." not in name, name))[:10]

    def is_title(node: LexborNode) -> bool:
        return bool(_words(node)) and _words(node) not in page.prompts

    return next((name for name in likely if _share(boxes, name, is_title) > 0.7), "")


def _date_selector(boxes: Sequence[LexborNode]) -> str:
    tried = Counter(
        f"{node.tag}.{name}" for box in boxes[:20] for node in box.css("[class]")[:50]
        for name in _classes(node) if _DATE_CLASS.search(name)
    )  # fmt: skip
    likely = sorted(tried, key=lambda name: (-tried[name], name))[:10]
    return next((name for name in likely if _share(boxes, name, _has_date) > 0.7), "")
