"""The deals at two times, of the blocks that claims touched in between, from no more than what came since.

Of a block, everything published before the first claim that came or went after the earlier time is the same at both
times and today: what is kept of today's deals stands for it, and only what was published later is grouped again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from dealwatch.model import Claim, Deal
from dealwatch.resolve import Group, fold, resolve_block
from dealwatch.store.claims import HELD, Claims
from dealwatch.store.rows import CLAIM_SELECT, claim_of
from dealwatch.store.values import Clock, chunks, marks, stamp

BEGINNING = "0000"  # before every time


class Between:
    """Reads the states of a store's deals at two times of a clock."""

    def __init__(
        self, connection: sqlite3.Connection, claims: Claims, since: datetime, until: datetime, clock: Clock
    ) -> None:  # fmt: skip
        self._connection, self._claims, self._clock = connection, claims, clock
        self._times = (stamp(since), stamp(until))
        self._firsts = self._first_since(stamp(since))

    def states(self, blocks: Iterable[set[str]]) -> tuple[tuple[Deal, ...], tuple[Deal, ...]]:
        """The deals before and after, of sets of blocks that belong together; those that are the same are left out."""
        before, after = list[Deal](), list[Deal]()
        judged = self._claims.judged_blocks()
        for one in blocks:
            first = BEGINNING if one & judged else min(self._firsts.get(block, "9999") for block in one)
            for deals, found in zip((before, after), self._of_set(sorted(one), first), strict=True):
                deals += found
        return tuple(before), tuple(after)

    def _first_since(self, since: str) -> dict[str, str]:
        """The time of publication from which a block is not the same at both times and today."""
        found: dict[str, str] = {}
        for column in (f"{self._clock}_at", f"{self._clock}_until"):
            # Grouped here: SQLite would read all claims in the order of their blocks.
            query = f"SELECT block, published_at FROM claims WHERE {column} > ? AND superseded_at IS NULL"
            for block, first in self._connection.execute(query, (since,)):
                found[block] = min(first, found.get(block, first))
        return found

    def _of_set(self, blocks: Sequence[str], first: str) -> list[list[Deal]]:
        """The deals before and after that have a claim of the first time or later."""
        among = marks(len(blocks))
        kept = f"SELECT deal_id, grouped FROM deals WHERE block IN ({among}) AND last_at < ?"
        known = self._connection.execute(kept, (*blocks, first)).fetchall()
        begun = f"SELECT deal_id FROM deals WHERE block IN ({among}) AND last_at >= ? AND first_at < ?"
        ids = [row[0] for row in self._connection.execute(begun, (*blocks, first, first))]
        parts = [claims for _, claims in sorted(self._earlier(ids, first).items())]
        grouped: list[list[Group]] = []
        for at in self._times:
            stand = [Group.load(row[0], row[1]) for row in known]
            stand += [Group.of(claims, self._claims.usd) for claims in parts]
            told = self._held(blocks, first, at)
            grouped.append(resolve_block(told, self._claims.judgements(), self._claims.usd, self._claims.names, stand))
        return self._deals(grouped, first)

    def _held(self, blocks: Sequence[str], first: str, at: str) -> list[Claim]:
        """The claims that were published at a time or later, and held at another."""
        clock = self._clock
        query = (
            f"{CLAIM_SELECT} WHERE block IN ({marks(len(blocks))}) AND claims.published_at >= ?"
            f" AND superseded_at IS NULL AND claims.{clock}_at <= ?"
            f" AND (claims.{clock}_until IS NULL OR claims.{clock}_until > ?)"
        )
        return [claim_of(row) for row in self._connection.execute(query, (*blocks, first, at, at))]

    def _earlier(self, deals: Collection[str], first: str) -> dict[str, list[Claim]]:
        """The claims of some deals that were published before a time, by deal."""
        found: dict[str, list[Claim]] = {}
        for part in chunks(sorted(deals)):
            query = (
                f"{CLAIM_SELECT} JOIN deal_claims ON deal_claims.claim_key = claims.key"
                f" WHERE deal_claims.deal_id IN ({marks(len(part))}) AND claims.published_at < ? AND {HELD}"
            ).replace("SELECT claims.*,", "SELECT claims.*, deal_claims.deal_id AS deal_id,", 1)
            for row in self._connection.execute(query, (*part, first)):
                found.setdefault(row["deal_id"], []).append(claim_of(row))
        return found

    def _deals(self, grouped: Sequence[Sequence[Group]], first: str) -> list[list[Deal]]:
        """The deals of the groups, but of those alone that have a claim at hand at one of the two times."""
        moved = {group.deal_id for groups in grouped for group in groups if group.claims and group.deal_id}
        old = self._earlier(moved, first)
        usd, names = self._claims.usd, self._claims.names
        return [
            [
                fold([*old.get(group.deal_id, ()), *group.claims], usd, names)
                for group in groups if group.claims or group.deal_id in moved
            ]
            for groups in grouped
        ]  # fmt: skip
