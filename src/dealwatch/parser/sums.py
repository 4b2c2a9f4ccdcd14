"""Sums as a text writes them, one number each: what stands in digits, then what stands in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import compress, islice
from typing import NamedTuple

from dealwatch.parser.currencies import DOLLAR, Vocabulary
from dealwatch.parser.numbers import find_numbers, most_numbers, read_digits, read_spoken, split_words
from dealwatch.parser.tender import CurrencySource
from dealwatch.parser.textwords import TOKEN, last_words, text_words, words_before, words_between

ONE = Decimal(1)
_LED = 5  # a number of so many signs is a sum behind a leading word without a scale, too: "euro 500.000"
_PREFIX = 6  # signs from which on letters before a sign are a word, the sign and a space counted
_LEFT_WINDOW = 10  # longest sign or code with its spaces
_LARGE = 1000  # from here on a number without a scale makes money of a word that is others, too
_SENTENCE_END = re.compile(r"[\"'”’»)]{0,2}(?:\Z|\s{1,3}[^\W\da-zß-öø-ÿ])")
_HYPHENS = ("-", "\u2010", "\u2011")  # what may part a number from its scale, beside spaces
_LAST_WORDS = 12  # words and marks of which a number in words is made at most
_MINUS = ("-", "\u2212")
_CENTS = re.compile(r"(?P<sign>[^\w\s.,])(?P<cents>\d\d)(?![\w%])(?![.,]\d)")  # "2€50"
_SOME = 5  # words of the longest "several hundreds of"
_PARTNER_REACH = 6  # longest joining word of a range with its spaces
_ENDS = ("", ".", ",", ";", ")", "\n")  # what may follow "for a pound"
_WORDS_BEFORE = 8  # longest number in words that is read


@dataclass(slots=True)
class Sum:
    """One number with what stands beside it; `bare` when neither scale nor currency does."""

    start: int
    end: int
    value: Decimal | None  # None: vague
    scale: Decimal = ONE
    currency: str | None = None
    sign_before: bool = False
    approx: bool = False
    in_words: bool = False
    elided: bool = False
    cents: bool = False  # named by a subunit alone
    source: CurrencySource | None = None  # how its currency is known, where reading the story told it
    weak: bool = False  # its scale is a letter and it names no currency: no money by itself
    figure: bool = False  # told by the number of its digits: "nine-figure"
    high: Decimal | None = None  # of a range, scaled
    more: bool = False  # a word inside it says that it is more

    @property
    def bare(self) -> bool:
        """Whether the number stands alone."""
        return self.currency is None and self.scale == 1 and self.value is not None


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words: where it begins, its value (None: vague) and the power of ten that a vague one brings."""

    start: int
    value: Decimal | None
    power: Decimal = ONE
    approx: bool = False


# What stands right before a number: where it begins, the currency that it names, a scale that is written with a code
# ("MSEK 40"), and whether it is a word, which needs a scale after the number ("euro 5 million").
_Left = tuple[int, str | None, str, bool]


def _left(text: str, start: int, floor: int, words: Vocabulary) -> _Left | None:
    """The sign, code or word before a number (not before `floor`, where the last sum ends); None where letters spoil
    the number."""
    before, signed = text[start - 1 : start], text[start - 1 : start] in words.left_marks
    if not (signed or before.isspace() or before.isalpha() or before == "."):
        return start, None, "", False
    if signed and start - _PREFIX > floor and text[start - 2] == " " and text[start - _PREFIX : start - 2].isalpha():
        return start - 1, words.signs[before], "", False  # "raised $5m": too long a word to tell which dollar it is
    window = max(floor, start - _LEFT_WINDOW)
    behind = text[window:start]
    ending = behind.rstrip()[-2:].lower()
    match = words.left.search(behind) if ending in words.left_ends or ending[-1:] in words.left_ends else None
    if match is None:
        return None if before.isalpha() else (start, None, "", False)
    if match["code"]:
        return window + match.start(), words.currency_of(match["code"])[0], match["times"] or "", False
    if match["lead"]:
        return window + match.start(), words.currency_of(match["lead"])[0], "", True
    known = _prefixed(match, words)
    if known:
        return window + match.start("prefix"), known, "", False
    if match["prefix"] and not match["space"] and match["prefix"] not in words.articles:
        return None
    return window + match.start("sign"), words.signs[match["sign"]], "", False


