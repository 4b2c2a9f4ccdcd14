"""The vocabulary of money that a pack gives, compiled once: scales, currencies and the patterns that read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dealwatch.lang import UNKNOWN, Pack, load
from dealwatch.parser.phrasebook import Phrases, alternatives, cover, one_spaced
from dealwatch.parser.tender import Names, Shared, read_names
from dealwatch.parser.textwords import first_words, text_words

DOLLAR = "$"  # a dollar that nothing has named yet
GAP = r"[\s\-\u2010\u2011]{0,2}"
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Dollars:
    """The dollars that are named in words ("canadian dollars")."""

    pattern: re.Pattern[str]  # in lower-case text
    words: frozenset[str]  # words of which each such name has one
    sides: frozenset[str]  # other words of which each has one, too

    def find(self, text: str) -> Iterable[re.Match[str]]:
        """Those of a text; most texts have none, which two looks at their words show."""
        told, _, low = text_words(text)
        if self.words.isdisjoint(told) or self.sides.isdisjoint(told):
            return ()
        return self.pattern.finditer(low)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What one language says about money."""

    decimal: str
    left: re.Pattern[str]  # sign or code at the end of a stretch of text
    left_marks: frozenset[str]  # the signs that such an end can have
    left_ends: frozenset[str]  # the last one or two characters of all such ends, in lower case
    right: re.Pattern[str]  # scale and currency after a number
    anchor: re.Pattern[str]  # a scale or a currency in words, where it stands in lower-case text
    anchor_words: frozenset[str]  # the words that such begin with
    scale_like: re.Pattern[str]
    follow: re.Pattern[str]  # what shows a sum without a currency to be money
    follow_word: re.Pattern[str]  # the same, but a word
    counts: re.Pattern[str] | None  # what shows it to be a count; None where a bare noun does
    dollars: Dollars
    scales: Mapping[str, Decimal]
    currencies: Mapping[str, tuple[str, int]]  # word -> code and how many of it make one unit
    ambiguous: Mapping[str, Shared]  # names of several currencies, which stand for themselves until the story is read
    wary: frozenset[str]
    prefixes: Mapping[str, str]
    signs: Mapping[str, str]
    figures: Mapping[str, Decimal]
    hedges: Phrases
    hedges_after: Phrases
    hedges_far: Phrases  # those that a verb may part from the sum
    units: Mapping[str, int]
    compound: re.Pattern[str] | None  # a part of a number that is written as one word; None where none is
    and_fractions: Phrases
    fractions: Phrases
    collectives: Phrases
    vague: Phrases
    range_words: frozenset[str]
    unit_joins: frozenset[str]
    articles: frozenset[str]
    vague_scales: frozenset[str]
    range_plain: frozenset[str]  # those that make a range without an opener
    range_elided: frozenset[str]  # those that make one only where the first number leaves its currency to the second
    shared: int  # a number from here on that shares another's scale is a year or a count
    elision: frozenset[str]
    change_verbs: frozenset[str]
    change_links: frozenset[str]
    statements: frozenset[str]
    range_opens: Phrases
    range_closes: Phrases  # behind two sums, that they are a range: "5円から10円の間"
    range_froms: Phrases
    change_opens: Phrases
    fillers: Phrases
    backward: Phrases
    beside: Phrases
    joined: Phrases
    again: Phrases
    points: frozenset[str]  # "two point five"
    odd: frozenset[str]  # after a number, "some more": "sixty-odd million"
    money_scales: frozenset[str]  # scales of money alone: "ten grand"
    symbolic: frozenset[str]  # beside a currency, one of it
    for_one: Phrases  # before a currency with an article, one of it where nothing follows: "sold for a pound"
    spends: frozenset[str]  # before a vague sum without a currency, that it is money
    range_near: frozenset[str]  # between two numbers that follow each other, a range: "two or three million"
    weights: frozenset[str]  # names of money that weigh where a link follows: "two pounds of fuel"
    weighed: re.Pattern[str]  # that link
    no_sums: frozenset[str]  # names that read like sums
    counters: frozenset[str]  # before a number without a currency, in its sentence, that it is a count
    bare_dollars: frozenset[str]  # the currencies that a story goes on to write as a bare dollar
    barriers: frozenset[str]  # right after a sum that is passed: "the $1bn mark"
    cents_joins: frozenset[str]  # between a currency and its cents: "15 dollari e 15"
    any_cents: frozenset[str]  # parts that any currency may have, whatever they are by themselves
    moneys: Mapping[str, str]  # what a word for a country or its people makes of a name that several currencies share
    coins: Mapping[str, tuple[Decimal, str]]  # coins that are money where a text is nothing else: "a dime"
    lone: Phrases  # what makes one of a scale without a number: "le milliard de dollars"

    def usual(self, code: str | None) -> str | None:
        """The code that a shared name has where nothing tells otherwise; any other code is its own."""
        return self.ambiguous[code].usual if code is not None and code in self.ambiguous else code

    def currency_of(self, written: str) -> tuple[str, int]:
        """The code of a currency as written, and how many of it make one unit."""
        if written in self.currencies:
            return self.currencies[written]
        return self.currencies[one_spaced(written)]

    def is_wary(self, written: str | None) -> bool:
        """Whether a name of money is another word, too, or so rare that a number before it hardly makes it money."""
        return written is not None and one_spaced(written) in self.wary


