"""Today's parser over all stored text: in parallel, batch by batch, each shown before it is committed."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from dealwatch.changes import change_rows
from dealwatch.companies import load_register
from dealwatch.config import Config
from dealwatch.errors import DealwatchError
from dealwatch.parser import VERSION
from dealwatch.pipeline import tasks
from dealwatch.pipeline.report import Failure, Progress
from dealwatch.pipeline.tasks import Record
from dealwatch.pipeline.workers import Workers
from dealwatch.store.batch import Document
from dealwatch.store.restating import Reread, StoredText
from dealwatch.store.writing import Writer

BATCH = 200  # articles a transaction
WINDOW = 16  # readings under way at once

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ReparseReport:
    """What reading everything again came to."""

    articles: int = 0
    claims: int = 0  # that are others than before
    changes: int = 0  # of the deals
    failures: tuple[Failure, ...] = ()
    interrupted: bool = False
    resumed: bool = False  # it went on where one that was stopped had come to
    seconds: float = 0.0


def reparse(
    path: Path, *, config: Config, now: datetime, show: Callable[[Rows], None], dry: bool = False, every: bool = False,
    progress: Callable[[Progress], None] | None = None, stop: Event | None = None, batch: int = BATCH,
) -> ReparseReport:  # fmt: skip
    """Read the articles again that another parser read (or `every` one); `show` gets what changed in the deals, batch
    by batch, before it is committed.

    A run that is stopped keeps what it committed, and the next one goes on from there.
    """
    began, stop = time.monotonic(), stop or Event()
    articles, claims, changes, failures = 0, 0, 0, list[Failure]()
    with (
        Writer(path, parser=VERSION, now=now) as writer,
        Workers(register_path=config.register_path, count=os.cpu_count()) as workers,
    ):
        writer.sync_register(load_register(config.register_path))
        start = after = writer.reparse_place() if every and not dry else ""
        total = writer.count_texts(after, every=every)
        while not stop.is_set() and (texts := writer.stored_texts(after, batch, every=every)):
            after = texts[-1].article_id
            read = list(_read_all(texts, workers, config, failures))
            with writer.restating(read, keep=not dry, place=after if every else None) as found:
                rows = change_rows(found.before, found.after, any_topic=True)
                show(rows)
            articles, claims, changes = articles + found.articles, claims + found.claims, changes + len(rows)
            if progress:
                progress(Progress(articles, total, claims))
        else:
            if every and not dry and not stop.is_set():
                with writer.restating((), keep=True, place=""):
                    pass
    seconds = time.monotonic() - began
    return ReparseReport(articles, claims, changes, tuple(failures), stop.is_set(), bool(start), seconds)


def _read_all(
    texts: Sequence[StoredText], workers: Workers, config: Config, failures: list[Failure]
) -> Iterator[Reread]:
    """The texts read; an article one of whose texts cannot be read stays as it was."""
    waiting: deque[tuple[StoredText, Future[Document]]] = deque()
    read: list[Reread] = []
    spoiled: set[str] = set()

    def finish() -> None:
        text, future = waiting.popleft()
        try:
            read.append(Reread(text, workers.result(future)))
        except DealwatchError as error:
            spoiled.add(text.article_id)
            failures.append(Failure(text.url or text.article_id, error.message))

    for text in texts:
        source = next((one for one in config.sources if one.name == text.source), None)
        waiting.append((text, workers.submit(tasks.read_record_document, _record(text), source)))
        if len(waiting) >= WINDOW:
            finish()
    while waiting:
        finish()
    yield from (one for one in read if one.place.article_id not in spoiled)


def _record(text: StoredText) -> Record:
    published = datetime.fromisoformat(text.published) if text.published else None
    return Record(text.article_id, text.text, text.title, text.lang, published, url=text.url, source=text.source)
