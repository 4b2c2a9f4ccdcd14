"""Two states of the deals -> what changed between them; one deal -> how it came to be what it is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from dealwatch.model import Change, Deal, Money
from dealwatch.resolve import FIELDS, changes_between, history, make_change, origin_of, supporting

__all__ = [
    "CHANGE_COLUMNS", "FIELDS", "change_row", "change_rows", "compare", "history", "in_order", "money_value", "net",
    "rows_between",
]  # fmt: skip

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
        nearest = min(olds, key=lambda old: (old.id != deal.id, origin_of(old.claims[0]).published_at), default=None)
        changes += changes_between(nearest, deal)
    return in_order(changes)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes as they are shown: by time, then deal."""
    return tuple(sorted(changes, key=lambda c: (c.at or _LAST, c.deal_id, c.change, c.field or "")))


def net(lines: Iterable[Change]) -> tuple[Change, ...]:
    """What the lines of some deals' histories between two times come to: a field that moved twice is one change, one
    that came back to what it was is none, and a new deal is new and nothing else, unless it was called off at once.
    """
    deals: dict[str, list[Change]] = {}
    for line in lines:
        deals.setdefault(line.deal_id, []).append(line)
    return in_order(change for told in deals.values() for change in _net_of_deal(told))


def _net_of_deal(lines: list[Change]) -> Iterator[Change]:
    last = lines[-1]
    status = next((line for line in reversed(lines) if line.field == "status"), None)
    called_off = status if status and status.change == "called_off" else None
    fresh = next((line for line in lines if line.change == "new"), None)
    if fresh:
        yield replace(fresh, target=last.target, type=last.type)
        if called_off:
            yield replace(called_off, was=None, was_source=None, target=last.target, type=last.type)
        return
    moved: dict[str, tuple[Change, Change]] = {}
    for line in lines:
        field = line.field or ""
        moved[field] = (moved[field][0] if field in moved else line, line)
    for first, end in moved.values():
        if _bare(first.was) != _bare(end.now):
            yield replace(
                end, was=first.was, was_source=first.was_source, target=last.target, type=last.type,
                change="called_off" if end is called_off else "changed",
            )  # fmt: skip


def _bare(value: object) -> object:
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else value


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


def rows_between(
    lines: Iterable[Change], states: tuple[Iterable[Deal], Iterable[Deal]],
    topical: Callable[[Collection[str]], set[str]], *, any_topic: bool,
) -> list[Mapping[str, object]]:  # fmt: skip
    """Rows of what changed by the histories of most deals and two states of the others: what `Store.changes` gives.
    `topical` picks, of some deals, those of the AI industry.
    """
    before, after = (tuple(state) for state in states)
    told = in_order((*net(lines), *compare(before, after)))
    shown = {deal.id for deal in (*before, *after) if deal.ai}
    if not any_topic:
        shown |= topical({change.deal_id for change in told} - shown)
    return [change_row(change) for change in told if any_topic or change.deal_id in shown]


def money_value(money: Money) -> dict[str, object]:
    """A sum as JSON shows it: low, high, currency, qualifier, scale; numbers where they are known."""
    return {
        "low": money.low, "high": money.high, "currency": money.currency, "qualifier": money.qualifier,
        "scale": money.scale,
    }  # fmt: skip
