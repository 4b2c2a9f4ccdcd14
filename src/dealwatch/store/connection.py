"""Opening a store: what the file is, which journal it can have, and who may write."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from dealwatch.errors import StoreError
from dealwatch.store import schema

BUSY_SECONDS = 5.0
_MINIMUM = (3, 37, 0)  # STRICT tables
_MAGIC = b"SQLite format 3\x00"


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (3.7.0 to 3.51.2; 3.44.6 and 3.50.7 hold the fix)."""
    mended = (version[:2] == (3, 44) and version >= (3, 44, 6)) or (version[:2] == (3, 50) and version >= (3, 50, 7))
    return mended or version > (3, 51, 2)


def check_file(path: Path) -> None:
    """Raise StoreError, in one line, unless the file is a store that this program can read."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except (FileNotFoundError, NotADirectoryError):
        hint = "run `dealwatch fetch` or `dealwatch import` first, or name it by --db"
        raise StoreError(f"no store at {path}", hint) from None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}", "choose another file by --db") from error
    if head and head != _MAGIC:
        raise StoreError(f"{path} is not a dealwatch store (not an SQLite file)", "choose another file by --db")
    if sqlite3.sqlite_version_info < _MINIMUM:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old", "dealwatch needs SQLite 3.37 or later")


def check_schema(connection: sqlite3.Connection, path: Path, *, may_be_older: bool) -> None:
    """Raise StoreError where the schema is a foreign one, a newer one, or (unless it may be) an older one."""
    try:
        found = schema.version(connection)
        application = int(connection.execute("PRAGMA application_id").fetchone()[0])
        empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    except sqlite3.DatabaseError as error:
        raise unreadable(path, error) from error
    if application != schema.APPLICATION_ID and not (empty and found == 0):
        raise StoreError(f"{path} is another program's database", "choose another file by --db")
    if found > schema.VERSION:
        raise StoreError(f"{path} was written by a newer dealwatch (schema {found})", "upgrade dealwatch")
    if found < schema.VERSION and not may_be_older:
        raise StoreError(f"{path} has an older schema ({found})", "run `dealwatch fetch` once: it migrates the store")


def unreadable(path: Path, error: sqlite3.Error) -> StoreError:
    """What to say of a store that SQLite cannot read just now, or not at all."""
    busy = "locked" in str(error) or "busy" in str(error)
    hint = "another program is writing it: try again" if busy else "restore a copy, or choose another by --db"
    return StoreError(f"{path} cannot be read: {error}", hint)


def connect_reader(path: Path, wait: float = BUSY_SECONDS, *, shared: bool = False) -> sqlite3.Connection:
    """A read-only connection to an existing store of this schema, rows by name; `shared` ones serve any thread, one at
    a time.
    """
    check_file(path)
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=wait, isolation_level=None,
            check_same_thread=not shared,
        )  # fmt: skip
    except sqlite3.Error as error:
        raise StoreError(f"cannot open {path}: {error}", "choose another file by --db") from error
    connection.row_factory = sqlite3.Row
    try:
        check_schema(connection, path, may_be_older=False)
    except StoreError:
        connection.close()
        raise
    return connection


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode to a store, made or migrated where needed; the caller holds the writer lock."""
    if path.exists():
        check_file(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        check_schema(connection, path, may_be_older=True)
        _set_up(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot write {path}: {error}", "check the folder's rights, or choose another") from error
    return connection


_PAGE = 16_384  # bytes: a text of 3 kB takes 3.3 kB of such pages, of the usual ones of 4 kB one each


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA page_size = {_PAGE}")  # of a new file, and of one that `prune --compact` writes anew
    connection.execute(f"PRAGMA journal_mode = {'WAL' if wal_is_safe() else 'DELETE'}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_spill = OFF")  # in DELETE mode a spill would lock readers out before the commit
    found = schema.version(connection)
    if 0 < found < schema.VERSION:
        _back_up(connection, path.with_name(f"{path.name}.v{found}.bak"))
    schema.migrate(connection)


def _back_up(connection: sqlite3.Connection, copy: Path) -> None:
    target = sqlite3.connect(copy)
    try:
        connection.backup(target)
    finally:
        target.close()
