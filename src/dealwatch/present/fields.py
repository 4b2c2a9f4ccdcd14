"""What the values of a column are, for the files whose cells have types: workbooks, Parquet.

A column that is not named here is text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from dealwatch.present.cells import clean, to_text
from dealwatch.present.columns import Listing

FieldType = Literal["text", "list", "integer", "number", "fraction", "day", "time", "flag", "link"]

_TYPES: Mapping[str, FieldType] = {
    **dict.fromkeys(("investors", "lead_investors", "sources", "authors"), "list"),
    **dict.fromkeys(
        ("confirmations", "start", "end", "revision", "characters", "deals", "quotes"), "integer"
    ),
    **dict.fromkeys(
        ("amount_low", "amount_high", "amount_scale", "amount_usd", "valuation_low", "valuation_high",
         "valuation_scale"), "number",
    ),
    **dict.fromkeys(("stake_pct", "confidence"), "fraction"),
    **dict.fromkeys(("completed_on", "fx_date"), "day"),
    **dict.fromkeys(("first_seen", "last_seen", "published_at", "observed_at", "at", "fetched"), "time"),
    **dict.fromkeys(("closed", "main", "paywalled", "lead"), "flag"),
    **dict.fromkeys(("best_source_url", "url", "canonical_url"), "link"),
}  # fmt: skip
# A deal has a day, an article and a quote a time; a claim has what its story says, which may be a month.
_DATES: Mapping[str, FieldType] = {"deals": "day", "parties": "day", "articles": "time", "quotes": "time"}


def type_of(listing: Listing, column: str) -> FieldType:
    """The type of a column's values; of one that is shown for people ("amount") text.

    >>> from dealwatch.present.columns import DEALS
    >>> type_of(DEALS, "date"), type_of(DEALS, "investors"), type_of(DEALS, "round")
    ('day', 'list', 'text')
    """
    if column not in listing.keys:
        return "text"
    if column == "date":
        return _DATES.get(listing.name, "text")
    return _TYPES.get(column, "text")


# -- a row's value as a cell with a type ----------------------------------------------------------------------------


def read_text(value: object) -> str | None:
    """A value as clean text, None where there is none."""
    return None if value is None else to_text(value)


def read_list(value: object) -> list[str]:
    """The texts of a list; one value is a list of one."""
    if value is None:
        return []
    many = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [clean(str(part)) for part in many]


def read_number(value: object) -> float | None:
    """A number; None for what is none."""
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None


def read_integer(value: object) -> int | None:
    """A whole number; None for what is none."""
    found = read_number(value)
    return None if found is None or found != found else int(found)


def read_day(value: object) -> date | None:
    """The day of an ISO text; None for what is none, or for a month or a year alone.

    >>> read_day("2026-02-24"), read_day("2026-02")
    (datetime.date(2026, 2, 24), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return None if value is None else date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def read_time(value: object) -> datetime | None:
    """The aware time of an ISO text, in UTC; None for what is none."""
    if value is None:
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def read_flag(value: object) -> bool | None:
    """A yes or no, None where it is open."""
    return None if value is None else bool(value)


READERS: Mapping[FieldType, Callable[[object], object]] = {
    "text": read_text, "link": read_text, "list": read_list, "integer": read_integer, "number": read_number,
    "fraction": read_number, "day": read_day, "time": read_time, "flag": read_flag,
}  # fmt: skip
