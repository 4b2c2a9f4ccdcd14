"""Numbers as a text writes them, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from unicodedata import numeric

# Groups of three with one and the same mark ("1,250,000", "1 300", "1'000'000"), else the Indian grouping
# ("12,34,567"), else a plain run; all may have decimals, a plain run a fraction ("2½", "2 1/2") or nothing else (".5").
# What goes on with another mark and digit ("1.2.3", "12.06.2024") is no number.
NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:"
    r"\d{1,3}([ \u00a0\u2009\u202f'’.,])\d{3}(?:\1\d{3}){0,5}(?!\d)(?:(?!\1)[.,]\d{1,6}(?!\d))?"
    r"|\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d{1,6})?"
    r"|(?<![/\w])(?:1/[248]|[357]/8|3/4)(?![/\d])"
    r"|\d{1,18}(?:[.,]\d{1,6})?(?:\s?[¼-¾⅐-⅞]|[ -](?:1/[248]|3/[48])(?![/\d]))?"
    r"|(?<![\w.,)])\.\d{1,6}|[¼-¾⅐-⅞]"
    r")(?!\d)(?![.,]\d)"
)
# A set of characters is what a search is fast for; a dot needs a digit behind it.
_START = re.compile(r"[\d.¼-¾⅐-⅞](?:(?<!\.)|(?=\d))\d{0,99}")
_FRACTION = re.compile(r"[¼-¾⅐-⅞]|(?<!\d)\d/\d")
_WIDE = re.compile(r"[\uff00-\uffef]")
_WIDE_MARK = re.compile(r"(?<=[0-9\uff10-\uff19])[\uff0c\uff0e](?=[0-9\uff10-\uff19])")  # elsewhere they part clauses
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW_SIGNS: dict[int, int | str] = {
    **{code: new for code, new in _NARROW.items() if chr(new).isalnum() or chr(new) in "$%+-/~<>"},
    0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩",
}  # fmt: skip
_SPACES = re.compile(r"[ \u00a0\u2009\u202f'’]")


def most_numbers(text: str) -> int:
    """How many numbers of a text are read: far more than any story has, so that a text of nothing else costs no more.

    >>> most_numbers("x" * 1_000_000)
    5000
    """
    return 1_000 + len(text) // 250


def find_numbers(text: str) -> Iterator[re.Match[str]]:
    """What `NUMBER` finds in a text, at half of what it costs to try it everywhere.

    >>> [match.group() for match in find_numbers("1,250 and .5, 3.5bn, v1.2.3, x.7, 2½")]
    ['1,250', '.5', '3.5', '7', '2½']
    """
    end = 0
    for start in islice(_START.finditer(text), 8 * most_numbers(text)):
        at = start.start()
        if at < end:
            continue
        match = NUMBER.match(text, at) or (None if text[at].isdigit() else NUMBER.match(text, at + 1))
        if match is not None:
            end = match.end()
            yield match


def read_digits(written: str, decimal_mark: str) -> Decimal:
    """The value of what `NUMBER` matched; a lone mark before three digits is decimal only if it is `decimal_mark`.

    >>> read_digits("1,250", "."), read_digits("1,250", ","), read_digits("3.500.000,5", ",")
    (Decimal('1250'), Decimal('1.250'), Decimal('3500000.5'))
    """
    if written.isdecimal():
        return Decimal(written)
    fraction = _FRACTION.search(written)
    if fraction:
        whole = written[: fraction.start()].strip(" -\u00a0\u2009\u202f")
        return (read_digits(whole, decimal_mark) if whole else Decimal(0)) + _read_fraction(fraction.group())
    plain = _SPACES.sub("", written)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return Decimal(plain)
    mark, whole, rest = plain[last], plain[:last], plain[last + 1 :]
    other = "," if mark == "." else "."
    lone = len(rest) == 3 and other not in whole and whole not in ("", "0")
    groups = mark in whole or (lone and (mark != decimal_mark or rest == "000"))  # nobody measures to "5.000"
    if groups:
        return Decimal(plain.replace(mark, ""))
    return Decimal(f"{whole.replace(other, '') or 0}.{rest}")


def _read_fraction(written: str) -> Decimal:
    if "/" in written:
        above, below = written.split("/")
        return Decimal(above) / Decimal(below)
    return Decimal(str(round(numeric(written), 6)))


def narrow(text: str) -> str:
    """The text at its own length with full-width digits, letters and signs written as usual ones.

    >>> narrow("＄５ million, １，２００")
    '$5 million, 1,200'
    """
    if not _WIDE.search(text):
        return text
    return _WIDE_MARK.sub(lambda mark: mark.group().translate(_NARROW), text).translate(_NARROW_SIGNS)


def split_words(words: Sequence[str], compound: re.Pattern[str] | None) -> list[str]:
    """The words with each number that is written as one cut into those it is made of; `compound` matches one of them.

    >>> split_words(["zweihunderttausend", "elf"], re.compile("zwei|hundert|tausend"))
    ['zwei', 'hundert', 'tausend', 'elf']
    """
    found: list[str] = []
    for word in words:
        parts = compound.findall(word) if compound else ()
        found.extend(parts if "".join(parts) == word else [word])
    return found


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


def read_spoken(
    words: Sequence[str], units: Mapping[str, int], joins: frozenset[str], points: frozenset[str]
) -> Decimal | None:
    """The value of number words that may have decimals ("two point two five"), None where they make no number.

    >>> units = {"two": 2, "five": 5, "twenty": 20}
    >>> read_spoken(["two", "point", "two", "five"], units, frozenset(), frozenset({"point"}))
    Decimal('2.25')
    """
    at = next((index for index, word in enumerate(words) if word in points), None)
    if at is None:
        return read_words(words, units, joins)
    whole, digits = read_words(words[:at], units, joins), [units.get(word, 10) for word in words[at + 1 :]]
    if whole is None or not digits:
        return None
    if max(digits) < 10:
        return Decimal(f"{whole}.{''.join(map(str, digits))}")
    rest = read_words(words[at + 1 :], units, joins)
    return None if rest is None else Decimal(f"{whole}.{rest}")
