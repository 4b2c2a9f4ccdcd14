"""What grouping and facts both stand on: families, the order of claims, the periods they tell, sums in dollars."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from dealwatch.model import Claim, DealType, Money, Origin, Party, Status

Rate = Callable[[str, date], Decimal | None]  # US dollars for one unit of a currency on a day; None where unknown

FAMILIES: dict[DealType, str] = {
    "funding_round": "equity", "investment": "equity", "acquisition": "takeover", "ipo": "listing", "debt": "debt",
    "grant": "grant", "commercial": "contract", "joint_venture": "venture", "capex": "capex",
}  # fmt: skip
STATUS_RANK: dict[Status, int] = {"rumoured": 0, "announced": 1, "completed": 2, "called_off": 3}
NEAR = Decimal("1.15")  # how far two sums may differ, as a ratio, and still be one told in two ways


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

    The first word, so that "cordel" and "cordel-data" can meet once an article has used both.
    """
    if claim.target:
        return claim.target.id.split("-")[0]
    names = sorted(party.id for party in claim.investors)
    return f"by:{FAMILIES[claim.type]}:{names[0] if names else '?'}"


def told_day(claim: Claim) -> date:
    """The day a claim is about, for conversion: its own date, else its article's."""
    told = period(claim.date)
    return told[0] if told else origin_of(claim).published_at.date()


def origin_of(claim: Claim) -> Origin:
    """The claim's origin; a ValueError where it has none."""
    if claim.origin is None:
        raise ValueError("a claim without its origin cannot be resolved")
    return claim.origin


def order(claim: Claim) -> tuple[datetime, str, bool, str]:
    """The key that sorts claims: by publication, then article, the news of the day first."""
    origin = origin_of(claim)
    return origin.published_at, origin.article_id, not claim.main, claim.key


def period(told: str | None) -> tuple[date, date] | None:
    """First and last day of an ISO day, month or year.

    >>> period("2021-02")
    (datetime.date(2021, 2, 1), datetime.date(2021, 2, 28))
    """
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


def in_usd(money: Money | None, day: date, rate: Rate) -> Decimal | None:
    """A sum in US dollars on a day, by its middle; None where it has none or no rate is known."""
    if money is None or money.middle is None or money.currency is None:
        return None
    factor = rate(money.currency, day)
    return None if factor is None else money.middle * factor


def ratio_of(one: Money | None, one_day: date, other: Money | None, other_day: date, rate: Rate) -> Decimal | None:
    """How far two sums lie apart, as a ratio of 1 or more; None where they cannot be compared."""
    if one and other and one.currency == other.currency:
        left, right = one.middle, other.middle
    else:
        left, right = in_usd(one, one_day, rate), in_usd(other, other_day, rate)
    if not left or not right:
        return None
    return max(left, right) / min(left, right)


def short_forms(claims: Collection[Claim]) -> dict[str, str]:
    """Short id -> full id, where these claims leave one company only that it can be short for.

    Said by an article that uses both forms; or, among the investors of one target, first or last words of one other.
    """
    full: dict[str, set[str]] = defaultdict(set)
    investors = {party.id for claim in claims for party in claim.investors}
    for claim in claims:
        for party in (*claim.investors, *((claim.target,) if claim.target else ())):
            for form in party.forms:
                full[form].add(party.id)
    for short in investors:
        full[short] |= {name for name in investors if is_short_for(short, name) or name.endswith(f"-{short}")}
    return {form: next(iter(ids)) for form, ids in full.items() if len(ids) == 1}


def is_short_for(short: str, full: str) -> bool:
    """Whether an id is the first words of another: "cordel" of "cordel-data"."""
    return full.startswith(f"{short}-")


def party_ids(parties: Iterable[Party], aliases: dict[str, str]) -> set[str]:
    """The ids of some parties, short forms replaced by the full ones."""
    return {aliases.get(party.id, party.id) for party in parties}


def status_of(claims: Collection[Claim]) -> Status:
    """The status of a deal by its claims in order: it climbs, and what only retells the deal moves nothing.

    A later agreement revives a deal that was called off.
    """
    news = [claim for claim in claims if claim.main] or list(claims)
    status: Status = news[0].status
    for claim in news[1:]:
        if status == "called_off":
            status = claim.status if claim.status in ("announced", "completed") else status
        elif STATUS_RANK[claim.status] > STATUS_RANK[status]:
            status = claim.status
    return status