def _prefixed(match: re.Match[str], words: Vocabulary) -> str | None:
    """The currency that letters before a sign name; a lone capital must touch it ("a Series C $5m round")."""
    prefix, space = match["prefix"] or "", match["space"]
    if space and (len(prefix) == 1 or prefix.upper() in ("CA", "AU", "CN")):
        return words.prefixes.get(prefix) if prefix.islower() and len(prefix) == 1 else None
    if space and len(prefix) > 1 and prefix.islower():
        return None  # "gave us $5m"
    return words.prefixes.get(prefix) or (words.prefixes.get(prefix.upper()) if len(prefix) > 1 else None)


class _Right(NamedTuple):
    """What stands behind a number."""

    scale: Decimal
    plain: bool  # it has no scale
    fraction: Decimal  # what a fraction adds
    currency: str | None
    parts: int  # how many of the currency make one unit
    name: str | None  # the currency's, as written
    wary: bool  # the name is another word, too
    sign: bool  # a sign names the currency
    short: bool  # the scale is a letter
    money: bool  # the scale is of money alone


@lru_cache(maxsize=1024)  # most sums of all stories are told in the same few hundred ways
def _right_of(groups: tuple[str | None, ...], words: Vocabulary) -> _Right:
    """What the groups of the vocabulary's `right` say."""
    told = dict(zip(words.right.groupindex, groups, strict=True))
    scale, name, written = _scale(told, words), told["word"], told["scale"]
    return _Right(
        scale, scale == 1, _fraction(told, words), *_currency(told, words), name, words.is_wary(name),
        bool(told["sign"]), bool(told["short"]), written is not None and written.lower() in words.money_scales,
    )  # fmt: skip


def _currency(match: Mapping[str, str | None], words: Vocabulary) -> tuple[str | None, int]:
    word = match["word"] or match["glued"]
    if word:
        return words.currency_of(word)
    prefix, sign = match["before"] or match["post"], match["sign"]
    if prefix:
        return words.prefixes[prefix], 1
    return (words.signs[sign] if sign else None), 1


def _scale(match: Mapping[str, str | None], words: Vocabulary) -> Decimal:
    scale, late = ONE, match["late"]
    for written in (match["scale"], match["scale2"], match["short"]):
        if written:
            scale *= words.scales[written.lower()]
    return words.scales[late.lower()] if late and scale == 1 else scale  # "75 USD millones"


def _fraction(match: Mapping[str, str | None], words: Vocabulary) -> Decimal:
    written = match["fraction"] or match["fraction2"]
    found = words.and_fractions.after(tuple(TOKEN.findall(written.lower()))) if written else None
    return found[0] if found and isinstance(found[0], Decimal) else Decimal(0)


def _spoiled(text: str, end: int, words: Vocabulary) -> bool:
    """Whether letters, a percent sign or an unknown scale go on where the sum ends."""
    after = text[end : end + 1]
    if after.isalpha() or after == "%":
        return True
    if after.isspace():
        return text[end + 1 : end + 2] == "%" or words.scale_like.match(text, end) is not None
    return after in _HYPHENS and words.scale_like.match(text, end) is not None


def _is_stopped(text: str, end: int) -> bool:
    """Whether a sum's last character is its sentence's full stop and not its scale's ("rose to $3.5bn. It then")."""
    return text[end - 1] == "." and _SENTENCE_END.match(text, end) is not None


def _digit_sum(text: str, match: re.Match[str], floor: int, words: Vocabulary) -> Sum | None:
    start, stop = match.span()
    at = _minus(text, start, floor, words)
    left = _left(text, at, floor, words)
    right = words.right.match(text, stop) if left is not None else None
    if left is None or right is None:
        return None
    begins, currency, times, lead = left
    told = _right_of(right.groups(), words)
    scale, code, parts, end = told.scale, told.currency, told.parts, right.end()
    if lead and (told.name or told.sign or (told.plain and stop - start < _LED)):
        begins, currency = at, None
    end -= end > stop and _is_stopped(text, end)
    wary = told.wary and not _is_money(text, match.group(), right, words)
    if wary or (currency and code and not (told.name and _agree(words.usual(currency), words.usual(code)))):
        end = max(right.end("scale"), right.end("scale2"), right.end("short"), stop)
        code, parts = None, 1
    weighs = told.plain and currency is None and _weighs(text, end, told.name, words)
    if weighs or _spoiled(text, end, words):
        return None
    value = read_digits(match.group(), words.decimal)
    if parts != 1 or told.fraction:
        value = (value + told.fraction) / parts
    found = currency if code == DOLLAR and currency else code or currency
    if times and told.plain:
        scale = words.scales[times.lower()]
    item = Sum(begins, end, value, scale, found, sign_before=currency is not None, cents=parts == 100)
    item.weak = told.short and found is None
    if told.money and found is None:
        return _money_scale(text, item, words)
    return _signed(text, _with_cents(text, item, words), negative=at < start)


