"""A text that is nothing but a sum: there an article counts ("a dollar"), and a currency's name may stand first."""

from __future__ import annotations

from decimal import Decimal

from dealwatch.parser.currencies import Vocabulary
from dealwatch.parser.numbers import NUMBER, read_digits, read_spoken, split_words
from dealwatch.parser.sums import ONE, Sum
from dealwatch.parser.textwords import words_of

LONGEST = 48  # characters of such a text
_LED = 1000  # a number behind the name is below: "Euro 2024" is a tournament


def lone_sum(text: str, words: Vocabulary) -> Sum | None:
    """The sum that a short text is, None where it is none.

    >>> from dealwatch.lang import load
    >>> from dealwatch.parser.currencies import vocabulary
    >>> found = lone_sum("three quarters", vocabulary(load("en")))
    >>> found.value, found.currency
    (Decimal('0.75'), 'USD')
    """
    said = text.strip().rstrip(".")
    if not said or len(said) > LONGEST or "\n" in said:
        return None
    start = text.index(said)
    head, _, last = said.rpartition(" ")
    coin, unit = words.coins.get(last.lower()), _unit(said, words)
    if coin is not None:
        count = _count(head, words) if head else ONE
        return None if count is None else Sum(start, start + len(said), count * coin[0], ONE, coin[1], in_words=True)
    if unit is None:
        return None
    count, (code, parts) = unit
    return Sum(start, start + len(said), count / parts, ONE, code, in_words=True, cents=parts == 100)


def _unit(said: str, words: Vocabulary) -> tuple[Decimal, tuple[str, int]] | None:
    """The count and the currency of a text with a number or an article on one side, a currency's name on the other."""
    told = said.split(" ")
    for size in range(1, len(told)):
        before, behind = " ".join(told[:size]), " ".join(told[size:])
        for number, name in ((before, behind), (behind, before)):
            known = words.currencies.get(name.lower())
            count = _count(number, words) if known else None
            led = number is behind  # "dollari 4", but "Euro 2024"
            if known and count is not None and not (led and (not number[0].isdecimal() or count >= _LED)):
                return count, known
    return None


def _count(written: str, words: Vocabulary) -> Decimal | None:
    if NUMBER.fullmatch(written):
        return read_digits(written, words.decimal)
    told = [word for word in words_of(written) if word != "-"]
    if len(told) == 1 and told[0] in words.articles:
        return ONE if told[0] in words.units else None
    return read_spoken(split_words(told, words.compound), words.units, words.unit_joins, words.points)
