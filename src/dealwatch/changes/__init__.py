"""What changed between two states of the deals. Pure.

`lines` reads the histories that are kept; `states` compares two states, for which it needs the resolver: it is imported
when it is first asked for, since most readers do without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealwatch.changes.lines import CHANGE_COLUMNS, in_order, net

if TYPE_CHECKING:
    from dealwatch.changes.states import change_row, change_rows, compare, money_value
    from dealwatch.resolve import FIELDS, history

__all__ = [
    "CHANGE_COLUMNS", "FIELDS", "change_row", "change_rows", "compare", "history", "in_order", "money_value", "net",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """A name of `states`, or of the resolver's histories."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("FIELDS", "history"):
        from dealwatch import resolve

        return getattr(resolve, name)
    from dealwatch.changes import states

    return getattr(states, name)
