"""Deals from claims, inside the writer's transaction: only those that a new story can have touched are made anew.

A claim is held against earlier ones alone. So the deals whose last claim was published before the first new one stand
as they are: what a later claim is held against is kept beside them (`deals.grouped`), and their claims are read only
where a new one joins them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from dealwatch.model import Change, Claim, Deal, Judgement
from dealwatch.resolve import FAMILIES, Group, Names, Telling, block_of, order, resolve_block
from dealwatch.store import rows
from dealwatch.store.histories import change_values
from dealwatch.store.kin import joined_blocks, name_links, names_of
from dealwatch.store.rows import UsdRate
from dealwatch.store.values import chunks, marks, stamp

DERIVED = ("deals", "deal_parties", "deal_claims", "deal_changes", "doubts")
MOST_KEPT = 8_000  # deals, 20 MB, of which a resolver keeps in hand what later claims are held against
MOST_TOLD = 5_000  # claims, 15 MB, of the deals that the last stories told: the next one adds to them unread
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


PartyRows = dict[tuple[str, str], str]  # id and role -> name


@dataclass(slots=True)
class _Told:
    """A deal in hand: what its next claim is added to, and how much of it is stored."""

    telling: Telling
    lines: int = 0  # of its history
    claimed: PartyRows = field(default_factory=dict)  # its parties as its claims name them
    stored: PartyRows = field(default_factory=dict)  # and as the store has them

    def take(self, claims: Sequence[Claim]) -> list[Change]:
        """Add claims that were published after the others; what they change."""
        changes: list[Change] = []
        for claim in claims:
            changes += self.telling.add(claim)
            self.claimed |= rows.parties_told(claim)
        return changes


class Resolver:
    """Makes deals of the claims that hold: judgements and names are read once.

    It keeps in hand what later claims are held against of the blocks that it made last, and the deals themselves that
    it made last, so that the next batch, whose stories are later, need not read them again. It must not outlive a
    transaction that failed, nor a change of names.
    """

    def __init__(
        self, connection: sqlite3.Connection, judgements: Sequence[Judgement], rate: UsdRate,
        usd: Callable[[str, date], Decimal | None],
    ) -> None:  # fmt: skip
        self._connection, self._judgements, self._rate, self._usd = connection, judgements, rate, usd
        self._names: Names = names_of(connection, judgements)
        self._links = name_links(self._names)
        self._kept: dict[frozenset[str], list[Group]] = {}
        self._told: dict[str, _Told] = {}  # deals by their ids, those told last at the end
        self._many_kept = self._many_told = 0  # how many deals, and claims, they hold
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
        taken: set[str] = set()
        for block in sorted(touched):
            if block in taken:
                continue
            one = joined_blocks(self._connection, {block}, self._links)
            while grown := [blocks for blocks in merged if blocks & one and not blocks <= one]:
                one = joined_blocks(self._connection, one.union(*grown), self._links)
            found.append(one)
            taken |= one
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
        self._many_kept -= len(kept or ())
        if kept is None or not kept or stamp(max(group.latest for group in kept)) >= since:
            return None
        return kept

    def _keep(self, blocks: frozenset[str], groups: list[Group]) -> None:
        for group in groups:
            if group.claims:
                group.settle()
        self._kept[blocks] = groups
        self._many_kept += len(groups)
        while self._many_kept > MOST_KEPT:
            self._many_kept -= len(self._kept.pop(next(iter(self._kept))))

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
        grown = [group.deal_id for group in moved if group.deal_id and group.deal_id not in self._told]
        old = self._claims_of(grown)
        self._drop([*stale, *grown])
        deals = [self._tell(group, old.get(group.deal_id, ()), fresh) for group in moved]
        self._save_doubts(deals)
        self._let_go()

    def _drop(self, deals: Sequence[str]) -> None:
        for deal in deals:
            self._take(deal)
        for part in chunks(deals):
            for table in DERIVED:
                self._connection.execute(f"DELETE FROM {table} WHERE deal_id IN ({marks(len(part))})", part)
            self._connection.execute(f"DELETE FROM doubts WHERE other_id IN ({marks(len(part))})", part)

    def _tell(self, group: Group, old: Sequence[Claim], fresh: Collection[str]) -> Deal:
        """Store a deal with what a batch adds to it: whole, or where it is in hand what is new of it."""
        told = self._take(group.deal_id) or _Told(Telling(self._usd, self._names))
        claims = sorted([*old, *group.claims], key=order)
        changes = told.take(claims)
        reasons = {c.key: (group.reasons if c.key in fresh else self._why).get(c.key, ()) for c in claims}
        deal = replace(told.telling.deal, reasons=reasons)
        self._save(deal, group, told, claims, changes)
        self._told[deal.id] = told
        self._many_told += len(told.telling)
        return deal

    def _take(self, deal: str) -> _Told | None:
        told = self._told.pop(deal, None)
        self._many_told -= len(told.telling) if told else 0
        return told

    def _save(
        self, deal: Deal, group: Group, told: _Told, claims: Sequence[Claim], changes: Sequence[Change]
    ) -> None:  # fmt: skip
        block = block_of(deal.claims[0])
        insert_rows(self._connection, "deals", [rows.deal_row(deal, block, self._rate, grouped=group.dump())])
        self._save_parties(deal.id, told, told.claimed | rows.parties_told(deal))
        insert_rows(self._connection, "deal_claims", rows.deal_claim_rows(deal, claims))
        lines = [change_values(line, place, block) for place, line in enumerate(changes, told.lines)]
        insert_rows(self._connection, "deal_changes", lines)
        told.lines += len(lines)

    def _save_parties(self, deal_id: str, told: _Told, parties: PartyRows) -> None:
        gone = [(deal_id, *place) for place in told.stored if place not in parties]
        query = "DELETE FROM deal_parties WHERE deal_id = ? AND company_id = ? AND role = ?"
        self._connection.executemany(query, gone)
        new = {place: name for place, name in parties.items() if told.stored.get(place) != name}
        insert_rows(self._connection, "deal_parties", rows.party_rows(deal_id, new))
        told.stored = parties

    def _let_go(self) -> None:
        while self._many_told > MOST_TOLD:
            self._take(next(iter(self._told)))

    def _save_doubts(self, deals: Sequence[Deal]) -> None:
        """Which other deals of its target each may be the same as: told within two months, in other stories, and no
        two rounds known apart.
        """
        pairs: set[tuple[str, str]] = set()
        again = [(deal.id,) for deal in deals]
        self._connection.executemany("DELETE FROM doubts WHERE deal_id = ?", again)
        self._connection.executemany("DELETE FROM doubts WHERE other_id = ?", again)
        query = (
            "SELECT deal_id, type, round FROM deals WHERE target_id = ? AND deal_id <> ? AND first_at BETWEEN ? AND ?"
        )
        span = timedelta(days=DOUBT_DAYS)
        for deal in deals:
            if deal.target is None or deal.claims[0].origin is None:
                continue
            at = deal.claims[0].origin.published_at
            values = (deal.target.id, deal.id, stamp(at - span), stamp(at + span))
            found = self._connection.execute(query, values).fetchall()
            likely = {row["deal_id"] for row in found if FAMILIES[row["type"]] == FAMILIES[deal.type]
                      and not (row["round"] and deal.round and row["round"] != deal.round)}  # fmt: skip
            others = likely - self._told_beside(deal) if likely else likely
            pairs |= {pair for other in others for pair in ((deal.id, other), (other, deal.id))}
        self._connection.executemany("INSERT OR IGNORE INTO doubts VALUES (?, ?)", sorted(pairs))

    def _told_beside(self, deal: Deal) -> set[str]:
        """The deals that an article of this one tells, too."""
        articles = sorted({claim.origin.article_id for claim in deal.claims if claim.origin})
        query = "SELECT deal_id FROM claims JOIN deal_claims ON claim_key = key WHERE article_id IN ({}) AND " + _HELD
        return {
            row[0]
            for part in chunks(articles) for row in self._connection.execute(query.format(marks(len(part))), part)
        }  # fmt: skip
