"""Which claims tell the same deal. Claims are taken in order of publication; each joins the deal it fits best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dealwatch.model import TRANCHE, Claim, Judgement
from dealwatch.resolve.claims import FAMILIES, NEAR, Rate, is_marked, order, origin_of, period
from dealwatch.resolve.group import Group, ratio, scaled, sum_of
from dealwatch.resolve.money import SCALES
from dealwatch.resolve.names import NO_NAMES, Forms, Names, is_short_for
from dealwatch.resolve.shelves import (
    CLOSING_DAYS,
    FINISHED_DAYS,
    FRESH_DAYS,
    OPEN_DAYS,
    RETOLD_DAYS,
    RUMOUR_DAYS,
    Row,
    Shelves,
)  # fmt: skip

LOOSE, FIRM = 15.0, 1.05  # how far two sums of one deal may differ, as a ratio: rumoured, firm
SAME_SUM = 3  # points for two sums that are one
SLIP = 1  # for sums that a scale word parts ("1.2 million" for "1.2 billion"), within a fortnight
SLIP_DAYS, SLIP_NEAR = 14, 1.001
SLIPS = tuple(float(factor) for scale in SCALES for factor in (scale, 1 / scale))
TRANCHE_DAYS = 730  # within which the parts of a round are paid
SHORT_NAME, LIKE_NAME, UNNAMED = 3, 5, 2  # points of parties and sums that make two targets one: a short form, a
# like name, a venture that has no name yet
FEW = 6  # claims for which deals are looked through in a row sooner than put on shelves
# Families whose figure the parties themselves may revise.
REVISED = {"takeover", "listing", "contract", "debt", "venture", "capex"}
BRIDGE = "Bridge"  # a round that talks may turn into a priced one


@dataclass(slots=True)
class Ties:
    """What people said of claims: which belong together, which never."""

    together: list[tuple[int, frozenset[str]]] = field(default_factory=list)  # with the judgement's number
    apart: list[frozenset[str]] = field(default_factory=list)
    rejected: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, judgements: Sequence[Judgement]) -> Ties:
        ties = cls()
        for judgement in judgements:
            if judgement.verb == "merge":
                ties.together.append((judgement.id, frozenset(judgement.claims)))
            elif judgement.verb == "split":
                ties.apart.append(frozenset(judgement.claims))
            elif judgement.verb == "reject":
                ties.rejected |= set(judgement.claims)
        return ties

    def part(self, claim: Claim, group: Group) -> bool:
        """A split names the claims that stand apart from all others."""
        return any((claim.key in keys) != (member.key in keys) for keys in self.apart for member in group.claims)


def join_across(groups: list[Group], ties: Ties, rate: Rate) -> list[Group]:
    """The deals after people's merges: those that hold claims of one merge are one."""
    for number, keys in ties.together:
        chosen = [group for group in groups if any(claim.key in keys for claim in group.claims)]
        if len(chosen) > 1:
            merged = Group.of([claim for group in chosen for claim in group.claims], rate)
            for group in chosen:
                merged.reasons |= group.reasons
                merged.reasons |= {claim.key: (f"judgement:{number}",) for claim in group.claims if claim.key in keys}
            groups = [group for group in groups if group not in chosen] + [merged]
    return groups


def group_claims(
    claims: Iterable[Claim], ties: Ties, rate: Rate, names: Names = NO_NAMES, known: Sequence[Group] = (),
    shelves: Shelves | None = None,
) -> list[Group]:  # fmt: skip
    """The deals that the claims of one block tell, added to deals that are known of it already.

    Nothing but earlier claims decides where a claim belongs, so the deals of a past day never change with later news.
    """
    claims = sorted(claims, key=order)
    forms, shelves = Forms(names), shelves or (Shelves(rate) if len(claims) > FEW or not known else Row(rate))
    for group in known:
        group.show(forms)
    shelves.begin(known)
    for claim in claims:
        forms.add(claim)
        matcher = _Matcher(claim, forms, ties, rate)
        best = max(((fit, -number, group) for number, group in enumerate(shelves.near(claim, forms))
                    if (fit := matcher.fit(group)) is not None and fit[0] > 0),
                   key=lambda found: (found[0][0], found[1]), default=None)  # fmt: skip
        group = best[2] if best else Group()
        group.add(claim, rate, best[0][1] if best else ())
        shelves.put(group, claim)
    return shelves.groups


Fit = tuple[int, tuple[str, ...]]  # points, and the reasons for them


