"""The deals that claims tell, from the claims alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve.blocks import Blocks, block_of
from dealwatch.resolve.claims import FAMILIES, Rate, no_rate, origin_of
from dealwatch.resolve.copies import are_copies
from dealwatch.resolve.facts import fold
from dealwatch.resolve.group import Group
from dealwatch.resolve.grouping import Ties, group_claims, join_across
from dealwatch.resolve.names import NO_NAMES, Names
from dealwatch.resolve.shelves import RETOLD_DAYS


def resolve(
    claims: Iterable[Claim], judgements: Sequence[Judgement] = (), rate: Rate = no_rate, names: Names = NO_NAMES
) -> tuple[Deal, ...]:
    """The deals that these claims tell, in order of their earliest claim; every claim needs its key and origin."""
    claims, names, ties = tuple(claims), names.with_judgements(judgements), Ties.of(judgements)
    roots = Blocks.of(claims, names)
    blocks: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        blocks[roots.root(block_of(claim))].append(claim)
    held = (without_rejected(blocks[name], ties.rejected) for name in sorted(blocks))
    groups = [group for told in held for group in group_claims(told, ties, rate, names)]
    joined = join_across(groups, ties, rate)
    deals = [replace(fold(group.claims, rate, names), reasons=group.reasons) for group in joined]
    return tuple(sorted(with_doubts(deals), key=lambda deal: (origin_of(deal.claims[0]).published_at, deal.id)))


def resolve_block(
    claims: Iterable[Claim], judgements: Sequence[Judgement], rate: Rate, names: Names, known: Sequence[Group] = ()
) -> list[Group]:
    """The deals of blocks that belong together, by their groups: `known` ones, whose claims were all published before
    these, and what these add to them or begin.
    """
    ties = Ties.of(judgements)
    held = without_rejected(claims, ties.rejected)
    return join_across(group_claims(held, ties, rate, names.with_judgements(judgements), known), ties, rate)


def without_rejected(claims: Iterable[Claim], rejected: Collection[str]) -> list[Claim]:
    """The claims that nobody rejected, nor a copy of the story that tells them: what is no deal in one paper is none in
    the papers that print the same text, those of later days too.
    """
    claims = list(claims)
    refused = [(FAMILIES[claim.type], origin_of(claim).simhash) for claim in claims if claim.key in rejected]

    def is_refused(claim: Claim) -> bool:
        kind, text = FAMILIES[claim.type], origin_of(claim).simhash
        return claim.key in rejected or any(kind == one and are_copies(text, other) for one, other in refused)

    return [claim for claim in claims if not is_refused(claim)] if refused else claims


def with_doubts(deals: Sequence[Deal]) -> Iterator[Deal]:
    """The deals, each with the ids of those that it may be the same as, for a person to judge."""
    near: dict[str, list[Deal]] = defaultdict(list)
    for deal in sorted(deals, key=lambda deal: origin_of(deal.claims[0]).published_at):
        if deal.target:
            near[f"{deal.target.id}:{FAMILIES[deal.type]}"].append(deal)
    doubts: dict[str, list[str]] = defaultdict(list)
    for rivals in near.values():
        for place, deal in enumerate(rivals):
            for other in rivals[place + 1 :]:
                if origin_of(other.claims[0]).published_at - origin_of(deal.claims[0]).published_at > _APART:
                    break
                if _may_be_one(deal, other):
                    doubts[deal.id].append(other.id)
                    doubts[other.id].append(deal.id)
    for deal in deals:
        yield replace(deal, doubts=tuple(sorted(doubts[deal.id])))


_APART = timedelta(days=RETOLD_DAYS)


def _may_be_one(one: Deal, other: Deal) -> bool:
    """Two deals of one target and family, told within two months: in different stories, no two rounds known apart."""
    if one.round and other.round and one.round != other.round:
        return False
    ours, theirs = ({origin_of(claim).article_id for claim in deal.claims} for deal in (one, other))
    return not ours & theirs
