"""What stands when the stories of one deal disagree: each field from the claim that supports it best."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dealwatch.model import REFUSAL, TRANCHE, Claim, Deal, DealType, Party, Status
from dealwatch.resolve.claims import (
    FAMILIES,
    STATUS_RANK,
    Rate,
    deal_id,
    is_marked,
    leavers,
    next_status,
    order,
    origin_of,
    told_status,
)  # fmt: skip
from dealwatch.resolve.copies import count_independent
from dealwatch.resolve.money import Standing, support
from dealwatch.resolve.names import NO_NAMES, Forms, Names


def fold(claims: Iterable[Claim], rate: Rate, names: Names = NO_NAMES) -> Deal:
    """One deal from the claims that tell it, at least one, in any order."""
    facts = Facts(rate, names)
    for claim in sorted(claims, key=order):
        facts.add(claim)
    return facts.deal()


class _News:
    """Status and parties by a run of claims: by those that bring news, or by all where every one only retells."""

    def __init__(self) -> None:
        self.status: Status | None = None
        self.first: dict[Status, str] = {}  # a status -> the key of the claim that told it first
        self.told: dict[str, list[tuple[Party, int]]] = {"investors": [], "lead": []}  # with the place of the claim
        self.last: dict[str, str] = {}  # a slot of parties -> the key of the claim that filled it last
        self.left: list[tuple[str, int]] = []  # investors that dropped out
        self.count = 0
        self._known: dict[str, set[tuple[str, str, int]]] = {"investors": set(), "lead": set()}

    def add(self, claim: Claim, *, leaves: bool) -> None:
        self.count += 1
        self.left += [(company, self.count) for company in sorted(leavers(claim))]
        if leaves:
            self.left += [(party.id, self.count) for party in claim.investors]
            return
        told = told_status(claim, self.status)
        self.status = next_status(self.status, told)
        self.first.setdefault(told, claim.key)
        for slot, parties in (("investors", claim.investors), ("lead", claim.lead)):
            if parties:
                self.last[slot] = claim.key
            for party in parties:
                mark = (party.id, party.name, len(self.left))
                if mark not in self._known[slot]:
                    self._known[slot].add(mark)
                    self.told[slot].append((party, self.count))


class Facts:
    """What the claims of one deal add up to so far. Claims are added in order of publication."""

    def __init__(self, rate: Rate, names: Names = NO_NAMES) -> None:
        self.claims: list[Claim] = []
        self.forms = Forms(names)
        self._sums = {slot: Standing(slot, rate) for slot in ("amount", "valuation")}
        self._plain: dict[str, Claim] = {}
        self._targets: dict[str, Claim] = {}  # a target's id -> the first claim that names it
        self._news, self._all = _News(), _News()
        self._votes: dict[DealType, tuple[int, int]] = {}
        self._first_of_type: dict[DealType, str] = {}
        self._dated: dict[bool, Claim] = {}  # firm or not -> the first claim that dates the deal
        self._united: dict[str, tuple[tuple[object, ...], tuple[Party, ...]]] = {}  # parties as last asked for
        self._closed: Claim | None = None
        self._refused: date | None = None
        self._ai = False

    def add(self, claim: Claim) -> None:
        """Take a claim that was published after the others."""
        leaves = self._leaves(claim)
        self.claims.append(claim)
        self.forms.add(claim)
        for standing in self._sums.values():
            standing.add(claim)
        for slot in ("round", "stake_pct"):
            self._add_plain(slot, claim)
        if claim.target:
            self._targets.setdefault(claim.target.id, claim)
        self._all.add(claim, leaves=leaves)
        if claim.main:
            self._news.add(claim, leaves=leaves)
            self._add_events(claim)
        count, first = self._votes.get(claim.type, (0, len(self.claims)))
        self._votes[claim.type] = (count + 1 + claim.main + bool(claim.round), first)
        self._first_of_type.setdefault(claim.type, claim.key)
        if claim.date:
            firm = STATUS_RANK[claim.status] >= 1 and (claim.main or len(claim.date) == 10)
            self._dated.setdefault(firm, claim)
        self._ai = self._ai or claim.ai

    def _add_plain(self, slot: str, claim: Claim) -> None:
        """A plain slot stands by the best supported claim, then the later."""
        if getattr(claim, slot) in (None, ""):
            return
        standing = self._plain.get(slot)
        if standing is None or support(claim) >= support(standing):
            self._plain[slot] = claim

    def _add_events(self, claim: Claim) -> None:
        if claim.status == "completed" and self._closed is None and not is_marked(claim, TRANCHE):
            self._closed = claim
        if claim.type == "acquisition" and is_marked(claim, REFUSAL):
            self._refused = origin_of(claim).published_at.date()

    def _leaves(self, claim: Claim) -> bool:
        """Whether a claim that calls off names only some of a round's investors: they drop out, the round goes on."""
        if claim.status != "called_off" or FAMILIES[claim.type] != "equity" or not claim.investors:
            return False
        going = self.forms.full_ids({party.id for party in claim.investors})
        staying = {party.id for party in self._parties("investors")} - going
        return bool(staying) and not going & {party.id for party in self._parties("lead")}

    def deal(self, *, counted: bool = True) -> Deal:
        """The deal as the claims so far tell it; its confirmations are counted where that is wanted."""
        news = self._news if self._news.count else self._all
        status, kind = news.status or "called_off", self._type()
        stands: dict[str, Claim | None] = {slot: standing.claim for slot, standing in self._sums.items()}
        stands |= {slot: self._plain.get(slot) for slot in ("round", "stake_pct")}
        stands["target"] = self._target()
        stands["date"] = self._dated.get(True) or self._dated.get(False)
        value = {slot: getattr(claim, slot) if claim else None for slot, claim in stands.items()}
        told = {slot: claim.key for slot, claim in stands.items() if claim and getattr(claim, slot) is not None}
        told |= {"status": news.first.get(status, self.claims[0].key), "type": self._first_of_type[kind], **news.last}
        closed = self._closed
        return Deal(
            id=deal_id(self.claims[0].key), type=kind, status=status, claims=tuple(self.claims),
            investors=self._parties("investors"), lead=self._parties("lead"),
            target=value["target"], amount=value["amount"], valuation=value["valuation"], round=value["round"],
            stake_pct=value["stake_pct"], date=value["date"],
            completed_on=(closed.date or origin_of(closed).published_at.date().isoformat()) if closed else None,
            confirmations=count_independent(self.claims) if counted else 0, ai=self._ai, support=told,
            refused_on=self._refused.isoformat() if self._refused else None,
        )  # fmt: skip

    def _target(self) -> Claim | None:
        full = (claim for company, claim in self._targets.items() if not self.forms.is_short(company))
        return next(full, None) or next(iter(self._targets.values()), None)

    def _type(self) -> DealType:
        """The type most claims give, named rounds and the news of the day first; a round where a stake is as likely."""
        votes = self._votes
        return max(votes, key=lambda kind: (votes[kind][0], kind == "funding_round", -votes[kind][1]))

    def _parties(self, slot: str) -> tuple[Party, ...]:
        """Every party told in a slot, once, in order of first telling, by its fullest id; retellings add nobody.

        A subsidiary and its parent are one party, and so is an arm that bids for its house.
        """
        news = self._news if self._news.count else self._all
        mark = (id(news), len(news.told[slot]), len(news.left), self.forms.version, bool(self._votes) and self._type())
        if (known := self._united.get(slot)) is None or known[0] != mark:
            known = self._united[slot] = (mark, self._unite(news, slot))
        return known[1]

    def _unite(self, news: _News, slot: str) -> tuple[Party, ...]:
        forms = self.forms
        left = {forms.full(company): place for company, place in news.left}
        one_house = self._votes and self._type() == "acquisition"
        found: dict[str, Party] = {}
        houses: dict[str, str] = {}
        for party, place in news.told[slot]:
            key = forms.full(party.id)
            if left.get(key, 0) > place or houses.setdefault(forms.house(key), key) != key:
                continue
            if one_house and any(key != other and key.split("-")[0] == other.split("-")[0] for other in found):
                continue
            if key not in found or party.id == key:
                found[key] = Party(key, party.name)
        return tuple(found.values())
