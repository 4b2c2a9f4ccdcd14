"""What the workers do: a body to entries, a page or a text to a document. Plain values in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dealwatch.article import article_from_entry, is_whole, read_page, read_text
from dealwatch.companies import Keep, Register, load_register
from dealwatch.errors import ReadError
from dealwatch.lang import country_currency
from dealwatch.model import Article, DatePrecision, Entry, Source
from dealwatch.parser import extract
from dealwatch.parser.fingerprint import simhash
from dealwatch.pipeline.files import mend_halves
from dealwatch.sources import child_sitemaps, next_page, read_entries, read_ttl
from dealwatch.store.batch import Document, pack
from dealwatch.store.keeping import is_astray

LONGEST_CONTENT = 1_000_000  # characters
LONGEST_TITLE = 200  # characters of a first line that can be a headline
_YEARS = (1000, 9000)  # four digits, and room for every offset: times are stored in UTC and compared as text
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _Setting:
    """What a worker was set up with; one for the process."""

    register_path: Path | None = None
    keep: Keep = "all"


def set_up(register_path: Path | None, keep: Keep) -> None:
    """Choose the register of this process."""
    _Setting.register_path, _Setting.keep = register_path, keep


def _register() -> Register:
    return load_register(_Setting.register_path, _Setting.keep)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed, listing or sitemap holds: entries, or the sitemaps that an index points to."""

    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    ttl: int | None = None  # seconds for which the feed asks to be left alone
    next_page: str | None = None  # of a listing: where its older links stand


@dataclass(frozen=True, slots=True)
class Record:
    """A document as a line of JSON gives it."""

    id: str
    text: str  # the whole document, its headline included where it has one
    title: str | None = None
    lang: str | None = None
    published: datetime | None = None
    day_only: bool = False
    url: str = ""
    source: str = ""
    observed_at: datetime | None = None
    canonical_url: str = ""


