"""The plain values of the store's columns: times, sums, lists of parameters. Light: every listing reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

Row = dict[str, object]
Clock = Literal["published", "observed"]


def stamp(at: datetime) -> str:
    """A time as stored: UTC, whole seconds, fixed width, so that text order is time order."""
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def moment(text: str) -> datetime:
    """A stored time as an aware datetime."""
    return datetime.fromisoformat(text)


def number(value: Decimal | None) -> int | float | None:
    """A decimal as SQLite keeps it: an integer where it is whole, so that no digit of a sum is lost."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def decimal(value: object) -> Decimal | None:
    """The decimal that `number` stored."""
    return None if value is None else Decimal(str(value))


def marks(count: int) -> str:
    """So many parameters of a statement."""
    return ", ".join("?" * count)


def chunks(items: Sequence[str], size: int = 500) -> Iterator[list[str]]:
    """The items in lists of a size that a statement takes as parameters (999 before SQLite 3.32)."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
