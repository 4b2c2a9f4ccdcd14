"""Forgetting what is old and told nothing: never a claim, nor the text that its evidence stands in."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dealwatch.store.values import Row, stamp

# Articles published and read before a time that no claim was ever read from, superseded ones included.
_OLD = """
SELECT id FROM articles WHERE published_at < :before AND observed_at < :before
AND NOT EXISTS (SELECT 1 FROM claims WHERE article_id = articles.id)
"""
# Texts that an edited article had before then, and that no claim cites; the one it has now stays.
_TEXTS = """
FROM revisions WHERE observed_at < :before
AND number <> (SELECT revision FROM articles WHERE id = revisions.article_id)
AND NOT EXISTS (SELECT 1 FROM claims WHERE article_id = revisions.article_id AND revision = revisions.number)
"""
_FETCHES = "FROM fetches WHERE started_at < :before"


def count_old(connection: sqlite3.Connection, before: datetime) -> Row:
    """How many articles, older texts of others, quotes and rows of fetches `prune_old` would take."""
    queries = {
        "articles": f"SELECT count(*) FROM ({_OLD})",
        "texts": f"SELECT count(*) {_TEXTS} AND article_id NOT IN ({_OLD})",
        "quotes": f"SELECT count(*) FROM quotes WHERE article_id IN ({_OLD})",
        "fetches": f"SELECT count(*) {_FETCHES}",
    }
    at = {"before": stamp(before)}
    return {name: connection.execute(query, at).fetchone()[0] for name, query in queries.items()}


def prune_old(connection: sqlite3.Connection, before: datetime) -> Row:
    """Take them, in the caller's transaction; how many of each there were.

    That an entry was stored is remembered: a feed that still holds it does not bring it back.
    """
    counts, at = count_old(connection, before), {"before": stamp(before)}
    connection.execute(f"CREATE TEMP TABLE old AS {_OLD}", at)
    connection.execute(f"DELETE {_TEXTS}", at)
    connection.execute("UPDATE entries SET article_id = NULL WHERE article_id IN (SELECT id FROM temp.old)")
    for table in ("amounts", "quotes", "mentions", "revisions"):
        connection.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT id FROM temp.old)")
    connection.execute("DELETE FROM articles WHERE id IN (SELECT id FROM temp.old)")
    connection.execute("DROP TABLE temp.old")
    connection.execute(f"DELETE {_FETCHES}", at)
    return counts
