"""Sums of money: rows in files, properties of spans, and work that grows with the text and no faster."""

from __future__ import annotations

import re
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.lang import load
from dealwatch.model import Amount
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.text import read_document

DATA = Path(__file__).parent / "data" / "amounts"
MARK = re.compile(r"\{([^{}]*)\}")


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    for path in sorted(DATA.glob("*.toml")):
        for text, *sums in tomllib.loads(path.read_text(encoding="utf-8"))["rows"]:
            found.append((path.stem, text, tuple(sums)))
    return found


def sums_of(text: str, lang: str, default: str | None = None) -> tuple[Amount, ...]:
    return find_amounts(read_document(text, load(lang), has_title=False), default)


def spelled(amount: Amount) -> str:
    """An amount as the rows write it."""
    money = amount.money
    if money.qualifier == "vague":
        value = number(money.scale)
    elif money.qualifier == "range":
        value = f"{number(money.low)}..{number(money.high)}"
    else:
        value = number(money.low if money.low is not None else money.high)
    return f"{value} {money.currency} {money.qualifier} {amount.kind}"


def number(value: Decimal | None) -> str:
    return "-" if value is None else f"{float(value):g}"


def wanted(row: str) -> str:
    value, *rest = row.split()
    return " ".join(["..".join(f"{float(part):g}" for part in value.split("..")), *rest])


@pytest.mark.parametrize(("lang", "marked", "expected"), rows())
def test_rows(lang: str, marked: str, expected: tuple[str, ...]) -> None:
    text = MARK.sub(r"\1", marked)
    found = sums_of(text, lang)
    assert [item.text for item in found] == MARK.findall(marked)
    assert [spelled(item) for item in found] == [wanted(row) for row in expected]
    for item in found:
        money = item.money
        assert money.low is not None or money.qualifier in ("at_most", "vague")
        assert money.high is not None or money.qualifier in ("at_least", "vague")


def test_rows_are_many() -> None:
    languages = [lang for lang, _, _ in rows()]
    assert languages.count("en") >= 100
    assert languages.count("fr") >= 80


@pytest.mark.parametrize(
    ("text", "lang", "default", "currency", "source"),
    [
        ("It raised $5m.", "en", None, "USD", "stated"),
        ("It raised $5m.", "en", "CAD", "CAD", "default"),
        ("It raised $5m.", "en", "EUR", "USD", "stated"),
        ("It raised US$5m.", "en", "CAD", "USD", "stated"),
        ("It raised 5 million in May.", "en", "EUR", "EUR", "default"),
        ("Elle a levé 5 millions.", "fr", "EUR", "EUR", "default"),
        ("All figures are in Canadian dollars. It raised $5m.", "en", None, "CAD", "inherited"),
    ],
)
def test_currency_source(text: str, lang: str, default: str | None, currency: str, source: str) -> None:
    [found] = sums_of(text, lang, default)
    assert (found.money.currency, found.currency_source) == (currency, source)


def test_a_sum_without_a_currency_that_nothing_fixes_is_none() -> None:
    assert sums_of("It raised 5 million in May.", "en") == ()


def test_inherited_currency() -> None:
    one, other = sums_of("Elle a levé 600 millions d'euros et vaut 5,8 milliards.", "fr")
    assert (one.currency_source, other.currency_source, other.money.currency) == ("stated", "inherited", "EUR")


def test_conversion_in_brackets() -> None:
    one, other = sums_of("It was sold for €613 million ($665 million).", "en")
    assert (one.equivalent_of, other.equivalent_of) == (None, one.start)


def test_a_language_without_a_pack_has_signs_and_codes() -> None:
    found = sums_of("Firma pozyskała 5 mln zł, €3.5m, USD 40 i 1 200 000 PLN.", "pl")
    assert [(a.text, a.money.currency) for a in found] == [
        ("5 mln zł", "PLN"), ("€3.5m", "EUR"), ("USD 40", "USD"), ("1 200 000 PLN", "PLN"),
    ]  # fmt: skip


PIECES = st.sampled_from(
    ["$", "€", "US$", "5", "1,250", "3.5", "bn", " million", " milliard", " d'euros", " dollars", " to ", " à ",
     "-", " ", "\n", "and", " et ", "half a ", "billion", "(", ")", "about ", "more than ", "plus de ", "12", "%",
     "p", "M€", "Rs ",
     "İ", "ß", "𝒳", "1'000", "\u202f", ",", ".", "between ", "entre ", "several ", "des ", "cents", "nine-figure"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40), lang=st.sampled_from(["en", "fr", "de", "es", "it", "pt", "und"]))
def test_spans_are_the_words_and_never_overlap(pieces: list[str], lang: str) -> None:
    text = "".join(pieces)
    end = 0
    for item in sums_of(text, lang, "EUR"):
        assert item.start >= end
        assert text[item.start : item.end] == item.text
        assert item.text.strip() == item.text
        low, high = item.money.low, item.money.high
        assert low is None or high is None or low <= high
        end = item.end


HOSTILE = ["1", "$1-", "1,111,", "1 111 ", "1.", "$", "five million ", "$5 million to ", "hundred and ", "2-3-", "5m",
           "more than $5m ", "$1bn (€1bn) ", "un milliard et demi ", "1 to 2 ",
           "million dollars of ", "valued at "]  # fmt: skip


def work(text: str) -> int:
    """Calls and returns of functions while the sums of a text are found: a measure that no clock disturbs."""
    doc = read_document(text, load("en"), has_title=False)
    calls = 0

    def count(_frame: object, _event: str, _arg: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        find_amounts(doc)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("seed", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(seed: str) -> None:
    find_amounts(read_document("$1", load("en")))  # the vocabulary is compiled once
    small, large = (work((seed * size)[:size]) for size in (2_000, 16_000))
    assert large <= 12 * small + 500
