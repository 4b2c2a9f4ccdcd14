"""Two states of the deals -> what changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from dealwatch.changes.lines import CHANGE_COLUMNS
from dealwatch.model import Change, Deal, Money
from dealwatch.resolve import changes_between, make_change, origin_of, supporting

_LAST = datetime.max.replace(tzinfo=UTC)  # where a change without a time stands


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
        nearest = min(olds, key=lambda old: (old.id != deal.id, origin_of(old.claims[0]).published_at), default=None)
        changes += changes_between(nearest, deal)
    return in_order(changes)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes as they are shown: by time, then deal."""
    return tuple(sorted(changes, key=lambda c: (c.at or _LAST, c.deal_id, c.change, c.field or "")))


def _withdrawn(was: Deal) -> Change:
    return make_change(was, "changed", "status", was.status, None, supporting(was, "status"), None)


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
