"""Sums of money as people write them: ``$10.0bn ~``, ``€600m``, ``$5bn+``, ``up to $40bn``, ``multi-billion $``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_SYMBOLS = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "CNY": "CN¥", "CAD": "C$",
    "AUD": "A$", "HKD": "HK$", "SGD": "S$", "NZD": "NZ$", "TWD": "NT$", "BRL": "R$",
}  # fmt: skip
_UNITS = ((Decimal(10**12), "tn"), (Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))
_NAMES = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
_CENT = Decimal("0.01")


def _read(value: object) -> Decimal | None:
    """A number however a row holds it, None for none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _round(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_UP)


def _scaled(number: Decimal) -> tuple[Decimal, str]:
    """The number in its unit, rounded to two places: 999,999,999 is 1 bn and not 1000 m."""
    for size, unit in _UNITS:
        if _round(abs(number) / (size / 1000)) >= 1000 or abs(number) >= size:
            return _round(number / size), unit
    return _round(number), ""


def _digits(number: Decimal, places: int = 0) -> str:
    """Without zeros at its end, but with so many places at least, thousands parted by commas."""
    whole, _, rest = format(number, ",f").partition(".")
    rest = rest.rstrip("0").ljust(places, "0")
    return f"{whole}.{rest}" if rest else whole


def show_number(number: Decimal, places: int = 0) -> str:
    """A number with its unit: "10bn", "600m", "1.25m", "12.5k", "999"; billions with so many places at least.

    >>> show_number(Decimal(999_999_999)), show_number(Decimal("12500000"))
    ('1bn', '12.5m')
    """
    scaled, unit = _scaled(number)
    return _digits(scaled, places if unit in ("bn", "tn") else 0) + unit


def _before(currency: str | None) -> str:
    """What stands before the number: a sign, or the code and a space."""
    if not currency:
        return ""
    return _SYMBOLS.get(currency, f"{currency} ")


def _show_vague(scale: Decimal | None, currency: str | None) -> str:
    sign = _SYMBOLS.get(currency or "", currency or "")
    power = scale.adjusted() if scale is not None and scale > 0 else 0
    step = power % 3
    name = _NAMES.get(power - step)
    if name is None:
        return f"undisclosed {sign}".strip()
    how_many = {0: f"multi-{name}", 1: f"tens of {name}s", 2: f"hundreds of {name}s"}[step]
    return f"{how_many} {sign}".strip()


def _show_range(low: Decimal, high: Decimal, sign: str) -> str:
    (a, unit), (b, unit_high) = _scaled(low), _scaled(high)
    first = _digits(a) + ("" if unit == unit_high else unit)
    return f"{sign}{first}–{_digits(b)}{unit_high}"


def show_money(money: Mapping[object, object] | Mapping[str, object]) -> str:
    """A sum for people, from its low, high, currency, qualifier and scale; "" where there is none.

    >>> show_money({"low": 10_000_000_000, "high": 10_000_000_000, "currency": "USD", "qualifier": "approx"})
    '$10.0bn ~'
    >>> show_money({"low": None, "high": 40_000_000_000, "currency": "USD", "qualifier": "at_most"})
    'up to $40bn'
    """
    values: dict[object, object] = dict(money.items())
    low, high = _read(values.get("low")), _read(values.get("high"))
    currency = str(values["currency"]) if values.get("currency") else None
    qualifier, sign = values.get("qualifier"), _before(currency)
    if qualifier == "vague" or (low is None and high is None and qualifier):
        return _show_vague(_read(values.get("scale")), currency)
    if low is not None and high is not None and low != high:
        return _show_range(low, high, sign)
    if low is None:
        return f"up to {sign}{show_number(high)}" if high is not None else ""
    if high is None:
        return f"{sign}{show_number(low)}+"
    # One decimal at least for rounded billions, so that "about 10" and "about 10.5" stand under each other.
    return f"{sign}{show_number(low, 1)} ~" if qualifier == "approx" else f"{sign}{show_number(low)}"