def _minus(text: str, start: int, floor: int, words: Vocabulary) -> int:
    """Where a number begins with the minus between it and its sign ("$-5m", "€ -5m"); without one where it stands."""
    if start <= floor + 1 or text[start - 1] not in _MINUS:
        return start
    sign = start - 1 - text[start - 2].isspace()
    return start - 1 if sign and text[sign - 1] in words.left_marks else start


def _weighs(text: str, end: int, name: str | None, words: Vocabulary) -> bool:
    return name is not None and name.lower() in words.weights and words.weighed.match(text, end) is not None


def _agree(one: str | None, other: str | None) -> bool:
    return other in (one, DOLLAR) or one == DOLLAR


def _is_money(text: str, written: str, right: re.Match[str], words: Vocabulary) -> bool:
    """Whether a word that is more than a currency's name is one here: a scale or a large number before it, no noun
    after it ("3 million real", not "3 real concerns", "5 million real users")."""
    if text[right.start("word") - 1] == "-":
        return True  # "a 300 billion-won loan"
    scaled = right["scale"] or right["short"] or read_digits(written, words.decimal) >= _LARGE
    return bool(scaled) and words.follow.match(text, right.end()) is not None


def _money_scale(text: str, item: Sum, words: Vocabulary) -> Sum | None:
    """A sum whose scale is of money alone ("ten grand"), in what the story's other sums are in."""
    if text[item.end : item.end + 1] == "-" or not words.follow.match(text, item.end):
        return None
    item.currency, item.cents = DOLLAR, True
    return item


def _with_cents(text: str, item: Sum, words: Vocabulary) -> Sum:
    """The sum with the cents that stand behind its sign ("2€50")."""
    match = _CENTS.match(text, item.end) if item.bare else None
    if match is None or match["sign"] not in words.signs or item.value is None or item.value != int(item.value):
        return item
    item.currency = words.signs[match["sign"]]
    item.value, item.end = item.value + Decimal(match["cents"]) / 100, match.end()
    return item


def _signed(text: str, item: Sum, *, negative: bool) -> Sum:
    """The sum with the minus before it; a hyphen at the start of a line or between words is none."""
    start = item.start
    led = not negative and start > 1 and text[start - 1] in _MINUS and text[start - 2] in " \u00a0\u202f("
    if led or (start == 1 and text[0] in _MINUS and item.end == len(text)):  # a text of nothing else is no list
        negative = text[item.end : item.end + 1] != text[start - 1]
        item.start -= negative
    if negative and not item.bare and item.value is not None:
        item.value = -item.value
    else:
        item.start = start
    return item


def digit_sums(text: str, words: Vocabulary) -> Iterator[Sum]:
    """Every number in digits that could be a sum or part of one, in order."""
    taken = 0
    for match in islice(find_numbers(text), most_numbers(text)):
        if match.start() < taken:
            continue
        found = _digit_sum(text, match, taken, words)
        if found is not None:
            taken = taken if found.bare else found.end
            yield found


def _number_before(
    text: str, at: int, words: Vocabulary, *, scaled: bool
) -> Spelled | None:
    """The number in words that ends at an offset; None where none stands there."""
    if text[max(0, at - 2) : at].rstrip("-‑ \u00a0\u202f")[-1:].isdigit():
        return None  # "5 million": most scales of a text
    told = last_words(text, at, _LAST_WORDS)
    told = [(start, word) for start, word in told if word not in "-‑" or not text[start - 1 : start].strip()]
    tokens, spelled = [start for start, _ in told], tuple([word for _, word in told])
    if spelled and spelled[-1] in words.odd:
        number = _plain_words(tokens[:-1], spelled[:-1], words)
        return number and replace(number, approx=True)
    if not spelled:
        return None
    fraction = words.and_fractions.before(spelled)
    if scaled and not (fraction and spelled[: -fraction[1]] and _is_number(spelled[-fraction[1] - 1], words)):
        vague = words.vague.before(spelled)
        if vague:
            return Spelled(tokens[-vague[1]], None, Decimal(10) ** int(str(vague[0])))
        for phrases, approx in ((words.collectives, True), (words.fractions, False)):
            found = phrases.before(spelled)
            if found:
                return Spelled(tokens[-found[1]], Decimal(str(found[0])), approx=approx)
    return _plain_words(tokens, spelled, words)


