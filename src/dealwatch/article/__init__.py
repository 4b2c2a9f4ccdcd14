"""Page bytes, feed entries and plain text to an Article. Pure: values in, values out.

A page is parsed once for all fields. Callers that read pages from outside run this in a worker they can kill: a page
built for it can still keep an HTML parser busy for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from dealwatch.article.authors import find_authors
from dealwatch.article.body import find_paragraphs
from dealwatch.article.characters import clean, split_blocks, split_paragraphs
from dealwatch.article.charset import decode
from dealwatch.article.feed import asks_to_be_paid, entry_text, is_whole
from dealwatch.article.languages import find_language
from dealwatch.article.margins import trim
from dealwatch.article.markup import strip_noise
from dealwatch.article.moments import Moment
from dealwatch.article.page import Page, open_page
from dealwatch.article.paywall import cut, is_declared, is_stub
from dealwatch.article.standfirst import Standfirst
from dealwatch.article.times import find_modified, find_published, find_shown
from dealwatch.article.titles import find_title, title_keys
from dealwatch.errors import ReadError
from dealwatch.model import Article, Entry, Source

__all__ = ["article_from_entry", "clean", "is_whole", "read_page", "read_text"]

_HEADLINE = 300  # characters of a first line that can be a title


def _entry_moment(entry: Entry | None) -> Moment | None:
    if entry is None or entry.published is None:
        return None
    return Moment(entry.published, entry.date_precision or "instant", "feed")


def _best_moment(
    page: Page, html: str, selector: str, entry: Entry | None, now: datetime | None
) -> Moment | None:
    """What the page tells machines, else the entry's (also where it tells the hour), else what it shows readers."""
    own, given = find_published(page, selector, now), _entry_moment(entry)
    if own is None or (given is not None and given.refines(own)):
        return given or own or find_shown(page, html)
    return own


def _length(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


class _Story(NamedTuple):
    """A page's text, the method that found it, and whether it is but the beginning."""

    paragraphs: tuple[str, ...]
    method: str
    stub: bool


def _read_story(page: Page, selectors: Mapping[str, str], title: str, authors: tuple[str, ...]) -> _Story:
    """The story of a page. Takes the page's tree apart, so it comes last."""
    titles, declared = title_keys(page, title), is_declared(page)
    whole = strip_noise(page.tree)
    standfirst = Standfirst(page, titles)
    paragraphs, method = find_paragraphs(page, selectors, titles)
    stub = is_stub(page, paragraphs, declared, whole)
    if stub:
        paragraphs = cut(paragraphs)
    if method != "selectors":
        paragraphs = standfirst.before(trim(paragraphs, titles, authors))
    return _Story(paragraphs, method, stub)


def _or_entry(story: _Story, entry: Entry | None) -> _Story:
    """The story, or what its entry tells where that is more: the page is a stub, a teaser, or needs a browser."""
    paragraphs, method = entry_text(entry) if entry else ((), "none")
    if _length(paragraphs) <= _length(story.paragraphs) * (1 if story.stub else 2):
        return story
    return _Story(paragraphs, method, story.stub and not (entry and method == "feed" and is_whole(entry)))


def read_page(
    body: bytes,
    *,
    url: str = "",
    content_type: str | None = None,
    source: Source | None = None,
    entry: Entry | None = None,
    now: datetime | None = None,
) -> Article:
    """The article in a page; what the page lacks is filled from its entry, and dates after now are not believed.

    Raises ReadError where there is neither title nor text, or where the page is built to hang its parser.
    """
    html = decode(body, content_type)
    page = open_page(html, url)
    selectors = source.selectors if source else {}
    title = find_title(page, selectors.get("title", ""), clean(entry.title) if entry else "")
    authors = find_authors(page) or tuple(filter(None, map(clean, entry.authors if entry else ())))
    moment = _best_moment(page, html, selectors.get("date", ""), entry, now)
    modified = find_modified(page)
    declared = (page.language, entry.lang or "" if entry else "", source.lang or "" if source else "")
    story = _or_entry(_read_story(page, selectors, title, authors), entry)
    if not title and not story.paragraphs:
        raise ReadError("no article in the page", "its text may need a browser, or an account")
    return Article(
        title=title,
        paragraphs=story.paragraphs,
        url=url,
        canonical_url=page.canonical_url,
        source=source.name if source else "",
        authors=authors,
        lang=find_language((title, *story.paragraphs), *declared),
        published=moment.at if moment else None,
        date_precision=moment.precision if moment else None,
        date_source=moment.source if moment else None,
        modified=modified,
        method=story.method,
        paywalled=story.stub,
    )


def article_from_entry(entry: Entry, *, source: Source) -> Article:
    """The article that an entry carries: its content, or its summary where it has none."""
    title = clean(entry.title)
    paragraphs, method = entry_text(entry)
    if not title and not paragraphs:
        raise ReadError("no article in the entry")
    return Article(
        title=title,
        paragraphs=paragraphs,
        url=entry.url,
        canonical_url=entry.url,
        source=source.name,
        authors=tuple(filter(None, map(clean, entry.authors))),
        lang=find_language((title, *paragraphs), "", entry.lang or "", source.lang or ""),
        published=entry.published,
        date_precision=entry.date_precision or ("instant" if entry.published else None),
        date_source="feed" if entry.published else None,
        method=method if paragraphs else "none",
        paywalled=asks_to_be_paid(entry),
    )


def _headline(blocks: list[str], title: str | None) -> str:
    """The title as given, else the first line where a blank line follows it, else ""."""
    if title is not None:
        return clean(title)
    named = len(blocks) > 1 and "\n" not in blocks[0] and len(blocks[0]) <= _HEADLINE
    return clean(blocks[0]) if named else ""


def read_text(
    text: str,
    *,
    title: str | None = None,
    url: str = "",
    source: str = "",
    authors: Iterable[str] = (),
    lang: str | None = None,
    published: datetime | None = None,
) -> Article:
    """The article in a plain text whose paragraphs are parted by blank lines.

    Without a title the first line is it, where a blank line follows; a title that the text repeats stands once.

    >>> read_text("Quote of the day\\n\\nNo deal\\nwas made.").paragraphs
    ('No deal was made.',)
    """
    blocks = split_blocks(text)
    title = _headline(blocks, title)
    paragraphs = tuple(part for block in blocks for part in split_paragraphs(block))
    if title and paragraphs[:1] == (title,):
        paragraphs = paragraphs[1:]
    return Article(
        title=title,
        paragraphs=paragraphs,
        url=url,
        source=source,
        authors=tuple(filter(None, map(clean, authors))),
        lang=find_language((title, *paragraphs), lang or ""),
        published=published,
        date_precision="instant" if published else None,
        date_source="given" if published else None,
    )
