"""How a source fares, told by what it brought lately."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from dealwatch.model import Source
from dealwatch.store.values import Row, moment, stamp

LATELY = 100  # articles that are looked at, the newest first: the index gives them without a sort
WINDOW = timedelta(days=28)
_PAGES = 5  # pages read last by which selectors are judged: a new layout shows within a day
_FEW = 3  # pages below which nothing is said
_FROM_ENTRY = frozenset({"feed", "summary", "text"})  # methods that no page was read by


def source_health(connection: sqlite3.Connection, source: Source, now: datetime) -> Row:
    """A source's articles a week, the percentage of them that are whole, and whether its selectors no longer pick the
    story: `per_week`, `full_text_pct` (both None without an article) and `is_stale`.
    """
    query = (
        "SELECT published_at, method, paywalled FROM articles WHERE source = ? AND published_at <= ?"
        f" ORDER BY published_at DESC LIMIT {LATELY}"
    )
    recent = connection.execute(query, (source.name, stamp(now))).fetchall()
    whole = sum(1 for row in recent if row["method"] != "summary" and not row["paywalled"])
    return {
        "per_week": _per_week([moment(row["published_at"]) for row in recent], now),
        "full_text_pct": round(100 * whole / len(recent)) if recent else None,
        "is_stale": _is_stale(source, [row["method"] for row in recent]),
    }


def _per_week(times: Sequence[datetime], now: datetime) -> float | None:
    """Articles a week over the last four, or over the time that the articles at hand reach back."""
    if not times:
        return None
    lately = [at for at in times if now - at <= WINDOW]
    reaches_back = len(lately) < len(times)
    span = WINDOW if reaches_back or not lately else max(now - lately[-1], timedelta(days=1))
    return round(len(lately) / (span / timedelta(weeks=1)), 1)


def _is_stale(source: Source, methods: Sequence[str]) -> bool:
    """Whether of the last pages one at most was read by the source's own selectors: a single odd page is no layout."""
    if not source.selectors.get("body"):
        return False
    pages = [method for method in methods if method not in _FROM_ENTRY][:_PAGES]
    return len(pages) >= _FEW and pages.count("selectors") <= len(pages) // _FEW