def _powers(table: Mapping[str, int]) -> dict[str, Decimal]:
    return {word: Decimal(10) ** power for word, power in table.items()}


def _figures(own: Table) -> dict[str, Decimal]:
    """Sums told by their number of digits, also of digits and a scale that combine ("zweistelliger Millionen...")."""
    scales, digits = own.get("figure_scales", {}), own.get("figure_digits", {})
    both = {f"{one} {other}": a + b for one, a in digits.items() for other, b in scales.items()}
    return _powers({**own.get("figures", {}), **scales, **both})


def _coins(own: Table) -> dict[str, tuple[Decimal, str]]:
    told = ((coin, *said.split(" ")) for coin, said in own.get("coins", {}).items())
    return {coin: (Decimal(value), code) for coin, value, code in told}


def _flat(table: Mapping[str, Iterable[str]]) -> dict[str, object]:
    return {phrase: value for value, phrases in table.items() for phrase in phrases}


def _marked(phrases: Iterable[str]) -> Phrases:
    return Phrases(dict.fromkeys(phrases, True))


def _currency_table(own: Table, bare: Table, names: Names) -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {word: (code, 1) for word, code in names.meanings.items()}
    for key, parts in (("tenths", 10), ("subunits", 100), ("glued_subunits", 100)):
        table |= {word: (code, parts) for word, code in own.get(key, {}).items()}
    table |= {code.lower(): (code, 1) for code in bare["codes"]["codes"]}
    return table | {mark: (mark if mark in names.shared else code, 1) for mark, code in bare["marks"].items()}


def _code_pattern(bare: Table) -> str:
    return alternatives([*bare["codes"]["codes"], *bare["marks"], *bare["codes"]["lower"]])


_END = r"(?![^\W_])"
_START = r"(?<![^\W_])"
_LONE_PREFIXES = ("C", "A", "S", "R", "U.S.")  # too short to be read after a sign


