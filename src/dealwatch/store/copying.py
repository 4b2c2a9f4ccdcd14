"""A consistent copy of a store, taken while others read and write it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from dealwatch.errors import Locked, StoreError
from dealwatch.store.connection import connect_reader, unreadable

_PAGES = 2_000  # 8 MB a step: a writer waits 10 ms between two of them at most
_RESTARTS = 12  # a commit in the middle starts the copy anew; after so many the copy waits for the run's end
_PATIENCE = 3_600.0  # seconds for which it does

Watch = Callable[[int, int], object]  # pages copied, pages in all


class _Restarted(Exception):
    """Runs commit faster than the copy gets along."""


def copy_store(path: Path, copy: Path, watch: Watch = lambda done, total: None) -> int:
    """Write a store's present state to another file, whole or not at all; its size in bytes.

    The copy is one file, whatever journal the store has, and checked before it takes the place of an older one. Raises
    StoreError in one line, Locked where a run writes for an hour without a pause.
    """
    source = connect_reader(path)
    try:
        if copy.exists() and copy.samefile(path):
            raise StoreError(f"{copy} is the store itself", "name another file for the copy")
        with contextlib.closing(source):
            return _copy(source, path, copy, watch)
    except sqlite3.Error as error:
        raise unreadable(path, error) from error
    except OSError as error:
        raise StoreError(f"cannot write {copy}: {error.strerror}", "name a file that you can write") from error


def _copy(source: sqlite3.Connection, path: Path, copy: Path, watch: Watch) -> int:
    descriptor, name = tempfile.mkstemp(prefix=f".{copy.name}.", suffix=".part", dir=copy.parent)
    os.close(descriptor)
    part = Path(name)
    try:
        try:
            _fill(source, part, watch, _Steps())
        except _Restarted:
            with _no_run(path):
                _fill(source, part, watch, None)
        _settle(part)
        os.replace(part, copy)
        return copy.stat().st_size
    finally:
        for left in (part, Path(f"{part}-journal"), Path(f"{part}-wal"), Path(f"{part}-shm")):
            left.unlink(missing_ok=True)


class _Steps:
    """Counts how often a copy had to begin again."""

    def __init__(self) -> None:
        self.left, self.restarts = -1, 0

    def take(self, remaining: int) -> None:
        self.restarts += 0 <= self.left < remaining
        self.left = remaining
        if self.restarts > _RESTARTS:
            raise _Restarted


def _fill(source: sqlite3.Connection, part: Path, watch: Watch, steps: _Steps | None) -> None:
    def told(_: int, remaining: int, total: int) -> None:
        if steps:
            steps.take(remaining)
        watch(total - remaining, total)

    with contextlib.closing(sqlite3.connect(part)) as target:
        source.backup(target, pages=_PAGES if steps else -1, progress=told, sleep=0.01)
        target.execute("PRAGMA journal_mode = DELETE")  # a copy in WAL would be three files
        said = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise StoreError(f"the copy is damaged, and so the store: {said}", "run `dealwatch doctor`")


@contextlib.contextmanager
def _no_run(path: Path) -> Iterator[None]:
    try:
        with FileLock(f"{path}.lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise Locked(f"another run has been writing {path} for an hour", "try again when it has ended") from None


def _settle(part: Path) -> None:
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
