"""Documents from files: JSON lines, pages, texts and folders, through the same readers as a fetch."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from threading import Event
from typing import BinaryIO

from dealwatch.companies import Keep, load_register
from dealwatch.config import Config
from dealwatch.errors import DealwatchError, NotFound
from dealwatch.model import Source
from dealwatch.parser import VERSION
from dealwatch.pipeline import tasks
from dealwatch.pipeline.files import mend_halves, say_fault
from dealwatch.pipeline.opening import Raw, open_files, open_stream
from dealwatch.pipeline.report import Failure, Progress, RunReport, SourceReport
from dealwatch.pipeline.resuming import identity
from dealwatch.pipeline.workers import Workers
from dealwatch.store.batch import Batch, Document, Saved
from dealwatch.store.writing import Writer

BATCH = 200  # articles a transaction
WINDOW = 16  # readings under way at once: enough to keep the workers busy, few enough to hold in memory


@dataclass(frozen=True, slots=True)
class Read:
    """One document as it was read, or why it could not be."""

    id: str
    name: str
    document: Document | None
    fault: str | None = None
    hint: str = ""


def import_files(
    paths: Sequence[Path], path: Path, *, config: Config, now: datetime,
    progress: Callable[[Progress], None] | None = None, stop: Event | None = None, source: str | None = None,
) -> RunReport:  # fmt: skip
    """Store the documents of files and folders, in batches; the report names the ones that failed by file and line.

    Documents without a source of their own belong to `source`, else to their file's name. What is already stored is
    counted, not stored again; an import of the same files that was stopped goes on where it was. Raises NotFound for a
    file that is not there.
    """
    began, stop = time.monotonic(), stop or Event()
    _check(paths)
    saved, failures, sources, files = Saved(), [], _Sources(config, source), identity(paths, source or "")
    count = os.cpu_count()  # more than a fetch has: what is imported was not sent by a stranger
    with (
        Writer(path, parser=VERSION, now=now) as writer,
        Workers(register_path=config.register_path, count=count) as workers,
    ):
        writer.sync_register(load_register(config.register_path))
        total = resumed = writer.progress(files)
        raws = islice(open_files(paths), resumed, None)
        for batch in _batches(_read_all(raws, workers, sources), stop):
            failures += [Failure(read.name, read.fault) for read in batch if read.fault]
            for name, documents in _by_source(batch, source).items():
                saved += writer.save(Batch(sources.get(name) or Source(name, "folder", ""), tuple(documents)))
            total += len(batch)
            if len(batch) == BATCH or stop.is_set():  # there is more to come
                writer.set_progress(files, total)
            if progress:
                progress(Progress(total, 0, saved.added + saved.revised))
        if not stop.is_set():
            writer.set_progress(files, 0)
    report = SourceReport(source or "import", "stored", total - resumed, saved)
    return RunReport((report,), tuple(failures), stop.is_set(), time.monotonic() - began, resumed=resumed)


def read_documents(
    paths: Sequence[Path], *, stdin: BinaryIO | None = None, page: Raw | None = None, register_path: Path | None = None,
    keep: Keep = "all",
) -> Iterator[Read]:  # fmt: skip
    """The documents of files, folders, standard input or one fetched page, read and not stored, in their order."""
    _check(paths)
    raws: list[Iterable[Raw]] = [open_files(paths)]
    if stdin:
        raws.append(open_stream(stdin))
    if page:
        raws.append([page])
    with Workers(register_path=register_path, keep=keep, count=os.cpu_count()) as workers:
        yield from _read_all((raw for part in raws for raw in part), workers, _Sources(Config(), None))


def _check(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            hint = "name a .jsonl, .html, .html.gz or .txt file, or a folder of them"
            raise NotFound(f"no file {path}: {say_fault(error)}", hint) from None


@dataclass(frozen=True, slots=True)
class _Sources:
    """The sources that documents can name, and the one of those that name none."""

    config: Config
    given: str | None

    def get(self, name: str) -> Source | None:
        """The configured source of that name, or of the one given: its tier, country and selectors count."""
        wanted = name or self.given
        return next((source for source in self.config.sources if source.name == wanted), None)


def _by_source(batch: Iterable[Read], name: str | None) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for read in batch:
        if read.document:
            own = read.document.article.source or name or mend_halves(Path(read.name).name.split(":")[0])
            found.setdefault(own, []).append(read.document)
    return found


def _batches(reads: Iterator[Read], stop: Event) -> Iterator[list[Read]]:
    batch: list[Read] = []
    for read in reads:
        batch.append(read)
        if len(batch) == BATCH or stop.is_set():
            yield batch
            batch = []
        if stop.is_set():
            return
    if batch:
        yield batch


# -- reading in order, in parallel -----------------------------------------------------------------------------------


def _read_all(raws: Iterable[Raw], workers: Workers, sources: _Sources) -> Iterator[Read]:
    waiting: deque[tuple[Raw, Future[Document] | None]] = deque()
    for raw in raws:
        waiting.append((raw, _submit(raw, workers, sources)))
        if len(waiting) >= WINDOW:
            yield _finish(*waiting.popleft(), workers)
    while waiting:
        yield _finish(*waiting.popleft(), workers)


def _submit(raw: Raw, workers: Workers, sources: _Sources) -> Future[Document] | None:
    if raw.page is not None:
        return workers.submit(tasks.read_page_document, raw.page, raw.url, raw.content_type, sources.get(""), None)
    if raw.record is None:
        return None
    return workers.submit(tasks.read_record_document, raw.record, sources.get(raw.record.source))


def _finish(raw: Raw, future: Future[Document] | None, workers: Workers) -> Read:
    if future is None:
        return Read(raw.id, raw.name, None, raw.fault or "nothing to read")
    try:
        document = workers.result(future)
    except DealwatchError as error:
        return Read(raw.id, raw.name, None, error.message)
    return Read(raw.id, raw.name, document)