def _plain_words(
    tokens: list[int], spelled: tuple[str, ...], words: Vocabulary
) -> Spelled | None:
    fraction = words.and_fractions.before(spelled)
    rest = len(spelled) - (fraction[1] if fraction else 0)
    first = rest
    while first > 0 and rest - first < _WORDS_BEFORE * 2 and _numeral(spelled[first - 1], words):
        first -= 1
    cuts = words.unit_joins | words.articles  # "between five and ten million", "a two-billion-dollar deal"
    begins = [place for place in range(first, rest) if _is_number(spelled[place], words)]
    for place in begins[:1] + [place for place in begins[1:] if spelled[place - 1] in cuts]:
        parts = split_words([word for word in spelled[place:rest] if word != "-"], words.compound)
        value = read_spoken(parts, words.units, words.unit_joins, words.points)
        if value is not None:
            value += fraction[0] if fraction and isinstance(fraction[0], Decimal) else 0
            return Spelled(tokens[place], value)
    return None


def _numeral(word: str, words: Vocabulary) -> bool:
    return word in words.unit_joins or word in words.points or word == "-" or _is_number(word, words)


def _is_number(word: str, words: Vocabulary) -> bool:
    return word in words.units or len(split_words([word], words.compound)) > 1


def _scaled_words(text: str, match: re.Match[str], words: Vocabulary) -> Sum | None:
    number = _number_before(text, match.start(), words, scaled=True)
    if match["multi"] or (number is None and match["scale"] in words.vague_scales):
        number = Spelled(match.start(), None)
    left = _left(text, match.start(), 0, words) if match["multi"] else None
    right = words.right.match(text, match.start("scale"))
    if right is None:
        return None
    told = _right_of(right.groups(), words)
    own, fraction, code, parts, end = told.scale, told.fraction, told.currency, told.parts, right.end()
    if told.wary and words.follow.match(text, end) is None:
        code, parts, end = None, 1, max(right.end("scale"), right.end("scale2"), right.end("fraction2"))
    if number is None and right["fraction2"]:
        number = Spelled(match.start(), ONE)  # "millón y medio"
    if number is None and code and words.lone.before(words_between(text, max(0, match.start() - 8), match.start())):
        number = Spelled(match.start(), ONE)
    if number is None:
        return None
    if number.value is None and parts != 1:
        return None
    if code is None and match["scale"] in words.money_scales:
        scale = words.scales[match["scale"]]
        return _money_scale(text, Sum(number.start, end, number.value, scale, in_words=True), words)
    if left is not None and left[1] is not None:  # "$multi-billion"
        number, code = replace(number, start=left[0]), left[1]
    total = None if number.value is None else (number.value + fraction) / parts
    return Sum(number.start, end, total, own * number.power, code, approx=number.approx, in_words=True)


def _figure_sum(text: str, match: re.Match[str], words: Vocabulary) -> Sum:
    scale = words.figures[match["figures"]]
    return Sum(match.start(), match.end(), None, scale, None, in_words=True, figure=True)


def _anchors(text: str, words: Vocabulary, told: Sequence[Sum]) -> Iterator[re.Match[str]]:
    """What the vocabulary's anchor finds, tried only where a word stands that one begins with, and in none of the sums
    that are told in digits."""
    spoken, starts, low = text_words(text)
    sums = iter(told)
    item, end = next(sums, None), 0
    for place in compress(starts, map(words.anchor_words.__contains__, spoken)):
        while item is not None and item.end <= place:
            item = next(sums, None)
        if place < end or (item is not None and item.start <= place and item.currency is not None):
            continue
        match = words.anchor.match(low, place)
        if match is not None:
            end = match.end()
            yield match


