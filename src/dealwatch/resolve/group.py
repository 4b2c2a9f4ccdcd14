"""The claims of one deal so far, and what of them every later claim is held against.

What is held against is kept as plain values beside the deal, so that a new story need not read the old ones again.
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from dealwatch.model import TRANCHE, Claim, DealType, Status
from dealwatch.resolve.claims import (
    FAMILIES,
    Rate,
    deal_id,
    in_usd,
    is_marked,
    next_status,
    order,
    origin_of,
    period,
    told_day,
    told_status,
)
from dealwatch.resolve.names import Forms, parties_of

BEGINNING = date(1990, 1, 1)  # of an undated deal of the past
_NEVER = datetime.min.replace(tzinfo=UTC)

Sum = tuple[str, float, float | None, bool]  # currency, middle, US dollars, whether it is firm


def sum_of(claim: Claim, rate: Rate) -> Sum | None:
    """A claim's sum as it is compared; None where it has no number."""
    money = claim.amount
    if money is None or not money.middle or money.currency is None:
        return None
    usd = in_usd(money, told_day(claim), rate)
    firm = claim.status != "rumoured" and money.qualifier == "exact"
    return money.currency, float(money.middle), None if usd is None else float(usd), firm


def scaled(told: Sum, factor: float) -> Sum:
    """The sum so many times as large."""
    return told[0], told[1] * factor, told[2] * factor if told[2] else None, told[3]


def ratio(one: Sum, other: Sum) -> float | None:
    """How far two sums lie apart, as a ratio of 1 or more; None where they cannot be compared."""
    left, right = (one[1], other[1]) if one[0] == other[0] else (one[2], other[2])
    return max(left, right) / min(left, right) if left and right else None


class Sums:
    """The different sums of a deal, the nearest of which is found without looking at all."""

    def __init__(self) -> None:
        self.told: list[Sum] = []
        self._own: dict[str, list[tuple[float, bool, Sum]]] = {}
        self._usd: list[tuple[float, bool, Sum]] = []

    def add(self, told: Sum) -> None:
        """Take a sum, once."""
        shelf = self._own.setdefault(told[0], [])
        place = bisect_left(shelf, (told[1], told[3]))
        if place < len(shelf) and shelf[place][:2] == (told[1], told[3]):
            return
        self.told.append(told)
        insort(shelf, (told[1], told[3], told), key=_place)
        if told[2]:
            insort(self._usd, (told[2], told[3], told), key=_place)

    def nearest(self, wanted: Sum) -> tuple[float, bool] | None:
        """The ratio to the nearest sum, and whether that one is firm; None where none can be compared."""
        shelves = ((self._own.get(wanted[0], []), wanted[1]), (self._usd, wanted[2]))
        found: list[tuple[float, bool]] = []
        for shelf, value in shelves:
            if value is None:
                continue
            place = bisect_left(shelf, value, key=lambda item: item[0])
            for _, firm, told in shelf[max(0, place - 2) : place + 2]:
                if (apart := ratio(wanted, told)) is not None:
                    found.append((apart, firm))
        return min(found, default=None)


def _place(item: tuple[float, bool, Sum]) -> tuple[float, bool]:
    return item[:2]


