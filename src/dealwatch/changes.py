"""Two states of the deals -> what changed between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

from dealwatch.model import Change, Claim, Deal, Money, Origin, Party
from dealwatch.resolve import Rate, fold, no_rate, order

FIELDS: tuple[tuple[str, str], ...] = (
    ("type", "type"), ("target", "target"), ("investors", "investors"), ("lead_investors", "lead"),
    ("amount", "amount"), ("valuation", "valuation"), ("round", "round"), ("status", "status"),
    ("stake_pct", "stake_pct"),
)  # fmt: skip
_LAST = datetime.max.replace(tzinfo=UTC)  # where a change without a time stands
CHANGE_COLUMNS = ("deal_id", "target", "type", "change", "field", "was", "now", "was_source", "now_source", "at")


def compare(before: Iterable[Deal], after: Iterable[Deal]) -> tuple[Change, ...]:
    """What is new, changed or called off in the state after, in order of time; a deal is known again by its claims.

    A new deal is one change, a called-off one is one change without a status of its own. A deal that nobody tells any
    more, because its articles were edited, loses its status.
    """
    before, after = tuple(before), tuple(after)
    by_claim = {claim.key: deal for deal in before for claim in deal.claims}
    kept = {by_claim[claim.key].id for deal in after for claim in deal.claims if claim.key in by_claim}
    changes = [_withdrawn(deal) for deal in before if deal.id not in kept]
    for deal in after:
        olds = [by_claim[claim.key] for claim in deal.claims if claim.key in by_claim]
        nearest = min(olds, key=lambda old: (old.id != deal.id, _when(old.claims[0])), default=None)
        changes += _changes(nearest, deal)
    return tuple(sorted(changes, key=lambda c: (c.at or _LAST, c.deal_id, c.change, c.field or "")))


def history(deal: Deal, rate: Rate = no_rate, edited: Iterable[tuple[Claim, datetime]] = ()) -> tuple[Change, ...]:
    """How one deal came to be what it is: the changes that each of its articles brought, oldest first.

    `edited` are claims of its articles before they were edited, each with the time until which it held.
    """
    edited = tuple(edited)
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
            del held[claim.key]
        if held:
            state = fold(sorted(held.values(), key=order), rate)
            changes += _changes(before, state)
            before = state
    return tuple(changes)


def _changes(was: Deal | None, now: Deal) -> Iterator[Change]:
    if was is None:
        first = now.claims[0]
        yield _change(now, "new", None, None, None, None, first)
        if now.status == "called_off" and first.status != "called_off":
            yield _called_off(None, now)
        return
    for field, attribute in FIELDS:
        old, new = getattr(was, attribute), getattr(now, attribute)
        if _plain(old) == _plain(new):
            continue
        if field == "status" and new == "called_off":
            yield _called_off(was, now)
        else:
            yield _change(now, "changed", field, old, new, _support(was, attribute), _cause(was, now, attribute))


def _withdrawn(was: Deal) -> Change:
    return _change(was, "changed", "status", was.status, None, _support(was, "status"), None)


def _called_off(was: Deal | None, now: Deal) -> Change:
    cause = _support(now, "status")
    return _change(now, "called_off", "status", was.status if was else None, now.status, None, cause)


def _change(
    deal: Deal, kind: str, field: str | None, was: object, now: object, was_claim: Claim | None, now_claim: Claim | None
) -> Change:
    return Change(
        deal_id=deal.id, target=deal.target.name if deal.target else None, type=deal.type, change=kind,  # type: ignore[arg-type]
        field=field, was=_shown(was), now=_shown(now), was_source=_source(was_claim), now_source=_source(now_claim),
        at=_when(now_claim) if now_claim else None,
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


def _support(deal: Deal, attribute: str) -> Claim | None:
    key = deal.support.get(attribute)
    return next((claim for claim in deal.claims if claim.key == key), None) or (deal.claims[0] if deal.claims else None)


def _cause(was: Deal, now: Deal, attribute: str) -> Claim | None:
    """The claim that brought a new value: the one it stands on, or the first one new to the deal that tells it."""
    known = {claim.key for claim in was.claims}
    fresh = [claim for claim in now.claims if claim.key not in known]
    support = _support(now, attribute) if attribute in now.support else None
    if support and support.key not in known:
        return support
    telling = [claim for claim in fresh if getattr(claim, attribute, None)]
    return (telling or fresh or [support or now.claims[-1]])[0]


def _when(claim: Claim) -> datetime:
    return cast(Origin, claim.origin).published_at


def _source(claim: Claim | None) -> str | None:
    return claim.origin.source if claim and claim.origin else None


def change_row(change: Change) -> dict[str, object]:
    """A change as a row of `CHANGE_COLUMNS`, was and now as the values themselves."""
    row: dict[str, object] = {column: getattr(change, column) for column in CHANGE_COLUMNS}
    for side in ("was", "now"):
        value = row[side]
        row[side] = money_value(value) if isinstance(value, Money) else value
    return row


def change_rows(before: Iterable[Deal], after: Iterable[Deal], *, any_topic: bool) -> list[Mapping[str, object]]:
    """Rows of what changed, of the AI industry's deals or of all.

    A deal that a later article told to be of the AI industry was one before, too: its rumour is no other deal's.
    """
    before, after = tuple(before), tuple(after)
    shown = {deal.id for deal in (*before, *after) if any_topic or deal.ai}
    return [change_row(change) for change in compare(before, after) if change.deal_id in shown]


def money_value(money: Money) -> dict[str, object]:
    """A sum as JSON shows it: low, high, currency, qualifier, scale; numbers where they are known."""
    return {
        "low": money.low, "high": money.high, "currency": money.currency, "qualifier": money.qualifier,
        "scale": money.scale,
    }  # fmt: skip
