"""Raw entries to entries: stable keys, include and exclude, the newest `max_items`."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import filterfalse

from dealwatch.model import Entry, Source
from dealwatch.sources.links import canonical_link
from dealwatch.sources.raw import RawEntry

LONGEST_KEY = 500


def pick(source: Source, found: Iterable[RawEntry]) -> tuple[Entry, ...]:
    """The entries to keep, in the source's order, no key twice."""
    raw = tuple(found)
    guids = Counter(entry.guid for entry in raw if entry.guid)
    entries: dict[str, Entry] = {}
    for entry in raw:
        key = _key(entry, guids)
        if key and _wanted(source, entry):
            entries.setdefault(key, _entry(key, entry, source))
    return _newest(tuple(entries.values()), source.max_items)


def _key(entry: RawEntry, guids: Counter[str]) -> str:
    """Its guid when unique, else its canonical link, else title and day; "" for an entry that has none of them."""
    if entry.guid and guids[entry.guid] == 1:
        key = entry.guid
    elif entry.url:
        key = canonical_link(entry.url)
    elif entry.title:
        key = f"{entry.title}|{entry.published.date().isoformat() if entry.published else ''}"
    else:
        return ""
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _entry(key: str, raw: RawEntry, source: Source) -> Entry:
    return Entry(
        key=key, url=raw.url, title=raw.title, published=raw.published, date_precision=raw.date_precision,
        authors=raw.authors, lang=source.lang or raw.lang, summary=raw.summary, content=raw.content,
    )  # fmt: skip


def _newest(entries: tuple[Entry, ...], limit: int) -> tuple[Entry, ...]:
    """The first `limit`, or the newest where all are dated; a feed that runs oldest first would lose its news else."""
    if len(entries) <= limit:
        return entries
    dates = [entry.published for entry in entries if entry.published]
    if len(dates) < len(entries):
        return entries[:limit]
    order = sorted(range(len(entries)), key=lambda place: dates[place], reverse=True)
    return tuple(entries[place] for place in sorted(order[:limit]))


# --- include and exclude ---------------------------------------------------------------------------------------------
# One pattern a line. Plain words are looked for as whole words, case and accents aside ("AI" is not in "said"); a
# pattern with * is matched against the whole title and the whole link, * being any run of characters. No regular
# expressions: a user's could hang the run.


def _wanted(source: Source, entry: RawEntry) -> bool:
    if source.exclude and matches(source.exclude, entry):
        return False
    return not source.include or matches(source.include, entry)


def matches(patterns: str, entry: RawEntry) -> bool:
    """Whether one of the patterns is in an entry's title, link or summary (where it has none: its text's beginning)."""
    fields = tuple(_fold(text[:5000]) for text in (entry.title, entry.url, entry.summary or entry.content))
    return any(_match(pattern, fields) for pattern in _folded(patterns))


@lru_cache(maxsize=100)
def _folded(patterns: str) -> tuple[str, ...]:
    return tuple(pattern for line in patterns.splitlines() if (pattern := _fold(line.strip())))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", text.casefold())))


def _match(pattern: str, fields: tuple[str, ...]) -> bool:
    if "*" in pattern:
        return any(_glob(pattern.split("*"), text) for text in fields[:2])
    return any(_has_words(pattern, text) for text in fields)


def _has_words(words: str, text: str) -> bool:
    at = text.find(words)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        if not (words[0].isalnum() and before.isalnum()) and not (words[-1].isalnum() and after.isalnum()):
            return True
        at = text.find(words, at + 1)
    return False


def _glob(pieces: list[str], text: str) -> bool:
    """Pieces in their order, the first at the start, the last at the end: one pass, no way back."""
    first, *middle, last = pieces
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
