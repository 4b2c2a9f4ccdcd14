"""Documents in files, not yet read: pages, texts, JSON lines, web archives, and folders of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from dealwatch.errors import ReadError
from dealwatch.pipeline.files import FAULTS, PAGE_BYTES, mend_halves, open_file, read_bytes, say_fault
from dealwatch.pipeline.tasks import Record, parse_time

LINE_BYTES = 4_000_000  # the longest line of JSON that is taken
_PAGES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
_TEXTS = (".txt", ".md")
_LINES = (".jsonl", ".ndjson", ".jsonl.gz")
_ARCHIVES = (".warc", ".warc.gz")


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
    kinds = {"page": _PAGES, "lines": _LINES, "text": _TEXTS, "archive": _ARCHIVES}
    return next((kind for kind, endings in kinds.items() if name.endswith(endings)), "")


def _open_file(path: Path) -> Iterator[Raw]:
    kind = _kind(path)
    try:
        if kind == "lines":
            with open_file(path) as file:
                yield from _open_lines(file, str(path))
            return
        if kind == "archive":
            from dealwatch.pipeline.warc import read_pages

            with path.open("rb") as file:
                yield from (Raw(f"{path}:{page.number}", page.url, page.body, fault=page.fault, url=page.url,
                                content_type=page.content_type) for page in read_pages(file))  # fmt: skip
            return
        body = read_bytes(path)
    except FAULTS as error:
        yield Raw(str(path), path.name, fault=say_fault(error))
        return
    except ReadError as error:
        yield Raw(str(path), path.name, fault=error.message)
        return
    yield _raw(body, str(path), path.name, is_page=kind == "page" or (kind != "text" and _looks_like_page(body)))


def open_stream(stream: BinaryIO) -> Iterator[Raw]:
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
