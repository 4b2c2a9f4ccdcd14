"""Stored articles as today's parser reads them: old claims are superseded, not deleted, and keep both their times."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dealwatch.model import Claim, Deal
from dealwatch.store import history
from dealwatch.store.batch import Document
from dealwatch.store.claims import Claims
from dealwatch.store.judging import rename_claims
from dealwatch.store.resolving import Touched
from dealwatch.store.rows import CLAIM_SELECT, claim_of
from dealwatch.store.values import Row, chunks, marks, stamp

_LIVE = "superseded_at IS NULL"


class StoredText(NamedTuple):
    """A text of an article, of one of its revisions."""

    article_id: str
    number: int
    is_present: bool  # it is the article's present one
    title: str
    text: str
    lang: str
    published: str | None
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class Reread:
    """A stored text with what today's parser saw in it."""

    place: StoredText
    document: Document


class Restatement(NamedTuple):
    """What reading a batch again changed: the deals before and after, of those that it touched."""

    articles: int
    claims: int  # that differ from what the store had
    before: tuple[Deal, ...] = ()
    after: tuple[Deal, ...] = ()


def stored_texts(connection: sqlite3.Connection, after: str, parser: str | None, limit: int) -> list[StoredText]:
    """Every text of the next articles, in order of their ids, that another parser read last (any, when None)."""
    where = "a.id > ?" if parser is None else "a.id > ? AND a.parser <> ?"
    values = [after] if parser is None else [after, parser]
    ids = [row[0] for row in connection.execute(f"SELECT id FROM articles AS a WHERE {where} ORDER BY id LIMIT {limit}",
                                                values)]  # fmt: skip
    found: list[StoredText] = []
    for part in chunks(ids):
        query = (
            "SELECT a.id, r.number, r.number = a.revision, r.title,"
            " CASE r.number WHEN a.revision THEN a.text ELSE r.text END, a.lang, a.published, a.url, a.source"
            " FROM articles AS a JOIN revisions AS r ON r.article_id = a.id"
            f" WHERE a.id IN ({marks(len(part))}) ORDER BY a.id, r.number"
        )
        found += [StoredText(row[0], row[1], bool(row[2]), *row[3:]) for row in connection.execute(query, part)]
    return found


def count_texts(connection: sqlite3.Connection, after: str, parser: str | None) -> int:
    """How many articles are still to be read again."""
    where, values = ("id > ?", [after]) if parser is None else ("id > ? AND parser <> ?", [after, parser])
    return int(connection.execute(f"SELECT count(*) FROM articles WHERE {where}", values).fetchone()[0])


