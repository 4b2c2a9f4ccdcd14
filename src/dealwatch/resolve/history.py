"""How a deal came to be what it is: what each of its claims changed, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import cast

from dealwatch.model import Change, Claim, Deal, Origin, Party
from dealwatch.resolve.claims import Rate, no_rate, order
from dealwatch.resolve.copies import Copies
from dealwatch.resolve.facts import Facts
from dealwatch.resolve.names import NO_NAMES, Names

FIELDS: tuple[tuple[str, str], ...] = (
    ("type", "type"), ("target", "target"), ("investors", "investors"), ("lead_investors", "lead"),
    ("amount", "amount"), ("valuation", "valuation"), ("round", "round"), ("status", "status"),
    ("stake_pct", "stake_pct"),
)  # fmt: skip


def history(
    deal: Deal, rate: Rate = no_rate, edited: Iterable[tuple[Claim, datetime]] = (), names: Names = NO_NAMES
) -> tuple[Change, ...]:
    """How one deal came to be what it is: the changes that each of its articles brought, oldest first.

    `edited` are claims of its articles before they were edited, each with the time until which it held.
    """
    edited = tuple(edited)
    if edited:
        return _edited_history(deal, rate, edited, names)
    told = Telling(rate, names)
    return tuple(change for claim in deal.claims for change in told.add(claim))


class Telling:
    """One deal as its claims tell it, one after the other. What it keeps is all that the next claim needs: a deal that
    a thousand stories tell takes one more without reading the others again.
    """

    def __init__(self, rate: Rate = no_rate, names: Names = NO_NAMES) -> None:
        self._facts, self._copies = Facts(rate, names), Copies()
        self._state: Deal | None = None

    def __len__(self) -> int:
        return len(self._facts.claims)

    def add(self, claim: Claim) -> tuple[Change, ...]:
        """Take a claim that was published after the others; what it changes."""
        before = self._state
        self._facts.add(claim)
        self._copies.add(claim)
        self._state = self._facts.deal(counted=False)
        return tuple(changes_between(before, self._state))

    @property
    def deal(self) -> Deal:
        """The deal as told so far, by one claim at least; a ValueError before the first."""
        if self._state is None:
            raise ValueError("a deal needs a claim")
        return replace(self._state, confirmations=self._copies.independent)


def _edited_history(
    deal: Deal, rate: Rate, edited: tuple[tuple[Claim, datetime], ...], names: Names
) -> tuple[Change, ...]:
    told = (*deal.claims, *(claim for claim, _ in edited))
    followed = {(claim.key, _when(claim)) for claim in told}
    steps = [(_when(claim), claim, True) for claim in told]
    steps += [(until, claim, False) for claim, until in edited if (claim.key, until) not in followed]
    held: dict[str, Claim] = {}
    changes: list[Change] = []
    before: Deal | None = None
    for _, claim, begins in sorted(steps, key=lambda step: (step[0], step[2], order(step[1]))):
        if begins:
            held[claim.key] = claim
        else:
            held.pop(claim.key, None)
        if held:
            facts = Facts(rate, names)
            for one in sorted(held.values(), key=order):
                facts.add(one)
            state = facts.deal(counted=False)
            changes += changes_between(before, state)
            before = state
    return tuple(changes)


def changes_between(was: Deal | None, now: Deal) -> Iterator[Change]:
    """What differs between two states of one deal, in the order of `FIELDS`; a deal that was not there is new."""
    if was is None:
        first = now.claims[0]
        yield make_change(now, "new", None, None, None, None, first)
        if now.status == "called_off" and first.status != "called_off":
            yield _called_off(None, now)
        return
    for field, attribute in FIELDS:
        old, new = getattr(was, attribute), getattr(now, attribute)
        if old is new or _plain(old) == _plain(new):
            continue
        if field == "status" and new == "called_off":
            yield _called_off(was, now)
        else:
            yield make_change(now, "changed", field, old, new, supporting(was, attribute), _cause(was, now, attribute))


def _called_off(was: Deal | None, now: Deal) -> Change:
    cause = supporting(now, "status")
    return make_change(now, "called_off", "status", was.status if was else None, now.status, None, cause)


def make_change(
    deal: Deal, kind: str, field: str | None, was: object, now: object, was_claim: Claim | None, now_claim: Claim | None
) -> Change:
    """A change of one field of a deal, with the claims that the two values stand on."""
    return Change(
        deal_id=deal.id, target=deal.target.name if deal.target else None, type=deal.type, change=kind,  # type: ignore[arg-type]
        field=field, was=_shown(was), now=_shown(now), was_source=_source(was_claim), now_source=_source(now_claim),
        at=_when(now_claim) if now_claim else None, claim=now_claim.key if now_claim else None,
        was_claim=was_claim.key if was_claim else None,
    )  # fmt: skip


def _plain(value: object) -> object:
    """A value as it compares: parties as a set of ids, the rest as it is."""
    if isinstance(value, tuple):
        return frozenset(party.id for party in cast(tuple[Party, ...], value))
    return value.id if isinstance(value, Party) else value


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return [party.name for party in cast(tuple[Party, ...], value)]
    return value.name if isinstance(value, Party) else value


def supporting(deal: Deal, attribute: str) -> Claim | None:
    """The claim that a field of a deal stands on."""
    key = deal.support.get(attribute)
    return next((claim for claim in deal.claims if claim.key == key), None) or (deal.claims[0] if deal.claims else None)


def _cause(was: Deal, now: Deal, attribute: str) -> Claim | None:
    """The claim that brought a new value: the one it stands on, or the first one new to the deal that tells it."""
    known = {claim.key for claim in was.claims}
    fresh = [claim for claim in now.claims if claim.key not in known]
    support = supporting(now, attribute) if attribute in now.support else None
    if support and support.key not in known:
        return support
    telling = [claim for claim in fresh if getattr(claim, attribute, None)]
    return (telling or fresh or [support or now.claims[-1]])[0]


def _when(claim: Claim) -> datetime:
    return cast(Origin, claim.origin).published_at


def _source(claim: Claim | None) -> str | None:
    return claim.origin.source if claim and claim.origin else None
