"""Saved pages and texts: their bytes, or a ReadError in a few words."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from dealwatch.errors import ReadError

# Unpacked, of one file. Publishers do serve pages of more than 2 MB, and a saved one has cost its reader nothing yet:
# the article's room reads the first 2 MB of it.
PAGE_BYTES = 4_000_000
_HALVES = re.compile(r"[\ud800-\udfff]")
FAULTS = (OSError, EOFError, zlib.error)  # what opening and unpacking raise, a damaged .gz included


def open_file(path: Path) -> BinaryIO:
    """A file open for reading, unpacked where its name ends in .gz."""
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def read_bytes(path: Path) -> bytes:
    """A file's bytes, unpacked where it ends in .gz; raises ReadError also for one larger than the largest page."""
    try:
        with open_file(path) as file:
            body = file.read(PAGE_BYTES + 1)
    except FAULTS as error:
        raise ReadError(say_fault(error)) from error
    if len(body) > PAGE_BYTES:
        raise ReadError(f"larger than {PAGE_BYTES // 1_000_000} MB")
    return body


def mend_halves(text: str) -> str:
    """A text that UTF-8 can hold: JSON and file names bring halves of signs. One for one, so that offsets hold."""
    return _HALVES.sub("\ufffd", text)


def say_fault(error: BaseException) -> str:
    """What is wrong with a file, in a few words."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "a damaged .gz file"
