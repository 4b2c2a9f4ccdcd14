"""What earlier runs left, and where this one's batches go: the store, or nowhere on a dry run."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from dealwatch.companies import load_register
from dealwatch.config import Config
from dealwatch.errors import StoreError
from dealwatch.fetch import SourceState
from dealwatch.model import Source
from dealwatch.parser import VERSION
from dealwatch.store import states
from dealwatch.store.batch import Batch, ChildSitemap, Document, EntryState, Saved
from dealwatch.store.connection import connect_reader
from dealwatch.store.writing import Writer, article_key

T = TypeVar("T")


def kept_rests(path: Path) -> dict[str, datetime]:
    """The hosts that asked an earlier run for rest, until when; none where there is no store that can be read."""
    try:
        with closing(connect_reader(path)) as reader:
            return states.host_rests(reader)
    except StoreError:  # an older schema, too: the next fetch migrates it
        return {}


class Memory:
    """The store as a run needs it. Its questions may be asked from any thread, `save` from the one that opened it."""

    def __init__(self, writer: Writer | None, reader: sqlite3.Connection | None) -> None:
        self._writer, self._reader, self._lock = writer, reader, threading.Lock()

    @classmethod
    @contextmanager
    def open(cls, path: Path, now: datetime, config: Config, *, dry_run: bool) -> Iterator[Memory]:
        """The memory while the run lasts; unless it is a dry one, it holds the writer lock."""
        with ExitStack() as stack:
            writer = None
            if not dry_run:
                writer = stack.enter_context(Writer(path, parser=VERSION, now=now))
                writer.sync_register(load_register(config.register_path))
            reader = None
            if path.exists():
                reader = stack.enter_context(closing(connect_reader(path, shared=True)))
            yield cls(writer, reader)

    def _ask(self, question: Callable[[sqlite3.Connection], T], unknown: T) -> T:
        if self._reader is None:
            return unknown
        with self._lock:
            return question(self._reader)

    def state(self, source: Source) -> SourceState | None:
        """What is known of a source; None for a new one."""
        return self._ask(lambda reader: states.source_state(reader, source), None)

    def entries(self, source: Source, keys: Sequence[str]) -> dict[str, EntryState]:
        """What became of some of a source's entries, by key. Only those: a source of years has ten thousands."""
        return self._ask(lambda reader: states.entry_states(reader, source, keys), {})

    def due(self, source: Source, now: datetime) -> dict[str, EntryState]:
        """The entries of a source whose page is to be read again by now."""
        return self._ask(lambda reader: states.due_entries(reader, source, now), {})

    def children(self, source: Source) -> tuple[ChildSitemap, ...]:
        """The sitemaps that a source's index pointed to."""
        return self._ask(lambda reader: states.child_sitemaps(reader, source), ())

    def rests(self) -> dict[str, datetime]:
        """The hosts that may not be asked before a time."""
        return self._ask(states.host_rests, {})

    def save_rests(self, rests: Mapping[str, datetime]) -> None:
        """Keep which hosts may not be asked before a time, for the runs to come."""
        if self._writer:
            self._writer.save_rests(rests)

    def save(self, batch: Batch) -> Saved:
        """Store a batch; on a dry run only count it."""
        if self._writer:
            return self._writer.save(batch)
        return sum((self._would_save(document) for document in batch.documents), Saved())

    def _would_save(self, document: Document) -> Saved:
        told = hashlib.sha256(document.extraction.text.encode()).hexdigest()
        key = article_key(document.article)
        query = "SELECT text_hash FROM articles WHERE id = ?"
        known = self._ask(lambda reader: reader.execute(query, (key,)).fetchone(), None)
        if known and known["text_hash"] == told:
            return Saved(known=1)
        claims, quotes = len(document.extraction.claims), len(document.extraction.quotes)
        return Saved(added=int(not known), revised=int(bool(known)), claims=claims, quotes=quotes)
