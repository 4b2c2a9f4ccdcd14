"""Sums of money: rows in files, properties of spans, and work that grows with the text and no faster."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counting import count_work
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


def hedged() -> list[tuple[str, str, str]]:
    told = tomllib.loads((DATA / "hedges" / "rows.toml").read_text(encoding="utf-8"))
    return [(lang, said, text) for lang, by in told.items() for said, texts in by.items() for text in texts]


@pytest.mark.parametrize(("lang", "said", "text"), hedged())
def test_hedges(lang: str, said: str, text: str) -> None:
    assert [item.money.qualifier for item in sums_of(text, lang)] == [said]


def test_rows_are_many() -> None:
    languages = [lang for lang, _, _ in rows()]
    assert languages.count("en") >= 100
    assert languages.count("fr") >= 80
    assert all(languages.count(lang) >= 65 for lang in ("de", "es", "it", "pt", "nl"))


@pytest.mark.parametrize(
    ("text", "lang", "default", "currency", "source"),
    [
        ("It raised $5m.", "en", None, "USD", "stated"),
        ("It raised $5m.", "en", "CAD", "CAD", "default"),
        ("It raised $5m.", "en", "EUR", "USD", "stated"),
        ("It raised US$5m.", "en", "CAD", "USD", "stated"),
        ("It raised 5 million in May.", "en", "EUR", "EUR", "default"),
        ("Elle a levé 5 millions.", "fr", "EUR", "EUR", "default"),
        ("It raised $5m.", "en", "COP", "COP", "default"),
        ("Ella levantó $ 5 millones.", "es", "COP", "COP", "default"),
        ("Elle a levé 5 M$.", "fr", "CAD", "CAD", "default"),
        ("Elle a levé 5 M$ US.", "fr", "CAD", "USD", "stated"),
        ("Elle a levé 5 millions de dollars.", "fr", "CAD", "CAD", "default"),
        ("Elle a levé 5 millions de dollars américains.", "fr", "CAD", "USD", "stated"),
        ("It costs 20 cents.", "en", "EUR", "EUR", "default"),
        ("It took ten grand in May.", "en", "GBP", "GBP", "default"),
        ("Les montants sont en dollars canadiens. Elle a levé 5 M$.", "fr", None, "CAD", "inherited"),
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


def forms() -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (path.stem, text, tuple(sums))
        for path in sorted((DATA / "forms").glob("*.toml"))
        for text, *sums in tomllib.loads(path.read_text(encoding="utf-8"))["rows"]
    ]


def as_form(amount: Amount) -> str:
    value = spelled(amount).rsplit(" ", 1)[0]
    return value if amount.currency_source == "stated" else f"{value} {amount.currency_source}"


@pytest.mark.parametrize(("lang", "marked", "expected"), forms())
def test_forms(lang: str, marked: str, expected: tuple[str, ...]) -> None:
    found = sums_of(MARK.sub(r"\1", marked), lang)
    assert [item.text for item in found] == MARK.findall(marked)
    assert [as_form(item) for item in found] == [wanted(row) for row in expected]


def innocent() -> list[tuple[str, str]]:
    return [
        (path.stem, text)
        for path in sorted((DATA / "none").glob("*.toml"))
        for text in tomllib.loads(path.read_text(encoding="utf-8"))["rows"]
    ]


@pytest.mark.parametrize("default", [None, "USD", "EUR"])
def test_numbers_without_money(default: str | None) -> None:
    wrong = [(text, [item.text for item in sums_of(text, lang, default)]) for lang, text in innocent()]
    assert len(wrong) >= 60
    assert [row for row in wrong if row[1]] == []


AROUND = [("It raised ", "."), ("(", ")"), ("Elle lève ", ", dit-elle"), ("\n", "\n"), ("«\u00a0", "\u00a0»")]
SCALED = {
    "en": ("${n}bn 9 USD|${n} billion 9 USD|US$ {n}b 9 USD|{n}bn dollars 9 USD|€{n}m 6 EUR|EUR {n} million 6 EUR|"
           "{n} million euros 6 EUR|{n}M€ 6 EUR|£{n}k 3 GBP|Rs {n} crore 7 INR|C${n}m 6 CAD|{n} trillion yen 12 JPY|"
           "CHF {n}m 6 CHF|${n}-million 6 USD|MSEK {n} 6 SEK|HK${n}m 6 HKD|{n} 0 -"),
    "fr": ("{n} milliards d'euros 9 EUR|{n} Md€ 9 EUR|{n} Mds $ 9 USD|{n} M€ 6 EUR|{n} millions de dollars 6 USD|"
           "{n}M€ 6 EUR|{n} k€ 3 EUR|{n} millions de francs suisses 6 CHF|{n} M$ CA 6 CAD|{n} MEUR 6 EUR|"
           "{n} milliards de FCFA 9 XOF|{n} millions de livres sterling 6 GBP|{n} 0 -"),
}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(data=st.data(), lang=st.sampled_from(["en", "fr"]), hundredths=st.integers(101, 99_999))
def test_what_is_written_is_read_back(data: st.DataObject, lang: str, hundredths: int) -> None:
    around = data.draw(st.sampled_from(AROUND))
    form, power, code = data.draw(st.sampled_from(SCALED[lang].split("|"))).rsplit(" ", 2)
    written = f"{hundredths // 100}.{hundredths % 100:02}"
    form = form.format(n=written if lang == "en" else written.replace(".", ","))
    form = form.replace(" ", data.draw(st.sampled_from([" ", "\u00a0", "\u202f", "\n"])))
    found = sums_of(around[0] + form + around[1], lang)
    if code == "-":
        assert found == ()
        return
    [item] = found
    assert item.text == form
    assert (item.money.low, item.money.currency) == (Decimal(hundredths) / 100 * 10 ** int(power), code)


@settings(max_examples=100, deadline=None)
@given(value=st.integers(1000, 10**12), mark=st.sampled_from([",", " ", "\u00a0", "\u202f", "\u2009", "'", "’", "."]))
def test_groups_of_three_are_read_back(value: int, mark: str) -> None:
    digits = f"{value:,}".replace(",", mark)
    lang = "fr" if mark == "." else "en"
    for form in (f"€{digits}", f"{digits} euros", f"EUR {digits}"):
        [item] = sums_of(f"- {form}; ", lang)
        assert (item.text, item.money.low, item.money.currency) == (form, value, "EUR")


PIECES = st.sampled_from(
    ["$", "€", "US$", "5", "1,250", "3.5", "bn", " million", " milliard", " d'euros", " dollars", " to ", " à ",
     "-", " ", "\n", "and", " et ", "half a ", "billion", "(", ")", "about ", "more than ", "plus de ", "12", "%",
     "p", "M€", "Rs ",
     "İ", "ß", "𝒳", "1'000", "\u202f", ",", ".", "between ", "entre ", "several ", "des ", "cents", "nine-figure"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40), lang=st.sampled_from(["en", "fr", "de", "es", "it", "pt", "nl", "und"]))
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
           "more than $5m ", "$1bn (€1bn) ", "un milliard et demi ", "1 to 2 ", "million dollars of ", "valued at ",
           "1 000 ", "12,34,", "½", "２，", "2€50", "-$5 ", "one point five ", "five to six million ", "MEUR ",
           "billion ", "2 1/2 ", "for a euro symbolic ", "grand ", " ", "Rs"]  # fmt: skip


def work(text: str) -> int:
    """Calls and returns while the sums of a text are found."""
    doc = read_document(text, load("en"), has_title=False)
    return count_work(lambda: find_amounts(doc))


@pytest.mark.parametrize("seed", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(seed: str) -> None:
    find_amounts(read_document("$1", load("en")))  # the vocabulary is compiled once
    small, large = (work((seed * size)[:size]) for size in (2_000, 16_000))
    assert large <= 12 * small + 500