def _right(own: Table, bare: Table, names: Names, scales: str, short: Iterable[str]) -> re.Pattern[str]:
    """Fraction, scale and currency after a number, each once."""
    fraction, link = alternatives(own.get("and_fractions", {})), alternatives(own.get("link", ()))
    codes, words = _code_pattern(bare), alternatives([*names.meanings, *own.get("subunits", {})])
    post = alternatives(prefix for prefix in bare["prefixes"] if prefix not in _LONE_PREFIXES)
    glued = alternatives(own.get("glued_subunits", {}))
    return re.compile(
        rf"(?:(?i:{GAP}(?P<fraction>{fraction}){_END})?"
        rf"(?:{GAP}(?i:(?P<scale>{scales}){_END}(?:{GAP}(?P<scale2>{scales}){_END})?"
        rf"(?:\s{{1,2}}(?P<fraction2>{fraction}){_END})?)"
        rf"|\s?(?P<short>(?i:{alternatives(short)}))(?:{_END}|(?=(?:{codes}|(?i:{words})){_END}))))?"
        rf"(?:(?:{GAP}|\s{{0,2}}(?i:{link})\s{{0,2}})(?:(?P<word>(?i:{words})|{codes}){_END}(?:(?<=[A-Z][A-Z])\s(?P<late>(?i:{scales})){_END})?"
        rf"|(?P<before>{alternatives(bare['prefixes'])})?(?P<sign>[{_sign_class(bare)}])(?:\s?(?P<post>{post})(?!['’]){_END})?(?!\d))|(?P<glued>{glued}){_END})?"
    )


def _left(own: Table, bare: Table) -> re.Pattern[str]:
    """Sign, code or a leading word right before a number."""
    lead = alternatives(own.get("lead", ()))
    codes = alternatives([*bare["codes"]["codes"], *bare["marks"], *bare["codes"]["lower"]])
    return re.compile(
        rf"(?:{_START}(?P<prefix>U\.S\.|[A-Za-z]{{1,3}})(?P<space>\s?))?(?P<sign>[{_sign_class(bare)}])\s{{0,2}}\Z"
        rf"|{_START}(?:(?P<times>[KM])(?=[A-Z]{{3}}))?(?P<code>{codes})\s{{0,2}}\Z"
        rf"|{_START}(?P<lead>(?i:{lead}))\s\Z"
    )


def _left_ends(own: Table, bare: Table) -> frozenset[str]:
    """The last one or two characters of what `_left` finds, in lower case, spaces left out."""
    codes = (*bare["codes"]["codes"], *bare["marks"], *bare["codes"]["lower"])
    ends = {phrase[-2:].lower() for phrase in (*codes, *own.get("lead", ()))} | set(bare["signs"])
    return frozenset(form for end in ends for form in (end, end.replace("'", "’")))


def _anchor(own: Table, names: Names, scales: str) -> re.Pattern[str]:
    """A scale, a currency or a "nine-figure" in words, in lower-case text."""
    words = alternatives([*names.meanings, *own.get("subunits", {})])
    multi, figures = alternatives(own.get("multi", ())), alternatives(_figures(own))
    return re.compile(
        rf"{_START}(?:(?P<multi>(?:{multi})-?)?(?P<scale>{scales})|(?P<figures>{figures})|(?P<currency>{words})){_END}"
    )


def _anchor_words(own: Table, names: Names) -> frozenset[str]:
    """The first words of what `_anchor` finds, also with the apostrophe that a text may set behind them."""
    scales, multi = own.get("scales", {}), own.get("multi", ())
    found = [*scales, *multi, *(one + scale for one in multi for scale in scales), *_figures(own), *names.meanings]
    return first_words((*found, *own.get("subunits", {})))


def _follow(own: Table, *, marks: bool) -> re.Pattern[str]:
    words = rf"(?i:{alternatives(own.get('follow', ()))})(?:{_END}|(?<=['’]))"
    return re.compile(rf"\s{{0,2}}(?:[^\w\s]|\Z|\n|{words})" if marks else rf"\s{{1,2}}{words}")


def _counts(own: Table) -> re.Pattern[str] | None:
    if "counts" not in own:
        return None
    return re.compile(rf"\s{{0,2}}(?:%|(?i:{alternatives(own['counts'])})(?:{_END}|(?<=['’])))")


def _sign_class(bare: Table) -> str:
    return re.escape("".join(bare["signs"]))