def list_entries(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> Listing:
    """The entries of a body; raises ReadError when it is not what the source's kind says."""
    if source.kind == "sitemap":
        children = child_sitemaps(body, url=url)
        if children:
            return Listing(children=children)
    ttl = read_ttl(body) if source.kind == "feed" else None
    entries = tuple(map(_mended, read_entries(source, body, url=url, headers=headers)))
    link = next_page(source, body, url=url, headers=headers) if source.kind == "html" else None
    return Listing(entries, ttl=ttl, next_page=link)


def _whole_text(content: str) -> str:
    """A text that an entry holds; none where it is longer than any story, for its parser takes 30 times its bytes."""
    return content if len(content) <= LONGEST_CONTENT else ""


def _mended(entry: Entry) -> Entry:
    """The entry in signs that the store can hold: half a sign in one item would cost its source the whole turn."""
    return replace(
        entry, key=mend_halves(entry.key), url=mend_halves(entry.url), title=mend_halves(entry.title),
        authors=tuple(map(mend_halves, entry.authors)), summary=mend_halves(entry.summary),
        content=mend_halves(_whole_text(entry.content)),
    )  # fmt: skip


def read_page_document(
    body: bytes, url: str, content_type: str | None, source: Source | None, entry: Entry | None
) -> Document:
    """The document in a page; raises ReadError where it holds no article."""
    if entry and url and is_astray(entry.url, url):
        raise ReadError("its address leads to a front page by now")
    now = datetime.now(UTC)  # a page's word for a day to come is not believed
    article = read_page(body, url=url, content_type=content_type, source=source, entry=entry, now=now)
    if not url:  # a saved page stands where it says that it stood
        article = replace(article, url=article.canonical_url)
    return _document(article, source, entry)


def read_entry_document(entry: Entry, source: Source) -> Document:
    """The document that a feed's entry holds whole."""
    return _document(article_from_entry(entry, source=source), source, entry)


def _document(article: Article, source: Source | None, entry: Entry | None) -> Document:
    if source and not article.source:
        article = replace(article, source=source.name)
    if source and source.lang:
        article = replace(article, lang=source.lang)
    extraction = extract(
        article.text, title=article.title, lang=article.lang, published=article.published, register=_register(),
        default_currency=default_currency(source), has_title=bool(article.title),
    )  # fmt: skip
    return Document(article, extraction, simhash(extraction.text), entry=entry)


def pack_page_document(
    body: bytes, url: str, content_type: str | None, source: Source, entry: Entry, at: str | None = None
) -> bytes:
    """The same packed, for the store; `at` is the address that it is kept under, where that is not the page's own."""
    document = read_page_document(body, url, content_type, source, entry)
    article = replace(document.article, url=at) if at else document.article
    return pack(replace(document, article=article, entry=_bare(entry)))


def pack_saved_document(body: bytes, source: Source, entry: Entry) -> bytes:
    """Likewise of a file in a folder: a saved page, or a text."""
    if not entry.url.lower().endswith(".txt"):
        return pack_page_document(body, "", None, source, entry)
    text = body.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    article = read_text(_CONTROL.sub(" ", text), source=source.name, lang=source.lang)
    if not article.text:
        raise ReadError("an empty document")
    return pack(replace(_document(article, source, entry), entry=_bare(entry)))


def pack_entry_document(entry: Entry, source: Source, *, if_whole: bool) -> bytes | None:
    """Likewise of what the entry holds; None where it does not hold the whole article, if that is asked."""
    if if_whole and not is_whole(entry):
        return None
    return pack(replace(read_entry_document(entry, source), entry=_bare(entry)))


def _bare(entry: Entry) -> Entry:
    """An entry without the texts that were read."""
    return replace(entry, summary="", content="")


def read_record_document(record: Record, source: Source | None = None) -> Document:
    """The document of a record, its text kept to the letter but for control characters, so that offsets hold."""
    text = _CONTROL.sub(" ", record.text)
    if not text.strip():
        raise ReadError("an empty document")
    headline = _headline(text, record.title)
    extraction = extract(
        text, title=_CONTROL.sub(" ", record.title) if record.title else headline or None, lang=record.lang,
        published=record.published, register=_register(), default_currency=default_currency(source),
        has_title=bool(headline),
    )  # fmt: skip
    paragraphs = tuple(part.strip() for part in text[len(headline) :].split("\n\n") if part.strip())
    article = Article(
        title=extraction.title, paragraphs=paragraphs, url=record.url, canonical_url=record.canonical_url,
        source=record.source, lang=extraction.lang, published=record.published, date_precision=_precision(record),
        date_source="record" if record.published else None,
    )  # fmt: skip
    return Document(article, extraction, simhash(text), record.observed_at)


def _precision(record: Record) -> DatePrecision | None:
    if record.published is None:
        return None
    return "day" if record.day_only else "instant"


def _headline(text: str, title: str | None) -> str:
    """The first line, where it is a headline: the title given, or a short line that does not end as a sentence does."""
    first, _, rest = text.partition("\n")
    if not rest.startswith("\n") or len(first) > LONGEST_TITLE:
        return ""
    return first if (title or "").strip() == first.strip() or first.rstrip()[-1:] not in ".:;," else ""


def default_currency(source: Source | None) -> str | None:
    """What a bare "$" means in a source: its own word, else its country's currency."""
    if source is None:
        return None
    return source.currency or (country_currency(source.country) if source.country else None)


def parse_time(text: str) -> tuple[datetime, bool]:
    """An aware time from an ISO date or time, and whether it is only a day; raises ReadError."""
    try:
        found = datetime.fromisoformat(text.strip()[:40])
    except ValueError:
        raise ReadError(f"not an ISO date: {text[:40]!r}") from None
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise ReadError(f"a year that no story can have: {text[:40]!r}")
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware, len(text.strip()) <= 10
