"""The store: what was read, what was claimed, and the deals that follow.

`Store` reads (plain sqlite3, read-only); `dealwatch.store.writing.Writer` writes. Reading imports nothing that writes.
"""

from __future__ import annotations

from dealwatch.store.reading import DEAL_COLUMNS, DealQuery, Store
from dealwatch.store.values import Clock

__all__ = ["DEAL_COLUMNS", "Clock", "DealQuery", "Store"]
