"""Numerals that scale by ten thousands: every number a pack can write is read back, in whatever mix of characters."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from counting import count_work
from dealwatch import extract
from dealwatch.lang import detect, load
from dealwatch.model import Amount
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.numerals import numerals_of
from dealwatch.parser.text import read_document

FORMS = Path(__file__).parent / "data" / "amounts" / "numerals"
SCRIPTS = {  # digits, tens, myriads from the smallest, a currency and its code
    "zh": ("零一二三四五六七八九", "十百千", ("", "万", "亿", "万亿"), "元", "CNY"),
    "ja": ("零一二三四五六七八九", "十百千", ("", "万", "億", "兆"), "円", "JPY"),
}
LANGS = st.sampled_from(sorted(SCRIPTS))


def sums_of(text: str, lang: str) -> tuple[Amount, ...]:
    return find_amounts(read_document(text, load(lang), has_title=False))


def spelled(amount: Amount) -> str:
    """An amount as the rows write it."""
    money = amount.money
    value = money.low if money.low is not None else money.high if money.high is not None else money.scale
    told = f"{float(value or 0):g}" + (f"..{float(money.high or 0):g}" if money.qualifier == "range" else "")
    return f"{told} {money.currency} {money.qualifier} {amount.kind}"


def in_characters(value: int, lang: str, *, first: bool) -> str:
    """A number below ten thousand as the script spells it: in Chinese a zero stands for the places left out."""
    digits, tens = SCRIPTS[lang][:2]
    written, gap = "", not first and value < 1000
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            zero = digits[0] if gap and lang == "zh" else ""
            written += zero + digits[digit] + (tens[power - 1] if power else "")
        gap = not digit and bool(written or not first)
    return written or digits[0]


def mixed(value: int, lang: str, spelled: list[bool]) -> str:
    """A number in groups of ten thousand, each in figures or in characters."""
    myriads, written = SCRIPTS[lang][2], ""
    for n in reversed(range(len(myriads))):
        group = value // 10_000**n % 10_000
        if group:
            written += (in_characters(group, lang, first=not written) if spelled[n] else str(group)) + myriads[n]
    return written or "0"


@settings(max_examples=300, deadline=None)
@given(value=st.integers(0, 10**16 - 1), lang=LANGS, spelled=st.lists(st.booleans(), min_size=4, max_size=4))
@example(value=10**12, lang="zh", spelled=[True] * 4)
@example(value=10_000_0001, lang="ja", spelled=[True] * 4)
def test_every_numeral_is_read_back(value: int, lang: str, spelled: list[bool]) -> None:
    *_, word, code = SCRIPTS[lang]
    written = mixed(value, lang, spelled)
    assume((lang, written) != ("ja", "一"))  # with the word of money it says "all over"
    [found] = sums_of(f"「{written}{word}」", lang)
    assert (found.text, found.money.low, found.money.currency) == (written + word, Decimal(value), code)


@settings(max_examples=100, deadline=None)
@given(value=st.integers(1, 10**12), lang=LANGS, wide=st.booleans())
def test_grouped_figures_are_read_back(value: int, lang: str, wide: bool) -> None:
    *_, word, code = SCRIPTS[lang]
    written = f"{value:,}"
    if wide:
        written = written.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789,"})
    [found] = sums_of(f"约{written}{word}", lang)
    assert (found.text, found.money.low, found.money.currency) == (written + word, Decimal(value), code)


def forms() -> list[tuple[str, str, list[str]]]:
    tables = [(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(FORMS.glob("*.toml"))]
    return [(lang, text, sums) for lang, table in tables for text, *sums in table["rows"]]


@pytest.mark.parametrize(("lang", "text", "expected"), forms())
def test_forms(lang: str, text: str, expected: list[str]) -> None:
    found = sums_of(f"{text}。", lang)
    assert [spelled(item).rsplit(" ", 1)[0] for item in found] == expected


PIECES = st.sampled_from(
    ["1", "12", "3.5", "1,000", "１２", "，", "、", "。", "十", "百", "千", "一", "两", "零", "数", "几",
     "多", "余", "万", "亿", "億", "兆",
     "元", "円", "美元", "ドル", "人民币", "US$", "$", "￥", "¥",
     "约", "約", "超过", "最大", "以上", "程度", "至", "から", "〜", "-", "（", "）",
     "角", "分", "块", " ", "\n", "　", "million", "bn", "年", "%", "人", "İ", "ß", "𝒳", "USD", "估值"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40), lang=LANGS)
def test_spans_are_the_words_and_never_overlap(pieces: list[str], lang: str) -> None:
    text, end = "".join(pieces), 0
    for item in sums_of(text, lang):
        assert item.start >= end
        assert text[item.start : item.end] == item.text == item.text.strip()
        low, high = item.money.low, item.money.high
        assert low is None or high is None or low <= high
        end = item.end


HOSTILE = ["一", "万", "十亿", "1", "1亿", "１，", "亿元", "数", "¥", "1-", "元", "至少", "十亿至",
           "1亿元（约1亿美元）", "US$1万", "三元五角"]  # fmt: skip


def work(text: str, lang: str) -> int:
    """Calls and returns while the sums of a text are found."""
    doc = read_document(text, load(lang), has_title=False)
    return count_work(lambda: find_amounts(doc))


@pytest.mark.parametrize("seed", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(seed: str) -> None:
    sums_of("1亿元", "zh")  # the vocabulary is compiled once
    small, large = (work((seed * size)[:size], "zh") for size in (500, 4_000))
    assert large <= 12 * small + 500


def test_a_long_text_of_small_numerals_keeps_its_sums() -> None:
    [found] = sums_of("一家公司的三位员工说了两次，第五次才成功。" * 3_000 + "融资十亿元。", "zh")
    assert found.text == "十亿元"


def test_a_language_with_spaces_has_no_such_numerals() -> None:
    assert numerals_of(load("fr")) is None


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("公司完成了新一轮融资。", "zh"),
        ("這家公司宣布獲得新投資", "zh"),
        ("品牌“の”获得了融资，估值大幅上涨，公司表示将扩大门店。", "zh"),
        ("同社は資金調達を発表した。", "ja"),
        ("生成AI、売上高が過去最高", "ja"),
        ("株価急落、業績懸念広がる", "ja"),
        ("The chipmaker said that its partner 小米 will pay for it.", "en"),
        ("회사는 투자를 유치했다고 발표했다.", "und"),
    ],
)
def test_scripts_tell_languages_apart(text: str, lang: str) -> None:
    assert detect(text) == lang


ARTICLES = {
    "zh": "青松智能完成3.2亿元融资\n\n青松智能3月5日宣布，完成3.2亿元B轮融资。"
    "“我们会加大研发。”创始人李明说。该公司估值达20亿元。",
    "ja": "青葉ロボが32億円を調達\n\n青葉ロボは5日、32億円を調達したと発表した。"
    "「研究を加速する」と田中社長は述べた。評価額は200億円になる。",
}


@pytest.mark.parametrize("lang", ARTICLES)
def test_a_whole_article_is_read(lang: str) -> None:
    text = ARTICLES[lang]
    found = extract(text)
    assert found.lang == lang
    assert [a.kind for a in found.amounts] == ["investment", "investment", "valuation"]
    assert all(text[a.start : a.end] == a.text for a in found.amounts)
    assert all(text[q.start : q.end] == q.text for q in found.quotes)
