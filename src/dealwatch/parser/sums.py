"""Sums as a text writes them, one number each: what stands in digits, then what stands in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dealwatch.parser.currencies import DOLLAR, LOOK_BACK, TOKEN, Vocabulary, lowered, words_of
from dealwatch.parser.numbers import NUMBER, read_digits, read_words

ONE = Decimal(1)
_LEFT_WINDOW = 10  # longest sign or code with its spaces
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
    weak: bool = False  # its scale is a letter and it names no currency: no money by itself
    figure: bool = False  # told by the number of its digits: "nine-figure"
    high: Decimal | None = None  # of a range, scaled

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


def _left(text: str, start: int, floor: int, words: Vocabulary) -> tuple[int, str | None] | None:
    """Where the sign or code before a number begins (not before `floor`, where the last sum ends) and its currency;
    None where letters spoil the number."""
    before = text[start - 1 : start]
    if not before or not (before.isspace() or before.isalpha() or before in words.left_marks or before == "."):
        return start, None
    window = max(floor, start - _LEFT_WINDOW)
    match = words.left.search(text[window:start])
    if match is None:
        return None if before.isalpha() else (start, None)
    if match["code"]:
        return window + match.start(), words.currency_of(match["code"])[0]
    prefix, sign = match["prefix"], match["sign"]
    at = window + match.start("sign")
    if prefix and not (match["space"] and len(prefix) == 1):
        known = words.prefixes.get(prefix if len(prefix) == 1 else prefix.upper())
        if known and not (match["space"] and prefix.upper() in ("CA", "AU", "CN")):
            return window + match.start("prefix"), known
        if not match["space"]:
            return None
    return at, words.signs[sign]


def _currency(match: re.Match[str], words: Vocabulary) -> tuple[str | None, int]:
    word = match["word"] or match["glued"]
    if word:
        return words.currency_of(word)
    for group in ("before", "post"):
        if match[group]:
            return words.prefixes[match[group]], 1
    if match["sign"]:
        return words.signs[match["sign"]], 1
    return None, 1


def _scale(match: re.Match[str], words: Vocabulary) -> Decimal:
    scale = ONE
    for group in ("scale", "scale2", "short"):
        if match[group]:
            scale *= words.scales[match[group].lower()]
    return scale


def _fraction(match: re.Match[str], words: Vocabulary) -> Decimal:
    for group in ("fraction", "fraction2"):
        if match[group]:
            found = words.and_fractions.after(tuple(TOKEN.findall(match[group].lower())))
            return found[0] if found and isinstance(found[0], Decimal) else Decimal(0)
    return Decimal(0)


def _spoiled(text: str, end: int, words: Vocabulary) -> bool:
    """Whether letters, a percent sign or an unknown scale go on where the sum ends."""
    after = text[end : end + 2]
    if after[:1].isalpha() or after.strip()[:1] == "%":
        return True
    return words.scale_like.match(text, end) is not None


def _digit_sum(text: str, match: re.Match[str], floor: int, words: Vocabulary) -> Sum | None:
    left = _left(text, match.start(), floor, words)
    if left is None:
        return None
    start, currency = left
    right = words.right.match(text, match.end())
    if right is None:
        return None
    scale = _scale(right, words)
    code, parts = _currency(right, words)
    end = right.end()
    if currency is not None and code is not None and not (right["word"] and currency in (DOLLAR, code)):
        end = max(right.end("scale"), right.end("scale2"), right.end("short"), match.end())
        code, parts = None, 1
    if _spoiled(text, end, words):
        return None
    value = (read_digits(match.group(), words.decimal) + _fraction(right, words)) / parts
    found = code or currency
    weak = bool(right["short"]) and found is None
    return Sum(start, end, value, scale, found, sign_before=currency is not None, cents=parts == 100, weak=weak)


def digit_sums(text: str, words: Vocabulary) -> Iterator[Sum]:
    """Every number in digits that could be a sum or part of one, in order."""
    taken = 0
    for match in NUMBER.finditer(text):
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
    window = max(0, at - LOOK_BACK)
    tokens = list(TOKEN.finditer(text, window, at))[-12:]
    spelled = tuple(token.group().lower().replace("’", "'") for token in tokens)
    while spelled and spelled[-1] in "-‑":
        tokens, spelled = tokens[:-1], spelled[:-1]
    if not spelled:
        return None
    if scaled and not words.and_fractions.before(spelled):
        vague = words.vague.before(spelled)
        if vague:
            return Spelled(tokens[-vague[1]].start(), None, Decimal(10) ** int(str(vague[0])))
        for phrases, approx in ((words.collectives, True), (words.fractions, False)):
            found = phrases.before(spelled)
            if found:
                return Spelled(tokens[-found[1]].start(), Decimal(str(found[0])), approx=approx)
    return _plain_words(tokens, spelled, words)


def _plain_words(
    tokens: list[re.Match[str]], spelled: tuple[str, ...], words: Vocabulary
) -> Spelled | None:
    fraction = words.and_fractions.before(spelled)
    rest = len(spelled) - (fraction[1] if fraction else 0)
    first = rest
    while first > 0 and rest - first < _WORDS_BEFORE * 2 and _numeral(spelled[first - 1], words):
        first -= 1
    while first < rest and spelled[first] not in words.units:
        first += 1
    value = read_words([word for word in spelled[first:rest] if word != "-"], words.units, words.unit_joins)
    if value is None:
        return None
    if fraction and isinstance(fraction[0], Decimal):
        value += fraction[0]
    return Spelled(tokens[first].start(), value)


def _numeral(word: str, words: Vocabulary) -> bool:
    return word in words.units or word in words.unit_joins or word == "-"


def _scaled_words(text: str, match: re.Match[str], words: Vocabulary) -> Sum | None:
    number = _number_before(text, match.start(), words, scaled=True)
    if match["multi"] or (number is None and match["scale"] in words.vague_scales):
        number = Spelled(match.start(), None)
    right = words.right.match(text, match.start("scale"))
    if right is None:
        return None
    code, parts = _currency(right, words)
    if number is None and right["fraction2"]:
        number = Spelled(match.start(), ONE)  # "millón y medio"
    if number is None and code and words.lone.before(words_of(text[max(0, match.start() - 8) : match.start()])):
        number = Spelled(match.start(), ONE)
    if number is None:
        return None
    if number.value is None and parts != 1:
        return None
    total = None if number.value is None else (number.value + _fraction(right, words)) / parts
    scale = _scale(right, words) * number.power
    return Sum(number.start, right.end(), total, scale, code, approx=number.approx, in_words=True)


def _figure_sum(text: str, match: re.Match[str], words: Vocabulary) -> Sum:
    scale = words.figures[match["figures"]]
    return Sum(match.start(), match.end(), None, scale, None, in_words=True, figure=True)


def word_sums(text: str, words: Vocabulary) -> Iterator[Sum]:
    """Every sum whose number stands in words, or that has none ("billions of dollars"), in order."""
    for match in words.anchor.finditer(lowered(text)):
        if match["figures"]:
            yield _figure_sum(text, match, words)
        elif match["scale"]:
            found = _scaled_words(text, match, words)
            if found is not None:
                yield found
        else:
            found = _small_words(text, match, words)
            if found is not None:
                yield found


def _small_words(text: str, match: re.Match[str], words: Vocabulary) -> Sum | None:
    """Number words right before a currency ("nine cents", "dix mille euros"); an article alone makes no sum."""
    number = _number_before(text, match.start(), words, scaled=False)
    if number is None or number.value is None:
        return None
    if match["currency"] in words.units or text[number.start : match.start()].strip().lower() in words.articles:
        return None  # "onze cents" is a number; "a dollar" is the currency's name
    code, parts = words.currency_of(match["currency"])
    return Sum(number.start, match.end(), number.value / parts, ONE, code, in_words=True, cents=parts == 100)
