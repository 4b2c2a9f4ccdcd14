"""The vocabulary of money that a pack gives, compiled once: scales, currencies and the patterns that read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from dealwatch.lang import UNKNOWN, Pack, load

DOLLAR = "$"  # a dollar that nothing has named yet
GAP = r"[\s\-\u2010\u2011]{0,2}"
TOKEN = re.compile(r"[^\W\d_]{1,40}['’]?|\d{1,40}|[^\w\s]|_")
LOOK_BACK = 64  # characters before a sum in which its number words, hedges and openers are looked for


def words_of(text: str) -> tuple[str, ...]:
    """The words and marks of a stretch of text in lower case, as the phrase tables spell them."""
    return tuple(token.replace("’", "'") for token in TOKEN.findall(text.lower()))


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first; white space in them matches any."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    escaped = (re.escape(phrase).replace(r"\ ", r"\s{1,2}").replace("'", "['’]") for phrase in ordered)
    return "|".join(escaped) or r"(?!)"


class Phrases:
    """Phrases with a value each, found at the end or at the start of a row of words."""

    __slots__ = ("longest", "table")

    def __init__(self, table: Mapping[str, object]) -> None:
        self.table = {words_of(phrase): value for phrase, value in table.items()}
        self.longest = max(map(len, self.table), default=0)

    def before(self, words: tuple[str, ...]) -> tuple[object, int] | None:
        """The value of the longest phrase that ends the words, and how many words it has."""
        for size in range(min(self.longest, len(words)), 0, -1):
            tail = words[-size:]
            if tail in self.table:
                return self.table[tail], size
        return None

    def after(self, words: tuple[str, ...]) -> tuple[object, int] | None:
        """The value of the longest phrase that begins the words, and how many words it has."""
        for size in range(min(self.longest, len(words)), 0, -1):
            head = words[:size]
            if head in self.table:
                return self.table[head], size
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What one language says about money."""

    decimal: str
    left: re.Pattern[str]  # sign or code at the end of a stretch of text
    left_marks: frozenset[str]  # the characters that such an end can have
    right: re.Pattern[str]  # scale and currency after a number
    anchor: re.Pattern[str]  # a scale or a currency in words, wherever it stands
    scale_like: re.Pattern[str]
    follow: re.Pattern[str]  # what shows a sum without a currency to be money
    follow_word: re.Pattern[str]  # the same, but a word
    counts: re.Pattern[str] | None  # what shows it to be a count; None where a bare noun does
    scales: Mapping[str, Decimal]
    currencies: Mapping[str, tuple[str, int]]  # word -> code and how many of it make one unit
    prefixes: Mapping[str, str]
    signs: Mapping[str, str]
    units: Mapping[str, int]
    unit_joins: frozenset[str]
    articles: frozenset[str]
    and_fractions: Phrases
    fractions: Phrases
    collectives: Phrases
    vague: Phrases
    vague_scales: frozenset[str]
    multi: frozenset[str]
    figures: Mapping[str, Decimal]
    range_words: frozenset[str]
    range_plain: frozenset[str]  # those that make a range without an opener
    dollars: re.Pattern[str]  # a dollar that is named in words
    range_opens: Phrases
    range_froms: Phrases
    elision: frozenset[str]
    change_opens: Phrases
    change_verbs: frozenset[str]
    change_links: frozenset[str]
    hedges: Phrases
    backward: Phrases
    joined: Phrases
    again: Phrases
    beside: Phrases
    hedges_after: Phrases
    fillers: Phrases
    statements: frozenset[str]

    def currency_of(self, written: str) -> tuple[str, int]:
        """The code of a currency as written, and how many of it make one unit."""
        if written in self.currencies:
            return self.currencies[written]
        return self.currencies[" ".join(written.lower().replace("’", "'").split())]


def _powers(table: Mapping[str, int]) -> dict[str, Decimal]:
    return {word: Decimal(10) ** power for word, power in table.items()}


def _flat(table: Mapping[str, Iterable[str]]) -> dict[str, object]:
    return {phrase: value for value, phrases in table.items() for phrase in phrases}


def _marked(phrases: Iterable[str]) -> Phrases:
    return Phrases(dict.fromkeys(phrases, True))


def _currency_table(pack: Mapping[str, object], bare: Mapping[str, object]) -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for section in (bare, pack):
        for key, parts in (("currencies", 1), ("subunits", 100), ("glued_subunits", 100)):
            table |= {word: (code, parts) for word, code in section.get(key, {}).items()}  # type: ignore[attr-defined]
    return table


def _code_pattern(bare: Mapping[str, object]) -> str:
    codes = bare["codes"]["codes"]  # type: ignore[index]
    return alternatives([*codes, *bare["marks"]])  # type: ignore[misc]


