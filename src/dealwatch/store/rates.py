"""Rates of exchange as first seen: kept in the store, so that later readings give the same answers."""

from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal

from dealwatch.store.rows import UsdRate

_MOST = 20_000  # rates in hand, 5 MB: a claim's is asked for again with each deal that it is held against
_Rate = tuple[Decimal, date]


class Rates:
    """US dollars for one unit, by currency and day. It must not outlive a transaction that failed: see `forget`."""

    def __init__(self, connection: sqlite3.Connection, ask: UsdRate) -> None:
        self._connection, self._ask = connection, ask
        self._known: dict[tuple[str, date], _Rate | None] = {}

    def usd(self, currency: str, day: date) -> Decimal | None:
        """The rate alone; None where none is known."""
        found = self.find(currency, day)
        return found[0] if found else None

    def find(self, currency: str, day: date) -> _Rate | None:
        """The rate with the day that it is of."""
        if (currency, day) in self._known:
            return self._known[currency, day]
        if len(self._known) >= _MOST:
            self.forget()
        found = self._known[currency, day] = self._stored(currency, day)
        return found

    def forget(self) -> None:
        """Let go of what is in hand: the file may not hold it."""
        self._known.clear()

    def _stored(self, currency: str, day: date) -> _Rate | None:
        query = "SELECT usd, rate_day FROM rates WHERE currency = ? AND day = ?"
        known = self._connection.execute(query, (currency, day.isoformat())).fetchone()
        if known:
            return (Decimal(known["usd"]), date.fromisoformat(known["rate_day"])) if known["usd"] else None
        found = self._ask(currency, day)
        values = (str(found[0]), found[1].isoformat()) if found else (None, None)
        self._connection.execute("INSERT INTO rates VALUES (?, ?, ?, ?)", (currency, day.isoformat(), *values))
        return found
