"""Exchange rates of the European Central Bank, offline: what a sum was worth in US dollars on its day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, cast

STALE_DAYS = 7  # a rate older than this stands for nothing (the longest bank holiday of the ECB is five days)


class _Converter(Protocol):
    currencies: set[str]

    def convert(self, amount: Decimal, currency: str, new_currency: str, date: date) -> Decimal: ...


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    from currency_converter import CurrencyConverter  # 0.3 s: it reads 27 years of rates, so only where a sum needs one

    return cast(_Converter, CurrencyConverter(decimal=True, fallback_on_missing_rate=False))


@lru_cache(maxsize=4096)
def usd_rate(currency: str, day: date) -> tuple[Decimal, date] | None:
    """US dollars for one unit of a currency, with the day of the rate: the day asked for or the nearest one before.

    None where the ECB has no rate, or none within seven days before. Source: ECB euro foreign exchange reference rates,
    as shipped with CurrencyConverter.

    >>> usd_rate("USD", date(2023, 1, 23))
    (Decimal('1'), datetime.date(2023, 1, 23))
    >>> usd_rate("GBP", date(2023, 1, 22))[1]
    datetime.date(2023, 1, 20)
    >>> usd_rate("AED", date(2023, 1, 23)) is None
    True
    """
    if currency == "USD":
        return Decimal(1), day
    if currency not in _converter().currencies:
        return None
    for back in range(STALE_DAYS + 1):
        rate = _rate_of(currency, day - timedelta(days=back))
        if rate is not None:
            return rate, day - timedelta(days=back)
    return None


def _rate_of(currency: str, day: date) -> Decimal | None:
    from currency_converter import RateNotFoundError

    try:
        return round(_converter().convert(Decimal(1), currency, "USD", day), 10)
    except RateNotFoundError:
        return None
