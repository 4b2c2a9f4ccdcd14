"""Claims to deals: which stories tell the same deal, and what stands when they disagree.

Pure and deterministic. Claims are taken in order of publication, whatever the order in which they arrived, and each
either joins a deal that its block already holds or begins one; so the deals as of any time are those of the claims
published up to then. docs/design.md tells the rules; the constants below carry their reasons.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from dealwatch.model import Claim, Deal, DealType, Judgement, Money, Origin, Party, Status

Rate = Callable[[str, date], Decimal | None]  # US dollars for one unit of a currency on a day; None where unknown

FAMILIES: dict[DealType, str] = {
    "funding_round": "equity", "investment": "equity", "acquisition": "takeover", "ipo": "listing", "debt": "debt",
    "grant": "grant", "commercial": "contract", "joint_venture": "venture", "capex": "capex",
}  # fmt: skip
STATUS_RANK: dict[Status, int] = {"rumoured": 0, "announced": 1, "completed": 2, "called_off": 3}
VOICE_RANK = {"unnamed": 0, "press": 1, "party": 2}
PRECISION = {"exact": 5, "range": 4, "approx": 3, "at_least": 2, "at_most": 2, "vague": 0}
FINISHED_DAYS = 120  # a deal closed for longer than this takes no further news
RUMOUR_DAYS = 240  # a rumour fades slower: talks of half a year are common
RETOLD_DAYS = 62  # how far a retold deal's date may lie from the deal's own months
LOOSE, FIRM, NEAR = Decimal(15), Decimal("1.05"), Decimal("1.15")  # how far two sums of one deal may differ, as a ratio
MISPRINT = Decimal(50)  # a lone figure this far from the standing one is taken for a misprint ("740 billion")
COPY_BITS = 7  # bits by which copies may differ: a story cut by a tenth differs by 7, unrelated ones by 14 and more
REVISED = {"takeover", "listing", "contract", "debt"}  # families whose figure may be revised by the parties themselves


def no_rate(currency: str, day: date) -> Decimal | None:
    """The rate where none is known: only dollars convert."""
    return Decimal(1) if currency == "USD" else None


def deal_id(claim_key: str) -> str:
    """The id of a deal whose earliest claim has this key: "d" and ten characters."""
    return "d" + short_hash(claim_key)


def short_hash(text: str) -> str:
    """Ten lower-case base 32 characters (50 bits) of a text's SHA-256."""
    return b32encode(hashlib.sha256(text.encode()).digest())[:10].decode().lower()


def block_of(claim: Claim) -> str:
    """The key within which a claim can meet others of its deal: the first word of its target's id, else its investors.

    The first word, so that "corbel" and "corbel-data" can meet once an article has used both.
    """
    if claim.target:
        return claim.target.id.split("-")[0]
    names = sorted(party.id for party in claim.investors)
    return f"by:{FAMILIES[claim.type]}:{names[0] if names else '?'}"


def resolve(claims: Iterable[Claim], judgements: Sequence[Judgement] = (), rate: Rate = no_rate) -> tuple[Deal, ...]:
    """The deals that these claims tell, in order of their earliest claim; every claim needs its key and origin."""
    blocks: dict[str, list[Claim]] = defaultdict(list)
    rejected = {key for j in judgements if j.verb == "reject" for key in j.claims}
    for claim in claims:
        if claim.key not in rejected:
            blocks[block_of(claim)].append(claim)
    ties = _Ties.of(judgements)
    groups = [group for name in sorted(blocks) for group in _group(blocks[name], ties, rate)]
    groups = _join_across(groups, ties)
    deals = [_deal(group, rate) for group in groups]
    return tuple(sorted(_with_doubts(deals), key=lambda deal: (_origin(deal.claims[0]).published_at, deal.id)))


def told_day(claim: Claim) -> date:
    """The day a claim is about, for conversion: its own date, else its article's."""
    period = _period(claim.date)
    return period[0] if period else _origin(claim).published_at.date()


def fold(claims: Sequence[Claim], rate: Rate = no_rate) -> Deal:
    """One deal from claims that are known to tell it, at least one, in any order."""
    return _deal(_Group(sorted(claims, key=_order)), rate)


# -- the order and the places of claims ------------------------------------------------------------------------------


def _origin(claim: Claim) -> Origin:
    if claim.origin is None:
        raise ValueError("a claim without its origin cannot be resolved")
    return claim.origin


def _order(claim: Claim) -> tuple[datetime, str, bool, str]:
    origin = _origin(claim)
    return origin.published_at, origin.article_id, not claim.main, claim.key


