"""Pages in web archives (WARC 1.0 and 1.1, ARC), by warcio, of the extra `warc`."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from dealwatch.errors import ReadError
from dealwatch.pipeline.files import PAGE_BYTES

_HTML = ("text/html", "application/xhtml+xml")
_FOUND = "200"


class ArchivedPage(NamedTuple):
    """One answer of an archive that is a page, or why it cannot be read; `number` counts the archive's records."""

    number: int
    url: str
    body: bytes | None = None
    content_type: str | None = None
    fault: str | None = None


def read_pages(file: BinaryIO) -> Iterator[ArchivedPage]:
    """The HTML pages that an archive holds whole (status 200), in order; what is damaged ends it as a fault.

    Raises ReadError where warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise ReadError("a web archive, and warcio is not installed: pip install 'dealwatch[warc]'") from None
    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(file, arc2warc=True), 1):
            if record.rec_type == "response" and _is_page(record):
                yield _read(number, record)
    except (ArchiveLoadFailed, EOFError, zlib.error, UnicodeDecodeError, ValueError) as error:
        yield ArchivedPage(number + 1, "", fault=f"a damaged web archive ({type(error).__name__})")


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if headers is None or headers.get_statuscode() != _FOUND:
        return False
    return str(headers.get_header("Content-Type") or "").lower().split(";")[0].strip() in _HTML


def _read(number: int, record: Any) -> ArchivedPage:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    body = record.content_stream().read(PAGE_BYTES + 1)
    if len(body) > PAGE_BYTES:
        return ArchivedPage(number, url, fault=f"larger than {PAGE_BYTES // 1_000_000} MB")
    return ArchivedPage(number, url, body, record.http_headers.get_header("Content-Type"))
