"""Reading claims: what held when, the deals that follow, and the tables of a past day for a listing's one query."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

from dealwatch.errors import NotFound
from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve import block_of, resolve
from dealwatch.resolve import deal_id as deal_id_of
from dealwatch.store.rows import CLAIM_SELECT, claim_of, deal_row, evidence_sentence, money_columns, party_rows
from dealwatch.store.values import Clock, Row, chunks, marks, moment, stamp


class Claims:
    """The claims of a store, by a connection that reads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

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
        parts: Iterable[list[str] | None] = chunks(sorted(blocks)) if blocks is not None else [None]
        found: list[Claim] = []
        for part in parts:
            among = f" AND block IN ({marks(len(part))})" if part else ""
            query = f"{CLAIM_SELECT} WHERE {' AND '.join(where)}{among}"
            found += map(claim_of, self._rows(query, [*values, *(part or ())]))
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
        parts = chunks(sorted(keys))
        return {row[0] for part in parts for row in self._rows(query.format(marks(len(part))), part)}

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
        query = "SELECT claim_key FROM deal_claims WHERE deal_id = ? OR claim_deal_id = ?"
        keys = {row["claim_key"] for row in self._rows(query, (deal_id, deal_id))} or self._past_keys(deal_id)
        if not keys:
            raise NotFound(f"no deal {deal_id}", "`dealwatch deals --topic any` lists their ids")
        deals = self.resolve(as_of, blocks=self._with_ties(self._blocks_of(keys)))
        for deal in sorted(deals, key=lambda d: d.id != deal_id):
            if keys & {claim.key for claim in deal.claims}:
                return deal
        if as_of is None:
            raise NotFound(f"no deal {deal_id} any more: its articles were edited", "--as-of an earlier time shows it")
        raise NotFound(f"no deal {deal_id} was known then", "`dealwatch deal ID` without --as-of shows it")

    def edited(self, deal: Deal, as_of: datetime | None = None) -> list[tuple[Claim, datetime]]:
        """What its articles told before they were edited: each claim with the time until which it held."""
        found: list[tuple[Claim, datetime]] = []
        for part in chunks(sorted(claim.key for claim in deal.claims)):
            where = f"claims.key IN ({marks(len(part))}) AND published_until <= ? AND superseded_at IS NULL"
            rows = self._rows(f"{CLAIM_SELECT} WHERE {where}", [*part, stamp(as_of) if as_of else "9999"])
            found += [(claim_of(row), moment(row["published_until"])) for row in rows]
        return found

    def _past_keys(self, deal_id: str) -> set[str]:
        """The claims of a deal whose first claim was edited away: of the day before the edit, when its id was this."""
        found: set[str] = set()
        query = "SELECT DISTINCT key, block, published_until FROM claims WHERE published_until IS NOT NULL"
        for row in self._rows(query):
            if deal_id_of(row["key"]) == deal_id:
                last = moment(row["published_until"]) - timedelta(seconds=1)
                deals = self.resolve(last, blocks=self._with_ties({row["block"]}))
                found |= {claim.key for deal in deals if deal.id == deal_id for claim in deal.claims}
        return found

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

    def deal_row(self, deal: Deal) -> Row:
        """A deal as a row of ``deals``."""
        return deal_row(deal, block_of(deal.claims[0]), self.usd_rate)

    def rows(self, limit: int | None) -> list[Row]:
        """Every claim that holds, for export, oldest first."""
        order = "claims.published_at, claims.article_id, claims.key"
        query = f"{CLAIM_SELECT} WHERE superseded_at IS NULL AND published_until IS NULL ORDER BY {order}"
        return [_export(row) for row in self._rows(query if limit is None else f"{query} LIMIT {int(limit)}")]

    @contextmanager
    def past(self, as_of: datetime) -> Iterator[str]:
        """The name of an attached database in memory that holds the tables of deals as of a time."""
        connection = self._connection
        connection.execute("ATTACH ':memory:' AS past")
        try:
            for table in ("deals", "deal_parties"):
                connection.execute(f"CREATE TABLE past.{table} AS SELECT * FROM main.{table} WHERE 0")
            self._fill_past(as_of)
            yield "past"
        finally:
            connection.execute("DETACH past")

    def _fill_past(self, as_of: datetime) -> None:
        """Deals of blocks untouched since then stand as they do today; only the others are resolved again."""
        connection, blocks = self._connection, self.touched_blocks(as_of, None)
        connection.execute("CREATE TABLE past.touched (block TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO past.touched VALUES (?)", [(block,) for block in sorted(blocks)])
        same = "SELECT deal_id FROM main.deals WHERE block NOT IN (SELECT block FROM past.touched)"
        for table in ("deals", "deal_parties"):
            connection.execute(f"INSERT INTO past.{table} SELECT * FROM main.{table} WHERE deal_id IN ({same})")
        for deal in self.resolve(as_of, blocks=blocks):
            self._insert("past.deals", self.deal_row(deal))
            for row in party_rows(deal):
                self._insert("past.deal_parties", row)

    def _insert(self, table: str, row: Row) -> None:
        query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks(len(row))})"
        self._connection.execute(query, list(row.values()))


def _export(row: sqlite3.Row) -> Row:
    claim = claim_of(row)
    return {
        "claim_key": claim.key, "article_id": row["article_id"], "published_at": row["published_at"],
        "observed_at": row["observed_at"], "source": row["source"], "url": row["url"], "type": claim.type,
        "status": claim.status, "main": claim.main, "voice": claim.voice,
        "target": claim.target.name if claim.target else None, "investors": [p.name for p in claim.investors],
        "lead_investors": [p.name for p in claim.lead], **money_columns(claim.amount, "amount", "currency"),
        **money_columns(claim.valuation, "valuation", "valuation_currency"), "round": claim.round,
        "stake_pct": claim.stake_pct, "date": claim.date, "confidence": claim.confidence,
        "evidence": evidence_sentence(claim, "amount", "type", "target"), "parser": row["parser"],
    }  # fmt: skip
