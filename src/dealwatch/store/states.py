"""What the runs remember of sources and entries: rows to values and back."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dealwatch.errors import hide_secrets
from dealwatch.fetch.schedule import SourceState
from dealwatch.model import Entry, Source
from dealwatch.store.batch import ChildSitemap, EntryState
from dealwatch.store.values import Row, chunks, marks, moment, stamp

_TIMES = ("last_fetch_at", "last_success_at", "next_fetch_at")
_PLAIN = ("url", "configured_url", "etag", "last_modified", "body_hash", "failures", "disabled_reason", "last_error",
          "given_by", "max_age", "ttl", "choice")  # fmt: skip


def source_state(connection: sqlite3.Connection, source: Source) -> SourceState | None:
    """What the store remembers of a source; None for a new one."""
    found = connection.execute("SELECT * FROM sources WHERE name = ?", (source.name,)).fetchone()
    if found is None:
        return None
    plain = {key: found[key] for key in _PLAIN}
    own = _kept(source.url)
    plain |= {key: source.url for key in ("url", "configured_url") if found[key] == own}
    last_fetch, last_success, next_fetch = (moment(found[key]) if found[key] else None for key in _TIMES)
    return SourceState(
        **plain, last_fetch_at=last_fetch, last_success_at=last_success, next_fetch_at=next_fetch
    )


def state_columns(state: SourceState) -> Row:
    """A state as columns of ``sources``."""
    times = {key: stamp(value) if (value := getattr(state, key)) else None for key in _TIMES}
    configured = _kept(state.configured_url or state.url)
    # An address with a key in it that a redirect led to is not kept: the redirect is followed each time.
    url = state.url if hide_secrets(state.url) == state.url else configured
    return {key: getattr(state, key) for key in _PLAIN} | times | {"url": url, "configured_url": configured}


def _kept(url: str) -> str:
    """An address as the store keeps it: a login or a key in it is told by a hash, by which it is known again."""
    hidden = hide_secrets(url)
    return url if hidden == url else f"{hidden}#{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def entry_states(connection: sqlite3.Connection, source: Source, keys: Sequence[str]) -> dict[str, EntryState]:
    """What became of some entries of a source so far, by key; those never seen are left out."""
    found: dict[str, EntryState] = {}
    for part in chunks(keys):
        query = f"SELECT * FROM entries WHERE source = ? AND key IN ({marks(len(part))})"
        found |= {row["key"]: _entry_state(row) for row in connection.execute(query, (source.name, *part)).fetchall()}
    return found


def due_entries(connection: sqlite3.Connection, source: Source, now: datetime) -> dict[str, EntryState]:
    """The entries of a source whose page is to be tried again, or read for the second time, by now."""
    query = "SELECT * FROM entries WHERE source = ? AND next_try_at <= ? ORDER BY next_try_at, key"
    return {row["key"]: _entry_state(row) for row in connection.execute(query, (source.name, stamp(now))).fetchall()}


def child_sitemaps(connection: sqlite3.Connection, source: Source) -> tuple[ChildSitemap, ...]:
    """The sitemaps that a source's index pointed to when it was read last, in its order."""
    query = "SELECT url, etag, last_modified, body_hash FROM child_sitemaps WHERE source = ? ORDER BY place"
    return tuple(ChildSitemap(*row) for row in connection.execute(query, (source.name,)).fetchall())


def host_rests(connection: sqlite3.Connection) -> dict[str, datetime]:
    """The hosts ("host:port") that may not be asked again before a time."""
    found = connection.execute("SELECT place, rest_until FROM hosts").fetchall()
    return {place: moment(until) for place, until in found}


def _entry_state(row: sqlite3.Row) -> EntryState:
    published = datetime.fromisoformat(row["published"]) if row["published"] else None
    entry = Entry(row["key"], row["url"], row["title"], published, "instant" if published else None)
    due = moment(row["next_try_at"]) if row["next_try_at"] else None
    return EntryState(row["hash"], row["state"], row["tries"], due, entry)
