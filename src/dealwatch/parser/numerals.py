"""Sums in scripts without spaces, whose numerals mix digits with characters and scale by ten thousands.

All words are the pack's: ``[amounts.numerals]`` names the digits, the tens, the myriads and what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from dealwatch.lang import UNKNOWN, Pack, load
from dealwatch.parser.currencies import Vocabulary, vocabulary
from dealwatch.parser.myriads import Count, Numerals, read_part, read_run
from dealwatch.parser.numbers import most_numbers
from dealwatch.parser.sums import Sum
from dealwatch.parser.textwords import words_before

_ONE = Decimal(1)
_SPACE = r"[ \u00a0\u3000]{0,2}"
_GAP = r"[ \u00a0\u3000]{0,3}"
_LEFT_WINDOW = 16  # longest currency before a number with its spaces
_MYRIAD = 10_000
_DOUBTFUL = 1000  # a number below makes no money of a word that is another, too
_LONGEST = 40  # characters of a number: none is written with more
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}  # the comma parts clauses too
_FULL_WIDTH |= {0xFFE1: 0xA3, 0xFFE5: 0xA5, 0xFFE6: 0x20A9}
_FULL_COMMA = re.compile(r"(?<=[\uff10-\uff19])\uff0c(?=[\uff10-\uff19]{3})")
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,8})?(?![0-9])|[0-9]{1,30}(?:\.[0-9]{1,8})?"


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; one in Latin letters ends where they do."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    ends = (r"(?![A-Za-z])" if word[-1:].isascii() and word[-1:].isalpha() else "" for word in ordered)
    return "|".join(re.escape(word) + end for word, end in zip(ordered, ends, strict=True)) or "(?!)"


@lru_cache(maxsize=16)
def numerals_of(pack: Pack) -> Numerals | None:
    """The numerals of a pack; None for a language that writes its numbers with spaces and digits alone.

    >>> numerals_of(load("en")) is None
    True
    """
    own = pack.section("amounts")
    table = own.get("numerals")
    if not table:
        return None
    digits, tens, myriads = table["digits"], table["tens"], table["myriads"]
    small, large = re.escape("".join([*digits, *tens])), _any(myriads)
    point = rf"(?<=[0-9{small}])(?:{_any(table.get('point', ()))})(?=[0-9{small}])"
    vague, more, fill = _any(table.get("vague", ())), _any(table.get("more", ())), _any(table.get("fill", ()))
    unit = rf"(?:[{re.escape(''.join(tens))}]|{large})"
    values = {word: Decimal(value) for word, value in digits.items()}
    values |= {word: Decimal(10) ** power for word, power in (*tens.items(), *myriads.items())}
    bare = load(UNKNOWN).section("amounts")
    known = vocabulary(pack).currencies
    names = [*own["currencies"], *(name for name in known if not name.isascii() and len(name) > 1)]
    signs, joints = re.escape("".join(bare["signs"])), _any([*own.get("range", ()), *own.get("elision", ())])
    return Numerals(
        run=re.compile(
            rf"(?:(?:{vague})(?={unit})|(?<![0-9])(?<![0-9][.,])(?:{_DIGITS})(?![.,]?[0-9])|[{small}]|{large})"
            rf"(?:(?:{_SPACE}|{fill}){unit}|(?<![0-9])(?:{_DIGITS})|[{small}]"
            rf"|{point}|(?:{more}|{vague})(?={_SPACE}{unit})){{0,40}}"
        ),
        token=re.compile(rf"(?P<n>{_DIGITS})|(?P<m>{large})|(?P<s>[{small}])|(?P<v>{vague})|(?P<x>{more})|(?P<p>{point})"),
        vague=re.compile(vague),
        starts=_starts(own, table, bare, names),
        left=_left(table, bare),
        left_ends=frozenset({word[-1] for word in (*table.get("before", ()), *bare["signs"])} | set(" \u00a0\u3000:")),
        hedge_ends=frozenset(word[-1] for words in own.get("hedges", {}).values() for word in words),
        joined=re.compile(rf"\s{{0,2}}(?:{joints})\s{{0,2}}[0-9{small}{signs}]"),
        tail=re.compile(rf"(.{{1,3}}?)({_any(table.get('tails', ()))})"),
        right=_right(own, table, bare, names, small, more),
        counted=re.compile(rf"{_SPACE}(?:[A-Za-z%0-9]|{_any(table.get('counters', ()))})"),
        not_sums=frozenset(table.get("not_sums", ())),
        cues=re.compile(rf"(?:{_any(table.get('cues', ()))})\Z"),
        signs={**bare["signs"], **own.get("signs", {})},
        tails=table.get("tails", {}),
        values=values,
        digits="".join(digits),
        tens="".join(tens),
        generic=frozenset(table.get("generic", ())),
        elides=bool(table.get("elides", False)),
    )


Table = Mapping[str, Mapping[str, Iterable[str]]]


def _codes(bare: Table) -> str:
    return _any([*bare["codes"]["codes"], *bare["codes"]["lower"], *bare["marks"]])


def _left(table: Mapping[str, Iterable[str]], bare: Table) -> re.Pattern[str]:
    prefixes, signs = _any(bare["prefixes"]), re.escape("".join(bare["signs"]))
    return re.compile(
        rf"(?:(?<![A-Za-z])(?P<prefix>(?i:{prefixes}))\s?)?(?P<sign>[{signs}])\s{{0,2}}\Z"
        rf"|(?<![A-Za-z])(?P<code>{_codes(bare)})\s{{0,2}}\Z"
        rf"|(?P<word>{_any(table.get('before', ()))})[:\s]{{0,2}}\Z"
    )


def _starts(
    own: Table, table: Mapping[str, Iterable[str]], bare: Table, names: Iterable[str]
) -> frozenset[str]:
    words = [*names, *(word for key in ("scales", "range", "elision") for word in own.get(key, ()))]
    words += [*table.get("more", ()), *bare["codes"]["codes"]]
    words += [word for key in ("signs", "prefixes", "short_scales", "marks") for word in bare[key]]
    return frozenset(char for word in words for char in (word[0].lower(), word[0].upper())) | set(" \u00a0\u3000")


def _right(
    own: Table, table: Mapping[str, Iterable[str]], bare: Table, names: Iterable[str], small: str, more: str
) -> re.Pattern[str]:
    words = _any(names)
    lone, other = _any(table.get("lone", ())), _any(table.get("not_after", ()))
    longer = _any(name for name in names if len(name) > 1 and name[0] in table.get("lone", ()))  # "七块钱"
    short, scales = _any(bare["short_scales"]), _any(own.get("scales", {}))
    signs, prefixes, tails = re.escape("".join(bare["signs"])), _any(bare["prefixes"]), _any(table.get("tails", ()))
    lone_end = f"[{''.join(word[-1] for word in table.get('lone', ()))}]" if table.get("lone") else "(?!)"
    return re.compile(
        rf"(?:{_SPACE}(?P<scale>(?i:{scales}))|(?P<short>(?i:{short})))?(?P<more>{more})?"
        rf"(?:{_GAP}(?!{other})(?:(?P<lone>{lone})(?:(?![^\W\d_])|(?=(?:[0-9]|[{small}])(?:{tails}|(?![^\W_]))))|(?:(?={longer})|(?!(?:{lone})[^\W\d_]))(?P<word>(?i:{words}))"
        rf"(?P<second>{words})?|(?P<code>{_codes(bare)})"
        rf"|(?<![\s])(?P<before>{prefixes})?(?P<sign>[{signs}])(?!\d))"
        rf"(?P<tail>(?:(?:[0-9]{{1,2}}|[{small}]{{1,3}})(?:{tails})){{0,2}})"
        rf"(?P<tenth>(?<={lone_end})(?:[0-9]|[{small}])(?![^\W_.]))?)?"
    )


def _tail(written: str | None, numerals: Numerals) -> Decimal:
    """What the parts of a currency after it add: five tenths, two hundredths."""
    if not written:
        return Decimal(0)
    found = numerals.tail.findall(written)
    return sum((read_part(number, numerals) / numerals.tails[part] for number, part in found), Decimal(0))


def _stated(right: re.Match[str], words: Vocabulary, numerals: Numerals) -> tuple[str | None, int]:
    """The code after a number, and how many of it make one unit."""
    word = right["lone"] or right["word"]
    if word:
        named = right["second"] if right["second"] and word in numerals.generic else word
        return words.currency_of(named)
    if right["code"]:
        return words.currency_of(right["code"])
    if right["sign"]:
        return (words.prefixes[right["before"]] if right["before"] else numerals.signs[right["sign"]]), 1
    return None, 1


def _right_end(right: re.Match[str], numerals: Numerals) -> int:
    """Where the sum ends: before a second currency word that the first leaves no room for."""
    if right["second"] and right["word"] not in numerals.generic:
        return right.end("word")
    return right.end()


def _before(text: str, start: int, floor: int, words: Vocabulary, numerals: Numerals) -> tuple[int, str | None] | None:
    """Where the currency before a number begins, and its code; None where letters spoil the number."""
    before = text[start - 1 : start]
    lettered = before.isascii() and (before.isalpha() or before == "_")
    if not lettered and before not in numerals.left_ends:
        return start, None
    match = numerals.left.search(text, max(floor, start - _LEFT_WINDOW), start)
    if match is None:
        return None if lettered and text[start].isdecimal() else (start, None)
    if match["sign"]:
        prefix = match["prefix"]
        known = words.prefixes.get(prefix) or words.prefixes.get(prefix.upper()) if prefix else None
        return match.start(), known or numerals.signs[match["sign"]]
    return match.start(), words.currency_of(match["word"] or match["code"])[0]


def _sum(text: str, start: int, floor: int, run: str, words: Vocabulary, numerals: Numerals) -> Sum | None:
    if _is_lone_scale(text, start, run, words, numerals):
        return None
    read, left = read_run(run, numerals), _before(text, start, floor, words, numerals)
    if read is None or left is None:
        return None
    (count, length, spoken), (begin, code) = read, left
    right = numerals.right.match(text, start + length)
    assert right is not None  # every part of it is optional
    after, parts = _stated(right, words, numerals)
    if code and after and after != code and right["word"] not in numerals.generic and not right["lone"]:
        begin, code = start, None  # what stands before it is the currency of something else
    if code is None and ((after is None and right["short"]) or _is_doubtful(count, right, words)):
        return None
    end = _right_end(right, numerals) if code or after or right["scale"] or right["more"] else start + length
    signed = code is not None and not text[begin].isalpha()
    if not (after or signed) and numerals.counted.match(text, end):
        return None
    if text[start:end] in numerals.not_sums:
        return None
    marked = code is not None and not right["word"]
    found = Sum(begin, end, None, _ONE, code or after, sign_before=marked, cents=parts > 1)
    return _valued(found, count, spoken, right, parts, words, numerals)


def _is_doubtful(count: Count, right: re.Match[str], words: Vocabulary) -> bool:
    """Whether a small number stands before a word that is hardly ever money."""
    return words.is_wary(right["word"]) and count.value(elides=False, spoken=False) < _DOUBTFUL


def _is_lone_scale(text: str, start: int, run: str, words: Vocabulary, numerals: Numerals) -> bool:
    """Whether a scale stands without a number: only behind a hedge is it one, "over a billion"."""
    if run[0].isdecimal() or run[0] in numerals.digits or run[0] in numerals.tens or numerals.vague.match(run):
        return False
    before = text[start - 1 : start]
    return before not in numerals.hedge_ends or words.hedges.before(words_before(text, start)) is None


def _valued(
    found: Sum, count: Count, spoken: bool, right: re.Match[str], parts: int, words: Vocabulary, numerals: Numerals
) -> Sum | None:
    """The sum with its value: the number in units of its last scales, so that a neighbour can share them."""
    letters = right["scale"] or right["short"]
    outer = words.scales[letters.lower()] if letters else _ONE
    if count.vague:
        found.scale = outer * Decimal(10) ** count.value(elides=False, spoken=False).adjusted()
        found.weak = found.currency is None
        return found
    value = count.value(elides=numerals.elides and found.currency is not None, spoken=spoken) / parts
    found.scale = outer * (count.power if value else _ONE)
    tail = _tail(right["tail"], numerals)
    if right["tenth"]:  # "七块五", "五块四毛三"
        tail += read_part(right["tenth"], numerals) / parts / (100 if right["tail"] else 10)
    found.value = value * outer / found.scale + tail / found.scale
    found.more = count.more or bool(right["more"])
    found.weak = found.currency is None
    return found


def _plain(text: str) -> str:
    """The text with full-width forms as plain ones, place by place."""
    return _FULL_COMMA.sub(",", text).translate(_FULL_WIDTH)


def numeral_sums(text: str, pack: Pack, numerals: Numerals) -> Iterator[Sum]:
    """Every number that could be a sum or part of one, in order.

    >>> pack = load("zh")
    >>> [found] = numeral_sums("2亿3000万元", pack, numerals_of(pack))
    >>> found.start, found.end, int(found.value * found.scale)
    (0, 8, 230000000)
    """
    words, plain, floor, last = vocabulary(pack), _plain(text), 0, 0
    runs = (match for match in numerals.run.finditer(plain) if not _stands_alone(plain, match, numerals))
    for match in islice(runs, most_numbers(plain)):
        if match.start() < floor:
            continue
        found = _sum(plain, match.start(), floor, match.group(), words, numerals)
        if found is None or (found.currency is None and not _may_belong(plain, found, last, numerals)):
            continue
        last = found.end
        if not found.bare:
            floor = found.end
        yield found


def _stands_alone(text: str, match: re.Match[str], numerals: Numerals) -> bool:
    """Whether a run has nothing on either side that could make it a sum, as most numbers of a text, or is too long."""
    last, after = text[match.end() - 1], text[match.end() : match.end() + 1]
    if match.end() - match.start() > _LONGEST:
        return True
    if not (last.isdecimal() or last in numerals.digits) or after in numerals.starts:
        return False
    before = text[match.start() - 1 : match.start()]
    return before not in numerals.left_ends and not before.isascii()


def _may_belong(text: str, found: Sum, last: int, numerals: Numerals) -> bool:
    """Whether a number without a currency can share its neighbour's, or is money by the word before it."""
    if found.scale >= _MYRIAD and numerals.cues.search(text, max(0, found.start - _LEFT_WINDOW), found.start):
        found.weak = False
        return True
    if numerals.joined.match(text, found.end):
        return True
    before = numerals.joined.match(text, last, found.start + 1) if last else None
    return before is not None and before.end() == found.start + 1
