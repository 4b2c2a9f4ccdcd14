"""Writing: one transaction a source or batch, one writer at a time, deals resolved in the same transaction."""

from __future__ import annotations

import gc
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal

from filelock import FileLock, Timeout

from dealwatch.companies import Register, fold
from dealwatch.errors import Locked, StoreError
from dealwatch.fx import usd_rate
from dealwatch.model import Article, Claim, Entry, Judgement, Origin, Source
from dealwatch.resolve import FAMILIES, RULES, block_of, first_word, joined_by, short_hash, told_day
from dealwatch.store import history, judging, keeping, restating, rows, states
from dealwatch.store.batch import Batch, ChildSitemap, Document, EntryOutcome, Saved
from dealwatch.store.connection import connect_writer
from dealwatch.store.keeping import is_front as is_front
from dealwatch.store.kin import join_blocks, keep_told_names, register_kin, replace_register_kin
from dealwatch.store.pruning import prune_old
from dealwatch.store.rates import Rates
from dealwatch.store.resolving import BEGINNING, DERIVED, Resolver, Touched, insert_rows, touch
from dealwatch.store.restating import Reread, Restatement, Restater, StoredText
from dealwatch.store.rows import UsdRate
from dealwatch.store.tables import Database, Table
from dealwatch.store.values import Row, marks, moment, number, stamp

Verb = Literal["merge", "split", "reject", "alias"]
_HINTS = {
    "database or disk is full": "make room, and run it again: what was stored before is whole",
    "database disk image is malformed": "the file is damaged: restore a copy, or choose another by --db",
    "database is locked": "another program has it open: close that one, and run it again",
}
_HINT = "what was stored before is whole; check the disk and the folder's rights"


