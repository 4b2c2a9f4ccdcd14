"""Whether an import is one that was stopped before: the same files, unchanged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def identity(paths: Iterable[Path], source: str = "") -> str:
    """A hash of which files an import is of, their sizes and times: a document more or less, and it is another."""
    digest = hashlib.sha256(source.encode("utf-8", "surrogateescape"))
    for path in paths:
        for name, size, changed in _files(path):
            digest.update(f"\x00{name}\x00{size}\x00{changed}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _files(path: Path) -> Iterator[tuple[str, int, int]]:
    if not path.is_dir():
        yield _stat(path)
        return
    for folder, inner, names in os.walk(path):
        inner.sort()
        for name in sorted(names):
            yield _stat(Path(folder, name))


def _stat(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), -1, 0
    return os.path.realpath(path), found.st_size, found.st_mtime_ns
