"""Numbers whose scales multiply by ten thousands and whose digits are figures or characters: one run of them, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, eq=False)
class Numerals:
    """The numerals of a pack, compiled."""

    run: re.Pattern[str]  # a number with its scales
    token: re.Pattern[str]
    vague: re.Pattern[str]
    left: re.Pattern[str]  # sign, code or word right before a number
    left_ends: frozenset[str]  # the characters with which such a one ends
    hedge_ends: frozenset[str]  # those with which a hedge ends
    joined: re.Pattern[str]  # what stands between a number and another that names the currency for both
    tail: re.Pattern[str]
    starts: frozenset[str]  # the characters with which a currency, a scale or such a joint begins
    right: re.Pattern[str]  # scale in letters, currency and its parts right after
    counted: re.Pattern[str]  # what shows a number to be a count or a date
    not_sums: frozenset[str]
    cues: re.Pattern[str]  # what shows a number without a currency to be money
    signs: Mapping[str, str]
    tails: Mapping[str, int]
    values: Mapping[str, Decimal]
    digits: str
    tens: str
    generic: frozenset[str]  # currency words that a second one may name: "10 yuan renminbi"
    elides: bool  # a last digit stands for tenths of the unit before it


@dataclass(slots=True)
class Count:
    """A numeral while it is read, token by token."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)  # below the next myriad
    digit: Decimal | None = None
    spelled: bool = False  # the digit is written in characters
    ten: Decimal = Decimal(0)  # the last ten, hundred or thousand of the section
    myriad: Decimal = Decimal(0)
    power: Decimal = _ONE  # the scales since the last digit
    unit: Decimal = _ONE  # the last scale
    vague: bool = False
    more: bool = False
    began: bool = False
    places: int = 0  # digits after the point, and one
    last: str = field(default="")

    def take(self, kind: str, value: Decimal) -> bool:
        """Whether the numeral goes on with that token; if so, it is taken in."""
        takers = {
            "n": self._digits, "d": self._digits, "v": self._some, "t": self._ten, "m": self._myriad, "p": self._point,
        }  # fmt: skip
        good = takers[kind](value, spelled=kind == "d")
        if good:
            self.began, self.last = True, kind
        return good

    def _point(self, value: Decimal, *, spelled: bool) -> bool:
        good = self.digit is not None and not self.places and not self.vague
        self.places = 1 if good else self.places
        return good

    def _digits(self, value: Decimal, *, spelled: bool) -> bool:
        if self.places and self.digit is not None:
            return self._decimals(value)
        if self.more or (self.digit is not None and not (spelled and self.spelled)):
            return False
        self.digit = value if self.digit is None else self.digit * 10 + value
        self.spelled, self.power = spelled, _ONE
        return True

    def _decimals(self, value: Decimal) -> bool:
        """Digits after the point, one by one or in figures."""
        self.places += max(1, value.adjusted() + 1)
        self.digit = (self.digit or 0) + value.scaleb(1 - self.places)
        return True

    def _some(self, value: Decimal, *, spelled: bool) -> bool:
        if self.digit is not None:
            return False
        self.digit, self.vague, self.spelled, self.power = value, True, False, _ONE
        return True

    def _ten(self, value: Decimal, *, spelled: bool) -> bool:
        if self.ten and value >= self.ten:
            return False
        self.section += (_ONE if self.digit is None else self.digit) * value
        self.power *= value if self.began else 1  # no neighbour shares a lone ten: "五至十美元"
        self.digit, self.ten, self.unit, self.places = None, value, value, 0
        return True

    def _myriad(self, value: Decimal, *, spelled: bool) -> bool:
        if self.myriad and value >= self.myriad:
            return False
        if self.digit is None and not self.section:
            if self.began:
                return False
            self.digit = _ONE
        self.total += (self.section + (self.digit or 0)) * value
        self.section, self.digit, self.ten, self.places = Decimal(0), None, Decimal(0), 0
        self.myriad, self.unit = value, value
        self.power *= value
        return True

    def value(self, *, elides: bool, spoken: bool) -> Decimal:
        """What the numeral comes to; `spoken`: its last digit is one character right after a unit."""
        digit = self.digit or Decimal(0)
        if elides and spoken and self.last == "d" and self.unit >= 100:
            digit *= self.unit / 10
        return self.total + self.section + digit


def read_run(written: str, numerals: Numerals) -> tuple[Count, int, bool] | None:
    """The number that a run begins with, where it ends, and whether its last digit stands right after a unit."""
    count, end, before = Count(), 0, ""
    spoken = False
    for match in numerals.token.finditer(written):
        kind, word = str(match.lastgroup), match.group()
        if kind == "x":
            count.more, end = True, match.end()
            continue
        if kind == "s":
            kind = "t" if word in numerals.tens else "d"
        value = Decimal(word.replace(",", "")) if kind == "n" else numerals.values.get(word, _ONE)
        spoken = kind == "d" and before in ("t", "m")
        if not count.take(kind, value):
            break
        before, end = kind, match.end()
    return (count, end, spoken) if count.began else None


def read_part(word: str, numerals: Numerals) -> Decimal:
    """The value of a short number, as stands before a part of a currency."""
    found = None if word.isdecimal() else read_run(word, numerals)
    return found[0].value(elides=False, spoken=False) if found else Decimal(word)
