"""Documents from files: JSON lines, pages, texts and folders, through the same readers as a fetch."""

from __future__ import annotations

import io
import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import BinaryIO

from dealwatch.companies import Keep, load_register
from dealwatch.config import Config
from dealwatch.errors import DealwatchError, NotFound, ReadError
from dealwatch.model import Source
from dealwatch.parser import VERSION
from dealwatch.pipeline import tasks
from dealwatch.pipeline.files import FAULTS, PAGE_BYTES, mend_halves, open_file, read_bytes, say_fault
from dealwatch.pipeline.report import Failure, Progress, RunReport, SourceReport
from dealwatch.pipeline.tasks import Record, parse_time
from dealwatch.pipeline.workers import Workers
from dealwatch.store.batch import Batch, Document, Saved
from dealwatch.store.writing import Writer

BATCH = 200  # articles a transaction
WINDOW = 16  # readings under way at once: enough to keep the workers busy, few enough to hold in memory
LINE_BYTES = 4_000_000  # the longest line of JSON that is taken
_PAGES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
_TEXTS = (".txt", ".md")
_LINES = (".jsonl", ".ndjson", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Raw:
    """One document before it is read: a page's bytes or a record, named by its file (and line)."""

    name: str
    id: str
    page: bytes | None = None
    record: Record | None = None
    fault: str | None = None  # why it cannot be read at all
    url: str = ""
    content_type: str | None = None


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
    counted, not stored again. Raises NotFound for a file that is not there.
    """
    began, stop = time.monotonic(), stop or Event()
    _check(paths)
    saved, failures, total, sources = Saved(), [], 0, _Sources(config, source)
    count = os.cpu_count()  # more than a fetch has: what is imported was not sent by a stranger
    with (
        Writer(path, parser=VERSION, now=now) as writer,
        Workers(register_path=config.register_path, count=count) as workers,
    ):
        writer.sync_register(load_register(config.register_path))
        for batch in _batches(_read_all(open_files(paths), workers, sources), stop):
            failures += [Failure(read.name, read.fault) for read in batch if read.fault]
            for name, documents in _by_source(batch, source).items():
                saved += writer.save(Batch(sources.get(name) or Source(name, "folder", ""), tuple(documents)))
            total += len(batch)
            if progress:
                progress(Progress(total, 0, saved.added + saved.revised))
    report = SourceReport(source or "import", "stored", total, saved)
    return RunReport((report,), tuple(failures), stop.is_set(), time.monotonic() - began)


def read_documents(
    paths: Sequence[Path], *, stdin: BinaryIO | None = None, page: Raw | None = None, register_path: Path | None = None,
    keep: Keep = "all",
) -> Iterator[Read]:  # fmt: skip
    """The documents of files, folders, standard input or one fetched page, read and not stored, in their order."""
    _check(paths)
    raws: list[Iterable[Raw]] = [open_files(paths)]
    if stdin:
        raws.append(_open_stream(stdin))
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


# -- opening files ---------------------------------------------------------------------------------------------------


def open_files(paths: Iterable[Path]) -> Iterator[Raw]:
    """Every document in files and folders, folders in the order of their names; links to folders are not followed."""
    for path in paths:
        if not path.is_dir():
            yield from _open_file(path)
            continue
        try:
            inside = sorted(p for p in path.iterdir() if (p.is_dir() and not p.is_symlink()) or _kind(p))
        except OSError as error:
            yield Raw(str(path), path.name, fault=say_fault(error))
            continue
        yield from open_files(inside)


def _kind(path: Path) -> str:
    name = path.name.lower()
    kinds = {"page": _PAGES, "lines": _LINES, "text": _TEXTS}
    return next((kind for kind, endings in kinds.items() if name.endswith(endings)), "")


def _open_file(path: Path) -> Iterator[Raw]:
    kind = _kind(path)
    try:
        if kind == "lines":
            with open_file(path) as file:
                yield from _open_lines(file, str(path))
            return
        body = read_bytes(path)
    except FAULTS as error:
        yield Raw(str(path), path.name, fault=say_fault(error))
        return
    except ReadError as error:
        yield Raw(str(path), path.name, fault=error.message)
        return
    yield _raw(body, str(path), path.name, is_page=kind == "page" or (kind != "text" and _looks_like_page(body)))


def _open_stream(stream: BinaryIO) -> Iterator[Raw]:
    head = stream.read(1 << 16)
    if head.lstrip()[:1] == b"{":
        yield from _open_lines(io.BufferedReader(_Joined(head, stream)), "-")
        return
    body = head + stream.read(PAGE_BYTES - len(head) + 1)
    if len(body) > PAGE_BYTES:
        yield Raw("-", "-", fault=f"larger than {PAGE_BYTES // 1_000_000} MB")
        return
    yield _raw(body, "-", "-", is_page=_looks_like_page(body))


class _Joined(io.RawIOBase):
    """What was read ahead of a stream, then the rest of it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._head[: len(view)] or self._rest.read(len(view))
        self._head = self._head[len(view) :]
        view[: len(piece)] = piece
        return len(piece)


def _looks_like_page(body: bytes) -> bool:
    head = body[:2000].lstrip().lower()
    return head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")) or b"<html" in head or b"<body" in head


def _raw(body: bytes, name: str, key: str, *, is_page: bool) -> Raw:
    if is_page:
        return Raw(name, key, page=body)
    text = body.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return Raw(name, key, record=Record(key, text.strip()))


def _open_lines(file: BinaryIO, name: str) -> Iterator[Raw]:
    number = 0
    while line := file.readline(LINE_BYTES + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > LINE_BYTES:
            yield Raw(place, place, fault="a line longer than 4 MB")
            while line and not line.endswith(b"\n"):
                line = file.readline(LINE_BYTES)
        elif line.strip():
            yield _open_line(line, place)


def _open_line(line: bytes, place: str) -> Raw:
    try:
        record = _read_record(json.loads(line), place)
    except (ValueError, RecursionError):
        return Raw(place, place, fault="not a JSON object")
    except ReadError as error:
        return Raw(place, place, fault=error.message)
    return Raw(place, record.id, record=record)


def _read_record(data: object, place: str) -> Record:
    if not isinstance(data, dict):
        raise ReadError("not a JSON object")
    known = {key: data[key] for key in _KEYS if data.get(key) is not None}
    wrong = next((key for key, value in known.items() if not isinstance(value, str | int)), None)
    if wrong:
        raise ReadError(f"{wrong} is not a text")
    texts = {key: mend_halves(str(value)) for key, value in known.items()}
    text = texts.get("text") or "\n\n".join(p.strip() for p in (texts.get("title", ""), texts.get("body", "")) if p)
    if not text.strip():
        raise ReadError("neither text nor body")
    published, day_only = parse_time(texts["published"]) if "published" in texts else (None, False)
    observed, some_time = parse_time(texts["fetched"]) if "fetched" in texts else (None, False)
    if observed and some_time:  # of that day: at its end, after whatever was published on it
        observed += timedelta(days=1, seconds=-1)
    return Record(
        texts.get("id", place), text, texts.get("title"), texts.get("lang"), published, day_only, texts.get("url", ""),
        texts.get("source", ""), observed, texts.get("canonical_url", ""),
    )  # fmt: skip


_KEYS = ("id", "text", "title", "body", "lang", "published", "url", "canonical_url", "source", "fetched")
