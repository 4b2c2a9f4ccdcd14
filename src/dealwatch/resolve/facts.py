"""What stands when the stories of one deal disagree: each field from the claim that supports it best."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dealwatch.model import Claim, Deal, DealType, Money, Party
from dealwatch.resolve.claims import (
    NEAR,
    STATUS_RANK,
    Rate,
    deal_id,
    order,
    origin_of,
    ratio_of,
    short_forms,
    status_of,
    told_day,
)  # fmt: skip

VOICE_RANK = {"unnamed": 0, "press": 1, "party": 2}
PRECISION = {"exact": 5, "range": 4, "approx": 3, "at_least": 2, "at_most": 2, "vague": 0}
MISPRINT = Decimal(50)  # a lone figure this far from the standing one is taken for a misprint ("740 billion")
COPY_BITS = 7  # bits by which copies may differ: a story cut by a tenth differs by 7, unrelated ones by 14 and more


def fold(claims: Sequence[Claim], rate: Rate) -> Deal:
    """One deal from the claims that tell it, at least one, in any order."""
    claims = tuple(sorted(claims, key=order))
    aliases = short_forms(claims)
    stands: dict[str, Claim | None] = {slot: _standing_money(claims, slot, rate) for slot in ("amount", "valuation")}
    stands |= {slot: _standing(claims, slot) for slot in ("round", "stake_pct")}
    stands["target"] = next((claim for claim in claims if claim.target and claim.target.id not in aliases), claims[0])
    stands["date"] = _date(claims)
    value = {slot: getattr(claim, slot) if claim else None for slot, claim in stands.items()}
    support = {slot: claim.key for slot, claim in stands.items() if claim and getattr(claim, slot) is not None}
    status, kind = status_of(claims), _type(claims)
    support["status"] = next(claim.key for claim in _by_news(claims) if claim.status == status)
    support["type"] = next(claim.key for claim in claims if claim.type == kind)
    for slot in ("investors", "lead"):
        telling = [claim for claim in _by_news(claims) if getattr(claim, slot)]
        support |= {slot: telling[-1].key} if telling else {}
    return Deal(
        id=deal_id(claims[0].key), type=kind, status=status, claims=claims,
        investors=_union(claims, "investors", aliases), lead=_union(claims, "lead", aliases),
        target=value["target"], amount=value["amount"], valuation=value["valuation"], round=value["round"],
        stake_pct=value["stake_pct"], date=value["date"], completed_on=_completed_on(claims),
        confirmations=_confirmations(claims), ai=any(claim.ai for claim in claims), support=support,
    )  # fmt: skip


def _by_news(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that bring news, or all where every one only retells the deal."""
    return [claim for claim in claims if claim.main] or list(claims)


def _support(claim: Claim) -> tuple[bool, int, int]:
    """How well a claim vouches for its figures: the news of the day, who says so, how far the deal has come."""
    return claim.main, VOICE_RANK[claim.voice], min(STATUS_RANK[claim.status], 1)


def _standing_money(claims: Sequence[Claim], slot: str, rate: Rate) -> Claim | None:
    """The claim whose sum stands: the best supported, then the more precise, then the later.

    Roundings, conversions and retellings do not move a figure; a lone one fifty times off is a misprint.
    """
    standing: Claim | None = None
    for claim in claims:
        money: Money | None = getattr(claim, slot)
        if money is None:
            continue
        if standing is None or _replaces(claim, standing, slot, claims, rate):
            standing = claim
    return standing


def _replaces(claim: Claim, standing: Claim, slot: str, claims: Sequence[Claim], rate: Rate) -> bool:
    if claim.status == "called_off":
        return False  # a denial repeats the sum that it denies
    new, old = getattr(claim, slot), getattr(standing, slot)
    sharper = claim.main and new.qualifier == "exact" != old.qualifier
    if _support(claim) < _support(standing) and not sharper:
        return False
    ratio = ratio_of(new, told_day(claim), old, told_day(standing), rate)
    if ratio is None:
        return new.middle is not None or old.middle is None
    if new.currency != old.currency and ratio <= NEAR:
        return False  # a conversion
    if ratio >= MISPRINT and _backers(standing, slot, claims) > 1:
        return _support(claim)[1] > _support(standing)[1]
    return ratio > NEAR or PRECISION[new.qualifier] >= PRECISION[old.qualifier]


def _backers(standing: Claim, slot: str, claims: Sequence[Claim]) -> int:
    value = getattr(standing, slot)
    return sum(getattr(claim, slot) == value for claim in claims)


def _standing(claims: Sequence[Claim], slot: str) -> Claim | None:
    """The claim whose value of a plain slot stands: the best supported, then the later."""
    told = [claim for claim in claims if getattr(claim, slot) not in (None, "", ())]
    return max(told, key=lambda claim: (_support(claim), order(claim)), default=None)


def _union(claims: Sequence[Claim], slot: str, aliases: dict[str, str]) -> tuple[Party, ...]:
    """Every party told in a slot, once, in order of first telling, by its fullest id; retellings add nobody."""
    found: dict[str, Party] = {}
    one_house = _type(claims) == "acquisition"  # an arm that bids for its house is no second buyer
    for claim in _by_news(claims):
        for party in getattr(claim, slot):
            key = aliases.get(party.id, party.id)
            if one_house and any(key != other and key.split("-")[0] == other.split("-")[0] for other in found):
                continue
            if key not in found or party.id == key:
                found[key] = Party(key, party.name)
    return tuple(found.values())


def _type(claims: Sequence[Claim]) -> DealType:
    """The type most claims give, a named round and the news of the day first; a round where a stake is as likely."""
    votes: dict[DealType, tuple[int, int]] = {}
    for index, claim in enumerate(claims):
        count, first = votes.get(claim.type, (0, index))
        votes[claim.type] = (count + 1 + claim.main + bool(claim.round), first)
    return max(votes, key=lambda kind: (votes[kind][0], kind == "funding_round", -votes[kind][1]))


def _date(claims: Sequence[Claim]) -> Claim | None:
    """The claim that dates the deal: the first to tell its day once it was announced, else the first to date it."""
    dated = [claim for claim in claims if claim.date]
    firm = [claim for claim in dated if STATUS_RANK[claim.status] >= 1 and (claim.main or len(claim.date or "") == 10)]
    return min(firm or dated, key=order, default=None)


def _completed_on(claims: Sequence[Claim]) -> str | None:
    closing = [claim for claim in claims if claim.main and claim.status == "completed"]
    if not closing:
        return None
    first = min(closing, key=order)
    return first.date or origin_of(first).published_at.date().isoformat()


def _confirmations(claims: Sequence[Claim]) -> int:
    """Independent articles: connected components of near-equal simhashes count as one."""
    hashes: dict[str, int] = {origin_of(claim).article_id: origin_of(claim).simhash for claim in claims}
    components: list[list[int]] = []
    for value in hashes.values():
        near = [c for c in components if value and any((value ^ other).bit_count() <= COPY_BITS for other in c)]
        components = [c for c in components if c not in near] + [[value, *(v for c in near for v in c)]]
    return len(components)