def _period(told: str | None) -> tuple[date, date] | None:
    """First and last day of an ISO day, month or year."""
    if not told:
        return None
    parts = [int(part) for part in told.split("-")]
    if len(parts) == 3:
        return (date(*parts), date(*parts))
    if len(parts) == 2:
        year, month = parts
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


# -- judgements ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Ties:
    """What people said of claims: which belong together, which never."""

    together: list[frozenset[str]] = field(default_factory=list)
    apart: list[frozenset[str]] = field(default_factory=list)

    @classmethod
    def of(cls, judgements: Sequence[Judgement]) -> _Ties:
        ties = cls()
        for judgement in judgements:
            if judgement.verb == "merge":
                ties.together.append(frozenset(judgement.claims))
            elif judgement.verb == "split":
                ties.apart.append(frozenset(judgement.claims))
        return ties

    def part(self, claim: Claim, group: _Group) -> bool:
        """A split names the claims that stand apart from all others."""
        return any((claim.key in keys) != (member.key in keys) for keys in self.apart for member in group.claims)


def _join_across(groups: list[_Group], ties: _Ties) -> list[_Group]:
    for keys in ties.together:
        chosen = [group for group in groups if any(claim.key in keys for claim in group.claims)]
        if len(chosen) > 1:
            merged = _Group(sorted((claim for group in chosen for claim in group.claims), key=_order))
            groups = [group for group in groups if group not in chosen] + [merged]
    return groups


# -- grouping --------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Group:
    """The claims of one deal so far, in order of publication."""

    claims: list[Claim]

    @property
    def status(self) -> Status:
        return _status(self.claims)

    @property
    def last(self) -> datetime:
        news = [claim for claim in self.claims if claim.main] or self.claims
        return max(_origin(claim).published_at for claim in news)


def _group(claims: list[Claim], ties: _Ties, rate: Rate) -> list[_Group]:
    aliases = _short_forms(claims)
    groups: list[_Group] = []
    for claim in sorted(claims, key=_order):
        scored = [
            (score, -index)
            for index, group in enumerate(groups)
            if (score := _fit(claim, group, aliases, ties, rate)) is not None and score > 0
        ]
        if scored:
            _, index = max(scored)
            groups[-index].claims.append(claim)
        else:
            groups.append(_Group([claim]))
    return groups


def _short_forms(claims: Collection[Claim]) -> dict[str, str]:
    """Short id -> full id, where the articles of this block use the short form of one company only."""
    full: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for party in (*claim.investors, *((claim.target,) if claim.target else ())):
            for form in party.forms:
                full[form].add(party.id)
    return {form: next(iter(ids)) for form, ids in full.items() if len(ids) == 1}


def _same_party(one: Party | None, other: Party | None, aliases: dict[str, str]) -> bool:
    if one is None or other is None:
        return one is other
    return aliases.get(one.id, one.id) == aliases.get(other.id, other.id)


def _party_ids(parties: Iterable[Party], aliases: dict[str, str]) -> set[str]:
    return {aliases.get(party.id, party.id) for party in parties}


def _fit(claim: Claim, group: _Group, aliases: dict[str, str], ties: _Ties, rate: Rate) -> int | None:
    """How well a claim fits a deal: None where it cannot be told by it, else the points of the evidence."""
    if any(_origin(claim).article_id == _origin(member).article_id for member in group.claims):
        return None  # one article tells a deal once: two claims of it are two deals
    if any(FAMILIES[claim.type] != FAMILIES[member.type] for member in group.claims[:1]):
        return None
    if not any(_same_party(claim.target, member.target, aliases) for member in group.claims) or ties.part(claim, group):
        return None
    if _rounds_differ(claim, group):
        return None
    parts = (_party_points(claim, group, aliases), _money_points(claim, group, rate), _time_points(claim, group))
    if any(part is None for part in parts):
        return None
    known = {member.round for member in group.claims if member.round}
    return sum(part or 0 for part in parts) + (3 if claim.round and claim.round in known else 0)


def _rounds_differ(claim: Claim, group: _Group) -> bool:
    known = {member.round for member in group.claims if member.round}
    return bool(claim.round and known and claim.round not in known)