def _dollars(names: Names, bare: Table) -> Dollars:
    codes = set(bare["prefixes"].values())
    named = [word for word, code in names.meanings.items() if " " in word and code in codes]
    words = cover(named)
    return Dollars(re.compile(rf"{_START}(?:{alternatives(named)}){_END}"), words, cover(named, but=words))


@lru_cache(maxsize=32)
def vocabulary(pack: Pack) -> Vocabulary:
    """The pack's vocabulary of money on top of what holds in any language."""
    bare, own = load(UNKNOWN).section("amounts"), pack.section("amounts")
    short = {**bare["short_scales"], **own.get("short_scales", {})}
    long = own.get("scales", {})
    scales, names = alternatives(long), read_names(pack.code, own, bare)

    def phrases(key: str) -> Phrases:
        return _marked(own.get(key, bare.get(key, ())))

    def words(key: str) -> frozenset[str]:
        return frozenset(own.get(key, bare.get(key, ())))

    return Vocabulary(
        decimal=own.get("decimal", bare["decimal"]),
        left=_left(own, bare),
        left_marks=frozenset(bare["signs"]),
        left_ends=_left_ends(own, bare),
        right=_right(own, bare, names, scales, short),
        anchor=_anchor(own, names, scales),
        anchor_words=_anchor_words(own, names),
        scale_like=re.compile(rf"{GAP}[^\W\d_]{{0,12}}(?:{alternatives(bare['scale_like'])}){_END}", re.I),
        follow=_follow(own, marks=True),
        follow_word=_follow(own, marks=False),
        counts=_counts(own),
        dollars=_dollars(names, bare),
        scales=_powers({**short, **long}),
        currencies=_currency_table(own, bare, names),
        ambiguous=names.shared,
        wary=names.wary,
        prefixes=bare["prefixes"],
        signs={sign: sign if sign in names.shared else code for sign, code in bare["signs"].items()},
        figures=_figures(own),
        hedges=Phrases(_flat(own.get("hedges", {}))),
        hedges_after=Phrases(_flat(own.get("hedges_after", {}))),
        hedges_far=Phrases(_flat(own.get("hedges_far", {}))),
        units=own.get("units", {}),
        compound=re.compile(alternatives(own.get("units", {}))) if own.get("compounds") else None,
        and_fractions=Phrases({k: Decimal(v) for k, v in own.get("and_fractions", {}).items()}),
        fractions=Phrases({k: Decimal(v) for k, v in own.get("fractions", {}).items()}),
        collectives=Phrases(own.get("collectives", {})),
        vague=Phrases(own.get("vague", {})),
        range_words=words("range"), unit_joins=words("unit_joins"), articles=words("articles"),
        vague_scales=words("vague_scales"), range_plain=words("range_plain"), range_elided=words("range_elided"),
        shared=own.get("shared", bare["shared"]),
        elision=words("elision"), change_verbs=words("change_verbs"), change_links=words("change_links"),
        statements=words("statements"), range_opens=phrases("range_opens"),
        range_closes=phrases("range_closes"), range_froms=phrases("range_froms"),
        change_opens=phrases("change_opens"), fillers=phrases("fillers"), backward=phrases("backward"),
        beside=phrases("beside"), joined=phrases("joined"), again=phrases("again"), points=words("points"),
        odd=words("odd"), money_scales=words("money_scales"), symbolic=words("symbolic"),
        for_one=phrases("for_one"), spends=words("spends"), range_near=words("range_near"),
        weights=words("weights"), weighed=re.compile(rf"\s(?i:{alternatives(own.get('link', ()))})\s"),
        no_sums=words("no_sums"), counters=words("counters"), bare_dollars=frozenset(bare["bare_dollars"]),
        barriers=words("barriers"), lone=phrases("lone"), cents_joins=words("cents_joins"),
        any_cents=words("any_cents"), coins=_coins(own), moneys=own.get("moneys", {}),
    )  # fmt: skip
