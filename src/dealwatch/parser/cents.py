"""What stands behind a whole number of a currency: cents in words or a half ("cinq euros vingt", "2 euro e mezzo")."""

from __future__ import annotations

import re
from decimal import Decimal

from dealwatch.parser.currencies import Vocabulary
from dealwatch.parser.numbers import read_words, split_words
from dealwatch.parser.sums import Sum
from dealwatch.parser.textwords import TOKEN, words_before

_PRICE = 1000  # from here on nobody tells the cents
_REACH = 32  # longest cents in words with their join
_ENDED = re.compile(r"\s{0,2}(?:\Z|[.,;:!?)\"»”]|\n)(?!\d)")


def add_cents(text: str, item: Sum, words: Vocabulary) -> Sum:
    """The sum with what a half or cents without their name add to it; itself, changed, or as it was."""
    whole = item.scale == 1 and item.value is not None and 0 < item.value < _PRICE and item.value == int(item.value)
    if not whole or not item.currency or item.cents or not text[item.end - 1].isalpha():
        return item
    if text[item.end : item.end + 1] not in " \u00a0\u202f" or not text[item.end + 1 : item.end + 2].isalnum():
        return item
    ahead = list(TOKEN.finditer(text, item.end, item.end + _REACH))
    told = tuple([match.group().lower().replace("’", "'") for match in ahead])
    half = words.and_fractions.after(told)
    if half and isinstance(half[0], Decimal):
        item.value, item.end = (item.value or 0) + half[0], ahead[half[1] - 1].end()
        return item
    joined = told[0] in words.cents_joins
    for size in range(min(4, len(told)), joined, -1):
        value = _cents(told[joined:size], words, joined=joined)
        end = ahead[size - 1].end()
        if value and _ENDED.match(text, end) and not words.range_opens.before(words_before(text, item.start)):
            item.value, item.end = (item.value or 0) + value / 100, end
            break
    return item


def _cents(told: tuple[str, ...], words: Vocabulary, *, joined: bool) -> Decimal | None:
    """Two digits behind a join ("5 euro e 20"), or a number in words below a hundred."""
    if joined and len(told) == 1 and told[0].isdecimal() and len(told[0]) == 2:
        return Decimal(told[0])
    if any(word.isdecimal() or word in words.articles for word in told):
        return None
    parts = split_words([word for word in told if word != "-"], words.compound)
    value = read_words(parts, words.units, words.unit_joins)
    return value if value is not None and 10 <= value < 100 else None