def _party_points(claim: Claim, group: _Group, aliases: dict[str, str]) -> int | None:
    mine = _party_ids(claim.investors, aliases)
    theirs = _party_ids((party for member in group.claims for party in member.investors), aliases)
    if mine and theirs and not mine & theirs:
        # One deal a bidder; a strategic stake by somebody else is another deal. A round's stories name various backers.
        one_buyer = FAMILIES[claim.type] == "takeover" or claim.type == "investment"
        return None if one_buyer else 0
    return 2 if mine & theirs else 0


def _usd(money: Money | None, day: date, rate: Rate) -> Decimal | None:
    if money is None or money.middle is None or money.currency is None:
        return None
    factor = rate(money.currency, day)
    return None if factor is None else money.middle * factor


def _ratio(one: Claim, other: Claim, rate: Rate) -> Decimal | None:
    """How far the sums of two claims lie apart, as a ratio of 1 or more; None where they cannot be compared."""
    if one.amount and other.amount and one.amount.currency == other.amount.currency:
        left, right = one.amount.middle, other.amount.middle
    else:
        left, right = _usd(one.amount, told_day(one), rate), _usd(other.amount, told_day(other), rate)
    if not left or not right:
        return None
    return max(left, right) / min(left, right)


def _is_firm(claim: Claim) -> bool:
    return claim.status != "rumoured" and claim.amount is not None and claim.amount.qualifier == "exact"


def _money_points(claim: Claim, group: _Group, rate: Rate) -> int | None:
    compared = [(r, member) for member in group.claims if (r := _ratio(claim, member, rate)) is not None]
    if not compared:
        return 0
    ratio, nearest = min(compared, key=lambda pair: pair[0])
    if ratio <= FIRM:
        return 3
    if ratio <= NEAR:
        return 2
    if FAMILIES[claim.type] in REVISED or not (_is_firm(claim) and _is_firm(nearest)):
        return 0 if ratio <= LOOSE or FAMILIES[claim.type] == "takeover" else None
    return -4


def _time_points(claim: Claim, group: _Group) -> int | None:
    told = _period(claim.date)
    if not claim.main or (told and told[1] < _origin(claim).published_at.date() - timedelta(days=RETOLD_DAYS)):
        return _retold_points(told, claim, group)
    gap = (_origin(claim).published_at - group.last).days
    if all(not member.main for member in group.claims):
        return _retold_points(told or (_origin(claim).published_at.date(),) * 2, claim, group)
    limit = RUMOUR_DAYS if group.status == "rumoured" else FINISHED_DAYS
    if gap > limit and not (FAMILIES[claim.type] == "takeover" and group.status == "announced"):
        return None
    if gap <= 7:
        return 2
    return 1 if gap <= 45 or group.status == "rumoured" or claim.status in ("completed", "called_off") else 0


def _retold_points(told: tuple[date, date] | None, claim: Claim, group: _Group) -> int | None:
    """A deal told as background belongs to the one of its own months; undated, to any that it otherwise matches."""
    if told is None:
        return 1 if group.status != "rumoured" or claim.status == "rumoured" else 0
    first, last = _span(group)
    slack = timedelta(days=RETOLD_DAYS)
    if told[1] < first - slack or told[0] > last + slack:
        return None
    return 2


def _span(group: _Group) -> tuple[date, date]:
    """The days between which a deal has been news: of its main claims, else as its background claims date it."""
    days: list[date] = []
    for claim in group.claims:
        period = _period(claim.date)
        if period:
            days += period
        elif claim.main or len(group.claims) == 1:
            day = _origin(claim).published_at.date()
            days += [day, day] if claim.main else [date(1990, 1, 1), day]
    return (min(days), max(days)) if days else (date(1990, 1, 1), _origin(group.claims[-1]).published_at.date())


# -- facts -----------------------------------------------------------------------------------------------------------


def _status(claims: Sequence[Claim]) -> Status:
    """The status climbs; a later main claim of talks or an agreement revives a deal that was called off."""
    status: Status = claims[0].status
    for claim in claims[1:]:
        if not claim.main and claim.status != "completed":
            continue
        if status == "called_off":
            status = claim.status if claim.main and STATUS_RANK[claim.status] in (1, 2) else status
        elif STATUS_RANK[claim.status] > STATUS_RANK[status]:
            status = claim.status
    return status


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
    new, old = getattr(claim, slot), getattr(standing, slot)
    sharper = claim.main and new.qualifier == "exact" != old.qualifier
    if _support(claim) < _support(standing) and not sharper:
        return False
    left, right = _usd(new, told_day(claim), rate), _usd(old, told_day(standing), rate)
    if left and right:
        ratio = max(left, right) / min(left, right)
        converted = new.currency != old.currency and ratio <= NEAR
        if converted or (ratio >= MISPRINT and _backers(standing, slot, claims) > 1):
            return _support(claim)[1] > _support(standing)[1] and not converted
        if ratio <= NEAR and PRECISION[new.qualifier] < PRECISION[old.qualifier]:
            return False
    elif new.middle is None and old.middle is not None:
        return False
    return True


