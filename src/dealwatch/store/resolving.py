"""Deals from claims, inside the writer's transaction: only those that a new story can have touched are made anew.

A claim is held against earlier ones alone. So the deals whose last claim was published before the first new one stand
as they are: what a later claim is held against is kept beside them (`deals.grouped`), and their claims are read only
where a new one joins them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve import FAMILIES, Group, Names, block_of, fold, history, resolve_block
from dealwatch.store import rows
from dealwatch.store.histories import change_values
from dealwatch.store.kin import joined_blocks, name_links, names_of
from dealwatch.store.rows import UsdRate
from dealwatch.store.values import chunks, marks, stamp

DERIVED = ("deals", "deal_parties", "deal_claims", "deal_changes", "doubts")
MOST_KEPT = 8_000  # deals, 20 MB, of which a resolver keeps in hand what later claims are held against
BEGINNING = "0000"  # before every time: a block that is made anew from its first claim
DOUBT_DAYS = 62  # within which two deals of one target are doubted to be two

Touched = dict[str, str]  # a block -> the time from which its deals are to be made anew


def touch(touched: Touched, block: str, since: str) -> None:
    """Note that the deals of a block are to be made anew from a time on."""
    touched[block] = min(since, touched.get(block, since))


def insert_rows(connection: sqlite3.Connection, table: str, values: Sequence[Mapping[str, object]]) -> None:
    """Put rows of the same columns into a table, in the place of those that have their keys."""
    if values:
        names = ", ".join(values[0])
        query = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks(len(values[0]))})"
        connection.executemany(query, [tuple(row.values()) for row in values])


_HELD = "superseded_at IS NULL AND published_until IS NULL"


class Resolver:
    """Makes deals of the claims that hold: judgements and names are read once.

    It keeps in hand what later claims are held against of the blocks that it made last, so that the next batch, whose
    stories are later, need not read it again. It must not outlive a transaction that failed, nor a change of names.
    """

    def __init__(
        self, connection: sqlite3.Connection, judgements: Sequence[Judgement], rate: UsdRate,
        usd: Callable[[str, date], Decimal | None],
    ) -> None:  # fmt: skip
        self._connection, self._judgements, self._rate, self._usd = connection, judgements, rate, usd
        self._names: Names = names_of(connection, judgements)
        self._links = name_links(self._names)
        self._kept: dict[frozenset[str], list[Group]] = {}
        self._judged = self._judged_blocks()
        self._why: dict[str, tuple[str, ...]] = {}  # key of a claim -> why it told the deal that it was read for

    def resolve(self, touched: Mapping[str, str]) -> None:
        """Make anew the deals of some blocks, each from a time on."""
        for blocks in self._sets(touched):
            since = min((touched[block] for block in blocks if block in touched), default=BEGINNING)
            self._resolve_set(blocks, BEGINNING if blocks & self._judged else since)

    def _judged_blocks(self) -> set[str]:
        keys = sorted({key for j in self._judgements if j.verb != "alias" for key in j.claims})
        query = "SELECT DISTINCT block FROM claims WHERE key IN ({})"
        return {
            row[0] for part in chunks(keys) for row in self._connection.execute(query.format(marks(len(part))), part)
        }

    def _sets(self, touched: Iterable[str]) -> list[set[str]]:
        """The touched blocks in sets that can hold one deal: joined by names, by articles or by a merge."""
        merged = [self._blocks_of(j.claims) for j in self._judgements if j.verb == "merge"]
        found: list[set[str]] = []
        for block in sorted(touched):
            if any(block in known for known in found):
                continue
            one = joined_blocks(self._connection, {block}, self._links)
            while grown := [blocks for blocks in merged if blocks & one and not blocks <= one]:
                one = joined_blocks(self._connection, one.union(*grown), self._links)
            found.append(one)
        return found

    def _blocks_of(self, keys: Sequence[str]) -> set[str]:
        query = f"SELECT DISTINCT block FROM claims WHERE key IN ({marks(len(keys))})"
        return {row[0] for row in self._connection.execute(query, list(keys))}

    # -- one set of blocks -------------------------------------------------------------------------------------------

    def _resolve_set(self, blocks: set[str], since: str) -> None:
        self._why.clear()
        among, key = sorted(blocks), frozenset(blocks)
        known, stale = self._in_hand(key, since), list[str]()
        if known is None:
            known, stale = self._stored(among, since), self._deals_from(among, since)
        before = self._claims_of(stale) if since > BEGINNING else {}
        after = self._claims_since(among, since)
        fresh = {claim.key for claim in after}
        for claims in before.values():
            if rest := [claim for claim in claims if claim.key not in fresh]:
                known.append(Group.of(rest, self._usd))
        groups = resolve_block(after, self._judgements, self._usd, self._names, known)
        self._write(groups, stale, fresh)
        self._keep(key, groups)

    def _in_hand(self, blocks: frozenset[str], since: str) -> list[Group] | None:
        """The deals of a set as the batch before left them, where everything in it was published before a time."""
        kept = self._kept.pop(blocks, None)
        if kept is None or not kept or stamp(max(group.latest for group in kept)) >= since:
            return None
        return kept

    def _keep(self, blocks: frozenset[str], groups: list[Group]) -> None:
        for group in groups:
            if group.claims:
                group.settle()
        self._kept[blocks] = groups
        held = sum(map(len, self._kept.values()))
        while held > MOST_KEPT:
            oldest = next(iter(self._kept))
            held -= len(self._kept.pop(oldest))

    def _stored(self, blocks: Sequence[str], since: str) -> list[Group]:
        """What is kept of the deals all of whose claims were published before a time."""
        query = "SELECT deal_id, grouped FROM deals WHERE block IN ({}) AND last_at < ?"
        return [
            Group.load(row[0], row[1])
            for part in chunks(blocks)
            for row in self._connection.execute(query.format(marks(len(part))), [*part, since])
        ]

    def _deals_from(self, blocks: Sequence[str], since: str) -> list[str]:
        """The deals that have a claim of a time or later."""
        query = "SELECT deal_id FROM deals WHERE block IN ({}) AND last_at >= ?"
        return [
            row[0]
            for part in chunks(blocks)
            for row in self._connection.execute(query.format(marks(len(part))), [*part, since])
        ]

    def _claims_since(self, blocks: Sequence[str], since: str) -> list[Claim]:
        return [
            rows.claim_of(row)
            for part in chunks(blocks)
            for row in self._connection.execute(
                f"{rows.CLAIM_SELECT} WHERE block IN ({marks(len(part))}) AND claims.published_at >= ? AND {_HELD}",
                [*part, since],
            )
        ]

    def _claims_of(self, deals: Sequence[str]) -> dict[str, list[Claim]]:
        """The claims that hold of some deals, by deal."""
        found: dict[str, list[Claim]] = {}
        for part in chunks(deals):
            query = (
                f"{rows.CLAIM_SELECT} JOIN deal_claims ON deal_claims.claim_key = claims.key"
                f" WHERE deal_claims.deal_id IN ({marks(len(part))}) AND {_HELD}"
            ).replace("SELECT claims.*,", "SELECT claims.*, deal_claims.deal_id AS deal_id, deal_claims.why AS why,", 1)
            for row in self._connection.execute(query, part):
                found.setdefault(row["deal_id"], []).append(rows.claim_of(row))
                self._why[row["key"]] = tuple(json.loads(row["why"]))
        return found

    # -- writing -----------------------------------------------------------------------------------------------------

    def _write(self, groups: Sequence[Group], stale: Sequence[str], fresh: Collection[str]) -> None:
        moved = [group for group in groups if group.claims]
        grown = [group.deal_id for group in moved if group.deal_id]
        old = self._claims_of(grown)
        self._drop([*stale, *grown])
        deals: list[Deal] = []
        for group in moved:
            claims = [*old.get(group.deal_id, ()), *group.claims] if group.deal_id else group.claims
            reasons = {c.key: (group.reasons if c.key in fresh else self._why).get(c.key, ()) for c in claims}
            deal = replace(fold(claims, self._usd, self._names), reasons=reasons)
            self._save(deal, group)
            deals.append(deal)
        self._save_doubts(deals)

    def _drop(self, deals: Sequence[str]) -> None:
        for part in chunks(deals):
            for table in DERIVED:
                self._connection.execute(f"DELETE FROM {table} WHERE deal_id IN ({marks(len(part))})", part)
            self._connection.execute(f"DELETE FROM doubts WHERE other_id IN ({marks(len(part))})", part)

    def _save(self, deal: Deal, group: Group) -> None:
        block = block_of(deal.claims[0])
        insert_rows(self._connection, "deals", [rows.deal_row(deal, block, self._rate, grouped=group.dump())])
        insert_rows(self._connection, "deal_parties", rows.party_rows(deal))
        insert_rows(self._connection, "deal_claims", rows.deal_claim_rows(deal))
        lines = history(deal, self._usd, (), self._names)
        told = [change_values(line, place, block) for place, line in enumerate(lines)]
        insert_rows(self._connection, "deal_changes", told)

    def _save_doubts(self, deals: Sequence[Deal]) -> None:
        """Which other deals of its target each may be the same as: told within two months, in other stories, and no
        two rounds known apart.
        """
        pairs: set[tuple[str, str]] = set()
        query = (
            "SELECT deal_id, type, round FROM deals WHERE target_id = ? AND deal_id <> ? AND first_at BETWEEN ? AND ?"
        )
        span = timedelta(days=DOUBT_DAYS)
        for deal in deals:
            if deal.target is None or deal.claims[0].origin is None:
                continue
            at = deal.claims[0].origin.published_at
            values = (deal.target.id, deal.id, stamp(at - span), stamp(at + span))
            for row in self._connection.execute(query, values).fetchall():
                apart = FAMILIES[row["type"]] != FAMILIES[deal.type] or (
                    row["round"] and deal.round and row["round"] != deal.round
                )
                if not apart and not self._share_article(deal, row["deal_id"]):
                    pairs |= {(deal.id, row["deal_id"]), (row["deal_id"], deal.id)}
        self._connection.executemany("INSERT OR IGNORE INTO doubts VALUES (?, ?)", sorted(pairs))

    def _share_article(self, deal: Deal, other: str) -> bool:
        ours = {claim.origin.article_id for claim in deal.claims if claim.origin}
        query = (
            "SELECT DISTINCT article_id FROM deal_claims JOIN claims ON claims.key = claim_key"
            f" WHERE deal_id = ? AND {_HELD}"
        )
        return any(row[0] in ours for row in self._connection.execute(query, (other,)))