class _Matcher:
    """One claim, held against deals."""

    def __init__(self, claim: Claim, forms: Forms, ties: Ties, rate: Rate) -> None:
        self._claim, self._forms, self._ties = claim, forms, ties
        self._at = origin_of(claim).published_at
        self._family = FAMILIES[claim.type]
        self._sum = sum_of(claim, rate)
        self._target = forms.full(claim.target.id) if claim.target else ""
        self._investors = forms.full_ids({party.id for party in claim.investors})

    def fit(self, group: Group) -> Fit | None:
        """How well the claim fits a deal: None where it cannot be told by it, else the points of the evidence."""
        claim = self._claim
        if origin_of(claim).article_id in group.articles and not is_marked(claim, TRANCHE):
            return None  # one article tells a deal once, but for a part of it: two claims of it are two deals
        if not self._rounds_agree(group) or self._ties.part(claim, group):
            return None
        if not self._is_of_one_kind(group) or (time := self._time(group)) is None:
            return None
        money = self._money(group)
        party = self._party(group, firm=money is not None and money[0] == SAME_SUM)
        doubt = self._doubt_of_target(group)
        if party is None or money is None or doubt is None or (doubt and party[0] + money[0] < doubt):
            return None
        round_points = 3 if claim.round in group.rounds else 0
        reasons = (f"round:{claim.round}",) if round_points else ()
        return party[0] + money[0] + time[0] + round_points, (*party[1], *money[1], *reasons, *time[1])

    def _rounds_agree(self, group: Group) -> bool:
        named = self._claim.round
        if not named or not group.rounds or named in group.rounds:
            return True
        return group.standing == "rumoured" and group.rounds == {BRIDGE}

    def _is_of_one_kind(self, group: Group) -> bool:
        """Whether the kinds of money agree; a stake and a takeover do where sum, party and week are the same.

        Papers differ over what to call the purchase of a large stake.
        """
        if self._family == group.family:
            return True
        if {self._family, group.family} != {"equity", "takeover"} or not self._sum or not group.first_sum:
            return False
        apart, gap = ratio(self._sum, group.first_sum), abs(self._at - group.first)
        same = apart is not None and apart <= FIRM and gap <= timedelta(days=7)
        return same and bool(self._shared(group, firm=True))

    def _shared(self, group: Group, *, firm: bool) -> set[str]:
        """The investors that the deal has too: the same, a short form, or (where `firm`) of one first word."""
        theirs = self._forms.full_ids(group.investors)
        if not theirs or not self._investors:
            return set()
        houses = {self._forms.house(name) for name in theirs}
        firsts = {name.split("-")[0] for name in theirs} if firm else set()
        return {
            mine for mine in self._investors
            if mine in theirs or self._forms.house(mine) in houses or mine.split("-")[0] in firsts
            or any(is_short_for(mine, name) or is_short_for(name, mine) for name in theirs)
        }  # fmt: skip

    def _party(self, group: Group, *, firm: bool) -> Fit | None:
        shared = self._shared(group, firm=firm)
        if self._investors and group.investors and not shared:
            # One deal a bidder; a strategic stake by somebody else is another. A round's stories name various backers.
            strategic = self._claim.type == "investment" and group.strategic
            return None if strategic or self._family in ("takeover", "venture") else (0, ())
        return (2, (f"investors:{', '.join(sorted(shared))}",)) if shared else (0, ())

    def _doubt_of_target(self, group: Group) -> int | None:
        """The points that parties and sums must give before the claim's target is the deal's: 0 where the names agree.

        A name that begins like the other may be short for it; two that share their first word only ("Tamarin Robotics",
        "Tamarin Robotique") may be one in two languages; others never are.
        """
        theirs = self._forms.full_ids(group.targets)
        if self._target in theirs or not (self._target or theirs):
            return 0
        if self._family == "venture" and not (self._target and theirs):
            return UNNAMED
        if any(is_short_for(self._target, other) or is_short_for(other, self._target) for other in theirs):
            return SHORT_NAME
        first = self._target.split("-")[0]
        return LIKE_NAME if any(other.split("-")[0] == first for other in theirs) else None

    def _money(self, group: Group) -> Fit | None:
        if is_marked(self._claim, TRANCHE):
            return 0, ("tranche",)
        nearest = group.sums.nearest(self._sum) if self._sum else None
        if nearest is None or self._sum is None:
            return 0, ()
        apart, firm = nearest
        if apart <= FIRM:
            return SAME_SUM, ("sum",)
        if apart <= float(NEAR):
            return 2, ("sum:near",)
        slips = (group.sums.nearest(scaled(self._sum, factor)) for factor in SLIPS)
        if any(found is not None and found[0] <= SLIP_NEAR for found in slips):
            return (SLIP, ("sum:scale",)) if (self._at - group.last).days <= SLIP_DAYS else (-4, ())
        if self._family in REVISED or not (self._sum[3] and firm):
            return (0, ()) if apart <= LOOSE or self._family == "takeover" else None
        return -4, ()

    def _time(self, group: Group) -> Fit | None:
        claim, told = self._claim, period(self._claim.date)
        if not claim.main or (told and told[1] < self._at.date() - timedelta(days=RETOLD_DAYS)):
            return self._retold(told, group)
        gap = (self._at - group.last).days
        if not group.has_news:
            return self._retold(told or (self._at.date(), self._at.date()), group)
        if gap > self._patience(group):
            return None
        if gap <= 7:
            return 2, (f"days:{gap}",)
        slow = group.standing == "rumoured" or claim.status in ("completed", "called_off") or is_marked(claim, TRANCHE)
        return (1, (f"days:{gap}",)) if gap <= FRESH_DAYS or slow else (0, ())

    def _patience(self, group: Group) -> int:
        """The days without news after which a deal takes no more of it: most for a takeover that has still to close."""
        status = group.standing
        if status == "rumoured":
            return RUMOUR_DAYS
        if status == "announced" and is_marked(self._claim, TRANCHE):
            return TRANCHE_DAYS
        if status == "announced" and self._family == "takeover":
            return CLOSING_DAYS
        closing = self._claim.status in ("completed", "called_off")
        return OPEN_DAYS if status == "announced" and closing else FINISHED_DAYS

    def _retold(self, told: tuple[date, date] | None, group: Group) -> Fit | None:
        """A deal told as background belongs to the one of its own months; undated, to a recent one, or one that it
        otherwise matches.
        """
        if told is None:
            likely = group.standing != "rumoured" or self._claim.status == "rumoured"
            recent = (self._at - group.last).days <= FINISHED_DAYS
            return (1, ("retold",)) if likely and recent else (0, ("retold",))
        first, last = group.span
        slack = timedelta(days=RETOLD_DAYS)
        if told[1] < first - slack or told[0] > last + slack:
            return None
        return 2, (f"retold:{self._claim.date or told[0].isoformat()}",)
