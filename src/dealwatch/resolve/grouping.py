"""Which claims tell the same deal. Claims are taken in order of publication; each joins the deal it fits best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from dealwatch.model import Claim, Judgement
from dealwatch.resolve.claims import (
    FAMILIES,
    NEAR,
    Rate,
    is_short_for,
    order,
    origin_of,
    party_ids,
    period,
    ratio_of,
    short_forms,
    status_of,
    told_day,
)  # fmt: skip

FINISHED_DAYS = 120  # a deal without news for longer than this takes no more of it
RUMOUR_DAYS = 240  # a rumour fades slower: talks of half a year are common
OPEN_DAYS = 270  # a deal that was announced may close, or collapse, so much later
CLOSING_DAYS = 730  # takeovers wait for regulators
RETOLD_DAYS = 62  # how far a retold deal's date may lie from the deal's own months
LOOSE, FIRM = Decimal(15), Decimal("1.05")  # how far two sums of one deal may differ, as a ratio: rumoured, firm
SAME_SUM = 3  # points for two sums that are one
SHORT_NAME, LIKE_NAME = 3, 5  # points of parties and sums that make two targets one: a short form, a like name
REVISED = {"takeover", "listing", "contract", "debt"}  # families whose figure the parties themselves may revise
BEGINNING = date(1990, 1, 1)  # of an undated deal of the past


@dataclass(slots=True)
class Ties:
    """What people said of claims: which belong together, which never."""

    together: list[frozenset[str]] = field(default_factory=list)
    apart: list[frozenset[str]] = field(default_factory=list)

    @classmethod
    def of(cls, judgements: Sequence[Judgement]) -> Ties:
        ties = cls()
        for judgement in judgements:
            if judgement.verb == "merge":
                ties.together.append(frozenset(judgement.claims))
            elif judgement.verb == "split":
                ties.apart.append(frozenset(judgement.claims))
        return ties

    def part(self, claim: Claim, group: Group) -> bool:
        """A split names the claims that stand apart from all others."""
        return any((claim.key in keys) != (member.key in keys) for keys in self.apart for member in group.claims)


def join_across(groups: list[Group], ties: Ties) -> list[Group]:
    for keys in ties.together:
        chosen = [group for group in groups if any(claim.key in keys for claim in group.claims)]
        if len(chosen) > 1:
            merged = Group.of([claim for group in chosen for claim in group.claims])
            groups = [group for group in groups if group not in chosen] + [merged]
    return groups


@dataclass(slots=True, eq=False)
class Group:
    """The claims of one deal so far, in order of publication, and what of them every later claim is held against."""

    claims: list[Claim] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)
    rounds: set[str] = field(default_factory=set)
    sums: dict[tuple[object, ...], Claim] = field(default_factory=dict)  # one claim of each sum that was told

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> Group:
        """The deal of some claims, in any order."""
        group = cls()
        for claim in sorted(claims, key=order):
            group.add(claim)
        return group

    def add(self, claim: Claim) -> None:
        """Take a claim that was published after the others."""
        self.claims.append(claim)
        self.articles.add(origin_of(claim).article_id)
        self.rounds |= {claim.round} if claim.round else set()
        if claim.amount:
            key = (claim.amount.currency, claim.amount.middle, told_day(claim), _is_firm(claim))
            self.sums.setdefault(key, claim)

    @property
    def last(self) -> datetime:
        """When the deal was last news."""
        news = [claim for claim in self.claims if claim.main] or self.claims
        return origin_of(news[-1]).published_at


def group_claims(claims: list[Claim], ties: Ties, rate: Rate) -> list[Group]:
    aliases = short_forms(claims)
    groups: list[Group] = []
    for claim in sorted(claims, key=order):
        scored = [
            (score, -index)
            for index, group in enumerate(groups)
            if (score := _fit(claim, group, aliases, ties, rate)) is not None and score > 0
        ]
        if scored:
            _, index = max(scored)
            groups[-index].add(claim)
        else:
            groups.append(Group.of([claim]))
    return groups


def _may_be_of_one_kind(claim: Claim, group: Group, rate: Rate) -> bool:
    """Whether the kinds of money agree; a stake and a takeover do where sum, party and week are the same.

    Papers differ over what to call the purchase of a large stake.
    """
    first = group.claims[0]
    families = {FAMILIES[claim.type], FAMILIES[first.type]}
    if len(families) == 1:
        return True
    ratio = _ratio(claim, first, rate)
    gap = abs(origin_of(claim).published_at - origin_of(first).published_at)
    same = ratio is not None and ratio <= FIRM and gap <= timedelta(days=7)
    return families == {"equity", "takeover"} and same and bool(_shared(claim, group, {}, firm=True))


def _shared(claim: Claim, group: Group, aliases: dict[str, str], *, firm: bool) -> set[str]:
    """The investors of a claim that the deal has too: the same, a short form, or (where `firm`) of one first word."""
    theirs = party_ids((party for member in group.claims for party in member.investors), aliases)

    def known(mine: str) -> bool:
        firsts = {name.split("-")[0] for name in theirs} if firm else set()
        return mine in theirs or mine.split("-")[0] in firsts or any(
            is_short_for(mine, name) or is_short_for(name, mine) for name in theirs
        )

    return {mine for mine in party_ids(claim.investors, aliases) if known(mine)}


def _doubt_of_target(claim: Claim, group: Group, aliases: dict[str, str]) -> int:
    """The points that parties and sums must give before a claim's target is the deal's: none where the names agree.

    A name that begins like the other may be short for it; two that share their first word only ("Tamarin Robotics",
    "Tamarin Robotique") may be one in two languages.
    """
    mine = _target_id(claim, aliases)
    theirs = {_target_id(member, aliases) for member in group.claims}
    if mine in theirs:
        return 0
    short = any(is_short_for(mine, other) or is_short_for(other, mine) for other in theirs)
    return SHORT_NAME if short else LIKE_NAME


def _target_id(claim: Claim, aliases: dict[str, str]) -> str:
    return aliases.get(claim.target.id, claim.target.id) if claim.target else ""


def _fit(claim: Claim, group: Group, aliases: dict[str, str], ties: Ties, rate: Rate) -> int | None:
    """How well a claim fits a deal: None where it cannot be told by it, else the points of the evidence."""
    if origin_of(claim).article_id in group.articles:
        return None  # one article tells a deal once: two claims of it are two deals
    if (claim.round and group.rounds and claim.round not in group.rounds) or ties.part(claim, group):
        return None
    if not _may_be_of_one_kind(claim, group, rate) or (time := _time_points(claim, group)) is None:
        return None
    money = _money_points(claim, group, rate)
    party = _party_points(claim, group, aliases, firm=money == SAME_SUM)
    if party is None or money is None:
        return None
    doubt = _doubt_of_target(claim, group, aliases)
    if doubt and party + money < doubt:
        return None
    return party + money + time + (3 if claim.round in group.rounds else 0)


def _party_points(claim: Claim, group: Group, aliases: dict[str, str], *, firm: bool) -> int | None:
    shared = _shared(claim, group, aliases, firm=firm)
    if claim.investors and any(member.investors for member in group.claims) and not shared:
        # One deal a bidder; a strategic stake by somebody else is another deal. A round's stories name various backers.
        strategic = claim.type == "investment" and all(member.type == "investment" for member in group.claims)
        return None if strategic or FAMILIES[claim.type] == "takeover" else 0
    return 2 if shared else 0


def _ratio(one: Claim, other: Claim, rate: Rate) -> Decimal | None:
    return ratio_of(one.amount, told_day(one), other.amount, told_day(other), rate)


def _is_firm(claim: Claim) -> bool:
    return claim.status != "rumoured" and claim.amount is not None and claim.amount.qualifier == "exact"


def _money_points(claim: Claim, group: Group, rate: Rate) -> int | None:
    told = group.sums.values() if claim.amount else ()
    compared = [(r, member) for member in told if (r := _ratio(claim, member, rate)) is not None]
    if not compared:
        return 0
    ratio, nearest = min(compared, key=lambda pair: pair[0])
    if ratio <= FIRM:
        return SAME_SUM
    if ratio <= NEAR:
        return 2
    if FAMILIES[claim.type] in REVISED or not (_is_firm(claim) and _is_firm(nearest)):
        return 0 if ratio <= LOOSE or FAMILIES[claim.type] == "takeover" else None
    return -4


def _time_points(claim: Claim, group: Group) -> int | None:
    told = period(claim.date)
    if not claim.main or (told and told[1] < origin_of(claim).published_at.date() - timedelta(days=RETOLD_DAYS)):
        return _retold_points(told, claim, group)
    gap = (origin_of(claim).published_at - group.last).days
    if all(not member.main for member in group.claims):
        return _retold_points(told or (origin_of(claim).published_at.date(),) * 2, claim, group)
    if gap > _patience(claim, group):
        return None
    if gap <= 7:
        return 2
    return 1 if gap <= 45 or status_of(group.claims) == "rumoured" or claim.status in ("completed", "called_off") else 0


def _patience(claim: Claim, group: Group) -> int:
    """The days without news after which a deal takes no more of it: most for a takeover that has still to close."""
    status = status_of(group.claims)
    if status == "rumoured":
        return RUMOUR_DAYS
    if status == "announced" and FAMILIES[claim.type] == "takeover":
        return CLOSING_DAYS
    return OPEN_DAYS if status == "announced" and claim.status in ("completed", "called_off") else FINISHED_DAYS


def _retold_points(told: tuple[date, date] | None, claim: Claim, group: Group) -> int | None:
    """A deal told as background belongs to the one of its own months; undated, to any that it otherwise matches."""
    if told is None:
        return 1 if status_of(group.claims) != "rumoured" or claim.status == "rumoured" else 0
    first, last = _span(group)
    slack = timedelta(days=RETOLD_DAYS)
    if told[1] < first - slack or told[0] > last + slack:
        return None
    return 2


def _span(group: Group) -> tuple[date, date]:
    """The days between which a deal has been news: of its main claims, else as its background claims date it."""
    days: list[date] = []
    for claim in group.claims:
        told = period(claim.date)
        if told:
            days += told
        elif claim.main or len(group.claims) == 1:
            day = origin_of(claim).published_at.date()
            days += [day, day] if claim.main else [BEGINNING, day]
    return (min(days), max(days)) if days else (BEGINNING, origin_of(group.claims[-1]).published_at.date())
