"""Reading: plain sqlite3, read-only, every row fetched before it is shown."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Literal

from dealwatch.companies.fold import fold
from dealwatch.errors import NotFound, UsageError
from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve import block_of, resolve
from dealwatch.store import rows
from dealwatch.store.connection import connect_reader
from dealwatch.store.rows import Row, moment, stamp

Clock = Literal["published", "observed"]

DEAL_COLUMNS = (
    "deal_id", "date", "date_precision", "completed_on", "status", "type", "round", "target", "target_domain",
    "investors", "lead_investors", "amount_low", "amount_high", "amount_scale", "currency", "amount_qualifier",
    "amount_usd", "fx_date", "valuation_low", "valuation_high", "valuation_scale", "valuation_currency",
    "valuation_qualifier", "stake_pct", "confirmations", "sources", "best_source_url", "evidence", "first_seen",
    "last_seen",
)  # fmt: skip
_LISTS = {"investors", "lead_investors", "sources", "authors"}
_SORTS = {
    "date": "date", "amount": "amount_usd", "amount_usd": "amount_usd", "target": "target COLLATE NOCASE",
    "status": "status", "type": "type", "confirmations": "confirmations", "first_seen": "first_seen",
    "last_seen": "last_seen", "valuation": "valuation_high", "round": "round", "currency": "currency",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DealQuery:
    """Which deals to list; every field narrows, None and () do not."""

    company: str | None = None  # on either side, by any alias
    investor: str | None = None
    target: str | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    round: str | None = None
    currency: str | None = None
    minimum: Decimal | None = None  # in `currency`, else in US dollars
    maximum: Decimal | None = None
    since: date | None = None  # by the deal's date, both ends inclusive
    until: date | None = None
    lang: str | None = None
    source: str | None = None
    any_topic: bool = False  # False: AI-industry deals only
    review: bool = False  # only deals that the resolver doubts
    sort: str = "date"  # a column; "-" before it turns the order round (dates and sums: newest, largest first)
    limit: int | None = None


class Store:
    """The reading side of a store. Use as a context manager.

    Raises StoreError when the file is missing, foreign, damaged, newer or older.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect_reader(path)
        self.path = path

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

    # -- companies ---------------------------------------------------------------------------------------------------

    def company_ids(self, name: str) -> tuple[str, ...]:
        """The ids that a name may mean: by id, name or any alias; () when nothing in the store is called so."""
        query = "SELECT company_id FROM aliases WHERE fold = ? UNION SELECT id FROM companies WHERE id = ?"
        return tuple(sorted(row[0] for row in self._rows(query, (fold(name), name))))

    def company_names(self) -> list[str]:
        """The names of all companies that a deal or a quote is about, for suggestions and completion."""
        query = "SELECT DISTINCT name FROM deal_parties UNION SELECT DISTINCT speaker_org FROM quotes ORDER BY 1"
        return [row[0] for row in self._rows(query) if row[0]]

    # -- deals -------------------------------------------------------------------------------------------------------

    def deals(self, query: DealQuery = DealQuery(), as_of: datetime | None = None) -> list[Row]:
        """Rows of `DEAL_COLUMNS`, sorted; as known at a time of the world's clock where `as_of` is given."""
        with self._past(as_of) as schema:
            where, values = self._conditions(query, schema)
            order = _order_by(query.sort)
            limit = "" if query.limit is None else " LIMIT ?"
            found = self._rows(
                "SELECT *, (SELECT domain FROM main.companies WHERE id = target_id) AS target_domain"
                f" FROM {schema}.deals AS deals WHERE {where} ORDER BY {order}{limit}",
                values if query.limit is None else [*values, query.limit],
            )
            return [_deal_row(row) for row in found]

    def _conditions(self, query: DealQuery, schema: str) -> tuple[str, list[object]]:
        terms: list[tuple[str, Sequence[object]]] = [("1", ())]
        if not query.any_topic:
            terms.append(("ai = 1", ()))
        for name, roles in (
            (query.company, ("investor", "lead", "target")), (query.investor, ("investor", "lead")),
            (query.target, ("target",)),
        ):  # fmt: skip
            if name is not None:
                terms.append(self._party_condition(name, roles, schema))
        for column, chosen in (("type", query.types), ("status", query.statuses)):
            if chosen:
                terms.append((f"{column} IN ({_marks(len(chosen))})", chosen))
        for column, value in (("round", query.round), ("currency", query.currency)):
            if value is not None:
                terms.append((f"{column} = ? COLLATE NOCASE", (value,)))
        sum_column = "coalesce(amount_high, amount_low)" if query.currency else "amount_usd"
        for sign, bound in ((">=", query.minimum), ("<=", query.maximum)):
            if bound is not None:
                terms.append((f"{sum_column} {sign} ?", (rows.number(bound),)))
        for sign, day in ((">=", query.since), ("<=", query.until)):
            if day is not None:
                terms.append((f"date {sign} ?", (day.isoformat(),)))
        for column, value in (("langs", query.lang), ("sources", query.source)):
            if value is not None:
                terms.append((f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ? COLLATE NOCASE)", (value,)))
        if query.review:
            terms.append(("doubts <> '[]'", ()))
        return " AND ".join(term for term, _ in terms), [value for _, values in terms for value in values]

    def _party_condition(self, name: str, roles: tuple[str, ...], schema: str) -> tuple[str, Sequence[object]]:
        ids = self.company_ids(name)
        if not ids:
            return "0", ()
        return (
            f"deals.deal_id IN (SELECT deal_id FROM {schema}.deal_parties WHERE company_id IN ({_marks(len(ids))})"
            f" AND role IN ({_marks(len(roles))}))",
            (*ids, *roles),
        )

    # -- the past ----------------------------------------------------------------------------------------------------

    def _past(self, as_of: datetime | None) -> _Past:
        return _Past(self, as_of)

    def claims(
        self, until: datetime | None = None, *, clock: Clock = "published", blocks: Collection[str] | None = None
    ) -> list[Claim]:
        """The claims that held at a time of a clock (now, when None), of some blocks or of all."""
        where, values = ["superseded_at IS NULL"], []
        if until is None:
            where.append("claims.published_until IS NULL")
        else:
            at = "published_at" if clock == "published" else "observed_at"
            where.append(f"claims.{at} <= ? AND (claims.{clock}_until IS NULL OR claims.{clock}_until > ?)")
            values += [stamp(until)] * 2
        parts: Iterable[list[str] | None] = _chunks(sorted(blocks)) if blocks is not None else [None]
        found: list[Claim] = []
        for part in parts:
            among = f" AND block IN ({_marks(len(part))})" if part else ""
            query = f"{rows.CLAIM_SELECT} WHERE {' AND '.join(where)}{among}"
            found += map(rows.claim, self._rows(query, [*values, *(part or ())]))
        return found

    def touched_blocks(self, since: datetime, until: datetime | None, *, clock: Clock = "published") -> set[str]:
        """The blocks in which a claim began or ceased to hold after `since` and up to `until`."""
        end = stamp(until) if until else "9999"
        found: set[str] = set()
        for column in (f"{clock}_at", f"{clock}_until"):
            query = f"SELECT DISTINCT block FROM claims WHERE {column} > ? AND {column} <= ? AND superseded_at IS NULL"
            found |= {row[0] for row in self._rows(query, (stamp(since), end))}
        return self._with_ties(found)

    def _with_ties(self, blocks: set[str]) -> set[str]:
        for judgement in self.judgements():
            if judgement.verb == "merge":
                tied = self._blocks_of(judgement.claims)
                blocks = blocks | tied if tied & blocks else blocks
        return blocks

    def _blocks_of(self, keys: Iterable[str]) -> set[str]:
        query = "SELECT DISTINCT block FROM claims WHERE key IN ({})"
        parts = _chunks(sorted(keys))
        return {row[0] for part in parts for row in self._rows(query.format(_marks(len(part))), part)}

    def resolve(
        self, until: datetime | None = None, *, clock: Clock = "published", blocks: Collection[str] | None = None
    ) -> tuple[Deal, ...]:
        """The deals of some blocks (or all) from the claims that held at a time of a clock."""
        return resolve(self.claims(until, clock=clock, blocks=blocks), self.judgements(), self.usd)

    def states(
        self, since: datetime, until: datetime, *, clock: Clock = "published"
    ) -> tuple[tuple[Deal, ...], tuple[Deal, ...]]:
        """The deals before and after, of the blocks that a claim touched in between."""
        blocks = self.touched_blocks(since, until, clock=clock)
        return self.resolve(since, clock=clock, blocks=blocks), self.resolve(until, clock=clock, blocks=blocks)

    def deal(self, deal_id: str, as_of: datetime | None = None) -> Deal:
        """One deal with its claims, by its id or by one that it had before; raises NotFound."""
        query = "SELECT deal_id, claim_deal_id, claim_key FROM deal_claims WHERE deal_id = ? OR claim_deal_id = ?"
        found = self._rows(query, (deal_id, deal_id))
        if not found:
            raise NotFound(f"no deal {deal_id}", "`dealwatch deals --topic any` lists their ids")
        keys = {row["claim_key"] for row in found}
        deals = self.resolve(as_of, blocks=self._with_ties(self._blocks_of(keys)))
        for deal in sorted(deals, key=lambda d: d.id != found[0]["deal_id"]):
            if keys & {claim.key for claim in deal.claims}:
                return deal
        raise NotFound(f"no deal {deal_id} was known then", "`dealwatch deal ID` without --as-of shows it")

    def usd(self, currency: str, day: date) -> Decimal | None:
        """US dollars for one unit, as the writer kept it."""
        found = self.usd_rate(currency, day)
        return found[0] if found else None

    def usd_rate(self, currency: str, day: date) -> tuple[Decimal, date] | None:
        """The same with the day of the rate."""
        if currency == "USD":
            return Decimal(1), day
        query = "SELECT usd, rate_day FROM rates WHERE currency = ? AND day = ?"
        found = self._rows(query, (currency, day.isoformat()))
        return (Decimal(found[0][0]), date.fromisoformat(found[0][1])) if found and found[0][0] else None

    def judgements(self) -> tuple[Judgement, ...]:
        """The judgements that hold, oldest first."""
        found = self._rows("SELECT * FROM judgements WHERE undone_at IS NULL ORDER BY id")
        return tuple(
            Judgement(row["id"], row["verb"], tuple(json.loads(row["claims"])), row["note"], moment(row["made_at"]))
            for row in found
        )

    def mark(self, name: str) -> datetime | None:
        """The time up to which everything has been shown under a name; None when nothing has."""
        found = self._rows("SELECT observed_at FROM marks WHERE name = ?", (name,))
        return moment(found[0][0]) if found else None

    # -- articles, quotes, sources -----------------------------------------------------------------------------------

    def quotes(
        self, *, speaker: str | None = None, company: str | None = None, about: str | None = None,
        search: str | None = None, since: datetime | None = None, until: datetime | None = None,
        source: str | None = None, lang: str | None = None, limit: int | None = None,
    ) -> list[Row]:  # fmt: skip
        """Quotes, newest first: by speaker (full name or surname), by the company they speak for, on a deal."""
        terms: list[tuple[str, Sequence[object]]] = [("1", ())]
        if speaker is not None:
            terms.append(("(speaker_fold = ? OR speaker_fold LIKE ? ESCAPE '\\')", _speaker_values(fold(speaker))))
        if company is not None:
            ids = self.company_ids(company)
            terms.append((f"speaker_id IN ({_marks(len(ids))})", ids))
        if about is not None:
            ids = tuple({c.origin.article_id for c in self.deal(about).claims if c.origin})
            terms.append((f"quotes.article_id IN ({_marks(len(ids))})", ids))
        if search is not None:
            terms.append(("quotes.text LIKE ? ESCAPE '\\'", (f"%{_escaped(search)}%",)))
        terms += _article_terms(since, until, source, lang, "quotes")
        query = (
            "SELECT articles.published_at AS date, speaker, speaker_org, speaker_title, quotes.text AS quote,"
            " quotes.kind, closed, confidence, articles.source AS source, articles.lang AS lang,"
            ' articles.title AS title, url, article_id, start, "end", speaker_id, cue'
            " FROM quotes JOIN articles ON articles.id = article_id"
        )
        found = self._select(query, terms, "quotes.published_at DESC, article_id, start", limit)
        return [row | {"closed": bool(row["closed"])} for row in found]

    def articles(
        self, *, company: str | None = None, search: str | None = None, since: datetime | None = None,
        until: datetime | None = None, source: str | None = None, lang: str | None = None, any_topic: bool = True,
        limit: int | None = None,
    ) -> list[Row]:  # fmt: skip
        """Articles, newest first, with how many claims and quotes each holds."""
        terms: list[tuple[str, Sequence[object]]] = [("1", ())]
        if company is not None:
            ids = self.company_ids(company)
            among = f"SELECT article_id FROM mentions WHERE company_id IN ({_marks(len(ids))})"
            terms.append((f"articles.id IN ({among})", ids))
        if search is not None:
            terms.append(("(title LIKE ? ESCAPE '\\' OR text LIKE ? ESCAPE '\\')", (f"%{_escaped(search)}%",) * 2))
        if not any_topic:
            terms.append(("ai = 1", ()))
        terms += _article_terms(since, until, source, lang, "articles")
        query = (
            "SELECT id AS article_id, published_at AS date, date_precision, source, lang, title, url, authors,"
            " revision, observed_at AS first_seen, method, length(text) AS characters,"
            " (SELECT count(*) FROM claims WHERE article_id = articles.id AND published_until IS NULL"
            " AND superseded_at IS NULL) AS deals,"
            " (SELECT count(*) FROM quotes WHERE article_id = articles.id) AS quotes FROM articles"
        )
        found = self._select(query, terms, "published_at DESC, id", limit)
        return [row | {"authors": json.loads(str(row["authors"]))} for row in found]

    def article(self, article_id: str) -> Row:
        """One article whole, with its text; raises NotFound."""
        found = self._rows("SELECT * FROM articles WHERE id = ?", (article_id,))
        if not found:
            raise NotFound(f"no article {article_id}", "`dealwatch articles` lists their ids")
        row = dict(found[0])
        return row | {"authors": json.loads(row["authors"]), "ai": bool(row["ai"])}

    def revisions(self, article_id: str) -> list[Row]:
        """Every text that an article has had, oldest first."""
        query = "SELECT * FROM revisions WHERE article_id = ? ORDER BY number"
        return [dict(row) for row in self._rows(query, (article_id,))]

    def claim_rows(self, *, limit: int | None = None) -> list[Row]:
        """Every claim that holds, for export, oldest first, with its article's source and address."""
        order = "claims.published_at, claims.article_id, claims.key"
        query = f"{rows.CLAIM_SELECT} WHERE superseded_at IS NULL AND published_until IS NULL ORDER BY {order}"
        found = self._rows(query if limit is None else f"{query} LIMIT {int(limit)}")
        return [_claim_export(row) for row in found]

    def sources(self) -> dict[str, Row]:
        """What the store knows of each source it has fetched, by name, with counts of its articles."""
        query = (
            "SELECT sources.*, (SELECT count(*) FROM articles WHERE articles.source = sources.name) AS articles,"
            " (SELECT count(*) FROM entries WHERE entries.source = sources.name AND state = 'failed') AS failed_entries"
            " FROM sources ORDER BY name"
        )
        return {row["name"]: dict(row) for row in self._rows(query)}

    def counts(self) -> Row:
        """How many articles, claims, deals and quotes the store holds."""
        tables = ("articles", "claims", "deals", "quotes")
        return {name: self._rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}

    def _select(
        self, query: str, terms: Sequence[tuple[str, Sequence[object]]], order: str, limit: int | None
    ) -> list[Row]:
        where = " AND ".join(term for term, _ in terms)
        values = [value for _, group in terms for value in group]
        text = f"{query} WHERE {where} ORDER BY {order}"
        return [dict(row) for row in self._rows(text if limit is None else f"{text} LIMIT {int(limit)}", values)]


class _Past:
    """The deals as of a time, as tables of an attached database in memory; the store's own tables for now."""

    def __init__(self, store: Store, as_of: datetime | None) -> None:
        self._store, self._as_of = store, as_of

    def __enter__(self) -> str:
        if self._as_of is None:
            return "main"
        store, connection = self._store, self._store._connection
        connection.execute("ATTACH ':memory:' AS past")
        for table in ("deals", "deal_parties"):
            connection.execute(f"CREATE TABLE past.{table} AS SELECT * FROM main.{table} WHERE 0")
        blocks = store.touched_blocks(self._as_of, None)
        connection.execute("CREATE TABLE past.touched (block TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO past.touched VALUES (?)", [(block,) for block in sorted(blocks)])
        same = "SELECT deal_id FROM main.deals WHERE block NOT IN (SELECT block FROM past.touched)"
        for table in ("deals", "deal_parties"):
            connection.execute(f"INSERT INTO past.{table} SELECT * FROM main.{table} WHERE deal_id IN ({same})")
        for deal in store.resolve(self._as_of, blocks=blocks):
            _insert(connection, "past.deals", rows.deal_row(deal, block_of(deal.claims[0]), store.usd_rate))
            for row in rows.party_rows(deal):
                _insert(connection, "past.deal_parties", row)
        return "past"

    def __exit__(self, *_: object) -> None:
        if self._as_of is not None:
            self._store._connection.execute("DETACH past")


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    columns = ", ".join(row)
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({_marks(len(row))})", list(row.values()))


def _order_by(sort: str) -> str:
    name = sort.removeprefix("-")
    if name not in _SORTS:
        known = ", ".join(sorted(_SORTS))
        raise UsageError(f"cannot sort by {name!r}", f"one of {known}; a '-' before it turns it round")
    text_first = name in ("target", "status", "type", "round", "currency")
    descending = text_first == sort.startswith("-")
    way, column = "DESC" if descending else "ASC", _SORTS[name]
    if name == "date":  # never null, and so read along its index
        return f"date {way}, deal_id {way}"
    return f"{column} IS NULL, {column} {way}, deal_id"


def _deal_row(row: sqlite3.Row) -> Row:
    return {key: json.loads(row[key]) if key in _LISTS else row[key] for key in DEAL_COLUMNS}


def _claim_export(row: sqlite3.Row) -> Row:
    claim = rows.claim(row)
    return {
        "claim_key": claim.key, "article_id": row["article_id"], "published_at": row["published_at"],
        "observed_at": row["observed_at"], "source": row["source"], "url": row["url"], "type": claim.type,
        "status": claim.status, "main": claim.main, "voice": claim.voice,
        "target": claim.target.name if claim.target else None, "investors": [p.name for p in claim.investors],
        "lead_investors": [p.name for p in claim.lead], **rows.money_columns(claim.amount, "amount", "currency"),
        **rows.money_columns(claim.valuation, "valuation", "valuation_currency"), "round": claim.round,
        "stake_pct": claim.stake_pct, "date": claim.date, "confidence": claim.confidence,
        "evidence": rows.evidence_sentence(claim, "amount", "type", "target"), "parser": row["parser"],
    }  # fmt: skip


def _article_terms(
    since: datetime | None, until: datetime | None, source: str | None, lang: str | None, table: str
) -> list[tuple[str, Sequence[object]]]:
    terms: list[tuple[str, Sequence[object]]] = []
    for sign, at in ((">=", since), ("<=", until)):
        if at is not None:
            terms.append((f"{table}.published_at {sign} ?", (stamp(at),)))
    for column, value in (("source", source), ("lang", lang)):
        if value is not None:
            terms.append((f"articles.{column} = ? COLLATE NOCASE", (value,)))
    return terms


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _speaker_values(folded: str) -> tuple[str, str]:
    return folded, f"% {_escaped(folded)}"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _chunks(items: Sequence[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
