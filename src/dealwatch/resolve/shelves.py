"""Which deals a claim need be held against: those of its time, and those that share something with it.

Without them a company that is told of every day would have each claim compared with every deal it ever had.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from math import floor, log

from dealwatch.model import TRANCHE, Claim
from dealwatch.resolve.claims import FAMILIES, NEAR, Rate, is_marked, origin_of, period
from dealwatch.resolve.group import Group, sum_of
from dealwatch.resolve.names import Forms

FINISHED_DAYS = 120  # a deal without news for longer than this takes no more of it
RUMOUR_DAYS = 240  # a rumour fades slower: talks of half a year are common
OPEN_DAYS = 270  # a deal that was announced may close, or collapse, so much later
CLOSING_DAYS = 730  # takeovers wait for regulators
RETOLD_DAYS = 62  # how far a retold deal's date may lie from the deal's own months
FRESH_DAYS = 45  # within which news of a kind is taken for news of the same deal without a sign of it
_STEP = log(float(NEAR))
_KIN = {"equity": ("equity", "takeover"), "takeover": ("takeover", "equity")}  # papers differ over large stakes
_LONG = 600  # months: a span longer than that is one of an undated deal

Key = tuple[object, ...]


class Shelves:
    """The deals of a block, each to be found by whatever makes a later claim one of its."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._by: dict[Key, dict[int, Group]] = defaultdict(dict)
        self._fresh: dict[str, OrderedDict[int, Group]] = defaultdict(OrderedDict)  # oldest news first
        self._undated: dict[str, dict[int, Group]] = defaultdict(dict)
        self.groups: list[Group] = []
        self._numbers: dict[int, int] = {}

    def begin(self, groups: Iterable[Group]) -> None:
        """Take deals that were there before, numbered as they began, by their last news."""
        self.groups = sorted(groups, key=lambda group: group.begin)
        self._numbers = {id(group): number for number, group in enumerate(self.groups)}
        for group in sorted(self.groups, key=lambda group: (group.last, self._numbers[id(group)])):
            self.put(group)

    def put(self, group: Group, claim: Claim | None = None) -> None:
        """Take a deal, or what a claim has just added to one."""
        number = self._numbers.setdefault(id(group), len(self.groups))
        if number == len(self.groups):
            self.groups.append(group)
        if claim is None or claim.main or not group.has_news or number not in self._fresh[group.family]:
            self._fresh[group.family][number] = group
            self._fresh[group.family].move_to_end(number)
        for key in self._keys(group, claim):
            self._by[key][number] = group
        shelf = self._undated[group.family]
        shelf.pop(number, None)
        if group.days is None or (group.days[1] - group.days[0]).days > _LONG:
            shelf[number] = group

    def _keys(self, group: Group, claim: Claim | None) -> Iterator[Key]:
        family = group.family
        rounds = group.rounds if claim is None else {claim.round} if claim.round else ()
        investors: Iterable[str] = group.investors if claim is None else [party.id for party in claim.investors]
        told = sum_of(claim, self._rate) if claim else None
        yield from ((family, "round", name) for name in rounds)
        yield from ((family, "party", word) for company in investors for word in _ends(company))
        for currency, middle, usd, _ in group.sums.told if claim is None else [told] if told else []:
            yield family, currency, _step(middle)
            if usd:
                yield family, "", _step(usd)
        if group.days and (group.days[1] - group.days[0]).days <= _LONG:
            yield from ((family, "month", month) for month in _months(*group.days))

    def near(self, claim: Claim, forms: Forms) -> list[Group]:
        """The deals that a claim may tell, in the order in which they began."""
        found: dict[int, Group] = {}
        for family in _KIN.get(FAMILIES[claim.type], (FAMILIES[claim.type],)):
            self._find(claim, family, forms, found)
        return [found[number] for number in sorted(found)]

    def _find(self, claim: Claim, family: str, forms: Forms, found: dict[int, Group]) -> None:
        at = origin_of(claim).published_at
        closing = claim.status in ("completed", "called_off") or is_marked(claim, TRANCHE)
        for number, group in reversed(self._fresh[family].items()):
            gap = (at - group.last).days
            if gap > CLOSING_DAYS:
                break
            if gap <= FRESH_DAYS or (gap <= FINISHED_DAYS and not claim.main) or (
                gap <= RETOLD_DAYS and not group.has_news) or (
                gap <= RUMOUR_DAYS and group.standing == "rumoured") or (closing and group.standing == "announced"):
                found[number] = group  # fmt: skip
        for key in self._wanted(claim, family, forms):
            found |= self._by.get(key, {})
        if (told := period(claim.date)) or not claim.main:
            found |= self._undated[family]
        first, last = told or (at.date(), at.date())
        slack = timedelta(days=RETOLD_DAYS)
        for month in _months(first - slack, last + slack):
            found |= self._by.get((family, "month", month), {})

    def _wanted(self, claim: Claim, family: str, forms: Forms) -> Iterator[Key]:
        if claim.round:
            yield family, "round", claim.round
        for party in claim.investors:
            known = {party.id, forms.full(party.id), forms.house(party.id)}
            yield from ((family, "party", word) for company in known for word in _ends(company))
        if told := sum_of(claim, self._rate):
            currency, middle, usd, _ = told
            yield from ((family, currency, _step(middle) + around) for around in (-1, 0, 1))
            yield from ((family, "", _step(usd) + around) for around in (-1, 0, 1) if usd)


class Row(Shelves):
    """The same for few claims: the deals in a row, looked through each time."""

    def begin(self, groups: Iterable[Group]) -> None:
        self.groups = sorted(groups, key=lambda group: group.begin)

    def put(self, group: Group, claim: Claim | None = None) -> None:
        if len(group.claims) == 1 and not group.deal_id:  # it has only begun
            self.groups.append(group)

    def near(self, claim: Claim, forms: Forms) -> list[Group]:
        families = _KIN.get(FAMILIES[claim.type], (FAMILIES[claim.type],))
        return [group for group in self.groups if group.family in families]


@lru_cache(maxsize=8192)
def _ends(company: str) -> tuple[str, ...]:
    """First and last word of an id: a short form has one of them."""
    words = company.split("-")
    return (company, words[0], words[-1]) if len(words) > 1 else (company,)


def _step(value: float) -> int:
    return floor(log(value) / _STEP) if value > 0 else 0


def _months(first: date, last: date) -> Iterator[int]:
    return iter(range(first.year * 12 + first.month, last.year * 12 + last.month + 1))
