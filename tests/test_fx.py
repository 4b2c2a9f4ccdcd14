"""Rates: the same as the converter whose table we read, the nearest day before, and none that is stale."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from currency_converter import CurrencyConverter, RateNotFoundError
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.fx import STALE_DAYS, usd_rate

CONVERTER = CurrencyConverter(decimal=True, fallback_on_missing_rate=False)
FIRST, LAST = CONVERTER.bounds["USD"]


def converted(currency: str, day: date) -> Decimal | None:
    """The converter's own answer for the day or the nearest of the seven before."""
    for back in range(STALE_DAYS + 1):
        try:
            return round(CONVERTER.convert(Decimal(1), currency, "USD", day - timedelta(days=back)), 10)
        except RateNotFoundError:
            continue
    return None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CONVERTER.currencies)), st.dates(FIRST - timedelta(days=20), LAST + timedelta(days=20)))
def test_rates_are_the_converters(currency: str, day: date) -> None:
    if currency == "USD":
        return
    found = usd_rate(currency, day)
    assert (found[0] if found else None) == converted(currency, day)


@pytest.mark.parametrize(
    ("currency", "day", "rate_day"),
    [
        ("USD", date(2023, 1, 22), date(2023, 1, 22)),  # dollars need no rate
        ("EUR", date(2023, 1, 23), date(2023, 1, 23)),
        ("EUR", date(2023, 1, 22), date(2023, 1, 20)),  # Sunday: Friday's
        ("GBP", date(2024, 4, 1), date(2024, 3, 28)),  # Easter Monday: Thursday's
        ("AED", date(2023, 1, 23), None),  # the ECB has none
        ("JPY", date(1990, 1, 1), None),  # before the table
        ("EUR", LAST + timedelta(days=STALE_DAYS + 1), None),  # after it: stale
        ("RUB", date(2022, 6, 1), None),  # suspended in March 2022
    ],
)
def test_a_rate_comes_with_its_day(currency: str, day: date, rate_day: date | None) -> None:
    found = usd_rate(currency, day)
    assert (found[1] if found else None) == rate_day
