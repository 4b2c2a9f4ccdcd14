"""What grouping and facts both stand on: families, the order of claims, the periods they tell, sums in dollars."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from dealwatch.model import LEFT, REFUSAL, TRANCHE, Claim, DealType, Money, Origin, Status

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


@lru_cache(maxsize=4096)  # every state of a deal on its way through its claims has the same first claim
def deal_id(claim_key: str) -> str:
    """The id of a deal whose earliest claim has this key: "d" and ten characters."""
    return "d" + short_hash(claim_key)


def short_hash(text: str) -> str:
    """Ten lower-case base 32 characters (50 bits) of a text's SHA-256."""
    return b32encode(hashlib.sha256(text.encode()).digest())[:10].decode().lower()


def is_marked(claim: Claim, mark: str) -> bool:
    """Whether a claim's story tells a thing of the deal that is no slot of it: `REFUSAL` or `TRANCHE`."""
    return any(part.field == mark for part in claim.evidence)


def leavers(claim: Claim) -> frozenset[str]:
    """The investors that a claim's story says have left its round."""
    return frozenset(part.field[len(LEFT) :] for part in claim.evidence if part.field.startswith(LEFT))


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


def told_status(claim: Claim, status: Status | None) -> Status:
    """The status that a claim tells of a deal that has one so far: a part that was paid closes nothing, and a bid
    outlives its refusal; one that is first heard of as refused was made all the same. Talks end by it.
    """
    if claim.status == "completed" and is_marked(claim, TRANCHE):
        return "announced"
    if claim.status == "called_off" and is_marked(claim, REFUSAL):
        if status is None and claim.main:
            return "announced"
        return status if status in ("announced", "completed") else "called_off"
    return claim.status


def next_status(status: Status | None, told: Status) -> Status:
    """The status of a deal after one more story: it climbs, and a later agreement revives what was called off.

    >>> next_status("completed", "announced"), next_status("called_off", "rumoured")
    ('completed', 'called_off')
    >>> next_status("called_off", "announced")
    'announced'
    """
    if status is None or (status == "called_off" and told in ("announced", "completed")):
        return told
    return told if status != "called_off" and STATUS_RANK[told] > STATUS_RANK[status] else status
