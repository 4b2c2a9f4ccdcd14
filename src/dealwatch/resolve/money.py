"""Which sum stands when the stories of one deal tell several."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from dealwatch.model import TRANCHE, Claim, Money
from dealwatch.resolve.claims import (
    FAMILIES,
    NEAR,
    STATUS_RANK,
    Rate,
    is_marked,
    leavers,
    origin_of,
    ratio_of,
    told_day,
)  # fmt: skip

VOICE_RANK = {"unnamed": 0, "press": 1, "party": 2}
PRECISION = {"exact": 5, "range": 4, "approx": 3, "at_least": 2, "at_most": 2, "vague": 0}
MISPRINT = Decimal(50)  # a lone figure this far from the standing one is taken for a misprint ("740 billion")
FIRM = Decimal("1.05")  # how far firm sums may differ, as a ratio, and still be one
REVISED = Decimal(2)  # the most that a round grows or shrinks between its announcement and a revision
REVISION_DAYS = 14  # after so long another firm figure is news of the deal; before, papers that disagree
STAGE_DAYS = 7
CORRECTION_DAYS = 60  # within which a paper's other figure corrects its own
SCALES = (Decimal(1000), Decimal(1000_000))  # "million" for "billion", or the reverse


def support(claim: Claim) -> tuple[bool, int, int]:
    """How well a claim vouches for its figures: the news of the day, who says so, how far the deal has come."""
    return claim.main, VOICE_RANK[claim.voice], min(STATUS_RANK[claim.status], 1)


class Standing:
    """The claim whose sum stands in a slot: the best supported, then the more precise, then the later.

    Roundings, conversions and retellings do not move a figure; a lone one fifty times off is a misprint.
    """

    def __init__(self, slot: str, rate: Rate) -> None:
        self.claim: Claim | None = None
        self._slot, self._rate = slot, rate
        self._told: Counter[Money] = Counter()

    def add(self, claim: Claim) -> None:
        """Take a claim that was published after the others."""
        money = self._money(claim)
        if money is None or (self.claim and (claim.status == "called_off" or is_marked(claim, TRANCHE))):
            return  # a denial repeats the sum that it denies; a tranche's is not the whole
        self._told[money] += 1
        if self.claim is None or self._replaces(claim, self.claim):
            self.claim = claim

    def _money(self, claim: Claim) -> Money | None:
        money: Money | None = getattr(claim, self._slot)
        return money

    def _replaces(self, claim: Claim, standing: Claim) -> bool:
        new, old = self._money(claim), self._money(standing)
        assert new is not None and old is not None  # noqa: PT018 - for the type checker
        ratio = ratio_of(new, told_day(claim), old, told_day(standing), self._rate)
        if ratio is None:
            return support(claim) >= support(standing) and (new.middle is not None or old.middle is None)
        if self._is_after_the_fact(claim, standing):
            return False
        if new.currency != old.currency and ratio <= NEAR:
            return False  # a conversion
        weaker = support(claim) < support(standing)
        if ratio > FIRM and _is_firm(new, claim) and _corrects(claim, standing):
            return not (weaker and is_rounder(new, old))
        if ratio >= MISPRINT and not self._is_believed(claim, standing, ratio):
            return False
        if FIRM < ratio <= REVISED and _is_firm(new, claim) and (leavers(claim) or _is_revision(claim, standing)):
            return not (weaker and is_rounder(new, old))
        sharper = claim.main and new.qualifier == "exact" != old.qualifier
        if weaker and not sharper:
            return False
        if ratio > NEAR:
            return True
        rounder = is_rounder(new, old) and PRECISION[new.qualifier] <= PRECISION[old.qualifier]
        return not rounder and PRECISION[new.qualifier] >= PRECISION[old.qualifier]

    def _is_after_the_fact(self, claim: Claim, standing: Claim) -> bool:
        """What the first day's trading makes of an offer's value; a draw on a credit line that was signed."""
        if not _is_firm(self._money(standing), standing):
            return False
        if claim.type == "ipo":
            return self._slot == "valuation" and claim.status == "completed" and standing.status == "announced"
        new, old = self._money(claim), self._money(standing)
        smaller = new and old and new.currency == old.currency and (new.middle or 0) < (old.middle or 0)
        return FAMILIES[claim.type] == "debt" and bool(smaller) and _days(claim, standing) >= REVISION_DAYS

    def _is_believed(self, claim: Claim, standing: Claim, ratio: Decimal) -> bool:
        """Whether a sum that lies far off may still take the place of the standing one."""
        new, old = self._money(claim), self._money(standing)
        assert new is not None and old is not None  # noqa: PT018 - for the type checker
        if is_scale_slip(ratio):  # of two sums with the same digits the one that more stories have
            return self._told[new] > self._told[old] or support(claim)[1] > support(standing)[1]
        return self._told[old] <= 1 or support(claim)[1] > support(standing)[1]


def _is_firm(money: Money | None, claim: Claim) -> bool:
    return claim.main and claim.status != "rumoured" and money is not None and money.qualifier == "exact"


def _days(claim: Claim, standing: Claim) -> int:
    return (origin_of(claim).published_at - origin_of(standing).published_at).days


def _is_revision(claim: Claim, standing: Claim) -> bool:
    """Whether another firm figure is the deal's new one, whoever tells it: at its closing, or weeks later."""
    if claim.voice == "unnamed" or not standing.main:
        return False
    days = _days(claim, standing)
    if claim.status == "completed" and standing.status != "completed" and days >= STAGE_DAYS:
        return True
    return days >= REVISION_DAYS


def _corrects(claim: Claim, standing: Claim) -> bool:
    """Whether a paper's other firm figure takes the place of its own."""
    same = origin_of(claim).source == origin_of(standing).source and origin_of(claim).source != ""
    return same and claim.voice != "unnamed" and standing.main and _days(claim, standing) <= CORRECTION_DAYS


def is_scale_slip(ratio: Decimal) -> bool:
    """Whether two sums differ by a scale word alone: "1.2 million" for "1.2 billion"."""
    return any(abs(ratio / scale - 1) < Decimal("0.001") for scale in SCALES)


def is_rounder(one: Money, other: Money) -> bool:
    """Whether a sum has fewer digits that say something than another one.

    >>> sums = [Money(Decimal(n), Decimal(n), "EUR") for n in (60_000_000, 64_000_000)]
    >>> is_rounder(*sums), is_rounder(*reversed(sums))
    (True, False)
    """
    return one.qualifier == other.qualifier != "range" and _digits(one) < _digits(other)


def _digits(money: Money) -> int:
    middle = money.middle
    return len(str(middle.normalize().as_tuple().digits)) if middle else 0
