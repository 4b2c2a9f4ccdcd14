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
BEGINNING = "0000"  # before every time: a block that is made anew from its first claim
DOUBT_DAYS = 62  # within which two deals of one target are doubted to be two

Touched = dict[str, str]  # a block -> the time from which its deals are to be made anew


def touch(touched: Touched, block: str, since: str) -> None:
    """Note that the deals of a block are to be made anew from a time on."""
    touched[block] = min(since, touched.get(block, since))


_HELD = "superseded_at IS NULL AND published_until IS NULL"


class Resolver:
    """Makes deals of the claims that hold, for one transaction: judgements and names are read once."""

    def __init__(
        self, connection: sqlite3.Connection, judgements: Sequence[Judgement], rate: UsdRate,
        usd: Callable[[str, date], Decimal | None],
    ) -> None:  # fmt: skip
        self._connection, self._judgements, self._rate, self._usd = connection, judgements, rate, usd
        self._names: Names = names_of(connection, judgements)
        self._links = name_links(self._names)
        self._why: dict[str, tuple[str, ...]] = {}  # key of a claim -> why it told the deal that it was read for

    def resolve(self, touched: Mapping[str, str]) -> None:
        """Make anew the deals of some blocks, each from a time on."""
        judged = self._judged_blocks()
        for blocks in self._sets(touched):
            since = min((touched[block] for block in blocks if block in touched), default=BEGINNING)
            self._resolve_set(blocks, BEGINNING if blocks & judged else since)

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
        among = sorted(blocks)
        known = [
            Group.load(row[0], row[1])
            for part in chunks(among)
            for row in self._connection.execute(
                f"SELECT deal_id, grouped FROM deals WHERE block IN ({marks(len(part))}) AND last_at < ?",
                [*part, since],
            )
        ]
        stale = [
            row[0] for part in chunks(among)
            for row in self._connection.execute(
                f"SELECT deal_id FROM deals WHERE block IN ({marks(len(part))}) AND last_at >= ?", [*part, since]
            )
        ]
        before = self._claims_of(stale) if since > BEGINNING else {}
        after = self._claims_since(among, since)
        fresh = {claim.key for claim in after}
        for claims in before.values():
            if rest := [claim for claim in claims if claim.key not in fresh]:
                known.append(Group.of(rest, self._usd))
        groups = resolve_block(after, self._judgements, self._usd, self._names, known)
        self._write(groups, stale, fresh)

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
        self._insert("deals", [rows.deal_row(deal, block, self._rate, grouped=group.dump())])
        self._insert("deal_parties", rows.party_rows(deal))
        self._insert("deal_claims", rows.deal_claim_rows(deal))
        lines = history(deal, self._usd, (), self._names)
        self._insert("deal_changes", [change_values(line, place, block) for place, line in enumerate(lines)])

    def _insert(self, table: str, values: Sequence[Mapping[str, object]]) -> None:
        if values:
            names = ", ".join(values[0])
            query = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks(len(values[0]))})"
            self._connection.executemany(query, [tuple(row.values()) for row in values])

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
