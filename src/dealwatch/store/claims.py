"""Reading claims: what held when, the deals that follow, and the tables of a past day for a listing's one query."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from dealwatch.errors import NotFound
from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve import Names, block_of, fold
from dealwatch.resolve import deal_id as deal_id_of
from dealwatch.store.judging import read_judgements
from dealwatch.store.kin import joined_blocks, name_links, names_of
from dealwatch.store.rows import (
    CLAIM_SELECT,
    claim_of,
    deal_row,
    evidence_sentence,
    money_columns,
    parties_of_deal,
    party_rows,
)  # fmt: skip
from dealwatch.store.values import Clock, Row, chunks, marks, moment, stamp

HELD = "superseded_at IS NULL AND published_until IS NULL"


class Claims:
    """The claims of a store, by a connection that reads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._judged: tuple[Judgement, ...] | None = None

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

    @cached_property
    def names(self) -> Names:
        """The names of companies that are one, people's aliases included."""
        return names_of(self._connection, self.judgements())

    def _touched(self, since: datetime, until: datetime, clock: Clock) -> set[str]:
        """The blocks in which a claim began or ceased to hold after `since` and up to `until`."""
        found: set[str] = set()
        for column in (f"{clock}_at", f"{clock}_until"):
            query = f"SELECT DISTINCT block FROM claims WHERE {column} > ? AND {column} <= ? AND superseded_at IS NULL"
            found |= {row[0] for row in self._rows(query, (stamp(since), stamp(until)))}
        return found

    def _sets(self, blocks: Collection[str]) -> Iterator[set[str]]:
        """The blocks in sets that can hold one deal, each with all that is joined to it."""
        taken: set[str] = set()
        for block in sorted(blocks):
            if block not in taken:
                one = self._with_ties({block})
                taken |= one
                yield one

    def judged_blocks(self) -> set[str]:
        """The blocks of claims that people merged, split or rejected."""
        return {block for j in self.judgements() if j.verb != "alias" for block in self._blocks_of(j.claims)}

    def _with_ties(self, blocks: Collection[str]) -> set[str]:
        """The blocks, and all that names, articles or merges join to them."""
        found = joined_blocks(self._connection, blocks, self._links)
        while grown := [one for one in self._merged if one & found and not one <= found]:
            found = joined_blocks(self._connection, found.union(*grown), self._links)
        return found

    @cached_property
    def _merged(self) -> list[set[str]]:
        return [self._blocks_of(j.claims) for j in self.judgements() if j.verb == "merge"]

    @cached_property
    def _links(self) -> dict[str, set[str]]:
        return name_links(self.names)

    def _blocks_of(self, keys: Iterable[str]) -> set[str]:
        query = "SELECT DISTINCT block FROM claims WHERE key IN ({})"
        parts = chunks(sorted(keys))
        return {row[0] for part in parts for row in self._rows(query.format(marks(len(part))), part)}

    def resolve(
        self, until: datetime | None = None, *, clock: Clock = "published", blocks: Collection[str] | None = None
    ) -> tuple[Deal, ...]:
        """The deals of some blocks (or all) from the claims that held at a time of a clock."""
        from dealwatch.resolve import resolve  # a deal that is known is shown without

        return resolve(self.claims(until, clock=clock, blocks=blocks), self.judgements(), self.usd, self.names)

    def states(
        self, since: datetime, until: datetime, *, clock: Clock = "published"
    ) -> tuple[tuple[Deal, ...], tuple[Deal, ...]]:
        """The deals before and after that a claim touched in between, and such others as may be one with them."""
        from dealwatch.store.between import Between  # with the resolver

        between = Between(self._connection, self, since, until, clock)
        return between.states(self._sets(self._touched(since, until, clock)))

    def unsettled(self, since: datetime) -> set[str]:
        """The blocks whose past is not the beginning of their present: an article was edited after a time, or people
        merged deals of them. Their states are resolved; those of all others are read from what was derived.
        """
        query = "SELECT DISTINCT block FROM claims WHERE published_until > ? AND superseded_at IS NULL"
        found = {row[0] for row in self._rows(query, (stamp(since),))}
        found |= {block for j in self.judgements() if j.verb == "merge" for block in self._blocks_of(j.claims)}
        return self._with_ties(found) if found else found

    def deal(self, deal_id: str, as_of: datetime | None = None) -> Deal:
        """One deal with its claims, by its id or by one that it had before; raises NotFound."""
        if as_of is None and (deal := self._derived(deal_id)):
            return deal
        query = "SELECT claim_key FROM deal_claims WHERE deal_id = ? OR claim_deal_id = ?"
        keys = {row["claim_key"] for row in self._rows(query, (deal_id, deal_id))} or self._past_keys(deal_id)
        if not keys:
            self._raise_rejected(deal_id)
            raise NotFound(f"no deal {deal_id}", "`dealwatch deals --topic any` lists their ids")
        deals = self.resolve(as_of, blocks=self._with_ties(self._blocks_of(keys)))
        for deal in sorted(deals, key=lambda d: d.id != deal_id):
            if keys & {claim.key for claim in deal.claims}:
                return deal
        if as_of is None:
            raise NotFound(f"no deal {deal_id} any more: its articles were edited", "--as-of an earlier time shows it")
        raise NotFound(f"no deal {deal_id} was known then", "`dealwatch deal ID` without --as-of shows it")

    def _raise_rejected(self, deal_id: str) -> None:
        for judgement in self.judgements():
            if judgement.verb == "reject" and any(deal_id_of(key) == deal_id for key in judgement.claims):
                hint = f"`dealwatch judgements undo {judgement.id}` brings it back"
                raise NotFound(f"deal {deal_id} was rejected (judgement {judgement.id})", hint)

    def _derived(self, deal_id: str) -> Deal | None:
        """A deal as it stands, from the claims that it is known to be made of; None where no id is this one."""
        query = "SELECT deal_id FROM deal_claims WHERE deal_id = ? UNION ALL SELECT deal_id FROM deal_claims WHERE"
        found = self._rows(f"{query} claim_deal_id = ? LIMIT 1", (deal_id, deal_id))
        if not found:
            return None
        query = f"{CLAIM_SELECT} JOIN deal_claims ON claim_key = key WHERE deal_id = ? AND {HELD}"
        rows = self._rows(query.replace("claims.*,", "claims.*, deal_claims.why AS why,", 1), (found[0][0],))
        doubts = self._rows("SELECT other_id FROM doubts WHERE deal_id = ? ORDER BY other_id", (found[0][0],))
        return replace(
            fold(map(claim_of, rows), self.usd, self.names), doubts=tuple(row[0] for row in doubts),
            reasons={row["key"]: tuple(json.loads(row["why"])) for row in rows},
        )  # fmt: skip

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
        if self._judged is None:
            self._judged = read_judgements(self._connection)
        return self._judged

    def deal_row(self, deal: Deal) -> Row:
        """A deal as a row of ``deals``."""
        return deal_row(deal, block_of(deal.claims[0]), self.usd_rate)

    def rows(self, limit: int | None, deals: Collection[str] | None, as_of: datetime | None) -> list[Row]:
        """Every claim that holds, or held at a time, for export, oldest first; of some deals, or of all."""
        at = stamp(as_of) if as_of else "9999"
        where = "superseded_at IS NULL AND claims.published_at <= ?1 AND coalesce(published_until, '9999Z') > ?1"
        if deals is not None:
            among = "SELECT claim_key FROM deal_claims WHERE deal_id IN (SELECT value FROM json_each(?2))"
            where = f"{where} AND claims.key IN ({among})"
        query = f"{CLAIM_SELECT} WHERE {where} ORDER BY claims.published_at, claims.article_id, claims.key"
        values = [at] if deals is None else [at, json.dumps(sorted(deals))]
        found = self._rows(query if limit is None else f"{query} LIMIT {int(limit)}", values)
        return [_export(row) for row in found]

    @contextmanager
    def past(self, as_of: datetime) -> Iterator[str]:
        """The name of an attached database in memory that holds the tables of deals as of a time."""
        connection = self._connection
        connection.execute("ATTACH ':memory:' AS past")
        try:
            for table in ("deals", "deal_parties"):
                connection.execute(f"CREATE TABLE past.{table} AS SELECT * FROM main.{table} WHERE 0")
            connection.execute("CREATE TABLE past.doubts AS SELECT * FROM main.doubts")
            self._fill_past(as_of)
            connection.execute("CREATE INDEX past.parties ON deal_parties (company_id, role)")
            yield "past"
        finally:
            connection.execute("DETACH past")

    def _fill_past(self, as_of: datetime) -> None:
        """Deals without a later claim stand as they do today; those with one are folded from the claims up to then, and
        only blocks whose past is not the beginning of their present are resolved again.
        """
        connection, apart = self._connection, self.unsettled(as_of)
        connection.execute("CREATE TABLE past.apart (block TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO past.apart VALUES (?)", [(block,) for block in sorted(apart)])
        settled = "block NOT IN (SELECT block FROM past.apart)"
        same = f"SELECT deal_id FROM main.deals WHERE last_at <= ? AND {settled}"
        for table in ("deals", "deal_parties"):
            query = f"INSERT INTO past.{table} SELECT * FROM main.{table} WHERE deal_id IN ({same})"
            connection.execute(query, (stamp(as_of),))
        query = f"SELECT deal_id FROM main.deals WHERE last_at > ? AND first_at <= ? AND {settled}"
        begun = [row[0] for row in self._rows(query, (stamp(as_of), stamp(as_of)))]
        for deal in (*self._beginnings(begun, as_of), *self.resolve(as_of, blocks=apart)):
            self._insert("past.deals", self.deal_row(deal))
            for row in party_rows(deal.id, parties_of_deal(deal)):
                self._insert("past.deal_parties", row)

    def _beginnings(self, deals: Sequence[str], as_of: datetime) -> Iterator[Deal]:
        """Deals as their claims up to a time tell them."""
        told: dict[str, list[Claim]] = {}
        for part in chunks(deals):
            among = f"deal_id IN ({marks(len(part))}) AND {HELD} AND claims.published_at <= ?"
            query = f"{CLAIM_SELECT} JOIN deal_claims ON claim_key = key WHERE {among}"
            query = query.replace("claims.*,", "claims.*, deal_claims.deal_id AS deal_id,", 1)
            for row in self._rows(query, [*part, stamp(as_of)]):
                told.setdefault(row["deal_id"], []).append(claim_of(row))
        yield from (fold(claims, self.usd, self.names) for claims in told.values())

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
