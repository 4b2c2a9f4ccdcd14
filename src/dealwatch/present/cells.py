"""One value as text, for people and for machines; whatever an article says, it is text and never a command.

Articles are cleaned where they are stored; what is printed is cleaned again here, since a store may come from elsewhere
and a terminal obeys what it is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite

from dealwatch.present.money import show_money

# Control characters, marks that turn the direction of writing, halves of surrogate pairs. Tab and line ends are white
# space and are dealt with by each format. Compiled where they are first needed: every start would pay 3 ms for them.
_UNSAFE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
_BREAKS = "[\t\n\x0b\x0c\r\x85\u2028\u2029]{1,9}"
_JSON_UNSAFE = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet takes for a formula, full width included
_CLOCK = r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)"


def clean(text: str) -> str:
    """The text without anything that a terminal would obey; line breaks stay, as "\\n" all of them."""
    if text.isprintable():
        return text
    return re.sub(_UNSAFE, "", text.replace("\r\n", "\n").replace("\r", "\n"))


def flatten(text: str) -> str:
    """The text on one line, clean: tabs and line breaks become a space.

    >>> flatten("a\\tb\\r\\nc \\x1b[31mred")
    'a b c [31mred'
    """
    return text if text.isprintable() else clean(re.sub(_BREAKS, " ", text))


def show_time(value: datetime | str) -> str:
    """A time to the minute, in UTC, for people: "2023-01-23 17:40"."""
    if isinstance(value, datetime):
        value = (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    match = re.match(_CLOCK, value)
    return f"{match[1]} {match[2]}" if match else value


def _iso(value: datetime | date) -> str:
    """A day or time in ISO 8601; one in UTC ends in Z, as those do that come from the store."""
    text = value.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def to_json(value: object) -> object:
    """The value in what JSON knows: numbers as numbers, times in ISO 8601, lists as lists."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime | date):
        return _iso(value)
    if isinstance(value, float):
        return value if isfinite(value) else None  # JSON has no NaN
    if isinstance(value, Mapping):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(part) for part in value]
    return value


def dump_json(value: object, indent: int | None = None) -> str:
    """The value as JSON; letters stay letters, what a terminal or a line reader would obey is escaped.

    >>> dump_json({"title": "Société \\x9b2J", "amount": Decimal("1E+10")})
    '{"title": "Société \\\\u009b2J", "amount": 10000000000}'
    """
    text = json.dumps(to_json(value), ensure_ascii=False, indent=indent, allow_nan=False)
    return re.sub(_JSON_UNSAFE, lambda match: f"\\u{ord(match[0]):04x}", text)


def _is_money(value: Mapping[object, object]) -> bool:
    return "qualifier" in value and "currency" in value


def to_text(value: object) -> str:
    """The value as the text of a CSV or TSV cell: lists joined by "; ", nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):  # nine of ten cells
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(_number(value), "d") if value == value.to_integral_value() else format(value.normalize(), "f")
    if isinstance(value, float):
        return format(value, ".15g") if not value.is_integer() or abs(value) >= 1e15 else format(int(value), "d")
    if isinstance(value, Mapping):
        return show_money(value) if _is_money(value) else dump_json(value)
    if isinstance(value, Sequence):
        return "; ".join(to_text(part) for part in value)
    if isinstance(value, datetime | date):
        return _iso(value)
    return clean(str(value))


def defuse(value: object, text: str) -> str:
    """A text cell that a spreadsheet would run, with an apostrophe before it; numbers stay as they are.

    >>> defuse("=1+1", "=1+1"), defuse(-5, "-5")
    ("'=1+1", '-5')
    """
    if isinstance(value, int | float | Decimal) or not text.startswith(_FORMULA):
        return text
    return f"'{text}"
