"""Claims to deals: which stories tell the same deal, and what stands when they disagree.

Pure and deterministic. Claims are taken in order of publication, whatever the order in which they arrived, and each
either joins a deal that its block already holds or begins one; so the deals as of any time are those of the claims
published up to then. docs/design.md tells the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealwatch.resolve.blocks import block_of, first_word, joined_by
from dealwatch.resolve.claims import FAMILIES, Rate, deal_id, no_rate, order, origin_of, short_hash, told_day
from dealwatch.resolve.facts import Facts, fold
from dealwatch.resolve.history import FIELDS, Telling, changes_between, history, make_change, supporting
from dealwatch.resolve.names import NO_NAMES, Names, parties_of

if TYPE_CHECKING:
    from dealwatch.resolve.deals import resolve, resolve_block
    from dealwatch.resolve.group import Group

__all__ = [
    "FAMILIES", "FIELDS", "NO_NAMES", "RULES", "Facts", "Group", "Names", "Rate", "Telling", "block_of",
    "changes_between", "deal_id", "first_word", "fold", "history", "joined_by", "make_change", "no_rate", "order",
    "origin_of", "parties_of", "resolve", "resolve_block", "short_hash", "supporting", "told_day",
]  # fmt: skip

RULES = "6"  # of resolving: a store whose deals other rules made makes them anew when it is written next


def __getattr__(name: str) -> object:
    """What groups claims, imported when it is first asked for: who shows a deal that is known does without."""
    if name in ("resolve", "resolve_block"):
        from dealwatch.resolve import deals

        return getattr(deals, name)
    if name == "Group":
        from dealwatch.resolve.group import Group

        return Group
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