def word_sums(text: str, words: Vocabulary, told: Sequence[Sum] = ()) -> Iterator[Sum]:
    """Every sum whose number stands in words, or that has none ("billions of dollars"), in order; also the bare number
    in words that a range sets before one ("five to seven million"). `told` are the sums in digits: a word inside one
    that names its currency is no other sum's."""
    for match in islice(_anchors(text, words, told), most_numbers(text)):
        if match["figures"]:
            found: Sum | None = _figure_sum(text, match, words)
        elif match["scale"]:
            found = _scaled_words(text, match, words)
        else:
            found = _small_words(text, match, words)
        if found is not None:
            partner = _partner(text, found, words)
            yield from (found,) if partner is None else (partner, found)


def _partner(text: str, item: Sum, words: Vocabulary) -> Sum | None:
    before = list(TOKEN.finditer(text, max(0, item.start - _PARTNER_REACH), item.start))[-1:]
    if item.value is None or not before or before[0].group().lower() not in words.range_words:
        return None
    number = _number_before(text, before[0].start(), words, scaled=False)
    if number is None or number.value is None:
        return None
    end = number.start + len(text[number.start : before[0].start()].rstrip())
    article = text[number.start : end].lower() in words.articles and before[0].group().lower() not in words.range_plain
    article = article and not words.range_opens.before(words_before(text, number.start))  # "entre un et deux millions"
    hundreds = number.value < 10 and item.value < 1000 and item.value % 100 == 0 and number.value * 100 < item.value
    value = number.value * (100 if hundreds and item.in_words else 1)  # "three to four hundred million"
    return None if article else Sum(number.start, end, value, in_words=True)


def _small_words(text: str, match: re.Match[str], words: Vocabulary) -> Sum | None:
    """Number words right before a currency ("nine cents", "dix mille euros"); an article alone makes no sum."""
    code, parts = words.currency_of(match["currency"])
    number = _number_before(text, match.start(), words, scaled=parts == 100)
    number = _some_of(text, match.start(), words) or number if parts == 1 else number
    one = _symbolic(text, match, number, words)
    if one is not None:
        return Sum(*one, ONE / parts, ONE, code, in_words=True, cents=parts == 100)
    if number is None or _weighs(text, match.end(), match["currency"], words):
        return None
    if words.is_wary(match["currency"]):
        return None  # "nine won prizes", "two real problems"
    if number.value is None:
        return Sum(number.start, match.end(), None, number.power, code, in_words=True) if number.power > 10 else None
    article = text[number.start : match.start()].strip().lower() in words.articles
    if match["currency"] in words.units or (article and not _halved(text, match.end(), words)):
        return None  # "onze cents" is a number; "a dollar" is the currency's name, "a dollar and a half" is a sum
    return Sum(
        number.start, match.end(), number.value / parts, ONE, code, approx=number.approx, in_words=True,
        cents=parts == 100,
    )  # fmt: skip


def _some_of(text: str, at: int, words: Vocabulary) -> Spelled | None:
    """About so many or a part of a currency: "une centaine d'euros", "hundreds of dollars", "half a dollar"."""
    told = last_words(text, at, _SOME)
    spelled = tuple([word for _, word in told])
    half = words.and_fractions.before(spelled)
    if half and spelled[: -half[1]] and _is_number(spelled[-half[1] - 1], words):
        return None  # "one and a half dollars"
    vague = words.vague.before(spelled)
    if vague:
        return Spelled(told[-vague[1]][0], None, Decimal(10) ** int(str(vague[0])))
    for phrases, approx in ((words.collectives, True), (words.fractions, False)):
        found = phrases.before(spelled)
        if found:
            return Spelled(told[-found[1]][0], Decimal(str(found[0])), approx=approx)
    return None


def _halved(text: str, end: int, words: Vocabulary) -> bool:
    return words.and_fractions.after(words_between(text, end, end + 24)) is not None


def _symbolic(
    text: str, match: re.Match[str], number: Spelled | None, words: Vocabulary
) -> tuple[int, int] | None:
    """Where one of a currency stands that its article alone makes a sum: "l'euro symbolique", "sold for a pound."."""
    before = words_between(text, max(0, match.start() - 24), match.start())
    after = TOKEN.match(text, match.end() + 1)
    if before and before[-1] in words.symbolic:
        return match.start(), match.end()
    if after and after.group().lower() in words.symbolic:
        return (number.start if number and number.value == 1 else match.start()), after.end()
    if number is None or text[number.start : match.start()].strip().lower() not in words.articles:
        return None
    ends = text[match.end() : match.end() + 1] in _ENDS
    return (number.start, match.end()) if ends and words.for_one.before(before[:-1]) else None
