"""Claims to deals: which stories tell the same deal, and what stands when they disagree.

Pure and deterministic. Claims are taken in order of publication, whatever the order in which they arrived, and each
either joins a deal that its block already holds or begins one; so the deals as of any time are those of the claims
published up to then. docs/design.md tells the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve.claims import (
    FAMILIES,
    Rate,
    block_of,
    deal_id,
    no_rate,
    order,
    origin_of,
    short_hash,
    told_day,
)  # fmt: skip
from dealwatch.resolve.facts import fold
from dealwatch.resolve.grouping import RETOLD_DAYS, Group, Ties, group_claims, join_across

__all__ = [
    "FAMILIES", "Rate", "block_of", "deal_id", "fold", "no_rate", "order", "resolve", "short_hash", "told_day",
]  # fmt: skip


def resolve(claims: Iterable[Claim], judgements: Sequence[Judgement] = (), rate: Rate = no_rate) -> tuple[Deal, ...]:
    """The deals that these claims tell, in order of their earliest claim; every claim needs its key and origin."""
    blocks: dict[str, list[Claim]] = defaultdict(list)
    rejected = {key for j in judgements if j.verb == "reject" for key in j.claims}
    for claim in claims:
        if claim.key not in rejected:
            blocks[block_of(claim)].append(claim)
    ties = Ties.of(judgements)
    groups: list[Group] = [group for name in sorted(blocks) for group in group_claims(blocks[name], ties, rate)]
    deals = [fold(group.claims, rate) for group in join_across(groups, ties)]
    return tuple(sorted(_with_doubts(deals), key=lambda deal: (origin_of(deal.claims[0]).published_at, deal.id)))


def _with_doubts(deals: list[Deal]) -> Iterator[Deal]:
    """The deals, each with the ids of those that it may be the same as, for a person to judge."""
    near: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        if deal.target:
            near[f"{deal.target.id}:{FAMILIES[deal.type]}"].append(deal)
    for deal in deals:
        rivals = near[f"{deal.target.id}:{FAMILIES[deal.type]}"] if deal.target else []
        yield replace(deal, doubts=tuple(sorted(other.id for other in rivals if _may_be_one(deal, other))))


def _may_be_one(one: Deal, other: Deal) -> bool:
    """Two deals of one target and family, news within two months of each other, and no two rounds known apart."""
    if one.id == other.id or (one.round and other.round and one.round != other.round):
        return False
    ours, theirs = ({origin_of(claim).article_id for claim in deal.claims} for deal in (one, other))
    gap = abs(origin_of(one.claims[0]).published_at - origin_of(other.claims[0]).published_at)
    return not ours & theirs and gap <= timedelta(days=RETOLD_DAYS)