class Restater:
    """Puts what today's parser saw in the place of what was seen before, inside the writer's transaction."""

    def __init__(
        self, connection: sqlite3.Connection, parser: str, now: datetime, *,
        save_claims: Callable[[Document, Row, Touched], int],
        save_extraction: Callable[[Document, Row, Touched], object],
        touch_article: Callable[[str, Touched], None], resolve: Callable[[Touched], None],
    ) -> None:  # fmt: skip
        self._connection, self._parser, self._now = connection, parser, now
        self._save_claims, self._save_extraction = save_claims, save_extraction
        self._touch_article, self._resolve = touch_article, resolve

    def restate(self, texts: Sequence[Reread]) -> Restatement:
        """Take a batch; what it changed."""
        by_article: dict[str, list[Reread]] = {}
        for one in texts:
            by_article.setdefault(one.place.article_id, []).append(one)
        olds = {key: self._claims(key) for key in by_article}
        deals = self._deals_of([claim.key for claims in olds.values() for claim in claims])
        touched: Touched = {}
        changed = sum(self._restate_article(key, olds[key], texts, touched) for key, texts in by_article.items())
        if not changed:
            return Restatement(len(by_article), 0)
        self._resolve(touched)
        keys = [claim.key for deal in deals for claim in deal.claims]
        keys += [claim.key for key in by_article for claim in self._claims(key)]
        after = self._deals_of(keys)
        return Restatement(len(by_article), changed, deals, after)

    def _claims(self, article_id: str) -> list[Claim]:
        query = f"{CLAIM_SELECT} WHERE claims.article_id = ? AND {_LIVE} ORDER BY revision, claims.id"
        return [claim_of(row) for row in self._connection.execute(query, (article_id,)).fetchall()]

    def _deals_of(self, keys: Sequence[str]) -> tuple[Deal, ...]:
        ids: set[str] = set()
        for part in chunks(sorted(set(keys))):
            query = f"SELECT DISTINCT deal_id FROM deal_claims WHERE claim_key IN ({marks(len(part))})"
            ids |= {row[0] for row in self._connection.execute(query, part)}
        claims = Claims(self._connection)
        return tuple(claims.deal(deal_id) for deal_id in sorted(ids))

    def _restate_article(self, article_id: str, old: list[Claim], texts: Sequence[Reread], touched: Touched) -> int:
        """How many claims of an article are others than before; where none is, they stay as they were read."""
        found: Touched = {}
        self._touch_article(article_id, found)
        number = f"INSERT INTO temp.reread SELECT id FROM claims WHERE article_id = ? AND {_LIVE}"
        self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS reread (id INTEGER)")
        self._connection.execute("DELETE FROM temp.reread")
        self._connection.execute(number, (article_id,))
        self._take_texts(article_id, texts, found)
        history.set_times(self._connection, article_id)
        ours = f"article_id = ? AND {_LIVE} AND id NOT IN (SELECT id FROM temp.reread)"
        query = f"{CLAIM_SELECT} WHERE claims.{ours} ORDER BY revision, claims.id"
        rows = self._connection.execute(query.replace("AND id NOT", "AND claims.id NOT"), (article_id,)).fetchall()
        new = [claim_of(row) for row in rows]
        if new == old:  # as before: what the old parser read stands
            self._connection.execute(f"DELETE FROM claims WHERE {ours}", (article_id,))
            return 0
        among = "id IN (SELECT id FROM temp.reread)"
        self._connection.execute(f"UPDATE claims SET superseded_at = ? WHERE {among}", (stamp(self._now),))
        rename_claims(self._connection, dict(_heirs(old, new)))
        self._touch_article(article_id, found)
        for block, since in found.items():
            touched[block] = min(since, touched.get(block, since))
        return sum(claim not in old for claim in new) + sum(claim not in new for claim in old)

    def _take_texts(self, article_id: str, texts: Sequence[Reread], touched: Touched) -> None:
        connection = self._connection
        article = dict(connection.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone())
        for table in ("amounts", "quotes", "mentions"):
            connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        for one in texts:
            query = "SELECT published_at, observed_at FROM revisions WHERE article_id = ? AND number = ?"
            times = dict(connection.execute(query, (article_id, one.place.number)).fetchone())
            row = article | times | {"revision": one.place.number}
            if one.place.is_present:
                self._save_extraction(one.document, row, touched)
            else:
                self._save_claims(one.document, row, touched)
        ai = next((int(one.document.extraction.ai) for one in texts if one.place.is_present), article["ai"])
        query = "UPDATE articles SET parser = ?, ai = ? WHERE id = ?"
        connection.execute(query, (self._parser, ai, article_id))


def _heirs(old: Sequence[Claim], new: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Old keys that are no more, with the keys of the claims that took their places: of the same type, else in turn."""
    lost = [claim for claim in old if claim.key not in {other.key for other in new}]
    free = [claim for claim in new if claim.key not in {other.key for other in old}]
    for claim in lost:
        heir = next((one for one in free if one.type == claim.type), free[0] if free else None)
        if heir:
            free.remove(heir)
            yield claim.key, heir.key


def read_place(connection: sqlite3.Connection) -> str:
    """The id of the article up to which a reparse that was stopped had come; "" where none was."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'reparse'").fetchone()
    return str(json.loads(row[0])["after"]) if row else ""
