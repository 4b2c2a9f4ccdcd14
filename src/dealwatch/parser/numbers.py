"""Numbers as a text writes them, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

# Groups of three with one and the same mark ("1,250,000", "1 300", "1'000'000"), else a plain run; both may have
# decimals. What goes on with another mark and digit ("1.2.3", "12.06.2024") is no number.
NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:"
    r"\d{1,3}([ \u00a0\u2009\u202f'’.,])\d{3}(?:\1\d{3}){0,5}(?!\d)(?:(?!\1)[.,]\d{1,6}(?!\d))?"
    r"|\d{1,18}(?:[.,]\d{1,6})?"
    r")(?!\d)(?![.,]\d)"
)
_SPACES = re.compile(r"[ \u00a0\u2009\u202f'’]")


def read_digits(written: str, decimal_mark: str) -> Decimal:
    """The value of what `NUMBER` matched; a lone mark before three digits is decimal only if it is `decimal_mark`.

    >>> read_digits("1,250", "."), read_digits("1,250", ","), read_digits("3.500.000,5", ",")
    (Decimal('1250'), Decimal('1.250'), Decimal('3500000.5'))
    """
    plain = _SPACES.sub("", written)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return Decimal(plain)
    mark, whole, rest = plain[last], plain[:last], plain[last + 1 :]
    other = "," if mark == "." else "."
    groups = mark in whole or (len(rest) == 3 and mark != decimal_mark and other not in whole and whole != "0")
    if groups:
        return Decimal(plain.replace(mark, ""))
    return Decimal(f"{whole.replace(other, '')}.{rest}")


def read_words(words: Sequence[str], units: Mapping[str, int], joins: frozenset[str]) -> Decimal | None:
    """The value of number words in order, None where they make no number.

    A hundred or thousand multiplies what stands before it, a smaller word adds to it; twenty after a lone four is four
    twenties ("quatre-vingt-dix").
    """
    total, current, last = 0, 0, ""
    for word in words:
        value = units.get(word)
        if value is None:
            if word in joins and last:
                continue
            return None
        if value >= 1000:
            total, current = total + (current or 1) * value, 0
        elif value == 100:
            current = (current or 1) * 100
        elif value == 20 and current % 100 == 4:
            current += 76
        elif current % 100 == 0 or (current % 10 == 0 and value < 20):
            current += value
        else:
            return None
        last = word
    return Decimal(total + current) if last else None
