"""What `doctor` looks at, a function a matter: each gives one or more checks, and raises nothing."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import NamedTuple

from dealwatch.commands.session import Session
from dealwatch.errors import DealwatchError
from dealwatch.present.files import EXTRAS

_PYTHON = (3, 11)
_AHEAD = timedelta(hours=1)  # by which the store may know a later time than the clock
_ROOM = 1.0  # a run writes its batch twice before it is safe: once the store's size is room enough
_LATE = timedelta(days=2)  # without a run: a cron that stopped
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


class Check(NamedTuple):
    """One thing looked at: fine, a warning or failed; what was found; what to do about it."""

    check: str
    state: str
    found: str
    mend: str = ""


def run_checks(session: Session) -> list[Check]:
    """Every check, in order."""
    return [check for matter in MATTERS for check in _guarded(matter, session)]


def _guarded(matter: Callable[[Session], Iterator[Check]], session: Session) -> Iterator[Check]:
    """The checks of a matter; what is raised on the way is one that failed, with the error's own mend."""
    name = matter.__name__.removeprefix("_check_")
    try:
        yield from matter(session)
    except DealwatchError as error:
        yield Check(name, "failed", error.message, error.hint)
    except (OSError, sqlite3.Error) as error:
        yield Check(name, "failed", str(error), "restore a copy, or choose another by --db")


def _check_program(session: Session) -> Iterator[Check]:
    from dealwatch import __version__

    found = f"dealwatch {__version__}, Python {platform.python_version()}, {platform.platform()}"
    if sys.version_info < _PYTHON:
        yield Check("program", "failed", found, "install Python 3.11 or later")
    else:
        yield Check("program", "fine", found)
    for format, package in EXTRAS.items():
        if find_spec(package) is None:
            yield Check("program", "warning", f"{format} cannot be written: {package} is not installed",
                        f"pip install 'dealwatch[{format}]'")  # fmt: skip


def _check_sqlite(session: Session) -> Iterator[Check]:
    from dealwatch.store.connection import wal_is_safe

    version = sqlite3.sqlite_version
    if wal_is_safe():
        yield Check("sqlite", "fine", f"SQLite {version}; readers and writers do not wait for each other (WAL)")
    else:
        yield Check("sqlite", "fine", f"SQLite {version}; it has the WAL-reset bug, so the store uses a rollback"
                    " journal: a reader may wait while a run commits", "SQLite 3.51.3 or later has none")  # fmt: skip


def _check_config(session: Session) -> Iterator[Check]:
    config = session.config
    if config.path is None:
        yield Check("config", "warning", "there is no configuration: nothing is fetched", "run `dealwatch init`")
        return
    on = sum(source.enabled for source in config.sources)
    told = f"{config.path}: {len(config.sources)} sources, {on} enabled"
    yield Check("config", "fine" if on else "warning", told, "" if on else "`dealwatch sources add ADDRESS`")


def _check_store(session: Session) -> Iterator[Check]:
    path = session.store_path
    if not path.exists():
        yield Check("store", "warning", f"there is no store at {path} yet", "run `dealwatch fetch` or `import`")
        return
    with session.store() as store:
        damage = store.damage()
        counts, schema = store.counts(), store.schema_version()
    if damage:
        yield Check("store", "failed", f"{path} is damaged: {damage[0]}", "copy the last `dealwatch backup` back")
        return
    size = path.stat().st_size
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    yield Check("store", "fine", f"{path}: {size / 1e6:,.1f} MB, schema {schema}, {told}")
    free = shutil.disk_usage(path.parent).free
    if free < _ROOM * size:
        yield Check("store", "warning", f"{free / 1e6:,.0f} MB are free on its disk, less than its own size",
                    "make room, or `dealwatch prune --older-than 2y --compact`")  # fmt: skip


def _check_register(session: Session) -> Iterator[Check]:
    from dealwatch.companies import load_register

    register = load_register(session.config.register_path)
    own = f", with {session.config.register_path}" if session.config.register_path else ""
    yield Check("register", "fine", f"{len(register.rows):,} companies{own}")


def _check_sources(session: Session) -> Iterator[Check]:
    from dealwatch.commands.sources_list import source_rows

    rows = source_rows(session)
    for health, state, mend in (
        ("failing", "warning", "`dealwatch sources test NAME` shows what comes back"),
        ("stale", "warning", "mend its selectors: `dealwatch sources test NAME` shows what they pick"),
    ):
        names = [str(row["name"]) for row in rows if row["health"] == health]
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            yield Check("sources", state, f"{len(names)} {health}: {', '.join(names[:5])}{more}", mend)
    times = [str(row["last_fetch"]) for row in rows if row["last_fetch"]]
    if times and session.now - datetime.fromisoformat(max(times)) > _LATE:
        yield Check("sources", "warning", f"the last run was at {max(times)}", "look whether the cron still runs")
    fine = sum(row["health"] == "fine" for row in rows)
    yield Check("sources", "fine", f"{fine} of {len(rows)} fine")


def _check_clock(session: Session) -> Iterator[Check]:
    latest = None
    if session.store_path.exists():
        with session.store() as store:
            latest = store.last_observed()
    if latest and latest - session.now > _AHEAD:
        yield Check("clock", "failed", f"it is {session.now:%Y-%m-%d %H:%M} here, but the store learnt something at"
                    f" {latest:%Y-%m-%d %H:%M}", "set the clock; what was stored keeps its times")  # fmt: skip
    else:
        yield Check("clock", "fine", f"{session.now:%Y-%m-%d %H:%M} UTC")


def _check_proxy(session: Session) -> Iterator[Check]:
    set_here = [name for name in _PROXIES if session.env.get(name)]
    proxy = session.config.fetch.proxy
    if proxy:
        from dealwatch.errors import hide_secrets

        yield Check("proxy", "fine", f"all goes through {hide_secrets(proxy)}")
    elif set_here:
        yield Check("proxy", "warning", f"{set_here[0]} is set here, and dealwatch does not follow it",
                    "set `proxy` under [fetch] if this network needs one")  # fmt: skip
    else:
        yield Check("proxy", "fine", "none")


MATTERS: tuple[Callable[[Session], Iterator[Check]], ...] = (
    _check_program, _check_sqlite, _check_config, _check_store, _check_register, _check_sources, _check_clock,
    _check_proxy,
)  # fmt: skip