@dataclass(slots=True, eq=False)
class Group:
    """One deal so far. `claims` are those at hand: a group read back from the store has none."""

    deal_id: str = ""
    type: DealType = "investment"  # of its first claim
    begin: tuple[str, str, bool, str] = ("", "", False, "")  # the place of its first claim in the order of claims
    first: datetime = _NEVER
    first_sum: Sum | None = None
    latest: datetime = _NEVER  # when it was last told of
    last: datetime = _NEVER  # when it was last news
    has_news: bool = False
    status: Status | None = None
    all_status: Status | None = None
    strategic: bool = True  # every claim of it is an investment
    rounds: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    investors: set[str] = field(default_factory=set)
    told: set[tuple[str, str]] = field(default_factory=set)  # forms that its articles use, with whom they mean
    days: tuple[date, date] | None = None  # between which it was news, or is said to have been
    sums: Sums = field(default_factory=Sums)
    articles: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, claims: Sequence[Claim], rate: Rate) -> Group:
        """The deal of some claims, in any order."""
        group = cls()
        for claim in sorted(claims, key=order):
            group.add(claim, rate)
        return group

    @property
    def family(self) -> str:
        """The family of its first claim's type."""
        return FAMILIES[self.type]

    def add(self, claim: Claim, rate: Rate, reasons: tuple[str, ...] = ()) -> None:
        """Take a claim that was published after the others."""
        at, told = origin_of(claim).published_at, sum_of(claim, rate)
        if not self.claims and not self.deal_id:
            self.type, self.first, self.first_sum = claim.type, at, told
            self.begin = (at.astimezone(UTC).isoformat(), *order(claim)[1:])
        self.claims.append(claim)
        self.latest = max(self.latest, at)
        self.reasons[claim.key] = reasons
        if not is_marked(claim, TRANCHE):
            self.articles.add(origin_of(claim).article_id)
        self.strategic = self.strategic and claim.type == "investment"
        self.rounds |= {claim.round} if claim.round else set()
        self.targets |= {claim.target.id} if claim.target else set()
        self.investors |= {party.id for party in claim.investors}
        self.told |= {(form, party.id) for party in parties_of(claim) for form in party.forms}
        if told:
            self.sums.add(told)
        self._add_times(claim, at)

    def _add_times(self, claim: Claim, at: datetime) -> None:
        self.all_status = next_status(self.all_status, told_status(claim, self.all_status))
        if claim.main:
            self.status = next_status(self.status, told_status(claim, self.status))
        if claim.main or not self.has_news:
            self.last = at
        self.has_news = self.has_news or claim.main
        told = period(claim.date) or ((at.date(), at.date()) if claim.main else None)
        if told:
            first, last = self.days or told
            self.days = min(first, told[0]), max(last, told[1])

    @property
    def standing(self) -> Status:
        """Its status so far."""
        return self.status or self.all_status or "rumoured"

    @property
    def span(self) -> tuple[date, date]:
        """The days between which it has been news; of an undated one of the past, all before it was told."""
        return self.days or (BEGINNING, self.last.date())

    def dump(self) -> str:
        """Everything but the claims, as JSON."""
        return json.dumps([
            self.type, self.begin, self.first.isoformat(), self.first_sum, self.latest.isoformat(),
            self.last.isoformat(), self.has_news, self.status, self.all_status, self.strategic, sorted(self.rounds),
            sorted(self.targets), sorted(self.investors), sorted(self.told),
            [day.isoformat() for day in self.days or ()], self.sums.told,
        ], ensure_ascii=False, separators=(",", ":"))  # fmt: skip

    @classmethod
    def load(cls, deal_id: str, text: str) -> Group:
        """The group that `dump` wrote."""
        (
            kind, begin, first, first_sum, latest, last, has_news, status, all_status, strategic, rounds, targets,
            investors, told, days, sums,
        ) = json.loads(text)  # fmt: skip
        group = cls(
            deal_id, kind, tuple(begin), datetime.fromisoformat(first), tuple(first_sum) if first_sum else None,
            datetime.fromisoformat(latest), datetime.fromisoformat(last), has_news, status, all_status, strategic,
            set(rounds), set(targets), set(investors), {(form, company) for form, company in told},
            (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None,
        )  # fmt: skip
        for one in sums:
            group.sums.add(tuple(one))
        return group

    def settle(self) -> None:
        """Let go of the claims: they are stored, and the group stands for them as one read back would."""
        self.deal_id = self.deal_id or deal_id(min(self.claims, key=order).key)
        self.claims, self.articles, self.reasons = [], set(), {}

    def show(self, forms: Forms) -> None:
        """Tell what its claims show of names."""
        forms.add_told(sorted(self.told))
        forms.add_investors(sorted(self.investors))
