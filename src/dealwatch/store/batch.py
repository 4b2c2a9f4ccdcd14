"""What one transaction stores: the documents read for a source, and what became of its entries."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dealwatch.fetch.schedule import SourceState
from dealwatch.model import Article, Entry, Extraction, Source

_SIZE = 4  # bytes before a packed document that say its size


@dataclass(frozen=True, slots=True)
class Document:
    """An article with what the parser saw in it."""

    article: Article
    extraction: Extraction
    simhash: int = 0
    observed_at: datetime | None = None  # when this store learnt it, where an import says; else now
    entry: Entry | None = None


def pack(document: Document) -> bytes:
    """A document as bytes: a tenth of the memory that its many small values take, 15 times its text."""
    plain = pickle.dumps(document, pickle.HIGHEST_PROTOCOL)
    return len(plain).to_bytes(_SIZE, "big") + zlib.compress(plain, 1)


def weigh(packed: bytes) -> int:
    """The bytes of a packed document once it is unpacked, as it goes into the store's transaction."""
    return int.from_bytes(packed[:_SIZE], "big")


class Packed(Sequence[Document]):
    """Documents that were packed, unpacked one by one as they are read."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = tuple(packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, place: int) -> Document:  # type: ignore[override]
        document = pickle.loads(zlib.decompress(self._packed[place][_SIZE:]))
        assert isinstance(document, Document)
        return document


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of an entry in this run."""

    entry: Entry
    state: Literal["pending", "stored", "skipped", "failed"]
    article_id: str | None = None
    error: str | None = None
    next_try_at: datetime | None = None
    hash: str | None = None  # of the entry as its source listed it, where the one here came from the store
    like: str | None = None  # the key of the entry of this batch whose page is this one's too


@dataclass(frozen=True, slots=True)
class EntryState:
    """What the store remembers of an entry."""

    hash: str
    state: str
    tries: int
    next_try_at: datetime | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class ChildSitemap:
    """A sitemap that a source's index points to, and what it gave to ask "has it changed?" with."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that one source's turn (or 200 imported articles) brings into the store, in one transaction."""

    source: Source
    documents: Sequence[Document] = ()
    outcomes: tuple[EntryOutcome, ...] = ()
    state: SourceState | None = None
    children: tuple[ChildSitemap, ...] | None = None  # None: as the store has them
    fetch_outcome: str | None = None  # None: an import, which is no fetch
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """How many articles a batch added, changed and already had, and the claims and quotes that came with them."""

    added: int = 0
    revised: int = 0
    known: int = 0
    claims: int = 0
    quotes: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(
            self.added + other.added, self.revised + other.revised, self.known + other.known,
            self.claims + other.claims, self.quotes + other.quotes,
        )  # fmt: skip
