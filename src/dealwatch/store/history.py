"""The texts that an article had, in the order in which they were observed, whichever of them the store met first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from dealwatch.store.values import Row, moment, stamp

MOST_REVISIONS = 24  # of one article: a page with a counter in it is another text at every reading


def told_at(day: datetime | None, observed: str) -> str:
    """When a text counts as told: on its own day, but at the latest when it was seen; undated, when it was seen.

    A clock that runs ahead, or a date that is none, would tell a deal that `--as-of now` does not know.
    """
    return min(stamp(day), observed) if day else observed


def is_past(connection: sqlite3.Connection, row: Row, known: sqlite3.Row, *, imported: bool) -> bool:
    """Whether a text of an article is older than the one that the store has, or one that it had before.

    What a fetch brings is always news, also where a publisher goes back to an earlier text; a file tells old texts too,
    and tells them again when it is imported again.
    """
    return imported and (_order(row) < _order(known) or is_kept(connection, row))


def is_kept(connection: sqlite3.Connection, row: Row) -> bool:
    """Whether the store has this very text among the article's revisions."""
    query = "SELECT 1 FROM revisions WHERE article_id = ? AND text_hash = ?"
    return connection.execute(query, (row["id"], row["text_hash"])).fetchone() is not None


def _order(row: Row | sqlite3.Row) -> tuple[object, ...]:
    return row["observed_at"], row["modified_at"] or row["published_at"], row["text_hash"]


def make_room(connection: sqlite3.Connection, row: Row) -> int:
    """The number that a past text has among the revisions; those after it are counted one on."""
    query = "SELECT coalesce(max(number), 0) FROM revisions WHERE article_id = ? AND (observed_at, text_hash) < (?, ?)"
    number = 1 + int(connection.execute(query, (row["id"], row["observed_at"], row["text_hash"])).fetchone()[0])
    last = int(connection.execute("SELECT revision FROM articles WHERE id = ?", (row["id"],)).fetchone()[0])
    number = min(number, last)  # it is older than the present text, which stays the last
    for after in range(last, number - 1, -1):
        values = (row["id"], after)
        connection.execute("UPDATE revisions SET number = number + 1 WHERE article_id = ? AND number = ?", values)
        connection.execute("UPDATE claims SET revision = revision + 1 WHERE article_id = ? AND revision = ?", values)
    connection.execute("UPDATE articles SET revision = revision + 1 WHERE id = ?", (row["id"],))
    return number


def keep_text(connection: sqlite3.Connection, known: sqlite3.Row) -> None:
    """Keep the words of an article's text among its revisions, before another text takes their place."""
    query = "UPDATE revisions SET text = ? WHERE article_id = ? AND number = ?"
    connection.execute(query, (known["text"], known["id"], known["revision"]))


def drop_surplus(connection: sqlite3.Connection, article_id: str) -> None:
    """Keep `MOST_REVISIONS` texts of an article: the oldest go, but neither the first, nor one that a claim was read
    from, nor the one after it, by which that claim ended.
    """
    query = (
        "SELECT number, EXISTS (SELECT 1 FROM claims WHERE article_id = revisions.article_id AND revision = number)"
        " FROM revisions WHERE article_id = ? ORDER BY number"
    )
    texts = connection.execute(query, (article_id,)).fetchall()
    between = pairwise(texts[:-1])
    spare = [number for (_, cited_before), (number, cited) in between if not (cited or cited_before)]
    for number in spare[: max(0, len(texts) - MOST_REVISIONS)]:
        connection.execute("DELETE FROM revisions WHERE article_id = ? AND number = ?", (article_id, number))


def later_day(dates: Sequence[str | None], before: str) -> str:
    """When a text counts as published that followed another: its first date after that one's, else that one's own."""
    return next((day for day in dates if day and day > before), before)


def set_times(connection: sqlite3.Connection, article_id: str) -> None:
    """Give each text, and its claims, its place on both clocks: it holds until the next one."""
    article = connection.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    own = told_at(moment(article["published"]) if article["published"] else None, article["observed_at"])
    query = "SELECT number, published_at, observed_at FROM revisions WHERE article_id = ? ORDER BY number"
    texts = connection.execute(query, (article_id,)).fetchall()
    published = [str(texts[0]["published_at"])]
    for text in texts[1:]:
        is_last = text["number"] == article["revision"]
        first = (article["modified_at"], own) if is_last else (text["published_at"],)
        published.append(later_day((*first, text["observed_at"]), published[-1]))
    ends = [*((day, text["observed_at"]) for day, text in zip(published[1:], texts[1:], strict=True)), (None, None)]
    for text, day, end in zip(texts, published, ends, strict=True):
        place = (article_id, text["number"])
        connection.execute("UPDATE revisions SET published_at = ? WHERE article_id = ? AND number = ?", (day, *place))
        connection.execute(
            "UPDATE claims SET published_at = ?, published_until = ?, observed_until = ?"
            " WHERE article_id = ? AND revision = ?",
            (day, *end, *place),
        )
    connection.execute("UPDATE articles SET published_at = ? WHERE id = ?", (published[-1], article_id))
    connection.execute("UPDATE quotes SET published_at = ? WHERE article_id = ?", (published[-1], article_id))