def _backers(standing: Claim, slot: str, claims: Sequence[Claim]) -> int:
    value = getattr(standing, slot)
    return sum(getattr(claim, slot) == value for claim in claims)


def _standing(claims: Sequence[Claim], slot: str) -> Claim | None:
    """The claim whose value of a plain slot stands: the best supported, then the later."""
    told = [claim for claim in claims if getattr(claim, slot) not in (None, "", ())]
    return max(told, key=lambda claim: (_support(claim), _order(claim)), default=None)


def _union(claims: Sequence[Claim], slot: str, aliases: dict[str, str]) -> tuple[Party, ...]:
    """Every party told in a slot, once, in order of first telling, by its fullest id."""
    found: dict[str, Party] = {}
    for claim in claims:
        for party in getattr(claim, slot):
            key = aliases.get(party.id, party.id)
            if key not in found or party.id == key:
                found[key] = Party(key, party.name)
    return tuple(found.values())


def _type(claims: Sequence[Claim]) -> DealType:
    """The type most claims give, a named round and the news of the day first."""
    votes: dict[DealType, tuple[int, int]] = {}
    for index, claim in enumerate(claims):
        count, first = votes.get(claim.type, (0, index))
        votes[claim.type] = (count + 1 + claim.main + bool(claim.round), first)
    return max(votes, key=lambda kind: (votes[kind][0], -votes[kind][1]))


def _date(claims: Sequence[Claim]) -> Claim | None:
    """The claim that dates the deal: the first to tell its day once it was announced, else the first to date it."""
    dated = [claim for claim in claims if claim.date]
    firm = [claim for claim in dated if STATUS_RANK[claim.status] >= 1 and (claim.main or len(claim.date or "") == 10)]
    return min(firm or dated, key=_order, default=None)


def _completed_on(claims: Sequence[Claim]) -> str | None:
    closing = [claim for claim in claims if claim.main and claim.status == "completed"]
    if not closing:
        return None
    first = min(closing, key=_order)
    return first.date or _origin(first).published_at.date().isoformat()


def _confirmations(claims: Sequence[Claim]) -> int:
    """Independent articles: connected components of near-equal simhashes count as one."""
    hashes: dict[str, int] = {_origin(claim).article_id: _origin(claim).simhash for claim in claims}
    components: list[list[int]] = []
    for value in hashes.values():
        near = [c for c in components if value and any((value ^ other).bit_count() <= COPY_BITS for other in c)]
        components = [c for c in components if c not in near] + [[value, *(v for c in near for v in c)]]
    return len(components)


def _deal(group: _Group, rate: Rate) -> Deal:
    claims = tuple(sorted(group.claims, key=_order))
    aliases = _short_forms(claims)
    stands: dict[str, Claim | None] = {slot: _standing_money(claims, slot, rate) for slot in ("amount", "valuation")}
    stands |= {slot: _standing(claims, slot) for slot in ("round", "stake_pct")}
    stands["target"] = next((claim for claim in claims if claim.target and claim.target.id not in aliases), claims[0])
    stands["date"] = _date(claims)
    value = {slot: getattr(claim, slot) if claim else None for slot, claim in stands.items()}
    support = {slot: claim.key for slot, claim in stands.items() if claim and getattr(claim, slot) is not None}
    support["status"] = next(c.key for c in reversed(claims) if c.status == _status(claims))
    return Deal(
        id=deal_id(claims[0].key), type=_type(claims), status=_status(claims), claims=claims,
        investors=_union(claims, "investors", aliases), lead=_union(claims, "lead", aliases),
        target=value["target"], amount=value["amount"], valuation=value["valuation"], round=value["round"],
        stake_pct=value["stake_pct"], date=value["date"], completed_on=_completed_on(claims),
        confirmations=_confirmations(claims), ai=any(claim.ai for claim in claims), support=support,
    )  # fmt: skip


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
    shared = {_origin(claim).article_id for claim in one.claims} & {_origin(claim).article_id for claim in other.claims}
    gap = abs(_origin(one.claims[0]).published_at - _origin(other.claims[0]).published_at)
    return not shared and gap <= timedelta(days=RETOLD_DAYS)