@lru_cache(maxsize=32)
def vocabulary(pack: Pack) -> Vocabulary:
    """The pack's vocabulary of money on top of what holds in any language."""
    bare, own = load(UNKNOWN).section("amounts"), pack.section("amounts")
    signs, prefixes = bare["signs"], bare["prefixes"]
    codes = _code_pattern(bare)
    currencies = _currency_table(own, bare)
    currencies |= {code.lower(): (code, 1) for code in bare["codes"]["codes"]}
    currencies |= {mark: (code, 1) for mark, code in bare["marks"].items()}
    short = {**bare["short_scales"], **own.get("short_scales", {})}
    long = own.get("scales", {})
    words = alternatives([*own.get("currencies", {}), *own.get("subunits", {})])
    glued = alternatives(own.get("glued_subunits", {}))
    sign_class = re.escape("".join(signs))
    link = alternatives(own.get("link", ()))
    post = alternatives([p for p in prefixes if p not in ("C", "A", "S", "R", "U.S.")])
    end = r"(?![^\W_])"
    multi = alternatives(own.get("multi", ()))
    scale_words = alternatives(long)
    and_fractions = alternatives(own.get("and_fractions", {}))
    right = re.compile(
        rf"(?:(?i:{GAP}(?P<fraction>{and_fractions}){end})?"
        rf"(?:{GAP}(?i:(?P<scale>{scale_words}){end}(?:{GAP}(?P<scale2>{scale_words}){end})?"
        rf"(?:\s{{1,2}}(?P<fraction2>{and_fractions}){end})?)"
        rf"|\s?(?P<short>(?i:{alternatives(short)}))(?:{end}|(?=(?:{codes}){end}))))?"
        rf"(?:(?:{GAP}|\s{{0,2}}(?i:{link})\s{{0,2}})(?:(?P<word>(?i:{words})|{codes}){end}"
        rf"|(?P<sign>[{sign_class}])(?:\s?(?P<post>{post}){end})?(?!\d))|(?P<glued>{glued}){end})?"
    )
    left = re.compile(
        rf"(?:(?<![^\W_])(?P<prefix>U\.S\.|[A-Za-z]{{1,3}})(?P<space>\s?))?(?P<sign>[{sign_class}])\s{{0,2}}\Z"
        rf"|(?<![^\W_])(?P<code>{codes}|{alternatives(c.lower() for c in ('USD', 'EUR', 'GBP'))})\s{{0,2}}\Z"
    )
    figures = own.get("figures", {})
    follow = alternatives(own.get("follow", ()))
    dollars = [w for w, code in own.get("currencies", {}).items() if " " in w and code in set(prefixes.values())]
    anchor = re.compile(
        rf"(?<![^\W_])(?i:(?P<multi>(?:{multi})-?)?(?P<scale>{scale_words})|(?P<figures>{alternatives(figures)})"
        rf"|(?P<currency>{words})){end}"
    )
    return Vocabulary(
        decimal=own.get("decimal", bare["decimal"]),
        left=left,
        left_marks=frozenset(signs),
        right=right,
        anchor=anchor,
        scale_like=re.compile(rf"{GAP}[^\W\d_]{{0,12}}(?:{alternatives(bare['scale_like'])}){end}", re.I),
        follow=re.compile(rf"\s{{0,2}}(?:[^\w\s]|\Z|\n|(?i:{follow})(?:{end}|(?<=['’])))"),
        follow_word=re.compile(rf"\s{{1,2}}(?i:{follow})(?:{end}|(?<=['’]))"),
        counts=re.compile(rf"\s{{0,2}}(?:%|(?i:{alternatives(own['counts'])})(?:{end}|(?<=['’])))") if "counts" in own else None,
        scales=_powers({**short, **long}),
        currencies=currencies,
        prefixes=prefixes,
        signs=signs,
        units=own.get("units", {}),
        unit_joins=frozenset(own.get("unit_joins", ())),
        articles=frozenset(own.get("articles", ())),
        and_fractions=Phrases({k: Decimal(v) for k, v in own.get("and_fractions", {}).items()}),
        fractions=Phrases({k: Decimal(v) for k, v in own.get("fractions", {}).items()}),
        collectives=Phrases(own.get("collectives", {})),
        vague=Phrases(own.get("vague", {})),
        vague_scales=frozenset(own.get("vague_scales", ())),
        multi=frozenset(own.get("multi", ())),
        figures=_powers(figures),
        range_words=frozenset(own.get("range", ("-", "–", "—"))),
        range_plain=frozenset(own.get("range_plain", ())),
        dollars=re.compile(rf"(?<![^\W_])(?i:{alternatives(dollars)}){end}"),
        range_opens=_marked(own.get("range_opens", ())),
        range_froms=_marked(own.get("range_froms", ())),
        elision=frozenset(own.get("elision", ())),
        change_opens=_marked(own.get("change_opens", ())),
        change_verbs=frozenset(own.get("change_verbs", ())),
        change_links=frozenset(own.get("change_links", ())),
        hedges=Phrases(_flat(own.get("hedges", {}))),
        beside=_marked(own.get("beside", ("(",))),
        again=_marked(own.get("again", ())),
        joined=_marked(own.get("joined", ("(",))),
        backward=_marked(own.get("backward", ())),
        hedges_after=Phrases(_flat(own.get("hedges_after", {}))),
        fillers=_marked(own.get("fillers", ())),
        statements=frozenset(own.get("statements", ())),
    )