class _Undone(Exception):
    """What was done is only to be looked at."""


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the writer lock beside the store, or raise Locked at once; StoreError where there can be none."""
    lock = FileLock(f"{path}.lock", blocking=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        if not Path(f"{path}.lock").exists():  # filelock takes a folder in which nothing can be made for a busy one
            raise StoreError(f"cannot write {path}: its folder takes no files", "choose another by --db") from None
        raise Locked(f"another run is writing {path}", "try again when it has ended") from None
    except OSError as error:
        hint = "check its folder, or choose another by --db"
        raise StoreError(f"cannot write {path}: {error.strerror}", hint) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of circles, which finds none in claims and deals: a sixth of the time of resolving all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Writer:
    """The one way into a store. Use as a context manager: it holds the writer lock, and the connection, while open.

    Raises Locked when another run holds the lock, StoreError when the file is not a store that this program can write.
    """

    def __init__(self, path: Path, *, parser: str, now: datetime, rate: UsdRate = usd_rate) -> None:
        self._path, self._parser, self._now, self._fetch_rate = path, parser, now, rate
        self._lock = write_lock(path)
        self._resolver: Resolver | None = None

    def __enter__(self) -> Writer:
        self._lock.__enter__()
        try:
            self._connection = connect_writer(self._path)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        self._db = Database(self._connection)
        self._rates = Rates(self._connection, self._fetch_rate)
        self._now = max(self._now, self._after_marks())
        self._rebuild_where_old()
        return self

    def _after_marks(self) -> datetime:
        """The first moment that no mark covers: what a run brings in the second of a mark must still be shown."""
        last = self._connection.execute("SELECT max(observed_at) FROM marks").fetchone()[0]
        return moment(last) + timedelta(seconds=1) if last else self._now

    @property
    def now(self) -> datetime:
        """The store's clock: what is stored now is observed at this moment, which is after every mark."""
        return self._now

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._lock.__exit__(kind, error, trace)
        if isinstance(error, sqlite3.Error):
            with self._errors():
                raise error

    def _table(self, name: str) -> Table:
        return self._db.table(name)

    # -- names -------------------------------------------------------------------------------------------------------

    def sync_register(self, register: Register) -> None:
        """Copy the register's names into the store, where they changed, so that reading needs no register."""
        facts = [(r.id, r.name, r.kind, r.ai, r.ticker, r.domain, r.country, r.names) for r in register.rows]
        mark = hashlib.sha256(repr((facts, sorted(register_kin(register)))).encode()).hexdigest()
        known = self._connection.execute("SELECT value FROM meta WHERE key = 'register'").fetchone()
        if known and known[0] == mark:
            return
        with self._db.atomic():
            self._connection.execute("DELETE FROM aliases WHERE origin = 'register'")
            self._connection.executemany(
                "INSERT OR REPLACE INTO companies VALUES (?, ?, ?, ?, ?, ?, ?, 'curated')",
                [(*row[:3], int(row[3]), *row[4:7]) for row in facts],
            )
            names = {(fold(name), row[0]) for row in facts for name in row[-1]}
            self._connection.executemany("INSERT OR REPLACE INTO aliases VALUES (?, ?, 'register')", sorted(names))
            changed = replace_register_kin(self._connection, register)
            self._resolver = None
            self._resolve(dict.fromkeys(changed, BEGINNING))
            self._table("meta").upsert({"key": "register", "value": mark}, pk="key")

    def save_rests(self, rests: Mapping[str, datetime]) -> None:
        """Keep which hosts may not be asked before a time; those of earlier runs that have passed are forgotten."""
        known = states.host_rests(self._connection)
        gone = [(place,) for place, until in known.items() if until <= self._now and place not in rests]
        new = [(place, until.isoformat()) for place, until in rests.items() if known.get(place) != until]
        if not gone and not new:
            return
        with self._errors(), self._db.atomic():
            self._connection.executemany("DELETE FROM hosts WHERE place = ?", gone)
            self._connection.executemany("INSERT OR REPLACE INTO hosts VALUES (?, ?)", new)

    def enable_source(self, name: str) -> None:
        """Forget what stands against a source, a 410 and failures: the next run asks it."""
        with self._errors(), self._db.atomic():
            self._connection.execute(
                "UPDATE sources SET disabled_reason = NULL, failures = 0, last_error = NULL, next_fetch_at = NULL"
                " WHERE name = ?",
                (name,),
            )

    # -- storing -----------------------------------------------------------------------------------------------------

    def save(self, batch: Batch) -> Saved:
        """Store a batch whole, or not at all, and resolve the deals that it touches; how much was new.

        Raises StoreError where the file cannot be written: a full disk, a reader that holds it, a table that is gone.
        """
        with self._errors():
            try:
                saved = self._save(batch)
            except BaseException:
                self._forget()
                raise
            self._connection.execute("PRAGMA shrink_memory")  # what the transaction kept: it may not spill
            return saved

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What SQLite says against the file as a StoreError; what it says against a statement of ours stays."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
                raise
            raise StoreError(f"cannot write {self._path}: {error}", _HINTS.get(str(error), _HINT)) from error

    def _save(self, batch: Batch) -> Saved:
        touched: Touched = {}
        saved = Saved()
        with self._db.atomic():
            article_ids: dict[str, str] = {}
            for document in batch.documents:
                one, article_id = self._save_document(document, batch, touched)
                saved += one
                if document.entry:
                    article_ids[document.entry.key] = article_id
            for outcome in batch.outcomes:
                self._save_outcome(outcome, batch.source, article_ids)
            if batch.state:
                self._save_state(batch, saved)
            if batch.children is not None:
                self._save_children(batch.source, batch.children)
            self._resolve(touched)
        return saved

    def _save_document(self, document: Document, batch: Batch, touched: Touched) -> tuple[Saved, str]:
        article_id, source = self._article_id(document, batch.source), batch.source
        text_hash = hashlib.sha256(document.extraction.text.encode()).hexdigest()
        known = self._connection.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        if known is None:
            row = self._article_row(document, source, article_id, text_hash)
            insert_rows(self._connection, "articles", [row])
            self._save_revision(row)
            return self._save_extraction(document, row, touched), article_id
        if known["text_hash"] == text_hash:
            self._keep_first_source(known, document, source, touched)
            return Saved(known=1), article_id
        self._keep_first_source(known, document, source, touched)
        row = self._revised_row(document, source, known, text_hash)
        imported = batch.state is None
        if keeping.is_less(known, row, document.entry, imported=imported):
            return Saved(known=1), article_id
        if history.is_past(self._connection, row, known, imported=imported):
            return self._save_past(document, row, touched), article_id
        self._close_claims(row, touched)
        history.keep_text(self._connection, known)
        self._table("articles").upsert(row, pk="id")
        self._save_revision(row)
        saved = self._save_extraction(document, row, touched)
        history.drop_surplus(self._connection, article_id)
        return Saved(revised=1, claims=saved.claims, quotes=saved.quotes), article_id

    def _article_id(self, document: Document, source: Source) -> str:
        """Its id by its address; where that is new, the id of the article that its entry brought before, if it is the
        same story: a site may name another canonical address for it, or move from http to https.
        """
        own, entry = article_key(document.article), document.entry
        if entry is None or self._connection.execute("SELECT 1 FROM articles WHERE id = ?", (own,)).fetchone():
            return own
        query = "SELECT a.* FROM entries e JOIN articles a ON a.id = e.article_id WHERE e.source = ? AND e.key = ?"
        before = self._connection.execute(query, (source.name, entry.key)).fetchone()
        is_same = before and keeping.is_story(before, document.extraction.title, document.extraction.text)
        return str(before["id"]) if is_same else own

    def _save_past(self, document: Document, row: Row, touched: Touched) -> Saved:
        """A text that another one had followed before the store met it: its claims hold until that one's."""
        if history.is_kept(self._connection, row):
            return Saved(known=1)
        row["revision"] = history.make_room(self._connection, row)
        own = history.told_at(document.article.published, str(row["observed_at"]))
        row["published_at"] = own  # as if it were the first: `set_times` moves it behind one that came before it
        self._save_revision(row, str(row["text"]))
        claims = self._save_claims(document, row, touched)
        self._touch_article(str(row["id"]), touched)
        history.set_times(self._connection, str(row["id"]))
        history.drop_surplus(self._connection, str(row["id"]))
        self._touch_article(str(row["id"]), touched)
        return Saved(revised=1, claims=claims)

    def _article_row(self, document: Document, source: Source, article_id: str, text_hash: str) -> Row:
        article, extraction = document.article, document.extraction
        observed = stamp(min(document.observed_at or self._now, self._now))
        published = history.told_at(article.published, observed)
        return {
            "id": article_id, "url": article.url, "canonical_url": article.canonical_url,
            "source": article.source or source.name, "tier": source.tier, "title": extraction.title,
            "authors": json.dumps(article.authors, ensure_ascii=False), "lang": extraction.lang,
            "published": article.published.isoformat() if article.published else None, "published_at": published,
            "date_precision": article.date_precision, "date_source": article.date_source,
            "modified_at": history.told_at(article.modified, observed) if article.modified else None,
            "observed_at": observed,
            "method": article.method, "revision": 1, "text": extraction.text, "text_hash": text_hash,
            "simhash": _signed(document.simhash), "ai": int(extraction.ai), "parser": self._parser,
            "paywalled": int(article.paywalled),
        }  # fmt: skip

    def _revised_row(self, document: Document, source: Source, known: sqlite3.Row, text_hash: str) -> Row:
        """The row of an edited article: its new text counts from its own later date where it has one, else from now."""
        row = self._article_row(document, source, known["id"], text_hash)
        dates = [str(row[key]) for key in ("modified_at", "published_at", "observed_at") if row[key]]
        later = history.later_day(dates, known["published_at"])
        first = {key: known[key] for key in ("source", "tier")} if known["source"] <= str(row["source"]) else {}
        return row | {"revision": known["revision"] + 1, "published_at": later} | first

    def _keep_first_source(self, known: sqlite3.Row, document: Document, source: Source, touched: Touched) -> None:
        """One text under one address from two sources keeps the first name of the two, whichever came first."""
        name = document.article.source or source.name
        if name < known["source"]:
            self._connection.execute(
                "UPDATE articles SET source = ?, tier = ? WHERE id = ?", (name, source.tier, known["id"])
            )
            self._touch_article(known["id"], touched)

    def _save_revision(self, row: Row, text: str = "") -> None:
        """Remember a text of an article; the words of the one it has now stand with the article alone."""
        one: Row = {
            "article_id": row["id"], "number": row["revision"], "title": row["title"], "text": text,
            "text_hash": row["text_hash"], "published_at": row["published_at"], "observed_at": row["observed_at"],
        }  # fmt: skip
        insert_rows(self._connection, "revisions", [one])

    def _close_claims(self, row: Row, touched: Touched) -> None:
        """The claims of the text before hold until the new text was published, and observed."""
        where = "article_id = ? AND published_until IS NULL AND superseded_at IS NULL"
        self._touch_article(str(row["id"]), touched)
        self._connection.execute(
            f"UPDATE claims SET published_until = ?, observed_until = ? WHERE {where}",
            (row["published_at"], row["observed_at"], row["id"]),
        )
        for table in ("amounts", "quotes", "mentions"):
            self._connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (row["id"],))

    def _save_extraction(self, document: Document, row: Row, touched: Touched) -> Saved:
        extraction, article_id = document.extraction, str(row["id"])
        amounts = [
            (article_id, a.start, a.end, a.text, *map(number, (a.money.low, a.money.high, a.money.scale)),
             a.money.currency, a.money.qualifier, a.kind, a.currency_source, a.equivalent_of)
            for a in extraction.amounts
        ]  # fmt: skip
        self._connection.executemany(f"INSERT OR REPLACE INTO amounts VALUES ({marks(12)})", amounts)
        quotes = [
            (article_id, q.start, q.end, q.text, q.kind, q.speaker, fold(q.speaker) if q.speaker else None,
             q.speaker_id, q.speaker_org, q.speaker_title, q.mention_start, q.mention_end, q.cue, int(q.closed),
             q.confidence, row["published_at"])
            for q in extraction.quotes
        ]  # fmt: skip
        self._connection.executemany(f"INSERT INTO quotes VALUES (NULL, {marks(16)})", quotes)
        named = [(c, 1) for c in extraction.companies] + [(c, 0) for c in extraction.mentioned]
        self._connection.executemany(
            "INSERT OR IGNORE INTO mentions VALUES (?, ?, ?, ?, ?)",
            [(article_id, c.id, m.start, m.end, party) for c, party in named for m in c.mentions],
        )
        self._save_candidates(document)
        return Saved(added=1, claims=self._save_claims(document, row, touched), quotes=len(quotes))

    def _save_claims(self, document: Document, row: Row, touched: Touched) -> int:
        claims = self._keyed_claims(document, row)
        for claim in claims:
            touch(touched, block_of(claim), str(row["published_at"]))
            join_blocks(self._connection, joined_by(claim))
            keep_told_names(self._connection, claim, str(row["published_at"])[:10])
            for money in (claim.amount, claim.valuation):
                if money and money.currency:
                    self._rates.find(money.currency, told_day(claim))
        revision = int(str(row["revision"]))
        insert_rows(
            self._connection, "claims", [rows.claim_row(c, block_of(c), revision, self._parser) for c in claims]
        )
        return len(claims)

    def _save_candidates(self, document: Document) -> None:
        """Companies that the register does not know, and the short forms that articles use."""
        extraction = document.extraction
        for company in extraction.companies:
            if not company.known:
                self._connection.execute(
                    "INSERT OR IGNORE INTO companies (id, name, kind, ai, status) VALUES (?, ?, ?, ?, 'candidate')",
                    (company.id, company.name, company.kind, int(company.ai)),
                )
            forms = {fold(company.name), *(fold(extraction.text[m.start : m.end]) for m in company.mentions)}
            self._connection.executemany(
                "INSERT OR IGNORE INTO aliases VALUES (?, ?, 'article')", [(form, company.id) for form in forms if form]
            )

    def _keyed_claims(self, document: Document, row: Row) -> list[Claim]:
        origin = Origin(
            str(row["id"]), str(row["source"]), str(row["url"]), str(row["title"]), moment(str(row["published_at"])),
            moment(str(row["observed_at"])), int(str(row["tier"])), str(row["lang"]), document.simhash,
        )  # fmt: skip
        counts: dict[str, int] = {}
        keyed = []
        for claim in document.extraction.claims:
            base = "|".join((origin.article_id, block_of(claim), FAMILIES[claim.type]))
            counts[base] = counts.get(base, 0) + 1
            keyed.append(replace(claim, key=short_hash(f"{base}|{counts[base]}"), origin=origin))
        return keyed

    def _save_outcome(self, outcome: EntryOutcome, source: Source, article_ids: dict[str, str]) -> None:
        entry, failed = outcome.entry, outcome.state == "failed"
        published = entry.published.isoformat() if entry.published else None
        self._connection.execute(
            """INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, key) DO UPDATE SET url = excluded.url, title = excluded.title,
            published = excluded.published, hash = excluded.hash, state = excluded.state,
            tries = CASE WHEN excluded.state <> 'failed' THEN 0 WHEN hash = excluded.hash THEN tries + 1 ELSE 1 END,
            next_try_at = excluded.next_try_at,
            article_id = coalesce(excluded.article_id, article_id), error = excluded.error""",
            (
                source.name, entry.key, entry.url, entry.title, published, stamp(self._now),
                outcome.hash or entry_hash(entry), outcome.state, int(failed),
                stamp(outcome.next_try_at) if outcome.next_try_at else None,
                outcome.article_id or article_ids.get(outcome.like or entry.key), outcome.error,
            ),
        )  # fmt: skip

    def _save_state(self, batch: Batch, saved: Saved) -> None:
        source, state = batch.source, batch.state
        if state is None:
            return
        known = {"name": source.name, "kind": source.kind, "lang": source.lang, "tier": source.tier}
        self._table("sources").upsert(known | states.state_columns(state), pk="name")
        if batch.fetch_outcome is None:
            return
        self._table("fetches").insert(
            {
                "source": source.name, "started_at": stamp(self._now), "outcome": batch.fetch_outcome,
                "entries": len(batch.outcomes), "stored": saved.added + saved.revised,
                "failed": sum(o.state == "failed" for o in batch.outcomes), "seconds": round(batch.seconds, 3),
                "error": batch.error,
            }
        )  # fmt: skip

    def _save_children(self, source: Source, children: Sequence[ChildSitemap]) -> None:
        self._connection.execute("DELETE FROM child_sitemaps WHERE source = ?", (source.name,))
        self._table("child_sitemaps").insert_all(
            {"source": source.name, "url": child.url, "place": place, "etag": child.etag,
             "last_modified": child.last_modified, "body_hash": child.body_hash}
            for place, child in enumerate(children)
        )  # fmt: skip

    def prune(self, before: datetime, *, compact: bool = False) -> Row:
        """Forget articles published and read before a time that no claim was read from; how many of each table.

        Claims stay, and the texts that they cite. `compact` gives the freed room back to the disk.
        """
        with self._errors():
            with self._db.atomic():
                counts = prune_old(self._connection, before)
            if compact:
                self._connection.execute("VACUUM")
        return counts

    # -- resolving ---------------------------------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Drop what was derived and resolve every claim anew; the number of deals."""
        with self._db.atomic():
            self._rebuild()
        return int(self._connection.execute("SELECT count(*) FROM deals").fetchone()[0])

    def _rebuild(self) -> None:
        for table in DERIVED:
            self._connection.execute(f"DELETE FROM {table}")
        blocks = self._connection.execute("SELECT DISTINCT block FROM claims").fetchall()
        with _uncollected():
            self._resolve({row[0]: BEGINNING for row in blocks})
        self._table("meta").upsert({"key": "rules", "value": RULES}, pk="key")

    def _rebuild_where_old(self) -> None:
        """What other rules made of the claims is made anew."""
        known = self._connection.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
        if known is None or known[0] != RULES:
            with self._errors(), self._db.atomic():
                self._rebuild()

    def _resolve(self, touched: Touched) -> None:
        if not touched:
            return
        resolver = self._resolver or Resolver(
            self._connection, self._judgements(), self._rates.find, self._rates.usd
        )  # fmt: skip
        self._resolver = None  # what it keeps in hand is true of what is committed alone
        resolver.resolve(touched)
        self._resolver = resolver

    def _touch_article(self, article_id: str, touched: Touched) -> None:
        """The deals that an article's claims tell are to be made anew, from its first telling on."""
        query = "SELECT block, min(published_at) FROM claims WHERE article_id = ? GROUP BY block"
        for block, since in self._connection.execute(query, (article_id,)):
            touch(touched, block, since)

    def stored_texts(self, after: str, limit: int, *, every: bool) -> list[StoredText]:
        """The texts of the next articles by id that another parser read last, or of all: for `restating`."""
        return restating.stored_texts(self._connection, after, None if every else self._parser, limit)

    def count_texts(self, after: str, *, every: bool) -> int:
        """How many articles `stored_texts` has still to give."""
        return restating.count_texts(self._connection, after, None if every else self._parser)

    def reparse_place(self) -> str:
        """The id of the article up to which a reparse of everything that was stopped had come."""
        return restating.read_place(self._connection)

    @contextmanager
    def restating(self, texts: Sequence[Reread], *, keep: bool, place: str | None = None) -> Iterator[Restatement]:
        """Put what today's parser saw in the place of what was seen before; what that changed, before it is committed.

        Without `keep` nothing is; `place` is remembered as far as an interrupted run has come ("" forgets it).
        """
        restater = Restater(
            self._connection, self._parser, self._now, save_claims=self._save_claims,
            save_extraction=self._save_extraction, touch_article=self._touch_article, resolve=self._resolve,
        )  # fmt: skip
        self._forget()
        try:
            with self._errors(), self._db.atomic():
                yield restater.restate(texts)
                if not keep:
                    raise _Undone
                if place is not None:
                    values = json.dumps({"after": place})
                    self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('reparse', ?)", (values,))
        except _Undone:
            pass
        finally:
            self._forget()

    def _forget(self) -> None:
        """Let go of what is in hand: it may not be what the file holds."""
        self._resolver = None
        self._rates.forget()

    def judge(self, verb: Verb, claims: Sequence[str], note: str = "") -> Judgement:
        """Write a person's judgement on claims (for an alias: on two companies' ids) and make the deals that it changes
        anew.
        """
        with self._errors(), self._db.atomic():
            judgement = judging.add_judgement(self._connection, verb, claims, note, self._now)
            self._resolve_judged(judgement)
        return judgement

    def undo(self, number: int) -> Judgement:
        """Take a judgement back and make the deals that it had changed anew; raises NotFound, UsageError."""
        with self._errors(), self._db.atomic():
            judgement = judging.undo_judgement(self._connection, number, self._now)
            self._resolve_judged(judgement)
        return judgement

    def _resolve_judged(self, judgement: Judgement) -> None:
        if judgement.verb == "alias":
            blocks = {first_word(company) for company in judgement.claims}
        else:
            blocks = judging.blocks_of_claims(self._connection, judgement.claims)
        self._resolver = None
        self._resolve(dict.fromkeys(blocks, BEGINNING))

    def _judgements(self) -> tuple[Judgement, ...]:
        return judging.read_judgements(self._connection)

    def progress(self, files: str) -> int:
        """How many documents an import of these files had come to when it was stopped; 0 for another import."""
        found = self._connection.execute("SELECT value FROM meta WHERE key = ?", (f"import {files}",)).fetchone()
        return int(found[0]) if found else 0

    def set_progress(self, files: str, count: int) -> None:
        """Keep how far an import of these files is, or forget it where it is 0: done."""
        key = f"import {files}"
        if count == 0 and self.progress(files) == 0:
            return
        with self._errors(), self._db.atomic():
            if count:
                self._table("meta").upsert({"key": key, "value": str(count)}, pk="key")
            else:
                self._connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    def set_mark(self, name: str, at: datetime | None = None) -> None:
        """Remember that everything observed up to a time (so far, when None) has been shown under this name."""
        with self._errors(), self._db.atomic():
            self._table("marks").upsert({"name": name, "observed_at": stamp(at or self._now)}, pk="name")


def article_key(article: Article) -> str:
    """The id of an article: "a" and ten characters, from its canonical address, else its own, else its text.

    A front page is nobody's address: sites that name theirs as the canonical one of all their pages are common, and a
    podcast's items may all link to it.
    """
    addresses = (address for address in (article.canonical_url, article.url) if address and not is_front(address))
    address = next(addresses, None)
    return "a" + short_hash(keeping.identity(address) if address else article.text)


def entry_hash(entry: Entry) -> str:
    """What an entry says, as a hash: when it changes, the article is read again."""
    published = entry.published.isoformat() if entry.published else ""
    told = (entry.url, entry.title, published, entry.summary, entry.content)
    return hashlib.sha256("\x00".join(told).encode()).hexdigest()[:32]


def _signed(value: int) -> int:
    """A 64-bit hash as SQLite's signed integer."""
    return value - (1 << 64) if value >= 1 << 63 else value
